"""Who is who at the table, and whom a letter goes to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casefile.records import Contact, Participant, Plan, ReviewedCase

Part = Literal[
    "parent", "child", "ally", "case_manager", "director", "coordinator_504", "coordinator", "principal", "staff"
]

_PARTS: tuple[tuple[Part, str], ...] = (  # the first that fits
    ("ally", r"advocate|attorney for the (?:parent|family)|family friend|friend|interpreter for the|tutor"),
    ("child", r"^(?:the )?student$|^child$|^son$|^daughter$|^self$|student \(|, student$"),
    ("coordinator_504", r"504"),
    ("director", r"director|superintendent|head of special"),
    ("case_manager", r"case ?manager"),
    ("coordinator", r"coordinator|lea rep|lea\b|process|compliance|supervisor"),
    ("principal", r"principal|dean|head of school"),
    (
        "parent",
        r"\b(?:foster |step|grand)?(?:parent|mother|father|mom|dad|guardian|grandma|grandpa|aunt|uncle|caregiver)\b",
    ),
)
_SSD = re.compile(r"\bssd\b|special school district", re.IGNORECASE)


def part_of(role: str) -> Part:
    """Return the part a role plays."""
    low = role.lower()
    if re.search(r"parent (?:liaison|educator|mentor|coordinator|support)|parents as teachers", low):
        return "staff"
    return next((part for part, cue in _PARTS if re.search(cue, low)), "staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who was at the meeting and who writes."""

    participants: tuple[Participant, ...]
    contacts: tuple[Contact, ...]
    parent: str | None  # who signs
    child: str | None
    ssd: bool
    ssd_people: frozenset[str]  # names of those of the Special School District
    plan: Plan | None

    def part(self, name: str | None) -> Part | None:
        """Return the part of a person by name, None for somebody unknown."""
        if name and name == self.parent:
            return "parent"
        role = self.role(name) if name else None
        return part_of(role) if role is not None else None

    def role(self, name: str) -> str | None:
        """Return a person's role as given; None for somebody unknown."""
        roles = [(p.name, p.role) for p in self.participants] + [(c.name, c.role) for c in self.contacts]
        return next((role for known, role in roles if known == name), None)

    def on_our_side(self, name: str | None) -> bool:
        """Say whether a person is the parent, the child or somebody who came with them."""
        return self.part(name) in ("parent", "child", "ally")


def table_of(case: ReviewedCase, plan: Plan | None = None) -> Table:
    """Return who was there; the parent who signs is the one named in the facts, else the first parent at the table."""
    facts = case.facts
    people = facts.participants
    parent = facts.parent or next((p.name for p in people if part_of(p.role) == "parent" and p.name), None)
    child = facts.child or next((p.name for p in people if part_of(p.role) == "child" and p.name), None)
    roles = [(p.name, p.role) for p in people] + [(c.name, c.role) for c in facts.contacts]
    ssd_people = frozenset(name for name, role in roles if _SSD.search(role))
    return Table(
        participants=people,
        contacts=facts.contacts,
        parent=parent,
        child=child,
        ssd=facts.ssd if facts.ssd is not None else bool(ssd_people),
        ssd_people=ssd_people,
        plan=plan,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Whom a letter goes to, and what is missing for it."""

    to: tuple[Contact, ...]
    cc: tuple[Contact, ...]
    missing: tuple[str, ...]


# Which parts a letter is addressed to, and which get a copy, in this order.
_TO: dict[str, tuple[Part, ...]] = {
    "iep": ("case_manager", "coordinator", "principal", "director"),
    "504": ("coordinator_504", "principal", "case_manager", "director"),
}


def recipients(table: Table, *, formal: bool) -> Recipients:
    """Return whom a letter goes to.

    A follow-up goes to the case manager and whoever led the meeting, with the director in copy; a formal request goes
    to the director too. Where the Special School District is at the table both it and the partner district are
    addressed: either may point at the other.
    """
    school = _school_people(table)
    wanted = _TO["504" if table.plan == "504" else "iep"]
    ranked = sorted((c for c in school if part_of(c.role) in wanted), key=lambda c: wanted.index(part_of(c.role)))
    directors = [c for c in ranked if part_of(c.role) == "director"]
    leads = [c for c in ranked if c not in directors]
    to = _both_sides(leads, table) if table.ssd else leads[:2]
    if formal or not to:
        to = [*directors, *(c for c in to if c not in directors)]
    if not to:
        to = list(school[:1])
    cc = [c for c in (*directors, *leads) if c not in to]
    return Recipients(to=tuple(to), cc=tuple(cc), missing=tuple(_lacks(table, to, cc)))


def _school_people(table: Table) -> tuple[Contact, ...]:
    """Return the people of the school, the parent's own list of contacts first; each once."""
    found: dict[str, Contact] = {}
    for c in table.contacts:
        found.setdefault(c.name, c)
    for p in table.participants:
        known = found.get(p.name)
        if known and not known.email:
            found[p.name] = Contact(name=known.name, role=known.role or p.role, email=p.email)
        found.setdefault(p.name, Contact(name=p.name, role=p.role, email=p.email))
    return tuple(c for c in found.values() if c.name and not table.on_our_side(c.name))


def _both_sides(leads: list[Contact], table: Table) -> list[Contact]:
    """Return the first two of each district's people."""
    ssd = [c for c in (*leads, *_school_people(table)) if c.name in table.ssd_people]
    partner = [c for c in leads if c.name not in table.ssd_people]
    return [*dict.fromkeys(ssd[:2]), *partner[:1]]


def _lacks(table: Table, to: Iterable[Contact], cc: Iterable[Contact]) -> Iterable[str]:
    to, everybody = list(to), [*to, *cc]
    if not to:
        yield "whom the letter goes to: a name and an email address at the school"
    for contact in everybody:
        if not contact.email:
            yield (
                f"an email address for {contact.name} ({contact.role})"
                if contact.role
                else (f"an email address for {contact.name}")
            )
    if to and not any(part_of(c.role) == "director" for c in everybody) and table.plan != "504":
        yield "the name and email address of the director of special education"
    if table.ssd and not any(c.name not in table.ssd_people for c in everybody):
        yield "somebody at the partner district: a letter goes to both districts"
    if table.ssd and not any(c.name in table.ssd_people for c in everybody):
        yield "somebody at the Special School District: a letter goes to both districts"


def first_names(case: ReviewedCase, table: Table) -> frozenset[str]:
    """Return every word of a name that the case knows, for telling known people from others.

    Who spoke at the meeting, or was given something to do there, sat at the table.
    """
    facts = case.facts
    names = [table.parent, table.child, facts.child, facts.school, facts.district, facts.place]
    names += [p.name for p in table.participants] + [c.name for c in table.contacts]
    names += [" ".join(re.findall(r"\b[A-Z][\w'’-]*", p.role)) for p in table.participants]  # "Mill Park principal"
    for finding in case.accepted:
        names += [finding.speaker, finding.owner, *(s.speaker for s in finding.said)]
    words = {w for n in names if n for w in re.findall(r"[\w'’-]+", n)}
    return frozenset(words | {part for w in words for part in w.split("-") if part})
