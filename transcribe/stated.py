"""What the headers of a recording state about its length."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcribe.clock import Survey


@dataclass(frozen=True, slots=True)
class Stated:
    """The length by the headers, where they state one that is worth believing."""

    duration_s: float | None
    mp3_frames: int | None = None


def read_stated(recording: Path, container: Any, stream: Any, found: Survey) -> Stated:
    """Return the stated length; None where the container has none of its own (raw aac, amr, ogg)."""
    name = container.format.name
    if "mp4" in name:
        return Stated(_seconds(stream.duration, stream.time_base) or _seconds(container.duration, 1e-6))
    if name in ("flac", "wav", "matroska,webm"):
        if name == "wav":
            return Stated(_wav_seconds(recording))
        return Stated(_seconds(stream.duration, stream.time_base) or _seconds(container.duration, 1e-6))
    if name == "mp3" and len(found):
        return _xing(recording, found)
    return Stated(None)


def _seconds(count: int | None, base: Any) -> float | None:
    return float(count * base) if count and count > 0 else None


def _wav_seconds(recording: Path) -> float | None:
    """Return the length a RIFF header states; None where a recorder left it open (0 or all ones)."""
    with recording.open("rb") as file:
        head = file.read(65536)
    fmt, data = head.find(b"fmt "), head.find(b"data")
    if head[:4] != b"RIFF" or fmt < 0 or data < 0:
        return None
    rate = int.from_bytes(head[fmt + 16 : fmt + 20], "little")  # bytes a second
    size = int.from_bytes(head[data + 4 : data + 8], "little")
    return size / rate if rate and 0 < size < 0xFFFFFF00 else None


def _xing(recording: Path, found: Survey) -> Stated:
    """Return the count of frames in a Xing or Info header, which lies in a frame of its own before the first."""
    with recording.open("rb") as file:
        head = file.read(max(0, int(found.pos[0])) + 4)
    for mark in (b"Xing", b"Info"):
        at = head.rfind(mark)
        if at >= 0 and head[at + 7] & 1 and len(head) >= at + 12:
            frames = int.from_bytes(head[at + 8 : at + 12], "big")
            frame_s = float(found.duration_s[0])
            return Stated(frames * frame_s, frames) if 0 < frames * frame_s < 48 * 3600 else Stated(None)
    return Stated(None)
