"""The one day a promise is due: what the words "by the end of next week" come to on the school's calendar.

A stretch is due on its last school day, "before X" on the last school day before X, a weekend on its Sunday. Words that
mean the day of the meeting itself ("before you leave") are due then. Days named earlier in the talk come in as `named`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casefile.days import add_business_days, add_school_days, is_school_day, last_school_day_before, last_school_day_to
from casefile.records import Due, SchoolCalendar
from extract.dates.grammar import find_dates, read
from extract.dates.school import Found, at_the_meeting, back_at_school, school_day_up_to, week_end
from extract.dates.values import Mention, add_months, last_weekday, make, monday, next_weekday
from extract.dates.words import WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """When something is due, with how it was told."""

    due: Due
    why: str  # for a person: what was counted, from when, by which calendar


_LOOSE = "a length of time that does not say from when"
_UNDATED_EVENT = "runs from an event that the words do not date"
_NO_CALENDAR = "school days, which only the school's calendar can count"
_NOT_NAMED = "leans on a day that was not named"
_AFTER = "after a day, without saying how long after"
_SETTLED = (_UNDATED_EVENT, _NO_CALENDAR, _NOT_NAMED, _AFTER)  # no other words of the phrase stand in for these


def resolve_due(
    phrase: str, held_on: date, calendar: SchoolCalendar | None = None, *, named: date | None = None
) -> Due:
    """Return the due day that `phrase` means, every honest reading of it, the likelier first.

    `named` is the day last spoken of before the phrase: "by then", "that Thursday" and "the fifteenth" lean on it.
    """
    return explain_due(phrase, held_on, calendar, named=named).due


def explain_due(
    phrase: str, held_on: date, calendar: SchoolCalendar | None = None, *, named: date | None = None
) -> DueDay:
    """Return the due day of `phrase` with the reason for it, in words for a person."""
    calendar = calendar or SchoolCalendar()
    found = _leaning(phrase, held_on, calendar, named) or _read(phrase, held_on, calendar, named)
    if found is None or (not found[0] and found[1] not in _SETTLED):
        found = back_at_school(phrase, held_on, calendar) or at_the_meeting(phrase, held_on) or found
    days, why = found or ((), "the words fix no day")
    ahead = tuple(dict.fromkeys(d for d in days if d >= held_on))
    return DueDay(due=Due(phrase=phrase, candidates=ahead), why=why)


def last_day_named(texts: Iterable[str], held_on: date, calendar: SchoolCalendar | None = None) -> date | None:
    """Return the single day named last in `texts` (oldest first), for "by then" and "that day", or None."""
    calendar = calendar or SchoolCalendar()
    for text in reversed(list(texts)):
        for m in reversed(find_dates(text, held_on, calendar)):
            if m.kind != "day" and (m.grain not in ("week", "weekend") or m.bound == "before"):
                continue
            found = _due_of(m, [m], text, held_on, calendar, None)
            if found is not None and found[0] and found[0][0] != held_on:
                return found[0][0]
    return None


# --- words that lean on a day named before ---------------------------------------------------

_THAT_DAY = re.compile(r"\b(?:by then|before then|until then|till then|that (?:same )?(?:very )?(?:day|night|morning|"
                       r"afternoon|evening)|(?:the )?same (?:day|morning|night)|that one|before that)\b"
                       r"(?! (?:after|before|you|we|i|it|he|she|they|of|when)\b)")  # fmt: skip
_BESIDE = re.compile(r"\bthe (?P<what>day|next day|morning|\w+day) (?P<way>after|before|prior)(?: that)?[.!?]?$")
_AHEAD = re.compile(r"\b(?P<count>a|one|two|three|four|five|ten) (?P<unit>days?|weeks?|school days?) "
                    r"(?P<way>ahead|before|prior|earlier|in advance|after|later)[.!?]?$")  # fmt: skip
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}


def _leaning(phrase: str, held_on: date, calendar: SchoolCalendar, named: date | None) -> Found | None:
    """Read words that mean a day beside the one named before."""
    said = phrase.lower().strip()
    if match := _BESIDE.search(said):
        if named is None:
            return ((), _NOT_NAMED)
        sign = 1 if match["way"] == "after" else -1
        if match["what"] in WEEKDAYS:
            w = WEEKDAYS[match["what"]]
            day = next_weekday(named, w) if sign > 0 else last_weekday(named, w)
        else:
            day = named + timedelta(days=sign)
        return (day,), f"{match.group()}: beside {named.isoformat()}, named before"
    if match := _AHEAD.search(said):
        if named is None:
            return ((), _NOT_NAMED)
        sign = 1 if match["way"] in ("after", "later") else -1
        step = sign * _COUNTS[match["count"]] * (7 if match["unit"].startswith("week") else 1)
        return (named + timedelta(days=step),), f"{match.group()}: counted from {named.isoformat()}, named before"
    if (match := _THAT_DAY.search(said)) and not find_dates(_THAT_DAY.sub(" ", phrase.lower()), held_on):
        if named is None:
            return ((), _NOT_NAMED)
        day = last_school_day_before(named, calendar) if match.group() == "before that" else named
        return (day,), f"{match.group()}: {named.isoformat()}, named before"
    return None


# --- dates in the words ----------------------------------------------------------------------


def _read(phrase: str, held_on: date, calendar: SchoolCalendar, named: date | None) -> Found | None:
    """Read the dates in the words and bring them down to one."""
    mentions = list(read(phrase, held_on, calendar, lenient=len(phrase.split()) <= 6, before=named))
    repeated = _REPEATED.search(phrase)
    if repeated and re.search(r"\bstarting this (?:one|week|coming)\b", phrase, re.IGNORECASE):
        return (next_weekday(held_on, WEEKDAYS[repeated[1].lower()]),), "the first of them"
    if not mentions:
        return None
    chosen = _chosen(mentions)
    if chosen.grain == "event" or chosen.kind != "day":
        back = back_at_school(phrase, held_on, calendar)
        if back is not None:
            return back
    return _due_of(chosen, mentions, phrase, held_on, calendar, named)


def _chosen(mentions: list[Mention]) -> Mention:
    """Return the mention that settles the day, the later of equals.

    A date goes over a count of school days, that over a weekday, a day over a stretch; the name of an event last.
    """

    def weight(pair: tuple[int, Mention]) -> tuple[int, int]:
        place, m = pair
        if m.why in ("date", "day of the month", "weekday and day", "nth weekday") and m.first is not None:
            return 5, place
        if m.counted is not None and m.counted[1] in ("school", "business"):
            return 4, place
        if m.kind == "day" and m.first is not None:
            return (2 if m.grain == "event" and not m.bound else 3), place
        return (1 if m.first or m.last or m.counted else 0), place

    return max(enumerate(mentions), key=weight)[1]


_INEXACT = re.compile(r"\b(?:few|several)\b", re.IGNORECASE)


def _due_of(
    m: Mention, all_of: list[Mention], phrase: str, held_on: date, calendar: SchoolCalendar, named: date | None
) -> Found | None:
    if _INEXACT.search(m.text) and (m.counted is not None or m.why in ("counted from now", "later")):
        return (), "an inexact length of time"
    if m.kind == "duration":
        return _counted(m, phrase, held_on, calendar)
    if m.kind == "day":
        if m.grain == "week" and m.first is not None:
            return week_end(m.first, calendar, held_on)
        if m.grain in ("month", "quarter", "year") and m.last is not None:
            return (last_school_day_to(m.last, calendar),), "the last school day of it"
        return _one_day(m, all_of, held_on, calendar, named)
    if m.bound == "before":
        return _before(m, held_on, calendar)
    if m.bound in ("from", "after") and m.first is not None and m.last is None:
        return _from_on(m, phrase, held_on, calendar)
    return _stretch(m, held_on, calendar)


_REPEATED = re.compile(r"\b(?:every (?:other )?)?(monday|tuesday|wednesday|thursday|friday)s?\b", re.IGNORECASE)


def _from_on(m: Mention, phrase: str, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Return the first day of something that starts: "starting Monday", "Thursdays starting this week"."""
    assert m.first is not None
    if m.bound == "after":
        return (), _AFTER  # "after the break" fixes no day
    repeated = _REPEATED.search(phrase[: m.start])
    if m.grain == "week" and repeated:
        day = monday(m.first) + timedelta(days=WEEKDAYS[repeated[1].lower()])
        return (day if day >= held_on else day + timedelta(days=7),), "the first of them in that week"
    if m.grain in ("month", "quarter", "year", "season"):
        return None
    days = m.candidates or (m.first,)
    if m.why == "weekday":
        days = tuple(d for d in days if d != held_on)
    return days, f"{m.text}: from that day on"


def _one_day(
    m: Mention, all_of: list[Mention], held_on: date, calendar: SchoolCalendar, named: date | None
) -> Found | None:
    """Return the readings of a single day, those before the meeting left out."""
    if m.first is None:
        return None
    days = m.candidates or (m.first,)
    if m.why == "day of the month":
        days = _beside_others(m, all_of) or _near_named(days, m.first.day, held_on, calendar, named)
    if m.why == "day beside a day" and not is_school_day(m.first, calendar) and "before" in m.text.lower():
        return (last_school_day_to(m.first, calendar),), "the last school day before it"
    weekdays = {x.first.weekday() for x in all_of if x.why == "weekday" and x.first is not None and x is not m}
    if m.why == "day of the month" and len(weekdays) == 1:
        days = _with_weekday(m.first.day, weekdays.pop(), held_on) or days
    if m.why == "weekday" and (week := next((x for x in all_of if x.grain == "week" and x.kind == "range"), None)):
        edge = week.last or week.first
        days = (monday(edge) + timedelta(days=m.first.weekday()),) if edge else days  # "next week, which is Thursday"
    if m.why == "weekday" and held_on in days:
        days = tuple(d for d in days if d != held_on)  # who means today says "today"
    if m.why == "next weekday" and len(days) > 1 and (days[0] - held_on).days <= 8:
        days = days[:1]
    return days, f"{m.text}: {m.why}, counted from {held_on.isoformat()}"


def _beside_others(m: Mention, all_of: list[Mention]) -> tuple[date, ...]:
    """Return "the nineteenth" within or just beside another stretch of the same words, where it lies there."""
    assert m.first is not None
    for other in all_of:
        edge = other.last or other.first
        if other is m or edge is None or other.why in ("day of the month", "weekday"):
            continue
        first = other.first or edge - timedelta(days=10)
        for month in dict.fromkeys(((first.year, first.month), (edge.year, edge.month))):
            there = make(*month, m.first.day)
            if there is not None and first - timedelta(days=10) <= there <= edge + timedelta(days=3):
                return (there,)
    return ()


def _near_named(
    days: tuple[date, ...], dom: int, held_on: date, calendar: SchoolCalendar, named: date | None
) -> tuple[date, ...]:
    """Return the readings of "the fifteenth" where the next one has no school: schools seldom mean a Sunday.

    A month spoken of just before is taken then, else the next month is offered behind the near day.
    """
    if is_school_day(days[0], calendar):
        return days
    start = (days[0] if named is None or named < days[0] else named).replace(day=1)
    for k in range(3):
        month = add_months(start, k)
        there = make(month.year, month.month, dom) if month else None
        if there is not None and there > days[0] and is_school_day(there, calendar):
            sure = named is not None and (named.year, named.month) == (there.year, there.month)
            return (there,) if sure else (days[0], there) if calendar_weekend(days[0]) else (there, days[0])
    return days


def calendar_weekend(day: date) -> bool:
    """Tell whether the day is a Saturday or a Sunday."""
    return day.weekday() > 4


def _with_weekday(dom: int, weekday: int, held_on: date) -> tuple[date, ...]:
    """Return the next day of that number which is that weekday, within the half year."""
    for k in range(6):
        month = add_months(held_on.replace(day=1), k)
        day = make(month.year, month.month, dom) if month else None
        if day is not None and day >= held_on and day.weekday() == weekday:
            return (day,)
    return ()


def _counted(m: Mention, phrase: str, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Count a length of time from the meeting, unless it runs from an event nobody dated."""
    if m.counted is None or m.why == "runs from an event":
        return ((), _UNDATED_EVENT) if m.counted else None
    number, what = m.counted
    if what == "school" and not calendar.no_school:
        return (), _NO_CALENDAR
    if what == "school" and number <= 400:
        count = add_school_days(held_on, number, calendar)
        return (count.day,), count.words
    if what == "business" and number <= 400:
        count = add_business_days(held_on, number)
        return (count.day,), count.words
    if m.why == "length of time" and 2 * len(m.text) < len(phrase.strip()):
        return (), _LOOSE  # "he was out two weeks, so ..."
    days = {"day": 1, "calendar": 1, "week": 7, "fortnight": 14}.get(what)
    if days is None or number > 400:
        return None
    return (held_on + timedelta(days=days * number),), f"{number} {what}s from {held_on.isoformat()}"


def _before(m: Mention, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Return the last school day before a day; a weekday where that would lie before the meeting (summer)."""
    if m.last is None:
        if m.candidates:
            return tuple(
                school_day_up_to(c - timedelta(days=1), held_on, calendar) for c in m.candidates
            ), "before a break"
        return None
    near = [m.last, *(c for c in m.candidates if c != m.last)]
    if m.grain == "week":
        near = near[:1]
    found = tuple(school_day_up_to(d, held_on, calendar) for d in near)
    return found, f"{m.text}: the last school day before it"


def _stretch(m: Mention, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Bring a stretch down to its last school day."""
    if m.last is None:
        return None
    if m.grain == "weekend":
        if m.bound == "by":
            return (last_school_day_before(m.last - timedelta(days=1), calendar),), "the last school day before it"
        return (m.last,), "the Sunday of the weekend"
    if m.grain == "week":
        start = monday(m.last)
        if m.part == "mid":
            return (start + timedelta(days=2),), "the Wednesday of the week"
        if m.part in ("beginning", "early", "earlier"):
            return (start + timedelta(days=1),), "the Tuesday of the week"
        return week_end(m.last, calendar, held_on)
    if m.grain in ("month", "quarter", "year", "season", "decade"):
        return _long(m, calendar)
    if m.bound == "until" and m.grain == "event":
        return None if "break" in m.text.lower() else ((m.last,), f"{m.text}: up to that day")
    return (m.last,), f"{m.text}: its last day"


def _long(m: Mention, calendar: SchoolCalendar) -> Found | None:
    """Bring a month or year to a day, where the words point to one of its ends."""
    assert m.last is not None
    if m.part == "mid" and m.grain == "month":
        return (last_school_day_to(m.last.replace(day=15), calendar),), "the middle of the month"
    if m.part in ("end", "late", "later", "rest", "beginning", "early") or m.bound == "by":
        return (last_school_day_to(m.last, calendar),), "the last school day of it"
    return None  # "in April" names no day
