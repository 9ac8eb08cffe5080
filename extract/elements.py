"""What was said at the meeting on the elements of a notice: reasons, the data relied on, options weighed."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from typing import Final

from casefile.records import Element, ElementKind, Meeting, Said
from extract.clauses import clauses
from extract.evidence import TurnEvidence
from extract.items import Draft

BACK: Final = 2  # turns before the first anchor that may give the reason
AHEAD: Final = 4
MOST: Final = 6

_CUES: Final[tuple[tuple[ElementKind, re.Pattern[str]], ...]] = (
    (
        "data",
        re.compile(
            r"\b(?:scores?|percent(?:ile)?|standard score|data|probes?|assessment|report|grades?|progress|attendance|observ\w+|"
            r"screener|map|words (?:a|per) minute|out of (?:ten|five|twenty|four|\d+)|benchmark|evaluation results?|trials|"
            r"average|passing|referrals?|a's|b's|records?)\b"
        ),
    ),
    (
        "option",
        re.compile(
            r"\b(?:instead|rather (?:than|do)|what (?:i|we) (?:can|could) (?:do|offer)|we (?:could|can) (?:offer|do|try|look at)|"
            r"i'd be looking at|i could do|we'd (?:offer|propose|be looking)|in place of|alternative|other option|we (?:looked at|considered|talked about|thought about))\b"
        ),
    ),
    (
        "reason",
        re.compile(
            r"\b(?:because|cuz|since|so that|reason|policy|practice|budget|staff\w*|schedule|caseload|restrictive|need(?:s)?|appropriate|"
            r"doing (?:fine|well|great)|making progress|don't have|there's no|we only|we don't|qualif\w*|criteria|too (?:much|early|soon)|"
            r"independen\w*|dependent|available|not something|the state|the law|funding|trained|certified|if (?:we|i) (?:did|do) (?:it|that))\b"
        ),
    ),
)


def elements_of(
    draft: Draft, asked: tuple[Draft, ...], turns: tuple[TurnEvidence, ...], meeting: Meeting
) -> tuple[Element, ...]:
    """Return the sentences around a refusal that bear on its notice; empty for other kinds."""
    if draft.kind != "denial":
        return ()
    side = turns[draft.anchors[0]].side
    about = [a for d in asked for a in d.anchors]
    first = max([draft.anchors[0] - BACK, *(a for a in about if a < draft.anchors[0])])
    found: list[Element] = []
    for e in turns[max(0, first) : min(draft.anchors[-1] + AHEAD, len(turns))]:
        if e.side != side or (e.index not in draft.anchors and side == "unknown"):
            continue
        for sentence in dict.fromkeys(c.sentence for c in clauses(e.view.text)):
            words = e.view.text[sentence.start : sentence.end]
            kind = next((k for k, pattern in _CUES if pattern.search(words)), None)
            if kind is not None and words.count(" ") >= 3:
                found.append(Element(kind=kind, said=_part(e, sentence.start, sentence.end, meeting)))
    return tuple(found[:MOST])


def _part(e: TurnEvidence, start: int, end: int, meeting: Meeting) -> Said:
    turn = meeting.turns[e.index]
    a, b = e.view.exact(start, end)
    text = turn.text[a:b].strip()
    return Said(turn=e.index, speaker=turn.speaker, text=text, start_s=turn.start_s, end_s=turn.end_s, doubt=turn.doubt)
