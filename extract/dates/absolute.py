"""Fully written dates ("March 15, 2027", "10/31/27"): our reading, with dateparser as the second reader."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import dateparser

from extract.dates.values import Reading, make, one_day

# "3-7-07", "13.5.2027", "08/12,15", "15 April of 87": the figures alone do not say which is which
_ODD = re.compile(r"^\d{1,2}[-.]\d|^(?:1[3-9]|2\d|3[01])/|/\d{1,2},|\d[/ -]\d{2}$|of \d{2}$")
_SETTINGS = {"DATE_ORDER": "MDY", "STRICT_PARSING": True, "PARSERS": ["absolute-time"], "PREFER_DATES_FROM": "future"}


def written(span: str, year: int, month: int, day: int) -> Reading:
    """Return the day our grammar read in `span`; where dateparser reads another, both are readings, ours first."""
    ours = make(year, month, day)
    theirs = second_reading(span.strip()) if _ODD.search(span) and len(span) <= 40 else None
    same = theirs is None or ours is None or (theirs.month, theirs.day, theirs.year % 100) == _bare(ours)
    if theirs is None or same:
        return one_day(ours, why="date")
    return one_day(ours, theirs, why="date") if ours is not None else one_day(None, why="date")


def _bare(day: date) -> tuple[int, int, int]:
    """Return month, day and year without its century, which two figures leave to us."""
    return day.month, day.day, day.year % 100


@lru_cache(maxsize=4096)
def second_reading(span: str) -> date | None:
    """Return what dateparser makes of a span that holds a whole date and nothing else, None if it is not sure."""
    try:
        read = dateparser.parse(span, languages=["en"], settings=_SETTINGS)
    except (ValueError, OverflowError, TypeError):
        return None
    return None if read is None else read.date()
