"""What a voice model reads: mel bands of 16 kHz sound, every 10 ms, made with numpy alone.

`mel_power` is librosa's `melspectrogram` (Slaney scale and norm, no logarithm) as GE2E was trained on;
`kaldi_fbank` is Kaldi's logarithmic filter bank, less its mean over the window, as WeSpeaker, CAM++ and ERes2Net read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transcribe.sound import RATE, Array

FeatureKind = Literal["mel_power", "kaldi_fbank"]
Taper = Literal["povey", "hamming"]  # Kaldi's own, as CAM++ and ERes2Net read; WeSpeaker was trained with the other
HOP = RATE // 100  # one row of features
FRAME = 400  # samples that a row looks at: 25 ms
FRAMES_AT_ONCE = 1000  # so that memory does not grow with length


def features(part: Array, kind: FeatureKind, bands: int, *, taper: Taper = "povey") -> Array:
    """Return one row of `bands` for every 10 ms of `part`; rows stand at the start of their 10 ms."""
    rows = len(part) // HOP
    made = np.empty((rows, bands), np.float32)
    each: Callable[[Array, int], Array]
    if kind == "mel_power":
        framed, each = np.pad(part, FRAME // 2), _power_of_frames
    else:
        framed, each = np.pad(part, (0, FRAME)), functools.partial(_fbank_of_frames, taper=taper)
    for at in range(0, rows, FRAMES_AT_ONCE):
        end = min(rows, at + FRAMES_AT_ONCE)
        block = np.lib.stride_tricks.sliding_window_view(framed, FRAME)[at * HOP : (end - 1) * HOP + 1 : HOP]
        made[at:end] = each(block, bands)
    return made


def _power_of_frames(frames: Array, bands: int) -> Array:
    spectrum = np.fft.rfft(frames * _hann(), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    made: Array = power @ slaney_filters(bands)
    return made


def _fbank_of_frames(frames: Array, bands: int, taper: Taper) -> Array:
    """Kaldi's defaults without dither: 16-bit scale, no offset, pre-emphasis 0.97, a taper, 512 points, log."""
    scaled = frames * np.float32(32768)
    scaled = scaled - scaled.mean(axis=1, keepdims=True)
    before = np.concatenate([scaled[:, :1], scaled[:, :-1]], axis=1)
    spectrum = np.fft.rfft(
        (scaled - np.float32(0.97) * before) * (_povey() if taper == "povey" else _hamming()), 512, axis=1
    )
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    made: Array = np.log(np.maximum(power[:, :256] @ kaldi_filters(bands), np.finfo(np.float32).eps))
    return made


@functools.cache
def _hann() -> Array:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)


@functools.cache
def _povey() -> Array:
    return ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85).astype(np.float32)


@functools.cache
def _hamming() -> Array:
    return (0.54 - 0.46 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))).astype(np.float32)


@functools.cache
def slaney_filters(bands: int) -> Array:
    """Return Slaney's triangles [201, bands], each of area 1, from 0 to 8000 Hz."""
    edges = _slaney_hz(np.linspace(0, _slaney_mel(RATE / 2), bands + 2))
    bins = np.linspace(0, RATE / 2, FRAME // 2 + 1)
    width, off = np.diff(edges), edges[:, None] - bins
    triangles = np.maximum(0, np.minimum(-off[:-2] / width[:-1, None], off[2:] / width[1:, None]))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).T.astype(np.float32)


_LINEAR_HZ, _BREAK_HZ = 200 / 3, 1000.0  # below 1000 Hz the scale is linear
_BREAK_MEL, _LOG_STEP = _BREAK_HZ / _LINEAR_HZ, np.log(6.4) / 27


def _slaney_mel(hz: float) -> float:
    return float(_BREAK_MEL + np.log(hz / _BREAK_HZ) / _LOG_STEP) if hz >= _BREAK_HZ else hz / _LINEAR_HZ


def _slaney_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel >= _BREAK_MEL, _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL)), mel * _LINEAR_HZ)


@functools.cache
def kaldi_filters(bands: int) -> Array:
    """Return Kaldi's triangles [256, bands] from 20 to 8000 Hz, straight-sided on its mel scale."""
    low, high = _kaldi_mel(20.0), _kaldi_mel(RATE / 2)
    step = (high - low) / (bands + 1)
    left = low + step * np.arange(bands)[:, None]
    mel = _kaldi_mel(np.arange(256) * RATE / 512)[None]
    return np.maximum(0, np.minimum((mel - left) / step, (left + 2 * step - mel) / step)).T.astype(np.float32)


def _kaldi_mel(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hz) / 700.0))
