"""The voiced stretches of a recording packed into chunks of at most half a minute: the same ones on every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcribe.level import Level
from transcribe.sound import RATE, Array, Samples, Span
from transcribe.vad import STEP_S

LONGEST_S = 29.0  # Whisper hears 30 s at a time
APART_S = 20.0  # stretches further apart than this do not share a chunk
SHORTEST_S = 2.0  # nothing shorter is parted off
PAUSE = 0.1  # likelihood of a voice under which nobody speaks: any 8 s of a meeting have such a place


@dataclass(frozen=True, slots=True)
class Chunk:
    """Voiced stretches heard in one go, put end to end; their times add up to at most half a minute."""

    pieces: tuple[Span, ...]

    @property
    def length_s(self) -> float:
        return sum(p.length_s for p in self.pieces)

    @property
    def start_s(self) -> float:
        return self.pieces[0].start_s

    @property
    def end_s(self) -> float:
        return self.pieces[-1].end_s

    def sound(self, samples: Samples | Array, level: Level) -> Array:
        """Return the chunk's sound at listening level."""
        parts = [samples[round(p.start_s * RATE) : round(p.end_s * RATE)] for p in self.pieces]
        return level.apply(np.concatenate(parts))

    def place(self, start_s: float, end_s: float) -> Span:
        """Return where a word of the chunk's sound lies in the recording; a word lies within one piece."""
        middle, before = (start_s + end_s) / 2, 0.0
        piece = self.pieces[-1]
        for candidate in self.pieces:
            if middle < before + candidate.length_s:
                piece = candidate
                break
            before += candidate.length_s
        else:
            before -= piece.length_s
        start = min(max(piece.start_s + start_s - before, piece.start_s), piece.end_s)
        return Span(start, min(max(piece.start_s + end_s - before, start), piece.end_s))


def pack(spans: Sequence[Span], probabilities: NDArray[np.float32]) -> tuple[Chunk, ...]:
    """Return chunks covering `spans` in order, as full as they get: a stretch is parted at its last clear pause that
    fits, for a chunk takes as long to encode half empty as full. Where there is none, it goes into the next chunk, and
    one of over half a minute is parted where a voice is least likely.
    """
    voice = np.convolve(probabilities, np.full(5, 0.2), mode="same")
    chunks: list[Chunk] = []
    pieces: list[Span] = []

    def close() -> None:
        if pieces:
            chunks.append(Chunk(tuple(pieces)))
            pieces.clear()

    for span in spans:
        if pieces and span.start_s - pieces[-1].end_s > APART_S:
            close()
        rest = span
        while rest.length_s > (room_s := LONGEST_S - sum(p.length_s for p in pieces)):
            cut = _last_pause(rest.start_s + SHORTEST_S, rest.start_s + room_s, voice)
            if cut is None and not pieces:
                cut = _quietest(rest.start_s + LONGEST_S * 0.4, rest.start_s + LONGEST_S, voice)
            if cut is not None:
                pieces.append(Span(rest.start_s, cut))
                rest = Span(cut, rest.end_s)
            close()
        pieces.append(rest)
    close()
    return tuple(chunks)


def _last_pause(after_s: float, until_s: float, voice: NDArray[np.floating[Any]]) -> float | None:
    """Return the middle of the last clear pause between two places; None where nobody pauses."""
    low, high = round(after_s / STEP_S), round(until_s / STEP_S) - 1
    quiet = np.flatnonzero(voice[low:high] < PAUSE) if high > low else np.empty(0, np.intp)
    if not len(quiet):
        return None
    breaks = np.flatnonzero(np.diff(quiet) > 1)
    first = quiet[breaks[-1] + 1] if len(breaks) else quiet[0]
    return float((low + (first + quiet[-1]) // 2 + 0.5) * STEP_S)


def _quietest(after_s: float, until_s: float, voice: NDArray[np.floating[Any]]) -> float:
    low, high = round(after_s / STEP_S), round(until_s / STEP_S) - 1
    return (low + int(voice[low:high].argmin()) + 0.5) * STEP_S
