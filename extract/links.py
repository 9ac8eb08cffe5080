"""Which request an item answers: by what both speak of, and by how near they stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from extract.content import likeness
from extract.items import Draft
from extract.joining import one_voice

NEAREST: Final = 60  # requests back that an answer may answer
SAME: Final = 12  # turns between two refusals of one request that are one item
LEAST: Final = 0.02  # a refusal always refuses something
LEAST_OTHER: Final = 0.15
REACH: Final = 30  # turns from a request to its answer, unless both plainly speak of one thing


@dataclass(frozen=True, slots=True)
class Link:
    """Two items that belong together, by their places in the list of drafts."""

    request: int
    answer: int


def link_items(
    drafts: Sequence[Draft], rare: Mapping[str, float], speakers: Sequence[str | None] = ()
) -> tuple[Link, ...]:
    """Return the links between requests and answers; an answer has one request, a request several answers."""
    requests = [(i, d) for i, d in enumerate(drafts) if d.kind == "request"]
    links = []
    for j, answer in enumerate(drafts):
        if answer.kind == "request":
            continue
        asked = [i for i, r in requests if r.anchors[0] <= _main(answer)][-NEAREST:]
        if speakers:  # nobody answers their own request
            asked = [i for i in asked if not one_voice(speakers, drafts[i].anchors[0], answer.anchors[0])]
        scored = [(_fit(drafts[i], answer, rare), i) for i in asked]
        if scored and max(scored)[0] >= (LEAST if answer.kind == "denial" else LEAST_OTHER):
            links.append(Link(max(scored)[1], j))
    return tuple(links)


def _fit(request: Draft, answer: Draft, rare: Mapping[str, float]) -> float:
    """Return how well an answer fits a request by nearness and words, 0 for not at all."""
    gap = _main(answer) - max(a for a in request.anchors if a <= _main(answer))
    alike = likeness(request.words, answer.words, rare)
    if gap > REACH and alike < 0.6:
        return 0.0
    return (0.4 + 0.6 * request.sure) * (math.exp(-gap / 5) + 0.8 * alike + 0.01) / 1.8


def same_refusals(drafts: Sequence[Draft], links: Sequence[Link]) -> tuple[tuple[int, int], ...]:
    """Return the (later, earlier) answers of one kind that turn down or put off one request, near each other."""
    pairs = []
    for at, link in enumerate(links):
        later = drafts[link.answer]
        if later.kind not in ("denial", "deferral"):
            continue
        for other in reversed(links[:at]):
            earlier = drafts[other.answer]
            near = later.anchors[0] - earlier.anchors[-1] <= SAME
            if earlier.kind == later.kind and other.request == link.request and near:
                pairs.append((link.answer, other.answer))
                break
    return tuple(pairs)


def _main(answer: Draft) -> int:
    return answer.main if answer.main >= 0 else answer.anchors[0]
