"""How many speak at once, and which voice goes on, by a small network that hears five seconds at a time.

The network is pyannote's segmentation (transcribe/overlap_model/MODEL.md). It gives up to three voices names that hold
within its five seconds only; who they are around the table is for others to tell.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcribe.level import Level
from transcribe.sound import RATE, Array, Samples, Span

SHIPPED = Path(__file__).with_name("overlap_model") / "overlap.onnx"
FRAME_S = 0.01  # all is told in steps of this
FRAME = RATE // 100
WINDOW_S = 5.0  # what it was trained on
HOP_S = 2.5  # each moment is heard twice, but the first and last
SHORTEST_S = 1.0
BATCH = 2  # windows at once; more do not fit the cache of the processor, and take memory
ROW_S, FIRST_S = 270 / RATE, 495 / RATE  # the network's own steps, and the middle of what its first one hears

# Two speak: published for this network as between 0.43 and 0.59, by kind of recording. Over when it falls below SINGLE.
SEVERAL, SINGLE = 0.45, 0.35
BRIEF_S = 0.1  # shorter is no overlap
EDGE = 30  # frames at the ends of five seconds, where less is known
PLAIN = 0.2  # a stretch in which less of a voice is heard says nothing of whose it is


@dataclass(frozen=True, slots=True)
class Heard:
    """What the network heard of a recording."""

    starts: NDArray[np.intp]  # frame at which each window begins
    voices: NDArray[np.float16]  # [windows, frames of a window, 3]: chance that a voice speaks
    frames: int  # of the recording

    def windows(self) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Give each window's place among the frames and its voices [frames, 3]."""
        for start, voices in zip(self.starts.tolist(), self.voices, strict=True):
            end = min(self.frames, start + len(voices))
            yield slice(start, end), voices[: end - start].astype(np.float32)

    def voice(self) -> NDArray[np.float32]:
        """Return for each frame the chance that anybody speaks."""
        return self._mean(lambda voices: voices.max(axis=1))

    def several(self) -> NDArray[np.float32]:
        """Return for each frame the chance that two or more speak."""
        return self._mean(lambda voices: np.sort(voices, axis=1)[:, -2])

    def overlaps(self) -> tuple[Span, ...]:
        """Return where two or more speak, in order and apart."""
        rows = above(self.several(), SEVERAL, SINGLE)
        return tuple(Span(a * FRAME_S, b * FRAME_S) for a, b in rows if (b - a) * FRAME_S >= BRIEF_S)

    def mixed(self, spans: Sequence[Span]) -> NDArray[np.float64]:
        """Return for each span the share of it in which two or more speak."""
        sums = np.concatenate([[0], np.cumsum(self.several() >= SEVERAL)])
        rows = np.array([(s.start_s, s.end_s) for s in spans]).reshape(-1, 2) / FRAME_S
        first, last = np.clip(np.round(rows).astype(int), 0, self.frames).T
        return np.asarray((sums[last] - sums[first]) / np.maximum(1, last - first), np.float64)

    def apart(self, spans: Sequence[Span]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return pairs of `spans` (in order) that were heard together, and the chance that two people speak in them.

        Two voices are seldom taken for one person's when they are one's, and often the other way round, in an echo.
        """
        lefts, rights, unlike = [], [], []
        edges = np.array([(s.start_s, s.end_s) for s in spans]).reshape(-1, 2)
        middles = edges.mean(axis=1) / FRAME_S
        for place, voices in self.windows():
            first, last = np.searchsorted(middles, [place.start + EDGE, place.stop - EDGE])
            if last - first < 2:
                continue
            sums = np.concatenate([np.zeros((1, 3)), np.cumsum(voices, axis=0, dtype=np.float64)])
            rows = np.clip(np.round(edges[first:last] / FRAME_S).astype(int) - place.start, 0, len(voices))
            means = (sums[rows[:, 1]] - sums[rows[:, 0]]) / np.maximum(1, rows[:, 1] - rows[:, 0])[:, None]
            sizes = np.linalg.norm(means, axis=1)
            means /= np.maximum(sizes, 1e-9)[:, None]
            one, other = np.triu_indices(last - first, 1)
            plain = (sizes[one] > PLAIN) & (sizes[other] > PLAIN)
            one, other = one[plain], other[plain]
            lefts.append(one + first)
            rights.append(other + first)
            unlike.append(np.clip(1 - 2 * np.einsum("ij,ij->i", means[one], means[other]), 0, 1))
        if not lefts:
            return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0)
        return np.concatenate(lefts), np.concatenate(rights), np.concatenate(unlike)

    def _mean(self, of: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> NDArray[np.float32]:
        total, heard = np.zeros(self.frames, np.float32), np.full(self.frames, 1e-9, np.float32)
        for place, voices in self.windows():
            total[place] += of(voices)
            heard[place] += 1
        total /= heard
        return total


def hear_voices(samples: Samples | Array, level: Level, *, on: Callable[[float], None] | None = None) -> Heard | None:
    """Return what the network hears in `samples`; None where its file is not there, or nothing to hear.

    `on` is told the seconds done.
    """
    frames = len(samples) // FRAME
    if not frames or not SHIPPED.exists():
        return None
    length = min(round(WINDOW_S / FRAME_S), max(frames, round(SHORTEST_S / FRAME_S)))
    count = max(1, 1 + -(-(frames - length) * FRAME // round(HOP_S * RATE)))
    starts = np.round(np.linspace(0, max(0, frames - length), count)).astype(np.intp)
    batches = [starts[at : at + BATCH] for at in range(0, count, BATCH)]
    made: list[NDArray[np.float16]] = []
    workers = min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:  # batches side by side; a few at a time, so that memory stays flat
        for at in range(0, len(batches), 4 * workers):
            some = batches[at : at + 4 * workers]
            sounds = [np.stack([_cut(samples, int(start), length, level) for start in batch]) for batch in some]
            made += pool.map(_run, sounds)
            if on is not None:
                on(min(frames, int(some[-1][-1]) + length) * FRAME_S)
    return Heard(starts, np.concatenate(made), frames)


def above(chances: NDArray[np.float32], start: float, end: float) -> list[tuple[int, int]]:
    """Return the half-open stretches that begin at `start` or more and are over below `end`."""
    stays = chances >= end
    edges = np.flatnonzero(np.diff(stays.astype(np.int8), prepend=0, append=0))
    found = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begun = np.flatnonzero(chances[a:b] >= start)
        if len(begun):
            found.append((a + int(begun[0]), b))
    return found


def _cut(samples: Samples | Array, start: int, length: int, level: Level) -> Array:
    part = np.asarray(samples[start * FRAME : (start + length) * FRAME], np.float32)
    return level.apply(np.pad(part, (0, length * FRAME - len(part))))


def _run(sounds: Array) -> NDArray[np.float16]:
    rows = _session().run(None, {"sound": sounds[:, None]})[0]
    times = (np.arange(sounds.shape[1] // FRAME) + 0.5) * FRAME_S
    nearest = np.clip(np.round((times - FIRST_S) / ROW_S).astype(int), 0, rows.shape[1] - 1)
    made: NDArray[np.float16] = rows[:, nearest].astype(np.float16)
    return made


@functools.cache
def _session() -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # Windows builds report to their maker unless told not to
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # batches run side by side instead
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(SHIPPED), options, providers=["CPUExecutionProvider"])
