"""The words of one text with the day they were said on: what every part of the grammar reads from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from casefile.records import SchoolCalendar
from extract.dates.tokens import Token, whole_year
from extract.dates.values import Hit
from extract.dates.words import DAY_KINDS, SPANS

_NONE = Token("mark", "", 0, 0)


@dataclass(slots=True)
class Said:
    """Tokens of a text, the day of speaking and the school's calendar; `deep` keeps nesting short."""

    tokens: list[Token]
    reference: date
    calendar: SchoolCalendar | None
    lenient: bool = False  # the text is known to be a time expression
    before: date | None = None  # the day last named, for "by then"
    listed: int = -9  # index after the last day that had its number
    deep: int = 0
    memo: dict[int, Hit | None] = field(default_factory=dict)

    def at(self, i: int) -> Token:
        """Return the token at `i`, an empty mark outside the text."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else _NONE

    def word(self, i: int) -> str:
        """Return the token's text at `i`."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def skip(self, i: int, words: Collection[str]) -> int:
        """Return the index after the token at `i` if it is one of `words`, else `i`."""
        return i + 1 if self.word(i) in words else i

    def phrase(self, i: int, *words: str) -> int | None:
        """Return the index after `words` if they stand at `i`."""
        for k, word in enumerate(words):
            if self.word(i + k) != word:
                return None
        return i + len(words)

    def ends(self, i: int) -> bool:
        """Tell whether the text or the clause ends at `i`."""
        token = self.at(i)
        return token is _NONE or (token.kind == "mark" and token.text not in "-–—'’\"/&%$#@_")


def cardinal(said: Said, i: int) -> tuple[int, int] | None:
    """Return the index after a count at `i` and the count: "ten", "a couple of", "a few", "a hundred"."""
    token = said.at(i)
    if token.kind == "number":
        value, j = token.value, i + 1
        if said.word(j) == "hundred":
            value, j = value * 100, j + 1
        if said.word(j) == "-" and said.at(j + 1).text in SPANS:  # "10-day"
            j += 1
        return j, value
    word = token.text
    if word in ("a", "an", "another"):
        nxt = said.word(i + 1)
        if nxt == "couple":
            return said.skip(i + 2, ("of",)), 2
        if nxt == "few":
            return i + 2, 3
        if nxt == "hundred":
            return i + 2, 100
        return i + 1, 1
    if word == "couple":
        return said.skip(i + 1, ("of",)), 2
    if word in ("few", "several"):
        return i + 1, 3
    return None


def unit(said: Said, i: int) -> tuple[int, str, str] | None:
    """Return the index after a unit at `i`, the unit, and what kind of days it counts ("school", "business", "")."""
    kind = DAY_KINDS.get(said.word(i), "")
    j = i + 1 if kind else i
    name = SPANS.get(said.word(j).removesuffix("'s"))
    if said.word(j) == "weak" and said.word(j + 1) == "from":  # as recognisers hear "a week from"
        name = "week"
    if name is None or (kind and name not in ("day", "week")):
        return None
    return j + 1, name, kind


def year(said: Said, i: int, *, short: bool = False) -> tuple[int, int] | None:
    """Return the index after a year at `i` and the year; `short` also takes "26" and "'26"."""
    token = said.at(i)
    if token.text in ("'", "’") and said.at(i + 1).kind == "number" and len(said.word(i + 1)) == 2:
        return i + 2, whole_year(said.at(i + 1).value)
    if token.kind != "number":
        return None
    if not token.spelled:
        if len(token.text) == 4 and 1000 <= token.value <= 2999 and said.at(i + 1).text not in ("%",):
            return i + 1, token.value
        if short and len(token.text) == 2 and said.at(i + 1).kind != "number":
            return i + 1, whole_year(token.value)
        return None
    return _spoken_year(said, i, token)


def _spoken_year(said: Said, i: int, token: Token) -> tuple[int, int] | None:
    value, nxt = token.value, said.at(i + 1)
    if nxt.text == "thousand" and value in (1, 2):
        total, j = value * 1000, i + 2
        if said.at(j).kind == "number" and said.word(j + 1) == "hundred":
            total, j = total + said.at(j).value * 100, j + 2
        k = said.skip(j, ("and",))
        if said.at(k).kind == "number" and said.at(k).spelled and said.at(k).value < 100:
            return k + 1, total + said.at(k).value
        return j, total
    if nxt.text == "hundred" and 15 <= value <= 20:
        j = said.skip(i + 2, ("and",))
        if said.at(j).kind == "number" and said.at(j).spelled:
            return j + 1, value * 100 + said.at(j).value
        return i + 2, value * 100
    j = i + 2 if nxt.text == "-" else i + 1
    low = said.at(j)
    if 17 <= value <= 20 and low.kind == "number" and low.spelled and 10 <= low.value <= 99:
        return j + 1, value * 100 + low.value
    if 17 <= value <= 20 and (low.text in ("oh", "o") or (low.kind == "number" and low.spelled and low.value == 0)):
        ones = said.at(j + 1)
        if ones.kind == "number" and 1 <= ones.value <= 9:
            return j + 2, value * 100 + ones.value
    return None


def longer(*hits: Hit | None) -> Hit | None:
    """Return the hit that reads the most words, the first of equals."""
    best: Hit | None = None
    for hit in hits:
        if hit is not None and (best is None or hit[0] > best[0]):
            best = hit
    return best
