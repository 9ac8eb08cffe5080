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
        "reason",
        re.compile(
            r"\b(?:because|cuz|the reason|policy|our practice|budget|short[- ]?staffed|caseload(?:'s| is)|master schedule|too restrictive|"
            r"more restrictive|restrictiveness|meeting (?:his|her) needs|making (?:good |great |some )?progress|doing (?:fine|well|great)|"
            r"(?:don't|doesn't) (?:have|use|do|write|offer|name|need|qualify|meet|see|show|warrant)|didn't (?:qualify|meet|show)|there's no(?:body| one)?|"
            r"no (?:educational (?:impact|need)|gap|regression)|enough data|not eligible|criteria|too (?:dependent|reliant)|locked into|"
            r"we(?:'ve| have) only got|nobody (?:is|who's) (?:trained|certified)|can't spare|my days are full|not something (?:we|ssd|the district)|"
            r"(?:he|she)'d (?:miss|lose)|medical (?:service|task)|state (?:rule|requires)|if (?:we|i) did (?:it|that) for)\b"
        ),
    ),
    (
        "data",
        re.compile(
            r"\b(?:(?:test |his |her |the )?scores?|percent(?:ile)?|standard score|enough data|(?:the|our) data|probes?|(?:the|his|her) (?:evaluation|"
            r"assessment|report|grades)|was tested|observ(?:ed|ation)|screener|words (?:a|per) minute|out of (?:ten|five|twenty|four)|"
            r"average range|benchmark|work samples?|attendance record|referrals)\b"
        ),
    ),
    (
        "option",
        re.compile(
            r"\b(?:instead of|rather than|in place of|what (?:i|we) (?:can|could) (?:do|offer) is|we could (?:try|offer|do|look at)|i could (?:do|offer)|"
            r"i'd be looking at|the other (?:thing|option)|another option|alternative|we (?:looked at|considered|thought about|discussed) (?!that\b))"
        ),
    ),
)
_WARM: Final = re.compile(
    r"\b(?:i hear you|i understand|i wish (?:i|we) could|we'd love to|i'd love to|thank you|i appreciate)\b"
)


def elements_of(
    draft: Draft, asked: tuple[Draft, ...], turns: tuple[TurnEvidence, ...], meeting: Meeting
) -> tuple[tuple[Element, int], ...]:
    """Return the sentences around a refusal that bear on its notice, each with where it begins in its turn's text; times are the caller's.

    Empty for other kinds.
    """
    if draft.kind != "denial":
        return ()
    side = turns[draft.anchors[0]].side
    about = [a for d in asked for a in d.anchors]
    first = max([draft.anchors[0] - BACK, *(a for a in about if a < draft.anchors[0])])
    found: list[tuple[Element, int]] = []
    for e in turns[max(0, first) : min(draft.anchors[-1] + AHEAD, len(turns))]:
        if e.side != side or (e.index not in draft.anchors and side == "unknown"):
            continue
        for sentence in dict.fromkeys(c.sentence for c in clauses(e.view.text)):
            words = e.view.text[sentence.start : sentence.end]
            if words.count(" ") < 3 or _WARM.search(words) or words.strip().endswith("?"):
                continue
            said, place = _part(e, sentence.start, sentence.end, meeting)
            found += [(Element(kind=k, said=said), place) for k, pattern in _CUES if pattern.search(words)]
    return tuple(found[:MOST])


def _part(e: TurnEvidence, start: int, end: int, meeting: Meeting) -> tuple[Said, int]:
    turn = meeting.turns[e.index]
    a, b = e.view.exact(start, end)
    text = turn.text[a:b].strip()
    place = a + len(turn.text[a:b]) - len(turn.text[a:b].lstrip())
    return Said(turn=e.index, speaker=turn.speaker, text=text), place
