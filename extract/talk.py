"""What the talk just before a turn holds: an unanswered request, a question, a proposal, a promise."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from extract.match import Before, hits_in
from extract.view import View

REACH: Final = 4  # turns back within which a request is still open

_PROPOSAL: Final = re.compile(
    r"\b(?:everyone (?:okay|good|agree)|everybody (?:okay|good|agree|all right|fine)|any objections?|does that (?:work|get us|sound)|"
    r"is that (?:okay|fair|all right|something)|would that (?:work|be)|how (?:about|does that)|are (?:we|you) (?:okay|good|all right|comfortable)|"
    r"what if we|we(?:'d| could| can|'ll| would)|i(?:'d| could| can| would)|so (?:we'd|we'll|that's|it's)|let's)\b"
)
_CUT_OFF: Final = re.compile(
    r"^(?:by |on |so |and |okay |um |uh )*(?:when|what day|which|by when|how soon|what time|starting)\b"
)


@lru_cache(maxsize=65536)
def _request_in(view: View, side: str) -> bool:
    return any(h.rule.kind == "request" and h.strength >= 1 for h in hits_in(view, side=side))


@lru_cache(maxsize=65536)
def _promise_in(view: View, side: str) -> bool:
    return any(h.rule.kind == "commitment" and h.strength >= 2 for h in hits_in(view, side=side))


def asks(view: View) -> bool:
    """Tell whether a turn ends by asking something."""
    words = view.text.rstrip()
    return words.endswith("?") or bool(_CUT_OFF.match(words))


def before_turn(views: Sequence[View], sides: Sequence[str], at: int) -> Before:
    """Return what stands before turn `at`; sides are "school", "family", "outside" or "unknown"."""
    back = range(at - 1, max(-1, at - 1 - REACH), -1)
    side = sides[at]
    other = [j for j in back if sides[j] != side or side == "unknown"]
    request = any(_request_in(views[j], sides[j]) for j in other if sides[j] in ("family", "unknown"))
    question = bool(at) and asks(views[at - 1])
    proposal = any(_PROPOSAL.search(views[j].text) for j in list(other)[:2])
    promise = any(_promise_in(views[j], sides[j]) for j in range(at - 1, max(-1, at - 4), -1))
    return Before(request=request, question=question, proposal=proposal, promise=promise and question)
