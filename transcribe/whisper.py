"""Words by Whisper, through faster-whisper: int8 in two lanes on a processor, batched on a card, every word timed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from casefile.errors import ModelError
from casefile.records import Engine
from transcribe import machine
from transcribe.models import choose_model
from transcribe.recognise import Line
from transcribe.sound import RATE, Array
from transcribe.vocabulary import hotwords
from transcribe.whisper_lines import Segment, lines_of, segment_of, worst
from transcribe.whisper_model import LoadedModel, load

SLOT_S = 30  # each chunk gets a place of its own in the sound handed over
PROMPT_TOKENS = 180  # of the 223 Whisper leaves for what it is told beforehand
NEW_TOKENS = 224  # half of Whisper's window, as OpenAI's own; half a minute of talk needs fewer than 150
LOOPING = 2.4  # text that packs so much smaller repeats itself: Whisper's own limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Whisper is run."""

    device: str = "auto"  # "cpu", "cuda", "auto"
    threads: int = 0  # in all; 0: by the machine
    lanes: int = 0  # chunks heard at once, each on its share of the threads; 0: by the machine
    batch: int = 0  # chunks heard in one go; 0: by the machine
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
        free_mb = machine.free_memory_mb()
        threads = self._settings.threads or choose_threads()
        lanes = self._settings.lanes or choose_lanes(folder, threads=threads, free_mb=free_mb)
        self._loaded = _load(folder, self._settings.device, lanes=lanes, threads=max(1, threads // lanes))
        self.lanes = self._loaded.lanes
        self.batch = self._settings.batch or choose_batch(folder, on_card=self._loaded.on_card, free_mb=free_mb)

    @cached_property
    def hotwords(self) -> str:
        """What the model is told beforehand."""
        tokenizer = self._loaded.model.hf_tokenizer
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

    def encode(self, chunk: Array) -> Array | None:
        """Return what the encoder makes of a chunk; None on a graphics card, where that is done in a moment."""
        return None if self._loaded.on_card else self._loaded.encode(chunk[: SLOT_S * RATE])

    def hear(self, chunks: Sequence[Array], encoded: Sequence[Array | None] = ()) -> tuple[tuple[Line, ...], ...]:
        """Return the lines of each chunk; one that came out as a loop is heard again, held to new words."""
        heard = self._run(chunks, encoded)
        if self._settings.again:
            loops = [n for n, segments in enumerate(heard) if worst(segments) > LOOPING]
            for n in loops:
                second = self._run([chunks[n]], encoded[n : n + 1], repetition_penalty=1.2, no_repeat_ngram_size=4)[0]
                if worst(second) < worst(heard[n]):
                    heard[n] = second
        return tuple(tuple(line for s in segments for line in lines_of(s)) for segments in heard)

    def _run(self, chunks: Sequence[Array], encoded: Sequence[Array | None], **more: Any) -> list[list[Segment]]:
        """Return the segments of each chunk, in seconds from its start."""
        kept = [chunk[: SLOT_S * RATE] for chunk in chunks]
        clips = [(float(n * SLOT_S), n * SLOT_S + len(chunk) / RATE) for n, chunk in enumerate(kept)]
        given = [e for e in encoded if e is not None]
        found: list[list[Segment]] = [[] for _ in kept]
        with self._loaded.given(given) if len(given) == len(kept) else nullcontext():
            for segment in self._loaded.transcribe(
                _laid(kept),
                clips_s=clips,
                beam_size=self._settings.beam,
                condition_on_previous_text=False,
                hotwords=self.hotwords or None,
                max_new_tokens=self._settings.new_tokens,
                **more,
            ):
                n = min(int(segment.seek // (SLOT_S * 100)), len(kept) - 1)
                found[n].append(segment_of(segment, float(n * SLOT_S)))
        return found


def _laid(chunks: Sequence[Array]) -> Array:
    """Return the chunks in one sound, each in a place of its own."""
    sound = np.zeros(len(chunks) * SLOT_S * RATE, np.float32)
    for n, chunk in enumerate(chunks):
        sound[n * SLOT_S * RATE : n * SLOT_S * RATE + len(chunk)] = chunk
    return sound


def load_whisper(model: str | None, *, vocabulary: Sequence[str] = (), settings: Settings | None = None) -> Whisper:
    """Return the model named (a name or a path), or the one chosen by ONRECORD_MODEL or what is there.

    Raises ModelError that says what to do where it is not here or does not load.
    """
    return Whisper(choose_model(model), vocabulary=vocabulary, settings=settings)


def choose_threads() -> int:
    """Return how many threads hear best here: one for each real core, 16 at most."""
    return min(machine.cores(), 16)


def choose_lanes(folder: Path, *, threads: int, free_mb: int) -> int:
    """Return how many chunks to hear at once on a processor, each on its share of the cores: two, where memory allows.

    Of 100 words decoding is three quarters of the work, not encoding (2 cores, tiny, base and small alike), so what a
    kill loses grows with what is decoded at once: a batch of four is worth some 80 s of sound, one chunk 20, and two
    begun apart (see `lanes.py`) 28 at most, which is 1, 2 and 6 seconds on the clock. One chunk on one core takes as
    much processor time as a quarter of a batch on both (tiny 0.90 s and 0.87, base 1.81 and 1.77; one by one on both
    1.09 and 2.01), and no core waits for the other: the stage is faster in lanes than faster-whisper in batches.
    """
    return 2 if threads > 1 and _room(folder, free_mb) >= 2 else 1


def choose_batch(folder: Path, *, on_card: bool, free_mb: int) -> int:
    """Return how many chunks to hear in one go: one on a processor (see `choose_lanes`), on a card as memory allows."""
    return max(1, min(16, _room(folder, free_mb))) if on_card else 1


def _room(folder: Path, free_mb: int) -> int:
    """Return for how many chunks at once there is memory."""
    weights_mb = (folder / "model.bin").stat().st_size / 2**20
    each_mb = 60 + weights_mb * 0.6  # measured: tiny 65, base 90, small 220
    return int((free_mb * 0.7 - weights_mb * 2) / each_mb)


def _load(folder: Path, device: str, *, lanes: int, threads: int) -> LoadedModel:
    try:
        return load(folder, device, lanes=lanes, threads=threads)
    except Exception as trouble:
        raise ModelError(
            f"The speech model in {folder} does not load: {str(trouble)[:200]}",
            next_step="Check it with `onrecord models verify`, or fetch it again.",
        ) from trouble
