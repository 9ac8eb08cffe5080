"""Which of the times that one turn names is a promise's own."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from casefile.records import Due, Meeting
from extract.content import content
from extract.date_words import clause_at
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.said_dates import SaidDate, dates_said

AHEAD: Final = 4  # turns after a promise in which its date may still come
SHORT: Final = 14  # words of a turn that only answers
RECAP: Final = 25  # words of a turn from which it speaks of several things
FAR: Final = 2  # clauses between the words that promise and the date
SEVERAL: Final = 19  # of a turn by somebody else

_AND_AGAIN: Final = re.compile(r"[ ,.]*and (?:then )?again\b")
_FIRST_PERSON: Final = re.compile(r"(?:i|i'll|i'm|i'd|let me)\b")
_OTHERS: Final = re.compile(r"[.,;] (?:he|she|they|it|that|there)(?:'s|'re| is| are| \w+s)? (?!will\b|'ll\b)[^.?!,;]*$")
_EACH_TIME: Final = re.compile(
    r"\b(?:every (?:time|day|morning|sub|kid|single)|each (?:time|day|morning)|any ?time|whenever|always|as needed|if he|if she|if they|if (?:i'm|im|she's|he's) )\b"
)
_ORDER: Final = {"date": 5, "length": 4, "weekday": 3, "near": 3, "today": 3, "leans": 3, "stretch": 2, "event": 1}
DAYS: Final = content(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays january february march april may june july "
    "august september october november december first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty thirtieth week today tomorrow tonight morning"
)


def promises_oneself(e: TurnEvidence) -> bool:
    """Tell whether a turn makes a promise in the first person."""
    cues = [h for h in e.hits if h.rule.kind == "commitment"]
    return any(_FIRST_PERSON.match(e.view.text, h.start) for h in cues)


def in_turn(turn: int, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> SaidDate | None:
    """Return the date said in one turn for this item, or None."""
    said = usable(dates_said(turn, meeting))
    if not said:
        return None
    if _elsewhere(turn, draft, turns, meeting):
        return _in_recap(said, turn, draft, turns, meeting)
    e = turns[turn]
    cues = sorted({e.view.exact(h.start, h.start)[0] for h in e.hits if h.rule.kind == "commitment"})
    found = _beside_cue(said, cues, meeting) if cues else strongest(said)
    if found is not None and _AND_AGAIN.search(meeting.turns[turn].text.lower(), found.end, found.end + 30):
        return replace(found, due=Due(phrase=found.due.phrase, candidates=()))  # done more than once
    if found is not None and found.how in ("today", "length", "weekday") and _comes_again(found, e, meeting):
        return replace(found, due=Due(phrase=found.due.phrase, candidates=()))
    return found


def usable(said: Sequence[SaidDate]) -> list[SaidDate]:
    """Return the times without those that will not do, and without the past where something else is named."""
    kept = [s for s in said if not s.out]
    kept = [s for s in kept if not s.past or s.bound in ("by", "from")]
    dated = [s for s in kept if s.due.candidates]
    return [s for s in dated if s.how != "today"] or dated or kept


def _elsewhere(turn: int, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting) -> bool:
    """Tell whether a turn repeats the item from elsewhere, maybe among other things."""
    first = draft.anchors[0]
    other = meeting.turns[turn].speaker != meeting.turns[first].speaker
    words = turns[turn].view.text.count(" ")
    long = (words > RECAP and turn > first + AHEAD) or (words > SEVERAL and other)
    promises = promises_oneself(turns[turn])
    return turn != first and (long or (other and turn > first + 2 and not promises))


def _beside_cue(said: Sequence[SaidDate], cues: Sequence[int], meeting: Meeting) -> SaidDate | None:
    """Return the time that stands with the first words that promise: just behind them, else just ahead."""
    at = cues[0]
    behind, ahead = [s for s in said if s.start >= at], [s for s in said if s.start < at]
    text = meeting.turns[said[0].turn].text.lower()
    first = clause_at(at, meeting.turns[said[0].turn].text)
    mine = [s for s in behind if not _OTHERS.search(text[max(at, s.start - 40) : s.start])] or behind
    near = mine[0] if mine else None
    if near is not None and ahead and near.clause > first + 1 and ahead[-1].clause >= first - 1:
        near = None
    if near is None:
        return ahead[-1] if ahead and ahead[-1].clause >= first - FAR else None
    if near.clause > first + FAR + 1 and len({s.due.candidates for s in said}) > 1:
        return None
    for one in behind[1:]:
        if one.corrects and one.clause <= near.clause + FAR:
            near = one
    return near


def strongest(said: Sequence[SaidDate]) -> SaidDate:
    """Return the time that says most plainly when, the later of equals; one set right on the spot goes over all."""
    return max(enumerate(said), key=lambda p: (bool(p[1].due.candidates), p[1].corrects, _ORDER[p[1].how], p[0]))[1]


def _comes_again(s: SaidDate, e: TurnEvidence, meeting: Meeting) -> bool:
    """Tell whether the words around a time speak of something done each time."""
    return s.again and s.bound not in ("from", "by", "before") and _EACH_TIME.search(e.view.text) is not None


def _in_recap(
    said: Sequence[SaidDate], turn: int, draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting
) -> SaidDate | None:
    """Return the time that a turn of many things names for this one: by the words just before it."""
    own = content(" ".join(turns[a].view.text for a in draft.anchors if a != turn))
    owner = (meeting.turns[draft.anchors[0]].speaker or "").lower().split()
    text = meeting.turns[turn].text
    best: tuple[int, int] | None = None
    for i, s in enumerate(said):
        before = max((o.end for o in said if o.end <= s.start), default=0)
        near = text[before : s.start][-90:].lower()
        if len(content(near.rpartition(".")[2]) - DAYS) >= 1:
            near = near.rpartition(".")[2]
        shared = len((content(near) & own) - DAYS)
        named = any(len(w) > 2 and re.search(rf"\b{re.escape(w)}\b", near) for w in owner)
        if shared and (best is None or shared + named > best[0]):
            best = shared + named, i
    return said[best[1]] if best else None
