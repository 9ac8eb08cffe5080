"""Days a letter names. Which of them are law and which are the parent's own wish stands beside each."""

from __future__ import annotations

from datetime import date

from casefile.days import add_business_days

ASK_DAYS = 5  # business days: the parent's ask, never a legal limit
AIM_H = 24  # hours after the meeting, for the follow-up: the parent's own target


def ask_by(today: date) -> date:
    """Return the day a letter asks for an answer by: five business days after today."""
    return add_business_days(today, ASK_DAYS).day
