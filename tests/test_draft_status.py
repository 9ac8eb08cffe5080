"""What was promised, due and lapsed, and how long the parent's own aims still run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from letter_cases import FACTS, TODAY, case, promise, refusal, request

from casefile.records import Due, Notice, Outcome, ReviewedCase, Sent
from draft.status import Status, as_text, status_of

ENDED = datetime(2026, 11, 12, 16, 0, tzinfo=UTC)
CASE = case(
    request(),
    refusal(),
    promise("send the draft", date(2026, 11, 20), id="c1"),
    promise("call", due=Due(phrase="next Friday", candidates=(date(2026, 11, 20), date(2026, 11, 27))), id="c2"),
    promise("look into it", id="c3"),
    promise("bring the note", date(2026, 11, 16), id="c4", owner="Nadine Harlow"),
    facts=replace(FACTS, ended_at=ENDED),
)


def sent(letter_id: str, outcome: Outcome = "sent") -> Sent:
    return Sent(
        id=1,
        letter_id=letter_id,
        letter_sha256="",
        to=(),
        cc=(),
        subject="",
        message_id="",
        sent_at=ENDED + timedelta(hours=20),
        outcome=outcome,
    )


def at(day: date, *, one: ReviewedCase = CASE, out: tuple[Sent, ...] = (), hours: float = 6) -> Status:
    return status_of(one, out, today=day, now=ENDED + timedelta(hours=hours))


def states(status: Status) -> dict[str, str]:
    return {p.finding_id: p.state for p in status.promises}


@pytest.mark.parametrize(
    ("day", "c1", "c2"),
    [
        (date(2026, 11, 20), "due", "two readings"),  # the day itself is still time
        (date(2026, 11, 21), "lapsed", "two readings"),
        (date(2026, 11, 28), "lapsed", "lapsed"),
    ],
)
def test_a_promise_lapses_the_day_after_and_with_two_readings_after_the_later(day: date, c1: str, c2: str) -> None:
    assert states(at(day)) == {"c1": c1, "c2": c2, "c3": "no date", "c4": "lapsed"}


def test_the_hours_of_the_parents_own_aim_run_until_the_follow_up_is_out() -> None:
    assert at(TODAY, hours=6).hours_left == 18
    assert at(TODAY, hours=30).hours_left == -6
    assert at(TODAY, out=(sent("followup"),)).hours_left is None
    assert at(TODAY, out=(sent("followup", "failed"),)).hours_left == 18
    assert at(TODAY, one=case(refusal())).hours_left is None  # nobody said when the meeting ended


def test_letters_that_wait_and_letters_that_went_are_told() -> None:
    assert at(TODAY).waiting == ("followup", "notice-speech-minutes")
    after = at(TODAY, out=(sent("followup"),))
    assert after.waiting == ("notice-speech-minutes",)
    assert after.sent == (("followup", date(2026, 11, 13)),)


def test_the_last_day_for_a_complaint_is_told_in_the_last_months_only() -> None:
    assert "complaint" not in as_text(at(TODAY), today=TODAY)
    late = date(2027, 10, 12)
    assert "must be received by November 12, 2027: 31 days are left" in as_text(at(late), today=late)
    on_504 = case(refusal(notice=Notice(kind="refusal_504", about=None)), facts=replace(FACTS, plan="504"))
    assert at(late, one=on_504).complaint_until is None


def test_the_text_says_it_for_a_person() -> None:
    day = date(2026, 11, 21)
    text = as_text(at(day, hours=1), today=day)
    assert "The follow-up has not been sent: 23 of your own 24 hours are left." in text
    assert "  c1  Gordon Pell: send the draft, Friday, November 20, 2026 (1 day ago)" in text
    assert "Promised without a date:\n  c3  Gordon Pell: look into it" in text
    assert "For what lapsed: onrecord letter reminder" in text
    assert as_text(at(day, one=case(), out=(sent("followup"),)), today=day) == "Sent: followup on November 13, 2026."
