"""What stands around a day: "by", "before", "starting", "from ... to", "between ... and"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from extract.dates import dated
from extract.dates.atoms import day_number, month_at
from extract.dates.cursor import Said, longer
from extract.dates.values import Hit, Reading, last_weekday, make, monday, next_weekday, one_day, plus, shift, stretch

Day = Callable[[Said, int], Hit | None]
Leads = tuple[tuple[str, ...], ...]

BEFORE: Leads = (
    ("no", "later", "than"), ("not", "later", "than"), ("earlier", "than"), ("sooner", "than"), ("on", "or", "before"),
    ("before", "or", "on"), ("on", "or", "earlier", "than"), ("prior", "to"), ("up", "until"), ("up", "to"),
    ("ahead", "of"), ("before",), ("by",), ("buy",), ("until",), ("till",), ("til",), ("through",), ("thru",),
)  # fmt: skip
AFTER: Leads = (
    ("later", "than", "or", "on"), ("later", "than"), ("no", "earlier", "than"), ("on", "or", "after"),
    ("after", "or", "on"), ("starting", "from"), ("starting", "on"), ("starting",), ("beginning", "on"),
    ("beginning",), ("after",), ("since",), ("as", "of"), ("effective",), ("as", "early", "as"), ("following",),
    ("from",), ("start",), ("begin",),
)  # fmt: skip
_STRICT = frozenset(("before", "earlier", "sooner", "prior", "ahead"))
_BY = frozenset(("by", "buy", "no", "not", "on"))
_LATER_THAN = frozenset(("after", "later", "following"))
TO = ("to", "through", "thru", "until", "till", "-", "–", "—", "til")


def led(said: Said, i: int, day: Day) -> Hit | None:
    """Read a day or period with a word before it that makes it a bound."""
    word = said.word(i)
    for lead in BEFORE if word in _FIRSTS_BEFORE else AFTER:
        j = said.phrase(i, *lead) if lead[0] == word else None
        if j is None:
            continue
        j = said.skip(j, ("sometime", "about", "around", "like", "maybe", "at", ","))
        hit = day(said, j)
        if hit is None:
            continue
        if hit[1].kind == "duration":
            if word == "by":
                return hit
            continue
        if word == "buy" and said.at(j).kind == "number":
            continue  # "buy two weeks"
        if word == "from" and (hit[1].grain == "year" or said.word(i - 1) in ("minutes", "hours", "minute", "hour")):
            return hit
        one = _behind(hit[1], said.reference) if word == "since" else hit[1]
        found = bound(one, lead[0], before=word in _FIRSTS_BEFORE)
        if found.bound == "by" and found.part == "beginning" and found.first is not None:
            return hit[0], _ahead(found, one.grain, said.reference)
        return hit[0], found
    return None


def _ahead(one: Reading, grain: str, ref: date) -> Reading:
    """Return the next beginning of a week, month or year where this one's has passed: "by the start of the year"."""
    if one.first is None or one.first >= ref or grain not in ("week", "month", "year"):
        return one
    later = shift(one.first, 1, grain)
    return one_day(later, why=one.why).but(part=one.part, bound=one.bound)


def _behind(one: Reading, ref: date) -> Reading:
    """Return the last such day before `ref` instead of the next one: "since Monday", "since October"."""
    if one.weekday is not None and one.kind == "day":
        return one.but(first=last_weekday(ref, one.weekday), last=None, candidates=())
    if one.dom is not None and one.first is not None:
        day = next((d for d in (_number_in(ref, -k, one.dom) for k in range(3)) if d is not None and d <= ref), None)
        return one.but(first=day, last=None, candidates=())
    if one.yearless and one.kind == "day" and one.first is not None and one.first > ref:
        return one.but(first=_moved_to(one.first, one.first.year - 1), last=None, candidates=())
    if one.yearless and one.kind == "range" and one.first is not None and one.first > ref and one.last is not None:
        first, last = _moved_to(one.first, one.first.year - 1), _moved_to(one.last, one.last.year - 1)
        return one.but(first=first, last=last)
    return one


_FIRSTS_BEFORE = frozenset(lead[0] for lead in BEFORE)
FIRSTS = _FIRSTS_BEFORE | frozenset(lead[0] for lead in AFTER)


def bound(one: Reading, lead: str, *, before: bool) -> Reading:
    """Return the bound a word makes of a day or a period."""
    if not before:
        first = one.first
        if (
            lead in _LATER_THAN
            and one.kind == "range"
            and one.last is not None
            and one.part not in ("beginning", "early")
        ):
            first = plus(one.last, 1)
        kept = "after" if lead in _LATER_THAN or lead in ("since", "no", "on") else "from"
        return one.but(kind="range", first=first, last=None, bound=kept)
    if lead in _STRICT:
        return _before(one)
    if lead in _BY:
        return _by(one)
    if one.grain == "year" and lead in ("until", "till", "til", "up") and not one.part:
        return one.but(kind="range", first=None, last=one.first, bound="until")
    return one.but(kind="range", first=None, bound="until")


def _before(one: Reading) -> Reading:
    if one.why == "end of day":
        return one.but(bound="by")
    edge = one.last if one.part in ("end", "late") else one.first
    if edge is None:  # a break the calendar does not place
        return one.but(kind="range", first=None, last=one.candidates[0] if one.candidates else None, bound="before")
    earlier = tuple(c for c in (plus(x, -1) for x in one.candidates) if c is not None) if one.kind == "day" else ()
    return one.but(kind="range", first=None, last=plus(edge, -1), candidates=earlier, bound="before")


def _by(one: Reading) -> Reading:
    """Return what "by" makes of a day (that day) or a period (its last day; the Friday of a week's end)."""
    if one.kind == "day" or (one.first is None and one.last is None):
        return one.but(bound="by")
    if one.part == "end" and one.first is not None and one.last is not None:
        end = one.first if one.grain == "week" else one.last
        return one_day(end, why=one.why).but(grain=one.grain, part="end", bound="by")
    if one.part == "beginning" and one.first is not None:
        return one_day(one.first, why=one.why).but(part="beginning", bound="by")
    return one.but(first=None, bound="by")


def later_or_earlier(said: Said, one: Hit) -> Hit | None:
    """Read "or later", "and after" behind a day."""
    j = one[0]
    if one[1].kind == "duration" or said.word(j) not in ("or", "and") or not said.ends(j + 2):
        return None
    if said.word(j + 1) in ("later", "after"):
        return j + 2, one[1].but(kind="range", last=None, bound="from")
    if said.word(j + 1) in ("earlier", "before"):
        return j + 2, one[1].but(kind="range", first=None, bound="until")
    return None


# --- from one day to another -----------------------------------------------------------------


def between(said: Said, i: int, day: Day) -> Hit | None:
    """Read "from X to Y", "between X and Y"."""
    links = (*TO, "and") if said.word(i) == "between" else TO
    one = _edge(said, i + 1, day)
    full = to(said, one, day, links) if one is not None else None
    return longer(numbered(said, i + 1, links), full, _month_behind(said, i + 1, links))


def _edge(said: Said, i: int, day: Day) -> Hit | None:
    if said.word(i) == "now":
        return i + 1, one_day(said.reference, why="now")
    if said.word(i) in ("current", "this") and said.word(i + 1) == "date":
        return i + 2, one_day(said.reference, why="now")
    return day(said, i)


def to(said: Said, one: Hit, day: Day, links: tuple[str, ...] = TO) -> Hit | None:
    """Read "to Y" after a day or period X."""
    j = said.skip(one[0], (",",)) if said.word(one[0] + 1) in ("through", "until", "till") else one[0]
    if said.word(j) not in links or one[1].kind == "duration" or said.word(j + 1) == "then":
        return None
    two = _edge(said, j + 1, day)
    alone = _end_number(said, j + 1, one[1])
    if alone is not None and (two is None or two[0] <= alone[0]):
        return alone
    if two is None or two[1].kind == "duration":
        return None
    return two[0], _joined(one[1], two[1], said.reference)


def _joined(one: Reading, two: Reading, ref: date) -> Reading:
    """Return the stretch from one reading to the other, the years and weeks left open made to fit."""
    first, last = one.first, two.last
    if two.grain == "year" and (two.part == "beginning" or (one.grain == "year" and not two.part)):
        last = two.first  # "2014 to 2018": up to the second year, as both reference corpora take it
    if first is None or last is None:
        return stretch(first, last, "span", "from to")
    if one.weekday is not None and two.why == "weekday of a week":  # "Monday to Wednesday next week"
        first = plus(monday(last), one.weekday)
        return stretch(first, last, "span", "from to")
    if one.yearless and not two.yearless:
        first = _year_of(first, last)
    elif two.yearless and (one.yearless or last < first):
        while last < first:
            last = _moved_to(last, last.year + 1)
        if one.yearless and one.grain == two.grain:
            return _running(first, last, ref)
    elif two.weekday is not None and (last < first or (one.weekday is not None and (last - first).days > 7)):
        last = next_weekday(first, two.weekday)
    elif two.dom is not None:
        last = _number_after(first, two.dom)
    return stretch(first, last, "span", "from to")


def _running(first: date, last: date, ref: date) -> Reading:
    """Return a stretch without a year; the one that runs on the day of speaking rather than the one to come."""
    earlier = _moved_to(last, last.year - 1)
    if first > ref and earlier >= ref:
        return stretch(_moved_to(first, first.year - 1), earlier, "span", "from to")
    return stretch(first, last, "span", "from to")


def _moved_to(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _year_of(first: date, last: date) -> date:
    """Return `first` in the year of `last`, or the year before where it would come after it."""
    moved = _moved_to(first, last.year)
    return moved if moved <= last or last.year < 3 else _moved_to(first, last.year - 1)


def _number_after(first: date, number: int) -> date | None:
    days = (_number_in(first, k, number) for k in range(3))
    return next((day for day in days if day is not None and day >= first), None)


def _number_in(near: date, months: int, number: int) -> date | None:
    """Return the day of that number so many months from the month of `near`."""
    month = shift(near.replace(day=1), months, "month")
    return make(month.year, month.month, number) if month else None


def _end_number(said: Said, k: int, one: Reading) -> Hit | None:
    """Read the bare day at the end of "July 13 to 15", "the twelfth to the thirtieth"."""
    if one.kind != "day" or one.first is None or one.weekday is not None:
        return None
    got = day_number(said, k)
    if got is None:
        return None
    nxt = said.at(got[0])
    if month_at(said, got[0]) is not None or nxt.kind == "time" or nxt.text in ("of", "/", ":", "am", "pm"):
        return None
    first, end = one.first, got[0]
    late = dated.year_after(said, end) if one.yearless else None
    if late is not None:
        end, first = late[0], make(late[1], first.month, first.day) or first
    return end, stretch(first, _number_after(first, got[1]), "span", "from to")


def numbered(said: Said, i: int, links: tuple[str, ...] = TO) -> Hit | None:
    """Read "13 to 15th of July", "the 4 to 23 next month", "November between 19 and 20"."""
    month = month_at(said, i)
    if month is not None and said.word(month[0]) in ("between", "from"):
        got = _two_numbers(said, month[0] + 1, (*TO, "and"))
        return None if got is None else _numbers_of(said, got[0], got[1], got[2], month[1])
    got = _two_numbers(said, i, links)
    if got is None:
        return None
    end, a, b = got
    k = said.skip(end, ("of", "in"))
    k = said.skip(k, ("the",))
    month = month_at(said, k)
    if month is not None:
        return _numbers_of(said, month[0], a, b, month[1])
    step = {"next": 1, "this": 0, "last": -1}.get(said.word(k))
    if said.word(k + 1) == "month" and step is not None:
        start = shift(said.reference.replace(day=1), step, "month")
        if start is not None:
            first, last = make(start.year, start.month, a), make(start.year, start.month, b)
            return k + 2, stretch(first, last, "span", "days of a month")
    return None


def _two_numbers(said: Said, i: int, links: tuple[str, ...]) -> tuple[int, int, int] | None:
    one = day_number(said, i)
    if one is None or said.word(one[0]) not in links:
        return None
    two = day_number(said, one[0] + 1)
    return None if two is None else (two[0], one[1], two[1])


def _numbers_of(said: Said, end: int, a: int, b: int, m: int) -> Hit:
    late = dated.year_after(said, end)
    end, y = late if late is not None else (end, None)
    last = dated.resolve_dated(said.reference, y, m, b).last
    first = make(last.year, m, a) if last is not None else None
    if first is not None and last is not None and first > last:
        first = shift(first, -1, "month")
    return end, stretch(first, last, "span", "from to")


def _month_behind(said: Said, i: int, links: tuple[str, ...]) -> Hit | None:
    """Read "from 4 to January 22": the month stands with the second day."""
    one = day_number(said, i)
    if one is None or said.word(one[0]) not in links:
        return None
    two = dated.dated(said, one[0] + 1)
    if two is None or two[1].first is None:
        return None
    last = two[1].first
    first = make(last.year, last.month, one[1])
    return (two[0], stretch(first, last, "span", "from to")) if first is not None and first < last else None
