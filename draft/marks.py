"""Values that know where they come from.

Every value a template is given is wrapped in characters of Unicode's private use area, which no letter contains:
OPEN, one character naming the source, the value, CLOSE. The template's own words stay bare. After rendering, what came
from a finding, from the case or from the law can so be told from the template's words, whatever the template did.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

OPEN, CLOSE, LACK = "\ue000", "\ue001", "\ue002"
_FIRST = 0xE100  # the characters that name sources start here
_ROOM = 0xF8FF - _FIRST

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARKED = re.compile(f"{OPEN}(.)([^{OPEN}{CLOSE}{LACK}]*){CLOSE}", re.DOTALL)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from."""

    finding_id: str | None = None
    fact_id: str | None = None  # a fact of law


FROM_CASE = Source()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of rendered text from one source; `source` is None for the template's own words."""

    text: str
    source: Source | None = None
    lacks: str | None = None  # what the case lacks here, in words for the parent


class Lacking:
    """Stands in a template for what the case lacks: false in a condition; the sentence that prints it is left out."""

    def __init__(self, marker: str) -> None:
        self._marker = marker

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self._marker

    def __iter__(self) -> object:
        return iter(())


@dataclass(slots=True)
class Marks:
    """The sources named in one letter."""

    _sources: dict[Source, int] = field(default_factory=dict)
    _lacks: dict[str, int] = field(default_factory=dict)

    def mark(self, text: str, source: Source = FROM_CASE) -> str:
        """Return `text`, cleaned, wrapped with its source."""
        return f"{OPEN}{self._name(self._sources, source)}{clean(text)}{CLOSE}"

    def lacking(self, what: str) -> Lacking:
        """Return a stand-in for something the case lacks; `what` says it in words for the parent."""
        return Lacking(f"{LACK}{self._name(self._lacks, what)}")

    def pieces(self, rendered: str) -> tuple[Piece, ...]:
        """Return rendered text cut where its source changes."""
        sources, lacks = tuple(self._sources), tuple(self._lacks)
        pieces: list[Piece] = []
        at = 0
        for hit in re.finditer(f"{_MARKED.pattern}|{LACK}(.)", rendered, re.DOTALL):
            pieces.append(Piece(text=_bare(rendered[at : hit.start()])))
            if hit[3]:
                pieces.append(Piece(text="", lacks=lacks[ord(hit[3]) - _FIRST]))
            else:
                pieces.append(Piece(text=_bare(hit[2]), source=sources[ord(hit[1]) - _FIRST]))
            at = hit.end()
        pieces.append(Piece(text=_bare(rendered[at:])))
        return tuple(p for p in pieces if p.text or p.lacks)

    @staticmethod
    def _name(known: dict[T, int], thing: T) -> str:
        place = known.setdefault(thing, len(known))
        if place >= _ROOM:
            raise OverflowError("more sources than one letter can have")
        return chr(_FIRST + place)


def unmarked(text: str) -> str:
    """Return text without any marks: a value as a person reads it."""
    return _bare(_MARKED.sub(r"\2", text))


@lru_cache(maxsize=8192)  # the letters of one meeting say the same things
def clean(text: str) -> str:
    """Return text on one line, without control, direction-changing and private characters; letters of any script stay.

    Direction marks are taken out because they can make a line read otherwise than it is written.
    """
    kinds = ((c, unicodedata.category(c)) for c in text)
    kept = "".join(" " if kind in _BLANK else c for c, kind in kinds if kind not in _GONE or c in _JOINERS)
    return _BLANKS.sub(" ", _PRIVATE.sub("", kept)).strip()


_BLANK = ("Zl", "Zp", "Zs", "Cc")
_JOINERS = "\u200c\u200d"  # letters of Persian, Hindi and others are joined and kept apart by these
_GONE = ("Cf", "Co", "Cs", "Cn")


def _bare(text: str) -> str:
    return _PRIVATE.sub("", text)
