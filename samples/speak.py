"""Written turns become sound: free Debian voices, set one after another as around a table.

Sound is 16 kHz mono, floats from -1 to 1. The same script gives the same samples with the same voices installed
(Debian 12/13: flite, festival, festvox-us-slt-hts, festvox-kdlpc16k).
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samples.script_file import Script, Voice

RATE = 16000
Sound = NDArray[np.float64]
_SEED = 20261112
_EDGE_S = 0.6  # quiet before the first and after the last word
_GAP_S = (0.35, 1.0)  # between two people
_BITS = 11  # a phone on a table in a quiet room hears no finer; the flac is a third of the size
_LETTERS = {"IEP": "I E P", "SSD": "S S D"}


def speak_meeting(script: Script) -> tuple[Sound, list[tuple[float, float]]]:
    """Return the whole meeting and each turn's first and last second."""
    chance = np.random.default_rng(_SEED)
    parts, times, at = [np.zeros(int(_EDGE_S * RATE))], [], int(_EDGE_S * RATE)
    for name, words in script.turns:
        said = _levelled(_trimmed(_as_voice(words, script.voices[name])), script.voices[name].level_db)
        gap = np.zeros(int(chance.uniform(*_GAP_S) * RATE))
        times.append((round(at / RATE, 2), round((at + len(said)) / RATE, 2)))
        parts += [said, gap]
        at += len(said) + len(gap)
    parts.append(np.zeros(int(_EDGE_S * RATE)))
    return _as_heard(np.concatenate(parts), chance), times


def _as_voice(words: str, voice: Voice) -> Sound:
    """Return the words in one voice; pitch is moved by playing faster, and the pace made good before."""
    for written, said in _LETTERS.items():
        words = re.sub(rf"\b{written}\b", said, words)
    stretch = voice.slow * voice.pitch
    with tempfile.TemporaryDirectory() as folder:
        text, out = f"{folder}/words.txt", f"{folder}/out.wav"
        Path(text).write_text(words + "\n", encoding="ascii")
        if voice.program == "flite":
            command: list[str | Path] = [
                "flite",
                "-voice",
                voice.name,
                "--setf",
                f"duration_stretch={stretch}",
                "-f",
                text,
                "-o",
                out,
            ]
        else:
            how = f"(begin (voice_{voice.name}) (Parameter.set 'Duration_Stretch {stretch}))"
            command = ["text2wave", "-eval", how, text, "-o", out]
        subprocess.run(command, check=True, capture_output=True)
        with wave.open(out) as file:
            rate = file.getframerate()
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    return _resampled(sound, rate * voice.pitch)


def _resampled(sound: Sound, from_rate: float) -> Sound:
    from math import gcd

    from scipy.signal import resample_poly

    source = round(from_rate)
    common = gcd(RATE, source)
    made: Sound = resample_poly(sound, RATE // common, source // common)
    return made


def _trimmed(sound: Sound) -> Sound:
    """Return the sound from its first to its last 20 ms that are not silent, with soft edges."""
    step = RATE // 50
    frames = sound[: len(sound) // step * step].reshape(-1, step)
    loud = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > 0.01 * np.abs(sound).max())
    kept: Sound = sound[loud[0] * step : (loud[-1] + 1) * step].copy()
    edge = np.linspace(0, 1, step // 2)
    kept[: len(edge)] *= edge
    kept[-len(edge) :] *= edge[::-1]
    return kept


def _levelled(sound: Sound, level_db: float) -> Sound:
    voiced = sound[np.abs(sound) > 0.02 * np.abs(sound).max()]
    made: Sound = sound * (10 ** (level_db / 20) / np.sqrt((voiced**2).mean()))
    return np.clip(made, -0.98, 0.98)


def _as_heard(sound: Sound, chance: np.random.Generator) -> Sound:
    """Return the sound at a phone's resolution, with the faint hiss that comes of it (about -66 dB)."""
    step = 2.0 ** (1 - _BITS)
    hiss = (chance.random(len(sound)) - chance.random(len(sound))) * step
    made: Sound = np.clip(np.round((sound + hiss) / step) * step, -1, 1 - step)
    return made
