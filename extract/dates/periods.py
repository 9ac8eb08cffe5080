"""Stretches of days: this week, the end of next month, later this week, the week of the fifteenth, this summer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from extract.dates.cursor import Said, year
from extract.dates.months import STEP, calendar_year, month, quarter
from extract.dates.nth import counted_units, nth_of
from extract.dates.values import Hit, Reading, monday, month_end, one_day, period, shift, stretch
from extract.dates.words import SPANS, words

Day = Callable[[Said, int], Hit | None]

_PARTS = {
    "early": "early", "late": "late", "mid": "mid", "middle": "mid", "beginning": "beginning", "start": "beginning",
    "end": "end", "later": "later", "earlier": "earlier", "rest": "rest", "remainder": "rest", "remaining": "rest",
    "close": "end", "ending": "end", "ends": "end",
}  # fmt: skip
_HALVES = {  # "the first half of", "the latter part of"
    "first": "early", "early": "early", "later": "late", "second": "late", "latter": "late", "back": "late",
    "last": "late",
}  # fmt: skip
_WEEK = {"early": (0, 2), "beginning": (0, 2), "earlier": (0, 2), "mid": (1, 3), "late": (3, 6), "later": (3, 6),
         "end": (4, 6)}  # fmt: skip
_MONTH = {"early": (1, 15), "beginning": (1, 10), "earlier": (1, 15), "mid": (10, 20), "late": (16, 31),
          "later": (16, 31), "end": (21, 31)}  # fmt: skip
_YEAR = {"early": (1, 6), "beginning": (1, 3), "earlier": (1, 6), "mid": (5, 8), "late": (7, 12), "later": (7, 12),
         "end": (9, 12)}  # fmt: skip
_SEASONS = words("spring summer fall autumn winter")
_NOT_SEASON = words("break party festival concert semester program school conferences session sports vacation")


def part_of(said: Said, i: int, day: Day) -> Hit | None:
    """Read a part of a period ("end of next week", "early March", "later this week") or the whole of one."""
    j = said.skip(i, ("the", "very"))
    if said.word(j) in ("eom", "eoy", "eow", "bom", "boy"):
        return _short(said, j)
    half = said.word(j + 1) in ("half", "part") and said.word(j + 2) == "of"
    j, how = (j + 1, _HALVES.get(said.word(j), "")) if half else (j, _PARTS.get(said.word(j), ""))
    if not how:
        return whole(said, i, day)
    k = said.skip(j + 1, ("-",))
    k = said.skip(k, ("of", "in", "part") if how in ("early", "late", "earlier", "later") else ("of", "part"))
    k = said.skip(k, ("of", "around"))
    hit = whole(said, k, day, parted=True)
    if hit is not None and hit[1].why == "school year" and how == "end":
        return hit[0], _school_year_end(said)
    if hit is None or hit[1].grain in ("day", "event", "span"):
        return None
    if hit[1].first is None or hit[1].last is None:
        return hit[0], hit[1].but(part=how)
    return hit[0], _cut(said.reference, how, hit[1].first, hit[1].last, hit[1]).but(part=how, yearless=hit[1].yearless)


def _school_year_end(said: Said) -> Reading:
    """Return the last day of school where the calendar names it."""
    for named in said.calendar.named if said.calendar is not None else ():
        if "last day of school" in named.name.lower() and named.on >= said.reference:
            return one_day(named.on, why="school calendar").but(grain="event")
    return stretch(None, None, "event", "school year")


def _short(said: Said, j: int) -> Hit | None:
    """Read "EOM", "EOW", "EOY" and their beginnings."""
    word = said.word(j)
    if word == "boy" and len(said.tokens) > 1:
        return None
    grain = {"m": "month", "y": "year", "w": "week"}[word[-1]]
    got = period(said.reference, grain)
    if got is None:
        return None
    how = "end" if word[0] == "e" else "beginning"
    held = stretch(*got, grain)  # type: ignore[arg-type]
    return j + 1, _cut(said.reference, how, *got, held).but(part=how)


def _cut(ref: date, how: str, first: date, last: date, held: Reading) -> Reading:
    """Return the part of a period that "early", "end of", "rest of" and the like mean."""
    grain = held.grain
    if how == "rest":
        return stretch(max(first, ref), last, grain, "rest")
    if how == "earlier" and first <= ref <= last and grain != "week":
        return stretch(first, ref, grain, how)
    if grain == "week":
        return stretch(first + timedelta(days=_WEEK[how][0]), first + timedelta(days=_WEEK[how][1]), grain, how)
    if grain == "month":
        lo, hi = _MONTH[how]
        return stretch(first.replace(day=lo), first.replace(day=min(hi, last.day)), grain, how)
    if grain == "year":
        lo, hi = _YEAR[how]
        return stretch(date(first.year, lo, 1), month_end(first.year, hi), grain, how)
    third = timedelta(days=(last - first).days // 3)
    if how in ("early", "beginning", "earlier"):
        return stretch(first, first + third, grain, how)
    if how == "mid":
        return stretch(first + third, last - third, grain, how)
    return stretch(last - third, last, grain, how)


def whole(said: Said, i: int, day: Day, *, parted: bool = False) -> Hit | None:
    """Read a whole period: a named week, a month, a year, "next three weeks", "first week of January"."""
    return (
        _week_of(said, i, day)
        or nth_of(said, i, day, shifted)
        or counted_units(said, i)
        or quarter(said, i)
        or shifted(said, i, parted)
        or month(said, i, parted=parted)
        or calendar_year(said, i, parted=parted)
    )


def _week_of(said: Said, i: int, day: Day) -> Hit | None:
    """Read "the week of the fifteenth", "the week after next", "the weekend of Thanksgiving", "week 10"."""
    j = said.skip(i, ("the", "that"))
    name = SPANS.get(said.word(j))
    if name not in ("week", "weekend", "month", "year"):
        return None
    ref = said.reference
    if said.phrase(j + 1, "after", "next"):
        where = shift(monday(ref) if name != "month" else ref.replace(day=1), 2, name)
        got = period(where, name) if where is not None else None
        return (j + 3, stretch(*got, name, "after next")) if got is not None else None  # type: ignore[arg-type]
    k = said.skip(j + 1, ("of", "starting", "beginning", "containing", "ending", "with"))
    if k > j + 1 and name != "year":
        return _holding(said, said.skip(k, ("on", "from")), name, day)
    if name == "week" and said.word(j + 1) in ("after", "before", "following"):
        return _beside(said, j + 1, day)
    number = said.at(j + 1)
    if name == "week" and number.kind == "number" and not number.spelled and 1 <= number.value <= 53:
        return _week_number(said, j)
    return None


def _holding(said: Said, k: int, name: str, day: Day) -> Hit | None:
    """Read the day at `k` and return the week, weekend or month that holds it."""
    token = said.at(k)
    if token.kind == "number" and not token.spelled and len(token.text) == 4:
        return None  # "week of 2027"
    hit = day(said, k)
    if hit is None:
        return None
    if hit[1].first is None:
        return hit[0], stretch(None, None, "week", "week of")
    if name == "weekend":
        return hit[0], stretch(*weekend_of(hit[1].first), "weekend", "weekend of")
    got = period(hit[1].first, name)
    return (hit[0], stretch(*got, name, "week of")) if got is not None else None  # type: ignore[arg-type]


def _beside(said: Said, k: int, day: Day) -> Hit | None:
    """Read "after the break", "before that" at `k` and return the week beside it."""
    sign = -1 if said.word(k) == "before" else 1
    if said.word(k + 1) == "that" and said.before is not None:
        end, anchor = k + 2, said.before
    else:
        hit = day(said, k + 1)
        if hit is None:
            return None
        if hit[1].first is None:
            return hit[0], stretch(None, None, "week", "week beside")
        end, anchor = hit[0], hit[1].last if sign > 0 and hit[1].last is not None else hit[1].first
    got = period(anchor + timedelta(days=7 * sign), "week")
    return (end, stretch(*got, "week", "week beside")) if got is not None else None


def weekend_of(anchor: date) -> tuple[date, date]:
    """Return the weekend a holiday makes: Saturday to Sunday, with a Monday or a Thursday and Friday beside it."""
    w = anchor.weekday()
    if w == 0:
        return anchor - timedelta(days=2), anchor
    if w in (3, 4):
        return anchor, anchor + timedelta(days=6 - w)
    start = monday(anchor) + timedelta(days=5)
    return start, start + timedelta(days=1)


def _week_number(said: Said, j: int) -> Hit | None:
    """Read "week 27 of last year" by ISO weeks."""
    end, y = j + 2, said.reference.year
    k = said.skip(end, ("of", "in"))
    got = year(said, k)
    if got is not None:
        end, y = got
    elif said.word(k) in ("last", "next", "this") and said.word(k + 1) == "year":
        end, y = k + 2, y + STEP[said.word(k)]
    if not 1 <= y <= 9990:
        return None
    start = date.fromisocalendar(y, 1, 1) + timedelta(days=7 * (said.at(j + 1).value - 1))
    return end, stretch(start, start + timedelta(days=6), "week", "week number")


def shifted(said: Said, i: int, parted: bool) -> Hit | None:
    """Read "this week", "next month", "the weekend", "last year", "this summer"."""
    j, step = _step(said, i)
    word = said.word(j)
    if word == "school" and said.word(j + 1) == "year":
        return j + 2, stretch(None, None, "event", "school year")
    name = SPANS.get(word.removesuffix("'s"))
    if name is None or name == "day" or (word.endswith("s") and "'" not in word and name != "weekend"):
        return _season(said, j, step) if word in _SEASONS else None
    over = word.endswith("'s") and said.word(j + 1) in ("out", "over", "up", "end")  # "before the week's out"
    j += 2 if over else 1
    if not over and not _period_really(said, i, j, step, name, parted):
        return None
    if name == "year" and step == "the" and year(said, j) is not None:
        return None  # "the year 2027"
    move = STEP.get(step, 0)
    if name == "weekend":
        move = 0 if step in ("coming", "upcoming") else move
        base = monday(said.reference) + timedelta(days=7 * move)
        return j, stretch(base + timedelta(days=5), base + timedelta(days=6), "weekend", "weekend")
    if name == "quarter" and said.calendar is not None:
        return j, stretch(None, None, "event", "grading period")
    ref = said.reference
    near = ref if name in ("week", "fortnight") else ref.replace(day=1)
    where = shift(period_start(near, name), move, name)
    got = period(where, name) if where is not None else None
    if got is None:
        return None
    if name == "year" and said.phrase(j, "to", "date"):
        return j + 2, stretch(got[0], ref, "span", "year to date")
    grain = "week" if name == "fortnight" else name
    found = stretch(*got, grain, f"{step} {name}".strip())  # type: ignore[arg-type]
    return j, found.but(part="end") if over else found


def period_start(day: date, name: str) -> date:
    """Return the first day of the unit that holds `day`, or the day where it has none."""
    got = period(day, name)
    return got[0] if got is not None else day


def _step(said: Said, i: int) -> tuple[int, str]:
    """Return the index of the unit after "the", "this", "next ..." and the word that says which."""
    j = said.skip(i, ("the", "all"))
    first = said.word(i) if j > i else ""
    step = said.word(j)
    if step in STEP and step != "the":
        j += 1
        if step == "this" and said.word(j) in ("coming", "past", "upcoming"):
            return j + 1, said.word(j)
        return j, step
    return j, first


def _period_really(said: Said, i: int, j: int, step: str, name: str, parted: bool) -> bool:
    """Tell "this week" from "a great week", "the week" from "three hours a week"."""
    prev = said.word(i - 1)
    if prev in ("every", "each", "any", "per"):
        return False
    if step in ("this", "next", "last", "current", "coming", "following", "previous", "past", "upcoming", "prior"):
        return True
    if parted or (step == "all" and name == "week"):
        return True
    if name == "weekend":
        if not step and any(said.word(k) in ("a", "an", "great", "good", "nice", "long") for k in (i - 1, i - 2)):
            return False
        return said.word(j - 1) == "weekend" and (step == "the" or prev in ("on", "over") or said.ends(j))
    if name == "year" and step == "the" and said.phrase(j, "to", "date"):
        return True
    return step in ("the", "my", "our", "that") and len(said.tokens) <= 3


def _season(said: Said, j: int, step: str) -> Hit | None:
    """Read a season as a stretch whose days the words do not fix: "this summer", "in the spring"."""
    if said.word(j + 1) in _NOT_SEASON:
        return None
    got = year(said, said.skip(j + 1, ("of",)))
    if got is not None:
        return got[0], stretch(None, None, "season", "season")
    lead = said.word(j - 2) if said.word(j - 1) == "the" else said.word(j - 1)
    asked = lead in ("in", "by", "during", "over", "until", "till", "before", "after", "since", "for", "through")
    if step in ("this", "next", "last", "coming") or (asked and (said.word(j) != "fall" or lead != "after")):
        return j + 1, stretch(None, None, "season", "season")
    return None
