"""What the grammar hands about: a reading of some words, and the arithmetic of days, weeks and months on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "week", "weekend", "month", "quarter", "season", "year", "decade", "event", "span"]
MentionKind = Literal["day", "range", "duration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A date, a stretch of days or a length of time as somebody said it; `start` and `end` are half-open offsets.

    `first` and `last` are inclusive and equal for a day, None where the words do not fix one. `candidates` are all
    readings, the likelier first: the days themselves of a day; the ends of a stretch of which one end is named.
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    first: date | None
    last: date | None
    candidates: tuple[date, ...] = ()
    grain: Grain = "day"
    why: str = ""  # the rule that read it
    counted: tuple[int, str] | None = None  # how many of what ("school", "business", "day" ...)
    part: str = ""  # of a stretch: "end", "beginning", "mid", "early", "late", "rest"
    bound: str = ""  # "by", "before", "until", "from", "after" where such a word stands before it


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of some words, before it has a place in the text."""

    kind: MentionKind
    first: date | None
    last: date | None
    candidates: tuple[date, ...] = ()
    grain: Grain = "day"
    why: str = ""
    counted: tuple[int, str] | None = None
    dom: int | None = None  # of a bare "the fifteenth": the day of the month
    weekday: int | None = None  # of a bare weekday
    yearless: bool = False  # the year was supplied here
    part: str = ""
    bound: str = ""

    def but(self, **changed: object) -> Reading:
        """Return the reading with some fields changed."""
        return replace(self, **changed)  # type: ignore[arg-type]


Hit = tuple[int, Reading]  # index of the token after the words read, and what they say


def one_day(day: date | None, *others: date, why: str = "", **more: object) -> Reading:
    """Return the reading of a single day; `others` are less likely readings."""
    found = () if day is None else tuple(dict.fromkeys((day, *others)))
    return Reading("day", day, day, found, why=why).but(**more) if more else Reading("day", day, day, found, why=why)


def stretch(first: date | None, last: date | None, grain: Grain = "span", why: str = "") -> Reading:
    """Return the reading of the days from `first` to `last`, both included."""
    return Reading("range", first, last, (), grain, why)


def plus(day: date, days: int) -> date | None:
    """Return the day so many days on, or None beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def make(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if there is no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def add_months(day: date, months: int) -> date | None:
    """Return the same day of the month so many months on, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(day.day, month_end(year, month + 1).day))


def monday(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday()) if day.toordinal() > 7 else day


def shift(day: date, count: int, unit: str) -> date | None:
    """Return the day `count` units on (`unit`: day, week, weekend, fortnight, month, quarter, year, decade)."""
    if abs(count) > 20000:
        return None
    match unit:
        case "day":
            return plus(day, count)
        case "week" | "weekend":
            return plus(day, 7 * count)
        case "fortnight":
            return plus(day, 14 * count)
        case "month":
            return add_months(day, count)
        case "quarter":
            return add_months(day, 3 * count)
        case "year":
            return add_months(day, 12 * count)
        case _:
            return add_months(day, 120 * count)


def period(day: date, unit: str) -> tuple[date, date] | None:
    """Return the first and last day of the week, weekend, month, quarter, year or decade that holds `day`."""
    if not 2 <= day.year <= 9980:
        return None
    match unit:
        case "day":
            return day, day
        case "week":
            return monday(day), monday(day) + timedelta(days=6)
        case "fortnight":
            return monday(day), monday(day) + timedelta(days=13)
        case "weekend":
            return monday(day) + timedelta(days=5), monday(day) + timedelta(days=6)
        case "month":
            return day.replace(day=1), month_end(day.year, day.month)
        case "quarter":
            start = 3 * ((day.month - 1) // 3) + 1
            return date(day.year, start, 1), month_end(day.year, start + 2)
        case "year":
            return date(day.year, 1, 1), date(day.year, 12, 31)
        case _:
            start = day.year - day.year % 10
            return date(max(start, 1), 1, 1), date(start + 9, 12, 31)


def next_weekday(after: date, weekday: int) -> date:
    """Return the first such weekday after the day, never the day itself."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def last_weekday(before: date, weekday: int) -> date:
    """Return the last such weekday before the day, never the day itself."""
    return before - timedelta(days=(before.weekday() - weekday - 1) % 7 + 1)
