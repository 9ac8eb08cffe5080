"""Who will do it, or who refused."""

from __future__ import annotations

import re
from typing import Final

from casefile.records import Meeting, Plan
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.people import Person, Roster

_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'll|i'd|i'm|i've|me|we|we'll|we're|we'd|my|let me|us)\b")
_WILL: Final = r"(?:'ll|'s| will| is| are|'s going to| can| could| has| and i| and me)"


def owner_of(
    draft: Draft, turns: tuple[TurnEvidence, ...], meeting: Meeting, roster: Roster, plan: Plan
) -> tuple[str | None, str]:
    """Return the owner's name (several joined by "; ", or the team) and in a few words why."""
    if draft.kind == "request":
        return None, ""
    if draft.kind == "agreement":
        return ("504 team" if plan == "504" else "IEP team"), "a term the group settles"
    first = draft.anchors[0]
    speaker = meeting.turns[first].speaker
    if draft.kind == "commitment":
        other = _someone_else(turns[first], speaker, roster)
        if other is not None:
            return other.name, "named as the one who will do it"
    if speaker is None:
        return None, "nobody could tell who spoke"
    known = roster.person(speaker)
    return (known.name if known else speaker), "said it"


def _someone_else(e: TurnEvidence, speaker: str | None, roster: Roster) -> Person | None:
    """Return the person named as the doer where the turn promises for somebody else at the table."""
    hits = [h for h in e.hits if h.rule.kind == "commitment"]
    clause = hits[0].clause if hits else None
    words = e.view.text[clause.start : clause.end] if clause else e.view.text
    if _FIRST_PERSON.search(words):
        return None
    for person in roster.named_in(words):
        if person.name != speaker and re.search(
            rf"\b(?:{re.escape(person.first or person.last)}|{re.escape(person.last or person.first)}){_WILL}\b", words
        ):
            return person
    return None
