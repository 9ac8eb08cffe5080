"""What "it" and "them" are, where the words just before name one thing only: "send it" -> "send the draft"."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extract.dates.words import words
from extract.evidence import TurnEvidence

BACK: Final = 2  # turns before the promise that may name the thing
LONGEST: Final = 5  # words of a name

_OBJECT: Final = re.compile(
    r"^(?P<verb>[a-z]+)(?P<away> (?:out|up|down|off|over|back|in|for))? "
    r"(?P<it>(?:it|them)\b|(?:that|those|this|these)(?=$|[ ,]*(?:in|on|to|for|at|with|up|out|off|down|over|back|by|home|into|from)\b))"
)
_OPENS: Final = words("the a an his her their your my our those these some")
_STOPS: Final = words(
    "i you he she it we they me him us them that this there who which what when where why how if and or but so because then than as at in on by to from "
    "with without into onto over under after before until till for about of is are was were be been am do does did has have had will would can could should "
    "may might must not no yes yeah okay ok just also too very really um uh like well now today tomorrow tonight please thank thanks sorry i'll we'll "
    "you'll he'll she'll it'll they'll i'd we'd i'm we're you're he's she's it's they're that's there's don't doesn't didn't can't won't isn't aren't says "
    "said say got get gets go goes going went comes come came give gives gave send sends sent put puts take takes took need needs needed want wants wanted "
    "know knows knew see sees saw make makes made ask asks asked call calls called tell tells told work works worked start starts started keep keeps kept "
    "let lets here though ready already left right later ahead anyway away every each while again instead home back up down out off all both more"
)
_IDIOMS: Final = words(
    "own have appreciate give take keep walk spend kick call make see say like love mean work land hit do drop mind help hear risk push"
)  # "I'll own it"
_NOT_THINGS: Final = words(
    "way thing things time times day days week weeks month year morning afternoon evening night lot bit kind sort one ones other others same rest reason "
    "end minute second hour point matter case idea question part place side first last next monday tuesday wednesday thursday friday truth problem moment "
    "number team school room kid kids boy girl fella mom dad teacher parent hall door table people person therapist nurse counselor principal driver doctor "
    "psychologist para aide coordinator mother father brother sister son daughter director supervisor superintendent specialist pathologist interpreter sub "
    "grandmother grandbaby baby grandson granddaughter child student adult lady guy man woman board year winter summer spring fall break notice calendar "
    "meeting"
)
_WRITES: Final = words("sign initial type write read")
_WRITTEN_WITH: Final = words("pen pencil marker keyboard box clipboard tub bag bin line")  # nobody signs a pen
_BESIDE: Final = re.compile(
    r"\b(?:in|at|on|for|of|by|with|from|off|as|to|into|about|before|after|under|over|during|till|until|like|through) $"
)
_WHAT_IS: Final = re.compile(r"\b(?:what|where|who|how|when)(?:'s| is| are|'re| was| were) $")  # "What's your email?"
_ASKS_FOR: Final = re.compile(
    r"\b(?:send|give|bring|get|gets|make|do|write|sign|share|copy|print|email|mail|fax|order|buy|put|add)\b[^.!?]*\?\s*$"
)
_ORDINAL: Final = re.compile(
    r"first|second|third|[\w-]*(?:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|teenth|tieth)|\d+(?:st|nd|rd|th)?"
)
_WORD: Final = re.compile(r"[a-z0-9][a-z0-9'-]*|[.,?!;]")


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing named in a turn: half-open place in the turn's view."""

    turn: int
    start: int
    end: int


def thing_meant(phrase: str, at: int, start: int, turns: Sequence[TurnEvidence]) -> tuple[Thing, int, int] | None:
    """Return the thing a phrase's "it" or "them" stands for, and the half-open place of that word; None where unsure.

    `start` is where the phrase begins in turn `at`. The same verb names it ("Could you send the draft?" "I'll send
    it."), else the only thing named before in the turn, or in the question it answers.
    """
    hit = _OBJECT.match(phrase.lower())
    if hit is None or hit["verb"] in _IDIOMS:
        return None
    many = hit["it"] in ("them", "those", "these")
    spot = hit.start("it"), hit.end("it")
    same = re.compile(rf"\b{hit['verb']}(?:ing|s)?(?: (?:me|us|him|her|you|them|out|up))* $")
    found: list[list[Thing]] = []
    for turn in range(at, max(-1, at - 1 - BACK), -1):
        text = turns[turn].view.text
        things = [x for x in _things(turn, text, 0, start if turn == at else len(text)) if _many(x, turns) == many]
        if hit["verb"] in _WRITES:
            things = [x for x in things if text[x.start : x.end].split()[-1] not in _WRITTEN_WITH]
        alike = [x for x in things if same.search(text[: x.start])]
        if alike:
            return alike[-1], *spot
        found.append(things)
    asked = at > 0 and _ASKS_FOR.search(turns[at - 1].view.text) is not None
    near = found[0] or (found[1] if asked else [])
    return (near[0], *spot) if len(near) == 1 and _settled(near[0], turns) else None


def _settled(thing: Thing, turns: Sequence[TurnEvidence]) -> bool:
    """Tell whether a thing is one that is there: "the draft", "I've got a draft"; not "in the office", "he needs a pass"."""
    text = turns[thing.turn].view.text
    said = text[thing.start : thing.end]
    if (
        _BESIDE.search(text[: thing.start])
        or _WHAT_IS.search(text[: thing.start])
        or re.search(r"'s \w+(?:ing|ed)$", said)
    ):  # "the machine's warming"
        return False
    if text[thing.start :].split()[0] not in ("a", "an", "some"):
        return True
    return re.search(r"(?:\bhave|\bgot|there's|\bis|\bwas|\bmade|\bwrote) $", text[: thing.start]) is not None


def _things(turn: int, text: str, a: int, b: int) -> list[Thing]:
    """Return the things named between two places of a view: a determiner and the words up to the next small word."""
    said = list(_WORD.finditer(text, a, b))
    found: list[Thing] = []
    for i, opening in enumerate(said):
        if opening.group() not in _OPENS or (found and opening.start() < found[-1].end):
            continue
        j = i + 1
        while j < len(said) and j - i <= LONGEST and _names(said[j].group()):
            j += 1
        last = said[j - 1]
        short = j - i < 2
        if not short and last.group() not in _NOT_THINGS and not _ORDINAL.fullmatch(last.group()):
            found.append(Thing(turn, opening.start(), last.end()))
    return found


def _names(word: str) -> bool:
    return word[0].isalnum() and word not in _STOPS and word not in _OPENS and not word.endswith("ly")


def _many(thing: Thing, turns: Sequence[TurnEvidence]) -> bool:
    """Tell whether a thing is spoken of as several."""
    said = turns[thing.turn].view.text[thing.start : thing.end].split()
    several = said[-1].endswith("s") and not said[-1].endswith("ss") and said[0] not in ("a", "an", "that")
    return several or said[0] in ("those", "these")
