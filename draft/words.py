"""How a letter says things: dates, times, lists, and the phrases of findings. No template here, no case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib import resources

from casefile.records import Due

OPEN_QUOTE, CLOSE_QUOTE = "“", "”"

_REFUSED = re.compile(
    r"^(?:has |have )?(?:refused|declined|denied|rejected|said no to|did not agree|would not|will not|won't|cannot|"
    r"can't|turned down|refuse|decline|deny)\s+(?:to\s+)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[;(]\s*([^()]*?)\)?\s*$")
_RECURRING = re.compile(
    r"\b(every|each|daily|weekly|monthly|always|from now on|starting|until|till|when(?:ever)?|hours?|minutes?)\b",
    re.IGNORECASE,
)


def long_date(day: date) -> str:
    """Return "Thursday, November 5, 2026"."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def plain_date(day: date) -> str:
    """Return "November 5, 2026"."""
    return f"{day:%B} {day.day}, {day.year}"


def time_of_day(at: datetime) -> str:
    """Return "3:30 p.m."."""
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'a.m.' if at.hour < 12 else 'p.m.'}"


def joined(parts: Sequence[str], *, last: str = "and") -> str:
    """Return "A, B and C"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def quoted(text: str) -> str:
    """Return words in quotation marks; quotation marks inside become single ones."""
    inner = text.strip().strip('"“”').replace("“", "‘").replace("”", "’")
    inner = re.sub(r'"([^"]*)"', "‘\\1’", inner).replace('"', "")
    return f"{OPEN_QUOTE}{inner}{CLOSE_QUOTE}"


def capital(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def bare_action(text: str) -> str:
    """Return an action without a full stop, "to" or "will" around it: fit for after "I asked the team to"."""
    bare = _FILLER.sub("", text.strip().rstrip(" .;,:!"))
    bare = re.sub(r"^(?:to|will|i'll|we'll|i will|we will|they will)\s+(?=\w)", "", bare, flags=re.IGNORECASE)
    first, _, rest = bare.partition(" ")
    return f"{first.lower()} {rest}".strip() if first.istitle() and first.lower() in verbs() else bare


_FILLER = re.compile(r"^(?:(?:so|okay|ok|well|um|uh|yeah|yes|alright|great|good|and|but)[,.]?\s+)+", re.IGNORECASE)

# What a clause with a subject of its own may begin with.
_CLAUSE = "when|whenever|if|once|after|before|until|what|whatever|as|how|where|than"
# What a member of the school says of "you" is said of the parent who writes.
_SPOKEN = (
    (r"\bmy\b|\bour\b", "their"),
    (r"\byour\b", "my"),
    (r"\byou['’]re\b|\byou are\b", "I am"),
    (r"\byou['’](ve|ll|d)\b", r"I'\1"),
    (rf"\b({_CLAUSE}|that) you\b", r"\1 I"),
    (r"\byou (have|want|need|can|sign|get|asked|said)\b", r"I \1"),
    (r"\byou\b", "me"),
)


def is_verb_phrase(action: str) -> bool:
    """Say whether an action begins with a verb as in a dictionary: "send the draft"."""
    return bool(action) and action.split()[0].lower().strip(",;") in verbs()


@lru_cache(maxsize=1)
def verbs() -> frozenset[str]:
    """Return the verbs that actions begin with."""
    return frozenset(resources.files("draft").joinpath("verbs.txt").read_text(encoding="utf8").split())


def refused_matter(action: str) -> tuple[str, str]:
    """Return what was refused, fit for after "did not agree to", and what was said beside it ("200 agreed instead")."""
    matter = _REFUSED.sub("", bare_action(action))
    aside = _ASIDE.search(matter)
    if aside and aside.start() > 0:
        return matter[: aside.start()].rstrip(), aside[1].strip()
    return matter, ""


def for_reader(action: str, *, parent: str | None, by_parent: bool) -> str:
    """Return an action as the parent writes it: in others' promises the parent, and "you" as spoken, is "me"."""
    text = action
    if not by_parent:
        for was, now in _SPOKEN:
            text = re.sub(was, now, text)
    writer = f"(?:{re.escape(parent)}|{_THE_PARENT})" if parent else _THE_PARENT
    text = re.sub(rf"\b({_CLAUSE}|till|while|because|whether) {writer} (?P<verb>\w+)", _as_i, text)
    text = re.sub(rf"\b{writer}['’]s\b", "my", text)
    if parent:
        text = re.sub(rf"(?<=\s){re.escape(parent)}\b", "me", text)
    return re.sub(rf"(?<=\s){_THE_PARENT}\b(?! who| and | or )", "me", text)


_THE_PARENT = "the (?:parent|mother|father|mom|dad)"
_WITH_I = {"has": "have", "is": "am", "are": "am", "was": "was", "were": "was", "does": "do", "goes": "go"}
_WITH_I |= {word: word for word in ("have", "can", "could", "will", "would", "should", "did", "had")}


def _as_i(hit: re.Match[str]) -> str:
    """Return "if Ana Ruiz signs" as "if I sign"; what follows no verb stays."""
    verb = hit["verb"]
    base = _WITH_I.get(verb) or next(
        (v for v in (verb, verb.removesuffix("s"), verb.removesuffix("es")) if v in verbs()), ""
    )
    return f"{hit[1]} I {base}" if base else hit[0]


def similar(one: str, other: str) -> float:
    """Return how much of two phrases' words they share, 0 to 1."""
    a, b = (set(re.findall(r"[a-z0-9]+", t.lower())) - _SMALL for t in (one, other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by for from has have he her his i in is it its my not of on or our she so that the "
        "their them there they this to was we were will with you",
    )
)


def by_day(due: Due, day: date) -> str:
    """Return "by Thursday, November 19, 2026", or "until ..." where that was said."""
    word = "until" if re.match(r"\s*(?:until|till|through)\b", due.phrase, re.IGNORECASE) else "by"
    return f"{word} {long_date(day)}"


def needs_no_date(due: Due) -> bool:
    """Say whether asking for a date would be odd: a time that comes again, or one that hangs on something happening."""
    return bool(_RECURRING.search(due.phrase))


def slug(text: str, *, longest: int = 40) -> str:
    """Return text as part of a file name: lower case, letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:longest].strip("-") or "matter"
