"""faster-whisper's model and pipeline: loaded on the card or the processor, and encoding apart from decoding."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transcribe.sound import Array


def stay_home() -> None:
    """Keep the libraries below from calling home: to be called before any of them is imported."""
    for name, value in (
        ("HF_HUB_DISABLE_TELEMETRY", "1"),
        ("HF_HUB_OFFLINE", "1"),
        ("DO_NOT_TRACK", "1"),
        ("TOKENIZERS_PARALLELISM", "false"),
    ):
        os.environ.setdefault(name, value)


def load(folder: Path, wanted: str, *, lanes: int, threads: int) -> LoadedModel:
    """Return the model on the best device that `wanted` ("cpu", "cuda", "auto") allows; raises what the library does.

    On a processor `lanes` threads may use it at once, and each has `threads` cores.
    """
    trouble: Exception | None = None
    for device, compute in devices(wanted):
        try:
            return LoadedModel(folder, device, compute, lanes=lanes if device == "cpu" else 1, threads=threads)
        except Exception as wrong:  # ctranslate2 raises RuntimeError and ValueError, tokenizers a bare Exception
            trouble = wrong
    assert trouble is not None
    raise trouble


def devices(wanted: str) -> tuple[tuple[str, str], ...]:
    """Return what to try, best first: the graphics card where there is one, then the processor in int8."""
    import ctranslate2

    cpu, cuda = ("cpu", "int8"), ("cuda", "int8_float16")
    if wanted == "cpu":
        return (cpu,)
    if wanted == "cuda":
        return (cuda,)
    return (cuda, cpu) if ctranslate2.get_cuda_device_count() else (cpu,)


class LoadedModel:
    """A loaded model; what it encoded of a chunk can be handed back to it in place of the sound."""

    def __init__(self, folder: Path, device: str, compute: str, *, lanes: int, threads: int) -> None:
        stay_home()
        from faster_whisper import WhisperModel
        from faster_whisper.feature_extractor import FeatureExtractor

        ahead = threading.local()  # what this thread's encoding is to give
        blank = np.zeros((1, 2), np.float32)  # for features that nobody will look at

        class Model(WhisperModel):  # type: ignore[misc]
            def encode(self, features: Any) -> Any:
                given = getattr(ahead, "encoded", None)
                return super().encode(features) if given is None else given

        class Features(FeatureExtractor):  # type: ignore[misc]
            def __call__(self, *sound: Any, **how: Any) -> Any:
                return super().__call__(*sound, **how) if getattr(ahead, "encoded", None) is None else blank

        self._ahead = ahead
        self.model = Model(
            str(folder),
            device=device,
            compute_type=compute,
            cpu_threads=threads,
            num_workers=lanes,
            local_files_only=True,
        )
        self.model.feature_extractor = Features(**self.model.feat_kwargs)
        self.on_card = device == "cuda"
        self.lanes = lanes
        if self.on_card:  # its libraries are looked for only when it first computes
            self.model.encode(np.zeros((self.model.model.n_mels, 3000), np.float32))

    def encode(self, chunk: Array) -> Array:
        """Return what the encoder makes of a chunk, to the last bit as the pipeline would have it."""
        from faster_whisper.audio import pad_or_trim

        features = pad_or_trim(self.model.feature_extractor(chunk)[..., :-1])
        return np.array(self.model.encode(features))

    @contextlib.contextmanager
    def given(self, encoded: Sequence[Array]) -> Iterator[None]:
        """Let this thread's next hearing take these encodings in place of encoding."""
        from ctranslate2 import StorageView

        held = np.ascontiguousarray(np.concatenate(encoded))  # the view only points at it
        self._ahead.encoded = StorageView.from_array(held)
        try:
            yield
        finally:
            self._ahead.encoded = None

    def transcribe(self, sound: Array, *, clips_s: Sequence[tuple[float, float]], **how: Any) -> Iterator[Any]:
        """Return faster-whisper's segments of stretches of the sound, in one batch."""
        from faster_whisper import BatchedInferencePipeline

        pipeline = BatchedInferencePipeline(self.model)  # keeps the end of what it heard last: one for each hearing
        clips = [{"start": start, "end": end} for start, end in clips_s]
        segments, _ = pipeline.transcribe(
            sound, language="en", clip_timestamps=clips, batch_size=len(clips), word_timestamps=True, **how
        )
        yield from segments
