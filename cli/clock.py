"""The clock: the one place that reads it. Everything else is given `today` or `now`."""

from __future__ import annotations

from datetime import date, datetime


def now() -> datetime:
    """Return this instant with the zone of this computer."""
    return datetime.now().astimezone()


def today() -> date:
    """Return this day where the computer is."""
    return now().date()
