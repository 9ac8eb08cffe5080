"""What a recogniser is: sound in, lines of timed words out. Two are built in, Whisper and Sphinx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from casefile.records import Engine, Word
from transcribe.sound import Array

EngineName = Literal["whisper", "sphinx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words heard in one go, in seconds from the start of the chunk (or, once placed, of the recording)."""

    words: tuple[Word, ...]
    doubt: str | None = None  # why the recogniser itself may have made them up


class Recogniser(Protocol):
    """Hears chunks of sound. The same chunk gives the same lines, whatever was heard before it."""

    @property
    def engine(self) -> Engine:
        """What the transcript says it was made with."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes with anything that changes what is heard: model, settings, vocabulary."""
        ...

    @property
    def batch(self) -> int:
        """How many chunks it likes to hear in one go."""
        ...

    @property
    def lanes(self) -> int:
        """How many threads may call it at once."""
        ...

    def encode(self, chunk: Array) -> Array | None:
        """Return what the first part of hearing makes of a chunk; None where that is not worth keeping."""
        ...

    def hear(self, chunks: Sequence[Array], encoded: Sequence[Array | None] = ()) -> tuple[tuple[Line, ...], ...]:
        """Return the lines of each chunk (16 kHz mono at listening level, at most 30 s), with what it encoded of them.

        The lines are the same without `encoded`.
        """
        ...
