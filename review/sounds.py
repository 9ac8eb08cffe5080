"""The sound as the page plays and draws it: peaks and, where a browser needs it, a plain WAV, made once a recording.

Both come from the decoding the words came from, so that a word and its sound stand at the same second even where the
recording is damaged.
"""

from __future__ import annotations

import contextlib
import os
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from casefile.errors import RecordingError
from casefile.files import private_folder, telling, write_private
from review.stages import SoundLike

RATE = 16000
PEAKS_A_SECOND = 10
BLOCK = RATE * 60
# What every current browser plays and finds its way in to the second; the rest is played from the WAV.
PLAYED_AS_IT_IS = {".m4a": "audio/mp4", ".mp4": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac"}
OpenSound = Callable[[Path], AbstractContextManager[SoundLike]]


class Sounds:
    """What the page needs of one recording, kept in the case beside it."""

    def __init__(self, folder: Path, open_sound: OpenSound) -> None:
        self.folder, self._open = folder / "page", open_sound
        self._guard = threading.Lock()

    def peaks(self, recording: Path) -> bytes:
        """Return the loudest moment of each tenth of a second, 0 to 255; computed once. Raises RecordingError."""
        kept = self.folder / f"{_mark(recording)}.peaks"
        with self._guard:
            if not kept.exists():
                private_folder(self.folder)
                self._decode(recording, kept, None)
            with telling(kept):
                return kept.read_bytes()

    def prepare(self, recording: Path) -> None:
        """Make what the page will ask for: the peaks, and the WAV where no browser plays the recording as it is."""
        if recording.suffix.lower() in PLAYED_AS_IT_IS:
            self.peaks(recording)
        else:
            self.playable(recording)

    def playable(self, recording: Path, *, as_wav: bool = False) -> tuple[Path, str]:
        """Return a file the browser plays, and its kind: the recording itself, or a WAV made of it."""
        _check(recording)
        kind = PLAYED_AS_IT_IS.get(recording.suffix.lower())
        if kind and not as_wav:
            return recording, kind
        made = self.folder / f"{_mark(recording)}.wav"
        with self._guard:
            if not made.exists():
                private_folder(self.folder)
                self._decode(recording, self.folder / f"{_mark(recording)}.peaks", made)
        return made, "audio/wav"

    def _decode(self, recording: Path, peaks: Path, target: Path | None) -> None:
        _check(recording)
        drawn: list[bytes] = []
        part = target.with_suffix(".part") if target else None
        with self._open(recording) as sound, telling(target or peaks):
            length = len(sound.samples)
            with _writing(part, length) as out:
                for start in range(0, length, BLOCK):
                    block = np.asarray(sound.samples[start : start + BLOCK], dtype=np.float32)
                    drawn.append(loudest(block))
                    if out is not None:
                        out.write(_as_16_bit(block))
        if part is not None and target is not None:
            os.replace(part, target)
        if not peaks.exists():
            write_private(peaks, b"".join(drawn))


def write_stretch(recording: Path, start_s: float, end_s: float, target: Path, open_sound: OpenSound) -> Path:
    """Write a stretch of the recording as a WAV for players that know no other; return `target`."""
    with open_sound(recording) as sound, telling(target), target.open("wb") as out:
        block = np.asarray(sound.samples[round(start_s * RATE) : round(end_s * RATE)], dtype=np.float32)
        out.write(wav_head(len(block)))
        out.write(_as_16_bit(block))
    return target


def _as_16_bit(block: NDArray[np.float32]) -> bytes:
    return (np.clip(block, -1, 1) * 32767).astype("<i2").tobytes()


def loudest(block: NDArray[np.float32]) -> bytes:
    """Return the loudest moment of each tenth of a second of a block, 0 to 255, quiet speech lifted."""
    step = RATE // PEAKS_A_SECOND
    short = -len(block) % step
    padded = np.concatenate([np.abs(block), np.zeros(short, np.float32)]) if short else np.abs(block)
    most = padded.reshape(-1, step).max(axis=1)
    return bytes((np.sqrt(np.clip(most, 0, 1)) * 255).astype(np.uint8).tobytes())


@contextlib.contextmanager
def _writing(part: Path | None, length: int) -> Iterator[BinaryIO | None]:
    if part is None:
        yield None
        return
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(wav_head(length))
            yield file
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def wav_head(length: int) -> bytes:
    """Return the head of a 16 kHz mono 16-bit WAV of `length` samples."""
    size = length * 2
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16, b"data", size
    )


def _check(recording: Path) -> None:
    if not recording.is_file():
        raise RecordingError(
            "The recording is not in the case folder any more.",
            next_step=f"Put {recording.name} back into the folder “recording” of this case, and press play again.",
        )


def _mark(recording: Path) -> str:
    """A name that changes with the recording, so that nothing stale is shown."""
    stat = recording.stat() if recording.exists() else None
    size = stat.st_size if stat else 0
    return f"{recording.stem[:40]}-{size}"
