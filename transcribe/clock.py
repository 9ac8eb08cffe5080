"""When each packet of a recording sounds, on the container's own clock, however damaged the file is.

A first look goes over the packets without decoding them. Containers that carry times (m4a, ogg, flac, webm) are
believed, but for stretches whose times contradict the rest. Where only bytes tell (mp3, raw aac, amr), time is counted
in frames, and bytes that are no frames count as the time they took the place of.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcribe.stated import Stated

BYTE_FORMATS = ("mp3", "aac", "amr", "amrnb", "amrwb")
JOINED_S = 0.05  # packets this near to where the last one ended follow on it
LOOK_AHEAD = 50  # runs looked at to tell a stray time from a new clock


@dataclass(frozen=True, slots=True)
class Survey:
    """What the packets say, one entry per packet in the order of the file."""

    start_s: NDArray[np.float64]  # as stamped; nan where not stamped
    duration_s: NDArray[np.float64]
    pos: NDArray[np.int64]  # byte position; -1 where unknown
    size: NDArray[np.int64]
    head: NDArray[np.uint32]  # the first four bytes
    broken: NDArray[np.bool_]  # the reader stumbled just before this packet

    def __len__(self) -> int:
        return len(self.start_s)


@dataclass(frozen=True, slots=True)
class Clock:
    """The answer: when each packet starts, and whether what lies before it was lost to damage."""

    at_s: NDArray[np.float64]  # nan: not sound, leave it out
    lost_before: NDArray[np.bool_]
    end_s: float


def survey(packets: Iterator[tuple[Any, bool, int]], time_base: float, *, frame_s: float | None = None) -> Survey:
    """Return what all `packets` say; goes over the whole file once without decoding.

    `frame_s` is the length of every frame of a file without a container.
    """
    starts, lengths = array("d"), array("d")
    places, sizes, heads, broken = array("q"), array("q"), array("L"), array("B")
    for packet, stumbled, pos in packets:
        stamp = packet.pts if packet.pts is not None else packet.dts
        starts.append(float("nan") if stamp is None else stamp * time_base)
        lengths.append(frame_s or (packet.duration or 0) * time_base)
        places.append(pos)
        sizes.append(packet.size)
        heads.append(int.from_bytes(bytes(memoryview(packet)[:4]), "big"))
        broken.append(stumbled or packet.is_corrupt)
    found = Survey(
        np.array(starts, np.float64),
        np.array(lengths, np.float64),
        np.array(places, np.int64),
        np.array(sizes, np.int64),
        np.array(heads, np.uint32),
        np.array(broken, np.bool_),
    )
    return _fill_durations(found)


def _fill_durations(found: Survey) -> Survey:
    steps = np.diff(found.start_s)
    sane = steps[(steps > 0.001) & (steps < 1.0)]
    usual = float(np.median(sane)) if len(sane) else 0.02
    found.duration_s[found.duration_s <= 0] = usual
    return found


def tell_time(found: Survey, stated: Stated, *, format_name: str) -> Clock:
    """Return when each packet sounds."""
    if not len(found):
        return Clock(np.zeros(0), np.zeros(0, np.bool_), 0.0)
    if counts_bytes(format_name):
        return _by_bytes(found, stated)
    return _by_stamps(found, stated.duration_s, always_joined=format_name in ("ogg", "flac"))


def counts_bytes(format_name: str) -> bool:
    """Tell whether the format carries no times."""
    return bool(set(format_name.split(",")) & set(BYTE_FORMATS))


# --- containers with times -------------------------------------------------------------------


def _by_stamps(found: Survey, stated_s: float | None, *, always_joined: bool) -> Clock:
    start = _fill_stamps(found)
    ends = start + found.duration_s
    breaks = np.flatnonzero(np.abs(start[1:] - ends[:-1]) > JOINED_S) + 1
    edges = np.concatenate(([0], breaks, [len(start)]))
    runs = [(int(a), int(b)) for a, b in pairwise(edges)]
    shift = -_origin(found, start)
    at = np.full(len(start), np.nan)
    lost = np.zeros(len(start), np.bool_)
    end = 0.0
    for number, (a, b) in enumerate(runs):
        length = ends[b - 1] - start[a]
        begin = start[a] + shift
        later = runs[number + 1 : number + 1 + LOOK_AHEAD]
        if _stray(begin, end, length, shift, later, start, stated_s):
            begin = end
        elif number and (by_bytes := _misplaced(found, a, later, begin, end, shift, start)) is not None:
            begin = by_bytes
        elif number and begin < end - JOINED_S and length > 0 and not _returns(end, shift, later, start):
            shift = end - start[a]  # a second stream was chained on: its clock starts anew
            begin = end
        at[a:b] = start[a:b] - start[a] + begin
        lost[a] = number > 0 and (always_joined or _bytes_skipped(found, a, begin - end) or bool(found.broken[a]))
        end = max(end, begin + length)
    return Clock(at, lost | found.broken, float(end))


def _fill_stamps(found: Survey) -> NDArray[np.float64]:
    start = found.start_s.copy()
    for i in np.flatnonzero(np.isnan(start)):
        start[i] = start[i - 1] + found.duration_s[i - 1] if i else 0.0
    return start


def _origin(found: Survey, start: NDArray[np.float64]) -> float:
    """Return the stamp that a player shows as 00:00: 0, or the first one where nothing was lost before it."""
    first = float(start[0])
    if first <= 0.5:
        return 0.0 if first <= 0 else min(first, 0.0)
    rate = found.size.sum() / max(found.duration_s.sum(), 0.1)
    before_s = max(int(found.pos[0]), 0) / rate
    return 0.0 if before_s > 0.3 * first else first


def _stray(
    begin: float,
    end: float,
    length: float,
    shift: float,
    later: list[tuple[int, int]],
    start: NDArray[np.float64],
    stated_s: float | None,
) -> bool:
    """Tell whether a run's time is a damaged number: beyond the stated end, or in the way of a longer run."""
    if stated_s and begin + length > stated_s + 2.0 and begin > end + JOINED_S:
        return True
    if begin > end + JOINED_S:
        inside = (r for r in later if end - JOINED_S <= start[r[0]] + shift < begin + length - JOINED_S)
        return any(start[b - 1] - start[a] > length for a, b in inside)  # the longer one is believed
    if begin < end - JOINED_S:
        return _returns(end, shift, later, start)
    return False


def _misplaced(
    found: Survey,
    a: int,
    later: list[tuple[int, int]],
    begin: float,
    end: float,
    shift: float,
    start: NDArray[np.float64],
) -> float | None:
    """Return where a run belongs by its place in the file, if its time is far from that and the next run's is not."""
    if not later or found.pos[a] < 0 or found.pos[a - 1] < 0:
        return None
    rate = found.size.sum() / max(found.duration_s.sum(), 0.1)
    from_byte = found.pos[a - 1] + found.size[a - 1]
    here, following = ((float(found.pos[i]) - from_byte) / rate for i in (a, later[0][0]))
    off, next_off = abs(begin - end - here), abs(start[later[0][0]] + shift - end - following)
    if here >= 0 and off > 1.5 + 0.5 * here and next_off < 0.5 + 0.2 * following:
        return float(end + here)
    return None


def _returns(end: float, shift: float, later: list[tuple[int, int]], start: NDArray[np.float64]) -> bool:
    """Tell whether some later run fits on the clock as it was."""
    return any(start[a] + shift >= end - JOINED_S for a, _ in later[:LOOK_AHEAD])


def _bytes_skipped(found: Survey, i: int, gap_s: float) -> bool:
    """Tell whether bytes enough for a quarter of the gap lie between packet `i` and the one before it."""
    if gap_s <= 0 or found.pos[i] < 0 or found.pos[i - 1] < 0:
        return False
    skipped = found.pos[i] - found.pos[i - 1] - found.size[i - 1]
    rate = found.size.sum() / max(found.duration_s.sum(), 0.1)
    return bool(skipped > 0.25 * gap_s * rate)


# --- only bytes ------------------------------------------------------------------------------


def _by_bytes(found: Survey, stated: Stated) -> Clock:
    good = _true_frames(found)
    kept = np.flatnonzero(good)
    if not len(kept):
        return Clock(np.full(len(found), np.nan), np.zeros(len(found), np.bool_), 0.0)
    pos, size, duration = found.pos[kept], found.size[kept], _frame_lengths(found, kept)
    before = np.concatenate(([stated.sound_from], pos[:-1] + size[:-1]))
    between = (pos - before).clip(min=0)
    lost_s = _lost_seconds(between, size, duration)
    if stated.frames:
        missing_s = stated.frames * float(np.median(duration)) - duration.sum()
        lost_s = _fit_total(lost_s, between, missing_s, whole=not stated.bytes_missing)
    starts = np.concatenate(([0.0], np.cumsum(duration)[:-1])) + np.cumsum(lost_s)
    at = np.full(len(found), np.nan)
    at[kept] = starts
    lost = np.zeros(len(found), np.bool_)
    lost[kept] = lost_s > 0
    return Clock(at, lost, float(starts[-1] + duration[-1]))


def _true_frames(found: Survey) -> NDArray[np.bool_]:
    """Tell which packets are frames of the stream: their header's fixed bits are those of many packets.

    Two recordings put end to end have two kinds of them; what garbage looks like by chance is rare.
    """
    if not _has_headers(found):
        return np.ones(len(found), np.bool_)
    fixed = found.head & np.uint32(0xFFFE0C00)  # sync word, version, layer, sampling rate
    values, counts = np.unique(fixed, return_counts=True)
    usual = values[counts >= max(3, 0.05 * len(found))]
    good: NDArray[np.bool_] = np.isin(fixed, usual if len(usual) else values[counts.argmax()])
    return good


def _has_headers(found: Survey) -> bool:
    return bool((found.head >> 20 == 0xFFF).mean() >= 0.5)


def _frame_lengths(found: Survey, kept: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how long each kept frame lasts: an mp3 frame by its own header, others by the reader."""
    heads = found.head[kept]
    layer3 = (heads >> 17 & 3) == 1
    if not _has_headers(found) or not layer3.all():
        return found.duration_s[kept]
    version = heads >> 19 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rates = np.array([44100, 48000, 32000, 44100])[heads >> 10 & 3] / np.array([4, 2, 2, 1])[version]
    lengths: NDArray[np.float64] = np.where(version == 3, 1152, 576) / rates
    return lengths


def _lost_seconds(
    between: NDArray[np.int64], size: NDArray[np.int64], duration: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the time each stretch of bytes that are no frames took the place of, in whole frames."""
    lost = np.zeros(len(size))
    frame_s = float(np.median(duration))
    for i in np.flatnonzero(between):
        around = slice(max(0, i - 200), i + 200)
        rate = size[around].sum() / duration[around].sum()
        lost[i] = round(between[i] / rate / frame_s) * frame_s
    return lost


def _fit_total(
    lost_s: NDArray[np.float64], between: NDArray[np.int64], missing_s: float, *, whole: bool
) -> NDArray[np.float64]:
    """Return the losses fitted to what the header says is missing in all.

    In a file as long as stated, damage took the place of frames: the losses are scaled. In one that is shorter, what
    is missing fell out at the one place where frames do not join, or, where all join or several do not, off the end.
    """
    guessed = lost_s.sum()
    if whole and guessed > 0 and 0.5 < missing_s / guessed < 2.0:
        scaled: NDArray[np.float64] = lost_s * (missing_s / guessed)
        return scaled
    joints = np.flatnonzero(between[1:]) + 1
    if not whole and missing_s > guessed and len(joints) == 1:
        fitted = lost_s.copy()
        fitted[joints[0]] += missing_s - guessed
        return fitted
    return lost_s
