"""Words that name no date but mean one at a school: "when we're back", "that first week", "before you leave"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from casefile.days import is_school_day, last_school_day_to
from casefile.records import SchoolCalendar
from extract.dates.values import monday

Found = tuple[tuple[date, ...], str]  # the readings, the likelier first, and why


def school_day_up_to(day: date, held_on: date, calendar: SchoolCalendar) -> date:
    near = last_school_day_to(day, calendar)
    if near > held_on or near == day:
        return near
    return last_school_day_to(day)


def week_end(day: date, calendar: SchoolCalendar, held_on: date) -> Found:
    """Return the last school day of the day's week: its Friday, or the last day before it with school."""
    start = monday(day)
    school = [d for k in range(4, -1, -1) if is_school_day(d := start + timedelta(days=k), calendar)]
    if school and school[0] >= held_on:
        return (school[0],), f"the last school day of the week of {start.isoformat()}"
    return (start + timedelta(days=4),), f"the Friday of the week of {start.isoformat()}"


_BACK = re.compile(r"\b(?:come|comes|get|got|are|re|be|were|is|she's|he's|they're|we're|you're|day|kids) back\b"
                   r"|\b(?:kids|students|they|we) (?:all )?come\b", re.IGNORECASE)  # fmt: skip
_FIRST_DAYS = re.compile(r"(?<!'s )\bfirst (?P<what>day|morning|week)\b(?! of (?:the )?(?!school))", re.IGNORECASE)
_NOT_SCHOOL = re.compile(r"\b(?:desk|office|barn|car|room|you|building)\b.*$", re.IGNORECASE)
_SCHOOL_OUT = re.compile(r"school'?s out|\b(?:leave|out|off) for (?:the )?(?P<what>\w+)", re.IGNORECASE)


def back_at_school(phrase: str, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Read "when we're back", "that first week", "before we're out for Christmas" by what the calendar names."""
    back, first, out = _BACK.search(phrase), _FIRST_DAYS.search(phrase), _SCHOOL_OUT.search(phrase)
    before = re.search(r"\bbefore\b", phrase, re.IGNORECASE) is not None
    if out is not None:
        return _last_day_in(out["what"] or "summer", held_on, calendar)
    if first is None and (back is None or _NOT_SCHOOL.search(phrase[back.end() :])):
        return None
    opening = _after_named_break(phrase, held_on, calendar) or _first_day_back(held_on, calendar)
    if opening is None:
        return None
    led = phrase[: back.end()].lower() if back is not None else ""
    week = "week" in led.split() or (first is not None and first["what"].lower() == "week")
    if week and before:
        return week_end(opening - timedelta(days=7), SchoolCalendar(), held_on)
    if week:
        return week_end(opening, calendar, held_on)
    if before:
        return (school_day_up_to(opening - timedelta(days=1), held_on, calendar),), "the last school day before it"
    return (opening,), "the first day back by the calendar"


_NO_BREAK = frozenset(("back", "break", "first", "last", "end", "day"))


def _after_named_break(phrase: str, held_on: date, calendar: SchoolCalendar) -> date | None:
    """Return the first school day after the break that the phrase names ("back from winter break")."""
    said = set(re.findall(r"\w+", phrase.lower()))
    for named in sorted(calendar.named, key=lambda n: n.on):
        words = named.name.lower().split()
        if words[0] not in _NO_BREAK and "break" in words and named.on > held_on and words[0] in said:
            return _after_break(named.on, calendar)
    return None


def _first_day_back(held_on: date, calendar: SchoolCalendar) -> date | None:
    """Return the next first day of school after a break or the summer, as far as the calendar names one."""
    named = [
        n.on
        for n in calendar.named
        if re.search(r"\bback\b|first day of|resumes|returns", n.name, re.I) and n.on > held_on
    ]
    breaks = [_after_break(n.on, calendar) for n in calendar.named if "break" in n.name.lower() and n.on > held_on]
    return min(named) if named else (min(breaks) if breaks else None)


def _last_day_in(what: str, held_on: date, calendar: SchoolCalendar) -> Found | None:
    """Return the last school day before the summer or a break."""
    if what.lower() == "summer":
        ends = [n.on for n in calendar.named if "last day of school" in n.name.lower() and n.on >= held_on]
        return ((ends[0],), "the last day of school") if ends else None
    for n in sorted(calendar.named, key=lambda n: n.on):
        name = n.name.lower()
        if what.lower() in name and n.on > held_on and ("break" in name or "start" in name):
            day = school_day_up_to(n.on - timedelta(days=1), held_on, calendar)
            return (day,), f"the last school day before {name}"
    return None


def _after_break(first: date, calendar: SchoolCalendar) -> date:
    day = first
    for _ in range(30):
        day += timedelta(days=1)
        if is_school_day(day, calendar):
            return day
    return day


_NEXT_MORNING = re.compile(r"\bin the morning\b|\bfirst thing\b|\bovernight\b")
_THE_SAME_DAY = re.compile(
    r"""
      \bright\ now\b | (?<!\bby\ )(?<!\buntil\ )(?<!\bfor\ )(?<!\bfrom\ )\bnow[.!?]?$
    | \b(?:right\ )?this\ (?:second|minute)\b
    | \bin\ an?\ (?:hour|minute|bit)\b
    | \b(?:before|when|after|once|soon\ as|by\ the\ time|until|till|while)\b.{0,60}
      \b(?:leav(?:e|es|ing)|(?:get|go|goes|going|head|heading|drive)\ home|hang\ up|done|
      (?:we|i|you)\ (?:(?:take\ a\ )?break|get\ (?:up|out|upstairs|(?:back\ )?to\ (?:work|my)))|
      pulls?\ out|log\ off|desk|barn|car|room|hallway|lot|finish(?:ed)?|adjourn)\b
    | \b(?:on|at|in)\ (?:my|your|our|his|her|the)\ (?:way\ (?:out|home|back)|drive\ (?:back|home)|parking\ lot)\b
    | \bat\ (?:pick\ ?up|dismissal|the\ bell|lunch|recess|carline|drop\ ?off)\b
    | \b(?:by|before|at|after|over)\ (?:lunch|dinner|supper|dismissal|first\ bell|the\ bell|school|five|bedtime|noon)\b
    | \b(?:before|by|after|at)\ (?:\w+\ ){1,2}(?:hour|period)\b
    | \bbefore\ the\ bus(?:es)?\b
    | \b(?:right\ )?after\ this(?=[.,!?]|$)
    | \bbefore\ (?:i|you|we|y'all|everybody|anybody)\ (?:all\ )?(?:go|goes|get\ up|head\ out|walk\ out|clear\ out)\b
      (?!\ (?:to|on|over|through|back|with|for|by|and|in|into|off|out)\b)
    | \bbefore\ the\ day(?:'s|s|\ is)?\ (?:out|over|done|through)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def at_the_meeting(phrase: str, held_on: date) -> Found | None:
    """Read words that mean the day of the meeting, or the morning after it."""
    low = phrase.lower()
    if _NEXT_MORNING.search(low):
        return (held_on + timedelta(days=1),), "the morning after the meeting"
    if _THE_SAME_DAY.search(low):
        return (held_on,), "the day of the meeting"
    return None
