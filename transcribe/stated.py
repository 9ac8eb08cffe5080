"""What the headers of a recording state about its length, as far as they are worth believing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPEN_END = 0xFFFFFF00  # a recorder that was stopped hard left the length of a wav file open


@dataclass(frozen=True, slots=True)
class Stated:
    """The length by the headers; None where the container states none (raw aac, amr)."""

    duration_s: float | None = None
    frames: int | None = None  # of an mp3, by its Xing header
    bytes_missing: int = 0  # of an mp3: how much shorter the file is than that header states
    sound_from: int = 0  # the byte the first frame should start at


def read_stated(recording: Path, container: Any, stream: Any) -> Stated:
    """Return what the headers state."""
    name = container.format.name
    if name == "mp3":
        return _mp3(recording)
    if name == "amr":
        return Stated(sound_from=9 if stream.codec_context.sample_rate == 16000 else 6)
    if name == "wav":
        return Stated(_wav_seconds(recording))
    if name == "ogg":
        return Stated(_ogg_seconds(recording, stream))
    if "mp4" in name or name in ("flac", "matroska,webm"):
        return Stated(_seconds(stream.duration, stream.time_base) or _seconds(container.duration, 1e-6))
    return Stated()


def _seconds(count: int | None, base: Any) -> float | None:
    return float(count * base) if count and count > 0 else None


def _wav_seconds(recording: Path) -> float | None:
    with recording.open("rb") as file:
        head = file.read(65536)
    fmt, data = head.find(b"fmt "), head.find(b"data")
    if head[:4] != b"RIFF" or fmt < 0 or data < 0:
        return None
    rate = int.from_bytes(head[fmt + 16 : fmt + 20], "little")  # bytes a second
    size = int.from_bytes(head[data + 4 : data + 8], "little")
    return size / rate if rate and 0 < size < OPEN_END else None


def _ogg_seconds(recording: Path, stream: Any) -> float | None:
    """Return the end time in the last page's head, even where the page itself is damaged.

    A damaged number is not believed: the last pages of the stream must agree on it within a minute.
    """
    rate = 48000 if stream.codec_context.name == "opus" else stream.codec_context.sample_rate
    with recording.open("rb") as file:
        file.seek(max(0, recording.stat().st_size - (1 << 18)))
        tail = file.read()
    ends: list[int] = []
    at = tail.find(b"OggS")
    while at >= 0:
        granule = int.from_bytes(tail[at + 6 : at + 14], "little", signed=True)
        if granule > 0:
            ends.append(granule)
        at = tail.find(b"OggS", at + 4)
    sane = [e for e in ends if any(e is not o and abs(e - o) < 60 * rate for o in ends)]
    return max(sane) / rate if sane else None


def _mp3(recording: Path) -> Stated:
    """Return what the ID3 tag and the Xing or Info header before the first frame say."""
    with recording.open("rb") as file:
        head = file.read(10)
        tag = 0
        if head[:3] == b"ID3":
            tag = 10 + sum((head[6 + i] & 0x7F) << 7 * (3 - i) for i in range(4))
        file.seek(tag)
        first = file.read(4096)
    at = max(first.find(b"Xing", 0, 200), first.find(b"Info", 0, 200))
    header, rate, per_frame = _mp3_header(first)
    if at < 0 or not header:
        return Stated(sound_from=tag)
    start = tag + header  # that header takes the place of a frame
    flags, at = first[at + 7], at + 8
    frames = int.from_bytes(first[at : at + 4], "big") if flags & 1 else None
    size = int.from_bytes(first[at + 4 : at + 8], "big") if flags & 3 == 3 else None
    missing = max(0, tag + size - recording.stat().st_size) if size else 0
    seconds = frames * per_frame / rate if frames else None
    if seconds is None or seconds > 48 * 3600:
        return Stated(sound_from=start)
    return Stated(seconds, frames, missing, start)


def _mp3_header(first: bytes) -> tuple[int, int, int]:
    """Return the length in bytes of the mp3 frame at the start of `first`, its sampling rate and samples; 0, 1, 0."""
    if len(first) < 4 or first[0] != 0xFF or first[1] & 0xE6 != 0xE2:
        return 0, 1, 0
    version = first[1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    low_rates = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    bits, sampling = first[2] >> 4, first[2] >> 2 & 3
    if bits in (0, 15) or sampling == 3 or version == 1:
        return 0, 1, 0
    rate = (44100, 48000, 32000)[sampling] // {3: 1, 2: 2, 0: 4}[version]
    kilobits = rates[bits] if version == 3 else low_rates[bits]
    samples = 1152 if version == 3 else 576
    return samples // 8 * kilobits * 1000 // rate + (first[2] >> 1 & 1), rate, samples
