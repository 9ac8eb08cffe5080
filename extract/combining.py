"""Fit how classifier and rules are weighed (`combiner.json`, `notice.json`), and what joins an item (`joiner.json`).

usage: python -m extract.combining MEETINGS --held-out NAMES.txt [--readings FILE]

MEETINGS holds annotated meetings. The joiner is fitted on those not named in NAMES.txt. The combiner needs readings by
a classifier that did not see the meeting: --readings, as `extract.training.readings` writes them, for all but the
held-out; without them it is fitted on the held-out meetings as the shipped classifier reads them. Logistic regression
by Newton's method, shrunk towards the classifier's own word; then brought onto the shipped classifier's scale on the
held-out meetings, two numbers a kind. Thresholds are chosen on items found in meetings that the
weights were not fitted on: the best F1 but for what is GIVEN, and for the doubtful the lowest that keeps within SHOWN
items a true one. Prints the tables of meetings left out.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casefile.records import Findings, Kind, Meeting
from casefile.wire import meeting_from_plain
from extract import notice
from extract.classify import Reading, load_classifier
from extract.combining_notice import fit_notice
from extract.content import content, rarity
from extract.evidence import Combiner, TurnEvidence, Vector, feature_names, feature_table, read_turns, weigh
from extract.joining import NAMES, REACH, Known, features, recap_turns
from extract.people import Roster, roster_of
from extract.pipeline import findings_of
from extract.report import Tally, pair_anchors, read_folder, show, tally
from extract.rules import KINDS
from extract.work import work_from

HERE = Path(__file__).parent
RIDGE = 20.0
SHOWN: Mapping[Kind, float] = {"commitment": 2.0, "denial": 4.0, "deferral": 3.5, "request": 2.2, "agreement": 3.6}
# of the best F1 that is given for recall
GIVEN: Mapping[Kind, float] = {
    "commitment": 0.005,
    "denial": 0.01,
    "deferral": 0.01,
    "request": 0.005,
    "agreement": 0.01,
}
KEPT = np.arange(0.3, 0.8, 0.05)  # below, more is wrong than right
SETTLED = 0.45  # an agreement is kept from here on at least: else a letter would say what nobody settled
DOUBTFUL = (0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.17)

Rows = tuple[Vector, Vector, Vector]  # features, labels, weights


@dataclass(frozen=True, slots=True)
class Case:
    """A meeting with its reading, its turns and their rows."""

    name: str
    plain: dict[str, Any]
    meeting: Meeting
    roster: Roster
    reading: Reading
    turns: tuple[TurnEvidence, ...]
    rows: dict[Kind, Rows]


def case_of(name: str, plain: dict[str, Any], reading: Reading) -> Case:
    """Return a case; needed turns that do not carry an item weigh nothing."""
    meeting = meeting_from_plain(plain, held_on=None)
    roster = roster_of(meeting)
    turns = read_turns(meeting, roster, reading.scores)
    table = feature_table(turns)
    rows: dict[Kind, Rows] = {}
    for kind in KINDS:
        items = [g for g in plain["gold"] if g["type"].lower() == kind]
        carried = {a for g in items for a in g["anchors"]}
        needed = {t for g in items for t in g["turns"]} - carried
        labels = np.array([i in carried for i in range(len(turns))], dtype=float)
        rows[kind] = (table[kind], labels, np.array([0.0 if i in needed else 1.0 for i in range(len(turns))]))
    return Case(name, plain, meeting, roster, reading, turns, rows)


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


def fit_all(cases: Sequence[Case]) -> dict[Kind, Vector]:
    """Return the weights of every kind, fitted on `cases`."""
    made: dict[Kind, Vector] = {}
    for kind in KINDS:
        x, y, w = (np.concatenate([c.rows[kind][n] for c in cases]) for n in range(3))
        made[kind] = fit(x, y, w, ridge=RIDGE, start=trusting(kind))
    return made


def tempered(weights: Mapping[Kind, Vector], cases: Sequence[Case]) -> dict[Kind, Vector]:
    """Return the weights brought onto the scale of the classifier that read `cases`.

    The classifier that ships learned from more meetings than those the weights are fitted on, and knows more of what
    the rules know: the same weights make it too sure. Two numbers a kind, the line through its log odds.
    """
    made: dict[Kind, Vector] = {}
    for kind in KINDS:
        x, y, w = (np.concatenate([c.rows[kind][n] for c in cases]) for n in range(3))
        line = np.stack([np.ones(len(y)), x @ weights[kind]], axis=1)
        shift, slope = fit(line, y, w, ridge=1e-3, start=np.array([0.0, 1.0]))
        made[kind] = slope * weights[kind]
        made[kind][0] += shift
    return made


def left_out(cases: Sequence[Case], folds: int) -> dict[str, dict[Kind, Vector]]:
    """Return, for each case, weights fitted without the meetings of its fold (copies of one meeting go together)."""
    stems = sorted({c.name.split("#")[0] for c in cases})
    fold = {stem: i % folds for i, stem in enumerate(stems)}
    made = [fit_all([c for c in cases if fold[c.name.split("#")[0]] != f]) for f in range(folds)]
    return {c.name: made[fold[c.name.split("#")[0]]] for c in cases}


def counts(case: Case, combiner: Combiner, kind: Kind) -> tuple[int, int, int, int]:
    """Return true and found items, then the same with the doubtful, of one kind in one meeting."""
    work = work_from(case.meeting, case.roster, weigh(case.turns, combiner), None, combiner)
    gold = [g["anchors"] for g in case.plain["gold"] if g["type"].lower() == kind and g["status"] == "active"]
    offered = [d for i, d in enumerate(work.drafts) if d.kind == kind and i not in work.ended]
    kept = [d.anchors for d in offered if not d.doubtful]
    return (
        len(pair_anchors(gold, kept)),
        len(kept),
        len(pair_anchors(gold, [d.anchors for d in offered])),
        len(offered),
    )


def choose(
    cases: Sequence[Case], weights: Mapping[str, dict[Kind, Vector]]
) -> tuple[dict[Kind, float], dict[Kind, float]]:
    """Return the thresholds from which on items are kept, and shown as doubtful."""
    kept: dict[Kind, float] = {}
    doubtful: dict[Kind, float] = {}
    for kind in KINDS:
        gold = sum(g["type"].lower() == kind and g["status"] == "active" for c in cases for g in c.plain["gold"])

        def total(keep: float, doubt: float, kind: Kind = kind) -> Vector:
            limits = {k: keep if k == kind else 2.0 for k in KINDS}
            lower = {k: doubt if k == kind else 2.0 for k in KINDS}
            rows = [counts(c, Combiner(weights[c.name], limits, lower), kind) for c in cases]
            summed: Vector = np.array(rows, dtype=float).sum(axis=0)
            return summed

        tried = [(t, total(t, t)) for t in KEPT if kind != "agreement" or t >= SETTLED]
        reached = {t: float(2 * n[0] / (n[1] + gold)) for t, n in tried}
        kept[kind] = float(min(t for t, f1 in reached.items() if f1 >= max(reached.values()) - GIVEN[kind]))
        shown = [(t, total(kept[kind], t)) for t in DOUBTFUL]
        fits = [t for t, n in shown if n[3] <= SHOWN[kind] * max(1, n[2])]
        doubtful[kind] = min([*fits, kept[kind]])
        print(f"{kind:11} kept from {kept[kind]:.2f}, doubtful from {doubtful[kind]:.3f}")
    return kept, doubtful


def tally_of(
    cases: Sequence[Case],
    weights: Mapping[str, dict[Kind, Vector]],
    kept: dict[Kind, float],
    doubtful: dict[Kind, float],
) -> Tally:
    """Return the counts of what is found in `cases`, each read with its own weights."""
    by_name = {c.name: c for c in cases}

    def finder(name: str, meeting: Meeting) -> Findings:
        case, limits = by_name[name], Combiner(weights[name], kept, doubtful)
        return findings_of(work_from(case.meeting, case.roster, weigh(case.turns, limits), case.reading, limits))

    return tally(((c.name, c.plain) for c in cases), finder)


def joins(meetings: Iterable[dict[str, Any]]) -> Rows:
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
    plain = {"features": NAMES, "weights": [round(float(b), 4) for b in beta]}
    (HERE / "joiner.json").write_text(json.dumps(plain, indent=0) + "\n", encoding="utf8")
    print(f"joiner: {int(y.sum())} of {len(y)} pairs go together")


def read_cases(meetings: Mapping[str, dict[str, Any]], held: set[str], readings: Path | None) -> list[Case]:
    """Return the cases with a reading that is not by a classifier trained on them."""
    classifier = load_classifier()
    cases = [
        case_of(n, p, classifier.read(meeting_from_plain(p, held_on=None))) for n, p in meetings.items() if n in held
    ]
    for name, made in (pickle.loads(readings.read_bytes()) if readings else {}).items():
        plain = meetings[name.split("#")[0]]
        if isinstance(made, tuple):
            texts, made = made
            plain = plain | {"turns": [t | {"text": said} for t, said in zip(plain["turns"], texts, strict=True)]}
        if name.endswith("#bare"):
            plain = plain | {"participants": [who | {"role": ""} for who in plain["participants"]]}
        if name.split("#")[0] not in held:
            cases.append(case_of(name, plain, made))
    return cases


def main() -> None:
    """Fit both, choose the thresholds, print and write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("meetings", type=Path)
    ask.add_argument("--held-out", type=Path, required=True)
    ask.add_argument("--readings", type=Path)
    asked = ask.parse_args()
    held = set(asked.held_out.read_text(encoding="utf8").split())
    meetings = dict(read_folder(asked.meetings))
    fit_joiner(p for n, p in meetings.items() if n not in held)
    cases = read_cases(meetings, held, asked.readings)
    fitted = [c for c in cases if c.name not in held] or cases
    apart = left_out(fitted, min(len(fitted), 11))
    kept, doubtful = choose([c for c in fitted if "#" not in c.name], apart)
    weights = fit_all(fitted)
    fit_notice([(c.name, c.plain, c.turns, c.reading) for c in fitted if "#" not in c.name])
    notice.weights.cache_clear()
    print("meetings the weights are fitted on, each left out in turn")
    print(show(tally_of([c for c in fitted if "#" not in c.name], apart, kept, doubtful)))
    if asked.readings:
        print("held-out meetings: neither weights nor thresholds saw them, each tempered by the others")
        never = [c for c in cases if c.name in held]
        others = {c.name: tempered(weights, [o for o in never if o is not c]) for c in never}
        print(show(tally_of(never, others, kept, doubtful)))
        weights = tempered(weights, never)
    result = {
        "features": feature_names(),
        "weights": {k: [round(float(b), 4) for b in weights[k]] for k in KINDS},
        "kept": {k: round(v, 3) for k, v in kept.items()},
        "doubtful": {k: round(v, 4) for k, v in doubtful.items()},
    }
    (HERE / "combiner.json").write_text(json.dumps(result, indent=0) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
