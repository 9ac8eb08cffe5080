"""The voiced stretches of a recording packed into chunks of at most half a minute: the same ones on every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcribe.level import Level
from transcribe.sound import RATE, Array, Samples, Span
from transcribe.vad import STEP_S

LONGEST_S = 29.0  # Whisper hears 30 s at a time
APART_S = 20.0  # stretches further apart than this do not share a chunk


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
    """Return chunks covering `spans` in order; a stretch over half a minute is parted where it is quietest."""
    chunks: list[Chunk] = []
    pieces: list[Span] = []
    for span in (part for whole in spans for part in _part(whole, probabilities)):
        length = sum(p.length_s for p in pieces)
        if pieces and (length + span.length_s > LONGEST_S or span.start_s - pieces[-1].end_s > APART_S):
            chunks.append(Chunk(tuple(pieces)))
            pieces = []
        pieces.append(span)
    if pieces:
        chunks.append(Chunk(tuple(pieces)))
    return tuple(chunks)


def _part(span: Span, probabilities: NDArray[np.float32]) -> list[Span]:
    """Return `span` in parts of at most half a minute, cut where a voice is least likely."""
    parts: list[Span] = []
    start = span.start_s
    while span.end_s - start > LONGEST_S:
        low, high = round((start + LONGEST_S * 0.4) / STEP_S), round((start + LONGEST_S) / STEP_S) - 1
        near = np.convolve(probabilities[low:high], np.full(5, 0.2), mode="same")
        cut = (low + int(near.argmin()) + 0.5) * STEP_S
        parts.append(Span(start, cut))
        start = cut
    parts.append(Span(start, span.end_s))
    return parts
