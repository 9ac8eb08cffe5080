"""Sound files made on the spot: tones at known seconds, in every format a phone or recorder makes."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16000
EVERY_S = 2  # a mark this often
TONE_S = 0.4
Sound = NDArray[np.float32]

# What a suffix stands for: container, codec, sampling rate.
FORMATS = {
    "m4a": ("ipod", "aac", 44100),
    "mp4": ("mp4", "aac", 48000),
    "3gp": ("3gp", "libopencore_amrnb", 8000),
    "amr": ("amr", "libopencore_amrnb", 8000),
    "mp3": ("mp3", "libmp3lame", 44100),
    "aac": ("adts", "aac", 44100),
    "ogg": ("ogg", "libopus", 48000),
    "opus": ("ogg", "libopus", 48000),
    "webm": ("webm", "libopus", 48000),
    "flac": ("flac", "flac", 44100),
    "wav": ("wav", "pcm_s16le", 44100),
}
TIMED = ("m4a", "mp4", "3gp", "ogg", "opus", "webm", "flac", "wav")


def pitch(second: int) -> float:
    """Return the pitch of the mark at a second: each has its own."""
    return 300 + 37.0 * second


def marked(seconds: int, rate: int = RATE) -> Sound:
    """Return soft noise with a tone of its own pitch at every second even second."""
    noise = 0.02 * np.random.default_rng(3).standard_normal(seconds * rate).astype(np.float32)
    t = np.arange(int(TONE_S * rate)) / rate
    for second in range(EVERY_S, seconds - 1, EVERY_S):
        noise[second * rate : second * rate + len(t)] += 0.4 * np.sin(2 * np.pi * pitch(second) * t)
    return noise


def marks_found(sound: Sound, seconds: int, *, whole: float = 0.85) -> dict[int, float]:
    """Return how far each mark lies from its second, for the marks that are there whole."""
    length = int(TONE_S * RATE)
    found: dict[int, float] = {}
    full = 0.2
    for second in range(EVERY_S, seconds - 1, EVERY_S):
        start = max(0, (second - 2) * RATE)
        part = sound[start : (second + 3) * RATE]
        if len(part) <= length:
            continue
        turned = part * np.exp(-2j * np.pi * pitch(second) * np.arange(len(part)) / RATE)
        summed = np.concatenate([[0], np.cumsum(turned)])
        strength = np.abs(summed[length:] - summed[:-length]) / length
        at = int(strength.argmax())
        if strength[at] > whole * full:
            found[second] = (start + at) / RATE - second
    return found


def write_sound(path: Path, sound: Sound, suffix: str | None = None, *, rate: int = RATE, channels: int = 1) -> Path:
    """Write `sound` (samples, or channels x samples) in the format of `suffix`, and return `path`."""
    kind, codec, out_rate = FORMATS[suffix or path.suffix[1:]]
    planes = np.atleast_2d(sound).astype(np.float32)
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=out_rate, layout="stereo" if channels == 2 else "mono")
        if codec == "libopencore_amrnb":
            stream.bit_rate = 12200
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(stream.format.name, stream.layout.name, out_rate, frame_size=size)
        for at in range(0, planes.shape[1], rate):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(planes[:, at : at + rate]), "fltp", "stereo" if channels == 2 else "mono"
            )
            frame.sample_rate = rate
            for ready in resampler.resample(frame):
                container.mux(stream.encode(ready))
        for ready in resampler.resample(None):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return path


def write_video(path: Path, sound: Sound) -> Path:
    """Write an mp4 with moving pictures beside the sound."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=16000, layout="mono")
        for second in range(len(sound) // RATE):
            for _ in range(5):
                picture = np.full((48, 64, 3), second * 7 % 255, np.uint8)
                container.mux(video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
            part = sound[second * RATE : (second + 1) * RATE]
            frame = av.AudioFrame.from_ndarray(part[None].copy(), "fltp", "mono")
            frame.sample_rate = RATE
            container.mux(audio.encode(frame))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def write_plain_wav(path: Path, sound: Sound, *, rate: int = RATE) -> Path:
    """Write 16-bit PCM with the standard library."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return path
