"""Fit the weights of `combiner.json`.

usage: python -m extract.combining MEETINGS [--scores OOF.jsonl] [--held-out NAMES.txt]

MEETINGS holds annotated meetings; OOF.jsonl one line a meeting, `{"meeting", "style", "scores"}`, by classifiers that
did not see it. Meetings named in `--held-out` stay out of the fit. Logistic regression by Newton's method, ridge 3;
thresholds by the best F1 (kept) and by recall .97 within the review budget (doubtful).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from casefile.records import Kind
from casefile.wire import meeting_from_plain
from extract.classify import TurnScores
from extract.content import content, rarity
from extract.evidence import Vector, feature_names, feature_table, read_turns
from extract.joining import NAMES, REACH, Known, features, recap_turns
from extract.people import roster_of
from extract.rules import KINDS

OUT = Path(__file__).parent / "combiner.json"
RIDGE = 20.0
SHOWN = {"commitment": 1.6, "denial": 3.6, "deferral": 3.0, "request": 1.8, "agreement": 3.5}  # a true turn, at most


def labelled(
    meetings: Iterable[tuple[dict[str, Any], Sequence[TurnScores] | None]],
) -> dict[Kind, tuple[Vector, Vector, Vector]]:
    """Return features, labels and weights for each kind; needed turns that do not carry an item weigh nothing."""
    parts: dict[Kind, list[tuple[Vector, Vector, Vector]]] = {k: [] for k in KINDS}
    for plain, scores in meetings:
        meeting = meeting_from_plain(plain, held_on=None)
        table = feature_table(read_turns(meeting, roster_of(meeting), scores))
        for kind in KINDS:
            items = [g for g in plain["gold"] if g["type"].lower() == kind]
            carried = {a for g in items for a in g["anchors"]}
            needed = {t for g in items for t in g["turns"]} - carried
            y = np.array([i in carried for i in range(len(meeting.turns))], dtype=float)
            w = np.array([0.0 if i in needed else 1.0 for i in range(len(meeting.turns))])
            parts[kind].append((table[kind], y, w))
    return {k: tuple(np.concatenate(p) for p in zip(*v, strict=True)) for k, v in parts.items()}  # type: ignore[misc]


def fit(x: Vector, y: Vector, w: Vector, *, ridge: float, start: Vector | None = None) -> Vector:
    """Return the weights of a logistic regression, shrunk towards `start`; the bias is not shrunk."""
    start = np.zeros(x.shape[1]) if start is None else start
    beta = start.copy()
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 1e-3
    for _ in range(30):
        p = 1 / (1 + np.exp(-(x @ beta)))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, x.T @ (w * (y - p)) - penalty * (beta - start))
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def trusting(kind: Kind) -> Vector:
    """Return the weights that take the classifier's word and nothing else."""
    start = np.zeros(len(feature_names()))
    start[feature_names().index(f"model {kind}")] = 1.0
    return start


def thresholds(p: Vector, y: Vector, w: Vector, *, shown: float) -> tuple[float, float]:
    """Return the probability of the best F1, and the lowest within `shown` a true turn, recall .98 at most."""
    order = np.argsort(-p[w > 0])
    got, probability = np.cumsum(y[w > 0][order]), p[w > 0][order]
    n = np.arange(1, len(got) + 1)
    f1 = 2 * got / (n + y.sum())
    fits = (n <= shown * y.sum()) & (got / y.sum() <= 0.98)
    return float(probability[int(f1.argmax())]), float(probability[fits].min())


def joins(meetings: Iterable[dict[str, Any]]) -> tuple[Vector, Vector, Vector]:
    """Return features, labels and weights of turns held against the items before them, as annotated."""
    rows, labels = [], []
    for plain in meetings:
        meeting = meeting_from_plain(plain, held_on=None)
        turns = read_turns(meeting, roster_of(meeting), None)
        speakers = [t.speaker for t in meeting.turns]
        rare, recap = rarity(e.view.text for e in turns), recap_turns(turns)
        for kind in KINDS:
            items = [sorted(g["anchors"]) for g in plain["gold"] if g["type"].lower() == kind]
            for at in sorted({a for anchors in items for a in anchors}):
                before = sorted((b for b in items if b[0] < at), key=lambda b: b[0])[-REACH:]
                for i, anchors in enumerate(before):
                    seen = tuple(a for a in anchors if a < at)
                    words = frozenset().union(*(content(turns[a].view.text) for a in seen))
                    known = Known(kind, seen, words, len(before) - i)
                    rows.append(features(turns[at], known, turns, speakers, rare, recap))
                    labels.append(at in anchors)
    y = np.array(labels, dtype=float)
    return np.array(rows, dtype=float), y, np.ones(len(y))


def fit_joiner(meetings: Iterable[dict[str, Any]]) -> None:
    """Fit and write the weights of `joiner.json`."""
    x, y, w = joins(meetings)
    beta = fit(x, y, w, ridge=1.0)
    p = 1 / (1 + np.exp(-(x @ beta)))
    joined = max((f1_at(p, y, t), t) for t in np.arange(0.2, 0.8, 0.02))
    print(f"joins: {int(y.sum())} of {len(y)} pairs, F1 {joined[0]:.3f} from {joined[1]:.2f}")
    plain = {"features": NAMES, "weights": [round(float(b), 4) for b in beta], "joined": round(float(joined[1]), 2)}
    (OUT.parent / "joiner.json").write_text(json.dumps(plain, indent=0) + "\n", encoding="utf8")


def f1_at(p: Vector, y: Vector, threshold: float) -> float:
    """Return the F1 of taking everything from `threshold` on."""
    taken = p >= threshold
    return float(2 * (taken * y).sum() / max(1.0, taken.sum() + y.sum()))


def main() -> None:
    """Fit, print the table and write the file."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("meetings", type=Path)
    ask.add_argument("--scores", type=Path)
    ask.add_argument("--held-out", type=Path)
    asked = ask.parse_args()
    files = sorted(asked.meetings.glob("*.json"))
    out = set(asked.held_out.read_text().split()) if asked.held_out else set()
    fit_joiner(json.loads(f.read_text(encoding="utf8")) for f in files if f.stem not in out)
    if asked.scores is None:
        return
    pairs = []
    for line in asked.scores.read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        if row["meeting"] in out:
            continue
        plain = json.loads((asked.meetings / f"{row['meeting']}.json").read_text(encoding="utf8"))
        if "texts" in row:
            plain["turns"] = [t | {"text": said} for t, said in zip(plain["turns"], row["texts"], strict=True)]
        pairs.append((plain, [TurnScores(**dict(zip(KINDS, s, strict=True))) for s in row["scores"]]))
    result: dict[str, Any] = {"features": feature_names(), "weights": {}, "kept": {}, "doubtful": {}}
    for kind, (x, y, w) in labelled(pairs).items():
        beta = fit(x, y, w, ridge=RIDGE, start=trusting(kind))
        p = 1 / (1 + np.exp(-(x @ beta)))
        kept, doubtful = thresholds(p, y, w, shown=SHOWN[kind])
        result["weights"][kind] = [round(float(b), 4) for b in beta]
        result["kept"][kind], result["doubtful"][kind] = round(kept, 3), round(doubtful, 4)
        print(f"{kind:11} {int(y.sum())} turns  kept from {kept:.2f}  doubtful from {doubtful:.3f}")
    OUT.write_text(json.dumps(result, indent=0) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
