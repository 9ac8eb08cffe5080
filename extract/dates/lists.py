"""What several dates of one text tell about each other: lists, corrections, the past."""

from __future__ import annotations

from datetime import date, timedelta

from extract.dates.cursor import Said
from extract.dates.values import Reading, make, monday
from extract.dates.words import words

Found = tuple[int, int, Reading]  # index of the first token, index after the last, what they say

_NO = words("no wait sorry actually rather")
_TAKEN_BACK = (("i", "mean"), ("make", "that"), ("scratch", "that"), ("or", "rather"), ("or", "no"), ("excuse", "me"))
_LIST = frozenset((",", "or", "and", "/"))
_PAST = words(
    "went was were did sent met had came happened got received signed saw heard told said talked called wrote held "
    "left started attended emailed since ago been arrived"
)
_AHEAD = words("will 'll going gonna by until till next")


def settled(said: Said, found: list[Found]) -> list[Found]:
    """Return the readings with lists made whole, days taken back left out, and past talk read as past."""
    return [_in_the_past(said, one) for one in _apposed(said, _listed(said, _corrected(said, found)))]


def _corrected(said: Said, found: list[Found]) -> list[Found]:
    """Leave out a day that is taken back on the spot: "Tuesday, no, Wednesday"."""
    kept: list[Found] = []
    for k, one in enumerate(found):
        if k + 1 < len(found):
            after = found[k + 1]
            between = [t.text for t in said.tokens[one[1] : after[0]] if t.kind != "mark"]
            start = (*between[:2], said.word(after[0]))[:2]
            back = 0 < len(between) <= 4 and (between[0] in _NO or start in _TAKEN_BACK)
            if back and between[-1] not in ("later", "earlier") and one[2].kind == after[2].kind:
                continue
        kept.append(one)
    return kept


def _listed(said: Said, found: list[Found]) -> list[Found]:
    """Give a day in a list the month or the week of its neighbour: "July 17th or 18th", "Mon, Wed or Fri next week"."""
    done = list(found)
    for k in range(1, len(done)):
        if _linked(said, done[k - 1], done[k]):
            done[k] = _lent(done[k - 1], done[k])
    for k in range(len(done) - 2, -1, -1):
        if _linked(said, done[k], done[k + 1]):
            done[k] = _lent(done[k + 1], done[k])
    return done


_SAME = frozenset(("is", "'s", "that's", "thats", "which", "that", "so", "will", "be", "would", ","))


def _apposed(said: Said, found: list[Found]) -> list[Found]:
    """Make one day of a day said twice: "today is the eighth", "a week from Thursday, that's the eighteenth"."""
    done = list(found)
    for k in range(1, len(done)):
        one, two = done[k - 1][2], done[k][2]
        between = [t.text for t in said.tokens[done[k - 1][1] : done[k][0]]]
        if not 0 < len(between) <= 4 or not _SAME.issuperset(between) or between == [","]:
            continue
        if one.kind == two.kind == "day" and one.first is not None and two.first is not None:
            done[k - 1], done[k] = _both(done[k - 1], done[k])
    return done


def _both(a: Found, b: Found) -> tuple[Found, Found]:
    """Return two readings brought to the day both can mean, as they are if there is none."""
    one, two = a[2], b[2]
    day = next((d for d in one.candidates if d in two.candidates or d.day == two.dom), None)
    if day is None and one.dom is not None:
        day = next((d for d in two.candidates if d.day == one.dom), None)
    if day is None:
        return a, b
    return (a[0], a[1], one.but(first=day, last=day, candidates=(day,))), (
        b[0],
        b[1],
        two.but(first=day, last=day, candidates=(day,)),
    )


def _linked(said: Said, one: Found, two: Found) -> bool:
    between = said.tokens[one[1] : two[0]]
    return 0 < len(between) <= 2 and all(t.text in _LIST for t in between)


def _lent(giver: Found, taker: Found) -> Found:
    """Return `taker` in the month or week of `giver`, where the words of `taker` leave it open."""
    by, one = giver[2], taker[2]
    if by.first is None or by.kind != "day" or one.first is None or one.bound:
        return taker
    if one.dom is not None and (by.why in ("date", "day of a month", "in the same month")):
        day = make(by.first.year, by.first.month, one.dom)
        if day is not None:
            return taker[0], taker[1], one.but(first=day, last=day, candidates=(day,), why="in the same month")
    if (
        one.why == "weekday"
        and one.weekday is not None
        and by.why in ("weekday of a week", "next weekday", "in that week")
    ):
        day = monday(by.first) + timedelta(days=one.weekday)
        return taker[0], taker[1], one.but(first=day, last=day, candidates=(day,), why="in that week")
    return taker


def _in_the_past(said: Said, one: Found) -> Found:
    """Put a reading before the meeting first where the words before it speak of the past."""
    i, end, reading = one
    behind = [d for d in reading.candidates if d < said.reference]
    if reading.kind != "day" or not behind or len(reading.candidates) < 2 or reading.first in behind:
        return one
    near = [t.text for t in said.tokens[max(0, i - 6) : i]]
    if not any(w in _PAST for w in near) or any(w in _AHEAD for w in near):
        return one
    day: date = behind[0]
    rest = (day, *(d for d in reading.candidates if d != day))
    return i, end, reading.but(first=day, last=day, candidates=rest)
