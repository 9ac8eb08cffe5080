"""Mentions of dates in a text: the parts of the grammar put together and run along the tokens."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from casefile.records import SchoolCalendar
from extract.dates import bounds, days, named, offsets, periods
from extract.dates.atoms import weekday_at
from extract.dates.calendar_names import calendar_first_words, calendar_name
from extract.dates.cursor import Said, longer
from extract.dates.dated import dated, spoken_numbers
from extract.dates.lists import settled
from extract.dates.numbers import bare_day
from extract.dates.tokens import tokens
from extract.dates.values import Hit, Mention, Reading, last_weekday, monday, next_weekday, one_day, plus, stretch
from extract.dates.weekdays import weekday
from extract.dates.words import MONTHS, PLURAL_WEEKDAYS, SPANS, WEEKDAYS, words

_DEPTH = 5  # "a week from the Monday after the first of the month" needs three
_NUMBERED = ("date", "day of the month", "day of a month", "weekday and day")
_EVERY = words("every each any everyday")
_STARTS = (
    frozenset(MONTHS)
    | frozenset(f"{month}{own}" for month in MONTHS for own in ("'s", "’s"))
    | frozenset(WEEKDAYS)
    | frozenset(SPANS)
    | named.FIRST_WORDS
    | bounds.FIRSTS
    | words(
        "the a an this that next last past previous prior coming upcoming following current today todays "
        "today's tonight tonight's tomorrow tomorrows tomorrow's tmrw tmr tomorow yesterday yesterday's "
        "within inside in from between early late mid middle end rest remainder remaining later earlier eod "
        "cob eom eoy eow bom boy q h couple few several half another close first our your his her my over spring "
        "summer fall autumn winter all"
    )
)


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
    starts = _starts(calendar)
    found: list[tuple[int, int, Reading]] = []
    i, n = 0, len(said.tokens)
    while i < n:
        token = said.tokens[i]
        if token.kind == "word" and token.text not in starts:
            i = _skip_repeated(said, i) if token.text in _EVERY else i + 1
            continue
        hit = _safely(said, i) if token.kind not in ("mark", "time") else None
        if hit is None or hit[0] <= i:
            i += 1
            continue
        found.append((i, hit[0], hit[1]))
        if hit[1].first is not None and hit[1].kind == "day":
            said.before = hit[1].first
            said.listed = hit[0] if hit[1].why in _NUMBERED else -9
            said.memo.clear()
        i = hit[0]
    return tuple(_placed(text, said, *one) for one in settled(said, found))


def _safely(said: Said, i: int) -> Hit | None:
    """Return what is read at `i`, nothing where it lies beyond the years a date can have."""
    try:
        return mention(said, i)
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=32)
def _starts(calendar: SchoolCalendar | None) -> frozenset[str]:
    """Return the words a mention can begin with."""
    return _STARTS if calendar is None else _STARTS | calendar_first_words(calendar)


def _skip_repeated(said: Said, i: int) -> int:
    """Return the index after what "every" repeats: such days are no deadline."""
    j = i + 1
    while j < min(len(said.tokens), i + 8):
        token = said.tokens[j]
        counts = token.kind in ("number", "ordinal", "date", "time")
        if (
            counts
            or token.text in WEEKDAYS
            or token.text in PLURAL_WEEKDAYS
            or token.text in SPANS
            or token.text in MONTHS
            or token.text in ("other", "single", "school", "-", "the", "of", "morning", "night")
            or (token.text in ("and", "or", ",", "through") and said.at(j + 1).text in WEEKDAYS)
        ):
            j += 1
        else:
            break
    return j


def mention(said: Said, i: int) -> Hit | None:
    """Read a mention at `i`: a range, a day with "by" or "before" around it, or what stands by itself."""
    word = said.word(i)
    if word in ("from", "between"):
        hit = bounds.between(said, i, base)
        if hit is not None:
            return hit
    if word in bounds.FIRSTS:
        own = base(said, i) if word == "following" else None  # "the following Friday"
        hit = own or bounds.led(said, i, base)
        if hit is not None:
            return hit
        if word in ("by", "until", "till", "before") and said.word(i + 1) == "then":
            return i + 2, one_day(said.before, why="then")
    one = base(said, i)
    pair = bounds.numbered(said, i)
    if one is None:
        return pair
    joined = longer(bounds.to(said, one, base), pair)
    if joined is not None and joined[0] > one[0]:
        return joined
    return bounds.later_or_earlier(said, one) or one


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
    return longer(
        calendar_name(said, i),
        dated(said, i),
        weekday(said, i),
        named.holiday(said, i),
        named.school_break(said, i),
        offsets.offset(said, i, base),
        periods.part_of(said, i, base),
        days.relative_day(said, i),
        bare_day(said, i),
        spoken_numbers(said, i),
        _beside(said, i),
        _week_and_day(said, i),
        _end_of_day(said, i),
    )


def _beside(said: Said, i: int) -> Hit | None:
    """Read "the Monday after conferences", "the day before the break", "Monday two weeks from now"."""
    j = said.skip(i, ("the", "that"))
    name = (j + 1, _UNITS_BESIDE[said.word(j)]) if said.word(j) in _UNITS_BESIDE else weekday_at(said, j)
    if name is None:
        return None
    k, w = name
    if said.word(k) in ("of", "in") and w >= 0:
        return _of_week(said, k + 1, w)
    if said.word(k) not in ("after", "before", "following") or said.phrase(k, "after", "next"):
        back = _way_back(said, k) if w >= 0 else None
        if back is not None:  # "the Tuesday we get back"
            return back[0], _around(back[1] - timedelta(days=1), w, 1)
        return offsets.counted_weekday(said, i, name, base) if w >= 0 else None
    sign = -1 if said.word(k) == "before" else 1
    back = _way_back(said, k + 1)
    if back is not None and w >= 0:
        return back[0], _around(back[1] - timedelta(days=1) if sign > 0 else back[1], w, sign)
    if said.before is not None and (said.word(k + 1) == "that" or (w >= 0 and said.ends(k + 1))):
        return said.skip(k + 1, ("that",)), _around(said.before, w, sign)
    hit = base(said, k + 1)
    if hit is None or hit[1].kind == "duration":
        return None
    edge = hit[1].first if sign < 0 else (hit[1].last or hit[1].first)
    if edge is None:
        return hit[0], Reading("day", None, None, hit[1].candidates, "day", "beside an unknown day")
    if sign > 0 and hit[1].grain == "event" and said.word(hit[0] - 1) == "break":
        edge = _break_end(said, edge)
    return hit[0], _around(edge, w, sign)


def _way_back(said: Said, k: int) -> tuple[int, date] | None:
    """Return the index after "we get back from the break" at `k` and the first day back, where it can be told."""
    if said.word(k) not in ("we", "we're", "were", "you", "you're", "they", "they're", "he's", "she's", "school"):
        return None
    j = next((n for n in range(k + 1, k + 5) if said.word(n) == "back"), None)
    if j is None:
        return None
    if said.word(j + 1) == "from":
        hit = base(said, j + 2)
        if hit is None or hit[1].first is None:
            return None
        last = hit[1].last or hit[1].first
        end = _break_end(said, last) if said.calendar is not None else last
        return hit[0], end + timedelta(days=1)
    backs = [n.on for n in (said.calendar.named if said.calendar is not None else ()) if "back" in n.name.lower()]
    ahead = sorted(d for d in backs if d > said.reference)
    return (j + 1, ahead[0]) if ahead else None


_UNITS_BESIDE = {"day": -1, "weekend": -2}


def _of_week(said: Said, k: int, w: int) -> Hit | None:
    """Read "the week after next", "that week", "the first week of March" at `k` and return its weekday."""
    if said.before is not None and said.phrase(k, "that", "week"):
        return k + 2, one_day(plus(monday(said.before), w), why="weekday of that week")
    hit = periods.whole(said, k, base)
    if hit is None or hit[1].grain != "week" or hit[1].first is None:
        return None
    return hit[0], one_day(plus(monday(hit[1].first), w), why="weekday of a week")


def _around(edge: date, w: int, sign: int) -> Reading:
    if w == -2:
        saturday = next_weekday(edge - timedelta(days=1), 5) if sign > 0 else last_weekday(edge, 5)
        return stretch(saturday, plus(saturday, 1), "weekend", "weekend beside a day")
    if w < 0:
        return one_day(plus(edge, sign), why="day beside a day")
    return one_day(next_weekday(edge, w) if sign > 0 else last_weekday(edge, w), why="weekday beside a day")


def _break_end(said: Said, first: date) -> date:
    """Return the last day without school of the break that begins on `first`."""
    from casefile.days import is_school_day

    day = first
    while not is_school_day(day + timedelta(days=1), said.calendar) and (day - first).days < 60:
        day += timedelta(days=1)
    return day


def _week_and_day(said: Said, i: int) -> Hit | None:
    """Read "next week Wednesday", "next week on Friday"."""
    if said.word(i) not in ("next", "this", "last", "the", "following"):
        return None
    hit = periods.whole(said, i, base)
    if hit is None or hit[1].grain != "week" or hit[1].first is None:
        return None
    name = weekday_at(said, said.skip(hit[0], ("on", ",", "-")))
    if name is None or (said.word(hit[0]) == "," and said.word(i) != "next"):
        return None
    return name[0], one_day(plus(hit[1].first, name[1]), why="weekday of a week")


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
    later = weekday(said, n) or days.relative_day(said, n)
    if later is not None:
        return later
    before = said.word(i - 2) if said.word(i - 1) == "the" else said.word(i - 1)
    asked = before in ("by", "before", "until", "till", "buy")
    if asked or (j == i and before not in ("at", "in") and said.word(j + 2) != "the"):
        return k, one_day(said.reference, why="end of day")
    return None


def _placed(text: str, said: Said, i: int, j: int, one: Reading) -> Mention:
    """Return the reading with its place in the text."""
    start, end = said.tokens[i].start, said.tokens[j - 1].end
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
        part=one.part,
        bound=one.bound,
    )
