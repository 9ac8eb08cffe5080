"""The training meetings and turns as labelled talk."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from casefile.records import Meeting, Participant, Turn
from extract.classify import KINDS
from extract.training import make
from extract.training.noise import halting, misheard

HERE: Final = Path(__file__).parent
_HELD_OUT: Final = HERE / "heldout.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One annotated item: turn numbers, and what is known of it."""

    kind: int
    turns: tuple[int, ...]
    anchors: tuple[int, ...]
    status: str
    links: tuple[int, ...]  # places of the linked items
    notice: str | None
    about: str | None
    ended: int | None  # the turn that took it back, replaced or finished it


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A meeting with its annotation, or a few turns of which only the last is annotated."""

    name: str
    meeting: Meeting
    items: tuple[Item, ...] = ()
    only: int | None = None  # the one annotated turn of a batch of single turns
    plan: str = "iep"
    style: str = "clean"
    labels: tuple[tuple[float, ...], ...] = field(default=())  # per turn and kind: 1, 0

    def with_meeting(self, meeting: Meeting) -> Talk:
        """Return the same annotation over other words."""
        return Talk(
            name=self.name,
            meeting=meeting,
            items=self.items,
            only=self.only,
            plan=self.plan,
            style=self.style,
            labels=self.labels,
        )


def held_out() -> frozenset[str]:
    """Return the names of the meetings that are never trained on."""
    return frozenset(_HELD_OUT.read_text(encoding="utf-8").split())


def meetings() -> tuple[Talk, ...]:
    """Return every annotated meeting, by name; raises ValueError for a script with errors."""
    talks = []
    for path in sorted((HERE / "scripts").glob("*.txt")):
        plain, errors = make.build(path)
        if errors:
            raise ValueError(f"{path.name}: {errors[0]}")
        talks.append(talk_of(path.stem, plain))
    return tuple(talks)


def talk_of(name: str, plain: dict[str, Any]) -> Talk:
    """Return an annotated meeting file as a talk."""
    people = tuple(Participant(name=p["name"], role=p["role"]) for p in plain["participants"])
    turns = tuple(Turn(text=t["text"], speaker=t["speaker"]) for t in plain["turns"])
    place = {g["id"]: i for i, g in enumerate(plain["gold"])}
    items = tuple(_item(g, place) for g in plain["gold"])
    labels = [[0.0] * len(KINDS) for _ in turns]
    for item in items:
        for turn in item.anchors:
            labels[turn][item.kind] = 1.0
    is_504 = any(g.get("notice") == "refusal_504" for g in plain["gold"]) or "504 meeting" in plain["setting"]
    return Talk(
        name=name,
        meeting=Meeting(held_on=date.fromisoformat(plain["meeting_date"]), turns=turns, participants=people),
        items=items,
        plan="504" if is_504 else "iep",
        style=plain["style"],
        labels=tuple(tuple(row) for row in labels),
    )


def _item(g: dict[str, Any], place: dict[str, int]) -> Item:
    return Item(
        kind=KINDS.index(g["type"].lower()),
        turns=tuple(sorted(set(g["turns"]))),
        anchors=tuple(sorted(set(g["anchors"]))),
        status=g["status"],
        links=tuple(place[i] for i in g["links"] if i in place),
        notice=g.get("notice"),
        about=g.get("about"),
        ended=g.get("status_turn"),
    )


def single_turns() -> tuple[Talk, ...]:
    """Return the hard single turns, each with the turns before it."""
    talks = []
    for path in sorted((HERE / "turns").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            talks.append(_single(json.loads(line)))
    return tuple(talks)


def _single(plain: dict[str, Any]) -> Talk:
    said = [c.split(": ", 1) for c in plain["context"]] + [[plain["speaker_role"], plain["text"]]]
    after = [c.split(": ", 1) for c in plain.get("after", ())]
    roles = list(dict.fromkeys(role for role, _ in said + after))
    labels = [[0.0] * len(KINDS) for _ in said + after]
    labels[len(said) - 1] = [float(k.upper() in plain["labels"]) for k in KINDS]
    return Talk(
        name=plain["id"],
        meeting=Meeting(
            held_on=date(2026, 1, 5),
            turns=tuple(Turn(text=text, speaker=role) for role, text in said + after),
            participants=tuple(Participant(name=r, role=r) for r in roles),
        ),
        only=len(said) - 1,
        labels=tuple(tuple(row) for row in labels),
    )


def as_heard(talk: Talk, chance: random.Random, *, names: bool = False, strength: float = 1.0) -> Talk:
    """Return a copy as a recogniser would have written it; `names` also replaces who spoke by S1, S2, ..."""
    label = {p.name: f"S{i}" for i, p in enumerate(talk.meeting.participants, 1)}
    turns = tuple(
        Turn(
            text=misheard(t.text, chance, strength=strength),
            speaker=label.get(t.speaker or "", t.speaker) if names else t.speaker,
        )
        for t in talk.meeting.turns
    )
    people = () if names else talk.meeting.participants
    return talk.with_meeting(Meeting(held_on=talk.meeting.held_on, turns=turns, participants=people))


def halting_copy(talk: Talk, chance: random.Random, *, share: float = 0.5) -> Talk:
    """Return a copy in which a share of the turns is said with restarts, and with words in full or run together."""
    turns = tuple(
        replace(t, text=halting(t.text, chance)) if chance.random() < share else t for t in talk.meeting.turns
    )
    return talk.with_meeting(replace(talk.meeting, turns=turns))


def heard(talk: Talk) -> Talk:
    """Return the copy as a recogniser would have written it, always the same."""
    return as_heard(talk, random.Random(zlib.crc32(talk.name.encode())))


def counted(talk: Talk, kind: int) -> list[float]:
    """Return 0 for the turns an item of the kind needs but that do not carry it, 1 for all others."""
    beside = {t for item in talk.items if item.kind == kind for t in item.turns if not talk.labels[t][kind]}
    return [0.0 if t in beside else 1.0 for t in range(len(talk.meeting.turns))]


def with_roles(talk: Talk, role: str) -> Talk:
    """Return a copy in which everybody has the same role, so that the words alone must tell."""
    people = tuple(Participant(name=p.name, role=role) for p in talk.meeting.participants)
    return talk.with_meeting(Meeting(held_on=talk.meeting.held_on, turns=talk.meeting.turns, participants=people))


def split(talks: Iterable[Talk]) -> tuple[tuple[Talk, ...], tuple[Talk, ...]]:
    """Return the talks to train on and those held out."""
    kept = held_out()
    every = tuple(talks)
    return tuple(t for t in every if t.name not in kept), tuple(t for t in every if t.name in kept)
