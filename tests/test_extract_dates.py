"""What people say at a meeting, and the days it means. The meeting is on Monday, 8 February 2027."""

from __future__ import annotations

from datetime import date

import pytest

from casefile.records import NamedDate, SchoolCalendar
from extract import find_dates
from extract.dates import Mention

MONDAY = date(2027, 2, 8)
CALENDAR = SchoolCalendar(
    no_school=(
        date(2027, 2, 15),
        date(2027, 3, 15),
        date(2027, 3, 16),
        date(2027, 3, 17),
        date(2027, 3, 18),
        date(2027, 3, 19),
        date(2027, 3, 26),
    ),
    named=(
        NamedDate(name="third quarter progress report", on=date(2027, 2, 19)),
        NamedDate(name="parent teacher conferences", on=date(2027, 2, 25)),
        NamedDate(name="end of third quarter", on=date(2027, 3, 5)),
        NamedDate(name="spring break starts", on=date(2027, 3, 15)),
        NamedDate(name="back from spring break", on=date(2027, 3, 22)),
        NamedDate(name="state testing window opens", on=date(2027, 4, 12)),
        NamedDate(name="last day of school", on=date(2027, 5, 26)),
    ),
)


def as_heard(said: str) -> str:
    """Return the words as a recogniser writes them: lower case, no commas, no full stops."""
    return said.lower().replace(",", "").replace(".", "").replace("?", "").replace("-", " ")


def dates_in(said: str, calendar: SchoolCalendar | None = None, on: date = MONDAY) -> list[Mention]:
    return [m for m in find_dates(said, on, calendar) if m.kind != "duration"]


DAYS = [
    ("I'll have it to you by Friday.", "2027-02-12"),
    ("I can do that tomorrow.", "2027-02-09"),
    ("Tomorrow morning works for me.", "2027-02-09"),
    ("Let's say the day after tomorrow.", "2027-02-10"),
    ("She called the day before yesterday.", "2027-02-06"),
    ("We can meet Thursday at two.", "2027-02-11"),
    ("I'll mail it this Wednesday.", "2027-02-10"),
    ("This coming Friday, then.", "2027-02-12"),
    ("Friday of next week is open.", "2027-02-19"),
    ("Wednesday next week is better.", "2027-02-17"),
    ("How about next week on Thursday?", "2027-02-18"),
    ("A week from Thursday, I promise.", "2027-02-18"),
    ("A week from today.", "2027-02-15"),
    ("Two weeks from tomorrow.", "2027-02-23"),
    ("It will be two weeks out.", "2027-02-22"),
    ("We'd finish in three weeks.", "2027-03-01"),
    ("Give me a couple of weeks from Friday.", "2027-02-26"),
    ("Ten days from now.", "2027-02-18"),
    ("In a month we look again.", "2027-03-08"),
    ("March fifteenth at nine.", "2027-03-15"),
    ("By March the fifteenth.", "2027-03-15"),
    ("The third of March.", "2027-03-03"),
    ("The twenty-second of February.", "2027-02-22"),
    ("Friday the nineteenth works.", "2027-02-19"),
    ("Friday, March fifth, at one.", "2027-03-05"),
    ("Tuesday the second of March.", "2027-03-02"),
    ("by the fifteenth we will know", "2027-02-15"),
    ("I can send it on the twenty-third.", "2027-02-23"),
    ("No later than the first.", "2027-03-01"),
    ("the 24th at three thirty", "2027-02-24"),
    ("Can we do 2/26?", "2027-02-26"),
    ("March 1st, 2027", "2027-03-01"),
    ("May the fourth of this year", "2027-05-04"),
    ("January twentieth twenty twenty eight", "2028-01-20"),
    ("the last Friday in February", "2027-02-26"),
    ("the second Wednesday of March", "2027-03-10"),
    ("first Monday in April", "2027-04-05"),
    ("three Fridays from now", "2027-02-26"),
    ("Monday after next", "2027-02-22"),
    ("by the end of the month", "2027-02-28"),
    ("by the end of next week", "2027-02-19"),
    ("by the end of the week", "2027-02-12"),
    ("end of day tomorrow", "2027-02-09"),
    ("by close of business Wednesday", "2027-02-10"),
    ("before the end of the day", "2027-02-08"),
    ("I'll do it tonight.", "2027-02-08"),
    ("this afternoon you get the copy", "2027-02-08"),
    ("on Memorial Day", "2027-05-31"),
    ("by Presidents Day", "2027-02-15"),
    ("the Tuesday after Presidents Day", "2027-02-16"),
    ("the day before Valentine's Day", "2027-02-13"),
    ("the first of the year", "2028-01-01"),
    ("the twenty sixth of feb", "2027-02-26"),
    ("february the um nineteenth", "2027-02-19"),
    ("the fifteen th of march", "2027-03-15"),
    ("on three fifteen we sign", "2027-03-15"),
    ("buy friday i will send it", "2027-02-12"),
    ("a weak from friday", "2027-02-19"),
    ("a week Thursday", "2027-02-18"),
    ("half a year from now", "2027-08-08"),
    ("Monday of the week after next", "2027-02-22"),
    ("the Tuesday of the first week of March", "2027-03-02"),
    ("the second to last day of March", "2027-03-30"),
    ("by the start of next month", "2027-03-01"),
    ("by the beginning of the year", "2028-01-01"),
    ("next Tuesday, the sixteenth", "2027-02-16"),
    ("this Friday, February twelfth", "2027-02-12"),
    ("the 4th of July", "2027-07-04"),
    ("by Diwali", "2027-10-29"),
    ("we are out on Rosh Hashanah", "2027-10-02"),
    ("the twenty 6th works", "2027-02-26"),
    ("by the 20 sixth", "2027-02-26"),
    ("by the the nineteenth", "2027-02-19"),
    ("by the, uh, nineteenth", "2027-02-19"),
    ("by the nineteen we have it", "2027-02-19"),
    ("Friday's fine", "2027-02-12"),
    ("by month's end", "2027-02-28"),
]


@pytest.mark.parametrize(("said", "day"), DAYS)
@pytest.mark.parametrize("heard", [False, True])
def test_a_spoken_day_is_read(said: str, day: str, heard: bool) -> None:
    mentions = dates_in(as_heard(said) if heard else said)
    assert [(m.first, m.last) for m in mentions] == [(date.fromisoformat(day), date.fromisoformat(day))]
    assert mentions[0].candidates[0] == date.fromisoformat(day)


RANGES = [
    ("this week", "2027-02-08", "2027-02-14"),
    ("sometime next week", "2027-02-15", "2027-02-21"),
    ("the week after next", "2027-02-22", "2027-02-28"),
    ("the week of the twenty-second", "2027-02-22", "2027-02-28"),
    ("the week of March eighth", "2027-03-08", "2027-03-14"),
    ("the first week of March", "2027-03-01", "2027-03-07"),
    ("March's first week", "2027-03-01", "2027-03-07"),
    ("the first full week of April", "2027-04-05", "2027-04-11"),
    ("over the weekend", "2027-02-13", "2027-02-14"),
    ("next month", "2027-03-01", "2027-03-31"),
    ("early next week", "2027-02-15", "2027-02-17"),
    ("later this week", "2027-02-11", "2027-02-14"),
    ("in March", "2027-03-01", "2027-03-31"),
    ("sometime in May", "2027-05-01", "2027-05-31"),
    ("from March first to March fifth", "2027-03-01", "2027-03-05"),
    ("from the third through the fifth of March", "2027-03-03", "2027-03-05"),
    ("March 1 through 5", "2027-03-01", "2027-03-05"),
    ("between Monday and Thursday", "2027-02-15", "2027-02-18"),
    ("the next three days", "2027-02-09", "2027-02-11"),
    ("within five days", "2027-02-08", "2027-02-13"),
    ("before Friday", None, "2027-02-11"),
    ("until the nineteenth", None, "2027-02-19"),
    ("starting Monday", "2027-02-15", None),
    ("starting March first", "2027-03-01", None),
    ("this summer", None, None),
    ("Monday to Wednesday next week", "2027-02-15", "2027-02-17"),
    ("from January fourth to February twentieth", "2027-01-04", "2027-02-20"),
    ("the last two months and two weeks", "2026-11-24", "2027-02-07"),
    ("before spring break", None, None),
    ("since Thursday", "2027-02-04", None),
    ("since the twentieth", "2027-01-20", None),
    ("since October", "2026-10-01", None),
    ("the weekend after Easter", "2027-04-03", "2027-04-04"),
    ("Memorial Day weekend", "2027-05-29", "2027-05-31"),
    ("the first half of March", "2027-03-01", "2027-03-15"),
    ("this coming weekend", "2027-02-13", "2027-02-14"),
    ("next school year", None, None),
]


@pytest.mark.parametrize(("said", "first", "last"), RANGES)
@pytest.mark.parametrize("heard", [False, True])
def test_a_stretch_keeps_its_first_and_last_day(said: str, first: str | None, last: str | None, heard: bool) -> None:
    mentions = dates_in(as_heard(said) if heard else said)
    assert [m.kind for m in mentions] == ["range"]
    assert mentions[0].first == (date.fromisoformat(first) if first else None)
    assert mentions[0].last == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        # on a Monday "next Friday" is the one of next week to most, this week's to some
        ("next Friday", ["2027-02-19", "2027-02-12"]),
        # the seventh was yesterday: the next one, or the one just gone
        ("the seventh", ["2027-03-07", "2027-02-07"]),
        # a Monday named on a Monday
        ("Monday", ["2027-02-15", "2027-02-08"]),
        ("last Thursday", ["2027-02-04"]),
        ("next Monday", ["2027-02-15"]),
        # the fourteenth is a Sunday; Friday the fourteenth comes in May
        ("Friday the fourteenth", ["2027-05-14", "2027-02-14", "2027-02-12"]),
        ("3-4-27", ["2027-03-04"]),
    ],
)
def test_both_readings_are_kept_the_likelier_first(said: str, days: list[str]) -> None:
    (mention,) = dates_in(f"by {said}") if "next" in said or "the" in said else dates_in(said)
    assert [d.isoformat() for d in mention.candidates] == days


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("I met with her on the third.", "2027-02-03"),
        ("We sent that Friday the fifth.", "2027-02-05"),
        ("That was last Thursday.", "2027-02-04"),
        ("I called two weeks ago.", "2027-01-25"),
        ("She came on Sunday, January thirty-first.", "2027-01-31"),
    ],
)
def test_talk_of_the_past_is_read_as_past(said: str, first: str) -> None:
    assert dates_in(said)[0].first == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Tuesday, no, Wednesday.", "2027-02-10"),
        ("by friday no thursday", "2027-02-11"),
        ("Monday, I mean, Tuesday.", "2027-02-09"),
        ("The tenth. Sorry, the eleventh.", "2027-02-11"),
        ("on Thursday, make that Friday", "2027-02-12"),
    ],
)
def test_a_day_taken_back_on_the_spot_is_left_out(said: str, day: str) -> None:
    assert [m.first for m in dates_in(said)] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Today is the eighth.", "2027-02-08"),
        ("A week from Thursday, that's the eighteenth.", "2027-02-18"),
        ("Monday is the fifteenth.", "2027-02-15"),
        ("next Friday, that's the twelfth", "2027-02-12"),
    ],
)
def test_a_day_said_twice_is_one_day(said: str, day: str) -> None:
    mentions = dates_in(said)
    assert len(mentions) == 2
    assert {m.candidates for m in mentions} == {(date.fromisoformat(day),)}


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("March third or fourth", ["2027-03-03", "2027-03-04"]),
        ("the third or the fourth of March", ["2027-03-03", "2027-03-04"]),
        ("March 9th, 10th, or 11th", ["2027-03-09", "2027-03-10", "2027-03-11"]),
        ("Monday or Wednesday of next week", ["2027-02-15", "2027-02-17"]),
        ("next Tuesday or Thursday", ["2027-02-16", "2027-02-18"]),
        ("on the 23rd and the 24th", ["2027-02-23", "2027-02-24"]),
    ],
)
def test_a_list_lends_its_month_or_week(said: str, days: list[str]) -> None:
    assert [m.first for m in dates_in(said)] == [date.fromisoformat(d) for d in days]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("We meet Thursday, and I'll have the draft by then.", "2027-02-11"),
        ("March fifth is the meeting, so before then.", "2027-03-05"),
    ],
)
def test_then_is_the_day_named_before(said: str, first: str) -> None:
    assert dates_in(said)[-1].first == date.fromisoformat(first)


def test_then_without_a_day_named_is_kept_open() -> None:
    (mention,) = dates_in("I should know by then.")
    assert (mention.text, mention.first, mention.last) == ("by then", None, None)


CALENDAR_DAYS = [
    ("at conferences", "2027-02-25", "2027-02-25"),
    ("by the next progress report", "2027-02-19", "2027-02-19"),
    ("by the end of third quarter", "2027-03-05", "2027-03-05"),
    ("by the end of the quarter", "2027-03-05", "2027-03-05"),
    ("before spring break", None, "2027-03-14"),
    ("before the break", None, "2027-03-14"),
    ("the Monday after spring break", "2027-03-22", "2027-03-22"),
    ("the Thursday before conferences", "2027-02-18", "2027-02-18"),
    ("the week of state testing", "2027-04-12", "2027-04-18"),
    ("through the last day of school", None, "2027-05-26"),
    ("by the end of the school year", "2027-05-26", "2027-05-26"),
    ("the next school day", "2027-02-09", "2027-02-09"),
]


@pytest.mark.parametrize(("said", "first", "last"), CALENDAR_DAYS)
@pytest.mark.parametrize("heard", [False, True])
def test_the_school_calendar_places_what_it_names(said: str, first: str | None, last: str | None, heard: bool) -> None:
    (mention,) = dates_in(as_heard(said) if heard else said, CALENDAR)
    assert mention.first == (date.fromisoformat(first) if first else None)
    assert mention.last == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("within ten school days", (10, "school")),
        ("thirty calendar days", (30, "calendar")),
        ("five business days", (5, "business")),
        ("within 10 business days", (10, "business")),
        ("sixty days from when you sign", (60, "day")),
        ("within sixty days of your signed consent", (60, "day")),
        ("two weeks after the evaluation is done", (2, "week")),
    ],
)
def test_a_deadline_that_needs_a_calendar_or_an_event_stays_a_length(said: str, counted: tuple[int, str]) -> None:
    (mention,) = find_dates(said, MONDAY)
    assert (mention.kind, mention.first, mention.last) == ("duration", None, None)
    assert mention.counted == counted


def test_school_days_are_not_guessed_from_an_empty_calendar() -> None:
    (mention,) = find_dates("within ten school days", MONDAY, SchoolCalendar())
    assert (mention.first, mention.last, mention.candidates) == (None, None, ())


def test_school_days_are_counted_once_the_calendar_is_known() -> None:
    (mention,) = find_dates("within ten school days", MONDAY, CALENDAR)
    assert mention.last == date(2027, 2, 23)  # the fifteenth is off
    assert mention.candidates == (date(2027, 2, 23),)


NO_DATES = """\
We may need to look at that again.
She may first want to talk to the counselor.
You may second that if you like.
May I ask a question?
Mrs. May said he did fine.
Mr. March teaches the math block.
April will be his case manager.
August has a sister in the same building.
We want him to march in the parade with his class.
The sun was in his eyes.
Give me a second.
On second thought, leave it in.
The second goal is about reading.
He sat with me for most of it.
We talked about it and we agreed.
He is on page 12 of the packet.
Turn to page fifteen.
Goals one, two and three stay the same.
He scored in the fifteenth percentile.
She got a twelve out of twenty.
His score was 4/5 on the probe.
He answered 8/10 correct.
He is seven years old.
He is reading at a third grade level.
The fifth graders go to lunch at noon.
He gets thirty minutes twice a week.
Sixty minutes a month of OT.
We meet every Friday.
She comes on Mondays and Wednesdays.
He sees the counselor every other week.
It happens three times a day.
Any Thursday works for me.
Every Monday, Wednesday and Friday he has OT.
He needs a break every hour.
Give him a break.
At the end of the day it is about the child.
One day he will thank you.
The other day he told me a story.
This is the first time we talk about it.
The fourth bullet says small group.
He is in period four with Mr. Cole.
He made a year's growth.
Have a great weekend!
It was a long week for him.
The law says 162.686.
Part 300.503 of the regulations.
It is a one to one device.
Two to four students in the group.
Call me at 314-555-0199.
Bus 23 was late.
She had a fall at recess.
Do not let him fall behind.
The Friday folder went home.
The twelve step plan did not help.
He was first in line.
Twenty twenty vision is not the point.
In five minutes we take a break.
It will be his first four-day week.
She is in the class of 2035.
His room is at Oakleaf Middle in the annex.
"""


@pytest.mark.parametrize("said", NO_DATES.splitlines())
@pytest.mark.parametrize("heard", [False, True])
def test_words_that_only_look_like_dates_are_passed_over(said: str, heard: bool) -> None:
    assert dates_in(as_heard(said) if heard else said, CALENDAR) == []


def test_mentions_come_in_order_of_place_with_their_own_words() -> None:
    said = "I'll draft it by Friday, send it the week of the twenty-second, and we meet March third at two."
    mentions = find_dates(said, MONDAY)
    assert [m.text for m in mentions] == ["by Friday", "the week of the twenty-second", "March third"]
    assert all(said[m.start : m.end] == m.text for m in mentions)


def test_a_date_with_its_year_needs_no_meeting() -> None:
    for on in (date(1999, 1, 1), date(2040, 6, 30)):
        assert [m.first for m in find_dates("due 10/31/2027", on)] == [date(2027, 10, 31)]
