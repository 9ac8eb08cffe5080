"""The one place where days are counted: calendar days, business days, school days, the hours of an aim.

Every count says what it counted, from when, whether the first day itself counts, and by which calendar. Business days
are weekdays that are no federal or Missouri public holiday (the `holidays` library); a school day is a weekday that the
district's calendar does not take off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from casefile.records import SchoolCalendar

Counted = Literal["calendar days", "business days", "school days"]
FEDERAL_AND_MISSOURI = "weekdays without federal and Missouri public holidays"
_NO_CALENDAR = SchoolCalendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A day found by counting, with how it was counted."""

    day: date
    counted: Counted
    number: int  # negative for days back
    start: date
    start_counts: bool  # whether the first day itself is day one
    calendar: str

    @property
    def words(self) -> str:
        """The count as a person would say it."""
        way = "before" if self.number < 0 else "after"
        own = "that day counted" if self.start_counts else "that day not counted"
        return f"{abs(self.number)} {self.counted} {way} {self.start.isoformat()} ({own}; {self.calendar})"


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the federal and Missouri public holidays of a year, observed days included."""
    import holidays

    return frozenset(holidays.country_holidays("US", subdiv="MO", years=year))


def is_business_day(day: date) -> bool:
    """Tell whether the day is a weekday and no federal or Missouri public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def is_school_day(day: date, calendar: SchoolCalendar | None = None) -> bool:
    """Tell whether there is school: a weekday the calendar does not take off."""
    return day.weekday() < 5 and day not in (calendar or _NO_CALENDAR).no_school


def add_days(start: date, number: int, *, start_counts: bool = False) -> Count:
    """Return the day so many calendar days after `start` (before, if negative)."""
    step = number - (1 if number > 0 else -1) if start_counts and number else number
    return Count(day=start + timedelta(days=step), counted="calendar days", number=number, start=start,
                 start_counts=start_counts, calendar="every day of the year")  # fmt: skip


def add_business_days(start: date, number: int, *, start_counts: bool = False) -> Count:
    """Return the day so many business days after `start` (before, if negative)."""
    day = _walk(start, number, start_counts, is_business_day)
    return Count(day=day, counted="business days", number=number, start=start, start_counts=start_counts,
                 calendar=FEDERAL_AND_MISSOURI)  # fmt: skip


def add_school_days(
    start: date, number: int, calendar: SchoolCalendar | None = None, *, start_counts: bool = False
) -> Count:
    """Return the day so many school days after `start` (before, if negative)."""
    day = _walk(start, number, start_counts, lambda d: is_school_day(d, calendar))
    return Count(day=day, counted="school days", number=number, start=start, start_counts=start_counts,
                 calendar=calendar_words(calendar))  # fmt: skip


def calendar_words(calendar: SchoolCalendar | None) -> str:
    """Return which calendar school days are counted by, for a person to read."""
    if calendar is None or not calendar.no_school:
        return "every weekday taken as a school day, since no days off are known"
    days = len(calendar.no_school)
    return f"the district's calendar with {days} day{'s' if days != 1 else ''} off"


def _walk(start: date, number: int, start_counts: bool, counts: object) -> date:
    if not callable(counts):
        raise TypeError("counts must be callable")
    step = timedelta(days=1 if number >= 0 else -1)
    left = abs(number)
    day = start
    if left and start_counts and counts(day):
        left -= 1
    while left:
        day += step
        if counts(day):
            left -= 1
    return day


def school_days_between(first: date, last: date, calendar: SchoolCalendar | None = None) -> int:
    """Return how many school days lie between two days, the first not counted, the last counted."""
    if last < first:
        return -school_days_between(last, first, calendar)
    return sum(is_school_day(first + timedelta(days=k), calendar) for k in range(1, (last - first).days + 1))


def last_school_day_before(day: date, calendar: SchoolCalendar | None = None) -> date:
    """Return the last school day before the day, never the day itself."""
    return add_school_days(day, -1, calendar).day


def last_school_day_to(day: date, calendar: SchoolCalendar | None = None) -> date:
    """Return the day itself if there is school, else the last school day before it."""
    return day if is_school_day(day, calendar) else last_school_day_before(day, calendar)


def next_school_day(day: date, calendar: SchoolCalendar | None = None) -> date:
    """Return the first school day after the day, never the day itself."""
    return add_school_days(day, 1, calendar).day


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursLeft:
    """How much is left of an aim counted in hours from an instant."""

    aim_h: float
    start: datetime
    now: datetime

    @property
    def due(self) -> datetime:
        """The instant the aim runs out."""
        return self.start + timedelta(hours=self.aim_h)

    @property
    def hours(self) -> float:
        """Hours left; negative once it has run out."""
        return (self.due - self.now).total_seconds() / 3600


def hours_left(ended_at: datetime, now: datetime, aim_h: float = 24) -> HoursLeft:
    """Return what is left of the aim to have the letter out within `aim_h` hours of the meeting's end.

    Both instants carry their zone; ValueError if one does not.
    """
    if ended_at.tzinfo is None or now.tzinfo is None:
        raise ValueError("both instants need their zone")
    return HoursLeft(aim_h=aim_h, start=ended_at, now=now)
