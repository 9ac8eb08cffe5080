"""A turn's words as the rules read them: lower case, recognisers' slips mended, with the way back to the exact text.

"eye ee pee" reads "iep", "ill send" reads "i'll send". Quotes are always cut from the exact text, never from here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_AFTER_WILL: Final = (
    r"(?:also |just |probably |definitely |go ahead and |always |actually |still |certainly |personally |then |"
    r"even |never |try |all |both |either )*"
    r"(?:have|get|send|do|make|be|see|take|put|add|write|call|email|mail|text|check|ask|talk|look|let|give|bring|find|"
    r"keep|start|set|meet|work|go|come|try|need|want|follow|include|change|fix|pull|print|copy|share|show|tell|move|"
    r"schedule|update|draft|provide|train|help|hold|leave|drop|pick|run|reach|plan|type|finish|touch|know|say|use|"
    r"read|note|document|circle|forward|scan|sit|walk|handle|cover|figure|offer|consider|revisit|table|review|order|"
    r"observe|test|evaluate|screen|reconvene|continue|stop|quit|switch|double|own|swing|shoot|loop|probe|log|track|"
    r"correct|attach|remind|explain|build|begin|enter|reword|rewrite|increase|drop|contact|confirm|coordinate|grab|"
    r"hand|never|not|listen|wait|stay|think|discuss|decide|bump|reduce|raise|pay|spell|stick|stand|request|watch)\b"
)
_BE_DOING: Final = (
    r"(?:not|going|gonna|happy|glad|able|looking|still|trying|just|adding|keeping|asking|done|good|seeing|saying|"
    r"hoping|required|supposed|fine|okay|ready|working|requesting|moving|leaving|starting|doing|in agreement|all|at|"
    r"recommending|proposing|sticking|agreeing|offering|really|concerned|comfortable|thinking|getting|talking|here)\b"
)

# ruff: noqa: E501 - one slip a line
# what is written -> what was said; the first that fits wins
_MENDS: Final[tuple[tuple[str, str], ...]] = (
    (r"\beye ee pee(?=s?\b)|\bi e p(?=s?\b)|\bi\.e\.p\.|\biee pee\b", "iep"),
    (r"\bfive (?:oh|o|zero) four\b|\b5 0 4\b", "504"),
    (r"\bpair a(?=s\b|\b(?! of))|\bparra(?=s?\b)|\bpair uh\b", "para"),
    (r"\bdes+[ey]e?\b(?!rt)|\bd e s e\b", "dese"),
    (r"\be s y\b|\bee ess (?:why|wye)\b", "esy"),
    (r"\b(?:bee eye pee|b i p)\b", "bip"),
    (r"\b(?:eff? bee ay|f b a)\b", "fba"),
    (r"\b(?:ess ess dee|s s d)\b", "ssd"),
    (r"\bo t\b|\boh tee\b", "ot"),
    (r"\bp t\b(?! cruiser)|\bpee tee\b", "pt"),
    (r"\bs l p\b", "slp"),
    (r"\bp w n\b", "pwn"),
    (r"\bn o a\b", "noa"),
    (r"\bl r e\b", "lre"),
    (r"\bb c b a\b", "bcba"),
    (r"\bi e e\b", "iee"),
    (r"\ba a c\b", "aac"),
    (r"\ba t (?=eval|assess|device|team)", "at "),
    (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should|might|need|ai)nt\b", r"\1n't"),
    (r"\bcant\b", "can't"),
    (r"\bwont\b", "won't"),
    (r"\bcannot\b", "can't"),
    (r"\b(?:gonna|going ta)\b", "going to"),
    (r"\bgotta\b", "got to"),
    (r"\bwanna\b", "want to"),
    (r"(?<!feel )(?<!feeling )(?<!was )(?<!is )(?<!been )(?<!get )(?<!got )(?<!so )(?<!mentally )\bill\b(?! ?(?:child|kid|again\b))", "i'll"),
    (r"(?<!as )(?<!very )(?<!pretty )(?<!really )(?<!so )(?<!doing )\bwell (?=" + _AFTER_WILL + ")", "we'll "),
    (r"\b(s?he)ll (?=" + _AFTER_WILL + ")", r"\1'll "),
    (r"\b(you|they|it|that|there|who|this|what)ll\b", r"\1'll"),
    (r"(?<!they )(?<!you )(?<!we )(?<!kids )(?<!there )(?<!things )(?<!who )\bwere (?=" + _BE_DOING + ")", "we're "),
    (r"\b(im)\b", "i'm"),
    (r"\bive\b", "i've"),
    (r"\bid (?=(?:also |just |really |still )?(?:like|love|want|have|need|rather|say|be|ask|prefer|feel|hate|worry|suggest|"
     r"appreciate|do|keep|go|recommend|hesitate|look|see|give|put|get|tell|think|probably)\b)", "i'd "),
    (r"\bwed (?=(?:also |just |really |still |all )?(?:like|love|want|have|need|rather|be|ask|prefer|hate|worry|do|keep|"
     r"look|see|recommend|probably|appreciate|feel)\b)", "we'd "),
    (r"\b(you|they|we)ve\b", r"\1've"),
    (r"\b(you|they)re\b", r"\1're"),
    (r"\b(thats|whats|heres|theres|hes|shes|lets|wheres|whos|hows)\b", ""),  # handled below: a mark before the s
)  # fmt: skip
_CALLED: Final = {"thats", "whats", "heres", "theres", "hes", "shes", "lets", "wheres", "whos", "hows"}
_PATTERNS: Final = tuple((re.compile(p), r) for p, r in _MENDS)
_ONLY_LOOKS: Final = re.compile(r"(?<!\\)\((?!\?)")  # an opening bracket that would capture
_ANY: Final = re.compile("|".join(f"(?P<m{i}>{_ONLY_LOOKS.sub('(?:', p)})" for i, (p, _) in enumerate(_MENDS)))
_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class View:
    """A turn as the rules read it. `starts[k]` is the place in the view where the k-th piece begins."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]  # place in the exact text less place in the view, for each piece
    length: int  # of the exact text

    def exact(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open place in the exact text of a half-open place in the view."""
        a = start + self.shifts[bisect_right(self.starts, start) - 1]
        b = end + self.shifts[bisect_right(self.starts, max(end - 1, 0)) - 1]
        return max(0, min(a, self.length)), max(0, min(b, self.length))


@lru_cache(maxsize=4096)
def view_of(text: str) -> View:
    """Return the view of a turn's exact text."""
    low = _lower(text)
    out: list[str] = []
    starts, shifts = [0], [0]
    at, size = 0, 0
    for hit in _ANY.finditer(low):
        if hit.end() == hit.start():
            continue
        said = _mended(hit)
        if said == hit.group():
            continue
        out.append(low[at : hit.start()])
        size += hit.start() - at
        starts.append(size)
        shifts.append(hit.start() - size)
        out.append(said)
        size += len(said)
        starts.append(size)
        shifts.append(hit.end() - size)
        at = hit.end()
    out.append(low[at:])
    return View("".join(out), tuple(starts), tuple(shifts), len(text))


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) != len(text):  # some letters grow when lowered; places must stay
        low = "".join(c if len(c) == 1 else o for o, c in ((o, o.lower()) for o in text))
    return low.translate(_PLAIN)


def _mended(hit: re.Match[str]) -> str:
    index = int((hit.lastgroup or "m0")[1:])
    word = hit.group()
    if word in _CALLED:
        return word[:-1] + "'s"
    pattern, said = _PATTERNS[index]
    inner = pattern.fullmatch(hit.string, hit.start(), hit.end()) or pattern.match(hit.string, hit.start())
    return inner.expand(said) if inner else word
