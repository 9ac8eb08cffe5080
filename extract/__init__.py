"""A transcript becomes findings: every promise, refusal and date with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.dates import find_dates

__all__ = ["find_dates"]


def __getattr__(name: str) -> object:
    if name == "find_dates":
        from extract.dates import find_dates

        return find_dates
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
