"""Dates the school's calendar names, in the ways people say them: "conferences", "the next progress report"."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from casefile.records import SchoolCalendar
from extract.dates.cursor import Said
from extract.dates.values import Hit, one_day
from extract.dates.words import words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TAILS = words("window starts start begins begin opens open ends day off")
_HEADS = words(
    "first second third fourth parent teacher fall spring winter summer mid quarter semester kindergarten "
    "state the end of mid-quarter midterm eighth fifth grade ap"
)


def _plain(word: str) -> str:
    word = word.lower().replace("’", "'")
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=32)
def _names(calendar: SchoolCalendar) -> dict[str, tuple[tuple[tuple[str, ...], date], ...]]:
    """Return what the calendar names by the first word of every form it may be said in, longest form first."""
    forms: dict[tuple[str, ...], list[date]] = {}
    for named in calendar.named:
        plain = [_plain(w) for w in _WORD.findall(named.name)]
        for form in _forms([w for w in plain if w != "the"]):
            forms.setdefault(form, []).append(named.on)
    by_first: dict[str, list[tuple[tuple[str, ...], date]]] = {}
    for form, days in forms.items():
        for day in days:
            by_first.setdefault(form[0], []).append((form, day))
    return {k: tuple(sorted(v, key=lambda p: (-len(p[0]), p[1]))) for k, v in by_first.items()}


def _forms(words: list[str]) -> list[tuple[str, ...]]:
    """Return the ways a calendar's name is said: whole, without "starts", without "first quarter" before its noun."""
    found = [tuple(words)] if words else []
    plainer = [w for w in words if w not in ("first", "second", "third", "fourth")]
    if plainer[:2] == ["end", "of"]:
        found.append(tuple(plainer))
    cut = list(words)
    if cut[-3:] == ["day", "of", "school"]:
        found.append(tuple(cut[:-2]))  # "the last day"
    while len(cut) > 1 and cut[-1] in {_plain(t) for t in _TAILS} and not (cut[-1] == "day" and len(cut) < 3):
        cut = cut[:-1]
        found.append(tuple(cut))
    for base in (list(words), cut):
        rest = list(base)
        while len(rest) > 1 and rest[0] in {_plain(h) for h in _HEADS}:
            rest = rest[1:]
            if (
                rest[0] not in ("of", "day", "quarter", "semester", "grade", "the", "end", "school", "year", "back")
                or len(rest) > 3
            ):
                found.append(tuple(rest))
    if len(cut) == 2 and cut[1] == "break":
        found.append(("break",))
    return [f for f in dict.fromkeys(found) if f and (len(f) > 1 or len(f[0]) > 3 or f == tuple(words))]


def calendar_name(said: Said, i: int) -> Hit | None:
    """Read a date the school's calendar names: "conferences", "winter break", "the next progress report"."""
    if said.calendar is None or not said.calendar.named:
        return None
    names = _names(said.calendar)
    j = said.skip(i, ("the", "our", "your", "his", "her", "next"))
    j = said.skip(j, ("next", "upcoming", "parent", "teacher"))
    best: tuple[int, list[date]] | None = None
    for form, day in names.get(_plain(said.word(j)), ()):
        end = _form_at(said, j, form)
        if end is None or (form == ("break",) and said.word(j - 1) not in _BEFORE_BREAK):
            continue
        if best is None or end > best[0]:
            best = (end, [day])
        elif end == best[0]:
            best[1].append(day)
    if best is None:
        return None
    ahead = [d for d in best[1] if d >= said.reference] or best[1]
    chosen = ahead[0]
    return best[0], one_day(chosen, *ahead[1:], why="school calendar").but(grain="event")


def calendar_first_words(calendar: SchoolCalendar) -> frozenset[str]:
    """Return the words a name of the calendar can begin with, as they are said."""
    plain = frozenset(_names(calendar))
    return plain | frozenset(f"{w}s" for w in plain)


_BEFORE_BREAK = words("before after until till the over during by from for since")  # not "when we break"


def _form_at(said: Said, i: int, form: tuple[str, ...]) -> int | None:
    j = i
    for k, word in enumerate(form):
        if k and said.word(j) in ("-", "'", "the"):
            j += 1
        token = said.at(j)
        if token.kind not in ("word", "ordinal", "number") or _plain(token.text) != word:
            return None
        j += 1
    return j
