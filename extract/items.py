"""Items out of turns: a promise and its date turns later, or a wrap-up that repeats it, are one item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from casefile.records import Kind
from extract.content import content, rarity
from extract.evidence import Combiner, TurnEvidence
from extract.joining import REACH, Known, features, load_joiner, recap_turns

# from which chance on a turn goes on with an item; a doubtful turn always by the lowest
JOINED: Final[dict[Kind, float]] = {
    "commitment": 0.45,
    "denial": 0.28,
    "deferral": 0.3,
    "request": 0.45,
    "agreement": 0.28,
}
RECAP_JOINED: Final = 0.2  # a wrap-up seldom brings something new
_HAS_WORDS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item on its way to a finding."""

    kind: Kind
    anchors: tuple[int, ...]
    turns: tuple[int, ...]
    sure: float  # of the surest anchor
    doubtful: bool
    words: frozenset[str]  # content of the anchors


def draft_items(
    turns: Sequence[TurnEvidence],
    speakers: Sequence[str | None],
    combiner: Combiner,
) -> tuple[Draft, ...]:
    """Return the items of a meeting, kind by kind, in order of their first anchor."""
    rare = rarity(e.view.text for e in turns)
    recap = recap_turns(turns)
    drafts: list[Draft] = []
    for kind in combiner.kept:
        made: list[Draft] = []
        for e in turns:
            if e.sure[kind] >= combiner.doubtful[kind] and _HAS_WORDS.search(e.view.text):
                _place(e, kind, made, turns, speakers, rare, recap, combiner.kept[kind])
        drafts += made
    return tuple(sorted(drafts, key=lambda d: (d.anchors[0], d.kind)))


def _place(
    e: TurnEvidence,
    kind: Kind,
    made: list[Draft],
    turns: Sequence[TurnEvidence],
    speakers: Sequence[str | None],
    rare: Mapping[str, float],
    recap: frozenset[int],
    kept: float,
) -> None:
    """Add turn `e` to the items it goes on with, or as a new item."""
    words = content(e.view.text)
    near = made[-REACH:]
    if near:
        weights = load_joiner()
        joined = JOINED[kind] if e.sure[kind] >= kept else min(JOINED.values())
        if e.index in recap:
            joined = min(joined, RECAP_JOINED)
        rows = [
            features(e, Known(d.kind, d.anchors, d.words, len(near) - i), turns, speakers, rare, recap)
            for i, d in enumerate(near)
        ]
        likely = 1 / (1 + np.exp(-(np.array(rows, dtype=float) @ weights)))
        several = e.index in recap and len(words) > 4
        order = np.argsort(-likely)[: 4 if several else 1]
        chosen = [int(i) for i in order if likely[i] >= joined]
        for i in chosen:
            at = len(made) - len(near) + i
            made[at] = _joined(made[at], e, words, kept)
        if chosen:
            return
    sure = e.sure[kind]
    made.append(Draft(kind=kind, anchors=(e.index,), turns=(e.index,), sure=sure, doubtful=sure < kept, words=words))


def _joined(draft: Draft, e: TurnEvidence, words: frozenset[str], kept: float) -> Draft:
    sure = max(draft.sure, e.sure[draft.kind])
    return replace(
        draft,
        anchors=(*draft.anchors, e.index),
        turns=(*draft.turns, e.index),
        sure=sure,
        doubtful=sure < kept,
        words=draft.words | words,
    )
