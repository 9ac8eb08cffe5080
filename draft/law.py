"""`law.toml`: each fact of law a letter may use, with its source, certainty and the day it was read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

from casefile.wire import from_plain
from draft.errors import LetterError

Certainty = Literal["A", "B", "C", "K", "!"]
CITABLE: tuple[Certainty, ...] = ("A", "B")

MEANING: dict[Certainty, str] = {
    "A": "the law or the state agency's own page was read",
    "B": "two or more independent sources agree",
    "C": "one secondary source only: no letter uses it",
    "K": "commonly said, no source read: no letter uses it",
    "!": "sources conflict: no letter uses it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of law."""

    id: str
    cites: str  # as a letter names it; "" where a letter gives no citation
    says: str  # in plain words, fit for a letter
    certainty: Certainty
    sources: tuple[str, ...]
    read_on: date

    @property
    def citable(self) -> bool:
        """True where a letter may rest on it."""
        return self.certainty in CITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """All facts of law, in the order of the file."""

    facts: tuple[Fact, ...]

    def citable(self, fact_id: str) -> Fact:
        """Return a fact a letter may rest on; raises LetterError for an unknown or an unsure one."""
        fact = next((f for f in self.facts if f.id == fact_id), None)
        if fact is None:
            raise LetterError(
                f'There is no fact of law "{fact_id}".', next_step="`onrecord law` lists the names a template may use."
            )
        if not fact.citable:
            raise LetterError(
                f'The fact of law "{fact_id}" is not sure enough for a letter: {MEANING[fact.certainty]}.',
                next_step="Take it out of the template.",
            )
        return fact


@lru_cache(maxsize=1)
def read_law() -> Law:
    """Return the facts of `law.toml`."""
    return law_from_text(resources.files("draft").joinpath("law.toml").read_text(encoding="utf8"), what="law.toml")


def law_from_text(text: str, *, what: str) -> Law:
    """Return the facts written in `text`.

    Raises LetterError naming `what` and the fact for an unknown or missing key, a wrong certainty, a doubled id, and
    for a fact called sure that names no source.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise LetterError(f"{what} cannot be read: {wrong}.", next_step="Mend that line.") from wrong
    facts = tuple(_fact(row, what) for row in plain.get("fact", ()))
    for fact in facts:
        if sum(f.id == fact.id for f in facts) > 1:
            raise LetterError(f'{what} has the fact "{fact.id}" twice.', next_step="Take one of them out.")
    return Law(facts=facts)


def _fact(row: dict[str, Any], what: str) -> Fact:
    name = row.get("id", "without an id")
    if unknown := sorted(set(row) - {f.name for f in fields(Fact)}):
        raise LetterError(f"{what}: the fact {name} has an unknown key: {', '.join(unknown)}.", next_step="Mend it.")
    if row.get("certainty") not in get_args(Certainty):
        raise LetterError(
            f"{what}: the fact {name} has no certainty of {', '.join(get_args(Certainty))}.", next_step="Give it one."
        )
    fact = from_plain({**row, "read_on": str(row.get("read_on"))}, Fact, what=f"{what}: the fact {name}")
    if fact.citable and not fact.sources:
        raise LetterError(f"{what}: the fact {name} is called sure but names no source.", next_step="Name its source.")
    return fact
