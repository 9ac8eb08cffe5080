"""Whether a meeting is about an IEP or a Section 504 plan, from the talk and the roles."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from typing import Final

from casefile.records import Meeting, Plan
from extract.view import view_of

_504: Final = re.compile(r"\b(?:504|section 504)\b")
_IEP: Final = re.compile(
    r"\b(?:iep|ieps|special ed(?:ucation)?|ssd|present levels?|procedural safeguards|notice of action|prior written notice|esy|"
    r"least restrictive|sped|process coordinator|case manager|minutes (?:a|per) week|reevaluation|early childhood special)\b"
)


def plan_of(meeting: Meeting) -> Plan:
    """Return the plan given with the meeting, or the one its roles and talk speak of; an IEP where neither says."""
    if meeting.plan is not None:
        return meeting.plan
    roles = " ".join(p.role for p in meeting.participants).lower()
    words = " ".join(view_of(t.text).text for t in meeting.turns)
    about_504 = 4 * len(_504.findall(roles)) + len(_504.findall(words))
    about_iep = 4 * len(_IEP.findall(roles)) + len(_IEP.findall(words))
    return "504" if about_504 > about_iep else "iep"
