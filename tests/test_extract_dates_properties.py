"""What holds of `find_dates` whatever is said: offsets, order, no error, cost in step with length."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefile.records import NamedDate, SchoolCalendar
from extract import find_dates
from extract.dates.due import resolve_due
from extract.dates.named import DAYS, easter

SAID = (
    "the a of in by on to from before after until next last this week month day days year friday monday the fifteenth "
    "first second third march may april two ten twenty six twenty-sixth 15 3 2027 12/1 3-4-27 , . - no or and every "
    "school business within end early break winter conferences progress report quarter then that ago out hence weeks "
    "weekend thanksgiving easter tomorrow today tonight starting between through q3 18 '27 th um of"
)
WORDS = SAID.split()
CALENDAR = SchoolCalendar(
    no_school=(date(2027, 3, 15),),
    named=(NamedDate(name="winter break", on=date(2026, 12, 21)), NamedDate(name="conferences", on=date(2027, 2, 25))),
)
spoken = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
texts = st.one_of(st.text(max_size=200), spoken, st.tuples(spoken, st.text(max_size=40)).map(" ".join))
references = st.one_of(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from([date.min, date.max]))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, references, st.sampled_from([None, SchoolCalendar(), CALENDAR]))
def test_every_mention_stands_where_it_says(said: str, on: date, calendar: SchoolCalendar | None) -> None:
    end = 0
    for m in find_dates(said, on, calendar):
        assert end <= m.start < m.end <= len(said)
        assert said[m.start : m.end] == m.text
        end = m.end
        if m.kind == "day":
            assert m.first == m.last
            assert (m.first is None) or m.candidates[0] == m.first
        assert len(set(m.candidates)) == len(m.candidates)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from([None, CALENDAR]))
def test_a_due_day_is_never_an_error(said: str, on: date, calendar: SchoolCalendar | None) -> None:
    for named in (None, on + timedelta(days=20)):
        due = resolve_due(said, on, calendar, named=named)
        assert due.phrase == said
        assert len(set(due.candidates)) == len(due.candidates)


PIECES = (
    "march 3, ", "a week from ", "the Monday after ", "the first of the ", "20 20 20 ", "before ", "every monday and ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_cost_grows_with_the_length(piece: str) -> None:
    def cost(times: int) -> float:
        said = piece * times
        spent = []
        for _ in range(5):
            began = time.process_time()
            find_dates(said, date(2027, 2, 8), CALENDAR)
            spent.append(time.process_time() - began)
        return min(spent)

    cost(50)
    assert cost(2000) < 40 * max(cost(200), 1e-4)  # ten times the text, with room for a busy machine


def test_holidays_fall_where_the_library_puts_them() -> None:
    names = {
        "New Year's Day": "new year's day",
        "Martin Luther King Jr. Day": "mlk day",
        "Washington's Birthday": "presidents day",
        "Truman Day": "truman day",
        "Memorial Day": "memorial day",
        "Juneteenth National Independence Day": "juneteenth",
        "Independence Day": "independence day",
        "Labor Day": "labor day",
        "Columbus Day": "columbus day",
        "Veterans Day": "veterans day",
        "Thanksgiving Day": "thanksgiving",
        "Christmas Day": "christmas",
        "Easter Sunday": "easter",
        "Good Friday": "good friday",
        "Groundhog Day": "groundhog day",
        "Halloween": "halloween",
        "Valentine's Day": "valentine's day",
        "Saint Patrick's Day": "st patrick's day",
        "Mother's Day": "mother's day",
        "Father's Day": "father's day",
        "Christmas Eve": "christmas eve",
        "New Year's Eve": "new year's eve",
    }
    seen = set()
    for year in range(2022, 2042):
        known = holidays.country_holidays("US", subdiv="MO", years=year, categories=("public", "unofficial"))
        for day, said in known.items():
            for name in said.split("; "):
                if name in names:
                    seen.add(name)
                    assert DAYS[names[name]](year) == day, (name, year)
    assert seen == set(names)


def test_easter_of_years_long_known() -> None:
    assert [easter(y) for y in (1961, 2000, 2027, 2038)] == [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]


@pytest.mark.shared
def test_the_bars_on_the_borrowed_date_cases(shared: Path) -> None:
    bars = ["spans:.95", "day:.92", "offered:.94", "future:.90", "future_offered:.95", "range:.80", "false:.02"]
    asked = [word for bar in bars for word in ("--min", bar)]
    done = subprocess.run(
        [sys.executable, str(shared / "eval" / "score_dates.py"), str(shared / "eval" / "dates"), *asked],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.shared
def test_the_forty_dateless_sentences_hold_no_date(shared: Path) -> None:
    notes = (shared / "research" / "anchors-apps.md").read_text(encoding="utf-8")
    sentences = notes.split("the 40 dateless sentences of the false-date test")[-1].split("```")[1].splitlines()[1:]
    assert len(sentences) == 40
    for sentence in sentences:
        heard = re.sub(r"[.,?]", "", sentence.lower())
        assert find_dates(sentence, date(2026, 11, 18)) == ()
        assert find_dates(heard, date(2026, 11, 18)) == ()


@pytest.mark.shared
def test_the_eighteen_deadlines_of_the_notes(shared: Path) -> None:
    notes = (shared / "research" / "anchors-apps.md").read_text(encoding="utf-8")
    rows = notes.split("| Spoken | Should be |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(rows) == 18
    months = {"Jan": 1, "Mar": 3, "Nov": 11, "Dec": 12}
    for row in rows:
        said, wanted = (cell.strip() for cell in row.split("|")[1:3])
        (mention,) = find_dates(said, date(2026, 11, 18))
        readings = {mention.first, mention.last, *mention.candidates}
        if "needs" in wanted:
            assert (mention.kind, readings) == ("duration", {None}), said
            continue
        named = re.findall(r"(\d+(?:(?:/| or )\d+)?) (Jan|Mar|Nov|Dec)|(\d+) or (\d+)", wanted)
        assert named, wanted
        for days, month, one, two in named:
            for number in re.findall(r"\d+", days) or [one, two]:
                day = date(2027 if months.get(month, 11) < 11 else 2026, months.get(month, 11), int(number))
                assert day in readings, (said, day, readings)
