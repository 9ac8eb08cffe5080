"""What a stretch of voice sounds like, as a vector: an ONNX model with its own features and thresholds.

The model stands in a folder with a `model.toml`; ONRECORD_SPEAKER_MODEL names another such folder
(docs/speaker-model.md).
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from casefile.errors import ModelError
from transcribe.embedding_features import HOP, FeatureKind, Taper, features
from transcribe.sound import RATE, Array, Samples

SHIPPED = Path(__file__).with_name("speaker_model")
BATCH = 16  # windows at once; more do not fit the processor's cache and take longer each
STRETCH_S = 60.0  # features are made for this much sound at once
QUIET = 1e-10  # power of silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """How sound is laid before the model."""

    kind: FeatureKind
    bands: int
    taper: Taper = "povey"  # of the frames of kaldi_fbank
    level_dbfs: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How much sound one vector stands for."""

    length_s: float
    shortest_s: float
    hop_s: float
    hop_long_s: float  # in recordings with more than 20 minutes of speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """When vectors are one person's."""

    apart: float  # mean cosine distance at which two groups of windows stay two
    alike: float  # cosine, noise taken out, from which two groups of few windows are one person
    known_alike: float  # the same for groups of many windows
    alike_told: float  # as `alike`, where the number of people limits how many can come of it
    alike_exact: float  # the same where it is certain that there are more people than were found
    switch: float  # what changing the voice costs, in cosines of a tenth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMatch:
    """When a person's sample is the same voice."""

    accept: float
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceModelFile:
    """A `model.toml`."""

    name: str
    onnx: str
    features: Features
    window: Window
    grouping: Grouping
    samples: SampleMatch
    sha256: str | None = None
    backend: str | None = None


class VoiceModel:
    """An opened voice model; opening checks the file against its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.about = read_about(folder)
        self.fingerprint = _checked(folder / self.about.onnx, self.about.sha256)
        self._session = _open(folder / self.about.onnx, self.about.features.bands)
        self._input = self._session.get_inputs()[0].name
        backend = _read_backend(folder / self.about.backend) if self.about.backend else {}
        self.mean: Array | None = backend.get("mean")
        self._lda, self._lda_mean = backend.get("lda"), backend.get("lda_mean")

    def embed(
        self,
        samples: Samples | Array,
        windows: Sequence[tuple[float, float]],
        *,
        on: Callable[[float], None] | None = None,
    ) -> Array:
        """Return one vector of length 1 for each (start_s, length_s) of `windows`; starts must not fall.

        `on` is told the seconds of the recording that are done.
        """
        made = [np.zeros((0, self.width), np.float32)]
        at = 0
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            while at < len(windows):
                end = at + 1
                while end < len(windows) and windows[end][0] - windows[at][0] < STRETCH_S:
                    end += 1
                made.append(self._embed_stretch(samples, windows[at:end], pool))
                if on is not None:
                    on(windows[end - 1][0])
                at = end
        return np.concatenate(made)

    @functools.cached_property
    def width(self) -> int:
        """How many numbers a vector has."""
        rows = round(self.about.window.length_s * RATE / HOP)
        return int(self._run(np.zeros((1, rows, self.about.features.bands), np.float32)).shape[1])

    def centred(self, vectors: Array) -> Array:
        """Return vectors less what all voices share, of length 1."""
        return unit(vectors - self.mean) if self.mean is not None else unit(vectors)

    def for_telling(self, vectors: Array) -> Array:
        """Return vectors for telling voices apart, of length 1: both views side by side where the model has both.

        They err differently: the mean-subtracted view holds up in an unknown room, the other in noise.
        """
        if self._lda is None:
            return self.centred(vectors)
        return unit(np.concatenate([self.centred(vectors), self.for_matching(vectors)], axis=1))

    def for_matching(self, vectors: Array) -> Array:
        """Return vectors for finding a known person: on the axes on which people differ most, of length 1."""
        if self._lda is None or self._lda_mean is None:
            return self.centred(vectors)
        return unit((vectors - self._lda_mean) @ self._lda)

    def _embed_stretch(
        self, samples: Samples | Array, windows: Sequence[tuple[float, float]], pool: ThreadPoolExecutor
    ) -> Array:
        # On whole rows and with some sound around, so that a window's rows are the same in whatever stretch it lies.
        first = max(0, round(windows[0][0] * RATE) // HOP - 2) * HOP
        last = max(round((s + n) * RATE) for s, n in windows) + 3 * HOP
        part = np.asarray(samples[first:last], np.float32)
        asked = self.about.features
        rows = features(part, asked.kind, asked.bands, taper=asked.taper)
        power = _row_power(part)
        spans = [(max(0, round((s * RATE - first) / HOP)), round(n * RATE / HOP)) for s, n in windows]
        batches: list[list[int]] = []
        for length in sorted({n for _, n in spans}):
            places = [i for i, (_, n) in enumerate(spans) if n == length]
            batches += [places[i : i + BATCH] for i in range(0, len(places), BATCH)]
        run = functools.partial(self._embed_batch, rows, power, spans)
        made = np.empty((len(windows), self.width), np.float32)
        for places, vectors in zip(batches, pool.map(run, batches), strict=True):
            made[places] = vectors
        return made

    def _embed_batch(self, rows: Array, power: Array, spans: list[tuple[int, int]], places: list[int]) -> Array:
        level, length = self.about.features.level_dbfs, spans[places[0]][1]
        batch = np.zeros((len(places), length, rows.shape[1]), np.float32)
        for slot, place in enumerate(places):
            start = min(spans[place][0], max(0, len(rows) - length))
            seen = rows[start : start + length]
            if self.about.features.kind == "kaldi_fbank" and len(seen):
                seen = seen - seen.mean(axis=0)
            if level is not None and len(seen):
                seen = seen * np.float32(10 ** (level / 10) / max(QUIET, float(power[start : start + length].mean())))
            batch[slot, : len(seen)] = seen
        return unit(self._run(batch))

    def _run(self, batch: Array) -> Array:
        made: Array = self._session.run(None, {self._input: batch})[0]
        return made.reshape(len(batch), -1)


def voice_model(folder: Path | None = None) -> VoiceModel:
    """Return the model in `folder`, else in the one ONRECORD_SPEAKER_MODEL names, else the one that comes along.

    Raises ModelError.
    """
    named = os.environ.get("ONRECORD_SPEAKER_MODEL")
    return _opened((folder or (Path(named).expanduser() if named else SHIPPED)).resolve())


@functools.lru_cache(maxsize=2)
def _opened(folder: Path) -> VoiceModel:
    return VoiceModel(folder)


def read_about(folder: Path) -> VoiceModelFile:
    """Return what `model.toml` says; raises ModelError naming the wrong key."""
    path = folder / "model.toml"
    try:
        with path.open("rb") as file:
            return msgspec.convert(tomllib.load(file), VoiceModelFile)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise ModelError(
            f"The voice model's {path} is not as expected: {wrong}.",
            next_step="Mend it as docs/speaker-model.md says, or unset ONRECORD_SPEAKER_MODEL.",
        ) from wrong


def unit(vectors: Array) -> Array:
    """Return `vectors` scaled to length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def _row_power(part: Array) -> Array:
    rows = len(part) // HOP
    return np.asarray(np.square(part[: rows * HOP].reshape(rows, HOP)).mean(axis=1), np.float32)


def _checked(path: Path, sha256: str | None) -> str:
    import hashlib

    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as wrong:
        raise ModelError(f"The voice model {path} is not there.", next_step="Install the program again.") from wrong
    if sha256 is not None and digest != sha256.lower():
        raise ModelError(f"The voice model {path} is damaged.", next_step="Put a whole copy in its place.")
    return digest


def _open(path: Path, bands: int) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # Windows builds report to their maker unless told not to
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # batches run side by side instead
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as wrong:  # onnxruntime's own kinds have no common base
        raise ModelError(
            f"The voice model {path} cannot be opened: it is not an ONNX model this version reads.",
            next_step="Put another in its place, or unset ONRECORD_SPEAKER_MODEL.",
        ) from wrong
    shape = session.get_inputs()[0].shape
    if len(shape) != 3 or (isinstance(shape[2], int) and shape[2] != bands):
        raise ModelError(
            f"The voice model {path} reads {shape}, not [windows, rows, {bands}].",
            next_step="Set `bands` in its model.toml, or take a model that reads mel bands.",
        )
    return session


def _read_backend(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path) as kept:
            return {name: kept[name].astype(np.float32) for name in kept.files}
    except (OSError, ValueError) as wrong:
        raise ModelError(f"{path} cannot be read.", next_step="Put a whole copy in its place.") from wrong
