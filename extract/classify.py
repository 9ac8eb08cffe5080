"""How likely each turn of a meeting carries a commitment, denial, deferral, request or agreement.

The scores are probabilities, calibrated on meetings the model never saw; `Classifier.threshold` says from where on a
kind counts as found, `Classifier.doubtful_threshold` from where on it is worth a reviewer's look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from casefile.records import About, Kind, Meeting
from extract.classify_units import Stretches, pieces_of

if TYPE_CHECKING:
    from extract.classify_model import Model

KINDS: Final[tuple[Kind, ...]] = ("commitment", "denial", "deferral", "request", "agreement")
ABOUTS: Final[tuple[About, ...]] = get_args(About)
_PAIR_SCALE: Final = 8.0

Floats = NDArray[np.float32]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnHints:
    """What else the model makes of a turn, 0 to 1 each; a hint, not calibrated."""

    ends: float  # it takes back, replaces or finishes something said before
    calls: float  # if it refuses: the refusal calls for written notice (these three add up to 1)
    softer: float  # ... it may not
    none: float  # ... it does not
    about: tuple[float, ...]  # what a notice would be about, in the order of ABOUTS
    change: float  # if it agrees: the term changes a service, placement or evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a turn that was read in one piece: characters `start` to `end` (half-open) of its text."""

    turn: int
    start: int
    end: int
    scores: TurnScores


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A meeting as the model reads it: one entry a turn, and what pairs of turns have to do with each other."""

    scores: tuple[TurnScores, ...]
    hints: tuple[TurnHints, ...]
    vectors: dict[str, Floats]  # "answer", "asked", "later", "earlier": one row a turn
    weights: dict[str, Floats]
    parts: tuple[Part, ...] = ()  # what was read in one piece, in order

    def answered(self, answer: int, requests: Sequence[int]) -> tuple[float, ...]:
        """Return how likely turn `answer` answers each of the turns `requests`; they add up to 1."""
        if not requests:
            return ()
        made = np.exp(_steady(self._pairs("answer", "asked", "answer_far", answer, requests)))
        return tuple((made / made.sum()).tolist())

    def repeated(self, turn: int, earlier: Sequence[int]) -> tuple[float, ...]:
        """Return how likely `turn` carries the same item as each of the `earlier` turns; what is missing to 1: none."""
        if not earlier:
            return ()
        logits = self._pairs("later", "earlier", "same_far", turn, earlier)
        made = np.exp(_steady(np.append(logits, self.weights["none"])))
        return tuple((made / made.sum()).tolist()[:-1])

    def _pairs(self, one: str, other: str, far: str, turn: int, others: Sequence[int]) -> Floats:
        gap = np.maximum(0, turn - np.array(others))
        near = self.weights[far][np.searchsorted(self.weights["distances"], gap)]
        made: Floats = self.vectors[other][list(others)] @ self.vectors[one][turn] / _PAIR_SCALE + near
        return made


class Classifier:
    """A loaded classifier: reads whole meetings, in time linear in their length."""

    def __init__(self, model: Model):
        self.name: str = model.settings["name"]
        self._model = model
        self._calibration = np.array([model.settings["calibration"][k] for k in KINDS], np.float64)

    def score(self, meeting: Meeting, *, progress: Callable[[int, int], None] | None = None) -> tuple[TurnScores, ...]:
        """Return one `TurnScores` a turn, in order; `progress` is told (turns done, turns in all)."""
        return self.read(meeting, progress=progress).scores

    def read(
        self,
        meeting: Meeting,
        *,
        lines: Sequence[Stretches] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Reading:
        """Return all the model makes of the meeting; a turn in several parts scores as its strongest.

        `lines`, where given, says in which stretches each turn is read.
        """
        pieces, count = pieces_of(meeting, lines=lines), len(meeting.turns)

        def told(done: int) -> None:
            if progress:
                progress(pieces[done - 1].turn + (done == len(pieces)), count)

        read = self._model.read(pieces, progress=told)
        logits = read["kinds"].astype(np.float64) * self._calibration[:, 0] + self._calibration[:, 1]
        turns = np.array([p.turn for p in pieces], dtype=np.int64)
        strongest = _strongest(turns, read["kinds"].max(axis=1, initial=-99.0), count)
        best = np.full((count, len(KINDS)), -np.inf)
        np.maximum.at(best, turns, logits)
        hints = {k: read[k][strongest] for k in ("ends", "notice", "about", "change")}
        return Reading(
            scores=_scores(best),
            parts=tuple(
                Part(turn=p.turn, start=p.start, end=p.end, scores=s)
                for p, s in zip(pieces, _scores(logits), strict=True)
            ),
            hints=_hints(hints),
            vectors={k: read[k][strongest] for k in ("answer", "asked", "later", "earlier")},
            weights={k: self._model.heads[k] for k in ("answer_far", "same_far", "none", "distances")},
        )

    def threshold(self, kind: Kind) -> float:
        """Return the score from which on `kind` counts as found."""
        return float(self._model.settings["threshold"][kind])

    def doubtful_threshold(self, kind: Kind) -> float:
        """Return the lower score from which on `kind` is worth showing to a reviewer."""
        return float(self._model.settings["doubtful_threshold"][kind])


def _scores(logits: NDArray[np.float64]) -> tuple[TurnScores, ...]:
    return tuple(TurnScores(**dict(zip(KINDS, row, strict=True))) for row in _chance(logits).tolist())


def _hints(read: dict[str, Floats]) -> tuple[TurnHints, ...]:
    notice, about = _shares(read["notice"]).tolist(), _shares(read["about"]).tolist()
    ends, change = _chance(read["ends"][:, 0]).tolist(), _chance(read["change"][:, 0]).tolist()
    return tuple(
        TurnHints(ends=e, calls=n[0], softer=n[1], none=n[2], about=tuple(a), change=c)
        for e, n, a, c in zip(ends, notice, about, change, strict=True)
    )


def _strongest(turns: NDArray[np.int64], strength: Floats, count: int) -> NDArray[np.int64]:
    """Return, for every turn, its piece that says most."""
    order = np.lexsort((strength, turns))
    made = np.zeros(count, np.int64)
    made[turns[order]] = order
    return made


def _steady(logits: Floats) -> Floats:
    made: Floats = logits - logits.max()
    return made


def _shares(logits: Floats) -> Floats:
    made = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = made / made.sum(axis=1, keepdims=True)
    return shares


def _chance(logits: NDArray[Any]) -> NDArray[Any]:
    made: NDArray[Any] = 1.0 / (1.0 + np.exp(-np.clip(logits, -40, 40)))
    return made


def load_classifier() -> Classifier:
    """Return the classifier that ships with the program, read from the files in `extract/model/`."""
    from extract.classify_model import load_model

    with resources.as_file(resources.files("extract") / "model") as folder:
        return Classifier(load_model(folder))
