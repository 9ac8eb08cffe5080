"""The one day a promise is due. The meeting is on Monday, 8 February 2027, at an invented school."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from casefile.records import NamedDate, SchoolCalendar
from extract.dates.due import explain_due, last_day_named, resolve_due

MONDAY = date(2027, 2, 8)
CALENDAR = SchoolCalendar(
    no_school=(
        date(2027, 2, 12),
        date(2027, 2, 15),
        date(2027, 3, 15),
        date(2027, 3, 16),
        date(2027, 3, 17),
        date(2027, 3, 18),
        date(2027, 3, 19),
    ),
    named=(
        NamedDate(name="third quarter progress report", on=date(2027, 2, 19)),
        NamedDate(name="parent teacher conferences", on=date(2027, 2, 25)),
        NamedDate(name="end of third quarter", on=date(2027, 3, 5)),
        NamedDate(name="spring break", on=date(2027, 3, 15)),
        NamedDate(name="back from spring break", on=date(2027, 3, 22)),
        NamedDate(name="last day of school", on=date(2027, 5, 26)),
        NamedDate(name="first day of next school year", on=date(2027, 8, 23)),
    ),
)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        # a stretch is due on its last school day: Friday the twelfth is off
        ("this week", "2027-02-11"),
        ("by the end of the week", "2027-02-11"),
        ("next week", "2027-02-19"),
        ("the week of the twenty second", "2027-02-26"),
        ("by the end of the month", "2027-02-26"),
        ("middle of next week", "2027-02-17"),
        ("by the middle of March", "2027-03-12"),
        ("first full week of April", "2027-04-09"),
        # before a day is the last school day before it
        ("before conferences", "2027-02-24"),
        ("before spring break", "2027-03-12"),
        ("before Tuesday the sixteenth", "2027-02-11"),
        ("the day before the break", "2027-03-12"),
        ("before school's out", "2027-05-26"),
        # up to and with a named day
        ("till conferences", "2027-02-25"),
        ("by the next progress report", "2027-02-19"),
        ("by the end of the quarter", "2027-03-05"),
        ("the Monday after spring break", "2027-03-22"),
        # a weekend is its Sunday
        ("this weekend", "2027-02-14"),
        ("over the weekend", "2027-02-14"),
        # counted by the school's own calendar
        ("within ten school days", "2027-02-24"),
        ("ten school days, so, the twenty-fourth", "2027-02-24"),
        ("in two weeks", "2027-02-22"),
        ("within five days", "2027-02-13"),
        ("inside of three business days", "2027-02-11"),
        # one day said twice
        ("Thursday, then. The eighteenth", "2027-02-18"),
        ("on the twenty-third, it's a Tuesday", "2027-02-23"),
        ("by friday no thursday", "2027-02-11"),
        ("the end of March. The thirtieth", "2027-03-30"),
        # something that starts
        ("starting Monday", "2027-02-15"),
        ("every Thursday, starting this one", "2027-02-11"),
        ("thursdays starting this week", "2027-02-11"),
        # the day of the meeting, and the morning after it
        ("tonight", "2027-02-08"),
        ("before you leave this room", "2027-02-08"),
        ("as soon as we hang up", "2027-02-08"),
        ("on my way out", "2027-02-08"),
        ("before the end of the day", "2027-02-08"),
        ("right now", "2027-02-08"),
        ("first thing in the morning", "2027-02-09"),
        # by what the calendar calls the way back
        ("when we're back from break", "2027-03-22"),
        ("the week you're back", "2027-03-26"),
        ("the first week back from spring break", "2027-03-26"),
        ("by the first of the month", "2027-03-01"),
        ("the Wednesday after we're back from Presidents Day", "2027-02-17"),
        ("the Tuesday we get back", "2027-03-23"),
        ("within ten school days, so let's see, with the break", "2027-02-24"),
        ("I'm writing that now", "2027-02-08"),
        ("a week from Thursday", "2027-02-18"),
    ],
)
def test_a_promise_has_one_due_day(said: str, day: str) -> None:
    due = resolve_due(said, MONDAY, CALENDAR)
    assert due.phrase == said
    assert [d.isoformat() for d in due.candidates] == [day]
    assert due.on == date.fromisoformat(day)


@pytest.mark.parametrize(
    "said",
    [
        "as soon as possible",
        "down the road",
        "on Fridays",
        "weekly",
        "in April",
        "this summer",
        "sixty days from when you sign",
        "within thirty days of your consent",
        "after spring break",
        "by then",
        "the day before",
        "two days before",
        "after conferences when we go home",
        "in a few days",
        "he was out two weeks and one day he came back",
        "by now we should have it",
        "when he's home",
        "we sent it last Thursday",
    ],
)
def test_words_that_fix_no_day_have_none(said: str) -> None:
    assert resolve_due(said, MONDAY, CALENDAR).candidates == ()


def test_next_friday_has_two_honest_readings() -> None:
    due = resolve_due("by next Friday", MONDAY, CALENDAR)
    assert due.candidates == (date(2027, 2, 19), date(2027, 2, 12))
    assert due.on is None


def test_a_week_or_two_keeps_both_ends() -> None:
    due = resolve_due("in a week or two", MONDAY, CALENDAR)
    assert due.candidates == (date(2027, 2, 22), date(2027, 2, 15))


def test_next_friday_said_on_a_friday_has_one() -> None:
    assert resolve_due("by next Friday", date(2027, 2, 5), CALENDAR).on == date(2027, 2, 12)


@pytest.mark.parametrize(
    ("said", "named", "day"),
    [
        ("by then", date(2027, 2, 25), "2027-02-25"),
        ("that same day", date(2027, 2, 25), "2027-02-25"),
        ("the day before", date(2027, 2, 25), "2027-02-24"),
        ("the Monday after", date(2027, 2, 25), "2027-03-01"),
        ("that Thursday", date(2027, 2, 23), "2027-02-25"),
        ("a week ahead", date(2027, 2, 25), "2027-02-18"),
        ("two days before", date(2027, 2, 25), "2027-02-23"),
        # the thirteenth of February is a Saturday, and April was spoken of just before
        ("by the thirteenth", date(2027, 4, 6), "2027-04-13"),
    ],
)
def test_words_that_lean_on_the_day_named_before(said: str, named: date, day: str) -> None:
    assert resolve_due(said, MONDAY, CALENDAR, named=named).on == date.fromisoformat(day)


def test_the_day_named_last_is_found_in_the_talk_before() -> None:
    talk = ["Let's meet March fourth at two.", "Works for me.", "Okay, today is the first step."]
    assert last_day_named(talk, MONDAY, CALENDAR) == date(2027, 3, 4)
    assert last_day_named(["No dates here."], MONDAY, CALENDAR) is None


def test_the_reason_tells_what_was_counted_and_by_which_calendar() -> None:
    due = explain_due("within ten school days", MONDAY, CALENDAR)
    assert due.why == (
        "10 school days after 2027-02-08 (that day not counted; the district's calendar with 7 days off)"
    )


@pytest.mark.shared
def test_due_days_of_the_annotated_meetings(shared: Path) -> None:
    right = dated = kept = undated = 0
    for file in sorted((shared / "training" / "meetings").glob("*.json")):
        meeting = json.loads(file.read_text(encoding="utf-8"))
        held_on = date.fromisoformat(meeting["meeting_date"])
        given = meeting["calendar"]
        calendar = SchoolCalendar(
            no_school=tuple(date.fromisoformat(d) for d in given.get("no_school", ())),
            named=tuple(NamedDate(name=k, on=date.fromisoformat(v)) for k, v in given.get("named", {}).items()),
        )
        for item in meeting["gold"]:
            if item.get("deadline_text") is None:
                continue
            found = resolve_due(item["deadline_text"], held_on, calendar).candidates
            if item["deadline_date"]:
                dated += 1
                right += found[:1] == (date.fromisoformat(item["deadline_date"]),)
            else:
                undated += 1
                kept += not found
    assert dated > 600
    assert right / dated >= 0.91
    assert kept / undated >= 0.80
