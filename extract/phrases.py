"""A verb phrase cut out of running speech: up to where another thought begins."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from typing import Final

from extract.clauses import clauses
from extract.view import View

_STOP: Final = re.compile(
    r"(?<!\bdr)(?<!\bms)(?<!\bmr)(?<!\bmrs)[.?!;](?=\s|$)|\.\.\.| -+ |,? (?:because|cuz|'cause|though|anyhow|anyway|is that okay|right\b$|okay\b$|you know)\b"
)
_ASIDE: Final = re.compile(
    r",\s+(?:i|we|he|she|they|it|you|that's|it's|there's|um|uh|so|but|yeah|no|okay|and (?:i|we|you|he|she|they))\b"
)
_DANGLING: Final = re.compile(
    r"(?:[ ,]+(?:a|an|the|to|and|or|but|so|of|for|with|in|on|at|by|from|his|her|their|my|your|our|that|this|if|as|then|um|uh|like|well|is|are|was|okay|yeah|about|just|some|any|into|when|i|we|he|she|it's|too))+$"
)
LONGEST: Final = 200  # characters


def verb_phrase(view: View, start: int) -> tuple[int, int]:
    """Return the half-open place in the view of the verb phrase that begins at `start`."""
    text = view.text
    end = min(len(text), start + LONGEST)
    for clause in clauses(text):
        if start + 1 < clause.start < end and text[start : clause.start].strip().count(" ") >= 1:
            end = clause.start
    for pattern in (_STOP, _ASIDE):
        hit = pattern.search(text, start + 1, end)
        if hit and text[start : hit.start()].strip().count(" ") >= (0 if pattern is _STOP else 2):
            end = hit.start()
    if end - start == LONGEST and " " in text[start:end]:
        end = start + text[start:end].rindex(" ")
    words = text[start:end].rstrip(" ,")
    loose = _DANGLING.search(words)
    if loose and loose.start() > 0:
        words = words[: loose.start()]
    return start, start + len(words)
