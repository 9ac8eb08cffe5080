"""Which windows of sound are one person's: pure arithmetic on vectors of length 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.embedding import unit
from transcribe.sound import Array, Span

Labels = NDArray[np.intp]
STEP_S = 0.1  # voices are followed in steps of this


def lay_windows(
    spans: Sequence[Span], *, length_s: float, shortest_s: float, hop_s: float
) -> list[tuple[float, float]]:
    """Return (start_s, length_s) of windows that cover each span evenly; a short span has one window of its own."""
    laid: list[tuple[float, float]] = []
    for span in spans:
        if span.length_s <= length_s:
            length = max(shortest_s, round(span.length_s, 1))
            laid.append((max(0.0, (span.start_s + span.end_s - length) / 2), length))
            continue
        count = math.ceil((span.length_s - length_s) / hop_s) + 1
        laid += [(float(s), length_s) for s in np.linspace(span.start_s, span.end_s - length_s, count)]
    return laid


def group(vectors: Array, apart: float) -> Labels:
    """Return a number for each vector: average linkage, cut where groups lie `apart` on average (cosine distance)."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < 2:
        return np.zeros(len(vectors), np.intp)
    tree = linkage(vectors.astype(np.float64), "average", metric="cosine")
    return np.asarray(fcluster(np.maximum(tree, 0), apart, "distance") - 1, np.intp)


def centroids(vectors: Array, labels: Labels, kept: Sequence[int]) -> Array:
    """Return the mean vector, of length 1, of each group in `kept`."""
    return unit(np.stack([vectors[labels == k].mean(axis=0) for k in kept]))


def merge_down(middles: Array, weights: NDArray[np.float64], count: int) -> Array:
    """Return `count` middles, made by joining the two most alike until no more are left."""
    middles, weights = middles.copy(), weights.copy()
    while len(middles) > max(1, count):
        alike = middles @ middles.T
        np.fill_diagonal(alike, -2)
        a, b = sorted(divmod(int(alike.argmax()), len(middles)))
        middles[a] = unit(middles[a] * weights[a] + middles[b] * weights[b])
        weights[a] += weights[b]
        middles, weights = np.delete(middles, b, axis=0), np.delete(weights, b)
    return middles


def follow(scores: Array, switch: float) -> Labels:
    """Return the best voice of each step, a change of voice costing `switch` (Viterbi)."""
    best, came = scores[0].astype(np.float64), []
    stay = np.arange(scores.shape[1])
    for row in scores[1:]:
        leader = int(best.argmax())
        moved = best[leader] - switch
        came.append(np.where(best >= moved, stay, leader))
        best = np.maximum(best, moved) + row
    path = [int(best.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1], np.intp)
