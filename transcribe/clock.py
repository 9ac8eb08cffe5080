"""When each packet of a recording sounds, on the container's own clock, however damaged the file is.

A first look goes over the packets without decoding them. Containers that carry times (m4a, ogg, flac, webm) are
believed, but for stretches whose times contradict the rest. Where only bytes tell (mp3, raw aac, amr), time is counted
in frames, and bytes that are no frames count as the time they took the place of.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def survey(container: Any, stream: Any) -> Survey:
    """Return what all packets of `stream` say; reads the whole file once without decoding."""
    starts: list[float] = []
    rows: list[tuple[float, int, int, int, bool]] = []
    base = float(stream.time_base)
    for packet, stumbled in read_packets(container, stream):
        stamp = packet.pts if packet.pts is not None else packet.dts
        starts.append(float("nan") if stamp is None else stamp * base)
        head = int.from_bytes(bytes(memoryview(packet)[:4]), "big")
        pos = -1 if packet.pos is None else packet.pos
        rows.append(((packet.duration or 0) * base, pos, packet.size, head, stumbled or packet.is_corrupt))
    duration, pos_, size, heads, broken = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    found = Survey(
        np.array(starts, np.float64),
        np.array(duration, np.float64),
        np.array(pos_, np.int64),
        np.array(size, np.int64),
        np.array(heads, np.uint32),
        np.array(broken, np.bool_),
    )
    return _fill_durations(found)


def read_packets(container: Any, stream: Any) -> Any:
    """Yield (packet, whether the reader stumbled before it) to the end of the file, over damage that stops FFmpeg."""
    import av

    stumbled, stuck, last_pos = False, 0, -1
    while True:
        try:
            for packet in container.demux(stream):
                if packet.size == 0:
                    continue
                yield packet, stumbled
                stumbled, stuck, last_pos = False, 0, packet.pos or last_pos
            return
        except EOFError:
            return
        except av.error.FFmpegError:
            stumbled, stuck = True, stuck + 1
            if stuck > 200:  # no packet between 200 errors: the reader no longer moves
                return


def _fill_durations(found: Survey) -> Survey:
    steps = np.diff(found.start_s)
    sane = steps[(steps > 0.001) & (steps < 1.0)]
    usual = float(np.median(sane)) if len(sane) else 0.02
    found.duration_s[found.duration_s <= 0] = usual
    return found


def tell_time(found: Survey, *, format_name: str, stated_s: float | None, mp3_frames: int | None = None) -> Clock:
    """Return when each packet sounds; `stated_s` is the length by the headers, `mp3_frames` that of a Xing header."""
    if not len(found):
        return Clock(np.zeros(0), np.zeros(0, np.bool_), 0.0)
    if set(format_name.split(",")) & set(BYTE_FORMATS):
        return _by_bytes(found, mp3_frames)
    return _by_stamps(found, stated_s, always_joined=format_name in ("ogg", "flac"))


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
        if _stray(begin, end, length, shift, runs[number + 1 : number + 1 + LOOK_AHEAD], start, stated_s):
            begin = end
        elif begin < end - JOINED_S and number and length > 0 and not _returns(end, shift, runs[number + 1 :], start):
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
    """Tell whether a run's time is a damaged number: beyond the stated end, or later runs lie before it."""
    if stated_s and begin + length > stated_s + 2.0 and begin > end + JOINED_S:
        return True
    if begin > end + 1.0:
        return any(end - JOINED_S <= start[a] + shift < begin for a, _ in later)
    if begin < end - JOINED_S:
        return _returns(end, shift, later, start)
    return False


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


def _by_bytes(found: Survey, mp3_frames: int | None) -> Clock:
    good = _true_frames(found)
    kept = np.flatnonzero(good)
    if not len(kept):
        return Clock(np.full(len(found), np.nan), np.zeros(len(found), np.bool_), 0.0)
    pos, size, duration = found.pos[kept], found.size[kept], found.duration_s[kept]
    between = np.concatenate(([0], pos[1:] - pos[:-1] - size[:-1])).clip(min=0)
    lost_s = _lost_seconds(between, size, duration)
    if mp3_frames:
        lost_s = _fit_total(lost_s, mp3_frames * float(np.median(duration)) - duration.sum())
    starts = np.concatenate(([0.0], np.cumsum(duration)[:-1])) + np.cumsum(lost_s)
    at = np.full(len(found), np.nan)
    at[kept] = starts
    lost = np.zeros(len(found), np.bool_)
    lost[kept] = lost_s > 0
    return Clock(at, lost, float(starts[-1] + duration[-1]))


def _true_frames(found: Survey) -> NDArray[np.bool_]:
    """Tell which packets are frames of the stream: their header's fixed bits are those of most packets."""
    fixed = found.head & np.uint32(0xFFFE0C00)  # sync word, version, layer, sampling rate: mp3
    if (found.head >> 20 == 0xFFF).mean() < 0.5:
        return np.ones(len(found), np.bool_)  # headers are not in the packets
    values, counts = np.unique(fixed, return_counts=True)
    good: NDArray[np.bool_] = fixed == values[counts.argmax()]
    return good


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


def _fit_total(lost_s: NDArray[np.float64], missing_s: float) -> NDArray[np.float64]:
    """Scale the losses to what the header says is missing, where that is near what the bytes say."""
    guessed = lost_s.sum()
    if guessed > 0 and 0.5 < missing_s / guessed < 2.0:
        scaled: NDArray[np.float64] = lost_s * (missing_s / guessed)
        return scaled
    return lost_s
