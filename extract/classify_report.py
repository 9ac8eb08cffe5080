"""How well turn scores tell the kinds apart: precision and recall by threshold, ranking, and whether scores are honest.

Everything here takes scores and yes or no answers of the same length; a weight of 0 leaves a turn out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a threshold finds."""

    threshold: float
    precision: float
    recall: float
    found: int
    true: int
    hits: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / max(1, self.found + self.true)

    @property
    def shown_per_true(self) -> float:
        """How many turns a reviewer reads for each one that is in the annotation."""
        return self.found / max(1, self.true)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Scores of like height: what they said on average, and how often it was so."""

    low: float
    high: float
    count: int
    said: float
    was: float


def measure(scores: ArrayLike, true: ArrayLike, threshold: float, *, weights: ArrayLike | None = None) -> Measure:
    """Return what `threshold` finds."""
    s, y = _counted(scores, true, weights)
    found = s >= threshold
    hits = int((found & y).sum())
    return Measure(
        threshold=threshold,
        precision=hits / max(1, int(found.sum())),
        recall=hits / max(1, int(y.sum())),
        found=int(found.sum()),
        true=int(y.sum()),
        hits=hits,
    )


def best(scores: ArrayLike, true: ArrayLike, *, weights: ArrayLike | None = None) -> Measure:
    """Return the measure at the threshold of the highest F1: what could be had if the threshold were known."""
    s, y = _counted(scores, true, weights)
    order = np.argsort(-s, kind="stable")
    hits = np.cumsum(y[order])
    f1 = 2 * hits / (np.arange(1, len(s) + 1) + max(1, y.sum()))
    return measure(s, y, float(s[order[int(f1.argmax())]]))


def at_recall(scores: ArrayLike, true: ArrayLike, recall: float, *, weights: ArrayLike | None = None) -> Measure:
    """Return the measure at the highest threshold that still reaches `recall`."""
    s, y = _counted(scores, true, weights)
    order = np.argsort(-s, kind="stable")
    hits = np.cumsum(y[order])
    place = int(np.searchsorted(hits, np.ceil(recall * y.sum())))
    return measure(s, y, float(s[order[min(place, len(s) - 1)]]))


def average_precision(scores: ArrayLike, true: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    """Return the mean precision over the places of the true ones in the ranking."""
    s, y = _counted(scores, true, weights)
    ranked = y[np.argsort(-s, kind="stable")]
    places = np.flatnonzero(ranked)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1))) if len(places) else 0.0


def reliability(
    scores: ArrayLike, true: ArrayLike, *, edges: Sequence[float] = (0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0001)
) -> tuple[Bin, ...]:
    """Return, for bands of scores, what was said and what was so; bands without scores are left out."""
    s, y = _counted(scores, true, None)
    bins = []
    for low, high in itertools.pairwise(edges):
        inside = (s >= low) & (s < high)
        if inside.any():
            bins.append(
                Bin(
                    low=low,
                    high=min(1.0, high),
                    count=int(inside.sum()),
                    said=float(s[inside].mean()),
                    was=float(y[inside].mean()),
                )
            )
    return tuple(bins)


def calibration_error(scores: ArrayLike, true: ArrayLike) -> float:
    """Return the mean distance between what scores said and what was so, by band, 0 to 1."""
    bins = reliability(scores, true)
    total = sum(b.count for b in bins)
    return sum(abs(b.said - b.was) * b.count for b in bins) / max(1, total)


def _counted(
    scores: ArrayLike, true: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    s = np.asarray(scores, dtype=np.float64)
    y = np.asarray(true).astype(bool)
    if weights is None:
        return s, y
    kept = np.asarray(weights, dtype=np.float64) > 0
    return s[kept], y[kept]
