"""Chunks heard in two lanes at once, each on cores of its own, and in such an order that a kill loses little.

One chunk on one core waits for nobody, where several chunks on all cores wait for each other at every step: two lanes
of one chunk are as fast as a batch of four, and have half as much in hand. What is in hand is what a kill loses. So
only one chunk is encoded at a time, and what it gave is kept at once; and a decode begins only when the one before it
is well on, so that never two of them are lost that were nearly done. Meanwhile the other lane encodes ahead.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from transcribe.gate import Gate
from transcribe.recognise import Line, Recogniser
from transcribe.shelf import Shelf
from transcribe.sound import Array

AHEAD = 3  # encoded and waiting at most
APART = 0.6  # of a usual decode lies between the beginnings of two
LOOK_S = 0.2  # how soon a pause or an end is seen


@dataclass(frozen=True, slots=True)
class Step:
    """Chunks that are encoded (`lines` is None) or heard."""

    group: range
    lines: tuple[tuple[Line, ...], ...] | None = None


@dataclass(slots=True)
class _Encoded:
    group: range
    sounds: list[Array]
    encoded: list[Array | None]


@dataclass
class Lanes:
    """Takes groups of chunks through a recogniser, several at once."""

    recogniser: Recogniser
    shelf: Shelf
    sound_of: Callable[[int], Array]  # called by one thread at a time
    gate: Gate
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _told: queue.SimpleQueue[Step | BaseException | None] = field(default_factory=queue.SimpleQueue)
    _todo: deque[range] = field(default_factory=deque)
    _ready: deque[_Encoded] = field(default_factory=deque)
    _encoding: bool = False
    _decoding: int = 0
    _begun_s: float = 0.0  # when the newest decode began
    _decoded: int = 0
    _decoded_s: float = 0.0
    _ended: bool = False

    def run(self, groups: Sequence[range]) -> Iterator[Step]:
        """Hand out each group when it is encoded and when it is heard, until all are or the gate is stopped.

        Those heard may come out of order. Raises what the recogniser raises.
        """
        self._todo.extend(groups)
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.recogniser.lanes)]
        for worker in workers:
            worker.start()
        working = len(workers)
        try:
            while working:
                told = self._next_told()
                if told is None:
                    working -= 1
                elif isinstance(told, BaseException):
                    raise told
                else:
                    yield told
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
            for worker in workers:
                worker.join()

    def _next_told(self) -> Step | BaseException | None:
        while True:  # with a time limit, or Ctrl-C would not be seen on Windows
            try:
                return self._told.get(timeout=1)
            except queue.Empty:
                continue

    def _work(self) -> None:
        try:
            while (task := self._choose()) is not None:
                if isinstance(task, range):
                    self._encode(task)
                else:
                    self._decode(task)
        except BaseException as wrong:  # told in the thread that asked, bugs too
            self._told.put(wrong)
        finally:
            self._told.put(None)

    def _choose(self) -> range | _Encoded | None:
        """Wait until there is something to encode or to decode and return it; None when nothing is left."""
        with self._changed:
            while not (self._ended or self.gate.stopped) and (self._todo or self._ready):
                wait_s = LOOK_S
                if not self.gate.paused:
                    wait_s = min(wait_s, self._too_soon_s())
                    if self._ready and wait_s <= 0:
                        self._decoding += 1
                        self._begun_s = time.monotonic()
                        return self._ready.popleft()
                    if self._todo and not self._encoding and len(self._ready) < AHEAD:
                        self._encoding = True
                        return self._todo.popleft()
                self._changed.wait(wait_s if wait_s > 0 else LOOK_S)
            return None

    def _too_soon_s(self) -> float:
        """Return how long a decode should wait for the one before it to be well on."""
        if not self._decoding:
            return 0.0
        if not self._decoded:
            return LOOK_S
        return self._begun_s + APART * self._decoded_s / self._decoded - time.monotonic()

    def _encode(self, group: range) -> None:
        made = _Encoded(group, [], [])
        for n in group:
            sound = self.sound_of(n)
            encoded = self.shelf.get(n)
            if encoded is None and (encoded := self.recogniser.encode(sound)) is not None:
                self.shelf.put(n, encoded)
            made.sounds.append(sound)
            made.encoded.append(encoded)
        self._told.put(Step(group))
        with self._changed:
            self._encoding = False
            self._ready.append(made)
            self._changed.notify_all()

    def _decode(self, made: _Encoded) -> None:
        begun = time.monotonic()
        lines = self.recogniser.hear(made.sounds, made.encoded)
        self._told.put(Step(made.group, lines))
        with self._changed:
            self._decoding -= 1
            self._decoded += 1
            self._decoded_s += time.monotonic() - begun
            self._changed.notify_all()
