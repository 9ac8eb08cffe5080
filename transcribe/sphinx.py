"""Rough words without a download: pocketsphinx, whose wheel brings its model."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from casefile.errors import ModelError
from casefile.records import Engine, Word
from transcribe.recognise import Line
from transcribe.sound import Array

FRAME_S = 0.01
PAUSE_S = 0.5  # a line ends at a pause this long
FILLERS = ("<", "[", "+")  # marks of silence and noise begin with these


class Sphinx:
    """The recogniser of pocketsphinx with its own English model: a rough guess, useless in a real room."""

    batch = 1
    lanes = 1  # its decoder is not for two threads

    def __init__(self) -> None:
        try:
            import pocketsphinx
        except ImportError as missing:
            raise ModelError(
                "The rough recogniser (pocketsphinx) is not installed.",
                next_step="Run `pip install pocketsphinx`, or use a Whisper model: `onrecord models list`.",
            ) from missing
        self._decoder: Any = pocketsphinx.Decoder(loglevel="FATAL")
        self._fresh = self._decoder.get_cmn(False)
        self.engine = Engine(name="sphinx", model="en-us")
        self.fingerprint = f"sphinx {version('pocketsphinx')} en-us"

    def encode(self, chunk: Array) -> None:
        """Return nothing: it hears in one go."""

    def hear(self, chunks: Sequence[Array], encoded: Sequence[Array | None] = ()) -> tuple[tuple[Line, ...], ...]:
        """Return the lines of each chunk."""
        return tuple(self._hear(chunk) for chunk in chunks)

    def _hear(self, chunk: Array) -> tuple[Line, ...]:
        pcm = (chunk * 32767).clip(-32768, 32767).astype(np.int16).tobytes()
        if not pcm:
            return ()
        self._decoder.reinit_feat()  # nothing stays of the chunk before
        self._decoder.set_cmn(self._fresh)
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        words = [_word(segment) for segment in self._decoder.seg() or () if not segment.word.startswith(FILLERS)]
        return _lines(words)


def _word(segment: Any) -> Word:
    return Word(
        start_s=segment.start_frame * FRAME_S,
        end_s=(segment.end_frame + 1) * FRAME_S,
        text=segment.word.split("(")[0],
        probability=round(min(max(float(segment.prob), 0.0), 1.0), 3),
    )


def _lines(words: list[Word]) -> tuple[Line, ...]:
    lines: list[list[Word]] = []
    for word in words:
        if lines and word.start_s - lines[-1][-1].end_s < PAUSE_S:
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(Line(words=tuple(line)) for line in lines)
