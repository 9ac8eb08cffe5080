"""When something was promised for: the words of the item's turns that say, resolved from the day of the meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from casefile.records import Due, Meeting
from extract.clauses import Clause, clauses
from extract.content import content
from extract.evidence import TurnEvidence
from extract.items import Draft

AHEAD: Final = 4  # turns after a promise in which its date may still come
NEAR_AGAIN: Final = 6  # turns after a date in which the item's next turns may set it right
_WHEN: Final = re.compile(
    r"\b(?:when|what day|which day|by when|how soon|what time|how long|starting|what date|a date|before when|soon as|"
    r"today|tomorrow|monday|tuesday|wednesday|thursday|friday|week|what month)\b"
)
_RATHER: Final = re.compile(
    r"\b(?:then|instead|rather|make (?:it|that)|no|sorry|actually|i mean|okay,? so|say|scratch)\b"
)
_EVENT_FIRST: Final = re.compile(r"\b(?:once|as soon as|soon as|after|when|if)\b")
_LEANS: Final = re.compile(
    r"\b(?:by then|that (?:same )?(?:day|night|morning|afternoon|evening)|(?:the )?same (?:day|morning|night)|"
    r"(?:a|one|two|three|four|five) (?:days?|weeks?) (?:ahead|before|prior|in advance))\b"
)
_WORD: Final = re.compile(r"\S+")


Dated = tuple[Clause, int, int, str]  # the clause, the place of the words in the exact text, and the words


@dataclass(frozen=True, slots=True)
class FoundDue:
    """A due date with the words that say it and why they mean that day."""

    due: Due
    turn: int
    start: int  # half-open place of the words in the turn's exact text
    end: int
    why: str


def due_of(draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> FoundDue | None:
    """Return when a promise is due: the last that was said of it; None where no words say."""
    if draft.kind != "commitment":
        return None
    best: FoundDue | None = None
    for turn in draft.anchors:
        if best is not None and best.due.candidates and turn - best.turn > NEAR_AGAIN:
            break
        found = _in_turn(turn, draft, turns, meeting)
        if found and (found.due.candidates or best is None):
            best = found
    later = _answered_later(draft, turns, meeting, best)
    if later is not None:
        return later
    return best or _asked_for(draft, turns, meeting)


def _in_turn(turn: int, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> FoundDue | None:
    """Return the date said in one turn for this item, or None."""
    view = turns[turn].view
    parts = clauses(view.text)
    dated = [d for d in (_dated(turn, c, turns, meeting) for c in parts) if d is not None]
    if not dated:
        return None
    cues = [h.clause.start for h in turns[turn].hits if h.rule.kind == "commitment"]
    others = _elsewhere(turn, draft, turns, meeting)
    own = content(" ".join(turns[a].view.text for a in draft.anchors if a != turn)) if others else draft.words
    at = _cue_clause(parts, cues, own, view.text, recap=others)
    if at is None:
        return None if others else _joined(dated, turn, meeting)
    near = min(dated, key=lambda d: _far(d[0], at, parts))
    if others and _far(near[0], at, parts) > 2:
        return None
    together = [d for d in dated if abs(parts.index(d[0]) - parts.index(near[0])) <= 1 and not _own_cue(d[0], at, cues)]
    return _joined(together or [near], turn, meeting)


def _elsewhere(turn: int, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> bool:
    """Tell whether a turn repeats the item from elsewhere, maybe among other things."""
    first = draft.anchors[0]
    other = meeting.turns[turn].speaker != meeting.turns[first].speaker
    return turn != first and (turns[turn].view.text.count(" ") > 25 or (other and turn > first + 2))


def _cue_clause(
    parts: Sequence[Clause], cues: Sequence[int], own: frozenset[str], text: str, *, recap: bool
) -> Clause | None:
    """Return the clause that carries the item: by what it speaks of in a wrap-up, else by its cue."""
    if recap:
        likely = [(len(content(text[c.start : c.end]) & own), -c.start, c) for c in parts]
        most = max(likely, key=lambda s: s[:2], default=None)
        return most[2] if most and most[0] >= 1 else None
    return next((c for c in parts if c.start in cues), None)


def _far(dated: Clause, at: Clause, parts: Sequence[Clause]) -> float:
    """Return how far a dated clause stands from the item's; before counts double."""
    gap = parts.index(dated) - parts.index(at)
    return gap if gap >= 0 else -2 * gap


def _own_cue(clause: Clause, at: Clause, cues: Sequence[int]) -> bool:
    return clause is not at and clause.start in cues


def _dated(turn: int, clause: Clause, turns: Sequence[TurnEvidence], meeting: Meeting) -> Dated | None:
    """Return the words of a clause that say when, or None."""
    from extract.dates import find_dates
    from extract.dates.school import at_the_meeting

    a, b = turns[turn].view.exact(clause.start, clause.end)
    words = meeting.turns[turn].text[a:b]
    mentions = find_dates(words, meeting.held_on, meeting.calendar)
    if mentions:
        return clause, a + mentions[0].start, a + mentions[-1].end, words
    if at_the_meeting(words, meeting.held_on) is None:
        lean = _LEANS.search(words.lower())
        return (clause, a + lean.start(), a + lean.end(), words) if lean else None
    start, end = _least(words, meeting)
    return clause, a + start, a + end, words


def _least(words: str, meeting: Meeting) -> tuple[int, int]:
    """Return the fewest words that still mean the day of the meeting."""
    from extract.dates.school import at_the_meeting

    places = [m.span() for m in _WORD.finditer(words)][:60]
    for size in range(1, 8):
        for i in range(len(places) - size + 1):
            start, end = places[i][0], places[i + size - 1][1]
            if at_the_meeting(words[start:end], meeting.held_on):
                return start, end
    return 0, len(words)


def _joined(dated: Sequence[Dated], turn: int, meeting: Meeting) -> FoundDue | None:
    """Return the due date of dated clauses taken together."""
    from extract.dates.due import explain_due

    text = meeting.turns[turn].text
    start, end = min(d[1] for d in dated), max(d[2] for d in dated)
    whole = " ".join(d[3].strip() for d in dated)
    day = explain_due(whole, meeting.held_on, meeting.calendar, named=_named_before(turn, start, meeting))
    phrase = text[start:end].strip(" ,.;")
    if not phrase:
        return None
    candidates = day.due.candidates
    if _waits(text[:start].lower(), phrase):
        candidates = ()
    return FoundDue(Due(phrase=phrase, candidates=candidates), turn, start, end, day.why)


def _named_before(turn: int, start: int, meeting: Meeting) -> date | None:
    """Return the day last named before a place, on which words may lean ("by then", "that Thursday")."""
    from extract.dates.due import last_day_named

    back = [meeting.turns[t].text for t in range(max(0, turn - 8), turn)]
    return last_day_named([*back, meeting.turns[turn].text[:start]], meeting.held_on, meeting.calendar)


def _waits(before: str, phrase: str) -> bool:
    """Tell whether a count of days runs from something that has not happened: "once they fax me, in two days"."""
    sentence = re.split(r"[.?!]", before)[-1]
    counted = re.match(
        r"(?:(?:with)?in(?:side)? )?(?:a|an|one|\w+) (?:school |business )?(?:days?|weeks?)\b", phrase.lower()
    )
    return counted is not None and _EVENT_FIRST.search(sentence) is not None


def _answered_later(
    draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting, best: FoundDue | None
) -> FoundDue | None:
    """Return the date that comes in answer to "when?", or that sets an earlier one right, turns later."""
    for anchor in reversed(draft.anchors):
        speaker = meeting.turns[anchor].speaker
        for turn in range(anchor + 1, min(anchor + 1 + AHEAD, len(turns))):
            if meeting.turns[turn].speaker != speaker or turn in draft.anchors:
                continue
            words = turns[turn].view.text
            short = words.count(" ") < 14
            asked = _WHEN.search(turns[turn - 1].view.text) is not None and meeting.turns[turn - 1].speaker != speaker
            if not asked or not short or (best is not None and best.due.candidates and not _RATHER.search(words)):
                continue
            if best is None and not re.search(
                r"\b(?:when|what day|how soon|by when|which)\b", turns[turn - 1].view.text
            ):
                continue
            dated = [d for c in clauses(words) if (d := _dated(turn, c, turns, meeting))]
            if dated:
                return _joined(dated, turn, meeting)
    return None


def _asked_for(draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> FoundDue | None:
    """Return the date in the question that a bare yes answers: "By Friday?" "I can do that."."""
    first = draft.anchors[0]
    if first == 0 or turns[first].view.text.count(" ") > 4:
        return None
    before = turns[first - 1]
    if meeting.turns[first - 1].speaker == meeting.turns[first].speaker:
        return None
    dated = [d for c in clauses(before.view.text) if (d := _dated(first - 1, c, turns, meeting))]
    return _joined(dated[-1:], first - 1, meeting) if dated else None
