"""The account of a recording: every second is words or stands in `unheard` with its reason."""

from __future__ import annotations

from casefile.records import Turn, Unheard
from transcribe.sound import Span
from transcribe.vad import without

SILENCE = "silence"
DAMAGED = "damaged"
UNSURE = "too unsure"  # a voice may be there, but no words could be made out
NOT_REACHED = "not reached"
SHORT_S = 0.25  # a gap this short after a line belongs to the line


def close_gaps(turns: tuple[Turn, ...], duration_s: float) -> tuple[Turn, ...]:
    """Return `turns` with their ends drawn over the short gaps behind them."""
    closed: list[Turn] = []
    for number, turn in enumerate(turns):
        following = turns[number + 1].start_s if number + 1 < len(turns) else duration_s
        end, follows = turn.end_s or 0.0, following or 0.0
        if 0 < follows - end <= SHORT_S:
            closed.append(_ending(turn, follows))
        else:
            closed.append(turn)
    return tuple(closed)


def _ending(turn: Turn, end_s: float) -> Turn:
    from dataclasses import replace

    return replace(turn, end_s=end_s)


def unheard(
    turns: tuple[Turn, ...],
    duration_s: float,
    *,
    damaged: tuple[Span, ...],
    voiced: tuple[Span, ...],
    reached_s: float | None = None,
) -> tuple[Unheard, ...]:
    """Return every stretch without words, in order: damage first, then what was not reached, then voices, silence."""
    left = without((Span(0.0, duration_s),), _covered(turns))
    found: list[Unheard] = []
    holes = [(DAMAGED, damaged), (UNSURE, voiced)]
    if reached_s is not None:
        holes.insert(1, (NOT_REACHED, (Span(reached_s, duration_s),)))
    for why, spans in holes:
        rest = without(left, spans)
        found += [Unheard(start_s=s.start_s, end_s=s.end_s, why=why) for s in without(left, rest)]
        left = rest
    found += [Unheard(start_s=s.start_s, end_s=s.end_s, why=SILENCE) for s in left]
    return tuple(sorted((_rounded(u) for u in found), key=lambda u: u.start_s))


def _covered(turns: tuple[Turn, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for span in sorted(Span(t.start_s or 0.0, t.end_s or 0.0) for t in turns):
        if spans and span.start_s <= spans[-1].end_s:
            spans[-1] = Span(spans[-1].start_s, max(spans[-1].end_s, span.end_s))
        else:
            spans.append(span)
    return tuple(spans)


def _rounded(entry: Unheard) -> Unheard:
    return Unheard(start_s=round(entry.start_s, 3), end_s=round(entry.end_s, 3), why=entry.why)
