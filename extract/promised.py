"""The verb phrase of a promise in a turn, with what leads to it: "send the draft", "see that it is in the notice"."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casefile.records import Kind
from extract.clauses import Clause, clauses
from extract.dates.words import words
from extract.evidence import TurnEvidence
from extract.people import Roster

SOFT: Final = (
    r"(?:(?:also|just|definitely|go ahead and|always|actually|still|certainly|personally|then|try to|be sure to|probably|gladly|happily|of course|at least|even|all|both|please|"
    r"maybe|really|like|um|uh|possibly|kind of|sort of|be able to|be happy to|be glad to|need to|have to|want to|make sure to|be the one to|get to) ,?)*"
)
_NO_DOING: Final = (
    r"(?!(?:just|also|really|definitely|still|probably|always|even|maybe|the|a|an|his|her|him|my|your|it|them|that|this|those|these|some|one|you|they|he|she|us|me|to|"
    r"say|recap|feel|hope|expect|im|i'm|i|we|need|know|miss|think|guess|bet|love|like|sooner|rather|hate|of|admit|want|wish|agree|see (?:you|what|how)|be (?:honest|frank|going|able|fine|okay)|"
    r"tell you (?:what|right|the truth)|have to see|wait and)\b)"
)
_VERB: Final = rf"{SOFT}(?P<verb>{_NO_DOING}[a-z]+)"
# how the words lead to the verb of a promise of the speaker's own; the group `verb` opens the phrase
_MINE: Final = tuple(
    re.compile(p)
    for p in (
        rf"\b(?:(?:i|we)(?:'ll| will| shall)|ill)(?: not)? {_VERB}",
        rf"\b(?:i'm|we're|i am|we are|im) {SOFT}(?:going to|gonna|planning to|about to|fixing to) {_VERB}",
        rf"\b(?:i'd be|we'd be|i'm|we're|be)? ?(?:more than )?(?:happy|glad|willing) to {_VERB}",
        rf"\b(?:i|we) (?:can|could) {_VERB}",
        rf"\blet me {_VERB}",
        rf"\blet's {_VERB}",
        rf"\b(?:i'd|we'd|i would|we would) (?:have|need|want|like|love|got)? ?(?:to )?{_VERB}",
        rf"\b(?:i|we) (?:have|need|want|got|plan|intend) to {_VERB}",
    )
)
_OTHERS: Final = re.compile(
    rf"(?P<who>(?:[a-z'-]+ ){{0,5}}?[a-z-]+)(?:'ll| will|'s going to| is going to|'re going to| are going to)(?: not)? {_VERB}"
)
_HAVE: Final = re.compile(rf"\bhave (?P<who>(?:(?:ms|mr|mrs|dr)\.? )?[a-z-]+) {_VERB}")
_NAMED: Final = re.compile(rf"(?P<who>[a-z.-]+(?: [a-z-]+)?)(?:'ll| will| can|'s going to| is going to) {_VERB}")
_MAY: Final = re.compile(rf"\b(?P<who>he|she|they) (?:can|could) {_VERB}")
_ING: Final = re.compile(
    r"\b(?:i'm|we're|i am|im) (?:also |just |still |already |actually |gonna )*(?P<verb>[a-z]+ing)\b(?! to\b)"
)
_BASES: Final = words(
    "send email mail text call phone ask tell put type write make take get add print pull draft order bring give change move fix update copy scan forward "
    "file check set schedule book sign return fill note document list include attach pack drop pick come meet observe test teach train cover handle request "
    "redo revise reword look run keep start stop buy build read share issue include show walk switch leave hold enter track log withdraw remove contact "
    "talk cancel push"
)
_LEAD_IN: Final = re.compile(
    r"^(?:(?:so|and|but|okay|ok|well|um|uh|yeah|yes|oh|then|no|right|sure|now|like|alright|i mean|you know|honestly|actually|because|cuz|if|when|plus|or|i think|i guess|sure)\b[ ,]*)+"
)
_NOT_MINE: Final = re.compile(r"(?:isn't|not|never|anything|nothing|something|what|than|as)(?: something| much)? $")
_NOBODY: Final = words("you y'all who what which that's if nobody anybody somebody someone anyone when")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a promise's verb phrase begins in a view, and what stands before it instead of "will"."""

    start: int
    lead: str  # "", "have him ", "see that it is "
    skip: int = 0  # characters of the view after `start` that the lead has taken up


def cuts(e: TurnEvidence, kind: Kind, roster: Roster, *, other: bool) -> Iterator[Cut]:
    """Give the places where a promise's verb phrase may begin, the likeliest first.

    `other` says that the turn promises for somebody else, who is its subject.
    """
    text = e.view.text
    best = e.best(kind)
    parts = list(clauses(text))
    if best is not None:
        parts.sort(key=lambda c: (c.start != best.clause.start, c.start))
    own = _MINE if kind != "deferral" else (*_MINE[-1:], *_MINE[:-1])
    if other:
        yield from (cut for clause in parts for cut in _of_the_doer(text, clause, roster))
    for clause in parts:
        if other:
            yield from _of_others(text, clause, roster, doer=True)
        for pattern in own:
            hit = pattern.search(text, clause.start, clause.sentence.end)
            if hit and not _NOT_MINE.search(text, max(0, hit.start() - 24), hit.start()):
                yield Cut(hit.start("verb"), "")
        yield from _under_way(text, clause)
        yield from _of_others(text, clause, roster, doer=other)


def _under_way(text: str, clause: Clause) -> Iterator[Cut]:
    """Give "I'm sending it today" as "send it today"."""
    hit = _ING.search(text, clause.start, clause.end)
    base = next((b for b in _BASES if _ing(b) == hit["verb"]), None) if hit else None
    if hit and base is not None:
        yield Cut(hit.start("verb"), base, len(hit["verb"]))


def plainly(phrase: str) -> str:
    """Return "be sending the draft" as "send the draft"."""
    hit = re.match(r"be ([a-z]+ing)\b", phrase)
    base = next((b for b in _BASES if _ing(b) == hit[1]), None) if hit else None
    return base + phrase[hit.end() :] if hit and base else phrase


def _ing(base: str) -> str:
    if base.endswith("e"):
        return base[:-1] + "ing"
    short = re.search(r"(?:^|[^aeiou])[aeiou][bdgmnpt]$", base) and base not in ("mail", "email", "open", "listen")
    return base + (base[-1] if short else "") + "ing"


def _of_the_doer(text: str, clause: Clause, roster: Roster) -> Iterator[Cut]:
    """Give what somebody named will do: "Joan's going to rewrite it", "I'll have Tasha go over it"."""
    for pattern in (_HAVE, _NAMED):
        hit = pattern.search(text, clause.start, clause.end)
        if hit and roster.named_in(hit["who"]):
            yield Cut(hit.start("verb"), "")


def _of_others(text: str, clause: Clause, roster: Roster, *, doer: bool) -> Iterator[Cut]:
    """Give a promise whose subject is not the speaker: "he'll be here", "it'll be in the notice"."""
    may = _MAY.search(text, clause.start, clause.end)
    if may:
        whom = {"he": "him", "she": "her", "they": "them"}[may["who"]]
        yield Cut(may.start("verb"), "" if doer else f"let {whom} ")
    hit = _OTHERS.search(text, clause.start, clause.end)
    if hit is None:
        return
    who = _LEAD_IN.sub("", hit["who"]).strip()
    if not who or who.split()[0] in _NOBODY or who in ("i", "we") or who.split()[-1] in ("i", "we", "you", "who"):
        return
    if doer or roster.named_in(who):
        yield Cut(hit.start("verb"), "")
    elif who in ("he", "she", "they"):
        whom = {"he": "him", "she": "her", "they": "them"}[who]
        yield Cut(hit.start("verb"), f"have {whom} ")
    elif who.split()[0] in (
        "it",
        "that",
        "this",
        "there",
        "the",
        "those",
        "these",
        "my",
        "our",
        "a",
        "your",
        "his",
        "her",
        "all",
        "both",
    ):
        who = "it" if who in ("that", "this") else who
        yield Cut(hit.start("verb"), f"see that {who} {_third(hit['verb'], who)}", len(hit["verb"]))


def _third(verb: str, who: str) -> str:
    """Return a verb as it stands after "it" or "the dates"."""
    many = who.split()[0] in ("those", "these", "all", "both") or (who.endswith("s") and not who.endswith("ss"))
    if verb == "be":
        return "are" if many else "is"
    if many:
        return verb
    if verb == "have":
        return "has"
    return verb + ("es" if re.search(r"(?:[sxzo]|ch|sh)$", verb) else "s")
