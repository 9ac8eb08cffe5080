"""Words of several lines as one quotation, where one person says them in a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from casefile.records import Said, Turn

PAUSE_S: Final = 2.0  # a longer pause ends what is said in a row


def in_a_row(said: Iterable[Said]) -> tuple[Said, ...]:
    """Return `said` with whole lines that follow each other made one; lines without times stay apart.

    One made of several has the number of its first line; if any of them is in doubt, it is.
    """
    made: list[Said] = []
    last = -1  # the number of the line before
    for s in said:
        before = made[-1] if made else None
        if before and s.turn == last + 1 and _goes_on(before, s):
            text = f"{before.text} {s.text}"
            made[-1] = replace(before, text=text, end_s=s.end_s, doubt=before.doubt or s.doubt)
        else:
            made.append(s)
        last = s.turn
    return tuple(made)


def quote_of(said: Iterable[Said]) -> str:
    """Return the exact words in one line, an ellipsis wherever something lies between them."""
    return " … ".join(s.text for s in in_a_row(said))


def pause_within(before: Said | Turn, after: Said | Turn) -> float | None:
    """Return the seconds between two lines of one voice; None where the voices differ or a time is missing."""
    if before.speaker != after.speaker or before.end_s is None or after.start_s is None:
        return None
    return after.start_s - before.end_s


def _goes_on(before: Said, after: Said) -> bool:
    pause = pause_within(before, after)
    return before.speaker is not None and pause is not None and pause <= PAUSE_S
