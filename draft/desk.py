"""What lies on the desk while one letter is written: the values its template may use, and the letter made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casefile.records import Contact, Finding, Letter, ReviewedCase
from draft import deadlines, law, words
from draft.choose import Choice, active, choose, heard_ids, plan_of
from draft.deadlines import recording_notice_late
from draft.errors import LetterError
from draft.extras import extras
from draft.marks import Marks, Source, clean
from draft.names import OTHER, THE_CHILD, Guard, likely_child
from draft.parse import Parsed
from draft.people import Recipients, Table, first_names, recipients, table_of
from draft.template import Template
from draft.told import Told
from draft.views import Item, Viewer

WARM = ("followup", "reminder", "support-person", "draft-request", "parent-concerns")  # the director only in copy


@dataclass(slots=True, kw_only=True)
class Desk:
    """What lies on the desk while one letter is written."""

    case: ReviewedCase
    choice: Choice
    today: date
    table: Table
    marks: Marks
    guard: Guard
    viewer: Viewer
    addressed: Recipients
    told: Told
    now: datetime | None
    recap: Callable[[], dict[str, int]]  # the number each finding has in the follow-up
    _numbers: dict[str, int] | None = None

    @classmethod
    def at(
        cls,
        case: ReviewedCase,
        choice: Choice,
        *,
        today: date,
        now: datetime | None,
        told: Told,
        recap: Callable[[], dict[str, int]],
    ) -> Desk:
        """Return the desk of one letter."""
        table = table_of(case, plan_of(case))
        marks, guard = Marks(), _guard(case, table)
        found = active(case)
        return cls(
            case=case,
            choice=choice,
            today=today,
            table=table,
            marks=marks,
            guard=guard,
            viewer=Viewer(marks, table, guard, found, heard_ids(case.findings), case.rough),
            addressed=_addressed(table, choice),
            told=told,
            now=now,
            recap=recap,
        )

    def values(self) -> dict[str, object]:
        """Return what every template may use."""
        ids = self.choice.finding_ids
        by_id = {f.id: f for f in active(self.case)}
        more = extras(
            self.told,
            self.marks,
            today=self.today,
            held_on=self.case.held_on,
            next_kind=_KIND_OF_MEETING[self.table.plan],
            matters=tuple((by_id[i], self.viewer.item(by_id[i])) for i in ids if i in by_id),
        )
        tools = {"cite": self.cite, "says": self.says, "recap_number": self.recap_number}
        return {**self._people(), **self._meeting(), **self._findings(), **more, **tools}

    def recap_number(self, item: Item) -> str:
        """Return the number a finding has in the follow-up, "" if it is not in it."""
        if self._numbers is None:
            self._numbers = self.recap()
        number = self._numbers.get(item.id)
        return self.marks.mark(str(number), Source(finding_id=item.id)) if number else ""

    def cite(self, fact_id: str) -> str:
        """Return how a letter names a fact of law."""
        return self.marks.mark(law.read_law().citable(fact_id).cites, Source(fact_id=fact_id))

    def says(self, fact_id: str) -> str:
        """Return a fact of law in plain words."""
        return self.marks.mark(law.read_law().citable(fact_id).says, Source(fact_id=fact_id))

    def _people(self) -> dict[str, object]:
        facts = self.case.facts
        school_people = [p for p in self.table.participants if not self.table.on_our_side(p.name) and p.name]
        ours = [p for p in self.table.participants if self.table.on_our_side(p.name) and p.name != self.table.parent]
        return {
            "child": self._or_lack(self.table.child, "your child's name"),
            "my_child": self.marks.mark(self.table.child) if self.table.child else "my child",
            "first_name": self._first_name(),
            "parent": self._or_lack(self.table.parent, "your own name"),
            "parent_email": self._or_lack(facts.parent_email, "your email address"),
            "parent_phone": self._or_lack(facts.parent_phone, "your phone number"),
            "parent_address": self._or_lack(facts.parent_address, "your postal address"),
            "school": self._or_lack(facts.school, "the name of the school"),
            "district": self._or_lack(facts.district, "the name of the school district"),
            "grade": self._or_lack(facts.grade, "your child's grade"),
            "disability": self._or_lack(facts.disability, "your child's disability as the plan names it"),
            "greeting": self._greeting(),
            "school_people": self._named(school_people),
            "our_people": self._named(ours),
            "several_ours": len(ours) > 1,
            "with_ssd": self.table.ssd,
        }

    def _first_name(self) -> str:
        """Return what the child is called after the first mention."""
        return self.marks.mark(names[0]) if (names := (self.table.child or "").split()) else "my child"

    def _meeting(self) -> dict[str, object]:
        facts, mark = self.case.facts, self.marks.mark
        return {
            "meeting_kind": _KIND_OF_MEETING[self.table.plan],
            "plan_name": {"iep": "IEP", "504": "Section 504 plan", None: "plan"}[self.table.plan],
            "is_504": self.table.plan == "504",
            "held_on": mark(words.long_date(self.case.held_on)),
            "held_short": mark(words.plain_date(self.case.held_on)),
            "place": mark(facts.place) if facts.place else "",
            "today": mark(words.plain_date(self.today)),
            "ask_by": mark(words.long_date(deadlines.ask_by(self.today))),
            "rough": self.case.rough,
            "recorded": self.case.recording is not None,
        }

    def _findings(self) -> dict[str, object]:
        found = active(self.case)
        items = {kind: tuple(self.viewer.item(f) for f in found if f.kind == kind) for kind in _KINDS}
        promises = [f for f in found if f.kind == "commitment"]
        asked_for_notice = {i for c in choose(self.case) if c.template != "followup" for i in c.finding_ids}
        by_id = {f.id: f for f in found}
        matters = tuple(self.viewer.item(by_id[i]) for i in self.choice.finding_ids if i in by_id)
        return {
            "agreed": items["agreement"],
            "refused": items["denial"],
            "put_off": items["deferral"],
            "unanswered": tuple(i for i in items["request"] if not set(i.answers) - {"request"}),
            "requests": items["request"],
            "promised": self._by_person([f for f in promises if not self.table.on_our_side(f.owner)]),
            "my_promises": tuple(self.viewer.item(f) for f in promises if f.owner == self.table.parent and f.owner),
            "our_promises": self._by_person(
                [f for f in promises if self.table.on_our_side(f.owner) and f.owner != self.table.parent]
            ),
            "matters": matters,
            "matter": matters[0] if matters else None,
            "notices_asked": any(f.kind == "denial" and f.id in asked_for_notice for f in found),
        }

    def _by_person(self, promises: Sequence[Finding]) -> tuple[tuple[str, str, tuple[Item, ...]], ...]:
        """Return (name, role, promises) in the order people first promised; those of nobody known come last."""
        groups: dict[str, list[Finding]] = {}
        for finding in promises:
            groups.setdefault(finding.owner or "", []).append(finding)
        ordered = sorted(groups.items(), key=lambda kv: kv[0] == "")
        return tuple(
            (self.marks.mark(words.capital(self.viewer.owner(found[0]))) if owner else "", self._role(owner), items)
            for owner, found in ordered
            if (items := tuple(self.viewer.item(f) for f in found))
        )

    def _role(self, owner: str) -> str:
        role = self.table.role(owner)
        return self.marks.mark(_role(role)) if role else ""

    def _named(self, people: Sequence[object]) -> str:
        said = [f"{p.name} ({_role(p.role)})" if p.role else p.name for p in people]  # type: ignore[attr-defined]
        return self.marks.mark(words.joined(said)) if said else ""

    def _greeting(self) -> str:
        to = [c.name for c in self.addressed.to]
        return self.marks.mark(words.joined(to)) if 0 < len(to) <= 3 else "team"

    def _or_lack(self, value: str | None, what: str) -> object:
        return self.marks.mark(value) if value and value.strip() else self.marks.lacking(what)

    def letter(self, parsed: Parsed, template: Template) -> Letter:
        if not parsed.blocks:
            raise LetterError(f"The template {template.file} makes an empty letter.", next_step="Write its text.")
        return Letter(
            id=self.choice.id,
            kind=self.choice.template,
            subject=parsed.subject,
            to=_clean(self.addressed.to),
            cc=_clean(self.addressed.cc),
            blocks=parsed.blocks,
            template=template.version,
            missing=tuple(dict.fromkeys((*self.addressed.missing, *parsed.missing, *self._checks()))),
            rough=self.case.rough,
            provisional=self.case.provisional,
        )

    def _checks(self) -> Iterator[str]:
        """Return what the parent has to check or know about this letter before it goes."""
        at = self.told.meeting_at
        if self.choice.template == "recording-notice" and at and self.now and recording_notice_late(at, self.now):
            yield "a check: less than 24 hours are left to the meeting; the district's policy may ask for more"
        if self.choice.template == "state-complaint":
            last = deadlines.complaint_closes(self.case.held_on)
            yield f"a check: the state must have received it by {words.plain_date(last)}; send it by mail or fax"
            yield "a check: that no notice has come since"
            facts = self.case.facts
            needed = (self.table.child, self.table.parent, facts.parent_address, facts.school)
            if not all(needed) or not (facts.parent_email or facts.parent_phone):
                yield "a check: a complaint must give the child's name, address and school, and how to reach you"
        if self.choice.template.startswith("reminder") and self.told.sent_on("followup"):
            yield "a check: that the item numbers are those of the follow-up as you sent it"
        for name in self.guard.flags:
            yield f"a check: “{name}” is nobody this case knows and was left out"


_KIND_OF_MEETING = {"iep": "IEP meeting", "504": "Section 504 meeting", None: "meeting"}
_KINDS = ("commitment", "denial", "deferral", "request", "agreement")


def _role(role: str) -> str:
    """Return a role fit for standing in brackets: "teacher (by video)" loses its own."""
    return role.replace(" (", ", ").replace("(", "").replace(")", "")


def _guard(case: ReviewedCase, table: Table) -> Guard:
    """Return the guard over names; without the child's name the one that the talk comes back to may be quoted."""
    known = first_names(case, table)
    if table.child:
        return Guard(known)
    texts = [t for f in case.accepted for t in (f.action, *(s.text for s in f.said))]
    child = likely_child(texts, known)
    return Guard(known | {child}, OTHER) if child else Guard(known, THE_CHILD)


def _addressed(table: Table, choice: Choice) -> Recipients:
    """Return whom a letter goes to: a complaint to the state, with the district in copy; all others to the school."""
    school = recipients(table, formal=choice.template not in WARM)
    if choice.template != "state-complaint":
        return school
    state = Contact(name="Missouri DESE, Office of Special Education Compliance", role="Child Complaint Coordinator")
    return Recipients(to=(state,), cc=(*school.to, *school.cc), missing=school.missing)


def _clean(people: Sequence[Contact]) -> tuple[Contact, ...]:
    return tuple(Contact(name=clean(c.name), role=clean(c.role), email=clean(c.email or "") or None) for c in people)
