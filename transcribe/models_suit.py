"""How long each speech model would take on this computer: measured here in seconds, not guessed.

Two layers of each model's own measures are run on half a minute of sound, with random weights; what a layer takes,
times its layers, is what the model takes. A model that is here is not loaded for it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from transcribe import machine
from transcribe.models import KNOWN, KnownModel
from transcribe.random_model import Shape, build
from transcribe.whisper import choose_threads

WINDOW_S = 27.0  # of talk in a chunk of half a minute, as they come out in meetings
TOKENS = 100  # in half a minute of talk
BEAM = 5
CHUNKS = 2  # heard at once
LAYERS = 2
CONVOLUTIONS = 0.3  # of an encoder layer: what goes before the first
LONGEST_MIN = 60.0  # for an hour of sound: slower does not suit


@dataclass(frozen=True, slots=True, kw_only=True)
class Suit:
    """What one model would be like here."""

    model: KnownModel
    minutes: float  # for an hour of talk
    fits: bool  # into the free memory

    @property
    def suits(self) -> bool:
        """Tell whether it fits and keeps up with the sound."""
        return self.fits and self.minutes <= LONGEST_MIN


def measure(*, progress: Callable[[int, int], None] | None = None) -> tuple[Suit, ...]:
    """Return every known model with what it would take here, best first; takes some seconds for each width."""
    free_mb = machine.free_memory_mb()
    widths = sorted({(m.width, m.heads, m.mels) for m in KNOWN})
    layers: dict[int, _Layers] = {}
    for done, (width, heads, mels) in enumerate(widths):
        if progress is not None:
            progress(done, len(widths))
        if width not in layers:
            layers[width] = _time_layers(width, heads, mels)
    return tuple(Suit(model=m, minutes=_minutes(m, layers[m.width]), fits=m.memory_mb <= free_mb) for m in KNOWN)


def advise(found: tuple[Suit, ...]) -> Suit | None:
    """Return the best model that suits, None where none does."""
    return next((s for s in found if s.suits), None)


@dataclass(frozen=True, slots=True)
class _Layers:
    """Seconds for half a minute of sound: what one layer takes, and what every model of the width takes besides."""

    encoder_layer: float
    decoder_layer: float
    decoder: float


def _minutes(model: KnownModel, layers: _Layers) -> float:
    once = layers.encoder_layer * (model.encoder_layers + CONVOLUTIONS)
    once += layers.decoder + layers.decoder_layer * model.decoder_layers
    return once * 3600 / WINDOW_S / 60


def _time_layers(width: int, heads: int, mels: int) -> _Layers:
    """Run two layers of each kind; the last step over the vocabulary is told from them by its count of products."""
    shape = Shape(width=width, heads=heads, encoder_layers=LAYERS, decoder_layers=LAYERS, mels=mels)
    encoder, decoder = _time_model(shape)
    layer = 16 * width**2 + 2 * 1500 * width
    words = shape.vocabulary * width
    whole = LAYERS * layer + words
    return _Layers(encoder / (LAYERS + CONVOLUTIONS), decoder * layer / whole, decoder * words / whole)


def _time_model(shape: Shape) -> tuple[float, float]:
    """Return the seconds a model takes to encode and to decode one chunk."""
    import ctranslate2

    with tempfile.TemporaryDirectory(prefix="onrecord-suit-") as folder:
        build(Path(folder), shape, tokenizer=False)
        model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="int8", intra_threads=choose_threads())
        sound = np.random.default_rng(1).standard_normal((CHUNKS, shape.mels, 3000), np.float32)
        features = ctranslate2.StorageView.from_array(sound)
        encoder, encoded = _fastest(lambda: model.encode(features))
        decoder, _ = _fastest(lambda: _decode(model, encoded, shape))
        return encoder / CHUNKS, decoder / CHUNKS


def _fastest(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shorter time of two runs, and what the last one gave: other programs only ever make it longer."""
    times = []
    for _ in range(2):
        begun = time.perf_counter()
        made = run()
        times.append(time.perf_counter() - begun)
    return min(times), made


def _decode(model: Any, encoded: Any, shape: Shape) -> None:
    start = shape.text_tokens + 1  # <|startoftranscript|>; random weights do not end before they must
    prompt = [start] * 4
    model.generate(
        encoded, [prompt] * CHUNKS, beam_size=BEAM, max_length=len(prompt) + TOKENS, suppress_tokens=[shape.text_tokens]
    )
