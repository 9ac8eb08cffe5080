"""Weekdays with what says which: "next Friday", "Friday the thirteenth", "Tuesday of next week"."""

from __future__ import annotations

from datetime import date

from extract.dates.atoms import NOT_A_DAY, day_number, weekday_at, with_part
from extract.dates.cursor import Said
from extract.dates.numbers import next_number
from extract.dates.values import Hit, Reading, add_months, last_weekday, make, monday, next_weekday, one_day, plus
from extract.dates.words import WEEKDAYS, words

_LAST = words("last past previous prior")
_WEEKLY = words("mornings afternoons evenings nights folder folders packet packets club schedule newsletter")


def weekday(said: Said, i: int) -> Hit | None:
    """Read a weekday with what says which: "next Friday", "Friday the thirteenth", "Tuesday of next week"."""
    ref = said.reference
    j = said.skip(i, ("the",))
    how = ""
    word = said.word(j)
    if word in ("this", "that", "next", "last", "past", "previous", "prior", "coming", "upcoming", "following"):
        how, j = word, j + 1
        if how in ("this", "the", "that") and said.word(j) in ("coming", "upcoming", "past", "next", "last", "one"):
            how, j = (said.word(j) if said.word(j) != "one" else how), j + 1
    name = weekday_at(said, j)
    if name is None:
        return None
    j, w = name
    if said.word(j) in _WEEKLY:
        return None
    j = with_part(said, j)
    dom = _dom_after(said, j)
    if dom is not None:
        return dom[0], _weekday_dom(ref, w, dom[1], how)
    return _which_week(said, j, w, how)


def _dom_after(said: Said, j: int) -> tuple[int, int] | None:
    """Return the day of the month that follows a weekday: "the thirteenth", "13th", "then the third"."""
    k = said.skip(j, (",",))
    k = said.skip(k, ("then",))
    token = said.at(said.skip(k, ("the",)))
    day = day_number(said, k, bare=said.word(k) != "the" and said.at(k).spelled)
    if day is None:
        return None
    nxt = said.at(day[0])
    if token.kind == "number" and (
        said.word(k) != "the"
        and (k > j or nxt.kind in ("number", "time") or nxt.text in ("-", "am", "pm", "to", "or", "/", "in"))
    ):
        return None
    if nxt.text in NOT_A_DAY:
        return None
    return day


def _weekday_dom(ref: date, w: int, dom: int, how: str) -> Reading:
    """Return the next such weekday that falls on the day of the month; a passed one of this month as second reading."""
    ahead: list[date] = []
    behind: list[date] = []
    first = ref.replace(day=1)
    for k in range(-2, 30):
        month = add_months(first, k)
        day = make(month.year, month.month, dom) if month else None
        if day is None or day.weekday() != w:
            continue
        if day >= ref:
            ahead.append(day)
        elif (ref - day).days < 45:
            behind.append(day)
        if len(ahead) >= 1:
            break
    if how in _LAST and behind:
        return one_day(behind[-1], *ahead[:1], why="weekday and day")
    if not ahead:
        return one_day(None, why="weekday and day")
    near = next_number(ref, dom)
    mistaken = [near] if near is not None and (ahead[0] - ref).days > 60 and (near - ref).days < 40 else []
    if mistaken:  # the weekday and the day do not go together this year: somebody misspoke
        mistaken.append(next_weekday(ref, w))
    return one_day(ahead[0], *mistaken, *behind[-1:], why="weekday and day")


_WEEK_STEP = {
    "this": 0, "current": 0, "next": 1, "following": 1, "coming": 1, "last": -1, "previous": -1, "past": -1,
}  # fmt: skip


def _which_week(said: Said, j: int, w: int, how: str) -> Hit:
    """Read what follows a weekday and return the day: "of next week", "after next", "week"."""
    ref = said.reference
    k = said.skip(j, ("of", "from", "in", "on", ","))
    k = said.skip(k, ("the",))
    step = _WEEK_STEP.get(said.word(k))
    if said.word(k + 1) == "week" and step is not None:
        return k + 2, one_day(plus(monday(ref), 7 * step + w), why="weekday of a week")
    if said.phrase(j, "after", "next"):
        return j + 2, one_day(plus(monday(ref), 14 + w), why="weekday after next")
    if said.word(j) == "week" and not how and said.word(j - 1) in WEEKDAYS and (said.ends(j + 1) or said.lenient):
        return j + 1, one_day(plus(next_weekday(ref, w), 7), why="weekday week")
    if how == "that" and said.before is not None:
        day = plus(monday(said.before), w)
        return j, one_day(day, why="weekday of that week").but(weekday=w)
    return j, _by_word(ref, w, how).but(weekday=w)


def _by_word(ref: date, w: int, how: str) -> Reading:
    """Return the weekday that "next", "last", "this" or no word before it means, and what else it may."""
    coming, recent = next_weekday(ref, w), last_weekday(ref, w)
    if how in ("next", "following"):
        later = plus(monday(ref), 7 + w) or coming
        return one_day(later, *((coming,) if how == "next" else ()), why="next weekday")
    if how in _LAST:
        week_before = plus(monday(ref), w - 7) or recent
        return (
            one_day(recent, why="last weekday") if how == "past" else one_day(week_before, recent, why="last weekday")
        )
    if ref.weekday() == w and how in ("", "this"):
        days = (ref, coming) if how == "this" else (coming, ref)  # who means today says "today"
        return one_day(*days, why="weekday")
    return one_day(coming, why="weekday")
