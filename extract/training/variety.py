"""Copies of a talk that a recording might as well have given: longer turns, a stray remark, turns in many lines."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Final

from casefile.records import Turn
from extract.classify_units import Stretches
from extract.training.corpus import Item, Talk

_SPACE: Final = re.compile(r"\s+(?=\S)")


def lengthened(talk: Talk, chance: random.Random, *, share: float = 0.12) -> Talk:
    """Return a copy in which some turns also hold other, meaningless things their speaker says in the meeting."""
    idle = _idle(talk)
    turns = list(talk.meeting.turns)
    for at, turn in enumerate(talk.meeting.turns):
        own = idle.get(turn.speaker or "", [])
        if len(own) > 3 and chance.random() < share:
            before, after = (chance.sample(own, chance.randint(0, 2)) for _ in range(2))
            turns[at] = replace(turn, text=" ".join([*before, turn.text, *after]))
    return talk.with_meeting(replace(talk.meeting, turns=tuple(turns)))


def interrupted(talk: Talk, chance: random.Random, *, share: float = 0.05) -> Talk:
    """Return a copy with stray remarks put in, half of them by whoever spoke last; item and turn numbers follow."""
    idle = [(speaker, text) for speaker, texts in _idle(talk).items() for text in texts if len(text) > 12]
    if len(idle) < 8:
        return talk
    turns: list[Turn] = []
    labels: list[tuple[float, ...]] = []
    place: list[int] = []
    for at, turn in enumerate(talk.meeting.turns):
        place.append(len(turns))
        turns.append(turn)
        labels.append(talk.labels[at])
        if chance.random() < share:
            speaker, text = chance.choice(idle)
            turns.append(Turn(text=text, speaker=turn.speaker if chance.random() < 0.5 else speaker))
            labels.append((0.0,) * len(talk.labels[at]))
    return replace(
        talk,
        meeting=replace(talk.meeting, turns=tuple(turns)),
        labels=tuple(labels),
        items=tuple(_moved(item, place) for item in talk.items),
    )


def in_lines(text: str, chance: random.Random) -> Stretches:
    """Return stretches of a turn as a recogniser might write it: a line to a sentence, a breath, a pause."""
    stretches, start = [], 0
    for space in _SPACE.finditer(text):
        before = text[space.start() - 1] if space.start() else ""
        share = 0.6 if before in ".?!" else 0.15 if before in ",;-" else 0.04
        if space.start() > start and chance.random() < share:
            stretches.append((start, space.end()))
            start = space.end()
    return (*stretches, (start, len(text)))


def _moved(item: Item, place: list[int]) -> Item:
    return replace(
        item,
        turns=tuple(place[t] for t in item.turns),
        anchors=tuple(place[t] for t in item.anchors),
        ended=None if item.ended is None else place[item.ended],
    )


def _idle(talk: Talk) -> dict[str, list[str]]:
    """Return, by speaker, the turns that no item needs and that ask nothing."""
    needed = {t for item in talk.items for t in item.turns}
    made: dict[str, list[str]] = {}
    for at, turn in enumerate(talk.meeting.turns):
        if at not in needed and "?" not in turn.text:
            made.setdefault(turn.speaker or "", []).append(turn.text)
    return made
