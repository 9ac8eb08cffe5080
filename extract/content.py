"""Content words of what was said, cut to stems, to tell whether two turns speak of the same thing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9][a-z0-9']*")
_ENDS: Final = ("ations", "ation", "ings", "ing", "ments", "ment", "ed", "es", "s", "ly", "al")


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    lines = (resources.files("extract") / "tables" / "empty_words.txt").read_text(encoding="utf8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """Return a word without its endings, roughly."""
    word = word.removesuffix("'s")
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            word = word[: -len(end)]
            break
    return word.removesuffix("e") if len(word) > 3 else word


@lru_cache(maxsize=32768)
def content(words: str) -> frozenset[str]:
    """Return the stems of the content words in lower-case text."""
    return frozenset(stem(w) for w in _WORD.findall(words) if w not in _empty() and len(w) > 1)


def rarity(turns: Iterable[str]) -> Mapping[str, float]:
    """Return how much each stem of a meeting tells: its inverse turn frequency."""
    counts: Counter[str] = Counter()
    total = 0
    for words in turns:
        counts.update(content(words))
        total += 1
    return {w: math.log((total + 1) / c) for w, c in counts.items()}


def likeness(a: frozenset[str], b: frozenset[str], rare: Mapping[str, float]) -> float:
    """Return how much of the smaller set's weight the two share, 0 to 1."""
    least = min(_weight(a, rare), _weight(b, rare))
    return _weight(a & b, rare) / least if least > 0 else 0.0


def _weight(words: frozenset[str], rare: Mapping[str, float]) -> float:
    return sum(rare.get(w, 3.0) for w in words)
