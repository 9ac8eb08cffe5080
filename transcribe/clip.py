"""A stretch of a recording as a sound file of its own: wav or m4a, its level evened.

Cut from the sound on the container's own clock, so that a clip holds what the transcript says stands there.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from casefile.errors import RecordingError, StoreError
from casefile.files import telling, write_private
from transcribe.sound import RATE, Array

PADDING_S = 0.5
FADE_MS = 10  # against the click of a cut
LOUD_DB = -20.0  # a talking stretch comes here
MOST_DB = 24.0  # nothing is lifted by more: a pause stays a pause
STEP = RATE // 10  # the level is followed in tenths of a second
AAC_RATE = 48000  # its frames are 21 ms here, so that an end is near where it was meant
AAC_FRAME = 1024
AAC_BITS = 96_000
FORMS = (".wav", ".m4a")


def cut_clip(
    recording: Path, start_s: float, end_s: float, target: Path, *, padding_s: float = PADDING_S, even: bool = True
) -> tuple[float, float]:
    """Write `recording` from `start_s` to `end_s`, with `padding_s` on both sides, to `target`; return what it holds.

    The kind of file goes by the target's ending, .wav or .m4a. Raises RecordingError where the recording has no such
    stretch, StoreError for another ending or a full disk.
    """
    from transcribe.audio import open_sound

    if target.suffix.lower() not in FORMS:
        raise StoreError(
            f"A clip cannot be written as {target.suffix or target.name}.", next_step="End it .wav or .m4a."
        )
    with open_sound(recording) as sound:
        length_s = len(sound.samples) / RATE
        if not 0 <= start_s < end_s or start_s >= length_s:
            raise RecordingError(
                f"The recording has no stretch from {start_s:.2f} to {end_s:.2f} seconds; it lasts {length_s:.2f}.",
                next_step="Give a start and an end inside the recording.",
            )
        first = round(max(0.0, start_s - padding_s) * RATE)
        last = min(len(sound.samples), round((end_s + padding_s) * RATE))
        part = sound.samples[first:last]
    segment = _segment(evened(part) if even else part)
    if target.suffix.lower() == ".wav":
        _write_wav(segment, target)
    else:
        _write_m4a(segment, target)
    return first / RATE, last / RATE


def evened(part: Array) -> Array:
    """Return sound with near and far voices at one level, peaks below full scale."""
    steps = -(-len(part) // STEP)
    power = np.square(np.pad(part, (0, steps * STEP - len(part))).reshape(steps, STEP)).mean(axis=1)
    around = np.array([power[max(0, i - 5) : i + 6].max() for i in range(steps)])  # the loudest within half a second
    floor = max(float(around.max()) * 10 ** (-MOST_DB / 10), 1e-12)
    gain = np.sqrt(10 ** (LOUD_DB / 10) / np.maximum(around, floor))
    gain = np.convolve(np.pad(gain, 2, mode="edge"), np.full(5, 0.2), "valid")
    at = (np.arange(steps) + 0.5) * STEP
    louder = part * np.interp(np.arange(len(part)), at, gain).astype(np.float32)
    peak = float(np.abs(louder).max(initial=0))
    return louder * np.float32(0.95 / peak) if peak > 0.95 else louder


def _segment(part: Array) -> Any:
    from pydub import AudioSegment

    raw = (np.clip(part, -1, 1) * 32767).round().astype("<i2").tobytes()
    segment = AudioSegment(data=raw, sample_width=2, frame_rate=RATE, channels=1)
    fade = min(FADE_MS, len(segment) // 2)
    return segment.fade_in(fade).fade_out(fade) if fade else segment


def _write_wav(segment: Any, target: Path) -> None:
    import io

    made = io.BytesIO()
    segment.export(made, format="wav")
    write_private(target, made.getvalue())


def _resampled(frame: Any) -> list[Any]:
    import av

    resampler = av.AudioResampler("fltp", "mono", AAC_RATE)
    return [*resampler.resample(frame), *resampler.resample(None)]


def _write_m4a(segment: Any, target: Path) -> None:
    """Write AAC in an MP4 with PyAV, so that no ffmpeg program is needed."""
    import io

    import av

    made = io.BytesIO()
    samples = np.frombuffer(segment.raw_data, "<i2").reshape(1, -1)
    with av.open(made, "w", format="ipod") as out:
        stream: Any = out.add_stream("aac", rate=AAC_RATE, layout="mono")
        stream.bit_rate = AAC_BITS
        frame = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        whole = np.concatenate([f.to_ndarray() for f in _resampled(frame)], axis=1)
        frames = max(1, round(whole.shape[1] / AAC_FRAME))  # whole frames, for a part of one would be played whole
        whole = np.pad(whole, ((0, 0), (0, AAC_FRAME)))
        for at in range(0, frames * AAC_FRAME, AAC_FRAME):
            part = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole[:, at : at + AAC_FRAME]), "fltp", "mono")
            part.sample_rate, part.pts, part.time_base = AAC_RATE, at, Fraction(1, AAC_RATE)
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    with telling(target):
        write_private(target, made.getvalue())
