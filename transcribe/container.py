"""A sound file opened by what is in it, whatever its name says, and what its headers state about its length."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from casefile.errors import RecordingError

PLAYABLE = "Give an m4a, mp3, wav, ogg, opus, flac, 3gp, amr, aac, webm or mp4 file that plays on your computer."
FORCED = ("mp3", "aac", "amr")  # without a header of their own: tried by name where the first bytes are damaged


class Nameless(io.RawIOBase):
    """The bytes of a file without its name, so that FFmpeg goes by the content and not by the extension."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


def check_file(recording: Path) -> None:
    """Raise RecordingError where there is no file, a folder, or nothing in it."""
    if not recording.exists():
        raise RecordingError(
            f"There is no file {recording.name} in {recording.parent}.", next_step="Check the name and the folder."
        )
    if recording.is_dir():
        raise RecordingError(f"{recording.name} is a folder.", next_step="Name the sound file inside it.")
    try:
        with recording.open("rb") as file:
            first = file.read(1)
    except OSError as wrong:
        raise RecordingError(
            f"{recording.name} cannot be read: {wrong.strerror}.", next_step="Check who may read it, or copy it anew."
        ) from wrong
    if not first:
        raise RecordingError(
            f"{recording.name} is empty (0 bytes).", next_step="Copy it again from the phone or recorder."
        )


@contextmanager
def open_container(recording: Path) -> Iterator[tuple[Any, Any]]:
    """Yield the opened container and its first sound stream; raises RecordingError saying what is wrong with it."""
    import av

    source = Nameless(recording)
    try:
        container = _open(source, recording)
        try:
            if not container.streams.audio:
                raise RecordingError(f"{recording.name} holds no sound.", next_step=PLAYABLE)
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise RecordingError(f"The kind of sound in {recording.name} is not known.", next_step=PLAYABLE)
            yield container, stream
        except av.error.FFmpegError as wrong:
            raise RecordingError(
                f"{recording.name} is damaged so that no sound can be read from it.",
                next_step="Copy it again from the phone or recorder, or " + PLAYABLE[0].lower() + PLAYABLE[1:],
            ) from wrong
        finally:
            container.close()
    finally:
        source.close()


def _open(source: Nameless, recording: Path) -> Any:
    import av

    for forced in (None, *FORCED):
        source.seek(0)
        try:
            container = av.open(source, mode="r", format=forced, metadata_errors="ignore")
        except (av.error.FFmpegError, ValueError, OverflowError):
            continue
        if forced is None or _gives_sound(container):
            return container
        container.close()
    raise _unreadable(recording)


def _gives_sound(container: Any) -> bool:
    """Tell whether a container opened by force holds real frames: twenty that decode, of steady rate, early on."""
    import av

    good, rates = 0, set()
    try:
        for number, packet in enumerate(container.demux(audio=0)):
            try:
                for frame in packet.decode():
                    good += 1
                    rates.add(frame.sample_rate)
            except av.error.FFmpegError:
                good = 0
            if good >= 20 or number > 400:
                break
        container.seek(0)
    except (av.error.FFmpegError, IndexError):
        return False
    return good >= 20 and len(rates) == 1


def _unreadable(recording: Path) -> RecordingError:
    boxes = top_boxes(recording)
    if boxes and boxes[0] in ("ftyp", "mdat") and "moov" not in boxes:
        return RecordingError(
            f"{recording.name} was cut off before its index was written (the phone stopped in the middle), "
            "so no player can find the sound in it.",
            next_step="Look for another copy on the phone. If there is none, keep this file unchanged: a repair "
            "program such as untrunc can often rebuild it with the help of a whole recording from the same phone.",
        )
    if _looks_like_text(recording):
        return RecordingError(f"{recording.name} is text, not sound.", next_step=PLAYABLE)
    return RecordingError(f"{recording.name} is not a sound file that can be read.", next_step=PLAYABLE)


def top_boxes(recording: Path, limit: int = 1000) -> tuple[str, ...]:
    """Return the names of the outermost boxes of an mp4-like file in order, () where it is none."""
    names: list[str] = []
    total = recording.stat().st_size
    with recording.open("rb") as file:
        at = 0
        while at + 8 <= total and len(names) < limit:
            file.seek(at)
            head = file.read(16)
            size, name = int.from_bytes(head[:4], "big"), head[4:8]
            if not all(32 <= c < 127 for c in name):
                break
            names.append(name.decode("ascii"))
            if size == 1 and len(head) == 16:
                size = int.from_bytes(head[8:16], "big")
            if size < 8:
                break
            at += size
    return tuple(names)


def _looks_like_text(recording: Path) -> bool:
    with recording.open("rb") as file:
        head = file.read(4096)
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if wrong.start < len(head) - 4:
            return False
        text = head[: wrong.start].decode("utf-8")
    return sum(c.isprintable() or c.isspace() for c in text) > 0.95 * len(text)
