"""Text as a recogniser might have written it: lower case, few commas, words misheard, left out or doubled."""

from __future__ import annotations

import random
import re
import zlib
from typing import Final

_MISHEARD: Final[tuple[tuple[str, str], ...]] = (
    (r"\bwe'll\b", "well"),
    (r"\bi'll\b", "ill"),
    (r"\bhe'll\b", "hell"),
    (r"\bshe'll\b", "shell"),
    (r"\bwe're\b", "were"),
    (r"\bthey're\b", "there"),
    (r"\bcan't\b", "can"),
    (r"\bcan't\b", "cant"),
    (r"\bwon't\b", "wont"),
    (r"\bdon't\b", "dont"),
    (r"\bi'd\b", "id"),
    (r"\bit's\b", "its"),
    (r"\bthat's\b", "thats"),
    (r"\bwould have\b", "would of"),
    (r"\bgoing to\b", "gonna"),
    (r"\bgoing to\b", "going ta"),
    (r"\bhave to\b", "hafta"),
    (r"\bieps?\b", "eye ee pee"),
    (r"\biep\b", "i e p"),
    (r"\b504\b", "five oh four"),
    (r"\bpara\b", "pair a"),
    (r"\bparas\b", "pairs"),
    (r"\bot\b", "o t"),
    (r"\bot\b", "oh tea"),
    (r"\bslp\b", "s l p"),
    (r"\bssd\b", "s s d"),
    (r"\bbcba\b", "bee see bee ay"),
    (r"\besy\b", "e s y"),
    (r"\besy\b", "yes why"),
    (r"\baide\b", "aid"),
    (r"\bfba\b", "f b a"),
    (r"\bbip\b", "bip plan"),
    (r"\biee\b", "eye double e"),
    (r"\blre\b", "l r e"),
    (r"\bpwn\b", "p w n"),
    (r"\baccommodations?\b", "accommodation"),
    (r"\beval\b", "evil"),
    (r"\bgoals\b", "goal"),
    (r"\bminutes\b", "minute"),
    (r"\bdyslexia\b", "this lexia"),
    (r"\bdysgraphia\b", "this graph ia"),
    (r"\bassistive\b", "a sister"),
    (r"\bdraft\b", "graft"),
    (r"\bsend\b", "sent"),
    (r"\bcheck\b", "chuck"),
    (r"\bemail\b", "e mail"),
    (r"\bask\b", "axe"),
    (r"\bby friday\b", "by fri day"),
    (r"\bto\b", "two"),
    (r"\bfor\b", "four"),
    (r"\bknow\b", "no"),
    (r"\bthan\b", "then"),
    (r"\band\b", "an"),
    (r"\bin\b", "and"),
    (r"\bour\b", "are"),
    (r"\byour\b", "you're"),
    (r"\bthere\b", "their"),
    (r"\bfourth\b", "forth"),
)
_COMPILED: Final = tuple((re.compile(p), to) for p, to in _MISHEARD)
_FILLERS: Final = ("um", "uh", "you know", "like", "i mean", "so")
_DROPPED: Final = frozenset(
    ["a", "an", "the", "to", "of", "is", "and", "so", "um", "uh", "well", "just", "that", "i", "it", "we"]
)


def misheard(text: str, chance: random.Random, *, strength: float = 1.0) -> str:
    """Return `text` as a recogniser might write it; `strength` 0 only takes case and punctuation away."""
    said = text.lower().replace("’", "'").replace("—", " ")
    said = re.sub(r"[^\w'?\s-]", " ", said)
    said = said.replace("?", " ?" if chance.random() < 0.15 else " ")
    for pattern, to in _COMPILED:
        if strength and pattern.search(said) and chance.random() < 0.3 * strength:
            said = pattern.sub(to, said, count=1)
    if chance.random() < 0.4 * strength:
        said = said.replace("'", "")
    words = []
    for word in said.split():
        roll = chance.random()
        if roll < 0.05 * strength and word in _DROPPED:
            continue
        if roll < 0.005 * strength:
            words.append(chance.choice(_FILLERS))
        words.append(word)
        if roll > 1 - 0.008 * strength:
            words.append(word)
    return " ".join(words) or said.strip() or text


def heard(text: str) -> str:
    """Return `text` as a recogniser might write it, always the same way."""
    return misheard(text, random.Random(zlib.crc32(text.encode())))
