"""Which windows of sound are one person's: arithmetic on vectors of length 1, without any sound.

Two steps. Windows of some ten minutes are grouped by average linkage, cut low enough that a group holds one person;
a person may have several groups. Groups are then joined while they sound alike. How alike is a cosine between their
means with the noise taken out: far from the microphone two windows of one person agree at 0.4, and the mean of few
windows lies off for the same reason; divided by how well each group agrees with itself, one person gives some 0.9
and two people under 0.6, near and far, for few windows and for many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.intp]
Numbers = NDArray[np.float64]
TOGETHER = 1200  # windows grouped at once: linkage needs their number squared in memory
NOBODY = -1  # the label of a window whose group is too small to be a person
KNOWN = 40.0  # windows that make a group's mean as good as free of noise
SURE_PAIRS = 6  # with fewer windows apart in time, a group's agreement with itself is not known
AGREEMENT = (0.25, 0.8)  # what it can be
# Groups heard together as two people are less alike by up to MET_APART: from the first share of such pairs on, fully
# from the second, and when they met in MET pairs.
MET_APART, APART_SHARES, MET = 0.2, (0.15, 0.5), 30.0
TORN_PAIRS = 30  # with fewer pairs heard together it is not known whether a group is two people


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a recording in order of time."""

    vectors: Numbers  # of length 1
    centres_s: Numbers
    weights: Numbers  # 1 for a whole window, less for a short one, which says less
    apart_s: float  # windows closer than this share sound
    apart: tuple[Labels, Labels, Numbers] | None = None  # pairs heard together, and the chance that they are two people


def group(windows: Windows, *, apart: float, least: float) -> Labels:
    """Return a group for each window, from 0, NOBODY for groups that weigh less than `least`.

    `apart` is the mean cosine distance at which two groups stay two.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = np.full(len(windows.vectors), NOBODY, np.intp)
    parts = max(1, round(len(labels) / TOGETHER))
    for part in np.array_split(np.arange(len(labels)), parts):
        if len(part) < 2:
            labels[part] = 0
            continue
        tree = np.maximum(linkage(windows.vectors[part], "average", metric="cosine"), 0)
        labels[part] = fcluster(tree, apart, "distance") + labels.max(initial=0)
    return numbered(labels, windows.weights, least)


def numbered(labels: Labels, weights: Numbers, least: float) -> Labels:
    """Return the labels counted from 0 without gaps; groups that weigh less than `least` are NOBODY, but one stays."""
    known = labels >= 0
    if not known.any():
        return np.zeros_like(labels)
    sizes = np.bincount(labels[known], weights[known])
    kept = [k for k in range(len(sizes)) if sizes[k] and sizes[k] >= least] or [int(sizes.argmax())]
    new = np.full(len(sizes) + 1, NOBODY, np.intp)  # the last entry is NOBODY's own
    new[kept] = np.arange(len(kept))
    made: Labels = new[labels]
    return made


def lasting(labels: Labels, weights: Numbers, least: float) -> Labels:
    """Return the labels with those groups as NOBODY that never weigh `least` in a row; where none does, all stay.

    What is left over where voices overlap or change makes groups too. They grow with the recording, as people do, but
    never last.
    """
    longest = np.zeros(int(labels.max(initial=NOBODY)) + 1)
    for part in np.split(np.arange(len(labels)), np.flatnonzero(np.diff(labels)) + 1):
        if len(part) and labels[part[0]] >= 0:
            longest[labels[part[0]]] = max(longest[labels[part[0]]], weights[part].sum())
    if not (longest >= least).any():
        return labels
    kept = np.append(longest >= least, False)  # the last entry is NOBODY's own
    return np.where(kept[labels], labels, NOBODY)


def torn(windows: Windows, labels: Labels) -> float:
    """Return the largest share, over groups, of pairs that were heard together as two people; 0 where few were."""
    if windows.apart is None:
        return 0.0
    left, right, unlike = windows.apart
    inside = (labels[left] == labels[right]) & (labels[left] >= 0)
    pairs = np.bincount(labels[left[inside]])
    apart = np.bincount(labels[left[inside]], unlike[inside])
    return float((apart[pairs >= TORN_PAIRS] / pairs[pairs >= TORN_PAIRS]).max(initial=0.0))


@dataclass(slots=True)
class _Sums:
    """For each two groups: summed and counted cosines of their windows, all of them and those close in time.

    Close windows share sound and agree too well. All four sums add up when groups are joined.
    """

    total: Numbers
    near: Numbers
    pairs: Numbers
    near_pairs: Numbers
    met: Numbers  # pairs heard together by the network for overlap,
    met_apart: Numbers  # and how many of them as two people

    def join(self, a: int, b: int) -> None:
        """Make one group of `a` and `b`, at the place of `a`."""
        for name in ("total", "near", "pairs", "near_pairs", "met", "met_apart"):
            table = getattr(self, name)
            table[a] += table[b]
            table[:, a] += table[:, b]
            setattr(self, name, np.delete(np.delete(table, b, axis=0), b, axis=1))

    def alike(self) -> Numbers:
        """Return the cosine of every two groups with the noise taken out; -2 on the diagonal."""
        far = self.pairs - self.near_pairs
        mean = np.where(far > 0, (self.total - self.near) / np.maximum(far, 1), self.total / np.maximum(self.pairs, 1))
        own, known = np.diag(mean).copy(), np.diag(far) >= SURE_PAIRS
        own[~known] = own[known].mean() if known.any() else 0.5
        own = np.clip(own, *AGREEMENT)
        made: Numbers = mean / np.sqrt(own[:, None] * own[None])
        share = self.met_apart / np.maximum(self.met, 1)
        made -= MET_APART * np.interp(share, APART_SHARES, (0, 1)) * np.minimum(1, self.met / MET)
        np.fill_diagonal(made, -2)
        return made


def join_alike(
    windows: Windows, labels: Labels, *, alike: float, known_alike: float, most: int | None = None
) -> Labels:
    """Return the labels after joining groups that are alike enough, and on until no more than `most` are left.

    Enough is `alike`; for groups of KNOWN windows or more, whose likeness has no noise left, `known_alike`.
    """
    sums, names = _sum_up(windows, labels), list(range(labels.max() + 1))
    now = labels.copy()
    while len(names) > 1:
        table = sums.alike()
        weights = np.sqrt(np.diag(sums.pairs))
        known = np.minimum(weights[:, None], weights[None]) >= KNOWN
        over = table - np.where(known, min(known_alike, alike), alike)
        a, b = sorted(divmod(int(over.argmax()), len(names)))
        if over[a, b] < 0:
            if most is None or len(names) <= most:
                break
            a, b = sorted(divmod(int(table.argmax()), len(names)))
        now[now == names[b]] = names[a]
        sums.join(a, b)
        del names[b]
    return now


def _sum_up(windows: Windows, labels: Labels) -> _Sums:
    count = int(labels.max()) + 1
    known = np.flatnonzero(labels >= 0)
    weights, places, centres = windows.weights[known], labels[known], windows.centres_s[known]
    heavy = windows.vectors[known] * weights[:, None]
    sums = np.zeros((count, heavy.shape[1]))
    np.add.at(sums, places, heavy)
    sizes = np.bincount(places, weights, minlength=count)
    near, near_pairs = np.zeros((count, count)), np.zeros((count, count))
    for step in range(len(known)):
        close = centres[step:] - centres[: len(known) - step] < windows.apart_s
        if not close.any():
            break
        a, b = np.flatnonzero(close), np.flatnonzero(close) + step
        dots = np.einsum("ij,ij->i", heavy[a], heavy[b])
        for left, right in ((a, b), (b, a)) if step else ((a, b),):
            np.add.at(near, (places[left], places[right]), dots)
            np.add.at(near_pairs, (places[left], places[right]), weights[a] * weights[b])
    pairs = np.asarray(np.outer(sizes, sizes), np.float64)
    return _Sums(sums @ sums.T, near, pairs, near_pairs, *_meetings(windows, labels, count))


def _meetings(windows: Windows, labels: Labels, count: int) -> tuple[Numbers, Numbers]:
    """Return for each two groups how many pairs of their windows were heard together, and how many as two people."""
    met, apart = np.zeros((count, count)), np.zeros((count, count))
    if windows.apart is not None:
        left, right, unlike = windows.apart
        one, other = labels[left], labels[right]
        known = (one >= 0) & (other >= 0)
        for a, b in ((one[known], other[known]), (other[known], one[known])):
            np.add.at(met, (a, b), 1)
            np.add.at(apart, (a, b), unlike[known])
    return met, apart


def middles(windows: Windows, labels: Labels) -> Numbers:
    """Return the mean vector, of length 1, of each group."""
    heavy = windows.vectors * windows.weights[:, None]
    means = np.stack([heavy[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    made: Numbers = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return made


def follow(scores: NDArray[np.floating], switch: float) -> Labels:
    """Return the best voice of each step, a change of voice costing `switch` (Viterbi)."""
    best = np.asarray(scores[0], np.float64)
    came: list[Labels] = []
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
