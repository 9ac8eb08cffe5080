"""Who will do it, or who refused."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from casefile.records import Meeting, Plan
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.people import Person, Roster

_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'll|i'd|i'm|i've|me|we|we'll|we're|we'd|we've|my|let me|us|let's)\b")
_WILL: Final = r"(?:'ll|'s (?:going to|sending|doing|calling|bringing|got)| will| is (?:going to|sending|doing|calling|bringing)| can| has)"
LONG: Final = 30  # words of a turn from which it speaks of several people's promises
_I_WILL: Final = re.compile(
    r"\b(?:i|we)(?:'ll| will|'m going to|'re going to|'d| can| could)\b|\blet me\b|\b(?:me|my|us)\b"
)
_WE_WILL_DO_IT: Final = re.compile(
    r"(?:(?:yes|yep|yeah|okay|sure|right|absolutely|of course),? )*we(?:'ll| will| can) \w+ (?:it|that|this)"
)
_IF: Final = re.compile(r"\b(?:if|when|once|unless|after|before|whether|see if) (?:\w+ )?$")
_TOGETHER: Final = re.compile(
    r"\bwe(?:'ll| will|'re going to| can)(?: all)? (?:meet|reconvene|come back together|get back together|sit back down)\b(?! (?:you|him|her|with))"
)
_SHE_WILL: Final = re.compile(r"\b(he|she|they)(?:'ll| will| is going to|'s going to| can) ")


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner's name, several joined by "; ", the team's, or None; and in a few words why."""

    name: str | None
    why: str


def owner_of(draft: Draft, turns: tuple[TurnEvidence, ...], meeting: Meeting, roster: Roster, plan: Plan) -> Owner:
    """Return who will do it (commitment, deferral), who refused (denial), or the team (agreement)."""
    if draft.kind == "request":
        return Owner(None, "a request has no owner")
    if draft.kind == "agreement":
        return Owner("504 team" if plan == "504" else "IEP team", "a term the group settles")
    told = meeting.turns[draft.main].speaker if draft.kind == "denial" and draft.main >= 0 else None
    for anchor in draft.anchors:
        speaker = meeting.turns[anchor].speaker
        other = _someone_else(turns, anchor, speaker, roster) if draft.kind == "commitment" else None
        if other is not None and (told is None or anchor == draft.anchors[0]):
            own = [a for a in draft.anchors if meeting.turns[a].speaker == other.name]
            if anchor == draft.anchors[0] or own:
                return Owner(other.name, f"named in turn {anchor} as the one who will do it")
        told = told or speaker
    if told is None:
        return Owner(None, "nobody could tell who spoke")
    if (
        draft.kind == "commitment"
        and roster.side(told) == "school"
        and _TOGETHER.search(turns[draft.anchors[0]].view.text)
    ):
        return Owner("504 team" if plan == "504" else "IEP team", "the group will meet")
    known = roster.person(told)
    return Owner(known.name if known else told, "said it")


def _someone_else(turns: tuple[TurnEvidence, ...], at: int, speaker: str | None, roster: Roster) -> Person | None:
    """Return the person named as the doer where the turn promises for somebody else at the table."""
    hits = [h for h in turns[at].hits if h.rule.kind == "commitment"]
    clause = hits[0].clause if hits else None
    text = turns[at].view.text
    words = text[clause.start : clause.end] if clause else text
    asked = _made_to(text[clause.start :] if clause else text, speaker, roster)
    if asked is not None:
        return asked
    named = _named_to_do(words, speaker, roster)
    mine = _I_WILL if clause is not None or text.count(" ") <= LONG else _FIRST_PERSON
    if named is not None and not mine.search(words):
        return named
    if clause is not None and _WE_WILL_DO_IT.fullmatch(words.strip(" ,.")):
        return _named_to_do(text[clause.end :], speaker, roster)
    pronoun = _SHE_WILL.search(words)
    if pronoun and not _FIRST_PERSON.search(words) and not roster.named_in(words) and at:
        before = [p for p in roster.named_in(turns[at - 1].view.text) if p.name != speaker]
        here = [p for p in roster.named_in(text[: clause.start if clause else 0]) if p.name != speaker]
        school = [p for p in (*here, *before) if p.side != "family"]
        return school[-1] if len({p.name for p in school}) == 1 else None
    return None


def _named_to_do(words: str, speaker: str | None, roster: Roster) -> Person | None:
    """Return the person of whom words say that they will: "Joan's going to rewrite it"; not "if Don can"."""
    for person in roster.named_in(words):
        hit = re.search(rf"\b(?:{_calls(person)}){_WILL}", words)
        if person.name != speaker and hit and not _IF.search(words[: hit.start()]):
            return person
    return None


def _made_to(words: str, speaker: str | None, roster: Roster) -> Person | None:
    """Return the person whom a promise has do it: "I'll have Tasha go over it"."""
    for person in roster.named_in(words):
        hit = re.match(
            rf".{{0,20}}?\b(?:i|we)(?:'ll| will) have (?:{_calls(person)}) (?!in\b|on\b|at\b|with\b|and\b)[a-z]+", words
        )
        if person.name != speaker and person.side == "school" and hit:
            return person
    return None


def _calls(person: Person) -> str:
    return "|".join(re.escape(n) for n in (person.first, person.last) if n) or "(?!)"
