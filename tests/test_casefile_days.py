"""Days counted: by the calendar, by business days, by school days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import days
from casefile.holidays import FEASTS, feast_days
from casefile.records import SchoolCalendar

CALENDAR = SchoolCalendar(no_school=(date(2027, 2, 12), date(2027, 2, 15)))
THURSDAY = date(2027, 2, 11)

any_day = st.dates(date(2000, 1, 1), date(2060, 12, 31))
off_days = st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=40)
calendars = off_days.map(lambda off: SchoolCalendar(no_school=tuple(off)))


@pytest.mark.parametrize(
    ("number", "start_counts", "day"),
    [
        (1, False, date(2027, 2, 16)),
        (1, True, THURSDAY),
        (2, True, date(2027, 2, 16)),
        (0, False, THURSDAY),
        (-1, False, date(2027, 2, 10)),
        (10, False, date(2027, 3, 1)),
    ],
)
def test_school_days_pass_over_weekends_and_days_off(number: int, start_counts: bool, day: date) -> None:
    count = days.add_school_days(THURSDAY, number, CALENDAR, start_counts=start_counts)
    assert count.day == day


def test_a_count_says_what_it_counted() -> None:
    count = days.add_school_days(THURSDAY, 10, CALENDAR)
    assert (count.counted, count.number, count.start, count.start_counts) == ("school days", 10, THURSDAY, False)
    assert count.words == (
        "10 school days after 2027-02-11 (that day not counted; the district's calendar with 2 days off)"
    )
    assert "every weekday" in days.add_school_days(THURSDAY, 1).calendar


@pytest.mark.parametrize(
    ("start", "number", "day"),
    [
        # Presidents Day is no business day
        (date(2027, 2, 12), 1, date(2027, 2, 16)),
        # Truman Day is Missouri's own: 8 May 2028 is a Monday
        (date(2028, 5, 5), 1, date(2028, 5, 9)),
        # Independence Day on a Sunday is kept on the Monday
        (date(2027, 7, 2), 1, date(2027, 7, 6)),
        (date(2026, 11, 18), 10, date(2026, 12, 3)),
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
    ],
)
def test_business_days_pass_over_federal_and_missouri_holidays(start: date, number: int, day: date) -> None:
    assert days.add_business_days(start, number).day == day


def test_calendar_days_count_every_day() -> None:
    assert days.add_days(date(2026, 11, 18), 60).day == date(2027, 1, 17)
    assert days.add_days(date(2026, 11, 18), 60, start_counts=True).day == date(2027, 1, 16)
    assert days.add_days(date(2026, 11, 18), -10).day == date(2026, 11, 8)


def test_the_last_school_day_before_a_break() -> None:
    assert days.last_school_day_before(date(2027, 2, 16), CALENDAR) == THURSDAY
    assert days.last_school_day_to(THURSDAY, CALENDAR) == THURSDAY
    assert days.last_school_day_to(date(2027, 2, 14), CALENDAR) == THURSDAY
    assert days.next_school_day(THURSDAY, CALENDAR) == date(2027, 2, 16)


def test_hours_left_of_the_aim_of_a_day() -> None:
    ended = datetime(2027, 2, 8, 15, 30, tzinfo=UTC)
    left = days.hours_left(ended, ended + timedelta(hours=20))
    assert left.hours == 4
    assert left.due == ended + timedelta(hours=24)
    assert days.hours_left(ended, ended + timedelta(hours=30)).hours == -6


def test_hours_need_a_zone() -> None:
    ended = datetime(2027, 2, 8, 15, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        days.hours_left(ended, ended.replace(tzinfo=None))


@given(any_day, st.integers(1, 80), calendars)
def test_counting_forth_and_back_meets(start: date, number: int, calendar: SchoolCalendar) -> None:
    there = days.add_school_days(start, number, calendar).day
    assert days.is_school_day(there, calendar)
    assert days.school_days_between(start, there, calendar) == number
    assert days.add_school_days(there + timedelta(days=1), -1, calendar).day == there


@given(any_day, st.integers(1, 60))
def test_business_days_only_land_on_business_days(start: date, number: int) -> None:
    there = days.add_business_days(start, number).day
    assert days.is_business_day(there)
    passed = sum(days.is_business_day(start + timedelta(days=k)) for k in range(1, (there - start).days + 1))
    assert passed == number


@pytest.mark.parametrize("name", sorted(FEASTS))
def test_every_feast_has_a_day_in_the_years_ahead(name: str) -> None:
    for year in (2026, 2027, 2028):
        found = feast_days(name, year)
        assert 1 <= len(found) <= 2
        assert all(day.year == year for day in found)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("rosh hashanah", date(2026, 9, 12)),
        ("lunar new year", date(2027, 2, 6)),
        ("eid al-fitr", date(2026, 3, 20)),
        ("diwali", date(2026, 11, 8)),
    ],
)
def test_feasts_fall_where_almanacs_put_them(name: str, day: date) -> None:
    assert feast_days(name, day.year) == (day,)
