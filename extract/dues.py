"""When something was promised for: the words in the item's turns, resolved from the day of the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casefile.records import Due, Meeting
from extract.items import Draft


@dataclass(frozen=True, slots=True)
class FoundDue:
    """A due date with the turn its words stand in."""

    due: Due
    turn: int
    start: int  # half-open place in the turn's exact text
    end: int


def due_of(draft: Draft, meeting: Meeting, *, within: Sequence[tuple[int, int, int]] = ()) -> FoundDue | None:
    """Return when the item is due, by the last of its anchors that says; None where no words say.

    `within` narrows a turn to (turn, start, end) of its exact text, for a turn that carries several items.
    """
    if draft.kind not in ("commitment", "deferral"):
        return None
    from extract.dates import find_dates

    best: FoundDue | None = None
    narrow = {t: (a, b) for t, a, b in within}
    for turn in draft.anchors:
        a, b = narrow.get(turn, (0, len(meeting.turns[turn].text)))
        text = meeting.turns[turn].text[a:b]
        mentions = [m for m in find_dates(text, meeting.held_on, meeting.calendar) if m.kind in ("day", "range")]
        mentions = [m for m in mentions if not m.candidates or max(m.candidates) >= meeting.held_on]
        if not mentions:
            continue
        m = mentions[-1]
        if not m.candidates and best and best.due.candidates:
            continue
        best = FoundDue(Due(phrase=m.text, candidates=tuple(m.candidates)), turn, a + m.start, a + m.end)
    return best
