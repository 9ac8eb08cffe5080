"""Several channels made one, so that a dead or inverted microphone takes nothing away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transcribe.sound import RATE, Array

DEAD = 1e-4  # power against the strongest channel: 40 dB below it
INVERTED = -0.5  # correlation with the strongest channel
MEMORY_S = 10.0  # how long what was heard on the channels counts


class Mixer:
    """Mixes blocks of sound of one channel count to mono, going by the last seconds of each channel."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._products: NDArray[np.float64] = np.zeros((channels, channels))
        self.notes: set[str] = set()

    def mix(self, block: Array) -> Array:
        """Return the mono of `block` (channels x samples)."""
        if self._channels == 1:
            mono: Array = block[0]
            return mono
        kept = 0.5 ** (block.shape[1] / RATE / MEMORY_S)
        exact = block.astype(np.float64)
        self._products = self._products * kept + exact @ exact.T
        weights = self._weights()
        return (weights @ block).astype(np.float32)

    def _weights(self) -> Array:
        power = np.diag(self._products)
        best = int(power.argmax())
        weights = np.zeros(self._channels, np.float32)
        if power[best] <= 0:
            weights[0] = 1.0
            return weights
        for i in range(self._channels):
            if power[i] < DEAD * power[best]:
                self.notes.add("dead channel")
                continue
            alike = self._products[i, best] / np.sqrt(power[i] * power[best])
            if alike < INVERTED:
                self.notes.add("inverted channel")
            weights[i] = -1.0 if alike < INVERTED else 1.0
        weights /= np.abs(weights).sum()
        return weights
