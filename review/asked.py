"""What the page may ask for, one record an act; anything else is refused before it reaches the case."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from casefile.errors import CaseError
from casefile.records import About, Finding, Kind
from review.changes import Change, Marked
from review.desk import Desk


class Ask(msgspec.Struct, forbid_unknown_fields=True, tag_field="act"):
    """Something a person asked for."""


class Keep(Ask, tag="keep"):
    ids: list[str]


class Drop(Ask, tag="drop"):
    ids: list[str]


class Reset(Ask, tag="reset"):
    id: str


class Heard(Ask, tag="heard"):
    id: str


class Mend(Ask, tag="mend"):
    id: str
    kind: Kind | None = None
    owner: str | None = None
    action: str | None = None
    due_phrase: str | None = None
    due_on: str | None = None  # a day as 2026-03-13, or "" for none
    condition: str | None = None
    about: About | None = None


class Merge(Ask, tag="merge"):
    ids: list[str]


class Split(Ask, tag="split"):
    id: str
    at: int = 1


class Add(Ask, tag="add"):
    first_turn: int
    first_char: int
    last_turn: int
    last_char: int
    kind: Kind
    action: str
    owner: str | None = None
    due_on: str | None = None  # a day as 2026-03-13, or "" for none


class Undo(Ask, tag="undo"):
    pass


class NameVoice(Ask, tag="name_voice"):
    voice: str
    name: str


class MergeVoices(Ask, tag="merge_voices"):
    voice: str
    into: str


class SeveralPeople(Ask, tag="several_people"):
    voice: str
    several: bool


class MoveLines(Ask, tag="move_lines"):
    turns: list[int]
    voice: str | None


class CorrectLine(Ask, tag="correct_line"):
    turn: int
    text: str


AnyAsk = (
    Keep
    | Drop
    | Reset
    | Heard
    | Mend
    | Merge
    | Split
    | Add
    | Undo
    | NameVoice
    | MergeVoices
    | SeveralPeople
    | MoveLines
    | CorrectLine
)


def read(body: bytes) -> AnyAsk:
    """Return what is asked; raises CaseError for anything the page does not ask."""
    try:
        asked: AnyAsk = msgspec.json.decode(body, type=AnyAsk)
        return asked
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise CaseError("The page asked for something odd.", next_step="Load the page anew and try again.") from wrong


def do(desk: Desk, asked: AnyAsk) -> dict[str, Any]:
    """Do what is asked; it is on the disk when this returns. Return what the page shows of it."""
    match asked:
        case Keep(ids=ids):
            desk.keep(*ids)
        case Drop(ids=ids):
            desk.drop(*ids)
        case Reset():
            desk.reset(asked.id)
        case Heard():
            desk.note_heard(asked.id)
        case Mend():
            return {"id": desk.mend(asked.id, _change(asked)).id}
        case Merge(ids=ids):
            return {"id": desk.merge(ids).id}
        case Split():
            return {"id": desk.split(asked.id, at=asked.at)[1].id}
        case Add():
            return {"id": _add(desk, asked).id}
        case Undo():
            undone = desk.undo()
            return {
                "undone": undone is not None,
                "id": undone.finding_ids[0] if undone and undone.finding_ids else None,
            }
        case NameVoice():
            desk.name_voice(asked.voice, asked.name)
        case MergeVoices():
            desk.merge_voices(asked.voice, asked.into)
        case SeveralPeople():
            desk.several_people(asked.voice, asked.several)
        case MoveLines():
            desk.move_lines(asked.turns, asked.voice)
        case CorrectLine():
            desk.correct_line(asked.turn, asked.text)
    return {}


def _day(text: str | None) -> date | str | None:
    if not text:
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CaseError(f"{text[:20]} is not a day.", next_step="Choose it from the calendar.") from None


def _change(asked: Mend) -> Change:
    return Change(
        kind=asked.kind,
        owner=asked.owner,
        action=asked.action,
        due_phrase=asked.due_phrase,
        due_on=_day(asked.due_on),
        condition=asked.condition,
        about=asked.about,
    )


def _add(desk: Desk, asked: Add) -> Finding:
    marked = Marked(
        first_turn=asked.first_turn,
        first_char=asked.first_char,
        last_turn=asked.last_turn,
        last_char=asked.last_char,
    )
    more = Change(owner=asked.owner, due_on=_day(asked.due_on))
    return desk.add(marked, kind=asked.kind, action=asked.action, more=more)
