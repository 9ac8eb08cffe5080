"""Decoded sound kept in a temporary file, so that hours of it take no memory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from casefile.errors import StoreError

RATE = 16000  # samples a second, everywhere in this package
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the recording in seconds, half-open."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


class Samples:
    """16 kHz mono float32 samples in a temporary file: `len`, slices and `np.asarray` work as on an array."""

    dtype = np.dtype(np.float32)
    ndim = 1

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="onrecord-sound-")  # noqa: SIM115 - closed by close()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def shape(self) -> tuple[int]:
        return (self._length,)

    @property
    def size(self) -> int:
        return self._length

    def __getitem__(self, key: slice) -> Array:
        start, stop, step = key.indices(self._length)
        read = np.empty(max(stop - start, 0), np.float32)
        if len(read):
            self._file.seek(start * 4)
            self._file.readinto(read.data.cast("B"))  # type: ignore[attr-defined]
        return read if step == 1 else read[::step]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        whole = self[:]
        return whole if dtype is None else whole.astype(dtype)

    def append(self, part: Array) -> None:
        """Write `part` after what is there; raises StoreError where the disk is full."""
        self.put(self._length, part)

    def put(self, at: int, part: Array) -> None:
        """Write `part` from sample `at` on, over what is there."""
        try:
            self._file.seek(at * 4)
            self._file.write(np.ascontiguousarray(part, np.float32).tobytes())
        except OSError as wrong:
            raise StoreError(
                f"There is no room for the decoded sound in {tempfile.gettempdir()}: {wrong.strerror}.",
                next_step="Free some space there (an hour of sound takes 230 MB while it is heard), then run it again.",
            ) from wrong
        self._length = max(self._length, at + len(part))

    def extend_to(self, length: int) -> None:
        """Lengthen with silence; takes no room on most disks."""
        if length > self._length:
            self._file.flush()
            self._file.truncate(length * 4)
            self._length = length

    def done(self) -> None:
        """Make everything written readable."""
        self._file.flush()

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class Sound:
    """A decoded recording; close it (or use it in `with`) to give its room back."""

    samples: Samples
    damaged: tuple[Span, ...]  # silent in `samples`, in order, apart from each other
    duration_s: float
    notes: tuple[str, ...] = ()  # what was odd about the file, for the person

    def __enter__(self) -> Sound:
        return self

    def __exit__(self, *gone: object) -> None:
        self.samples.close()
