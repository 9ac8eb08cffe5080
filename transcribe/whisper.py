"""Words by Whisper, through faster-whisper: batched, int8 on a processor, with the time of every word."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from casefile.errors import ModelError
from casefile.records import Engine, Word
from transcribe import machine
from transcribe.models import choose_model
from transcribe.recognise import Line
from transcribe.sound import RATE, Array
from transcribe.vocabulary import hotwords

SLOT_S = 30  # each chunk gets a place of its own in the sound handed over
PAUSE_S = 0.8  # a line ends at a pause this long,
SENTENCE_S = 0.25  # at a sentence's end with this pause,
LONGEST_LINE_S = 20.0  # and at the next sentence's end after this
PROMPT_TOKENS = 180  # of the 223 Whisper leaves for what it is told beforehand
NEW_TOKENS = 224  # half of Whisper's window, as OpenAI's own; half a minute of talk needs fewer than 150

LOOP = "the same words over and over"
UNSURE = "the recogniser was not sure of these words"
NO_VOICE = "there may be no voice here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Whisper is run."""

    device: str = "auto"  # "cpu", "cuda", "auto"
    threads: int = 0  # 0: by the machine
    batch: int = 0  # 0: by the machine
    beam: int = 5
    new_tokens: int = NEW_TOKENS  # at most, for each chunk
    again: bool = True  # hear a chunk again that came out as a loop


class Whisper:
    """A Whisper model, ready to hear."""

    def __init__(self, folder: Path, *, vocabulary: Sequence[str] = (), settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._folder = folder
        self._vocabulary = tuple(vocabulary)
        self.engine = Engine(name="whisper", model=folder.name)
        self._model, self._pipeline = _load(folder, self._settings)
        self.batch = self._settings.batch or choose_batch(
            folder, on_gpu=self._model.model.device == "cuda", free_mb=machine.free_memory_mb()
        )

    @cached_property
    def hotwords(self) -> str:
        """What the model is told beforehand."""
        tokenizer = self._model.hf_tokenizer
        budget = min(PROMPT_TOKENS, 448 - 8 - self._settings.new_tokens)
        return hotwords(
            self._vocabulary,
            count_tokens=lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids),
            budget=budget,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the model's files, its settings, the words it is told, and the library."""
        stamp = hashlib.sha256((self._folder / "config.json").read_bytes())
        with (self._folder / "model.bin").open("rb") as weights:
            stamp.update(weights.read(1 << 20))
            weights.seek(-min(1 << 20, os.fstat(weights.fileno()).st_size), os.SEEK_END)
            stamp.update(weights.read())
        same = (self._settings.beam, self._settings.new_tokens, self._settings.again, self.hotwords)
        stamp.update(repr(same).encode())
        return f"whisper {version('faster-whisper')} {self._folder.name} {stamp.hexdigest()[:16]}"

    def hear(self, chunks: Sequence[Array]) -> tuple[tuple[Line, ...], ...]:
        """Return the lines of each chunk; one that came out as a loop is heard again, held to new words."""
        heard = self._run(chunks)
        if self._settings.again:
            loops = [n for n, segments in enumerate(heard) if any(s.compression_ratio > 2.4 for s in segments)]
            for n in loops:
                second = self._run([chunks[n]], repetition_penalty=1.2, no_repeat_ngram_size=4)[0]
                if _worst(second) < _worst(heard[n]):
                    heard[n] = second
        return tuple(tuple(line for s in segments for line in _lines(s)) for segments in heard)

    def _run(self, chunks: Sequence[Array], **more: Any) -> list[list[_Segment]]:
        """Return the segments of each chunk, in seconds from its start."""
        sound = np.zeros(len(chunks) * SLOT_S * RATE, np.float32)
        clips = []
        for n, chunk in enumerate(chunks):
            kept = chunk[: SLOT_S * RATE]
            sound[n * SLOT_S * RATE : n * SLOT_S * RATE + len(kept)] = kept
            clips.append({"start": float(n * SLOT_S), "end": n * SLOT_S + len(kept) / RATE})
        segments, _ = self._pipeline.transcribe(
            sound,
            language="en",
            clip_timestamps=clips,
            batch_size=len(clips),
            beam_size=self._settings.beam,
            word_timestamps=True,
            condition_on_previous_text=False,
            hotwords=self.hotwords or None,
            max_new_tokens=self._settings.new_tokens,
            **more,
        )
        found: list[list[_Segment]] = [[] for _ in chunks]
        for segment in segments:
            n = min(int(segment.seek // (SLOT_S * 100)), len(chunks) - 1)
            found[n].append(_segment(segment, float(n * SLOT_S)))
        return found


def load_whisper(model: str | None, *, vocabulary: Sequence[str] = (), settings: Settings | None = None) -> Whisper:
    """Return the model named (a name or a path), or the one chosen by ONRECORD_MODEL or what is there.

    Raises ModelError that says what to do where it is not here or does not load.
    """
    return Whisper(choose_model(model), vocabulary=vocabulary, settings=settings)


def choose_threads() -> int:
    """Return how many threads hear best here: one for each real core, 16 at most."""
    return min(machine.cores(), 16)


def choose_batch(folder: Path, *, on_gpu: bool, free_mb: int) -> int:
    """Return how many chunks to hear at once: what memory allows; more than 4 are no faster on a processor.

    (2 cores, base model: 1 chunk at a time takes 1.5 times as long as 4; 8 as long as 4 and half a gigabyte more.)
    """
    weights_mb = (folder / "model.bin").stat().st_size / 2**20
    each_mb = 60 + weights_mb * 0.6  # measured: tiny 65, base 90, small 220
    room = int((free_mb * 0.7 - weights_mb * 2) / each_mb)
    return max(1, min(16 if on_gpu else 4, room))


def _load(folder: Path, settings: Settings) -> tuple[Any, Any]:
    _stay_home()
    import faster_whisper

    threads = settings.threads or choose_threads()
    trouble: Exception | None = None
    for device, compute in _devices(settings.device):
        try:
            model = faster_whisper.WhisperModel(
                str(folder), device=device, compute_type=compute, cpu_threads=threads, local_files_only=True
            )
            if device == "cuda":  # its libraries are looked for only when it first computes
                model.encode(np.zeros((model.model.n_mels, 3000), np.float32))
            return model, faster_whisper.BatchedInferencePipeline(model)
        except Exception as wrong:  # ctranslate2 raises RuntimeError and ValueError, tokenizers a bare Exception
            trouble = wrong
    raise ModelError(
        f"The speech model in {folder} does not load: {str(trouble)[:200]}",
        next_step="Check it with `onrecord models verify`, or fetch it again.",
    ) from trouble


def _devices(wanted: str) -> tuple[tuple[str, str], ...]:
    """Return what to try, best first: the graphics card where there is one, then the processor in int8."""
    import ctranslate2

    cpu, cuda = ("cpu", "int8"), ("cuda", "int8_float16")
    if wanted == "cpu":
        return (cpu,)
    if wanted == "cuda":
        return (cuda,)
    return (cuda, cpu) if ctranslate2.get_cuda_device_count() else (cpu,)


def _stay_home() -> None:
    """Keep the libraries below from calling home: set before any of them is imported."""
    for name, value in (
        ("HF_HUB_DISABLE_TELEMETRY", "1"),
        ("HF_HUB_OFFLINE", "1"),
        ("DO_NOT_TRACK", "1"),
        ("TOKENIZERS_PARALLELISM", "false"),
    ):
        os.environ.setdefault(name, value)


# --- words and lines -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Segment:
    words: tuple[Word, ...]
    compression_ratio: float
    log_probability: float
    no_speech: float


def _segment(segment: Any, offset_s: float) -> _Segment:
    words = tuple(
        Word(
            start_s=round(max(0.0, float(w.start) - offset_s), 3),
            end_s=round(max(0.0, float(w.end) - offset_s, float(w.start) - offset_s), 3),
            text=w.word.strip(),
            probability=round(min(max(float(w.probability), 0.0), 1.0), 3),
        )
        for w in segment.words or ()
        if w.word.strip()
    )
    return _Segment(words, segment.compression_ratio, segment.avg_logprob, segment.no_speech_prob)


def _worst(segments: list[_Segment]) -> float:
    return max((s.compression_ratio for s in segments), default=0.0)


def _doubt(segment: _Segment) -> str | None:
    """Return why the recogniser may have made the words up, by Whisper's own limits."""
    if segment.compression_ratio > 2.4:
        return LOOP
    if segment.no_speech > 0.6 and segment.log_probability < -0.7:
        return NO_VOICE
    if segment.log_probability < -1.0:
        return UNSURE
    return None


def _lines(segment: _Segment) -> tuple[Line, ...]:
    """Return a segment's words in lines that end with sentences and at pauses."""
    lines: list[list[Word]] = []
    for word in segment.words:
        if lines and not _ends(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    doubt = _doubt(segment)
    return tuple(Line(words=tuple(line), doubt=doubt) for line in lines)


def _ends(line: list[Word], word: Word) -> bool:
    pause = word.start_s - line[-1].end_s
    if pause >= PAUSE_S:
        return True
    ended = line[-1].text[-1:] in ".?!"
    return ended and (pause >= SENTENCE_S or line[-1].end_s - line[0].start_s > LONGEST_LINE_S)
