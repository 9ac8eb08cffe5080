"""Items out of turns: a promise and its date turns later, or a wrap-up that repeats it, are one item."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from casefile.records import Kind
from extract.content import content, rarity
from extract.evidence import Combiner, TurnEvidence
from extract.joining import REACH, Known, features, load_joiner, one_voice, recap_turns

# from which chance on a turn goes on with an item; a doubtful turn always by the lowest
JOINED: Final[dict[Kind, float]] = {
    "commitment": 0.6,
    "denial": 0.28,
    "deferral": 0.3,
    "request": 0.7,
    "agreement": 0.28,
}
RECAP_JOINED: Final = 0.2  # a wrap-up seldom brings something new
FAR: Final = 15  # turns from an item within which a plain turn may go on with it, outside a wrap-up
DOUBTFUL_REACH: Final = 6  # turns from an item within which a doubtful turn may still go on with it
SETTLING_REACH: Final = 3  # the same for the turns in which a term is settled
LEAST_SHARE: Final = 0.2  # of the kept threshold: a fainter turn adds nothing to a plain item
LEAST: Final = 0.1  # and this at least
_FIRST_PERSON: Final = re.compile(r"(?:i|i'll|i'm|i'd|let me)\b")
_COPY: Final = re.compile(r"\bcop(?:y|ies)\b")  # whoever asks for a copy of the test does not ask again for the test
_HAS_WORDS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item on its way to a finding."""

    kind: Kind
    anchors: tuple[int, ...]
    turns: tuple[int, ...]
    main: int = -1  # the surest anchor
    sure: float  # of it
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
        mine = kind == "commitment" and _promises_oneself(e)
        copy = kind == "request" and _COPY.search(e.view.text) is not None
        chosen = [
            int(i)
            for i in order
            if likely[i] >= joined
            and not (mine and not one_voice(speakers, near[int(i)].anchors[0], e.index))
            and not (copy and not _COPY.search(" ".join(turns[a].view.text for a in near[int(i)].anchors)))
            and e.index - near[int(i)].anchors[-1] <= _reach(kind, e, kept, e.index in recap)
        ]
        for i in chosen:
            at = len(made) - len(near) + i
            if made[at].doubtful or e.sure[kind] >= max(LEAST, LEAST_SHARE * kept):
                made[at] = _joined(made[at], e, turns, kept)
        if chosen:
            return
    sure = e.sure[kind]
    own = (e.index,)
    made.append(Draft(kind=kind, anchors=own, turns=own, main=e.index, sure=sure, doubtful=sure < kept, words=words))


def _reach(kind: Kind, e: TurnEvidence, kept: float, recap: bool) -> float:
    """Return how many turns back an item may end that this turn goes on with."""
    if kind == "agreement" and not recap:
        return SETTLING_REACH
    if e.sure[kind] < kept:
        return DOUBTFUL_REACH
    return math.inf if kind == "commitment" or (recap and kind != "agreement") else FAR


def together(drafts: Sequence[Draft], pairs: Sequence[tuple[int, int]]) -> tuple[Draft, ...]:
    """Return the drafts with each (later, earlier) pair made one item."""
    made: dict[int, Draft] = dict(enumerate(drafts))
    home: dict[int, int] = {}
    for later, earlier in pairs:
        into = home.get(earlier, earlier)
        one, other = made[into], made.pop(later)
        home[later] = into
        anchors = tuple(sorted({*one.anchors, *other.anchors}))
        best = max(one, other, key=lambda d: d.sure)
        made[into] = replace(
            best,
            anchors=anchors,
            turns=tuple(sorted({*one.turns, *other.turns})),
            doubtful=one.doubtful and other.doubtful,
            words=one.words | other.words,
        )
    return tuple(sorted(made.values(), key=lambda d: (d.anchors[0], d.kind)))


def _promises_oneself(e: TurnEvidence) -> bool:
    """Tell whether a turn makes a promise in the first person: it is no other person's promise then."""
    hits = [h for h in e.hits if h.rule.kind == "commitment" and h.strength >= 2]
    return any(_FIRST_PERSON.match(e.view.text[h.start : h.end]) for h in hits)


def _joined(draft: Draft, e: TurnEvidence, turns: Sequence[TurnEvidence], kept: float) -> Draft:
    """Return the draft with turn `e`; a plain one is carried by no turn that hardly says it."""
    kind = draft.kind
    sure, anchors = max(draft.sure, e.sure[kind]), (*draft.anchors, e.index)
    if sure >= kept:
        anchors = tuple(a for a in anchors if turns[a].sure[kind] >= max(LEAST, LEAST_SHARE * kept))
    return replace(
        draft,
        anchors=anchors,
        turns=anchors,
        main=e.index if sure > draft.sure else draft.main,
        sure=sure,
        doubtful=sure < kept,
        words=frozenset().union(*(content(turns[a].view.text) for a in anchors)),
    )
