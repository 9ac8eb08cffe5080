"""What a recogniser may have made up: marked with its reason in plain words, never dropped.

Recognisers fill silence with what ends many of their training films, and get stuck in loops. A doubted turn stays in
the transcript; a letter does not quote it before the parent has heard it.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from casefile.records import Turn
from transcribe.sound import Span

HEARD_SHARE = 0.35  # of a turn's word time must lie where a voice is
UNSURE = 0.35  # mean probability of the words
HARDLY = 0.12  # probability under which a word is a guess
FASTEST = 7.5  # words a second that nobody speaks over two seconds
SQUEEZED = 2.4  # times that a text may shrink by compression; loops shrink more
SAME_IN_A_ROW = 3

NO_VOICE = "words where no voice is heard"
LOOP = "the same words again and again"
PHANTOM = "words that recognisers write into silence"
GUESSED = "the recogniser was very unsure of these words"
TOO_FAST = "more words than anybody says in this time"

# Sentences that Whisper models write over silence, noise and music, as reported for them again and again.
PHANTOMS = re.compile(
    r"""
    thank(s|\ you)(\ (so|very)\ much)?\ for\ (watching|viewing|listening\ to\ this)
    | (like\ and|please|forget\ to)\ subscribe | subscribe\ to\ (my|our|the|this)\ channel
    | (subtitles?|subtitled|subtitling|captions?|captioned|captioning)(\ (made|provided|created|edited))?\ by\b
    | (transcri(bed|ption|pts?)|translat(ed|ion))(\ (provided|made))?\ (by|outsourcing)\b
    | amara\.?\ ?org | www\.\S+\.(com|org|net|gov) | copyright\ \S*\ ?\d{4} | all\ rights\ reserved
    | (i'll\ )?see\ you\ (guys\ )?in\ the\ next\ (video|one|episode) | ^\W*(music|applause|laughter|silence)\W*$
    | [♪♫]
    """,
    re.IGNORECASE | re.VERBOSE,
)
# These are said at meetings too: doubted only where no voice is, or hardly.
FILLERS = re.compile(r"^\W*(thank\ you|thanks|bye(\W+bye)?|you|okay|so|oh|hmm|uh|i'm\ sorry)\W*$", re.IGNORECASE)


def mark_inventions(turns: Sequence[Turn], voiced: Sequence[Span] | None = None) -> tuple[Turn, ...]:
    """Return the turns, those that may be made up with the reason in `doubt`; a reason already there is kept.

    `voiced` is where a voice is, in order and apart; None where that is not known.
    """
    repeated = _repeated(turns)
    return tuple(
        turn if turn.doubt else replace(turn, doubt=_reason(turn, voiced, i in repeated))
        for i, turn in enumerate(turns)
    )


def _reason(turn: Turn, voiced: Sequence[Span] | None, repeated: bool) -> str | None:
    share = 1.0 if voiced is None else _voiced_share(turn, voiced)
    if share < HEARD_SHARE:
        return NO_VOICE
    if PHANTOMS.search(turn.text):
        return PHANTOM
    if repeated or is_loop(turn.text):
        return LOOP
    chances = [w.probability for w in turn.words]
    if chances and sum(chances) / len(chances) < UNSURE:
        return GUESSED
    if FILLERS.match(turn.text) and chances and (share < 0.8 or min(chances) < HARDLY):
        return PHANTOM
    return TOO_FAST if _too_fast(turn) else None


def _voiced_share(turn: Turn, voiced: Sequence[Span]) -> float:
    """Return the share of the turn's word time, or of the turn without words, that lies where a voice is."""
    spans = [(w.start_s, w.end_s) for w in turn.words]
    if not spans and turn.start_s is not None and turn.end_s is not None:
        spans = [(turn.start_s, turn.end_s)]
    total = sum(max(b - a, 0.01) for a, b in spans)
    if not total:
        return 1.0
    heard = sum(_overlap(a, max(b, a + 0.01), voiced) for a, b in spans)
    return heard / total


def _overlap(start_s: float, end_s: float, spans: Sequence[Span]) -> float:
    import bisect

    at = max(0, bisect.bisect_right(spans, start_s, key=lambda s: s.start_s) - 1)
    shared = 0.0
    for span in spans[at:]:
        if span.start_s >= end_s:
            break
        shared += max(0.0, min(end_s, span.end_s) - max(start_s, span.start_s))
    return shared


def is_loop(text: str) -> bool:
    """Tell whether a text repeats itself as nobody talks: "I don't know. I don't know. I don't know. ..."."""
    words = re.findall(r"[\w']+", text.lower())
    for size in range(1, 9):
        limit = 6 if size == 1 else 4
        in_a_row = 1
        for at in range(size, len(words)):
            in_a_row = in_a_row + 1 if words[at] == words[at - size] else 1
            if in_a_row >= size * (limit - 1) + 1:
                return True
    raw = text.encode("utf8")
    return len(raw) > 120 and len(raw) / len(zlib.compress(raw)) > SQUEEZED


def _repeated(turns: Sequence[Turn]) -> frozenset[int]:
    """Return the turns that stand in a row of the same text, SAME_IN_A_ROW or more; short answers may repeat."""
    found: set[int] = set()
    row: list[int] = []
    before = ""
    for i, turn in enumerate(turns):
        text = " ".join(re.findall(r"[\w']+", turn.text.lower()))
        row = [*row, i] if text == before else [i]
        before = text
        if len(row) >= SAME_IN_A_ROW and len(text.split()) >= 3:
            found.update(row)
    return frozenset(found)


def _too_fast(turn: Turn) -> bool:
    if len(turn.words) < 8:
        return False
    length = turn.words[-1].end_s - turn.words[0].start_s
    starts = Counter(round(w.start_s, 2) for w in turn.words)
    return len(turn.words) / max(length, 0.1) > FASTEST or starts.most_common(1)[0][1] >= 6
