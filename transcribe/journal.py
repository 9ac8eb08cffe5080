"""What has been heard so far, kept so that a killed run goes on where it stopped.

One JSON line per finished chunk, appended and synced before anybody is told of it. A torn last line is dropped. The
first line says what was heard with what; where that differs, the journal starts anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec

from casefile.errors import StoreError
from transcribe.recognise import Line


class Journal:
    """The finished chunks of one recording, by number."""

    def __init__(self, path: Path | None, fingerprint: str, *, batch: int) -> None:
        self._path = path
        self.batch = batch  # chunks heard at once; an earlier run's stays, so that the result stays the same
        self._file: IO[bytes] | None = None
        self.done: dict[int, tuple[Line, ...]] = {}
        if path is not None:
            self._open(path, fingerprint)

    def add(self, finished: Sequence[tuple[int, tuple[Line, ...]]]) -> None:
        """Remember finished chunks; they are on the disk when this returns. Raises StoreError."""
        rows = [json.dumps({"chunk": n, "lines": msgspec.to_builtins(lines)}) for n, lines in finished]
        self._write("".join(row + "\n" for row in rows))
        self.done.update(finished)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, path: Path, fingerprint: str) -> None:
        try:
            kept = self._read(path, fingerprint)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            self._file = os.fdopen(handle, "r+b")
            self._file.truncate(kept)
            self._file.seek(kept)
        except OSError as wrong:
            raise self._trouble(wrong) from wrong
        if not kept:
            self._write(json.dumps({"journal": 1, "of": fingerprint, "batch": self.batch}) + "\n")

    def _read(self, path: Path, fingerprint: str) -> int:
        """Read what is there and return how many bytes of it are whole and ours."""
        if not path.exists():
            return 0
        kept = 0
        for number, row in enumerate(path.read_bytes().splitlines(keepends=True)):
            try:
                plain = json.loads(row)
                if number == 0:
                    if plain.get("journal") != 1 or plain.get("of") != fingerprint:
                        return 0
                    self.batch = max(1, int(plain["batch"]))
                else:
                    self.done[int(plain["chunk"])] = msgspec.convert(plain["lines"], tuple[Line, ...])
            except (ValueError, KeyError, TypeError, AttributeError, msgspec.ValidationError):
                break
            if not row.endswith(b"\n"):
                break
            kept += len(row)
        return kept

    def _write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text.encode("ascii"))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as wrong:
            raise self._trouble(wrong) from wrong

    def _trouble(self, wrong: OSError) -> StoreError:
        return StoreError(
            f"What was heard so far cannot be written to {self._path}: {wrong.strerror}.",
            next_step="Free some space or choose another folder, then run it again: it goes on where it stopped.",
        )
