"""How a meeting becomes what the model reads: pieces of turns, marked with who speaks, in overlapping windows.

A window holds some twenty turns; those in its middle are scored, those at its edges are only read. Training and
scoring both go through here, so that they see the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from casefile.records import Meeting
from extract.classify_sides import SIDES, side_of

WINDOW: Final = 320  # tokens a window holds at most, its two end marks included
BEFORE: Final = 44  # tokens of earlier turns read along, at least one turn
AFTER: Final = 32  # tokens of later turns read along, at least one turn
PIECE_TOKENS: Final = 72  # tokens of one piece that are read
LONG_TURN: Final = 56  # words from which on a turn is cut into pieces
PIECE_WORDS: Final = 24  # words of such a piece at most: about what turns hold that the model learned from
SLOTS: Final = 6  # speakers told apart within a window
FIRST_MARK: Final = 1  # id of the vocabulary's first unused token; the marks take the place of these
START: Final = 101
END: Final = 102

Stretches = tuple[tuple[int, int], ...]  # half-open stretches of a text, in order and whole

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A turn, or a part of a long one: characters `start` to `end` (half-open) of its text."""

    turn: int
    side: int  # place in SIDES
    speaker: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Pieces `first` to `last` (half-open) as token ids, of which `begin` to `end` are to be scored."""

    ids: tuple[int, ...]
    marks: tuple[int, ...]  # where each piece begins, its mark
    first: int
    last: int
    begin: int
    end: int


def pieces_of(meeting: Meeting, *, lines: Sequence[Stretches] | None = None) -> tuple[Piece, ...]:
    """Return the meeting's turns as pieces, in order; `lines` says for every turn in which stretches it is read."""
    roles = {p.name: p.role for p in meeting.participants}
    made = []
    for number, turn in enumerate(meeting.turns):
        speaker = turn.speaker or ""
        side = SIDES.index(side_of(roles.get(speaker)))
        for start, end in lines[number] if lines else cut(turn.text):
            made.append(Piece(turn=number, side=side, speaker=speaker, text=turn.text[start:end], start=start, end=end))
    return tuple(made)


def cut(text: str) -> Stretches:
    """Return the half-open stretches a turn is read in: the whole of it, or some sentences each where it is long."""
    if text.count(" ") < LONG_TURN:
        return ((0, len(text)),)
    stretches, start, words = [], 0, 0
    for a, b in _atoms(text):
        count = text.count(" ", a, b) + 1
        if words and words + count > PIECE_WORDS:
            stretches.append((start, a))
            start, words = a, 0
        words += count
    stretches.append((start, len(text)))
    return tuple(stretches)


def _atoms(text: str) -> list[tuple[int, int]]:
    """Return the stretches a cut may fall between: sentences, or runs of words where a sentence is too long."""
    ends = [m.end() for m in _SENTENCE_END.finditer(text)] + [len(text)]
    atoms, start = [], 0
    for end in ends:
        spaces = [m.end() for m in _SPACE.finditer(text, start, end)]
        for place in spaces[PIECE_WORDS - 1 :: PIECE_WORDS]:
            if place < end:
                atoms.append((start, place))
                start = place
        if start < end:
            atoms.append((start, end))
        start = end
    return atoms


def windows_of(
    pieces: Sequence[Piece], tokens: Sequence[Sequence[int]], *, skip: int = 0, apart: bool = False
) -> tuple[Window, ...]:
    """Return windows that score every piece once; `tokens` are those of each piece's text, without end marks.

    For training: `skip` lets the first window score that many pieces at most, so that bounds fall elsewhere each time;
    `apart` leaves out what would only be read along.
    """
    lengths = [1 + min(PIECE_TOKENS, len(t)) for t in tokens]
    made, begin = [], 0
    while begin < len(pieces):
        first = begin if apart else _back(lengths, begin)
        room = WINDOW - 2 - sum(lengths[first:begin])
        end, used = begin, 0
        while end < len(pieces) and (
            end == begin or used + lengths[end] <= room - (0 if apart else _ahead(lengths, end + 1))
        ):
            used += lengths[end]
            end += 1
            if skip and end - begin >= skip:
                break
        skip = 0
        last = end
        while not apart and last < len(pieces) and used + lengths[last] <= room:
            used += lengths[last]
            last += 1
        made.append(_window(pieces, tokens, first, last, begin, end))
        begin = end
    return tuple(made)


def _back(lengths: Sequence[int], begin: int) -> int:
    """Return the first piece read before `begin`."""
    first, used = begin, 0
    while first and (first == begin or used + lengths[first - 1] <= BEFORE):
        first -= 1
        used += lengths[first]
    return first


def _ahead(lengths: Sequence[int], begin: int) -> int:
    """Return how many tokens are kept free for the pieces from `begin` on."""
    used = 0
    for at in range(begin, len(lengths)):
        if used and used + lengths[at] > AFTER:
            break
        used += lengths[at]
    return used


def _window(
    pieces: Sequence[Piece], tokens: Sequence[Sequence[int]], first: int, last: int, begin: int, end: int
) -> Window:
    ids, marks, slots = [START], [], dict[str, int]()
    for at in range(first, last):
        slot = slots.setdefault(pieces[at].speaker, min(len(slots), SLOTS - 1))
        marks.append(len(ids))
        ids.append(mark(pieces[at].side, slot))
        ids.extend(tokens[at][:PIECE_TOKENS])
    ids.append(END)
    return Window(ids=tuple(ids), marks=tuple(marks), first=first, last=last, begin=begin, end=end)


def mark(side: int, slot: int) -> int:
    """Return the token id that stands before what a speaker of `side` says; `slot` tells speakers apart."""
    return FIRST_MARK + side * SLOTS + slot
