"""Counted days and weeks: "in two weeks", "a week from Thursday", "within ten school days"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from extract.dates.cursor import Said, cardinal, unit
from extract.dates.values import Hit, Reading, last_weekday, monday, next_weekday, one_day, plus, shift, stretch
from extract.dates.words import PLURAL_WEEKDAYS, WEEKDAYS, words

_HALVES = {"week": (3, "day", ""), "month": (15, "day", ""), "year": (6, "month", "")}
_NOW = words("now today here")
Day = Callable[[Said, int], Hit | None]


def amount(said: Said, i: int) -> tuple[int, list[tuple[int, str, str]]] | None:
    """Return the index after a length of time at `i` and its parts: count, unit, kind of days."""
    parts: list[tuple[int, str, str]] = []
    j = i
    if said.word(i) == "half" and said.phrase(i, "half", "a", "year") is not None:
        return i + 3, [(6, "month", "")]
    while len(parts) < 4:
        k = said.skip(j, ("and", ",")) if parts else j
        count = cardinal(said, k)
        if count is None:
            break
        measure = unit(said, count[0])
        if measure is None:
            break
        if parts and said.word(k) in ("a", "an"):
            break
        if said.word(k - 1) == "half" and said.word(k) == "a":
            break  # the half was not read: half of what follows cannot be told in days
        parts.append((count[1], measure[1], measure[2]))
        j = measure[0]
    if said.phrase(j, "and", "a", "half") and parts and parts[-1][1] in _HALVES:
        return j + 3, [*parts, _HALVES[parts[-1][1]]]
    return (j, parts) if parts else None


def moved(start: date, parts: list[tuple[int, str, str]], sign: int) -> date | None:
    """Return the day so much later (or earlier) than `start`."""
    day: date | None = start
    for count, name, _ in sorted(parts, key=lambda p: p[1] == "day"):
        day = shift(day, sign * count, name) if day is not None else None
    return day


def counted(said: Said, start: date, parts: list[tuple[int, str, str]], sign: int) -> date | None:
    """Return the day so much later, school and business days counted by the calendar; None without one."""
    if not any(kind in ("school", "business") for _, _, kind in parts):
        return moved(start, parts, sign)
    if said.calendar is None or len(parts) > 1 or parts[0][1] != "day" or parts[0][0] > 400:
        return None
    from casefile.days import add_business_days, add_school_days

    if parts[0][2] == "school":
        if not said.calendar.no_school:
            return None  # school days cannot be told apart
        return add_school_days(start, sign * parts[0][0], said.calendar).day
    return add_business_days(start, sign * parts[0][0]).day


def offset(said: Said, i: int, day: Day) -> Hit | None:
    """Read a day counted from another, or a length of time; `day` reads the day it is counted from."""
    j = i
    within = None
    if said.word(j) in ("within", "inside"):
        within, j = j, j + 1
        j = said.skip(j, ("of",))
        j = said.skip(j, ("the",))
        j = said.skip(j, ("next",))
        if said.word(j - 1) == "the" and said.word(j) == "week":  # "within the week": a week from now
            return j + 1, _within(said, j + 1, [(1, "week", "")], day)[1]
    elif said.word(j) == "in":
        k = said.skip(j + 1, ("about", "like", "around", "roughly", "just", "maybe"))
        return _in(said, k, day)
    j = said.skip(j, ("about",))
    got = amount(said, j)
    if got is None:
        return _weekdays_from(said, j, day)
    k, parts = got
    if within is not None:
        return _within(said, k, parts, day)
    return _from(said, k, parts, day) or _length(said, i, k, parts)


def _in(said: Said, i: int, day: Day) -> Hit | None:
    """Read what follows "in": "in two weeks", "in three days on Friday"."""
    loose = _one_or_two(said, i)
    if loose is not None:
        return loose
    got = amount(said, i)
    if got is None:
        return None
    k, parts = got
    k = said.skip(said.skip(k, ("'", "’")), ("time",))
    if said.word(k) in ("a", "per", "each", "every", "of", "long", "old"):
        return None
    start = said.reference
    if said.word(k) in ("since", "from"):
        base = _start(said, k, day)
        if base is not None and base[1] is not None:
            k, start = base[0], base[1]
    if said.word(i) in ("a", "an") and parts[0][1] == "day" and not said.ends(k):
        return None  # "in a day program"
    where = counted(said, start, parts, 1)
    if where is None:
        return k, Reading("duration", None, None, (), "span", "counted days", (parts[0][0], parts[0][2] or parts[0][1]))
    if said.word(k) == "on" and said.word(k + 1) in WEEKDAYS:
        w = WEEKDAYS[said.word(k + 1)]
        return k + 2, one_day(plus(monday(where), w), why="weekday of a counted week")
    return k, one_day(where, why="counted from now")


def _one_or_two(said: Said, i: int) -> Hit | None:
    """Read "a week or two", "two or three weeks", "ten to fourteen days": both ends are readings, the later first."""
    one = cardinal(said, i)
    if one is None:
        return None
    if said.word(one[0]) in ("or", "to", "-"):
        two = cardinal(said, one[0] + 1)
        measure = unit(said, two[0]) if two is not None else None
        end = measure[0] if measure is not None else 0
    else:
        measure = unit(said, one[0])
        two = cardinal(said, measure[0] + 1) if measure is not None and said.word(measure[0]) == "or" else None
        end = two[0] if two is not None else 0
    if two is None or measure is None or measure[2] not in ("", "calendar") or not one[1] < two[1]:
        return None
    late, soon = shift(said.reference, two[1], measure[1]), shift(said.reference, one[1], measure[1])
    return (end, one_day(late, soon, why="counted from now")) if late is not None and soon is not None else None


def _within(said: Said, k: int, parts: list[tuple[int, str, str]], day: Day) -> Hit:
    """Read the rest of "within ..." as the days up to its end, or a length where its beginning is an event."""
    kind = (parts[0][0], parts[0][2] or parts[0][1])
    start: date | None = said.reference
    if said.word(k) in ("of", "from", "after", "following"):
        base = _start(said, k, day)
        if base is None:
            return k, Reading("duration", None, None, (), "span", "runs from an event", kind)
        k, start = base
    last = counted(said, start, parts, 1) if start is not None else None
    if any(p[2] in ("school", "business") for p in parts):
        found = () if last is None else (last,)
        return k, Reading("duration", None, last, found, "span", "counted days", kind)
    if last is None:
        return k, Reading("duration", None, None, (), "span", "runs from an event", kind)
    return k, stretch(start, last, why="within").but(counted=kind, candidates=(last,))


def _start(said: Said, k: int, day: Day) -> tuple[int, date | None] | None:
    """Return the index after "from X" at `k` and the day X, None where X is no day."""
    j = said.skip(k + 1, ("the",))
    if said.word(j) in _NOW:
        return j + 1, said.reference
    if said.word(j) == "then" or (said.word(j) == "that" and said.ends(j + 1)):
        return j + 1, said.before or said.reference
    j = said.skip(j, ("year",))
    hit = day(said, k + 1) or (day(said, j) if j != k + 1 else None)
    if hit is None or hit[1].first is None:
        return None
    return hit[0], hit[1].first


def _from(said: Said, k: int, parts: list[tuple[int, str, str]], day: Day) -> Hit | None:
    """Read what follows a length: "from Thursday", "ago", "out", "before the meeting"."""
    word, ref = said.word(k), said.reference
    if word in ("ago", "back", "earlier") and (word != "back" or said.ends(k + 1)):
        return _ago(said, k, parts)
    if word in ("hence", "out", "later") and not (word == "out" and said.word(k + 1) == "of"):
        return k + 1, one_day(counted(said, said.before or ref, parts, 1), why="later")
    if word == "in" and said.phrase(k, "in", "the", "future"):
        return k + 3, stretch(plus(ref, 1), counted(said, ref, parts, 1), why="future")
    if word in ("from", "after", "before", "following", "since", "past"):
        return _from_day(said, k, parts, day)
    if word in WEEKDAYS and len(word) > 5 and parts[0][1] == "week" and len(parts) == 1:
        where = counted(said, next_weekday(ref, WEEKDAYS[word]), parts, 1)  # "a week Thursday"
        return (k + 1, one_day(where, why="counted from a day")) if where is not None else None
    j = said.skip(k, (",",))
    start = said.skip(j, ("starting", "beginning", "from") if j > k else ("starting", "beginning"))
    return _long_from(said, said.skip(start, ("from", "on")), parts, day) if start > j else None


def _ago(said: Said, k: int, parts: list[tuple[int, str, str]]) -> Hit:
    """Read "ago" at `k`, also "a week ago Tuesday" and "a year ago today"."""
    ref, after = said.reference, said.word(k + 1)
    if said.word(k) == "ago" and after in WEEKDAYS and len(after) > 5:
        coming = next_weekday(ref, WEEKDAYS[after])
        days = [d for d in (counted(said, coming - timedelta(days=7 * n), parts, -1) for n in (0, 1)) if d]
        return k + 2, one_day(days[0] if days else None, *days[1:], why="ago")
    end = k + 2 if said.word(k) == "ago" and after in ("today", "now") else k + 1
    return end, one_day(counted(said, ref, parts, -1), why="ago")


def _from_day(said: Said, k: int, parts: list[tuple[int, str, str]], day: Day) -> Hit | None:
    """Read "from X", "after X", "before X" at `k`, X a day or an event nobody dated."""
    word = said.word(k)
    kind = (parts[0][0], parts[0][2] or parts[0][1])
    base = _start(said, k, day)
    if base is None or base[1] is None:
        if word in ("from", "after", "following"):
            return k, Reading("duration", None, None, (), "span", "runs from an event", kind)
        return None
    if word == "from" and said.word(k - 2 * len(parts) - 1) == "for":
        return _long_from(said, k + 1, parts, day)
    end, start = base[0], base[1]
    where = counted(said, start, parts, -1 if word == "before" else 1)
    if where is None:
        return end, Reading("duration", None, None, (), "span", "counted days", kind)
    if said.word(end) == "on" and said.word(end + 1) in WEEKDAYS:
        return end + 2, one_day(plus(monday(where), WEEKDAYS[said.word(end + 1)]), why="weekday of a counted week")
    return end, one_day(where, why="counted from a day")


def _long_from(said: Said, j: int, parts: list[tuple[int, str, str]], day: Day) -> Hit | None:
    """Read the day a stretch of known length begins on."""
    hit = day(said, j)
    if hit is None or hit[1].first is None:
        return None
    end = moved(hit[1].first, parts, 1)
    return hit[0], stretch(hit[1].first, plus(end, -1) if end else None, why="so long from a day")


def _length(said: Said, i: int, k: int, parts: list[tuple[int, str, str]]) -> Hit | None:
    """Return a length of time as a duration: "ten school days"; "a week" alone says too little."""
    if said.word(i) in ("a", "an") and said.word(i + 1) not in ("couple", "few") and parts[0][1] != "fortnight":
        return None
    if said.word(i - 1) in ("per", "every", "each", "times") or said.word(k) in ("a", "per", "old"):
        return None
    count, name, kind = parts[0]
    last = counted(said, said.reference, parts, 1) if kind in ("school", "business") else None
    found = () if last is None else (last,)
    return k, Reading("duration", None, last, found, "span", "length of time", (count, kind or name))


def _weekdays_from(said: Said, i: int, day: Day) -> Hit | None:
    """Read "three Fridays from now", "two Thursdays back"."""
    count = cardinal(said, i)
    if count is None:
        return None
    j, n = count
    w = PLURAL_WEEKDAYS.get(said.word(j))
    if w is None or not 1 <= n <= 60:
        return None
    ref = said.reference
    if said.word(j + 1) == "from" and said.word(j + 2) in _NOW:
        return j + 3, one_day(plus(next_weekday(ref, w), 7 * (n - 1)), why="weekdays from now")
    if said.word(j + 1) in ("ago", "back"):
        return j + 2, one_day(plus(last_weekday(ref, w), -7 * (n - 1)), why="weekdays ago")
    return None


def counted_weekday(said: Said, i: int, name: tuple[int, int], day: Day) -> Hit | None:
    """Read what follows a weekday when it is counted: "Monday two weeks from now", "Sunday three weeks after ..."."""
    got = amount(said, name[0])
    if got is None:
        return None
    hit = _from(said, got[0], got[1], day)
    if hit is None or hit[1].first is None:
        return None
    where = monday(hit[1].first) + timedelta(days=name[1])
    if name[1] == 6:  # weeks may begin on Sunday
        return hit[0], one_day(where - timedelta(days=7), where, why="weekday of a counted week")
    return hit[0], one_day(where, why="weekday of a counted week")
