"""A transcript becomes findings: what was promised, refused, put off, asked for and agreed, with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract.dates import find_dates
    from extract.pipeline import find
    from extract.readers import read_meeting

__all__ = ["find", "find_dates", "read_meeting"]

_HOME = {"find": "extract.pipeline", "find_dates": "extract.dates", "read_meeting": "extract.readers"}


def __getattr__(name: str) -> Any:
    """Return an exported function, loading what it needs only now."""
    if name not in _HOME:
        raise AttributeError(f"module 'extract' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
