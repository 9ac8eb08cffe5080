"""When something was promised for: the words of the item's turns that say, resolved from the day of the meeting."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from casefile.records import Due, Meeting
from extract.content import content
from extract.due_in_turn import AHEAD, DAYS, SHORT, in_turn, promises_oneself, strongest, usable
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.said_dates import SaidDate, dates_said

BACK: Final = 3  # turns before it in which the event was dated that it is a promise for
NEAR_AGAIN: Final = 6  # turns after a date in which the item's next turns may set it right
LONG_ANSWER: Final = 24  # of one that answers "when?" at once

_WHEN: Final = re.compile(
    r"\b(?:when|what day|which day|by when|how soon|what time|how long|what date|a date|which|starting$|starting\?)\b"
)
_DAY: Final = re.compile(
    r"\b(?:starting|soon as|today|tomorrow|monday|tuesday|wednesday|thursday|friday|week|what month|\w+teenth|\w+tieth|\w+ (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))\b"
)
_RATHER: Final = re.compile(
    r"\b(?:then|instead|rather|make (?:it|that)|no|sorry|actually|i mean|okay,? so|say|scratch|can't|moves?)\b"
)
_THEN: Final = re.compile(
    r"\b(?:then|that (?:day|morning|night|one|afternoon|evening|meeting|hour)|(?:to|at|for|with) (?:it|that)|put me down)\b[ .,!]*$|\bcome (?:to that|get it|then)\b|\bpick you up\b|\bbe there\b"
)
_YES: Final = re.compile(
    r"^(?:\w+,? )?(?:yes|yeah|yep|yup|sure|okay|ok|done|deal|absolutely|of course|i can(?: do that)?|we can(?: do that)?|will do|you got it|can do|fine|mm hm|that works|works for me|alright|all right|i will|consider it done|you bet)\b"
)
_DEADLINE: Final = ("by", "before")
_GOES_ON: Final = re.compile(
    r"^(?:then|so|and|by|on|before|okay,? (?:so|then))\b|\b(?:you'll have|you'd have|it'll be|i'll have|have (?:it|them|that)|get (?:it|them|that)) "
)
_TAKES_BACK: Final = re.compile(r"\b(?:scratch|make (?:it|that)|instead|i mean|hang on|hold on|no wait)\b")


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
    best: SaidDate | None = None
    for turn in draft.anchors:
        if best is not None and best.due.candidates and turn - best.turn > NEAR_AGAIN:
            break
        found = in_turn(turn, draft, turns, meeting)
        if found and (best is None or (found.due.candidates and _sets_right(found, best, draft, turns, meeting))):
            best = found
    best = _said_later(draft, turns, meeting, best) or _asked_for(draft, turns, meeting)
    return None if best is None else FoundDue(best.due, best.turn, best.start, best.end, best.why)


def _sets_right(found: SaidDate, best: SaidDate, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> bool:
    """Tell whether a later turn's date takes the place of an earlier one, rather than that of another promise."""
    if not best.due.candidates or best.turn == found.turn:
        return True
    words, before = turns[found.turn].view.text, turns[found.turn - 1].view.text
    if _RATHER.search(words) or _DAY.search(before) or _WHEN.search(before) or words.count(" ") < 4:
        return True
    if meeting.turns[found.turn].speaker != meeting.turns[best.turn].speaker:
        return False
    if found.turn - best.turn <= AHEAD and (best.bound not in _DEADLINE or found.bound in _DEADLINE):
        return True
    return bool((content(words) & content(turns[draft.anchors[0]].view.text)) - DAYS)


def _said_later(
    draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting, best: SaidDate | None
) -> SaidDate | None:
    """Return the date that comes in answer to "when?", or that sets an earlier one right, turns later."""
    found = best
    for anchor in draft.anchors:
        speaker, last = meeting.turns[anchor].speaker, anchor
        for turn in range(anchor + 1, min(anchor + 1 + 2 * AHEAD, len(turns))):
            if turn - last > AHEAD or (found is not None and turn <= found.turn):
                continue
            if meeting.turns[turn].speaker != speaker or turn in draft.anchors:
                continue
            said = _answer(turn, anchor, turns, meeting, found)
            if said is not None:
                found, last = said, turn
    return found


def _answer(
    turn: int, anchor: int, turns: Sequence[TurnEvidence], meeting: Meeting, best: SaidDate | None
) -> SaidDate | None:
    """Return the date by which a turn answers "when?", or sets `best` right, or None."""
    words, before = turns[turn].view.text, turns[turn - 1].view.text
    if meeting.turns[turn - 1].speaker == meeting.turns[turn].speaker:
        return None
    asked = _WHEN.search(before) is not None
    at_once = turn <= anchor + 2
    dated = best is not None and bool(best.due.candidates)
    goes_on = best is None and at_once and _GOES_ON.search(words) is not None
    plainly = goes_on or (at_once and (asked or _TAKES_BACK.search(words) is not None))
    if words.count(" ") >= (LONG_ANSWER if plainly else SHORT):
        return None
    another = promises_oneself(turns[turn])
    if dated and not (
        (asked or _DAY.search(before)) and _RATHER.search(words) and not (another and words.count(" ") > 8)
    ):
        return None
    if not dated and not goes_on and not (asked and (at_once or before.count(" ") < 8)):
        return None
    said = usable(dates_said(turn, meeting))
    return strongest(said) if said else None


def _asked_for(draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> SaidDate | None:
    """Return the date in the question that a bare yes answers: "By Friday?" "I can do that."."""
    first = draft.anchors[0]
    if first == 0:
        return None
    words = turns[first].view.text
    before = turns[first - 1].view.text
    name = (meeting.turns[first].speaker or "").lower().split()
    called = any(len(w) > 2 and re.search(rf"\b{re.escape(w)}\b", before) for w in name)
    takes_up = called and words.count(" ") <= 7 and bool(content(words) & content(before))
    bare = _YES.match(words) is not None and words.count(" ") <= 6
    if ((bare and (called or before.rstrip().endswith("?"))) or takes_up) and meeting.turns[
        first - 1
    ].speaker != meeting.turns[first].speaker:
        said = usable(dates_said(first - 1, meeting))
        if said:
            return said[-1]
    if _THEN.search(words):
        for turn in range(first - 1, max(-1, first - 1 - BACK), -1):
            said = [s for s in usable(dates_said(turn, meeting)) if s.due.on]
            if said:
                return said[-1]
    return None
