"""A recording becomes a Transcript: owns the sound and the speech models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcribe.audio import decode
    from transcribe.hearing import transcribe
    from transcribe.speakers import tell_speakers

__all__ = ["decode", "tell_speakers", "transcribe"]

_PLACES = {"decode": "transcribe.audio", "transcribe": "transcribe.hearing", "tell_speakers": "transcribe.speakers"}


def __getattr__(name: str) -> Any:
    """Return a function of the stage; nothing heavy is imported before it is asked for."""
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
