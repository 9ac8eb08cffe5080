"""The words of the meeting: told to the recogniser beforehand, and written as they are read afterwards."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from casefile.records import Turn, Word

# --- beforehand ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A term of special education: its short form, what it stands for, its kind."""

    short: str
    long: str
    kind: str


@functools.cache
def glossary() -> tuple[Term, ...]:
    """Return the terms heard at these meetings, in the order of the list."""
    text = (files("transcribe") / "glossary.csv").read_text("utf8")
    return tuple(Term(row["term"], row["expansion"], row["category"]) for row in csv.DictReader(text.splitlines()))


# Said at nearly every meeting, and what a recogniser gets wrong without being told.
FIRST = "IEP 504 FAPE LRE PWN IDEA FBA BIP ESY SSD OT PT SLP LEA IEE DESE"


def wordlist(names: Sequence[str]) -> tuple[str, ...]:
    """Return what to tell the recogniser, best first: names of the case, the usual short forms, then the rest."""
    known = [t.short for t in glossary()]
    usual = [s for s in FIRST.split() if s in known]
    return tuple(dict.fromkeys(n.strip() for n in (*names, *usual, *known) if n.strip()))


def hotwords(names: Sequence[str], *, count_tokens: Callable[[str], int], budget: int) -> str:
    """Return the word list as one line of at most `budget` tokens by the model's own count, best first."""
    kept = ""
    for word in wordlist(names):
        longer = f"{kept}, {word}" if kept else word
        if count_tokens(" " + longer) <= budget:
            kept = longer
    return kept


# --- afterwards ------------------------------------------------------------------------------

# Each letter as it is said or written by a recogniser.
LETTERS = {
    "a": "a ay",
    "b": "b be bee",
    "c": "c see sea",
    "d": "d dee",
    "e": "e ee",
    "f": "f eff ef",
    "g": "g gee",
    "h": "h aitch",
    "i": "i eye aye",
    "j": "j jay",
    "k": "k kay",
    "l": "l el ell",
    "m": "m em",
    "n": "n en",
    "o": "o oh",
    "p": "p pee pea",
    "q": "q cue queue",
    "r": "r are ar",
    "s": "s ess es",
    "t": "t tee tea",
    "u": "u you",
    "v": "v vee",
    "w": "w",
    "x": "x ex",
    "y": "y why",
    "z": "z zee",
}
NAMED = {said: letter for letter, names in LETTERS.items() for said in names.split()}
WORDLIKE = "a be see sea are you oh why i am an en el es tea pea ex eye aye"  # words themselves
EDGE = re.compile(r"^(\W*)(.*?)('s|s)?(\W*)$")


@functools.cache
def _short_forms() -> frozenset[str]:
    spelled = {t.short for t in glossary() if t.short.isalpha() and t.short.isupper() and 2 <= len(t.short) <= 5}
    return frozenset(s.lower() for s in spelled)


def normalise(turn: Turn) -> Turn:
    """Return the turn with spelled-out short forms written as they are read ("eye ee pee" -> "IEP").

    What was heard stays in `heard`; the words' times are kept. A turn without such forms comes back as it is.
    """
    words = _joined(turn.words) if turn.words else _joined(_untimed(turn.text))
    text = " ".join(w.text for w in words)
    if text == turn.text:
        return turn
    return replace(turn, text=text, words=words if turn.words else (), heard=turn.heard or turn.text)


def _untimed(text: str) -> tuple[Word, ...]:
    return tuple(Word(start_s=0.0, end_s=0.0, text=t, probability=1.0) for t in text.split())


def _joined(words: Sequence[Word]) -> tuple[Word, ...]:
    made: list[Word] = []
    at = 0
    while at < len(words):
        taken = _spelled(words[at : at + 5])
        if " ".join(_core(w.text).lower() for w in words[at : at + 3]) in FIVE_O_FOUR:
            made.append(_one_of(words[at : at + 3], "504"))
            at += 3
        elif taken:
            run = words[at : at + taken]
            made.append(_one(run))
            at += taken
        else:
            made.append(_upper(words[at]))
            at += 1
    return tuple(made)


def _spelled(words: Sequence[Word]) -> int:
    """Return how many of the first words spell a known short form letter by letter; 0 if they do not."""
    for count in range(len(words), 1, -1):
        cores = [_core(w.text) for w in words[:count]]
        letters = "".join(NAMED.get(c.lower(), "?") for c in cores)
        parted = any(w.text[-1:] in ".,;:?!" and len(w.text) > 2 for w in words[: count - 1])
        if parted or letters not in _short_forms():
            continue
        plain = sum(c.lower() in WORDLIKE.split() for c in cores)
        if count == 2 and plain == 2:
            continue  # "oh tea", "be a": more likely words than letters
        if plain == count and not all(len(c) == 1 for c in cores) and count < 3:
            continue
        return count
    return 0


def _core(text: str) -> str:
    return text.strip(".,;:?!\"'").replace("'s", "")


def _one(run: Sequence[Word]) -> Word:
    return _one_of(run, "".join(NAMED[_core(w.text).lower()] for w in run).upper())


def _one_of(run: Sequence[Word], core: str) -> Word:
    last = run[-1].text
    ending = "'s" if "'s" in last else ""
    dotted = any(w.text.endswith(".") for w in run[:-1])
    mark = last[-1] if last[-1] in ",;:?!." and not (dotted and last[-1] == ".") else ""
    sure = min(w.probability for w in run)
    return Word(start_s=run[0].start_s, end_s=run[-1].end_s, text=core + ending + mark, probability=sure)


def _upper(word: Word) -> Word:
    """Return a dotted or lower-case short form in capitals: "I.E.P." and "iep" are IEP; plain words stay."""
    dotted = re.fullmatch(r"((?:[A-Za-z]\.){2,6}|[A-Za-z](?:-[A-Za-z]){1,5})('s|s)?([,;:?!]?)", word.text)
    if dotted:
        letters = re.sub(r"[.-]", "", dotted[1])
        if letters.lower() in _short_forms():
            return replace(word, text=letters.upper() + (dotted[2] or "") + dotted[3])
    whole = EDGE.match(word.text)
    if whole and whole[2].lower() in NEVER_WORDS.split() and not whole[2].isupper():
        return replace(word, text=whole[1] + whole[2].upper() + (whole[3] or "") + whole[4])
    return word


FIVE_O_FOUR = frozenset(f"{a} {o} {b}" for a, b in (("five", "four"), ("5", "4")) for o in ("oh", "o", "zero", "0"))
NEVER_WORDS = "iep fape lre pwn fba bip esy slp iee dese"  # in small letters too


def tidy(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return every turn with its short forms written as they are read."""
    return tuple(normalise(t) for t in turns)
