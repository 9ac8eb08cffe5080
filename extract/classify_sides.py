"""Which side of the table a role stands on, as far as free text tells."""

from __future__ import annotations

import re
from typing import Final, Literal

Side = Literal["unknown", "parent", "student", "advocate", "teacher", "therapist", "leader", "outside", "staff"]
SIDES: Final[tuple[Side, ...]] = (
    "unknown",
    "parent",
    "student",
    "advocate",
    "teacher",
    "therapist",
    "leader",
    "outside",
    "staff",
)

_PATTERNS: Final[tuple[tuple[Side, str], ...]] = (
    ("outside", r"first steps|vocational rehab|case ?worker|juvenile|regional (office|center)|outside|\bvr\b"),
    ("leader", r"district.{0,3}attorney|attorney for the (district|school)|military families"),
    ("advocate", r"advocate|attorney|lawyer|guardian ad litem|surrogate advocate|\bcasa\b|public defender"),
    (
        "parent",
        r"\b(foster |step|great-?|grand)*(parent|mother|father|mom|dad|ma|pa)s?\b|stepparent|grandparent|guardian"
        r"|\b(great-)?(aunt|uncle)\b|\bbrother\b|\bsister\b|\bcousin\b|relative|friend\b|neighbor|surrogate",
    ),
    (
        "leader",
        r"principal|superintendent|director|coordinator|\blea\b|supervisor|\bchair|administrator|facilitator"
        r"|manager|dean\b|504 coord|compliance",
    ),
    (
        "therapist",
        r"therapist|patholog|\bslp\b|\bot\b|\bpt\b|psycholog|nurse|counsel|social worker|bcba|behavior|audiolog"
        r"|diagnostician|specialist|interventionist|mobility|health",
    ),
    ("outside", r"doctor|pediatric|interpreter|agency|clinic|officer"),
    ("teacher", r"teacher|para|coach|aide\b|educator|instructor|librarian|tutor"),
    ("student", r"\bstudent\b|\bchild\b|\bpupil\b"),
    ("staff", r"."),
)
_COMPILED: Final = tuple((side, re.compile(pattern, re.IGNORECASE)) for side, pattern in _PATTERNS)


def side_of(role: str | None) -> Side:
    """Return the side a role names: "SSD area coordinator" is a leader, "aunt" a parent; "unknown" without a role."""
    if not role or not role.strip():
        return "unknown"
    return next((side for side, pattern in _COMPILED if pattern.search(role)), "unknown")
