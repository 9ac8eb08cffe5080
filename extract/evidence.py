"""How sure each turn carries each kind: the classifier's scores and the rules, weighed together.

The weights stand in `combiner.json` and are fitted by `python -m extract.combining` on training meetings only.
"""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from casefile.records import Kind, Meeting
from extract.classify import TurnScores
from extract.match import Before, Hit, hits_in
from extract.people import Roster
from extract.rules import KINDS, SCOPES
from extract.talk import asks, before_turn
from extract.view import View, view_of

Vector = NDArray[np.float64]

_PUSHBACK: Final = re.compile(
    r"\b(?:so (?:that's|it's) (?:a |another )?no|why not|how come|that's not|i (?:don't|disagree)|not what i|in writing|notice|"
    r"so (?:you're|he|she|we|nobody)|but (?:he|she|i|that|it)|i want (?:it|that|to)|that doesn't|for the record|so no|"
    r"that isn't|who (?:decides|decided|says)|what would|that's (?:sort|kind) of my point|i understand|okay, but|right, but)\b"
)
_THANKS: Final = re.compile(
    r"^(?:\w+,? )?(?:thank|perfect|great|awesome|wonderful|good|okay|i appreciate|that'd be|that would be|all right|alright)\b"
)


@dataclass(frozen=True, slots=True)
class TurnEvidence:
    """All that speaks for and against the kinds in one turn."""

    index: int
    view: View
    side: str
    before: Before
    hits: tuple[Hit, ...]
    scores: TurnScores | None  # the classifier's
    sure: dict[Kind, float]  # the two weighed together, 0 to 1

    def best(self, kind: Kind) -> Hit | None:
        """Return the strongest hit of `kind`, the first of equals; None without one."""
        return max((h for h in self.hits if h.rule.kind == kind), key=lambda h: h.strength, default=None)


@dataclass(frozen=True, slots=True)
class Combiner:
    """The fitted weights and thresholds."""

    weights: dict[Kind, Vector]
    kept: dict[Kind, float]  # from here on a finding
    doubtful: dict[Kind, float]  # from here on a candidate for review


@lru_cache(maxsize=1)
def load_combiner() -> Combiner:
    """Return the weights that ship with the program."""
    plain: dict[str, Any] = json.loads((resources.files("extract") / "combiner.json").read_text(encoding="utf8"))
    weights: dict[Kind, Vector] = {k: np.array(plain["weights"][k]) for k in KINDS}
    return Combiner(weights, {k: plain["kept"][k] for k in KINDS}, {k: plain["doubtful"][k] for k in KINDS})


def read_turns(meeting: Meeting, roster: Roster, scores: Sequence[TurnScores] | None) -> tuple[TurnEvidence, ...]:
    """Return every turn with its view, hits and scores, not weighed yet."""
    views = [view_of(t.text) for t in meeting.turns]
    sides = [roster.side(t.speaker) for t in meeting.turns]
    turns = []
    for i, view in enumerate(views):
        before = before_turn(views, sides, i)
        hits = hits_in(view, side=sides[i], before=before)
        turns.append(TurnEvidence(i, view, sides[i], before, hits, scores[i] if scores else None, {}))
    return tuple(turns)


def weigh(turns: Sequence[TurnEvidence], combiner: Combiner | None = None) -> tuple[TurnEvidence, ...]:
    """Return the turns with the kinds weighed."""
    if not turns:
        return ()
    combiner = combiner or load_combiner()
    table = feature_table(turns)
    sure = {k: 1 / (1 + np.exp(-(table[k] @ combiner.weights[k]))) for k in KINDS}
    return tuple(replace(e, sure={k: float(sure[k][e.index]) for k in KINDS}) for e in turns)


def feature_table(turns: Sequence[TurnEvidence]) -> dict[Kind, Vector]:
    """Return one row of features a turn for each kind; the columns are named in `feature_names`."""
    logit = np.array([[log_odds(e.scores.of(k)) if e.scores else -3.0 for k in KINDS] for e in turns])
    rule = np.array([[_strength(e.hits, k) for k in KINDS] for e in turns], dtype=float)
    around = np.array([_around(turns, i) for i in range(len(turns))], dtype=float)
    ahead, behind = _shift(logit, -1), _shift(logit, 1)
    later = np.maximum(_shift(logit, -2), _shift(logit, -3))
    earlier = np.maximum(_shift(logit, 2), _shift(logit, 3))
    asked = np.max(np.stack([_shift(logit[:, 3:4], n, fill=-6.0) for n in (1, 2, 3, 4)]), axis=0)
    table: dict[Kind, Vector] = {}
    for n, kind in enumerate(KINDS):
        own = np.stack([rule[:, n] >= s for s in (1, 2, 3)], axis=1).astype(float)
        both = (own[:, 1] * logit[:, n])[:, None]
        table[kind] = np.concatenate(
            [
                np.ones((len(turns), 1)),
                *(logit, own, both, np.minimum(rule, 2)),
                *(ahead, behind, later, earlier, asked, around),
            ],
            axis=1,
        )
    return table


def feature_names() -> tuple[str, ...]:
    """Return the names of the columns of `feature_table`."""
    return (
        "bias",
        *(f"model {k}" for k in KINDS),
        "rule weak",
        "rule fair",
        "rule sure",
        "rule and model",
        *(f"rule {k}" for k in KINDS),
        *(f"next {k}" for k in KINDS),
        *(f"last {k}" for k in KINDS),
        *(f"later {k}" for k in KINDS),
        *(f"earlier {k}" for k in KINDS),
        "asked before",
        *AROUND,
    )


AROUND: Final = (
    "school",
    "family",
    "outside",
    "asks",
    "words",
    "short",
    "open request",
    "question before",
    "proposal before",
    "promise before",
    *SCOPES,
    "pushback next",
    "thanks next",
    "same speaker next",
    "next side family",
)


def _around(turns: Sequence[TurnEvidence], at: int) -> list[float]:
    e = turns[at]
    words = e.view.text.count(" ") + 1
    after = turns[at + 1] if at + 1 < len(turns) else None
    scopes = {s for h in e.hits for s in h.scopes}
    return [
        e.side == "school",
        e.side == "family",
        e.side == "outside",
        asks(e.view),
        np.log1p(words),
        words <= 4,
        e.before.request,
        e.before.question,
        e.before.proposal,
        e.before.promise,
        *(s in scopes for s in SCOPES),
        bool(after and _PUSHBACK.search(after.view.text)),
        bool(after and _THANKS.match(after.view.text)),
        bool(after and after.side == e.side),
        bool(after and after.side == "family"),
    ]


def _strength(hits: Sequence[Hit], kind: Kind) -> int:
    return max((h.strength for h in hits if h.rule.kind == kind), default=0)


def log_odds(p: float, *, least: float = 1e-4) -> float:
    """Return the log odds of a chance, which is taken for `least` at least and 1 - `least` at most."""
    p = min(max(p, least), 1 - least)
    return float(np.log(p / (1 - p)))


def _shift(rows: Vector, by: int, *, fill: float = -4.0) -> Vector:
    moved = np.full_like(rows, fill)
    if by > 0:
        moved[by:] = rows[:-by] if len(rows) > by else moved[by:]
    else:
        moved[:by] = rows[-by:] if len(rows) > -by else moved[:by]
    return moved
