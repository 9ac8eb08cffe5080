"""Mentions of dates in a text: the parts of the grammar put together, with "by", "before", "from" around them."""

from __future__ import annotations

from datetime import date, timedelta

from casefile.records import SchoolCalendar
from extract.dates import days, named, offsets, periods
from extract.dates.cursor import Said, longer
from extract.dates.tokens import tokens
from extract.dates.values import Hit, Mention, Reading, last_weekday, make, next_weekday, one_day, plus, shift, stretch
from extract.dates.words import (
    MONTHS,
    PLURAL_WEEKDAYS,
    SPANS,
    WEEKDAYS,
    words,
)

_DEPTH = 5
_EVERY = words("every each any everyday")
_STARTS = (
    frozenset(MONTHS) | frozenset(WEEKDAYS) | frozenset(SPANS) | frozenset(named._BY_FIRST) | named._BREAKS
    | words(
    "the a an this that next last past previous prior coming upcoming following current today todays today's "
    "tonight tonight's tomorrow tomorrows tomorrow's tmrw tmr tomorow yesterday yesterday's within inside in "
    "by before after since until till til through thru no not starting beginning start begin from between on "
    "early late mid middle end rest remainder remaining later earlier eod cob eom eoy eow bom boy q h day "
    "couple few several another close around about first second third our your his her my anytime sometime "
    "less more at as over year years prior"
)
)  # fmt: skip


def find_dates(text: str, reference: date, calendar: SchoolCalendar | None = None) -> tuple[Mention, ...]:
    """Return the dates, stretches of days and lengths of time said in `text`, in order of place.

    Relative words count from `reference`, the day of the meeting. School days and named days need `calendar`.
    """
    return read(text, reference, calendar)


def read(
    text: str,
    reference: date,
    calendar: SchoolCalendar | None = None,
    *,
    lenient: bool = False,
    before: date | None = None,
) -> tuple[Mention, ...]:
    """Return the mentions of `text`; `lenient` if it is known to be a time expression, `before` the day last named."""
    said = Said(tokens(text), reference, calendar, lenient, before)
    found: list[tuple[int, int, Reading]] = []
    i, n = 0, len(said.tokens)
    starts = _starts(calendar)
    while i < n:
        token = said.tokens[i]
        if token.kind == "word" and token.text not in starts:
            i = _skip_repeated(said, i) if token.text in _EVERY else i + 1
            continue
        if token.kind in ("mark", "time") and token.text != "=":
            i += 1
            continue
        hit = _safely(said, i)
        if hit is None or hit[0] <= i:
            i += 1
            continue
        begin = i
        found.append((begin, hit[0], hit[1]))
        if hit[1].first is not None and hit[1].kind == "day":
            said.before = hit[1].first
        i = hit[0]
    return _mentions(text, said, _corrected(said, found))


def _safely(said: Said, i: int) -> Hit | None:
    """Return what is read at `i`, nothing where it lies beyond the years a date can have."""
    try:
        return mention(said, i)
    except (OverflowError, ValueError):
        return None


_CACHE: dict[int, frozenset[str]] = {}


def _starts(calendar: SchoolCalendar | None) -> frozenset[str]:
    if calendar is None or not calendar.named:
        return _STARTS
    names = named._names(calendar)
    return _STARTS | frozenset(names) | frozenset(f"{w}s" for w in names)


def _skip_repeated(said: Said, i: int) -> int:
    """Return the index after what "every" repeats: such days are no deadline."""
    j = i + 1
    while j < len(said.tokens) and j < i + 8:
        token = said.tokens[j]
        week = token.text in WEEKDAYS or token.text in PLURAL_WEEKDAYS
        if (
            week
            or token.text in SPANS
            or token.text in MONTHS
            or token.kind in ("number", "ordinal", "date", "time")
            or token.text in ("other", "single", "school", "-", "the", "of", "day", "morning", "night")
            or (token.text in ("and", "or", ",", "through") and said.at(j + 1).text in WEEKDAYS)
        ):
            j += 1
        else:
            break
    return j


def base(said: Said, i: int) -> Hit | None:
    """Read a day, a period or a counted day at `i`: whatever reads the most words."""
    if said.deep >= _DEPTH:
        return None
    if i in said.memo:
        return said.memo[i]
    said.deep += 1
    try:
        hit = _base(said, i)
    finally:
        said.deep -= 1
    said.memo[i] = hit
    return hit


def _base(said: Said, i: int) -> Hit | None:
    hit = longer(
        named.calendar_name(said, i),
        days.dated(said, i),
        days.weekday(said, i),
        named.holiday(said, i),
        named.school_break(said, i),
        offsets.offset(said, i, base),
        periods.part_of(said, i, base),
        days.relative_day(said, i),
        days.bare_day(said, i),
        _weekday_around(said, i),
        _period_weekday(said, i),
        _end_of_day(said, i),
    )
    return hit


def _weekday_around(said: Said, i: int) -> Hit | None:
    """Read "the Monday after conferences", "the Friday before", "Monday two weeks from now"."""
    j = said.skip(i, ("the", "that"))
    name = days.weekday_at(said, j)
    count_day = None
    if name is None and said.word(j) == "day":
        count_day, name = True, (j + 1, -1)
    if name is None:
        return None
    k, w = name
    if said.word(k) in ("after", "before", "following") and not said.phrase(k, "after", "next"):
        sign = -1 if said.word(k) == "before" else 1
        if said.word(k + 1) == "that" and said.before is not None:
            return k + 2, _around(said.before, w, sign)
        hit = base(said, k + 1)
        if hit is not None and hit[1].kind in ("day", "range"):
            edge = hit[1].first if sign < 0 else (hit[1].last or hit[1].first)
            if edge is None:
                return hit[0], Reading("day", None, None, hit[1].candidates, "day", "beside an unknown day")
            if sign > 0 and hit[1].grain == "event" and "break" in said.word(hit[0] - 1):
                edge = _break_end(said, edge)
            return hit[0], _around(edge, w, sign)
        if count_day:
            return None
        if hit is None and said.before is not None and said.ends(k + 1):
            return k + 1, _around(said.before, w, sign)
        return None
    if count_day:
        return None
    return offsets.counted_weekday(said, i, name, base)


def _break_end(said: Said, first: date) -> date:
    """Return the last day without school of the break that begins on `first`."""
    from casefile.days import is_school_day

    day = first
    while not is_school_day(day + timedelta(days=1), said.calendar) and (day - first).days < 60:
        day += timedelta(days=1)
    return day


def _around(edge: date, w: int, sign: int) -> Reading:
    if w < 0:
        return one_day(plus(edge, sign), why="day beside a day")
    return one_day(next_weekday(edge, w) if sign > 0 else last_weekday(edge, w), why="weekday beside a day")


def _period_weekday(said: Said, i: int) -> Hit | None:
    """Read "next week Wednesday", "next week on Friday", "next year's March"."""
    hit = periods.whole(said, i, base) if said.word(i) in ("next", "this", "last", "the", "following") else None
    if hit is None or hit[1].grain != "week" or hit[1].first is None:
        return None
    j = said.skip(hit[0], ("on", ",", "-"))
    name = days.weekday_at(said, j)
    if name is None or (said.word(hit[0]) == "," and said.word(i) != "next"):
        return None
    return name[0], one_day(plus(hit[1].first, name[1]), why="weekday of a week")


_CALENDAR_EDGES = words("by before until till")


def _end_of_day(said: Said, i: int) -> Hit | None:
    """Read "end of the day tomorrow", "by close of business"; "at the end of the day" is a figure of speech."""
    j = said.skip(i, ("the",))
    if said.word(j) not in ("end", "close") or said.word(j + 1) != "of":
        return None
    k = said.skip(j + 2, ("the", "school", "business"))
    k = said.skip(k, ("school", "business", "day"))
    k = said.skip(k, ("day",))
    if k == j + 2 or said.word(k - 1) not in ("day", "business"):
        return None
    n = said.skip(k, (",", "on"))
    later = days.weekday(said, n) or days.relative_day(said, n)
    if later is not None:
        return later
    before = said.word(i - 2) if said.word(i - 1) == "the" else said.word(i - 1)
    if before in _CALENDAR_EDGES or (j == i and before not in ("at", "in") and said.word(j + 2) != "the"):
        return k, one_day(said.reference, why="end of day")
    return None


# --- words around a date ---------------------------------------------------------------------

_BEFORE = (
    ("no", "later", "than"), ("not", "later", "than"), ("earlier", "than"), ("sooner", "than"), ("on", "or", "before"),
    ("before", "or", "on"), ("on", "or", "earlier", "than"), ("prior", "to"), ("up", "until"), ("up", "to"),
    ("ahead", "of"), ("before",), ("by",), ("until",), ("till",), ("til",), ("through",), ("thru",),
)  # fmt: skip
_AFTER = (
    ("later", "than", "or", "on"), ("later", "than"), ("no", "earlier", "than"), ("on", "or", "after"),
    ("after", "or", "on"), ("starting", "from"), ("starting", "on"), ("starting",), ("beginning", "on"),
    ("beginning",), ("after",), ("since",), ("as", "of"), ("effective",), ("as", "early", "as"), ("following",),
    ("from",), ("start",), ("begin",),
)  # fmt: skip
_STRICT = frozenset(("before", "earlier", "sooner", "prior", "ahead"))


def mention(said: Said, i: int) -> Hit | None:
    """Read a mention at `i`: a range, a day with "by" or "before" around it, or what stands by itself."""
    word = said.word(i)
    if word in ("from", "between"):
        hit = _between(said, i)
        if hit is not None:
            return hit
    hit = _led(said, i, _BEFORE, True) or _led(said, i, _AFTER, False)
    if hit is not None:
        return hit
    if word in ("by", "until", "till", "before") and said.word(i + 1) == "then":
        return i + 2, one_day(said.before, why="then")
    one = base(said, i)
    if one is None:
        return _dom_range(said, i)
    joined = _to(said, i, one) or _dom_range(said, i)
    if joined is not None and joined[0] > one[0]:
        return joined
    if one[1].kind != "duration" and said.word(one[0]) in ("or", "and") and one[1].first is not None:
        if said.word(one[0] + 1) in ("later", "after"):
            return one[0] + 2, stretch(one[1].first, None, "span", "and later")
        if said.word(one[0] + 1) in ("earlier", "before"):
            return one[0] + 2, stretch(None, one[1].last, "span", "and earlier")
    return one


def _led(said: Said, i: int, leads: tuple[tuple[str, ...], ...], before: bool) -> Hit | None:
    """Read a day or period with a word before it that makes it a bound."""
    word = said.word(i)
    for lead in leads:
        if lead[0] != word:
            continue
        j = said.phrase(i, *lead)
        if j is None:
            continue
        j = said.skip(j, ("sometime", "about", "around", "like", "maybe", "uh", ","))
        if said.word(j) == "the" and said.word(j + 1) in ("time",):
            return None
        hit = base(said, j) or _dom_led(said, j)
        if hit is None or (hit[1].kind == "duration"):
            if before and word == "by" and hit is not None:
                return hit
            continue
        if not before and word in ("starting", "beginning", "from", "start", "begin", "following", "after", "since"):
            pass
        return hit[0], _bound(said, hit[1], lead[0], before)
    return None


def _dom_led(said: Said, j: int) -> Hit | None:
    return None


def _bound(said: Said, one: Reading, lead: str, before: bool) -> Reading:
    """Return the bound a word makes of a day or a period."""
    whole_day = one.first is not None and one.first == one.last
    if before:
        if lead in _STRICT:
            if one.grain == "event" and one.first is None:
                last = plus(one.candidates[0], 0) if one.candidates else None
                return Reading("range", None, last, one.candidates, "event", "before")
            edge = one.first if not one.end else one.last
            last = plus(edge, -1) if edge is not None else None
            cands = tuple(c for c in (plus(x, -1) for x in one.candidates) if c is not None) if whole_day else ()
            return Reading("range", None, last, cands, one.grain, f"before {one.why}", yearless=one.yearless)
        if lead in ("by", "no", "not", "on"):
            if one.kind == "day":
                return one
            if one.first is None and one.last is None:
                return one
            return _by(one, lead)
        if one.kind == "day":
            return Reading("range", None, one.last, one.candidates, one.grain, f"until {one.why}", dom=one.dom)
        return Reading("range", None, one.last, (), one.grain, f"until {one.why}", end=one.end)
    first = one.first
    if lead in ("after", "later", "following") and one.kind == "range" and one.last is not None:
        first = plus(one.last, 1) if not one.why.startswith(("beginning", "early")) else one.first
    if one.kind == "day" and lead in ("starting", "beginning", "start", "begin", "as", "effective", "from"):
        return Reading("range", first, None, one.candidates, one.grain, f"from {one.why}")
    return Reading("range", first, None, one.candidates, one.grain, f"after {one.why}")


def _by(one: Reading, lead: str) -> Reading:
    """Return the last day of a period as the day meant by "by": Friday of a week."""
    if one.end and one.grain == "week" and one.first is not None:
        return one_day(one.first, why="by the end").but(grain="week", end=True)
    if one.grain in ("month", "quarter", "year") and one.end:
        return one_day(one.last, why="by the end").but(grain=one.grain, end=True)
    return Reading("range", None, one.last, one.candidates, one.grain, f"by {one.why}", one.counted)


_TO = ("to", "through", "thru", "until", "till", "-", "–", "—", "til")


def _edge(said: Said, i: int) -> Hit | None:
    if said.word(i) in ("now",):
        return i + 1, one_day(said.reference, why="now")
    if said.word(i) in ("current", "this") and said.word(i + 1) in ("date",):
        return i + 2, one_day(said.reference, why="now")
    return base(said, i)


def _between(said: Said, i: int) -> Hit | None:
    """Read "from X to Y", "between X and Y"."""
    j = i + 1
    links = (*_TO, "and") if said.word(i) == "between" else _TO
    doms = _dom_range(said, j, links)
    one = _edge(said, j)
    full = _to(said, j, one, links) if one is not None else None
    return longer(doms, full)


def _to(said: Said, i: int, one: Hit, links: tuple[str, ...] = _TO) -> Hit | None:
    """Read "to Y" after a day or period X."""
    j = said.skip(one[0], (",",)) if said.word(one[0] + 1) in ("through", "until", "till") else one[0]
    if said.word(j) not in links or one[1].kind == "duration":
        return None
    if said.word(j) in ("until", "till", "to") and said.word(j + 1) in ("then",):
        return None
    k = j + 1
    two = _edge(said, k)
    alone = _end_dom(said, k, one[1])
    if alone is not None and (two is None or two[0] <= alone[0]):
        return alone
    if two is None or two[1].kind == "duration":
        return alone
    first, last = one[1].first, two[1].last
    if first is None and last is None:
        return two[0], stretch(None, None, "span", "from to")
    if one[1].yearless and not two[1].yearless and last is not None and first is not None:
        while first > last and first.year > 1:
            first = first.replace(year=first.year - 1)
        if first.year != last.year and one[1].grain == two[1].grain:
            moved = first.replace(year=last.year) if not (first.month == 2 and first.day == 29) else first
            first = moved if moved <= last else moved.replace(year=last.year - 1)
    elif two[1].yearless and first is not None and last is not None:
        while last < first:
            last = _year_on(last)
    elif two[1].weekday is not None and first is not None and last is not None and last < first:
        last = next_weekday(first, two[1].weekday)
    elif two[1].weekday is not None and one[1].weekday is not None and first is not None and last is not None:
        if (last - first).days > 7:
            last = next_weekday(first, two[1].weekday)
    elif two[1].dom is not None and first is not None:
        last = _dom_after(first, two[1].dom)
    return two[0], stretch(first, last, "span", "from to")


def _year_on(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if day.month == 2 and day.day == 29 else day.day)


def _dom_after(first: date, dom: int) -> date | None:
    for k in range(3):
        month = shift(first.replace(day=1), k, "month")
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day >= first:
            return day
    return None


def _end_dom(said: Said, k: int, one: Reading) -> Hit | None:
    """Read the bare day at the end of "July 13 to 15", "the twelfth to the thirtieth"."""
    if one.kind != "day" or one.first is None or one.weekday is not None:
        return None
    got = days.day_number(said, k)
    if got is None:
        return None
    nxt = said.at(got[0])
    if days.month_at(said, got[0]) is not None or nxt.text in ("of", "/", ":", "am", "pm") or nxt.kind in ("time",):
        return None
    late = days.year_after(said, got[0])
    first = one.first
    end = got[0]
    if late is not None and one.yearless:
        end = late[0]
        moved = make(late[1], first.month, first.day)
        first = moved or first
    last = _dom_after(first, got[1])
    return end, stretch(first, last, "span", "from to")


def _dom_range(said: Said, i: int, links: tuple[str, ...] = _TO) -> Hit | None:
    """Read "13 to 15th of July", "the 4 to 23 next month", "November between 19 and 20"."""
    month = days.month_at(said, i)
    if month is not None and said.word(month[0]) in ("between", "from"):
        got = _two_doms(said, month[0] + 1, (*_TO, "and"))
        if got is None:
            return None
        end, a, b = got
        y = days.year_after(said, end)
        return _doms_of(said, y[0] if y else end, a, b, month[1], y[1] if y else None)
    got = _two_doms(said, i, links)
    if got is None:
        return None
    end, a, b = got
    k = said.skip(end, ("of", "in"))
    k = said.skip(k, ("the",))
    month = days.month_at(said, k)
    if month is not None:
        y = days.year_after(said, month[0])
        return _doms_of(said, y[0] if y else month[0], a, b, month[1], y[1] if y else None)
    if said.word(k + 1) == "month" and said.word(k) in ("next", "this", "last"):
        step = {"next": 1, "this": 0, "last": -1}[said.word(k)]
        start = shift(said.reference.replace(day=1), step, "month")
        if start is not None:
            first, last = make(start.year, start.month, a), make(start.year, start.month, b)
            return k + 2, stretch(first, last, "span", "days of a month")
    return None


def _two_doms(said: Said, i: int, links: tuple[str, ...]) -> tuple[int, int, int] | None:
    one = days.day_number(said, i)
    if one is None or said.word(one[0]) not in links:
        return None
    two = days.day_number(said, one[0] + 1)
    if two is None:
        # "from 4 to January 22": the month stands before the second day
        return None
    return two[0], one[1], two[1]


def _doms_of(said: Said, end: int, a: int, b: int, m: int, y: int | None) -> Hit:
    last = days.resolve_dated(said.reference, y, m, b).last
    first = make(last.year, m, a) if last is not None else None
    if first is not None and last is not None and first > last:
        first = shift(first, -1, "month")
    return end, stretch(first, last, "span", "from to")


# --- after reading ---------------------------------------------------------------------------

_NO = words("no wait sorry actually rather")


_TAKEN_BACK = (("i", "mean"), ("make", "that"), ("scratch", "that"), ("or", "rather"), ("or", "no"), ("excuse", "me"))


def _corrected(said: Said, found: list[tuple[int, int, Reading]]) -> list[tuple[int, int, Reading]]:
    """Leave out a day that is taken back on the spot: "Tuesday, no, Wednesday"."""
    kept: list[tuple[int, int, Reading]] = []
    for k, one in enumerate(found):
        if k + 1 < len(found):
            after = found[k + 1]
            between = [t.text for t in said.tokens[one[1] : after[0]] if t.kind != "mark"]
            back = 0 < len(between) <= 4 and (between[0] in _NO or tuple(between[:2]) in _TAKEN_BACK)
            if back and between[-1] not in ("later", "earlier") and one[2].kind == after[2].kind:
                continue
        kept.append(one)
    return kept


def _mentions(text: str, said: Said, found: list[tuple[int, int, Reading]]) -> tuple[Mention, ...]:
    return tuple(_placed(text, said.tokens[i].start, said.tokens[j - 1].end, one) for i, j, one in found)


def _placed(text: str, start: int, end: int, one: Reading) -> Mention:
    return Mention(
        start=start,
        end=end,
        text=text[start:end],
        kind=one.kind,
        first=one.first,
        last=one.last,
        candidates=one.candidates,
        grain=one.grain,
        why=one.why,
        counted=one.counted,
    )


__all__ = ["find_dates", "read"]
