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
    r"(?:[ ,]+(?:a|an|the|(?<!have )(?<!has )(?<!need )(?<!want )to|by|until|and|or|but|so|of|for|with|in|on|at|by|from|his|her|their|my|your|our|that|this|if|as|then|um|uh|like|well|is|are|was|okay|yeah|about|just|some|any|into|when|i|we|he|she|it's|too))+$"
)
# where a new thought begins without a mark: "print the form | it's in my office", "ask him | I have a meeting"
_ANEW: Final = re.compile(
    r"(?<!\bif)(?<!\bwhen)(?<!\bwhat)(?<!\bthat)(?<!\bhow)(?<!\bwhere)(?<!\bwho)(?<!\bas)(?<!\bthan)(?<!\bwhether)(?<!\bbefore)(?<!\bafter)(?<!\buntil)(?<!\btill)(?<!\bonce)(?<!\bwhile)"
    r"(?<!\bbecause)(?<!\bsince)(?<!\bso)(?<!\bwhatever)(?<!\bwherever)(?<!\bwhich)(?<!\beverything)(?<!\banything)(?<!\bsure)(?<!\bday)(?<!\bway)(?<!\btime)(?<!\bsoon)(?<!\bminute)(?<!\bthink)(?<!\bsay)(?<!\bsays)(?<!\bknow)"
    r" (?:it's|its (?:yours|all|in|on|at|the|a|my|prime|just|not|all|fine|only|like|no|about|been)|it (?:is|was|has|won't|takes|goes)|that's|thats|there's|theres|there will|i'm|im|i'll|ill|i'd|we'll|we're|i've got|i have|"
    r"he's|hes|she's|shes|they're|theyre|they'll|theyll|it'll|itll|you can|you will|y'all|yall|hell (?:have|be)|you'll|youll|he likes|she likes|they (?:can|gotta|need)|i (?:just|can|could|got|see|was|know|think|need|don't|didn't|want)|hang on|okay|ok|no|oh|jeez)\b"
)
_OPEN: Final = re.compile(r"\b(?:the|a|an|my|your|his|her|their|our|to|of|with|from)$")  # "make the, um, the strip"
_AT_A_CUT: Final = re.compile(
    r"(?:[ ,]+(?:a|an|the|(?<!have )(?<!has )(?<!need )(?<!want )to|by|until|and|or|but|so|of|my|your|our|their|as|um|uh|well|i|we|he|she|it's|okay|yeah|about|just|then|too|(?<=and )again))+$"
)
LONGEST: Final = 200  # characters


def verb_phrase(view: View, start: int) -> tuple[int, int]:
    """Return the half-open place in the view of the verb phrase that begins at `start`."""
    text = view.text
    end = min(len(text), start + LONGEST)
    for clause in clauses(text):
        said = text[start : clause.start].strip()
        if start + 1 < clause.start < end and said.count(" ") >= 1 and not _OPEN.search(said):
            end = clause.start
    for pattern in (_STOP, _ASIDE):
        hit = pattern.search(text, start + 1, end)
        if hit and text[start : hit.start()].strip().count(" ") >= (0 if pattern is _STOP else 2):
            end = hit.start()
    anew = _ANEW.search(text, start + 1, end)
    if anew and text[start : anew.start()].strip().count(" ") >= 1:
        end = anew.start()
    if end - start == LONGEST and " " in text[start:end]:
        end = start + text[start:end].rindex(" ")
    words = text[start:end].rstrip(" ,")
    whole = any(
        start + len(words) in (c.end, c.sentence.end) or text[start + len(words) : c.end].strip(" ,") == ""
        for c in clauses(text)
        if c.start <= start < c.end
    )
    loose = (_AT_A_CUT if whole else _DANGLING).search(words)
    if loose and loose.start() > 0:
        words = words[: loose.start()]
    return start, start + len(words)
