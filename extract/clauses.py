"""Sentences and clauses of a view: where one thought ends and the next begins, with marks or without."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_STOP: Final = re.compile(r"(?<!\bms)(?<!\bmr)(?<!\bmrs)(?<!\bdr)(?<!\bst)[.!?;]+(?=[\s\"')\]]|$)|\n+|\s--?\s|\.\.\.+")
_JOIN: Final = re.compile(
    r"(?:,\s*|\s+)(?=(?:and then|and so|and|but|so|then|or|because|cuz|cause|um|uh|okay|yeah|well|no|yes)\s+(?:um |uh |like |maybe )*"
    r"(?:i|we|you|he|she|they|it|that|there|this|who|nobody|somebody|ms|mr|mrs|the|let's|let me|can|could|what|if)"
    r"(?:'[a-z]+)?\b)"
)
_RESTART: Final = re.compile(
    r"\s+(?=(?:i'll|we'll|i'm going to|we're going to|i'd like|we can't|i can't|we don't|let me|i want|can you|could you|can we|could we)\b)"
)


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


def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a view's text in order; together they leave out only the marks between."""
    found: list[Clause] = []
    for sentence, mark in _sentences(text):
        words = text[sentence.start : sentence.end]
        asks = "?" in mark or (not mark.strip() and bool(_ASKS.match(words)))
        cuts = sorted({sentence.start, *_cuts(text, sentence)})
        for start, end in zip(cuts, [*cuts[1:], sentence.end], strict=True):
            if text[start:end].strip(" ,"):
                found.append(Clause(start, end, sentence, asks))
    return tuple(found)


def _sentences(text: str) -> list[tuple[Span, str]]:
    spans, at = [], 0
    for stop in _STOP.finditer(text):
        if text[at : stop.start()].strip():
            spans.append((Span(at, stop.start()), stop.group()))
        at = stop.end()
    if text[at:].strip():
        spans.append((Span(at, len(text)), ""))
    return spans


def _cuts(text: str, sentence: Span) -> list[int]:
    joins = [m.end() for m in _JOIN.finditer(text, sentence.start, sentence.end)]
    if sentence.end - sentence.start > 120:  # a long run without marks: a new subject and verb begin a clause
        joins += [m.end() for m in _RESTART.finditer(text, sentence.start, sentence.end)]
    return [j for j in joins if sentence.start < j < sentence.end]
