"""Fit how words and the classifier's hints are weighed to tell which notice is called for (`notice.json`).

Called by `extract.combining` with meetings the classifier did not see. Multinomial logistic regression for refusals at
IEP meetings, plain for agreements that change a service; prints what each gives on meetings left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from extract.classify import Reading
from extract.evidence import TurnEvidence, Vector
from extract.notice import CALLS_FOR, Talk, change_features, refusal_features

HERE = Path(__file__).parent
FOLDS = 9
RIDGE = 2.0


def fit_notice(meetings: Sequence[tuple[str, dict[str, Any], tuple[TurnEvidence, ...], Reading]]) -> None:
    """Fit and write the weights; each meeting comes with its name, annotation, turns and reading."""
    refusals: list[tuple[str, Vector, int]] = []
    changes: list[tuple[str, Vector, int]] = []
    for name, plain, turns, reading in meetings:
        for item in plain["gold"]:
            if item["status"] != "active":
                continue
            talk = talk_of(item, plain, turns, reading)
            if item["type"] == "DENIAL" and item.get("notice") in CALLS_FOR:
                refusals.append((name, refusal_features(talk), CALLS_FOR.index(item["notice"])))
            if item["type"] == "AGREEMENT":
                changes.append((name, change_features(talk), int(item.get("notice") == "proposed_change")))
    refusal, _ = _fitted(refusals, 3)
    both, odds = _fitted(changes, 2)
    change = both[:, 1] - both[:, 0]
    change[0] += _shift(odds[:, 1] - odds[:, 0], np.array([c for _, _, c in changes]))
    made = {"refusal": refusal.round(4).tolist(), "change": change.round(4).tolist()}
    (HERE / "notice.json").write_text(json.dumps(made, indent=0) + "\n", encoding="utf8")


def talk_of(item: dict[str, Any], plain: dict[str, Any], turns: Sequence[TurnEvidence], reading: Reading) -> Talk:
    """Return the words and hints of an annotated item, as the pipeline gathers those of a finding."""
    by_id = {g["id"]: g for g in plain["gold"]}
    asked = [by_id[i] for i in item["links"] if i in by_id and by_id[i]["type"] == "REQUEST"]
    kind = item["type"].lower()
    main = max(item["anchors"], key=lambda a: reading.scores[a].of(kind))
    first = item["anchors"][0]
    wished = max((a for g in asked for a in g["anchors"]), key=lambda a: reading.scores[a].request, default=None)
    return Talk(
        asked=" ".join(turns[a].view.text for g in asked for a in g["anchors"]),
        answered=" ".join(turns[a].view.text for a in item["anchors"]),
        around=" ".join(turns[a].view.text for a in range(max(0, first - 4), first + 1)),
        hints=reading.hints[main],
        asked_hints=None if wished is None else reading.hints[wished],
    )


def _fitted(rows: Sequence[tuple[str, Vector, int]], classes: int) -> tuple[Vector, Vector]:
    """Return the weights fitted on all rows, and each row's odds by weights fitted on other meetings; prints these."""
    names = sorted({name for name, _, _ in rows})
    fold = np.array([names.index(name) % FOLDS for name, _, _ in rows])
    x, y = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    odds = np.zeros((len(y), classes))
    for f in range(FOLDS):
        odds[fold == f] = x[fold == f] @ _fit(x[fold != f], y[fold != f], classes)
    told = odds.argmax(axis=1)
    for c in range(classes):
        right, found, true = int(((told == c) & (y == c)).sum()), int((told == c).sum()), int((y == c).sum())
        print(f"notice class {c}: P {right / max(1, found):.2f}  R {right / max(1, true):.2f}  ({right} of {true})")
    return _fit(x, y, classes), odds


def _shift(odds: Vector, true: Vector) -> float:
    """Return what is added to the odds so that 0 parts yes from no with the best F1."""
    tried = {
        -float(t): 2 * ((odds > t) & (true > 0)).sum() / ((odds > t).sum() + true.sum())
        for t in np.arange(-2, 1.01, 0.1)
    }
    best = max(tried, key=lambda t: tried[t])
    print(f"changes: F1 {tried[best]:.2f} with {best:+.1f}")
    return best


def _fit(x: Vector, y: Vector, classes: int) -> Vector:
    """Return the weights of a multinomial logistic regression, by plain descent."""
    beta = np.zeros((x.shape[1], classes))
    wanted = np.eye(classes)[y]
    step = 0.5 / max(1.0, float(np.linalg.norm(x, axis=1).mean()))
    keep: Callable[[Vector], Vector] = lambda b: np.concatenate([np.zeros((1, classes)), b[1:]])  # noqa: E731
    for _ in range(4000):
        logits = x @ beta
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        beta -= step * (x.T @ (p - wanted) + RIDGE * keep(beta)) / len(y)
    made: Vector = beta
    return made
