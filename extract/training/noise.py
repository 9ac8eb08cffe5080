"""Text as a recogniser might have written it, or as people say it who start anew and leave out no word.

`misheard`: lower case, few commas, words misheard, left out or doubled. `halting`: "I'll - I'll ask", "I will ask".
"""

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


_LONG_FORMS: Final = tuple(
    (re.compile(rf"\b{short}\b", re.IGNORECASE), long)
    for short, long in (
        (r"(i|you|he|she|we|they|it|that)'ll", r"\1 will"),
        (r"(i|you|he|she|we|they)'d", r"\1 would"),
        (r"(i)'m", r"\1 am"),
        (r"(we|they|you)'re", r"\1 are"),
        (r"won't", "will not"),
        (r"can't", "cannot"),
        (r"(do|does|did|is|are|was|would|should)n't", r"\1 not"),
        (r"(go)ing to", r"\1nna"),
        (r"(we|i) will", r"\1'll"),
        (r"(i) am going to", r"\1'm gonna"),
    )
)
_STARTS: Final = re.compile(
    r"\b(?:i|we|you|she|he|they|and|so|but|the|that|what)(?:'(?:ll|m|re|d|ve|s))?\b", re.IGNORECASE
)
_BREAKS: Final = (" - ", ", ", " -- ", " ", " uh ", " um, ")


def halting(text: str, chance: random.Random) -> str:
    """Return `text` with a few words begun twice, contractions spoken in full or the other way round."""
    said = text
    for pattern, to in _LONG_FORMS:
        if chance.random() < 0.4:
            said = pattern.sub(to, said)
    starts = list(_STARTS.finditer(said))
    for match in sorted(chance.sample(starts, min(len(starts), chance.choice((0, 1, 1, 2)))), key=lambda m: -m.start()):
        word = match.group()
        first = word[:1] + "-" if chance.random() < 0.25 else word
        said = said[: match.start()] + first + chance.choice(_BREAKS) + said[match.start() :]
    return said


def heard(text: str) -> str:
    """Return `text` as a recogniser might write it, always the same way."""
    return misheard(text, random.Random(zlib.crc32(text.encode())))
