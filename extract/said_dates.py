"""Every time that a turn names, clause by clause: one date said twice is one, one taken back is gone."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from casefile.records import Due, Meeting
from extract.clauses import clauses
from extract.date_words import DateWords, edges_of, lowered, pieces, will_not_do
from extract.dates.due import explain_due, last_day_named
from extract.view import view_of

NAMED_BACK: Final = 8  # turns back in which the day that "by then" leans on may have been named

_AGAIN: Final = re.compile(
    r"\b(?:every|each|weekly|daily|monthly|nightly|any ?time|whenever|always|on (?:mon|tues|wednes|thurs|fri)days|(?:mon|tues|wednes|thurs|fri)days|from now on|as needed|going forward|both days)\b"
)
_STARTS: Final = re.compile(r"\b(?:start(?:s|ing|ed)?|begin(?:s|ning)?|as of|effective|from|first)\b")
_PAST: Final = re.compile(
    r"\b(?:he|she|they|it|we|i|you|that|who|mom|dad) (?:just |already |only |really |all )?(?:was|were|did|had|saw|sent|went|came|called|said|told|gave|got|made|met|asked|"
    r"happened|started|used to|didn't|wasn't)\b(?! to\b)(?!.*(?:'ll|\bwill\b|\bcan\b|'d\b|going to\b))|\b(?:since|ago|last) *$"
)
_EVENT_FIRST: Final = re.compile(r"\b(?:once|as soon as|soon as|after|when|if)\b")
_COUNTED: Final = re.compile(
    r"(?:(?:with)?in(?:side)?(?: of)? )?(?:a|an|one|\w+) (?:school |business )?(?:days?|weeks?|hours?|minutes?)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidDate:
    """One time that a turn names, as far as its words fix a day."""

    turn: int
    start: int  # half-open place in the turn's exact text
    end: int
    due: Due
    why: str
    clause: int  # place of its clause among the turn's
    how: str  # "date", "weekday", "near", "stretch", "length", "event", "today", "leans"
    bound: str = ""  # "by", "before", "until", "from", "after"
    corrects: bool = False  # sets right what was said before it
    out: bool = False  # named as a day on which it cannot be
    again: bool = False  # something that comes back every week or each time
    past: bool = False


def dates_said(turn: int, meeting: Meeting) -> tuple[SaidDate, ...]:
    """Return the times named in a turn, in order of place."""
    text = meeting.turns[turn].text
    found_words = pieces(text, meeting.held_on, meeting.calendar)
    if not found_words:
        return ()
    view = view_of(text)
    parts = clauses(view.text)
    edges = edges_of(view, parts)
    low = lowered(text)
    found = []
    for k, piece in enumerate(found_words):
        left = found_words[k - 1].end if k else 0
        right = found_words[k + 1].start if k + 1 < len(found_words) else len(text)
        found.append(_said(turn, piece, left, right, edges, low, meeting))
    return tuple(found)


def _said(
    turn: int, piece: DateWords, left: int, right: int, edges: Sequence[tuple[int, int]], low: str, meeting: Meeting
) -> SaidDate:
    """Return a mention resolved within its clause."""
    text = meeting.turns[turn].text
    first = next((i for i, (a, b) in enumerate(edges) if a <= piece.start < b), len(edges) - 1)
    last = next((i for i, (a, b) in enumerate(edges) if a < piece.end <= b), first)
    start, end = max(left, edges[first][0]), min(right, max(edges[last][1], piece.end))
    start = start if start <= piece.start else piece.start
    if piece.how == "leans":
        start, end = piece.start, piece.end
    day = explain_due(
        text[start:end], meeting.held_on, meeting.calendar, named=named_before(turn, piece.start, meeting)
    )
    around = low[edges[first][0] : edges[last][1]]
    head = low[edges[first][0] : piece.start]
    sentence = re.split(r"[.?!]", low[: piece.start])[-1]
    own = low[piece.start : piece.end]
    candidates = day.due.candidates
    counted = _COUNTED.match(own) is not None
    if counted and _EVENT_FIRST.search(sentence):
        candidates = ()
    again = piece.again or bool(_AGAIN.search(around))
    if piece.again and not _STARTS.search(around):
        candidates = ()
    phrase = text[piece.start : piece.end].strip(" ,.;")
    return SaidDate(
        turn=turn,
        start=piece.start,
        end=piece.end,
        due=Due(phrase=phrase, candidates=candidates),
        why=day.why,
        clause=first,
        how=piece.how,
        bound=piece.bound,
        corrects=piece.corrects,
        out=will_not_do(low, piece),
        again=again,
        past=bool(_PAST.search(head)),
    )


def named_before(turn: int, start: int, meeting: Meeting) -> date | None:
    """Return the day last named before a place, on which words may lean ("by then", "that Thursday")."""
    back = [meeting.turns[t].text for t in range(max(0, turn - NAMED_BACK), turn)]
    return last_day_named([*back, meeting.turns[turn].text[:start]], meeting.held_on, meeting.calendar)
