"""How likely a turn goes on with an item: its date turns later, a wrap-up, the same refusal said again.

The weights stand in `joiner.json`, fitted by `python -m extract.combining` on training meetings.
"""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np

from casefile.records import Kind
from extract.content import content, likeness
from extract.evidence import TurnEvidence, Vector
from extract.rules import KINDS

_DATE: Final = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:january|february|april|june|july|august|"
    r"september|october|november|december)|the [a-z-]+(?:th|st|nd|rd|teenth)|[a-z]+teenth|week|morning|afternoon|month|"
    r"twent(?:y|ieth)[a-z -]*|thirtieth|tenth|ninth|eighth|seventh|sixth|fifth|fourth|third|second|first)\b"
)
_POINTS_BACK: Final = re.compile(r"\b(?:it|that|them|those|one|this|same|too|both|either)\b")
_RECAP: Final = re.compile(
    r"\b(?:read (?:it |that |this )?back|recap|go (?:back )?over (?:the|what|everything|it)|to (?:sum|wrap)|so i(?:'ve| have) got|"
    r"what i(?:'ve| have) (?:got )?(?:written|down)|let me (?:make sure|say back|run through|list)|my list|next steps|action items|"
    r"who's doing what|here's what i|before we (?:go|close|leave|wrap)|anything (?:else|i missed)|i have (?:you|me) down)\b"
)
_FOLLOWS: Final = re.compile(
    r"^(?:then|so|okay|ok|yeah|yes|and|right|no|actually|oh|uh|um|well|sure|i know|like i said|as i said|again)\b"
)
_WHEN: Final = re.compile(r"\b(?:when|what day|which|by when|how soon|what time|what date)\b")
REACH: Final = 60  # items back that a turn may go on with


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an item when a turn is held against it."""

    kind: Kind
    anchors: tuple[int, ...]
    words: frozenset[str]
    back: int  # 1 for the latest item of its kind


NAMES: Final = (
    "bias",
    *(f"kind {k}" for k in KINDS),
    *(f"gap {g}" for g in (1, 2, 3, 5, 8, 15, 40)),
    "far",
    "same speaker",
    "same and near",
    "alike",
    "alike and far",
    "shared words",
    "alike last",
    "few words",
    "points back",
    "only date",
    "date near",
    "asked when",
    "recap",
    "recap alike",
    "latest",
    "latest and few",
    "new words",
    "follows",
    "names owner",
    "other sides",
)
_GAPS: Final = (1, 2, 3, 5, 8, 15, 40)


def recap_turns(turns: Sequence[TurnEvidence]) -> frozenset[int]:
    """Return the turns of wrap-ups: those that announce one late in the meeting, and what follows."""
    found: set[int] = set()
    for e in turns:
        if e.index > 0.45 * len(turns) and _RECAP.search(e.view.text):
            found |= set(range(e.index, min(e.index + 16, len(turns))))
    return frozenset(found)


def one_voice(speakers: Sequence[str | None], one: int, other: int) -> bool:
    """Tell whether one person says two turns; whom nobody could tell is not known to be the same."""
    return speakers[one] is not None and speakers[one] == speakers[other]


def features(
    e: TurnEvidence,
    item: Known,
    turns: Sequence[TurnEvidence],
    speakers: Sequence[str | None],
    rare: Mapping[str, float],
    recap: frozenset[int],
) -> list[float]:
    """Return the features of turn `e` held against an item, named in `NAMES`."""
    text = e.view.text
    words = content(text)
    gap = max(1, e.index - max(a for a in item.anchors if a < e.index))
    same = one_voice(speakers, item.anchors[0], e.index)
    alike = likeness(words, item.words, rare)
    last = likeness(words, content(turns[item.anchors[-1]].view.text), rare)
    few = len(words) <= 2
    dated = bool(_DATE.search(text))
    owner = (speakers[item.anchors[0]] or "").lower().split(" ")[0]
    bucket = next((i for i, g in enumerate(_GAPS) if gap <= g), len(_GAPS))
    return [
        1.0,
        *(item.kind == k for k in KINDS),
        *(bucket == i for i in range(len(_GAPS))),
        bucket == len(_GAPS),
        same,
        same and gap <= 4,
        alike,
        alike * (gap > 8),
        min(len(words & item.words), 4) / 4,
        last,
        few,
        bool(_POINTS_BACK.search(text)) and gap <= 4,
        dated and len(words) <= 1,
        dated and gap <= 4 and same,
        gap <= 5 and e.index > 0 and bool(_WHEN.search(turns[e.index - 1].view.text)),
        e.index in recap,
        alike * (e.index in recap),
        item.back == 1,
        item.back == 1 and few,
        min(len(words - item.words), 8) / 8,
        bool(_FOLLOWS.match(text)) and gap <= 4,
        bool(owner) and gap > 4 and re.search(rf"\b{re.escape(owner)}\b", text) is not None,
        turns[item.anchors[0]].side != e.side,
    ]


@lru_cache(maxsize=1)
def load_joiner() -> Vector:
    """Return the weights of `NAMES`."""
    plain = json.loads((resources.files("extract") / "joiner.json").read_text(encoding="utf8"))
    return np.array(plain["weights"])
