"""The condition a promise or refusal was tied to, in the words spoken."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from typing import Final

from casefile.records import Meeting
from extract.clauses import clauses
from extract.evidence import TurnEvidence
from extract.items import Draft

_CONDITION: Final = re.compile(
    r"\b(?:if|unless|once|as soon as|soon as|assuming|provided|as long as|only if|until|contingent on|depending on|"
    r"when (?:you|she|he|they|we) (?:sign|get|have|send|bring|give|return))\b"
)
_NOT_ONE: Final = re.compile(
    r"\b(?:see if|know if|ask if|asked if|wonder if|find out if|check if|as if|even if|what if|once (?:a|again|more|or)|at once|tell (?:me|you) if|if (?:that's okay|you (?:want|like|don't mind|will|ask))|all at once)\b"
)
_ENDS: Final = re.compile(r",|\bthen\b|\b(?:i'll|we'll|i can|we can|i will|we will)\b")


def condition_of(draft: Draft, turns: tuple[TurnEvidence, ...], meeting: Meeting) -> str | None:
    """Return the condition as spoken in the item's first anchor, or None."""
    if draft.kind not in ("commitment", "agreement", "denial"):
        return None
    at = draft.anchors[0]
    view = turns[at].view
    cues = {h.clause.sentence.start for h in turns[at].hits if h.rule.kind == draft.kind}
    for clause in clauses(view.text):
        if cues and clause.sentence.start not in cues:
            continue
        found = _CONDITION.search(view.text, clause.start, clause.end)
        if not found or _NOT_ONE.search(view.text, max(0, found.start() - 10), clause.end):
            continue
        stop = _ENDS.search(view.text, found.end(), clause.end)
        start, end = view.exact(found.start(), stop.start() if stop else clause.end)
        words = meeting.turns[at].text[start:end].strip(" ,.;")
        if 2 <= words.count(" ") <= 24:
            return words
    return None
