"""Makes scores honest: writes `turns.json` (calibration, thresholds) beside the exported model.

    python -m extract.training.calibrate --model extract/model --name turns-4

Reads the held-out meetings with the exported int8 model, as written and as a recogniser might have written them. Each
kind gets a line through the logits (Platt) and two thresholds: the one of the best F1, and the highest that still
reaches the recall wanted of doubtful candidates. What is printed is honest: every meeting's scores and thresholds come
from fits on the other meetings.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from casefile.records import Kind
from extract.classify import KINDS, Classifier
from extract.classify_model import load_model
from extract.classify_report import Measure, at_recall, average_precision, best, calibration_error, reliability
from extract.training import corpus
from extract.training.corpus import Talk

REACH: Final[dict[Kind, float]] = {
    "commitment": 0.95,
    "denial": 0.93,
    "deferral": 0.92,
    "request": 0.93,
    "agreement": 0.80,
}
Floats = NDArray[np.float64]


def main() -> None:
    """Calibrate as the command line says."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--model", type=Path, required=True)
    ask.add_argument("--name", required=True)
    asked = ask.parse_args()
    settings = asked.model / "turns.json"
    plain: dict[str, Any] = {"name": asked.name, "calibration": {k: [1.0, 0.0] for k in KINDS}}
    plain["threshold"] = plain["doubtful_threshold"] = dict.fromkeys(KINDS, 0.5)
    settings.write_text(json.dumps(plain), encoding="utf-8")
    reader = Classifier(load_model(asked.model))
    _, kept = corpus.split(corpus.meetings())
    groups = [(t.name, style, t) for t in kept for style in ("clean", "heard")]
    logits = [logits_of(reader, corpus.heard(t) if style == "heard" else t) for _, style, t in groups]
    plain["threshold"], plain["doubtful_threshold"] = {}, {}
    print("on held-out meetings, each scored by fits on the others; `heard`: as a recogniser might have written them")
    for k, kind in enumerate(KINDS):
        data = [
            (name, style, some[:, k], np.array([row[k] for row in t.labels]), np.array(corpus.counted(t, k)))
            for (name, style, t), some in zip(groups, logits, strict=True)
        ]
        _report(kind, data)
        slope, shift = _fit(data)
        raw = np.concatenate([d[2] for d in data])
        true, weight = np.concatenate([d[3] for d in data]), np.concatenate([d[4] for d in data])
        chance = _chance(raw * slope + shift)
        plain["calibration"][kind] = [round(slope, 4), round(shift, 4)]
        plain["threshold"][kind] = round(_threshold(chance, true, weight), 4)
        plain["doubtful_threshold"][kind] = round(at_recall(chance, true, REACH[kind], weights=weight).threshold, 5)
    settings.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def logits_of(reader: Classifier, talk: Talk) -> Floats:
    """Return one row a turn, one column a kind."""
    rows = np.array([[s.of(k) for k in KINDS] for s in reader.score(talk.meeting)]).clip(1e-9, 1 - 1e-9)
    made: Floats = np.log(rows / (1 - rows))
    return made


def _fit(data: Sequence[tuple[str, str, Floats, Floats, Floats]]) -> tuple[float, float]:
    """Return slope and shift of the line through the logits."""
    raw, true = np.concatenate([d[2] for d in data]), np.concatenate([d[3] for d in data])
    weight = np.concatenate([d[4] for d in data])
    fitted = LogisticRegression(C=100.0).fit(raw[weight > 0, None], true[weight > 0])
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _threshold(chance: Floats, true: Floats, weight: Floats) -> float:
    """Return the middle of the thresholds within a point of the best F1: steadier than the very best."""
    steps = np.linspace(0.05, 0.95, 91)
    top = best(chance, true, weights=weight).f1
    near = [s for s in steps if _f1(chance, true, weight, s) > top - 0.01]
    return float(np.median(near)) if near else best(chance, true, weights=weight).threshold


def _f1(chance: Floats, true: Floats, weight: Floats, threshold: float) -> float:
    counts = weight > 0
    found, yes = chance[counts] >= threshold, true[counts] > 0
    return float(2 * (found & yes).sum() / max(1, found.sum() + yes.sum()))


def _report(kind: Kind, data: Sequence[tuple[str, str, Floats, Floats, Floats]]) -> None:
    chances: dict[str, list[Floats]] = {"clean": [], "heard": []}
    sums = {s: np.zeros(6) for s in chances}
    for name, style, raw, true, weight in data:
        others = [d for d in data if d[0] != name]
        slope, shift = _fit(others)
        fit_chance = np.concatenate([_chance(d[2] * slope + shift) for d in others])
        fit_true, fit_weight = np.concatenate([d[3] for d in others]), np.concatenate([d[4] for d in others])
        limits = (
            _threshold(fit_chance, fit_true, fit_weight),
            at_recall(fit_chance, fit_true, REACH[kind], weights=fit_weight).threshold,
        )
        chance = _chance(raw * slope + shift)
        chances[style].append(chance)
        counts = weight > 0
        for i, limit in enumerate(limits):
            found, yes = chance[counts] >= limit, true[counts] > 0
            sums[style][3 * i : 3 * i + 3] += [(found & yes).sum(), found.sum(), yes.sum()]
    for style, parts in chances.items():
        rows = [d for d in data if d[1] == style]
        chance, true = np.concatenate(parts), np.concatenate([d[3] for d in rows])
        weight = np.concatenate([d[4] for d in rows])
        shown, wide = (_measure(sums[style][i : i + 3]) for i in (0, 3))
        print(
            f"{kind:11} {style:5} true {shown.true:4}  P {shown.precision:.3f} R {shown.recall:.3f} F1 {shown.f1:.3f}"
            f"  AP {average_precision(chance, true, weights=weight):.3f}"
            f"  doubtful: R {wide.recall:.3f} at {wide.shown_per_true:.1f} shown per true one"
            f"  calibration error {calibration_error(chance[weight > 0], true[weight > 0]):.3f}"
        )
        if style == "clean":
            bins = reliability(chance[weight > 0], true[weight > 0])
            print("   said/was (n): " + "  ".join(f"{b.said:.2f}/{b.was:.2f} ({b.count})" for b in bins))


def _measure(sums: Floats) -> Measure:
    hits, found, true = (int(x) for x in sums)
    return Measure(
        threshold=0.0, precision=hits / max(1, found), recall=hits / max(1, true), found=found, true=true, hits=hits
    )


def _chance(logits: Floats) -> Floats:
    made: Floats = 1.0 / (1.0 + np.exp(-logits))
    return made


if __name__ == "__main__":
    main()
