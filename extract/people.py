"""Who is who: the sides of the table, and whom words like "Ms. Johnson", "the OT" or "she" name."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from casefile.records import Meeting, Participant, Turn

Side = Literal["school", "family", "outside", "unknown"]
Agency = Literal["ssd", "district", "none"]

_FAMILY: Final = re.compile(
    r"\b(?:(?:foster|step|grand|great-?grand|co-?|bonus |god)?-?(?:parents?|mother|father|mom|mum|dad)|stepparent|"
    r"grand(?:ma|pa|parent)s?|guardian|aunt|uncle|sister|brother|cousin|sibling|niece|nephew|relative|family|surrogate|"
    r"advocate|student|child|self|wife|husband|partner of|neighbor|friend|lay advocate)\b",
    re.IGNORECASE,
)
_COUNSEL: Final = re.compile(r"attorney|lawyer|counsel\b|public defender", re.IGNORECASE)
_FOR_SCHOOL: Final = re.compile(
    r"(?:district|school|board|ssd|for the district)[^,;]{0,20}(?:attorney|counsel|lawyer)|(?:attorney|counsel|lawyer)[^,;]{0,16}(?:district|school|ssd|board)",
    re.IGNORECASE,
)
_OUTSIDE: Final = re.compile(
    r"\b(?:first steps|vocational rehab\w*|\bvr\b|case ?worker|juvenile|probation|private|outside|clinic|hospital|doctor|"
    r"physician|pediatric\w*|interpreter|regional (?:office|center)|agency|children's division|casa|guardian ad litem|"
    r"gal\b|military|insurance|therapist \(private\)|community|court)\b",
    re.IGNORECASE,
)
_FAMILY_STAFF: Final = re.compile(
    r"\b(?:parent|family|student)s?\W? (?:liaison|coordinator|educator|support|services|advocacy|engagement)|family and consumer|student teacher|child find|childhood|child development",
    re.IGNORECASE,
)
_TITLE: Final = r"(?:ms|mr|mrs|miss|mister|dr|doctor|coach|principal|nurse|officer|sister|father)"

# a role's words -> how people at the table call it
_CALLED: Final[tuple[tuple[str, str], ...]] = (
    ("occupational therap", r"\b(?:the )?(?:ot|occupational therapist)\b"),
    ("physical therap", r"\b(?:the )?(?:pt|physical therapist)\b"),
    ("speech", r"\b(?:the )?(?:slp|speech (?:path\w*|therapist|teacher|lady)|speech language pathologist)\b"),
    ("psycholog", r"\b(?:the )?(?:school )?psych(?:ologist)?\b"),
    ("nurse", r"\bthe (?:school )?nurse\b"),
    ("assistant principal", r"\bthe (?:assistant|vice) principal\b"),
    ("principal", r"\bthe principal\b"),
    ("counselor", r"\bthe (?:school )?counselor\b"),
    ("social work", r"\bthe social worker\b"),
    ("504 coordinator", r"\bthe 504 coordinator\b"),
    ("area coordinator", r"\bthe area coordinator\b"),
    ("process coordinator", r"\bthe process coordinator\b"),
    ("superintendent", r"\bthe superintendent\b"),
    ("special education director", r"\bthe (?:sped |special ed(?:ucation)? )?director\b"),
    ("case manager", r"\bthe case manager\b"),
    ("behavior", r"\b(?:the )?bcba\b|\bthe behavior (?:person|specialist|analyst)\b"),
    ("transportation", r"\b(?:the )?transportation\b"),
    ("special education teacher", r"\bthe (?:sped|special ed(?:ucation)?) teacher\b"),
    ("librar", r"\bthe librarian\b"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A participant as the finder sees them."""

    name: str
    role: str
    side: Side
    agency: Agency
    first: str
    last: str


def side_of_role(role: str) -> Side:
    """Return the side a role stands on: the family's, the school's, an outside agency's, or unknown without one."""
    if not role.strip():
        return "unknown"
    if _COUNSEL.search(role):
        return "school" if _FOR_SCHOOL.search(role) else "family"
    if _FAMILY_STAFF.search(role):
        return "school"
    if re.search(r"guardian ad litem|\bcasa\b", role, re.IGNORECASE):
        return "family"
    if _FAMILY.search(role):
        return "family"
    return "outside" if _OUTSIDE.search(role) else "school"


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody at the table, and who each speaker label is."""

    people: tuple[Person, ...]
    sides: dict[str, Side]  # by speaker label, those without a participant too

    def side(self, speaker: str | None) -> Side:
        """Return a speaker's side; "unknown" where nobody could be told."""
        return self.sides.get(speaker or "", "unknown")

    def person(self, speaker: str | None) -> Person | None:
        """Return the participant who is `speaker`, or None."""
        return next((p for p in self.people if p.name == speaker), None)

    def named_in(self, words: str) -> tuple[Person, ...]:
        """Return the participants named in lower-case `words`, in order of place."""
        found = [(place, p) for p in self.people if (place := self._place(p, words)) >= 0]
        return tuple(p for _, p in sorted(found, key=lambda f: f[0]))

    def _place(self, person: Person, words: str) -> int:
        sole = sum(p.first == person.first for p in self.people) == 1
        lasts = sum(p.last == person.last for p in self.people)
        wanted = []
        if sole and len(person.first) > 1:
            wanted.append(rf"\b{re.escape(person.first)}\b(?! {_TITLE})")
        if person.last and lasts == 1:
            wanted.append(rf"\b(?:{_TITLE}\.? |{re.escape(person.first)} ){re.escape(person.last)}\b")
        wanted += [called for key, called in _CALLED if key in person.role.lower() and self._only(key)]
        places = [m.start() for w in wanted if (m := re.search(w, words))]
        return min(places, default=-1)

    def _only(self, key: str) -> bool:
        return sum(key in p.role.lower() for p in self.people) == 1


def roster_of(meeting: Meeting) -> Roster:
    """Return who is at the table; speakers without a participant get a side guessed from their own words."""
    people = tuple(_person(p) for p in meeting.participants)
    sides: dict[str, Side] = {p.name: p.side for p in people}
    for label in {t.speaker for t in meeting.turns if t.speaker} - set(sides):
        match = [p for p in people if label.strip().lower() in (p.first, p.name.lower(), p.last)]
        sides[label] = (
            match[0].side if len(match) == 1 else guessed_side([t for t in meeting.turns if t.speaker == label])
        )
    for p in people:
        if p.side == "unknown":
            sides[p.name] = guessed_side([t for t in meeting.turns if t.speaker == p.name])
    return Roster(people, sides)


def _person(participant: Participant) -> Person:
    words = [w for w in re.split(r"\s+", participant.name.strip()) if w]
    titled = bool(words) and re.fullmatch(_TITLE + r"\.?", words[0].lower()) is not None
    plain = [w.lower() for w in (words[1:] if titled else words)]
    role = participant.role
    agency: Agency = "ssd" if re.search(r"\bssd\b|special school district", role, re.IGNORECASE) else "district"
    side = side_of_role(role)
    return Person(
        name=participant.name,
        role=role,
        side=side,
        agency=agency if side == "school" else "none",
        first=plain[0] if plain and not (titled and len(plain) == 1) else "",
        last=plain[-1] if len(plain) > 1 or titled else "",
    )


_FAMILY_TALK: Final = re.compile(
    r"\b(?:my (?:son|daughter|kid|boy|girl|child|grand\w+|baby|husband|wife)|at home|our (?:son|daughter|house|doctor|pediatrician)|"
    r"i(?:'m| am) (?:his|her) (?:mom|mother|dad|father|grandm\w+|aunt)|he comes home|she comes home|(?:i|we) (?:want|need) (?:him|her)|"
    r"i work nights|as a (?:mom|parent|dad)|i(?:'d| would) like (?:him|her)|he told me|she told me|the doctor (?:said|says))\b"
)
_SCHOOL_TALK: Final = re.compile(
    r"\b(?:in my (?:room|class|classroom|group)|our (?:data|team|building|district|staff|students)|the iep|present level|accommodations?|"
    r"minutes (?:a|per) week|procedural safeguards|the district|as a team|standard score|gen ed|caseload|his goal|her goal|"
    r"i see (?:him|her) (?:twice|once|every)|parent concerns|thanks? (?:you )?for coming|our agenda|eligib\w+)\b"
)


def guessed_side(turns: Sequence[Turn]) -> Side:
    """Return the side a speaker's own words speak for; "unknown" where they do not say."""
    words = " ".join(t.text for t in turns[:400]).lower()
    family, school = len(_FAMILY_TALK.findall(words)), len(_SCHOOL_TALK.findall(words))
    if family >= 2 and family > 1.5 * school:
        return "family"
    return "school" if school >= 2 and school > 1.5 * family else "unknown"
