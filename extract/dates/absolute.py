"""Fully written dates: a year, a month and a day."""

from __future__ import annotations

from datetime import date

from extract.dates.values import make


def written(year: int, month: int, day: int) -> date | None:
    """Return the day, or None if there is none (30 February)."""
    return make(year, month, day)
