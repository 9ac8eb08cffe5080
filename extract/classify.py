"""How likely each turn of a meeting carries a commitment, denial, deferral, request or agreement.

The scores are probabilities; `Classifier.threshold` says from where on a kind counts as found, and
`Classifier.doubtful_threshold` from where on it is worth a reviewer's look.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from casefile.records import Kind, Meeting
from extract.classify_sides import side_of

KINDS: Final[tuple[Kind, ...]] = ("commitment", "denial", "deferral", "request", "agreement")
_SIZE: Final = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnScores:
    """How likely one turn carries a finding of each kind, 0 to 1."""

    commitment: float
    denial: float
    deferral: float
    request: float
    agreement: float

    def of(self, kind: Kind) -> float:
        """Return the score of `kind`."""
        return float(getattr(self, kind))


class Classifier:
    """A loaded classifier: reads whole meetings, one score a turn and kind."""

    def __init__(self, weights: NDArray[np.float32], bias: NDArray[np.float32], thresholds: NDArray[np.float32]):
        self.name = "turns-ngram-1"
        self._weights, self._bias, self._thresholds = weights, bias, thresholds

    def score(self, meeting: Meeting, *, progress: Callable[[int, int], None] | None = None) -> tuple[TurnScores, ...]:
        """Return one `TurnScores` a turn, in order; `progress` is told (turns done, turns in all)."""
        sides = {p.name: side_of(p.role) for p in meeting.participants}
        texts = [(sides.get(t.speaker or "", "unknown"), t.text) for t in meeting.turns]
        made = []
        for i in range(len(texts)):
            features = ngram_features(texts, i)
            logit = self._weights[features].sum(axis=0) / np.sqrt(max(1, len(features))) + self._bias
            made.append(TurnScores(**dict(zip(KINDS, (1 / (1 + np.exp(-logit))).tolist(), strict=True))))
            if progress and i % 500 == 499:
                progress(i + 1, len(texts))
        return tuple(made)

    def threshold(self, kind: Kind) -> float:
        """Return the score from which on `kind` counts as found."""
        return float(self._thresholds[0, KINDS.index(kind)])

    def doubtful_threshold(self, kind: Kind) -> float:
        """Return the lower score from which on `kind` is worth showing to a reviewer."""
        return float(self._thresholds[1, KINDS.index(kind)])


def ngram_features(texts: list[tuple[str, str]], at: int) -> list[int]:
    """Return hashed words and pairs of the turn, its side, and the words and side of its neighbours."""
    side, text = texts[at]
    words = ["<", *re.findall(r"[a-z0-9']+|\?", text.lower()), ">"]
    keys = [f"w {w}" for w in words] + [f"b {a} {b}" for a, b in zip(words, words[1:], strict=False)]
    keys += [f"t {a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)]
    keys += [f"s {side} {w}" for w in words] + [f"s {side}"]
    for name, j in (("p", at - 1), ("n", at + 1)):
        if 0 <= j < len(texts):
            keys += [f"{name} {texts[j][0]}"] + [f"{name} {w}" for w in re.findall(r"[a-z']+|\?", texts[j][1].lower())]
    return sorted({zlib.crc32(k.encode()) % _SIZE for k in keys})


def load_classifier() -> Classifier:
    """Return the classifier that ships with the program, read from the files in `model/`."""
    with resources.as_file(resources.files("extract") / "model" / "ngram.npz") as path, np.load(path) as saved:
        return Classifier(saved["weights"].astype(np.float32), saved["bias"], saved["thresholds"])
