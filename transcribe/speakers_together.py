"""Who speaks when, with those who speak at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transcribe.level import measure_level
from transcribe.sound import Array, Samples, Span
from transcribe.speakers_heard import FRAME_S, SEVERAL, Heard, hear_voices
from transcribe.speakers_table import Spoken, tell_voices

KNOWN_S = 0.3  # a voice of the five seconds is a person's when it goes with them for this long, alone
TAKES_PART = 0.3  # mean chance at which a person is one of those who speak together


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who speaks when."""

    spoken: tuple[Spoken, ...]  # the voice that is plainest, one at a time, in order
    beside: tuple[Spoken, ...] = ()  # the second of two that speak together, where it is known, in order
    overlaps: tuple[Span, ...] = ()  # where two or more speak together, known or not, in order and apart


def listen(
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    exact: bool = False,
    probabilities: NDArray[np.float32] | None = None,
    on: Callable[[float], None] | None = None,
) -> Told:
    """Return who speaks when; without the file of the overlap network nobody is heard beside another.

    Arguments as for `tell_voices`. Raises ModelError.
    """
    heard = hear_voices(samples, measure_level(samples))
    spoken = tell_voices(samples, speakers=speakers, exact=exact, probabilities=probabilities, heard=heard, on=on)
    if heard is None or not spoken:
        return Told(spoken=spoken)
    overlaps = heard.overlaps()
    return Told(spoken=spoken, beside=second_voices(heard, spoken, overlaps), overlaps=overlaps)


def second_voices(heard: Heard, spoken: Sequence[Spoken], overlaps: Sequence[Span]) -> tuple[Spoken, ...]:
    """Return for `overlaps` the voice that speaks beside the one in `spoken`, where it is known."""
    who = _People(heard, spoken)
    made: list[Spoken] = []
    for span in overlaps:
        first, last = round(span.start_s / FRAME_S), round(span.end_s / FRAME_S)
        alone = who.path[first:last]
        if not (alone >= 0).any():
            continue
        votes = who.votes(first, last)
        main = int(np.bincount(alone[alone >= 0]).argmax())
        chance = votes.copy()
        chance[main] = 0
        other = int(chance.argmax())
        if chance[other] < TAKES_PART:
            continue
        for s in spoken:  # both speak all the time: beside each of them is the other
            start, end = max(s.start_s, span.start_s), min(s.end_s, span.end_s)
            if end > start and s.voice in (main, other):
                voice = other if s.voice == main else main
                made.append(Spoken(start_s=start, end_s=end, voice=voice, margin=float(votes[voice])))
    return tuple(made)


@dataclass
class _People:
    """The voices of each five seconds, found again around the table by whom they go with."""

    heard: Heard
    spoken: Sequence[Spoken]
    path: NDArray[np.intp] = field(init=False)  # the voice of each frame, -1 where there is none
    _matched: dict[int, list[tuple[int, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.path = np.full(self.heard.frames, -1, np.intp)
        for s in self.spoken:
            self.path[round(s.start_s / FRAME_S) : round(s.end_s / FRAME_S)] = s.voice
        self.count = 1 + max(s.voice for s in self.spoken)

    def votes(self, first: int, last: int) -> NDArray[np.float64]:
        """Return the mean chance that each person speaks in the frames from `first` to `last`."""
        total, length = np.zeros(self.count), self.heard.voices.shape[1]
        near = range(
            int(np.searchsorted(self.heard.starts, first - length, side="right")),
            int(np.searchsorted(self.heard.starts, last)),
        )
        weighed = 0
        for n in near:
            a, b = np.clip([first, last], *self._edges(n)) - int(self.heard.starts[n])
            weighed += b - a
            for column, voice in self._people_of(n):
                total[voice] += float(self.heard.voices[n, a:b, column].astype(np.float32).sum())
        return total / max(1, weighed)

    def _edges(self, n: int) -> tuple[int, int]:
        start = int(self.heard.starts[n])
        return start, min(self.heard.frames, start + self.heard.voices.shape[1])

    def _people_of(self, n: int) -> list[tuple[int, int]]:
        """Return (column, person) for the voices of window `n` that are known."""
        if n not in self._matched:
            from scipy.optimize import linear_sum_assignment

            start, end = self._edges(n)
            voices = self.heard.voices[n, : end - start].astype(np.float64)
            voices *= np.sort(voices, axis=1)[:, -2:-1] < SEVERAL
            alone = np.eye(self.count + 1)[self.path[start:end]][:, : self.count]  # -1 is the column left out
            shared = voices.T @ alone * FRAME_S
            pairs = zip(*linear_sum_assignment(-shared), strict=True)
            self._matched[n] = [(int(c), int(v)) for c, v in pairs if shared[c, v] >= KNOWN_S]
        return self._matched[n]
