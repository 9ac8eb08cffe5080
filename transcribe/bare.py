"""The frames of files without a container, raw AAC and AMR, with the byte each one truly starts at.

FFmpeg's readers of these count bytes on over what they skip, so that damage would shift the clock.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

Measure = Callable[[bytes], int]  # the length of the frame whose first bytes are given; 0: no frame begins so

CHAIN = 3  # frames that must follow one another before they are believed
AMR_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5)  # bytes after the first, by mode; 8 is silence
AMR_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)
AMR_HEADS = {b"#!AMR\n": AMR_NARROW, b"#!AMR-WB\n": AMR_WIDE}


def has_bare_frames(format_name: str) -> bool:
    """Tell whether FFmpeg calls the format one of ours."""
    return format_name in ("aac", "amr")


def bare_frames(recording: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the byte position and the bytes of each true frame, over garbage and holes."""
    with recording.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for head, sizes in AMR_HEADS.items():
            if data[: len(head)] == head:
                usual_mode = _usual_amr(data, len(head), sizes)
                yield from _frames(data, len(head), partial(_amr_length, sizes=sizes, usual=usual_mode))
                return
        usual = _usual_adts(data)
        yield from _frames(data, 0, partial(_adts_length, usual=usual), sync=b"\xff")


def _frames(data: mmap.mmap, start: int, measure: Measure, *, sync: bytes = b"") -> Iterator[tuple[int, bytes]]:
    at, end = start, len(data)
    believed = False  # the last frame was a true one, so the one behind it is likely
    while at < end:
        length = measure(data[at : at + 8])
        if length and at + length <= end and (believed or _chained(data, at, measure)):
            following = at + length
            if following >= end - 8 or measure(data[following : following + 8]) or _chained(data, at, measure):
                yield at, data[at:following]
                at, believed = following, True
                continue
        believed = False
        at = data.find(sync, at + 1) if sync else at + 1
        if at < 0:
            return


def _chained(data: mmap.mmap, at: int, measure: Measure) -> bool:
    for _ in range(CHAIN):
        if at >= len(data) - 1:
            return at == len(data)
        length = measure(data[at : at + 8])
        if not length:
            return False
        at += length
    return True


def _adts_length(first: bytes, usual: tuple[int, int] | None) -> int:
    if len(first) < 7 or first[0] != 0xFF or first[1] & 0xF6 != 0xF0:
        return 0
    if usual is not None and _adts_kind(first) != usual:
        return 0
    length = (first[3] & 3) << 11 | first[4] << 3 | first[5] >> 5
    return length if 7 < length < 8192 else 0


def _adts_kind(first: bytes) -> tuple[int, int]:
    """Return the bits of a header that stay the same through a file: profile, sampling rate, channels."""
    return first[1], (first[2] & 0xFD) << 8 | first[3] & 0xC0


def _usual_adts(data: mmap.mmap) -> tuple[int, int] | None:
    """Return the kind of most frames in eight places of the file."""
    counts: dict[tuple[int, int], int] = {}
    for part in range(8):
        at, stop = len(data) * part // 8, min(len(data), len(data) * part // 8 + 65536)
        while 0 <= (at := data.find(b"\xff", at)) < stop:
            length = _adts_length(data[at : at + 8], None)
            if length and _adts_length(data[at + length : at + length + 8], _adts_kind(data[at : at + 8])):
                kind = _adts_kind(data[at : at + 8])
                counts[kind] = counts.get(kind, 0) + 1
                at += length
            else:
                at += 1
    return max(counts, key=lambda k: counts[k]) if counts else None


def _amr_length(first: bytes, sizes: tuple[int, ...], usual: int | None) -> int:
    if not first or first[0] & 0x87 != 0x04:
        return 0
    mode = first[0] >> 3 & 15
    if mode == 15:  # nothing was sent
        return 1
    silence = len(sizes) - 1
    return 1 + sizes[mode] if mode in (usual, silence) or (usual is None and mode < silence) else 0


def _usual_amr(data: mmap.mmap, start: int, sizes: tuple[int, ...]) -> int | None:
    """Return the mode of most frames from the start on: a recorder keeps to one."""
    counts: dict[int, int] = {}
    at = start
    while at < len(data) and sum(counts.values()) < 3000:
        length = _amr_length(data[at : at + 1], sizes, None)
        mode = data[at] >> 3 & 15
        if length > 1 and _amr_length(data[at + length : at + length + 1], sizes, None):
            if mode != len(sizes) - 1:
                counts[mode] = counts.get(mode, 0) + 1
            at += length
        else:
            at += max(length, 1)
    return max(counts, key=lambda k: counts[k]) if counts else None
