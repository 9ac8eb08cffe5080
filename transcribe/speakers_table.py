"""The windows of a recording and the people around the table whom they are given to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcribe.embedding import VoiceModel, voice_model
from transcribe.level import Level, measure_level
from transcribe.sound import RATE, Array, Samples, Span
from transcribe.speakers_group import (
    Labels,
    Numbers,
    Windows,
    follow,
    group,
    join_alike,
    lasting,
    middles,
    numbered,
    torn,
)
from transcribe.speakers_heard import FRAME_S, Heard
from transcribe.speakers_lay import BOTH_OVER, BOTH_VOICE, both_detectors, lay_windows, speech_spans
from transcribe.vad import voice_probabilities

LOUDER = 2.0  # than for hearing words: nobody is to be missed, and false alarms cost little here
SHORT_COUNTS = 1.0  # a window half as long counts this power of a half
MIXED_COUNTS = 0.02  # a window in which two speak all the time: it is nobody's, and makes no person
TORN = 0.15  # a group in which more is heard as two people than this is two people
CHANNEL = 0.35  # how much of what the recording's voices share is taken to be the channel
STEP_S = 0.1  # voices are followed in steps of this
REACH_S = 1.0  # a step hears the windows whose middle is this near
LEAST_S = 2.0  # a person at the table speaks at least this long, less in a clip,
LEAST_CLIP = (1.0, 0.06)  # where it is this share of the speech but no less than this many seconds,
LEAST_SHARE = 0.008  # and in a long meeting this share: the count must not grow with the length
CLIP_S = 30.0  # with more speech than this, a person speaks
IN_A_ROW_S = 2.0  # at least once for this long on end, by the time that each window stands for
LONG_S = 1200.0  # with more speech than this, windows lie further apart: there are enough of everybody
ROUNDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A stretch that one voice speaks."""

    start_s: float
    end_s: float
    voice: int  # from 0, in order of first appearance
    margin: float  # cosine by which this voice fits better than the next


def tell_voices(
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    exact: bool = False,
    model: VoiceModel | None = None,
    probabilities: NDArray[np.float32] | None = None,
    heard: Heard | None = None,
    on: Callable[[float], None] | None = None,
) -> tuple[Spoken, ...]:
    """Return who speaks when, in order of time, one voice at a time.

    `speakers` is the most people there are; with `exact`, voices are told finer apart where fewer were found.
    `probabilities` are the voice detector's (`transcribe.vad.voice_probabilities`), where it has run already, `heard`
    what the other network heard; `on` is told the seconds done.
    """
    model = model or voice_model()
    if probabilities is None:
        probabilities = voice_probabilities(samples, Level(LOUDER * measure_level(samples).gain))
    if heard is None:
        spans = speech_spans(probabilities, len(samples) / RATE)
    else:
        chances = both_detectors(probabilities, heard)
        spans = speech_spans(chances, len(samples) / RATE, step_s=FRAME_S, voice=BOTH_VOICE, over=BOTH_OVER)
    if not spans:
        return ()
    window = model.about.window
    hop_s = window.hop_s if sum(s.length_s for s in spans) < LONG_S else window.hop_long_s
    laid = lay_windows(spans, length_s=window.length_s, shortest_s=window.shortest_s, hop_s=hop_s)
    raw = model.embed(samples, laid, on=on)
    table = _Table(model, raw, laid, spans, heard)
    labels = table.people(speakers, exact=exact)
    return table.spoken(labels, speakers)


class _Table:
    """All windows of one recording."""

    def __init__(
        self,
        model: VoiceModel,
        raw: Array,
        laid: Sequence[tuple[float, float]],
        spans: Sequence[Span],
        heard: Heard | None,
    ) -> None:
        self.grouping, self.window_s, self.spans = model.about.grouping, model.about.window.length_s, spans
        self.model, self.raw = model, raw
        lengths = np.array([n for _, n in laid])
        self.windows = Windows(
            model.for_telling(raw).astype(np.float64),
            np.array([s for s, _ in laid]) + lengths / 2,
            (lengths / self.window_s) ** SHORT_COUNTS,
            0.97 * self.window_s,
        )
        if heard is not None:
            parts = [Span(s, s + n) for s, n in laid]
            alone = 1 - heard.mixed(parts)
            left, right, unlike = heard.apart(parts)
            plain = np.minimum(alone[left], alone[right]) > 0.5
            self.windows = replace(
                self.windows,
                weights=self.windows.weights * np.maximum(MIXED_COUNTS, alone),
                apart=(left[plain], right[plain], unlike[plain]),
            )
        self.speech_s = sum(s.length_s for s in spans)
        self.each_s = self.speech_s / float(self.windows.weights.sum())

    def people(self, most: int | None, *, exact: bool) -> Labels:
        """Return the windows' people; NOBODY where a group is too small to be one."""
        alike = self.grouping.alike if most is None else self.grouping.alike_told
        labels = self._grouped(self.grouping.apart, alike, most)
        if most is None:
            return self._mended(labels)
        return labels if not exact or labels.max() + 1 >= most else self._closer(most)

    def _mended(self, labels: Labels) -> Labels:
        """Return the labels with one person more where that parts two who were heard to be in one group."""
        was, found = self.windows, torn(self.windows, labels)
        if found < TORN:
            return labels
        more = self._closer(int(labels.max()) + 2)
        if more.max() > labels.max() and torn(self.windows, more) < found / 2:
            return more
        self.windows = was
        return labels

    def _closer(self, most: int) -> Labels:
        """Return the labels of up to `most` people, told finer apart.

        Voices may share a channel (a telephone) that makes them alike. Take out what they share, and look closer. Only
        done when it is certain that there are more people than were found, for it splits single people too.
        """
        moved = self.model.for_telling(self.raw - CHANNEL * (self.raw.mean(axis=0) - self._mean()))
        self.windows = replace(self.windows, vectors=moved.astype(np.float64))
        return self._grouped(self.grouping.apart, self.grouping.alike_exact, most)

    def _mean(self) -> Array:
        return self.raw.mean(axis=0) if self.model.mean is None else self.model.mean

    def _grouped(self, apart: float, alike: float, most: int | None) -> Labels:
        first = min(LEAST_S / self.each_s, self._least())
        labels = group(self.windows, apart=apart, least=first)
        labels = self._joined(labels, alike, None)
        labels = self._kept(labels)
        return numbered(self._joined(labels, alike, most), self.windows.weights, 0)

    def _joined(self, labels: Labels, alike: float, most: int | None) -> Labels:
        return join_alike(
            self.windows, labels, alike=alike, known_alike=min(alike, self.grouping.known_alike), most=most
        )

    def _kept(self, labels: Labels) -> Labels:
        if self.speech_s > CLIP_S:
            labels = lasting(labels, self.windows.weights, IN_A_ROW_S / self.each_s)
        return numbered(labels, self.windows.weights, self._least())

    def _least(self) -> float:
        shortest_s, share = LEAST_CLIP
        in_clip = max(shortest_s, share * self.speech_s)
        return max(min(LEAST_S, in_clip), LEAST_SHARE * self.speech_s) / self.each_s

    def spoken(self, labels: Labels, most: int | None) -> tuple[Spoken, ...]:
        """Return who speaks when: windows given anew to the people they make, until that settles."""
        alike = self.grouping.alike
        for _ in range(ROUNDS - 1):
            followed = np.concatenate([self._voices_of(inside, path) for _, inside, path, _ in self._paths(labels)])
            labels = self._kept(followed)
            if most is None:
                labels = numbered(self._joined(labels, alike, None), self.windows.weights, 0)
        runs = [run for span, _, path, scores in self._paths(labels) for run in _runs(span, path, scores)]
        return _in_order(runs)

    def _paths(self, labels: Labels) -> list[tuple[Span, Numbers, Labels, Numbers]]:
        """Return for each span its windows' middles, the voice of each step and the steps' scores."""
        scores = self.windows.vectors @ middles(self.windows, labels).T
        edges = np.searchsorted(self.windows.centres_s, [s.end_s for s in self.spans], side="right")
        made, at = [], 0
        for span, end in zip(self.spans, edges.tolist(), strict=True):
            inside = self.windows.centres_s[at:end] - span.start_s
            steps = (np.arange(max(1, round(span.length_s / STEP_S))) + 0.5) * STEP_S
            weight = np.maximum(1e-3, 1 - np.abs(inside[None] - steps[:, None]) / REACH_S)
            here = (weight @ scores[at:end]) / weight.sum(axis=1, keepdims=True)
            made.append((span, inside, follow(here, self.grouping.switch), here))
            at = end
        return made

    def _voices_of(self, inside: Numbers, path: Labels) -> Labels:
        made: Labels = path[np.clip((inside / STEP_S).astype(int), 0, len(path) - 1)]
        return made


def _runs(span: Span, path: Labels, scores: Numbers) -> list[Spoken]:
    made: list[Spoken] = []
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    for a, b in itertools.pairwise(cuts):
        voice = int(path[a])
        others = np.delete(scores[a:b], voice, axis=1)
        margin = float((scores[a:b, voice] - others.max(axis=1)).mean()) if others.shape[1] else 1.0
        end = span.end_s if b == len(path) else span.start_s + b * STEP_S
        made.append(Spoken(start_s=span.start_s + a * STEP_S, end_s=end, voice=voice, margin=margin))
    return made


def _in_order(spoken: Sequence[Spoken]) -> tuple[Spoken, ...]:
    place: dict[int, int] = {}
    for s in spoken:
        place.setdefault(s.voice, len(place))
    return tuple(replace(s, voice=place[s.voice]) for s in spoken)
