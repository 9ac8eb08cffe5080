"""What one person says in a row, made one turn again, and the way back to the lines of the transcript.

A recogniser begins a line at every breath, so that half a sentence stands alone: "We can do that" / "by Friday".
The finder reads whole utterances; what it finds is told in the transcript's own lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from casefile.quotes import PAUSE_S, pause_within
from casefile.records import Meeting, Turn

UNKNOWN_PAUSE_S: Final = 1.0  # the same where nobody could tell who speaks
MOST_WORDS: Final = 50  # of an utterance, so that each is read in one piece
_ENDS: Final = (".", "?", "!", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Lines `first`, `first` + 1, ... of the transcript as one; `starts` are the places where each begins in it."""

    first: int
    starts: tuple[int, ...]

    @property
    def lines(self) -> range:
        """The lines' numbers in the transcript."""
        return range(self.first, self.first + len(self.starts))

    def line_at(self, place: int) -> int:
        """Return the number of the line in which a place of the utterance's text stands."""
        return self.first + max(0, bisect_right(self.starts, place) - 1)


def utterances_of(meeting: Meeting) -> tuple[Meeting, tuple[Utterance, ...]]:
    """Return the meeting with a turn for each utterance, and where each comes from.

    Lines without times stay as they are: who typed them knew where a turn ends.
    """
    groups: list[list[int]] = []
    words = 0
    for at, turn in enumerate(meeting.turns):
        own = turn.text.count(" ") + 1
        if groups and words + own <= MOST_WORDS and _goes_on(meeting.turns[at - 1], turn):
            groups[-1].append(at)
            words += own
        else:
            groups.append([at])
            words = own
    joined = [_joined([meeting.turns[i] for i in group]) for group in groups]
    made = tuple(Utterance(first=g[0], starts=starts) for g, (_, starts) in zip(groups, joined, strict=True))
    return replace(meeting, turns=tuple(turn for turn, _ in joined)), made


def _goes_on(before: Turn, after: Turn) -> bool:
    """Tell whether a line goes on with what the one before it says."""
    pause = pause_within(before, after)
    if pause is None:
        return False
    if before.speaker is None:
        return pause <= UNKNOWN_PAUSE_S and not ends_sentence(before.text)
    return pause <= PAUSE_S


def ends_sentence(text: str) -> bool:
    """Tell whether a line is written with the end of a sentence at its own end."""
    return text.rstrip().endswith(_ENDS)


def _joined(lines: Sequence[Turn]) -> tuple[Turn, tuple[int, ...]]:
    """Return the lines as one turn, and where each begins in its text."""
    if len(lines) == 1:
        return lines[0], (0,)
    starts, text = [], ""
    for line in lines:
        text += " " if text else ""
        starts.append(len(text))
        text += line.text
    first, last = lines[0], lines[-1]
    return Turn(text=text, speaker=first.speaker, start_s=first.start_s, end_s=last.end_s), tuple(starts)
