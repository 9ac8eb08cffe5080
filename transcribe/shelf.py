"""The encodings of chunks that are not in the journal yet, so that a killed run does not encode them again.

Each lies in a file of its own beside the journal, readable by its owner alone, from the moment it is made until its
chunk is in the journal. A file that is torn, or of another recording or model, is not taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Container
from pathlib import Path

import numpy as np

from transcribe.sound import Array

_SUM = hashlib.sha256().digest_size


class Shelf:
    """The kept encodings by number of their chunk; one without a journal keeps nothing."""

    def __init__(self, journal: Path | None, fingerprint: str, *, done: Container[int] = ()) -> None:
        """Find what an earlier run kept beside `journal`; what is torn, foreign or of a chunk in `done` is deleted."""
        self._journal = journal
        self._of = fingerprint
        self._full = False
        self.known: set[int] = set()
        if journal is None:
            return
        for path in journal.parent.glob(f"{journal.name}.*.encoded"):
            number = path.suffixes[-2].removeprefix(".")
            if number.isdigit() and int(number) not in done and self.get(int(number)) is not None:
                self.known.add(int(number))
            else:
                _delete(path)

    def get(self, chunk: int) -> Array | None:
        """Return the encoding kept of a chunk, exactly as it was; None where none is whole and ours."""
        path = self._path(chunk)
        if path is None:
            return None
        try:
            kept = path.read_bytes()
            if kept[:_SUM] != self._sum(chunk, kept[_SUM:]):
                return None
            encoded: Array = np.load(io.BytesIO(kept[_SUM:]), allow_pickle=False)
        except (OSError, ValueError):
            return None
        return encoded

    def put(self, chunk: int, encoded: Array) -> None:
        """Keep an encoding; it is on the disk when this returns. On a full disk nothing more is kept."""
        path = self._path(chunk)
        if path is None or self._full:
            return
        plain = io.BytesIO()
        np.save(plain, encoded, allow_pickle=False)
        data = plain.getvalue()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(self._sum(chunk, data) + data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._full = True
            _delete(path)
        else:
            self.known.add(chunk)

    def drop(self, chunk: int) -> None:
        """Delete the encoding of a chunk that is in the journal."""
        if chunk in self.known and (path := self._path(chunk)) is not None:
            self.known.discard(chunk)
            _delete(path)

    def _path(self, chunk: int) -> Path | None:
        return None if self._journal is None else self._journal.with_name(f"{self._journal.name}.{chunk}.encoded")

    def _sum(self, chunk: int, data: bytes) -> bytes:
        return hashlib.sha256(f"{self._of} {chunk} ".encode() + data).digest()


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):  # on Windows while somebody reads it: the next run deletes it
        path.unlink()
