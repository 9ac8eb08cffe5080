"""The course of a hearing: chunk by chunk through the recogniser, into the journal, and told as it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from casefile.records import Turn, Word
from casefile.seconds import clock
from transcribe.chunks import Chunk
from transcribe.gate import Gate
from transcribe.journal import Journal
from transcribe.lanes import Lanes
from transcribe.level import Level
from transcribe.recognise import Line, Recogniser
from transcribe.shelf import Shelf
from transcribe.sound import Array, Sound, Span
from transcribe.vocabulary import tidy

ENCODING = 0.25  # of the work on a chunk, measured on tiny, base and small; the rest is decoding


class Shows(Protocol):
    """What is told how far the work is, in seconds of sound."""

    def advance_to(self, done: float, note: str = "") -> None: ...


@runtime_checkable
class Measures(Protocol):
    """What also wants to know how much there is in all, and how much an earlier run did: it can tell the time left."""

    total: float

    def start_from(self, done: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Ears:
    """Where there is something to hear."""

    level: Level
    voiced: tuple[Span, ...]  # where words are expected; the chunks reach further
    chunks: tuple[Chunk, ...]
    probabilities: NDArray[np.float32]  # of a voice, by steps of the detector


@dataclass
class Course:
    """Takes the chunks through the recogniser, each into the journal before anybody is told of its words."""

    sound: Sound
    ears: Ears
    recogniser: Recogniser
    log: Journal
    shelf: Shelf
    progress: Shows | None
    on_text: Callable[[Turn], None] | None
    gate: Gate
    turns: list[Turn] = field(default_factory=list)
    stopped_at_s: float | None = None

    def run(self) -> tuple[Turn, ...]:
        """Return the lines in order; what is in the journal is not heard again, what is on the shelf not encoded."""
        chunks, size = self.ears.chunks, self.log.batch
        groups = deque(range(at, min(at + size, len(chunks))) for at in range(0, len(chunks), size))
        left = [group for group in groups if not self._known(group)]
        share = {
            n: 1.0 if self._known(group) else ENCODING * (n in self.shelf.known) for group in groups for n in group
        }
        begin(self.progress, sum(c.length_s for c in chunks), self._reached(share))
        self._tell(groups, share)
        for step in Lanes(self.recogniser, self.shelf, self._sound, self.gate).run(left):
            if step.lines is not None:
                self.log.add(list(zip(step.group, step.lines, strict=True)))
            for n in step.group:
                share[n] = ENCODING if step.lines is None else 1.0
                if step.lines is not None:
                    self.shelf.drop(n)
            self._tell(groups, share)
        if groups:
            self.stopped_at_s = chunks[groups[0][0]].start_s
        return tuple(self.turns)

    def _tell(self, groups: deque[range], share: dict[int, float]) -> None:
        """Tell the lines that are next in order, and how far the work is; the groups told are taken away."""
        chunks = self.ears.chunks
        while groups and self._known(groups[0]):
            lines = tidy(_turn(line, chunks[n]) for n in groups.popleft() for line in self.log.done[n] if line.words)
            self.turns += lines
            if self.on_text is not None:
                for turn in lines:
                    self.on_text(turn)
        if self.progress and chunks:
            upto = chunks[groups[0][0]].start_s if groups else chunks[-1].end_s
            self.progress.advance_to(self._reached(share), f"heard up to {clock(upto)}")

    def _known(self, group: range) -> bool:
        return all(n in self.log.done for n in group)

    def _reached(self, share: dict[int, float]) -> float:
        return sum(self.ears.chunks[n].length_s * done for n, done in share.items())

    def _sound(self, chunk: int) -> Array:
        return self.ears.chunks[chunk].sound(self.sound.samples, self.ears.level)


def _turn(line: Line, chunk: Chunk) -> Turn:
    words = []
    for word in line.words:
        place = chunk.place(word.start_s, word.end_s)
        words.append(replace(word, start_s=round(place.start_s, 3), end_s=round(place.end_s, 3)))
    return Turn(
        text=join_words(words), start_s=words[0].start_s, end_s=words[-1].end_s, words=tuple(words), doubt=line.doubt
    )


def join_words(words: Sequence[Word]) -> str:
    """Return the words as a line of text."""
    return " ".join(w.text for w in words)


def begin(progress: object, total: float, done: float) -> None:
    """Tell how much there is to do, and how much an earlier run did."""
    if isinstance(progress, Measures):
        progress.total = total
        progress.start_from(done)
