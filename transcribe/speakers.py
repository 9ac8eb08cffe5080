"""Who spoke when: voices told apart by what they sound like, without knowing anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcribe.embedding import VoiceModel, voice_model
from transcribe.level import measure_level
from transcribe.sound import RATE, Array, Samples, Span
from transcribe.speakers_group import STEP_S, Labels, centroids, follow, group, lay_windows, merge_down
from transcribe.vad import voice_probabilities, voiced_spans

VOICE = 0.3  # the detector's probability from which speech is given to somebody
PAD_S = 0.05
LEAST_S = 2.0  # a person speaks at least this long,
LEAST_SHARE = 0.005  # and this share of all speech: the count must not grow with the length
ROUNDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A stretch that one voice speaks."""

    start_s: float
    end_s: float
    voice: int  # from 0, in order of first appearance
    margin: float  # cosine by which this voice fits better than the next


def tell_speakers(recording: Path | str, speakers: int | None = None) -> tuple[tuple[float, float, str], ...]:
    """Return (start_s, end_s, label) in order of time; labels are S1, S2 ... by first appearance.

    `speakers` is the most people to tell apart. Raises RecordingError and ModelError.
    """
    from transcribe.audio import open_sound

    with open_sound(Path(recording)) as sound:
        spoken = tell_voices(sound.samples, speakers=speakers)
    return tuple((round(s.start_s, 3), round(s.end_s, 3), f"S{s.voice + 1}") for s in spoken)


def tell_voices(
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    model: VoiceModel | None = None,
    probabilities: NDArray[np.float32] | None = None,
    on: Callable[[float], None] | None = None,
) -> tuple[Spoken, ...]:
    """Return who speaks when, in order of time."""
    model = model or voice_model()
    if probabilities is None:
        probabilities = voice_probabilities(samples, measure_level(samples))
    spans = voiced_spans(probabilities, len(samples) / RATE, pad_s=PAD_S, start=VOICE)
    if not spans:
        return ()
    window = model.about.window
    laid = lay_windows(spans, length_s=window.length_s, shortest_s=window.shortest_s, hop_s=window.hop_s)
    vectors = model.centred(model.embed(samples, laid, on=on))
    middles = _people(vectors, laid, spans, model.about.grouping.apart, speakers)
    return _in_order(_assign(vectors, laid, spans, middles, model.about.grouping.switch))


def _people(
    vectors: Array, laid: list[tuple[float, float]], spans: Sequence[Span], apart: float, most: int | None
) -> Array:
    """Return one vector for each person: groups that speak long enough, joined down to `most`."""
    labels = group(vectors, apart)
    speech_s = sum(s.length_s for s in spans)
    seconds = np.bincount(labels) * (speech_s / len(laid))
    kept = [k for k in range(len(seconds)) if seconds[k] >= max(LEAST_S, LEAST_SHARE * speech_s)]
    kept = kept or [int(seconds.argmax())]
    middles = centroids(vectors, labels, kept)
    return merge_down(middles, seconds[kept], most) if most else middles


def _assign(
    vectors: Array, laid: list[tuple[float, float]], spans: Sequence[Span], middles: Array, switch: float
) -> list[Spoken]:
    spoken: list[Spoken] = []
    starts = np.array([s for s, _ in laid])
    lengths = np.array([n for _, n in laid])
    scores = vectors @ middles.T
    for span in spans:
        inside = np.flatnonzero((starts + lengths > span.start_s) & (starts < span.end_s))
        steps = np.arange(span.start_s, span.end_s - STEP_S / 2, STEP_S) if span.length_s > STEP_S else [span.start_s]
        centre = np.asarray(steps) + STEP_S / 2
        far = np.abs((starts + lengths / 2)[inside][None] - centre[:, None])
        weight = np.maximum(1e-3, 1 - far / 0.8)
        here = (weight @ scores[inside]) / weight.sum(axis=1, keepdims=True)
        path = follow(here.astype(np.float32), switch)
        spoken += _runs(path, here, np.append(steps, span.end_s))
    return spoken


def _runs(path: Labels, scores: NDArray[np.float64], edges: NDArray[np.float64]) -> list[Spoken]:
    made: list[Spoken] = []
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    for a, b in zip(cuts, cuts[1:], strict=False):
        voice = int(path[a])
        others = np.delete(scores[a:b], voice, axis=1)
        margin = float((scores[a:b, voice] - others.max(axis=1)).mean()) if others.shape[1] else 1.0
        made.append(Spoken(start_s=float(edges[a]), end_s=float(edges[b]), voice=voice, margin=margin))
    return made


def _in_order(spoken: list[Spoken]) -> tuple[Spoken, ...]:
    from dataclasses import replace

    place: dict[int, int] = {}
    for s in spoken:
        place.setdefault(s.voice, len(place))
    return tuple(replace(s, voice=place[s.voice]) for s in spoken)
