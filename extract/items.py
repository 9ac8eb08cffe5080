"""Items out of turns: a promise and its date turns later, or a wrap-up that repeats it, are one item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from casefile.records import Kind
from extract.content import content, likeness, rarity
from extract.evidence import Combiner, TurnEvidence

NEAR: Final[dict[Kind, int]] = {"commitment": 3, "denial": 5, "deferral": 2, "request": 4, "agreement": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item on its way to a finding."""

    kind: Kind
    anchors: tuple[int, ...]
    turns: tuple[int, ...]
    sure: float  # of the surest anchor
    doubtful: bool
    words: frozenset[str]  # content of the anchors


_BARE: Final = re.compile(r"^[^a-z]*(?:\w+[ ,.!'-]*){1,7}$")


def draft_items(turns: Sequence[TurnEvidence], speakers: Sequence[str | None], combiner: Combiner) -> tuple[Draft, ...]:
    """Return the items of a meeting, kind by kind, in order of their first anchor."""
    rare = rarity(e.view.text for e in turns)
    drafts: list[Draft] = []
    for kind in combiner.kept:
        drafts += _of_kind(kind, turns, speakers, combiner, rare)
    return tuple(sorted(drafts, key=lambda d: (d.anchors[0], d.kind)))


def _of_kind(
    kind: Kind,
    turns: Sequence[TurnEvidence],
    speakers: Sequence[str | None],
    combiner: Combiner,
    rare: Mapping[str, float],
) -> list[Draft]:
    made: list[Draft] = []
    for e in turns:
        sure = e.sure[kind]
        if sure < combiner.doubtful[kind]:
            continue
        words = content(e.view.text)
        at = _joins(kind, e, words, made, speakers, rare)
        if at is not None:
            made[at] = _joined(made[at], e, words, combiner.kept[kind])
            continue
        made.append(
            Draft(
                kind=kind,
                anchors=(e.index,),
                turns=(e.index,),
                sure=sure,
                doubtful=sure < combiner.kept[kind],
                words=words,
            )
        )
    return made


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


def _joins(
    kind: Kind,
    e: TurnEvidence,
    words: frozenset[str],
    made: Sequence[Draft],
    speakers: Sequence[str | None],
    rare: Mapping[str, float],
) -> int | None:
    """Return the index of the item that turn `e` goes on with, or None for a new one."""
    for back in range(1, min(len(made), 40) + 1):
        draft = made[-back]
        gap = e.index - draft.anchors[-1]
        same = speakers[draft.anchors[-1]] == speakers[e.index]
        alike = likeness(words, draft.words, rare)
        if back == 1 and gap <= NEAR[kind] and same and (len(words) <= 2 or alike >= 0.34):
            return len(made) - back
        if kind in ("denial", "deferral", "agreement") and gap <= NEAR[kind] and alike >= 0.5 and len(words) >= 2:
            return len(made) - back
        if kind == "commitment" and gap > NEAR[kind] and len(words) >= 2 and alike >= 0.6:
            return len(made) - back
    return None
