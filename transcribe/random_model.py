"""Whisper models of real structure and random weights: they measure a machine, and let tests run the real path.

They load, encode, decode and align as a trained model does; only the words are meaningless.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LANGUAGES = 99
ONSETS = "b d f g k l m n p r s t v w bl br dr fl gr kl pl pr sk sl st tr"
ENDS = "a e i o u al en ir"
LINE = 200  # tokens, what it was told included, after which a random model begins to stop
DRAWN = 1_000_003  # numbers drawn for one matrix before they come again: a prime, so rows differ
TIMES = 1501  # 0.00 to 30.00 s in steps of 20 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The measures of a Whisper model."""

    width: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    mels: int = 80
    text_tokens: int = 50257  # before <|endoftext|>

    @property
    def vocabulary(self) -> int:
        return self.text_tokens + 1 + 1 + LANGUAGES + 6 + TIMES


TOY = Shape(width=64, heads=2, encoder_layers=2, decoder_layers=2, text_tokens=1000)


def build(
    folder: Path,
    shape: Shape,
    *,
    quantization: str = "int8",
    seed: int = 1,
    tokenizer: bool = True,
    line: int = LINE,
) -> Path:
    """Write a model of `shape` into `folder` in the form faster-whisper loads, and return the folder.

    From token `line` on, what it was told included, the model begins to stop.
    """
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True, exist_ok=True)
    spec = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    fill = _Fill(np.random.default_rng(seed), shape, line)
    fill.encoder(spec.encoder)
    fill.decoder(spec.decoder)
    tokens = vocabulary(shape)
    spec.register_vocabulary(tokens)
    special = shape.text_tokens
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [special]
    spec.config.lang_ids = list(range(special + 2, special + 2 + LANGUAGES))
    half = shape.decoder_layers // 2
    spec.config.alignment_heads = [[i, h] for i in range(half, shape.decoder_layers) for h in range(shape.heads)]
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": shape.mels}), encoding="utf8")
    if tokenizer:
        _write_tokenizer(folder / "tokenizer.json", tokens, shape)
    return folder


# --- words -----------------------------------------------------------------------------------


def vocabulary(shape: Shape) -> list[str]:
    """Return the tokens in Whisper's order: bytes, word pieces, then the marks."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from tokenizers.pre_tokenizers import ByteLevel

    tokens = sorted(ByteLevel.alphabet())
    syllables = [a + b for a in ONSETS.split() for b in ENDS.split()]
    pieces = ["Ġ" + s for s in syllables] + syllables
    pieces += ["Ġ" + a + b for a in syllables for b in syllables]
    pieces += ["Ġ" + a + b + c for a in syllables[:60] for b in syllables for c in ENDS.split()]
    tokens += list(dict.fromkeys(pieces))[: shape.text_tokens - len(tokens)]
    assert len(tokens) == shape.text_tokens
    marks = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{c}|>" for c in _LANGUAGE_CODES[:LANGUAGES])]
    marks += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    return tokens + marks + [f"<|{i * 0.02:.2f}|>" for i in range(TIMES)]


def _write_tokenizer(path: Path, tokens: list[str], shape: Shape) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    known = {t: i for i, t in enumerate(tokens[: shape.text_tokens])}
    merges = []
    for word in tokens[: shape.text_tokens]:
        if len(word) > 1 and word[:-1] in known:
            merges.append((word[:-1], word[-1]))
    made = Tokenizer(models.BPE(vocab=known, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in tokens[shape.text_tokens :]])
    made.save(str(path))


# --- weights ---------------------------------------------------------------------------------


class _Fill:
    def __init__(self, random: np.random.Generator, shape: Shape, line: int) -> None:
        self._random, self._shape, self._line = random, shape, line

    def _weights(self, *size: int) -> NDArray[np.float32]:
        count = int(np.prod(size))
        drawn = self._random.standard_normal(min(count, DRAWN), np.float32) * np.float32(0.8 / np.sqrt(size[-1]))
        return np.resize(drawn, size)  # drawing tens of millions would take longer than hearing with them

    def _norm(self, spec: Any) -> None:
        spec.gamma = np.ones(self._shape.width, np.float32)
        spec.beta = np.zeros(self._shape.width, np.float32)

    def _linear(self, spec: Any, rows: int, columns: int) -> None:
        spec.weight = self._weights(rows, columns)
        spec.bias = np.zeros(rows, np.float32)

    def _attention(self, spec: Any, *, own: bool) -> None:
        width = self._shape.width
        self._norm(spec.layer_norm)
        for linear, rows in zip(spec.linear, (3 * width, width) if own else (width, 2 * width, width), strict=True):
            self._linear(linear, rows, width)

    def _feed_forward(self, spec: Any) -> None:
        width = self._shape.width
        self._norm(spec.layer_norm)
        self._linear(spec.linear_0, 4 * width, width)
        self._linear(spec.linear_1, width, 4 * width)

    def encoder(self, spec: Any) -> None:
        width = self._shape.width
        spec.conv1.weight = self._weights(width, self._shape.mels, 3)
        spec.conv1.bias = np.zeros(width, np.float32)
        spec.conv2.weight = self._weights(width, width, 3)
        spec.conv2.bias = np.zeros(width, np.float32)
        spec.position_encodings.encodings = self._weights(1500, width)
        self._norm(spec.layer_norm)
        for layer in spec.layer:
            self._attention(layer.self_attention, own=True)
            self._feed_forward(layer.ffn)

    def _projection(self, positions: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return weights under which only words come out, and from place `line` on the end becomes the likeliest."""
        out = self._weights(self._shape.vocabulary, self._shape.width) * np.float32(5)
        out[:256] *= np.float32(0.01)  # single bytes are no words
        out[self._shape.text_tokens :] *= np.float32(0.01)
        towards = self._weights(1, self._shape.width)[0]
        positions *= 3  # every place its own words
        before, behind = positions[: self._line], positions[self._line :]
        before -= np.outer(before @ towards + 1, towards) / (towards @ towards)
        behind += towards * np.linspace(0, 40, len(behind), dtype=np.float32)[:, None]
        out[self._shape.text_tokens] = towards * np.float32(15)
        return out

    def decoder(self, spec: Any) -> None:
        width = self._shape.width
        spec.embeddings.weight = self._weights(self._shape.vocabulary, width)
        spec.position_encodings.encodings = self._weights(448, width)
        spec.projection.weight = self._projection(spec.position_encodings.encodings)
        self._norm(spec.layer_norm)
        for layer in spec.layer:
            self._attention(layer.self_attention, own=True)
            self._attention(layer.attention, own=False)
            self._feed_forward(layer.ffn)
