"""Which written notice a refusal or a change calls for (34 CFR 300.503; 34 CFR 104.36 at a 504 meeting).

The words that decide stand in `tables/heads.toml`, tried from the top: the first that fits. How much they weigh beside
what the classifier makes of the refusal and of the request stands in `notice.json`, fitted on training meetings by
`extract.combining`; without a classifier the words alone decide.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import numpy as np

from casefile.records import About, Kind, Notice, Plan
from extract.classify import TurnHints
from extract.evidence import Vector

CALLS_FOR: Final = ("refusal", "softer", "none")  # the columns of the weights
CHANGE_SURE: Final = 0.45  # how sure an agreement is at least that calls for notice of a change
_SPECIAL_EVALUATION: Final = re.compile(
    r"\b(?:special ed(?:ucation)?|iep|sped|idea)\b[^.?!]{0,50}\b(?:eval\w*|test\w*|assess\w*|refer\w*)|"
    r"\b(?:eval\w*|test(?:ed|ing)?|assess\w*|refer\w*)\b[^.?!]{0,50}\b(?:special ed(?:ucation)?|iep|sped|child find)\b"
)


@dataclass(frozen=True, slots=True)
class Head:
    """One line of the table: words, and what a refusal of such a thing calls for."""

    calls_for: str  # refusal, softer, none
    about: About | None
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The heads a refusal may come under, and the words of a change to services."""

    heads: tuple[Head, ...]
    change: re.Pattern[str]
    stays: re.Pattern[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """Return the table in `tables/heads.toml`."""
    plain = tomllib.loads((resources.files("extract") / "tables" / "heads.toml").read_text(encoding="utf8"))
    rows = tuple(Head(h["calls_for"], h.get("about"), re.compile(h["words"])) for h in plain["head"])
    return Table(rows, re.compile(plain["change"]["words"]), re.compile(plain["change"]["stays"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The words a notice is judged by, in lower case."""

    asked: str  # of the request that is answered
    answered: str  # of the finding itself
    around: str = ""  # of the turns just before and the finding
    sure: float = 1.0
    hints: TurnHints | None = None  # what the classifier makes of the finding's surest turn
    asked_hints: TurnHints | None = None  # and of the request's


def notice_of(kind: Kind, talk: Talk, *, plan: Plan) -> Notice | None:
    """Return the notice that a refusal or an agreed change calls for, or None."""
    if kind == "denial":
        return _refused_504(talk) if plan == "504" else _refused(talk)
    if kind == "agreement" and plan == "iep" and _changes(talk):
        head = _head(talk.answered) or _head(talk.around) or _head(talk.asked)
        return Notice(kind="proposed_change", about=head.about if head and head.about else "fape")
    return None


def _refused(talk: Talk) -> Notice | None:
    head = _head(talk.asked) or _head(talk.answered)
    calls_for = head.calls_for if head else "refusal"
    if talk.hints is not None:
        calls_for = CALLS_FOR[int(np.argmax(refusal_features(talk) @ weights().refusal))]
    if calls_for == "none":
        return None
    return Notice(kind="softer" if calls_for == "softer" else "refusal", about=(head.about if head else None) or "fape")


def _refused_504(talk: Talk) -> Notice | None:
    """Return the notice at a 504 meeting: written reasons, but an IDEA refusal where a special evaluation was asked."""
    if _SPECIAL_EVALUATION.search(talk.asked or talk.answered):
        return Notice(kind="refusal", about="evaluation")
    head = _head(talk.asked) or _head(talk.answered)
    none = head is not None and head.calls_for == "none"
    if talk.hints is not None:
        none = CALLS_FOR[int(np.argmax(refusal_features(talk) @ weights().refusal))] == "none"
    return None if none else Notice(kind="refusal_504", about=None)


def _changes(talk: Talk) -> bool:
    """Tell whether an agreement changes a service, placement, evaluation or eligibility."""
    if talk.sure < CHANGE_SURE:
        return False
    if talk.hints is not None:
        return bool(change_features(talk) @ weights().change > 0)
    words = table()
    own, around = len(words.change.findall(talk.answered)), len(words.change.findall(talk.around))
    return not words.stays.search(talk.answered) and (own >= 1 or around >= 2)


@dataclass(frozen=True, slots=True)
class Weights:
    """How words and hints are weighed; rows as the features, columns of `refusal` as CALLS_FOR."""

    refusal: Vector
    change: Vector


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return the weights that ship with the program."""
    plain: dict[str, Any] = json.loads((resources.files("extract") / "notice.json").read_text(encoding="utf8"))
    return Weights(np.array(plain["refusal"]), np.array(plain["change"]))


def refusal_features(talk: Talk) -> Vector:
    """Return what tells which notice a refusal calls for: bias, the classifier on refusal and request, the words."""
    asked, answered = _head(talk.asked), _head(talk.answered)
    head = asked or answered
    said = [head is not None and head.calls_for == c for c in CALLS_FOR]
    sure = head is not None and head.about in ("evaluation", "identification")
    own = [answered is not None and answered.calls_for == c for c in CALLS_FOR[1:]]
    return np.array([1.0, *_odds(talk.hints), *_odds(talk.asked_hints), *said, sure, *own], dtype=float)


def change_features(talk: Talk) -> Vector:
    """Return what tells whether an agreement is a change that calls for notice."""
    words = table()
    own, around = len(words.change.findall(talk.answered)), len(words.change.findall(talk.around))
    told = talk.hints.change if talk.hints is not None else 0.5
    stays = words.stays.search(talk.answered) is not None
    softer = (head := _head(talk.answered)) is not None and head.calls_for == "softer"
    odds = float(np.log((told + 0.01) / (1.01 - told)))
    return np.array([1.0, odds, own >= 1, own >= 2, around >= 2, stays, softer], dtype=float)


def _odds(hints: TurnHints | None) -> tuple[float, float]:
    """Return how far the classifier leans to a refusal that calls for notice, against the softer letter and none."""
    if hints is None:
        return 0.0, 0.0
    return (
        float(np.log((hints.calls + 0.01) / (hints.softer + 0.01))),
        float(np.log((hints.calls + 0.01) / (hints.none + 0.01))),
    )


def _head(words: str) -> Head | None:
    return next((h for h in table().heads if h.pattern.search(words)), None)
