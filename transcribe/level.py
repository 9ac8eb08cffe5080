"""How much louder a recording must be made before it is listened to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcribe.sound import RATE, Array, Samples

BLOCK = RATE // 10
TARGET_DB = -26.0  # the loud tenths of a second of talk come here
MOST_DB = 60.0  # more than this would be amplifying nothing


@dataclass(frozen=True, slots=True)
class Level:
    """One gain for the whole recording: near and far voices keep their distance."""

    gain: float

    def apply(self, part: Array) -> Array:
        """Return `part` at listening level; what would clip is bent, not cut."""
        louder = part * np.float32(self.gain)
        loud = np.abs(louder) > 0.8
        if loud.any():
            over = np.abs(louder[loud])
            louder[loud] = np.sign(louder[loud]) * (0.8 + 0.2 * np.tanh((over - 0.8) / 0.2))
        return louder


def measure_level(samples: Samples | Array) -> Level:
    """Return the gain that brings the loud parts of `samples` to listening level; 1 for silence."""
    powers: list[NDArray[np.float64]] = []
    for at in range(0, len(samples), 600 * BLOCK):
        part = samples[at : at + 600 * BLOCK]
        whole = part[: len(part) // BLOCK * BLOCK].reshape(-1, BLOCK)
        powers.append(np.einsum("ij,ij->i", whole, whole, dtype=np.float64) / BLOCK)
    power = np.concatenate(powers) if powers else np.zeros(0)
    power = power[power > 1e-12]
    if not len(power):
        return Level(1.0)
    loud_db = 10 * np.log10(np.percentile(power, 90))
    return Level(float(10 ** (min(max(TARGET_DB - loud_db, -20.0), MOST_DB) / 20)))
