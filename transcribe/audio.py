"""A recording as 16 kHz mono sound on the container's own clock; damage becomes gaps of the right length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from casefile.errors import RecordingError
from transcribe.bare import has_bare_frames
from transcribe.channels import Mixer
from transcribe.clock import Clock, counts_bytes, survey, tell_time
from transcribe.container import check_file, open_container
from transcribe.packets import read_packets
from transcribe.sound import RATE, Array, Samples, Sound, Span
from transcribe.stated import Stated, read_stated

BLOCK_S = 2.0  # sound mixed and written at once
JUMP_S = 0.03  # a frame this far from where the last one ended starts a new run
ISLAND_S = 0.3  # sound this short between two damaged stretches is damaged too
TAIL_S = 0.5  # shorter than stated by more than this: the tail is missing
MOST_CHANNELS = 8
LEAST_READ = 0.1  # of the bytes of a file
LONGEST_S = 24 * 3600.0  # a header that states more is not believed


def decode(recording: Path | str) -> Array:
    """Return the whole recording as 16 kHz mono float32; damaged and missing stretches are zeros of their length.

    Raises RecordingError where no sound can be read. Needs 230 MB an hour; `open_sound` needs none.
    """
    with open_sound(Path(recording)) as sound:
        return sound.samples[:]


def open_sound(recording: Path) -> Sound:
    """Return the decoded recording in a temporary file with its damaged stretches; raises RecordingError."""
    check_file(recording)
    with open_container(recording) as (container, stream):
        stated = read_stated(recording, container, stream)
        frame_s = _frame_s(stream) if has_bare_frames(container.format.name) else None
        found = survey(read_packets(recording, container, stream), float(stream.time_base), frame_s=frame_s)
        clock = tell_time(found, stated, format_name=container.format.name)
        _check_read(recording, int(found.size.sum()), alone=len(container.streams) == 1)
    samples = Samples()
    try:
        with open_container(recording) as (container, stream):
            placer = _Placer(samples)
            packets = read_packets(recording, container, stream)
            _decode_packets(packets, stream, clock, placer, by_bytes=counts_bytes(container.format.name))
        return _finish(recording, placer, clock, stated)
    except BaseException:
        samples.close()
        raise


def _check_read(recording: Path, read: int, *, alone: bool) -> None:
    """Raise RecordingError where next to nothing of a file could be found: its index is damaged, its length unknown."""
    if alone and 0 < read < LEAST_READ * recording.stat().st_size:
        raise RecordingError(
            f"{recording.name} is damaged: only {100 * read / recording.stat().st_size:.0f} % of it can be found.",
            next_step="Copy it again from the phone or recorder. If there is no other copy, keep it unchanged: a "
            "repair program such as untrunc may rebuild it with the help of a whole recording from the same phone.",
        )


def _frame_s(stream: Any) -> float:
    """Return the length of every frame of a file without a container."""
    if stream.codec_context.name.startswith("aac"):
        return 1024 / float(stream.codec_context.sample_rate)
    return 0.02


def _decode_packets(
    packets: Iterator[tuple[Any, bool, int]], stream: Any, clock: Clock, placer: _Placer, *, by_bytes: bool
) -> None:
    import av

    base = float(stream.time_base)
    origin: float | None = None
    for number, (packet, _, _) in enumerate(packets):
        if number >= len(clock.at_s):
            return
        at = clock.at_s[number]
        if np.isnan(at):
            placer.lost = True
            continue
        placer.lost = placer.lost or bool(clock.lost_before[number])
        try:
            frames = stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            placer.lost = True
            continue
        for frame in frames:
            inside = _inside(packet, frame, base)
            if origin is None:
                origin = inside if by_bytes else 0.0  # what an mp3 encoder put before the sound is not shown
            if not _believable(frame):
                placer.lost = True
                continue
            placer.place(frame, at + inside - origin)
            at += frame.samples / frame.sample_rate if frame.pts is None else 0.0


def _believable(frame: Any) -> bool:
    """Tell whether a recorder could have made a frame: damage read as a header claims rates and channels of its own."""
    return 0 < len(frame.layout.channels) <= MOST_CHANNELS and 4000 <= frame.sample_rate <= 384_000


def _channels(frame: Any) -> Array:
    """Return a packed frame as channels x samples; packed, because damage can claim more planes than there are."""
    packed: Array = frame.to_ndarray().reshape(-1, len(frame.layout.channels))
    return packed.T


def _inside(packet: Any, frame: Any, base: float) -> float:
    """Return how far after its packet's start a frame starts: players skip what an encoder put before the sound."""
    if frame.pts is None or packet.pts is None:
        return 0.0
    inside = float(frame.pts * (frame.time_base or base)) - packet.pts * base
    return inside if -0.2 < inside < 0.2 else 0.0


@dataclass
class _Placer:
    """Writes frames where they belong and remembers the damaged stretches between them."""

    samples: Samples
    lost: bool = False  # something was lost since the last frame
    damaged: list[Span] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    frames: int = 0
    _shape: tuple[str, str, int] | None = None
    _resampler: Any = None
    _mixer: Mixer = field(default_factory=lambda: Mixer(1))
    _blocks: list[Array] = field(default_factory=list)
    _held: int = 0
    _next_s: float = 0.0  # where the next frame belongs if it follows on
    _trim: int = 0  # samples to leave out at the head of a run, already written by the one before

    def place(self, frame: Any, at_s: float) -> None:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._shape != shape or abs(at_s - self._next_s) > JUMP_S:
            self._start_run(frame, shape, at_s)
        self.lost = False
        frame.pts = None
        for made in self._resampler.resample(frame):
            self._hold(_channels(made))
        self._next_s += frame.samples / frame.sample_rate
        self.frames += 1

    def _start_run(self, frame: Any, shape: tuple[str, str, int], at_s: float) -> None:
        import av

        self.end_run()
        begin = max(0, round(at_s * RATE))
        here = len(self.samples)
        if abs(begin - here) > JUMP_S * RATE or not self.frames:
            if begin > here and self.lost:
                self.damaged.append(Span(here / RATE, begin / RATE))
            self.samples.extend_to(begin)
            self._trim = max(0, here - begin)
            self._next_s = at_s
        else:
            self._next_s = here / RATE
        if self._shape is not None and self._shape[2] != shape[2]:
            self.notes.add("changing sample rate")
        if self._shape is None or self._shape[1] != shape[1]:
            self._mixer = Mixer(len(frame.layout.channels))
        self._resampler = av.AudioResampler(format="flt", layout=frame.layout, rate=RATE)
        self._shape = shape

    def _hold(self, block: Array) -> None:
        if self._trim:
            cut = min(self._trim, block.shape[1])
            block, self._trim = block[:, cut:], self._trim - cut
        self._blocks.append(block)
        self._held += block.shape[1]
        if self._held >= BLOCK_S * RATE:
            self._write()

    def _write(self) -> None:
        if self._held:
            block = np.concatenate(self._blocks, axis=1)
            sane = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0).clip(-1.0, 1.0)
            self.samples.append(self._mixer.mix(sane))
            self.notes |= self._mixer.notes
        self._blocks, self._held = [], 0

    def end_run(self) -> None:
        """Write what is held back."""
        if self._resampler is not None:
            for made in self._resampler.resample(None):
                self._hold(_channels(made))
            self._resampler = None
        self._write()


def _finish(recording: Path, placer: _Placer, clock: Clock, stated: Stated) -> Sound:
    placer.end_run()
    samples = placer.samples
    if not placer.frames:
        raise RecordingError(
            f"No sound could be read from {recording.name}: all of it is damaged.",
            next_step="Copy it again from the phone or recorder.",
        )
    heard_s = len(samples) / RATE
    end_s = max(heard_s, clock.end_s) if clock.end_s - heard_s > 0.1 else heard_s
    if stated.duration_s and end_s + TAIL_S < stated.duration_s <= LONGEST_S:
        end_s = stated.duration_s
        placer.notes.add("cut off before its stated end")
    if end_s > LONGEST_S:
        end_s = heard_s
    if end_s > heard_s:
        placer.damaged.append(Span(heard_s, end_s))
        samples.extend_to(round(end_s * RATE))
    damaged = _join(placer.damaged, samples)
    samples.done()
    return Sound(samples, damaged, len(samples) / RATE, tuple(sorted(placer.notes)))


def _join(damaged: list[Span], samples: Samples) -> tuple[Span, ...]:
    """Return the damaged stretches with the islands between them joined in, and silence those."""
    joined: list[Span] = []
    for span in damaged:
        if joined and span.start_s - joined[-1].end_s < ISLAND_S:
            island = round(joined[-1].end_s * RATE), round(span.start_s * RATE)
            samples.put(island[0], np.zeros(island[1] - island[0], np.float32))
            joined[-1] = Span(joined[-1].start_s, span.end_s)
        else:
            joined.append(span)
    return tuple(joined)
