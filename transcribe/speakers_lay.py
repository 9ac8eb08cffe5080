"""Where somebody speaks, and the windows that are listened to there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.sound import Span
from transcribe.speakers_heard import FRAME_S, Heard
from transcribe.vad import STEP_S

# Lower than where words are sought: a far voice given to nobody is as wrong as one given to the wrong person; but
# what is given to somebody must be a voice.
VOICE, OVER = 0.25, 0.15
# The same for the mean of both detectors (`both_detectors`), of which neither hears all: Silero misses quiet people
# far away and takes laughter and paper for voices, the other misses the ends of words in an echoing room.
BOTH_VOICE, BOTH_OVER = 0.33, 0.23
OTHER_WEIGHS = 0.6
PAUSE_S = 0.3
PAD_S = 0.1
SHORTEST_S = 0.1


def both_detectors(probabilities: NDArray[np.float32], heard: Heard) -> NDArray[np.float32]:
    """Return the chance of a voice for each frame of `heard`: its own and Silero's `probabilities`, weighed."""
    chances = OTHER_WEIGHS * heard.voice()
    if len(probabilities):
        rows = ((np.arange(heard.frames) + 0.5) * FRAME_S / STEP_S).astype(np.intp)
        chances += (1 - OTHER_WEIGHS) * probabilities[np.minimum(rows, len(probabilities) - 1)]
    return chances


def speech_spans(
    probabilities: NDArray[np.float32],
    duration_s: float,
    *,
    step_s: float = STEP_S,
    voice: float = VOICE,
    over: float = OVER,
) -> tuple[Span, ...]:
    """Return where a voice speaks, in order and apart, from the chance of a voice for each `step_s`."""
    rough: list[tuple[float, float]] = []
    begun: int | None = None
    quiet: int | None = None
    for i, p in enumerate(probabilities.tolist()):
        if begun is None:
            begun, quiet = (i if p >= voice else None), None
        elif p >= voice:
            quiet = None
        elif p < over:
            quiet = i if quiet is None else quiet
            if (i - quiet) * step_s >= PAUSE_S:
                rough.append((begun * step_s, quiet * step_s))
                begun = None
    if begun is not None:
        rough.append((begun * step_s, (len(probabilities) if quiet is None else quiet) * step_s))
    spans: list[Span] = []
    for a, b in rough:
        start, end = max(0.0, a - PAD_S), min(duration_s, b + PAD_S)
        if b - a < SHORTEST_S or end <= start:
            continue
        if spans and start <= spans[-1].end_s:
            start = spans.pop().start_s
        spans.append(Span(start, end))
    return tuple(spans)


def lay_windows(
    spans: Sequence[Span], *, length_s: float, shortest_s: float, hop_s: float
) -> tuple[tuple[float, float], ...]:
    """Return (start_s, length_s) of windows that cover each span evenly, in order.

    A short span has one window, of a quarter, half, three quarters or the whole length, not under `shortest_s`.
    """
    laid: list[tuple[float, float]] = []
    for span in spans:
        if span.length_s <= length_s:
            quarters = min(4, max(1, round(4 * span.length_s / length_s)))
            length = max(shortest_s, quarters * length_s / 4)
            laid.append((max(0.0, (span.start_s + span.end_s - length) / 2), length))
            continue
        count = math.ceil((span.length_s - length_s) / hop_s) + 1
        laid += [(float(s), length_s) for s in np.linspace(span.start_s, span.end_s - length_s, count)]
    return tuple(sorted(laid))
