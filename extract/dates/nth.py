"""The n-th of something: "the first week of January", "last Monday of March", "the last two weeks"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from extract.dates.atoms import month_at, weekday_at
from extract.dates.cursor import Said, cardinal, unit, year
from extract.dates.offsets import amount, moved
from extract.dates.values import Hit, Reading, add_months, monday, month_end, one_day, period, plus, shift, stretch
from extract.dates.words import MONTHS, SPANS

Day = Callable[[Said, int], Hit | None]
Holder = tuple[int, date, date]  # index after a month or year, its first and last day


def nth_of(said: Said, i: int, day: Day, shifted: Callable[[Said, int, bool], Hit | None]) -> Hit | None:
    """Read the n-th day, weekday or week of a month or year; `shifted` reads "next month"."""
    if (owned := _months_own(said, i)) is not None:
        return owned
    j = said.skip(i, ("the",))
    token = said.at(j)
    back = full = False
    if token.kind == "ordinal" and (
        token.value <= 5 or said.word(j + 1) in SPANS or said.word(j + 1) in ("last", "to")
    ):
        n, j = token.value, j + 1
        j = j + 1 if said.phrase(j, "to", "last") else j
        if said.word(j) == "last":
            back, j = True, j + 1
        full = said.word(j) == "full"
        j = said.skip(j, ("full",))
    elif token.text == "last":
        n, back, j = 1, True, said.skip(j + 1, ("full", "school"))
    else:
        return None
    count = 1
    many = cardinal(said, j)
    if many is not None and SPANS.get(said.word(many[0])) in ("week", "month", "day"):
        j, count = many
    name = SPANS.get(said.word(j), "")
    if name == "day" and said.word(j + 1) in ("week", "weekend"):
        return None  # "the first four-day week"
    week = weekday_at(said, j)
    if week is not None:
        return _nth_weekday_of(said, i, week, n, back, day, shifted)
    if name not in ("day", "week", "weekend", "month"):
        return None
    of = said.skip(j + 1, ("of", "in"))
    holder = _holder(said, of, shifted, bare=of > j + 1)
    if holder is None:
        return None
    end, first, last = holder
    if full and name == "week":
        start = first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (n - 1))
        return end, stretch(start, start + timedelta(days=6), "week", "full week")
    return end, _nth_unit(first, last, name, n, back, count)


def _months_own(said: Said, i: int) -> Hit | None:
    """Read "January's first week", "April's last Friday"."""
    word = said.word(i)
    m = MONTHS.get(word[:-2]) if word.endswith(("'s", "’s")) else None
    last = said.word(i + 1) == "last"
    if m is None or not (last or (said.at(i + 1).kind == "ordinal" and said.at(i + 1).value <= 5)):
        return None
    n = 1 if last else said.at(i + 1).value
    y = _coming(m, said.reference)
    first, end = date(y, m, 1), month_end(y, m)
    week = weekday_at(said, i + 2)
    if week is not None:
        return week[0], _nth_weekday(first, end, week[1], n, last)
    name = SPANS.get(said.word(i + 2), "")
    return (i + 3, _nth_unit(first, end, name, n, last, 1)) if name in ("day", "week", "weekend") else None


def _nth_weekday_of(
    said: Said,
    i: int,
    week: tuple[int, int],
    n: int,
    back: bool,
    day: Day,
    shifted: Callable[[Said, int, bool], Hit | None],
) -> Hit | None:
    k, w = week
    if said.word(k) in ("after", "following") and not back:
        base = day(said, k + 1)
        if base is None or base[1].first is None:
            return None
        start = base[1].last or base[1].first
        return base[0], one_day(plus(start, (w - start.weekday() - 1) % 7 + 1 + 7 * (n - 1)), why="nth weekday after")
    of = said.skip(k, ("of", "in", "on"))
    holder = _holder(said, of, shifted, bare=of > k)
    if holder is not None:
        return holder[0], _nth_weekday(holder[1], holder[2], w, n, back)
    if not back and of == k and said.ends(k) and said.word(i - 1) != "in":
        first = said.reference.replace(day=1)
        return k, _nth_weekday(first, month_end(first.year, first.month), w, n, back)
    return None


def _nth_weekday(first: date, last: date, w: int, n: int, back: bool) -> Reading:
    if back:
        day = last - timedelta(days=(last.weekday() - w) % 7 + 7 * (n - 1))
    else:
        day = first + timedelta(days=(w - first.weekday()) % 7 + 7 * (n - 1))
    return one_day(day if first <= day <= last else None, why="nth weekday")


def _nth_unit(first: date, last: date, name: str, n: int, back: bool, count: int) -> Reading:
    """Return the n-th day, week, weekend or month of a stretch, counted from its end if `back`."""
    if name == "day":
        if count > 1:
            start = last - timedelta(days=count - 1) if back else first
            return stretch(start, start + timedelta(days=count - 1), "span", "days of")
        return one_day(last - timedelta(days=n - 1) if back else first + timedelta(days=n - 1), why="nth day")
    if name == "month":
        month = add_months(last.replace(day=1), 1 - n * count) if back else add_months(first, n - 1)
        far = add_months(month, count - 1) if month is not None else None
        if month is None or far is None:
            return stretch(None, None)
        return stretch(month, month_end(far.year, far.month), "month", "nth month")
    if name == "weekend":
        saturday = first + timedelta(days=(5 - first.weekday()) % 7 + 7 * (n - 1))
        if back:
            saturday = last - timedelta(days=(last.weekday() - 5) % 7 + 7 * (n - 1))
        return stretch(saturday, saturday + timedelta(days=1), "weekend", "nth weekend")
    # a week belongs to the month or year that holds its Thursday, as in ISO 8601
    if back:
        start = monday(last) - timedelta(days=7 * (n * count - 1) + (0 if last.weekday() >= 3 else 7))
    else:
        start = monday(first) + timedelta(days=7 * (n - 1) + (0 if first.weekday() <= 3 else 7))
    grain = "week" if count == 1 else "span"
    return stretch(start, start + timedelta(days=7 * count - 1), grain, "nth week")  # type: ignore[arg-type]


def _coming(m: int, ref: date) -> int:
    """Return the year of the month that is on or comes next."""
    return ref.year + (month_end(ref.year, m) < ref)


def _holder(said: Said, i: int, shifted: Callable[[Said, int, bool], Hit | None], *, bare: bool) -> Holder | None:
    """Return the index after the month or year a part is taken of, and its bounds."""
    j = said.skip(i, ("the", "this"))
    month = month_at(said, j)
    if month is not None and (bare or said.word(j) not in ("may", "march")):
        end, m = month
        got = year(said, said.skip(end, (",", "of")))
        end, y = got or (end, _coming(m, said.reference))
        return end, date(y, m, 1), month_end(y, m)
    hit = shifted(said, i, True)
    if hit is not None and hit[1].grain in ("week", "month", "year") and hit[1].first and hit[1].last:
        return hit[0], hit[1].first, hit[1].last
    if bare:
        got = year(said, said.skip(j, ("year",)))
        if got is not None and 1 <= got[1] <= 9990:
            return got[0], date(got[1], 1, 1), date(got[1], 12, 31)
    return None


def counted_units(said: Said, i: int) -> Hit | None:
    """Read "next three days", "the last two weeks", "the coming three quarters", "two upcoming weeks"."""
    j = said.skip(i, ("the", "over"))
    step = said.word(j)
    if step in ("next", "last", "past", "previous", "coming", "upcoming", "following"):
        many = cardinal(said, j + 1)
        if many is None or (said.word(j + 1) in ("a", "an", "another") and said.word(j + 2) not in ("couple", "few")):
            return None
        measure = unit(said, many[0])
        long = amount(said, j + 1)
        back = step in ("last", "past", "previous")
        if back and long is not None and len(long[1]) > 1 and said.word(long[0]) not in ("ago", "later"):
            first = moved(said.reference, long[1], -1)
            return long[0], stretch(first, plus(said.reference, -1), "span", "last so long")
    else:
        many = cardinal(said, j)
        if many is None or said.word(j) in ("a", "an") or said.word(many[0]) not in ("next", "upcoming", "coming"):
            return None
        step = said.word(many[0])
        measure = unit(said, many[0] + 1)
        if measure is not None and not said.word(measure[0] - 1).endswith("s") and step == "next":
            return None  # "only three next week"
    if measure is None:
        return None
    return measure[0], _so_many(said.reference, step, many[1], measure[1], measure[2])


def _so_many(ref: date, step: str, count: int, name: str, kind: str) -> Reading:
    """Return the next or last so many units: days and weeks from today on, quarters and decades as whole ones."""
    if kind in ("school", "business") or count > 1000:
        return Reading("duration", None, None, (), "span", "counted days", (count, kind or name))
    back = step in ("last", "past", "previous")
    if name in ("quarter", "decade") and step != "upcoming":
        this = period(ref, name)
        if this is None:
            return stretch(None, None)
        first = shift(this[0], -count if back else 1, name)
        end = this[0] if back else shift(this[0], count + 1, name)
        return stretch(first, plus(end, -1) if end is not None else None, "span", "whole units")
    if step == "upcoming":
        where = shift(ref, count, name)
        if name == "day" or where is None:
            return one_day(where, why="upcoming")
        got = period(where, name)
        return stretch(*got, "span", "upcoming") if got is not None else stretch(None, None)
    if back:
        return stretch(shift(ref, -count, name), plus(ref, -1), "span", "last so many")
    return stretch(plus(ref, 1), shift(ref, count, name), "span", "next so many")
