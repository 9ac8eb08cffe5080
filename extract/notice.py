"""Which written notice a refusal or a change calls for (34 CFR 300.503; 34 CFR 104.36 at a 504 meeting).

The words that decide stand in `tables/heads.toml`, tried from the top: the first that fits decides.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from casefile.records import About, Kind, Notice, Plan
from extract.classify import TurnHints

NONE_FROM: Final = 0.42  # the classifier's share from which on no notice, or the softer letter, is taken
CHANGE_FROM: Final = 0.25  # the least share for a change
CHANGE_SURE: Final = 0.3  # how sure an agreement is at least that calls for notice of a change
SOFTER_FROM: Final = 0.3
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
    sure = head is not None and head.about in ("evaluation", "identification")
    if not sure and talk.hints is not None:
        if talk.hints.none >= NONE_FROM:
            calls_for = "none"
        elif talk.hints.softer >= SOFTER_FROM and calls_for == "refusal":
            calls_for = "softer"
    if calls_for == "none":
        return None
    return Notice(kind="softer" if calls_for == "softer" else "refusal", about=(head.about if head else None) or "fape")


def _refused_504(talk: Talk) -> Notice | None:
    """Return the notice at a 504 meeting: written reasons, but an IDEA refusal where a special evaluation was asked."""
    if _SPECIAL_EVALUATION.search(talk.asked or talk.answered):
        return Notice(kind="refusal", about="evaluation")
    head = _head(f"{talk.asked}\n{talk.answered}")
    none = (head is not None and head.calls_for == "none") or (talk.hints is not None and talk.hints.none >= NONE_FROM)
    return None if none else Notice(kind="refusal_504", about=None)


def _changes(talk: Talk) -> bool:
    """Tell whether an agreement changes a service, placement, evaluation or eligibility."""
    words = table()
    if words.stays.search(talk.answered) or talk.sure < CHANGE_SURE:
        return False
    told = talk.hints.change if talk.hints is not None else 1.0
    own, around = len(words.change.findall(talk.answered)), len(words.change.findall(talk.around))
    return told >= CHANGE_FROM and (own >= 1 or around >= 2)


def _head(words: str) -> Head | None:
    return next((h for h in table().heads if h.pattern.search(words)), None)
