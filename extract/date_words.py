"""The words of a turn that name a time: where they stand, which say one day together, which are taken back."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from casefile.records import SchoolCalendar
from extract.clauses import Clause, clauses
from extract.dates import find_dates
from extract.dates.due import explain_due
from extract.dates.school import at_the_meeting, back_at_school
from extract.dates.values import Mention
from extract.view import View, view_of

_LINKS: Final = frozenset(
    [
        ",",
        ".",
        "-",
        "?",
        ";",
        ":",
        "so",
        "that's",
        "thats",
        "that",
        "is",
        "it's",
        "its",
        "which",
        "the",
        "a",
        "an",
        "on",
        "at",
        "um",
        "uh",
        "let's",
        "lets",
        "let",
        "me",
        "see",
        "say",
        "then",
        "would",
        "be",
        "that'd",
        "thatd",
        "i'd",
        "id",
        "what",
        "like",
        "by",
        "okay",
        "ok",
        "and",
        "again",
        "well,",
        "of",
        "this",
        "that'll",
        "it'll",
        "there's",
        "with",
        "holiday",
        "because",
        "know",
        "you",
        "mm",
        "maybe",
        "probably",
        "around",
        "about",
        "in",
        "i",
        "guess",
        "think",
        "works",
        "call",
        "we'll",
    ]
)
_TAKES_BACK: Final = re.compile(
    r"(?:^|[.,?!;\s])(?:no|sorry|actually|rather|wait|oh|well|scratch that|make (?:it|that)|i mean|hang on|hold on|not|"
    r"better than that|instead|or rather|shoot|dang|no,? (?:\w+day(?:'s|s| is)|that's|we're) (?:\w+ ){0,2}\w+)[.,\s]*(?:(?:the|that's|make|it|let's|say|um|uh|on|at|by|so|start|for|till|then|a|i'll do)[\s,]*)*$"
)
_SETTLES: Final = re.compile(
    r"(?:^|[.?!,;]\s*|\band )(?:so|that's|thats|which is|that'd be|which would be|it's|so it's|so that's|so that'd be)[\s,]*(?:it's|that's|the|um|uh|on|by|like|a|,|\s)*$"
)
_ALONE: Final = re.compile(
    r"[.?!] *(?:(?:no|actually|wait|oh|well|or|then|so|okay|start|by|on|starting|yeah|let's say|how about|maybe)[, ]+)*(?:the )?$|[.?!] *(?:no|actually|wait|oh|well|scratch that|make)\b[^.?!]{0,34}$"
)
_ENDS: Final = re.compile(r"[^a-z]*(?:morning|afternoon|then|at \w+(?: \w+)?|night)?[^a-z]*(?:[.?!]|$)")
_COMES_TO: Final = re.compile(
    r"(?: of)?(?: \w+){0,3},? so,? (?:that's |it's |by |on |that'd be )*(?:the )?"
)  # "within a week of the board, so the twelfth"
_OUT_AFTER: Final = re.compile(
    r"^[ ,]*(?:(?:(?:i'm|im|we're|were|she's|shes|he's|hes|they're|theyre|i am|we are|is|i'll be|all day) (?:um |uh |still |all |also )*"
    r"(?:at|in|out|off|gone|closed|booked|busy|shot|not|a (?:half|holiday|saturday|sunday|work ?day)|an early)|'?s (?:the|a) (?:holiday|half|saturday|sunday|\w+day)|'?s (?:shot|out|off|no good|friday|bad))\b|"
    r"is (?:the|a) (?:holiday|saturday|sunday|day off|weekend)|there's no school|(?:i've|ive|we've|i) (?:got|have) (?:the|a|my|safety|jury)\b|(?:i|we) can't\b|won't work)"
)
_OUT_BEFORE: Final = re.compile(
    r"(?:\bscratch (?:the |that )?|\bnot (?:on |this |until |till |by )?|\bnot (?:waiting|wait) (?:on|for|until) |\binstead of (?:waiting (?:on|for|until) )?|(?:(?<!i)'m|'re|'s|(?<!i )\bam|\bare|\bis|\bwere|\bbe|\bhe|\bshe|\bthey|\bhes|\bshes)(?: \w+)? (?:closed|off|out|gone|away|in \w+|at (?:a|the) \w+(?: \w+)?)(?: on| all day| through| until| till| the)? |"
    r"\b(?:we|i|they)(?:'ve)? got (?:a |the |my )?\w+(?: \w+)?(?: on)? |\bno school (?:on )?|\bdo (?:it )?(?:on )?(?=\w+s\b)|\bcan't (?:do )?(?:on )?|\bwith (?:the )?)$"
)
_LEADS_BACK: Final = re.compile(
    r"\b(?:when|once|before|after|until|till|by|week|day|first|starting|\w+day|out for|'til)\b"
)
_SAYS_WHERE: Final = re.compile(r"\b(?:that's|thats|it's|its|that is|it is) $")  # "okay, so that's before April"
_NOT_BEFORE: Final = re.compile(r"\bnot (?:by |until )?$")
_SPAN: Final = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri)day)s?(?:,? and| through| to|,) (?!\1)(?:mon|tues|wednes|thurs|fri)days?\b"
)
_THIS_ONE: Final = re.compile(r"\b(?:mon|tues|wednes|thurs|fri)days?,? starting this (?:one|week|coming)\b")
_LEANS: Final = re.compile(
    r"\b(?:(?:by|before|until) then|before that|that (?:same )?(?:very )?(?:day|night|morning|afternoon|evening)|(?:at|on|by|for|before) that one|(?:the )?same (?:day|morning|night)|"
    r"the (?:next|following) (?:day|morning)|the (?:day|morning|night|\w+day) (?:after|before)(?: that)?(?=[.,?!]|$)|"
    r"(?:a|one|two|three|four|five) (?:days?|weeks?) (?:ahead|before|prior|in advance|after|later)(?! (?:you|we|he|she|they|i|the|every|each|any)\b))\b"
)
_WORD: Final = re.compile(r"\S+")
_TOKEN: Final = re.compile(r"[a-z0-9']+|[^\sa-z0-9']")
_RANK: Final = ("date", "length", "weekday", "near", "stretch", "event", "today", "leans")


@dataclass(frozen=True, slots=True)
class DateWords:
    """A mention on its way: what it is and where."""

    start: int
    end: int
    how: str
    bound: str
    corrects: bool = False
    again: bool = False  # several days of the week


def clause_at(place: int, text: str) -> int:
    """Return the number of the clause that holds a place in a turn's exact text."""
    view = view_of(text)
    edges = edges_of(view, clauses(view.text))
    return next((i for i, (a, b) in enumerate(edges) if a <= place < b), len(edges) - 1)


def lowered(text: str) -> str:
    low = text.lower().replace("’", "'")
    return low if len(low) == len(text) else text


def edges_of(view: View, parts: Sequence[Clause]) -> tuple[tuple[int, int], ...]:
    """Return the exact places of a turn's clauses."""
    return tuple(view.exact(c.start, c.end) for c in parts)


@lru_cache(maxsize=4096)
def pieces(text: str, held_on: date, calendar: SchoolCalendar) -> tuple[DateWords, ...]:
    """Return the mentions of a turn with those run together that say one day, and those taken back left out."""
    low = lowered(text)
    found = [DateWords(m.start(), m.end(), "weekday", "from") for m in _THIS_ONE.finditer(low)]
    named = [DateWords(m.start, m.end, _how(m), m.bound) for m in find_dates(text, held_on, calendar) if not _loose(m)]
    found += [DateWords(m.start(), m.end(), "weekday", "", again=True) for m in _SPAN.finditer(low)]
    found += [p for p in named if not any(p.start < o.end and o.start < p.end for o in found)]
    found += _unnamed(text, found, held_on, calendar)
    found.sort(key=lambda p: p.start)
    made: list[DateWords] = []
    for piece in found:
        between = low[made[-1].end : piece.start] if made else low[: piece.start]
        alone = _ALONE.search(between) is not None and _ENDS.match(low[piece.end :]) is not None
        back = bool(made) and (alone or (_TAKES_BACK.search(between) or _SETTLES.search(between)) is not None)
        bare = (_LINKS.issuperset(_TOKEN.findall(between)) and len(between) < 60) or _COMES_TO.fullmatch(between)
        if made and back and _only_takes_back(between) and not bare:
            made[-1] = replace(piece, corrects=True)
        elif (
            made
            and bare
            and not will_not_do(low, made[-1])
            and not will_not_do(low, piece)
            and not _two_things(between, piece)
            and not _disagree(made[-1], piece, between, text, held_on, calendar)
        ):
            made[-1] = replace(
                made[-1], end=piece.end, how=_better(made[-1].how, piece.how), bound=made[-1].bound or piece.bound
            )
        else:
            made.append(replace(piece, corrects=back))
    return tuple(made)


def _two_things(between: str, piece: DateWords) -> bool:
    """Tell whether two mentions are two things: "Friday and the tenth", "tomorrow's Friday. Start Monday"."""
    return piece.bound in ("from", "after") or re.search(r"\band\b", between) is not None


def _disagree(
    one: DateWords, other: DateWords, between: str, text: str, held_on: date, calendar: SchoolCalendar
) -> bool:
    """Tell whether a sentence names one near day and the next another: "in the morning. It's the fifth of March."."""
    if one.how not in ("today", "near") or other.how != "date" or not re.search(r"[.?!]", between):
        return False
    first, second = (explain_due(text[p.start : p.end], held_on, calendar).due.candidates for p in (one, other))
    return bool(first and second) and not set(first) & set(second)


def _only_takes_back(between: str) -> bool:
    words = re.findall(r"[a-z']+", between)
    return len(words) <= 4


def _better(one: str, other: str) -> str:
    return min(one, other, key=_RANK.index)


def _loose(m: Mention) -> bool:
    """Tell whether a mention only says how long something lasts ("for two weeks")."""
    return m.kind == "duration" and m.counted is None


def _how(m: Mention) -> str:
    if m.kind == "duration":
        return "length"
    if m.why in ("date", "day of the month", "weekday and day", "nth weekday", "day of a month"):
        return "date"
    if m.grain == "event":
        return "event"
    if m.kind == "day" and m.grain == "day":
        return "weekday" if "weekday" in m.why else "near"
    return "stretch"


def _unnamed(text: str, found: Sequence[DateWords], held_on: date, calendar: SchoolCalendar) -> list[DateWords]:
    """Return the words of clauses without a mention that mean a day all the same: "before you leave", "by then"."""
    view = view_of(text)
    more: list[DateWords] = []
    for start, end in edges_of(view, clauses(view.text)):
        inside = [p for p in found if p.start < end and start < p.end]
        words = text[start:end]
        low = lowered(words)
        for lean in _LEANS.finditer(low):
            if not any(p.start < start + lean.end() and start + lean.start() < p.end for p in [*inside, *more]):
                more.append(DateWords(start + lean.start(), start + lean.end(), "leans", ""))
        if inside or any(start <= p.start < end for p in more):
            continue
        if at_the_meeting(words, held_on) is not None:
            a, b = _least(words, lambda said: at_the_meeting(said, held_on) is not None)
            more.append(DateWords(start + a, start + b, "today", ""))
        elif _LEADS_BACK.search(low) and back_at_school(words, held_on, calendar) is not None:
            a, b = _least(words, lambda said: back_at_school(said, held_on, calendar) is not None)
            before = re.search(
                r"\b(?:before|by|until|when|the week|the day|the \w+day)\b[^.,]{0,24}$", low[:a] + low[a : a + 1]
            )
            a = before.start() if before else a
            more.append(DateWords(start + a, start + b, "event", ""))
    return more


def _least(words: str, means: Callable[[str], bool]) -> tuple[int, int]:
    """Return the place of the fewest words that still mean a day."""
    places = [m.span() for m in _WORD.finditer(words)][:60]
    for size in range(1, 8):
        for i in range(len(places) - size + 1):
            start, end = places[i][0], places[i + size - 1][1]
            if means(words[start:end]):
                return start, end
    return 0, len(words)


def will_not_do(low: str, piece: DateWords) -> bool:
    """Tell whether the words around say that the day will not do."""
    after = low[piece.end : piece.end + 40]
    before = low[max(0, piece.start - 40) : piece.start]
    if low[piece.start : piece.end] in ("today", "tonight", "this afternoon"):
        return _NOT_BEFORE.search(before) is not None
    if piece.bound in ("before", "after") and _SAYS_WHERE.search(before):
        return True
    return bool(_OUT_AFTER.search(after) or _OUT_BEFORE.search(before))
