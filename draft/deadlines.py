"""Days a letter names. Which of them are law and which are the parent's own wish stands beside each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from casefile.days import add_business_days

ASK_DAYS = 5  # business days: the parent's ask, never a legal limit
AIM_H = 24  # hours after the meeting, for the follow-up: the parent's own target
RECORDING_NOTICE_H = 24  # what a district may ask for at most (162.686)
BEFORE_MEETING_DAYS = 3  # business days before a meeting, to read a draft: the parent's ask


def ask_by(today: date) -> date:
    """Return the day a letter asks for an answer by: five business days after today."""
    return add_business_days(today, ASK_DAYS).day


def send_draft_by(meeting: date, today: date) -> date | None:
    """Return the day a draft is asked for by, or None where the meeting is too near."""
    day = add_business_days(meeting, -BEFORE_MEETING_DAYS).day
    return day if day > today else None


def complaint_closes(violation: date) -> date:
    """Return the last day on which the state may receive a complaint (34 CFR 300.153(c): not more than one year)."""
    try:
        return violation.replace(year=violation.year + 1)
    except ValueError:  # 29 February
        return date(violation.year + 1, 2, 28)


def recording_notice_late(meeting_at: datetime, now: datetime) -> bool:
    """Say whether less than the 24 hours that a district may ask for are left."""
    return meeting_at - now < timedelta(hours=RECORDING_NOTICE_H)


def days_left(last: date, today: date) -> int:
    """Return the calendar days left to a last day; negative when it is over."""
    return (last - today).days
