"""Other children's names are never written.

A name the case knows (the child, the people at the table, the school) may stand. Any other given name is written as
"another student", and words that name one are not quoted. A capital word that is neither known nor a common one is
left out in the same way, unless what stands before it shows that it names a thing ("the Sonday program").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

OTHER = "another student"
THE_CHILD = "the student"

_TITLE = r"(?:Mr|Mrs|Ms|Mx|Miss|Dr|Coach|Nurse|Principal|Officer|Pastor|Judge|Sister|Father)\.?"
_WORD = re.compile(rf"(?P<title>\b{_TITLE}\s+(?:[A-Z][\w’'-]*\s*)+)|(?P<name>\b[^\W\d_][\w-]*(?:['’](?!s\b)\w+)?)")
_THING_BEFORE = re.compile(
    r"\b(?:the|a|an|this|that|our|their|using|use|uses|via|called|named|program)\s+$", re.IGNORECASE
)
_PLACE_BEFORE = re.compile(
    r"\b(?:at|in|into|near|(?:driv|mov|travel|transferr?)(?:e|es|ed|ing)?(?: \w+)? to|go(?:es|ing)? to|went to)\s+$",
    re.IGNORECASE,
)
_CAPITALS_BEFORE = re.compile(r"(?:\b[A-Z][\w’'-]*\s+)+$")
_THING_AFTER = re.compile(
    r"^(?:['’]s)?\s+(?:[A-Z]\w*\s+)?(?:program|school|elementary|middle|high|academy|center|centre|hospital|clinic|district|"
    r"method|curriculum|test|scale|assessment|app|county|house|reading|math|training)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=3)
def _list(name: str) -> frozenset[str]:
    return frozenset(resources.files("draft").joinpath(name).read_text(encoding="utf8").split())


def given_names() -> frozenset[str]:
    """Return common given names."""
    return _list("given_names.txt")


@dataclass(slots=True)
class Guard:
    """Keeps names the case does not know out of one letter, and notes what it kept out."""

    known: frozenset[str]  # every word of a name the case knows
    stand_in: str = OTHER
    flags: list[str] = field(default_factory=list)

    def written(self, text: str) -> str:
        """Return a phrase of ours with other children's names replaced."""
        spans = self._strange(text)
        if not spans:
            return text
        self._flag(text[a:b] for a, b in spans)
        made, at = [], 0
        for start, end in _runs(text, spans):
            made += [text[at:start], self.stand_in]
            at = end
        return "".join([*made, text[at:]])

    def quotable(self, words: str) -> bool:
        """Say whether words as spoken name nobody the case does not know."""
        spans = self._strange(words)
        self._flag(words[a:b] for a, b in spans)
        return not spans

    def _flag(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.flags:
                self.flags.append(name)

    def _strange(self, text: str) -> tuple[tuple[int, int], ...]:
        return _strange(text, self.known)


@lru_cache(maxsize=8192)  # the letters of one meeting say the same things
def _strange(text: str, known: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Return where names stand that nobody knows."""
    small = text == text.lower()  # as some recognisers write: capitals tell nothing
    return tuple(
        (hit.start(), hit.end())
        for hit in _WORD.finditer(text)
        if hit["name"] and (_is_small_name if small else _is_strange)(hit["name"], text, hit.start(), hit.end(), known)
    )


def _is_strange(word: str, text: str, start: int, end: int, known: frozenset[str]) -> bool:
    word = re.split(r"-|['’](?=ll$|d$|ve$|re$|a$)", word)[0]
    if not word[:1].isupper() or _is_known(word, known) or word in _list("common_capitals.txt"):
        return False
    after = text[end:]
    if word in given_names():
        return not (_opens(text, start) and word in _list("names_also_words.txt")) and not _THING_AFTER.search(after)
    if word.isupper() or any(c.isupper() for c in word[1:]) or _opens(text, start):
        return False
    before = _before_the_name(text[:start])
    place = _PLACE_BEFORE.search(before) and not after.startswith(("'s", "’s"))
    return not (place or _THING_BEFORE.search(before) or _THING_AFTER.search(after))


def _before_the_name(before: str) -> str:
    """Return what stands before a name of several words whose last is looked at: "at" before "at Hollow Creek"."""
    run = _CAPITALS_BEFORE.search(before)
    if run is None or any(word in given_names() for word in run.group().split()):
        return before
    return before[: run.start()]


def _is_small_name(word: str, text: str, start: int, end: int, known: frozenset[str]) -> bool:
    """Say whether a word of a text without capitals is a given name and no common word."""
    name = word.capitalize()
    return name in given_names() and name not in _list("names_also_words.txt") and not _is_known(word, known)


def _is_known(word: str, known: frozenset[str]) -> bool:
    return word in known or word.casefold() in _folded(known)


def likely_child(texts: list[str], known: frozenset[str]) -> str | None:
    """Return the one given name the talk keeps coming back to, or None: it is taken for the child's."""
    counts: dict[str, int] = {}
    for text in texts:
        for name in {w for w in re.findall(r"\b[A-Z][\w-]*", text) if w in given_names() and w not in known}:
            counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda kv: -kv[1])
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    return ranked[0][0]


@lru_cache(maxsize=8)
def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(n.casefold() for n in names)


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".?!:;"


def _runs(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans with neighbours joined: "Barb Nowicki", "Jayden, Ty and Mia" stay several."""
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and text[runs[-1][1] : start].isspace():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
