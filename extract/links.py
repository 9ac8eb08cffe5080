"""Which request an item answers: by what both speak of, and by how near they stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from extract.content import likeness
from extract.items import Draft

REACH: Final = 30  # turns from a request to its answer, unless both plainly speak of one thing


@dataclass(frozen=True, slots=True)
class Link:
    """Two items that belong together, by their places in the list of drafts."""

    request: int
    answer: int


def link_items(drafts: Sequence[Draft], rare: Mapping[str, float]) -> tuple[Link, ...]:
    """Return the links between requests and answers; an answer has one request, a request several answers."""
    requests = [(i, d) for i, d in enumerate(drafts) if d.kind == "request"]
    links = []
    for j, answer in enumerate(drafts):
        if answer.kind == "request":
            continue
        scored = [(s, i) for i, r in requests if (s := _fit(r, answer, rare)) > 0]
        if scored:
            links.append(Link(max(scored)[1], j))
    return tuple(links)


def _fit(request: Draft, answer: Draft, rare: Mapping[str, float]) -> float:
    """Return how well an answer fits a request, 0 for not at all."""
    gaps = [answer.anchors[0] - a for a in request.anchors if a <= answer.anchors[0]]
    if not gaps:
        return 0.0
    gap = min(gaps)
    alike = likeness(request.words, answer.words, rare)
    if gap > REACH and alike < 0.6:
        return 0.0
    if answer.kind in ("commitment", "agreement") and alike < 0.15 and gap > 4:
        return 0.0
    kept = 0.75 if request.doubtful else 1.0
    return kept * (math.exp(-gap / 5) + 0.8 * alike + 0.01)
