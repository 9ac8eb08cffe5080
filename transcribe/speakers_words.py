"""Voices given to words: each word has one vote, a line is cut where the voice changes, and no more often.

Every false cut breaks a sentence that a letter would quote, and a change heard within a sentence is more often a
wobble than a person: a change counts if it lasts, or if it stands between pauses or the ends of sentences.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from casefile.records import Turn, Word
from transcribe.sound import Span
from transcribe.speakers_table import Spoken

NEAR_S = 0.4  # a word this near to a voice is still said by it: detectors and word times differ
LASTS_S = 1.2  # a voice heard for this long inside a sentence is another person
BRIEF_S = 0.25  # shorter than this nothing can be told, even between pauses
PAUSE_S = 0.25
SNAP_WORDS = 2  # a cut moves this far to a pause or the end of a sentence
MIXED = 0.25  # share of a line given to others from which it has several voices
OVER_S = 0.5  # the same for time in which two or more speak together: so much,
OVER_LEAST_S, OVER_SHARE = 0.2, 0.2  # or so much that is this share of the line
# How often a voice with this margin is the right one, measured: half the time up to 0.15, 97 of 100 from 0.2 on.
HALF_SURE, SURE_STEP = 0.17, 0.02


@dataclass(slots=True)
class _Run:
    """Words of one line that follow each other with one voice."""

    words: list[Word]
    voice: int | None
    margins: list[float]
    others_s: float = 0.0  # word time in it that was given to other voices

    @property
    def length_s(self) -> float:
        return self.words[-1].end_s - self.words[0].start_s


def label_of(voice: int) -> str:
    """Return the label of a voice: S1 for the first."""
    return f"S{voice + 1}"


def give_voices(turns: Sequence[Turn], spoken: Sequence[Spoken], *, overlaps: Sequence[Span] = ()) -> tuple[Turn, ...]:
    """Return the turns with speakers S1, S2 ... by first appearance in them.

    `spoken`, and `overlaps` where two or more speak together, are in order of time.
    """
    finder = _Finder(spoken, overlaps)
    made: list[tuple[Turn, int | None]] = []
    for turn in turns:
        made += _given(turn, finder)
    numbers: dict[int, int] = {}
    for _, voice in made:
        if voice is not None:
            numbers.setdefault(voice, len(numbers))
    return tuple(t if v is None else replace(t, speaker=label_of(numbers[v])) for t, v in made)


class _Finder:
    """Finds who speaks at a time."""

    def __init__(self, spoken: Sequence[Spoken], overlaps: Sequence[Span] = ()) -> None:
        self.spoken, self.overlaps, self._at = spoken, overlaps, 0

    def talked_over(self, start_s: float, end_s: float) -> bool:
        """Tell whether two or more speak together for much of the time from `start_s` to `end_s`."""
        first = bisect.bisect_right(self.overlaps, start_s, key=lambda o: o.end_s)
        together = 0.0
        for span in self.overlaps[first:]:
            if span.start_s >= end_s:
                break
            together += min(end_s, span.end_s) - max(start_s, span.start_s)
        return together >= OVER_S or together >= max(OVER_LEAST_S, OVER_SHARE * (end_s - start_s))

    def voices(self, start_s: float, end_s: float) -> list[tuple[Spoken, float]]:
        """Return who speaks from `start_s` to `end_s` and for how long; else the nearest within NEAR_S, for no time."""
        while self._at and self.spoken[self._at - 1].end_s > start_s - NEAR_S:
            self._at -= 1
        while self._at < len(self.spoken) and self.spoken[self._at].end_s < start_s - NEAR_S:
            self._at += 1
        found: list[tuple[Spoken, float]] = []
        near: list[tuple[Spoken, float]] = []
        for s in self.spoken[self._at :]:
            if s.start_s > end_s + NEAR_S:
                break
            shared = min(end_s, s.end_s) - max(start_s, s.start_s)
            (found if shared > 0 else near).append((s, shared))
        return found or [(s, 0.0) for s, _ in sorted(near, key=lambda n: -n[1])[:1]]


def _given(turn: Turn, finder: _Finder) -> list[tuple[Turn, int | None]]:
    if not turn.words:
        return [_whole(turn, finder)]
    runs = _settled(_runs(turn.words, finder))
    made = []
    for run in runs:
        line = turn
        if len(runs) > 1:
            text = " ".join(w.text for w in run.words)
            line = replace(
                turn, text=text, words=tuple(run.words), start_s=run.words[0].start_s, end_s=run.words[-1].end_s
            )
        mixed = run.others_s >= MIXED * max(run.length_s, 0.1)
        mixed = mixed or finder.talked_over(run.words[0].start_s, run.words[-1].end_s)
        made.append((_marked(line, run.voice, run.margins, mixed), run.voice))
    if len(made) > 1:  # the line's own edges may lie beyond its words
        made[0] = (replace(made[0][0], start_s=turn.start_s), made[0][1])
        made[-1] = (replace(made[-1][0], end_s=turn.end_s), made[-1][1])
    return made


def _whole(turn: Turn, finder: _Finder) -> tuple[Turn, int | None]:
    """Return a turn without words, given to whoever speaks most of its time."""
    if turn.start_s is None or turn.end_s is None:
        return turn, None
    votes: Counter[int] = Counter()
    heard = finder.voices(turn.start_s, turn.end_s)
    for s, shared in heard:
        votes[s.voice] += max(1, round(shared * 1000))
    if not votes:
        return turn, None
    voice, most = votes.most_common(1)[0]
    mixed = votes.total() - most >= MIXED * votes.total() or finder.talked_over(turn.start_s, turn.end_s)
    return _marked(turn, voice, [s.margin for s, _ in heard if s.voice == voice], mixed), voice


def _marked(turn: Turn, voice: int | None, margins: Sequence[float], mixed: bool) -> Turn:
    if voice is None:
        return replace(turn, speaker=None, speaker_confidence=None)
    margin = sum(margins) / len(margins) if margins else 0.0
    sure = 0.5 + 0.48 / (1 + math.exp(-(margin - HALF_SURE) / SURE_STEP))
    if mixed:
        sure = min(sure, 0.6)
    return replace(turn, speaker_confidence=round(sure, 2), several_voices=turn.several_voices or mixed)


def _runs(words: Sequence[Word], finder: _Finder) -> list[_Run]:
    runs: list[_Run] = []
    for word in words:
        heard = finder.voices(word.start_s, word.end_s)
        best, _ = max(heard, key=lambda h: h[1], default=(None, 0.0))
        voice = None if best is None else best.voice
        margins = [] if best is None else [best.margin]
        if runs and runs[-1].voice == voice:
            runs[-1].words.append(word)
            runs[-1].margins += margins
        else:
            runs.append(_Run([word], voice, margins))
    return runs


def _settled(runs: list[_Run]) -> list[_Run]:
    """Return the runs that stand: others are given to a neighbour, the shortest first; cuts lie at pauses."""
    while len(runs) > 1:
        weak = [i for i in range(len(runs)) if not _stands(runs, i)]
        if not weak:
            break
        i = min(weak, key=lambda i: (runs[i].voice is not None, not _between(runs, i), runs[i].length_s))
        _give_away(runs, i)
    for left, right in pairwise(runs):
        _snap(left, right)
    return runs


def _stands(runs: list[_Run], i: int) -> bool:
    run = runs[i]
    if run.voice is None:
        return False
    if run.length_s >= LASTS_S:
        return True
    opens = i == 0 or _parted(runs[i - 1].words[-1], run.words[0])
    closes = i == len(runs) - 1 or _parted(run.words[-1], runs[i + 1].words[0])
    return opens and closes and run.length_s >= BRIEF_S and max(run.margins, default=0.0) > 0.05


def _between(runs: list[_Run], i: int) -> bool:
    """Tell whether one and the same voice is heard before and after."""
    return 0 < i < len(runs) - 1 and runs[i - 1].voice == runs[i + 1].voice


def _parted(before: Word, after: Word) -> bool:
    """Tell whether two words stand apart: by a pause or the end of a sentence."""
    return after.start_s - before.end_s >= PAUSE_S or before.text.rstrip("\"'”’)").endswith((".", "?", "!", "…"))


def _give_away(runs: list[_Run], i: int) -> None:
    """Join run `i` to the neighbour it is closer to, or to both where they are one voice."""
    before, after = (runs[i - 1] if i else None), (runs[i + 1] if i + 1 < len(runs) else None)
    run = runs.pop(i)
    alien = 0.0 if run.voice is None else sum(w.end_s - w.start_s for w in run.words)
    if before is not None and after is not None and before.voice == after.voice:  # both are one person's
        runs.remove(after)
        before.words += run.words + after.words
        before.margins += after.margins
        before.others_s += alien + run.others_s + after.others_s
        return
    to_before = after is None or (
        before is not None
        and run.words[0].start_s - before.words[-1].end_s <= after.words[0].start_s - run.words[-1].end_s
    )
    if to_before and before is not None:
        before.words += run.words
        before.others_s += alien + run.others_s
    elif after is not None:
        after.words[:0] = run.words
        after.others_s += alien + run.others_s


def _snap(left: _Run, right: _Run) -> None:
    """Move the cut between two runs to a pause or the end of a sentence within SNAP_WORDS words."""
    if _parted(left.words[-1], right.words[0]):
        return
    both, cut = left.words + right.words, len(left.words)
    for off in range(1, SNAP_WORDS + 1):
        for place in (cut - off, cut + off):
            if 0 < place < len(both) and _parted(both[place - 1], both[place]):
                left.words[:], right.words[:] = both[:place], both[place:]
                return
