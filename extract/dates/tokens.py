"""The tokens a text is read as: words, numbers (also spelled), ordinals, clock times and numeric dates with offsets."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from extract.dates.words import FILLERS, ORDINALS, TENS, UNITS, WEEKDAYS, words

Kind = Literal["word", "number", "ordinal", "time", "date", "mark"]


class Token(NamedTuple):
    """One piece of the text; `start` and `end` are half-open offsets into it."""

    kind: Kind
    text: str  # lower case, apostrophes straight
    start: int
    end: int
    value: int = 0  # of a number or an ordinal
    spelled: bool = False  # the number is written in words
    capital: bool = False  # the word begins with a capital letter
    glued: bool = False  # nothing stands between the token and the one before it
    date: tuple[int | None, int, int | None] | None = None  # year, month, day of a numeric date


_LEX = re.compile(
    r"(?P<date>(?<![\w$%])(?<!\d[./,:])(?<!\b\d\d\d-)(?:"
    r"(?P<y1>\d{4})(?P<s1>[-/.\ ])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a2>\d{1,2})(?P<s2>[-/.])(?P<b2>\d{1,2})(?P=s2)(?P<y2>\d{4}|\d{2})"
    r"|(?P<a3>\d{1,2})/(?P<b3>\d{1,2}),(?:(?P<y3>\d{4}|\d{2})|\ (?P<z3>\d{4}))"
    r"|(?P<a4>\d{1,2})/(?P<y4>\d{4})"
    r"|(?P<y5>\d{4})-(?P<m5>\d{1,2})"
    r"|(?P<a6>\d{1,2})/(?P<b6>\d{1,2})"
    r"|(?P<a7>\d{1,2})\.(?P<b7>\d{1,2})"
    r")(?![\w%]|[./:]\d|-\d(?!\d?/)|,\d{3}))"
    r"|(?P<time>(?<![\w.])(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\b\.?|[ap]\b)|\d{1,2}:\d{2}(?::\d{2})?"
    r"|\d{1,4}\s?(?:[ap]\.?m\b\.?|o'?\s?clock\b)|\d{1,2}[ap]\b))"
    r"|(?P<ord>\d{1,2})(?:st|nd|rd|th)\b"
    r"|(?P<big>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)"
    r"|(?P<num>\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s]|_)",
    re.IGNORECASE,
)


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text` in order, hesitations left out and number words up to 99 joined."""
    return _join(_lex(text))


def _lex(text: str) -> list[Token]:
    found: list[Token] = []
    last = 0
    hesitated = False
    for match in _LEX.finditer(text):
        start, end = match.span()
        glued = start == last and start > 0
        last = end
        piece, kind = match.group(), match.lastgroup
        if kind == "word":
            hesitated = _word(found, piece, start, end, glued)
            continue
        if not (hesitated and piece == ","):
            found.append(_figure(match, kind, piece, start, end, glued))
        hesitated = False
    return found


def _word(found: list[Token], piece: str, start: int, end: int, glued: bool) -> bool:
    """Add a word to the tokens unless it is a hesitation or a stutter; return whether it was a hesitation."""
    low = piece.lower().replace("’", "'")
    if low in FILLERS:
        if found and found[-1].text == ",":
            found.pop()  # "the, uh, fifteenth"
        return True
    if low in _STUTTERED and found and found[-1].text == low:
        return False  # "the the fifteenth"
    capital = piece[0].isupper()
    if low.endswith("'s") and low[:-2] in WEEKDAYS:  # "Friday's fine"
        found.append(Token("word", low[:-2], start, end - 2, capital=capital, glued=glued))
        found.append(Token("word", "'s", end - 2, end, glued=True))
    else:
        found.append(Token("word", low, start, end, capital=capital, glued=glued))
    return False


def _figure(match: re.Match[str], kind: str | None, piece: str, start: int, end: int, glued: bool) -> Token:
    """Return the token of a number, an ordinal, a numeric date, a clock time or a mark."""
    if kind == "num" and piece.isascii():
        return Token("number", piece, start, end, value=int(piece[:9]), glued=glued)
    if kind == "ord":
        return Token("ordinal", piece.lower(), start, end, value=int(match["ord"]), glued=glued)
    if kind == "date":
        return _numeric(match, piece, start, end, glued)
    if kind == "time":
        return Token("time", piece.lower(), start, end, glued=glued)
    return Token("mark", piece, start, end, glued=glued)


def _numeric(match: re.Match[str], piece: str, start: int, end: int, glued: bool) -> Token:
    """Return a date token, or a plain number where the figures cannot be a date."""
    g = match.groupdict()
    got: tuple[int | None, int, int | None] | None = None
    if g["y1"]:
        got = (int(g["y1"]), int(g["m1"]), int(g["d1"]))
    elif g["y2"]:
        got = _month_first(int(g["a2"]), int(g["b2"]), g["y2"])
    elif g["a3"]:
        got = _month_first(int(g["a3"]), int(g["b3"]), g["y3"] or g["z3"])
    elif g["y4"]:
        got = (int(g["y4"]), int(g["a4"]), None)
    elif g["y5"]:
        got = (int(g["y5"]), int(g["m5"]), None)
    elif g["a6"]:
        got = _month_first(int(g["a6"]), int(g["b6"]), None)
    elif g["a7"]:
        got = _month_first(int(g["a7"]), int(g["b7"]), None)
    if got is None or not 1 <= got[1] <= 12 or (got[2] is not None and not 1 <= got[2] <= 31):
        return Token("mark", piece, start, end, glued=glued)
    return Token("date", piece, start, end, glued=glued, date=got)


def _month_first(a: int, b: int, year: str | None) -> tuple[int | None, int, int | None]:
    """Read `a` and `b` as Americans write them, the month first, unless only the other order can be."""
    full = None if year is None else whole_year(int(year), len(year))
    return (full, b, a) if a > 12 >= b else (full, a, b)


def whole_year(year: int, digits: int = 2) -> int:
    """Return a year with its century: two figures up to 39 lie in this one."""
    if digits > 2 or year > 99:
        return year
    return 2000 + year if year < 40 else 1900 + year


_STUTTERED = words("the by on of a in to from next until till")
_SUFFIXES = frozenset(("st", "nd", "rd", "th"))  # "15 th", as recognisers write it


def _join(raw: list[Token]) -> list[Token]:
    """Join "twenty sixth", "twenty-sixth", "thirty one", "20 sixth", "15 th" into one token."""
    joined: list[Token] = []
    i = 0
    while i < len(raw):
        token, i = _one_number(raw, i)
        joined.append(token)
    return joined


def _one_number(raw: list[Token], i: int) -> tuple[Token, int]:
    """Return the token at `i`, joined with those after it where they are one number, and the index after it."""
    token = raw[i]
    nxt = raw[i + 1] if i + 1 < len(raw) else None
    word = token.text
    if word in TENS:
        return _tens(raw, i)
    if word in UNITS and nxt is not None and nxt.text == "th" and UNITS[word] > 3:
        return _number(token, nxt, UNITS[word], "ordinal"), i + 2  # "the fifteen th"
    if word in UNITS:
        return _number(token, token, UNITS[word], "number"), i + 1
    if word in ORDINALS:
        return _number(token, token, ORDINALS[word], "ordinal"), i + 1
    if token.kind == "number" and nxt is not None:
        if nxt.text in _SUFFIXES and token.value <= 31:
            return _number(token, nxt, token.value, "ordinal")._replace(spelled=False), i + 2
        if word in ("20", "30") and 1 <= ORDINALS.get(nxt.text, 0) <= 9:
            return _number(token, nxt, token.value + ORDINALS[nxt.text], "ordinal"), i + 2
    return token, i + 1


def _tens(raw: list[Token], i: int) -> tuple[Token, int]:
    """Return "twenty" with the ones after it: "twenty six", "twenty-sixth", "twenty 6th"."""
    first, tens = raw[i], TENS[raw[i].text]
    j = i + 2 if i + 2 < len(raw) and raw[i + 1].text == "-" else i + 1
    if j < len(raw):
        ones = raw[j]
        if 1 <= UNITS.get(ones.text, 0) <= 9:
            return _number(first, ones, tens + UNITS[ones.text], "number"), j + 1
        if 1 <= ORDINALS.get(ones.text, 0) <= 9:
            return _number(first, ones, tens + ORDINALS[ones.text], "ordinal"), j + 1
        if ones.kind == "ordinal" and 1 <= ones.value <= 9 and tens < 40:
            return _number(first, ones, tens + ones.value, "ordinal"), j + 1
    return _number(first, first, tens, "number"), i + 1


def _number(first: Token, last: Token, value: int, kind: Kind) -> Token:
    text = first.text if first is last else f"{first.text} {last.text}"
    return Token(kind, text, first.start, last.end, value=value, spelled=True, glued=first.glued)
