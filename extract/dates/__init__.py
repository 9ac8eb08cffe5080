"""How people say dates, read into days."""

from __future__ import annotations

from extract.dates.grammar import find_dates, read
from extract.dates.values import Mention

__all__ = ["Mention", "find_dates", "read"]
