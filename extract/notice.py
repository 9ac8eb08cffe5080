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


@lru_cache(maxsize=1)
def heads() -> tuple[tuple[Head, ...], re.Pattern[str]]:
    """Return the table for refusals, and the words of a change to services."""
    plain = tomllib.loads((resources.files("extract") / "tables" / "heads.toml").read_text(encoding="utf8"))
    table = tuple(Head(h["calls_for"], h.get("about"), re.compile(h["words"])) for h in plain["head"])
    return table, re.compile(plain["change"]["words"])


def notice_of(kind: Kind, asked: str, answered: str, *, plan: Plan, settled: str = "") -> Notice | None:
    """Return the notice called for, or None.

    `asked` are the words of the request answered, `answered` those of the finding itself, in lower case.
    """
    table, change = heads()
    if kind == "denial":
        if plan == "504":
            if _SPECIAL_EVALUATION.search(asked) or (not asked and _SPECIAL_EVALUATION.search(answered)):
                return Notice(kind="refusal", about="evaluation")
            head = _head(table, f"{asked}\n{answered}")
            return None if head and head.calls_for == "none" else Notice(kind="refusal_504", about=None)
        head = _head(table, asked) or _head(table, answered)
        if head is None:
            return Notice(kind="refusal", about="fape")
        if head.calls_for == "none":
            return None
        return Notice(kind="softer" if head.calls_for == "softer" else "refusal", about=head.about)
    if kind == "agreement" and plan == "iep" and change.search(f"{answered}\n{settled}"):
        head = _head(table, answered) or _head(table, asked)
        return Notice(kind="proposed_change", about=head.about if head and head.about else "fape")
    return None


def _head(table: tuple[Head, ...], words: str) -> Head | None:
    return next((h for h in table if h.pattern.search(words)), None)
