"""Sentences and clauses of a view: where one thought ends and the next begins, with marks or without."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from extract.language import Parsed, Sentence, parsed

LONG: Final = 120  # characters: in a longer sentence a new subject and verb begin a clause


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open place in a view."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause(Span):
    """A clause, the sentence it belongs to, and whether that sentence is put as a question."""

    sentence: Span
    asks: bool


_ASKS: Final = re.compile(
    r"^(?:(?:so|and|but|okay|well|um|uh|now|then|or|like|yeah|oh|alright|hey),?\s+)*"
    r"(?:(?:can|could|will|would|do|does|did|is|are|was|were|has|have|should|shall|may|might|isn't|aren't|don't|doesn't|"
    r"can't|couldn't|won't|wouldn't|who|what|when|where|why|how|which)(?:'s|'d|'re|'ll)?\s"
    r"(?:i|we|you|he|she|it|they|that|this|there|the|his|her|my|your|our|someone|somebody|anybody|anyone|everybody|ms|mr|much|many|"
    r"long|come|about|time|day|kind|happens)|(?:what|when|where|why|how|who)(?:'s|'d|'re)? (?:is|are|was|would|could|does|do|can|will|did)\b)"
)


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a view's text in order; together they leave out only the marks between."""
    read = parsed(text)
    found: list[Clause] = []
    for said in read.sentences:
        words = text[said.start : said.end]
        asks = "?" in said.mark or (not said.mark.strip() and bool(_ASKS.match(words)))
        cuts = sorted({said.start, *_cuts(read, said)})
        sentence = Span(said.start, said.end)
        for start, end in zip(cuts, [*cuts[1:], said.end], strict=True):
            if text[start:end].strip(" ,"):
                found.append(Clause(start, end, sentence, asks))
    return tuple(found)


def _cuts(read: Parsed, sentence: Sentence) -> list[int]:
    places = read.joins
    if sentence.end - sentence.start > LONG:
        places += read.restarts
    return [at for at in places if sentence.start < at < sentence.end]
