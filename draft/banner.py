"""The line above a letter that may not be sent as it is."""

from __future__ import annotations

from casefile.records import Letter

_UNSEEN = "FIRST DRAFT, NOT TO BE SENT: nobody has checked these words against the recording yet."
_ROUGH = "They come from a rough recogniser that mishears many words."


def banner(letter: Letter) -> str | None:
    """Return what stands above the letter until its findings were reviewed; None for a reviewed letter."""
    if not letter.provisional:
        return None
    return f"{_UNSEEN} {_ROUGH}" if letter.rough else _UNSEEN
