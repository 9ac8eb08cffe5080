"""The letters before and after a meeting: what each is for, and what it cannot do without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefile.records import Finding, Letter, ReviewedCase
from draft.choose import Choice, active, plan_of
from draft.deadlines import complaint_closes
from draft.errors import LetterError
from draft.people import table_of
from draft.told import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One letter a parent can ask for."""

    name: str  # also the template's
    when: str  # "before" or "after" a meeting
    does: str  # for the parent
    needs: tuple[tuple[str, str], ...] = ()  # (field of Told, the option that gives it)
    idea_only: bool = False  # has no ground at a Section 504 meeting


KINDS: tuple[Kind, ...] = (
    Kind(
        name="recording-notice",
        when="before",
        does="Gives notice, 24 hours ahead or more, that you will record the meeting. It asks no permission.",
        needs=(("meeting_at", "--meeting"),),
    ),
    Kind(name="records-request", when="before", does="Asks for the school's records on all the grounds there are."),
    Kind(
        name="parent-concerns",
        when="before",
        does="Puts your concerns in writing, to be attached to the plan.",
        needs=(("concerns", "--concern"),),
    ),
    Kind(
        name="support-person",
        when="before",
        does="Tells the school who will come with you.",
        needs=(("person", "--person"),),
    ),
    Kind(name="draft-request", when="before", does="Asks for the draft plan and the data before you meet."),
    Kind(name="reminder", when="after", does="Asks, warmly, about promises whose day has passed."),
    Kind(name="reminder-second", when="after", does="Asks again, and asks for the promise in the plan."),
    Kind(name="correct-notes", when="after", does="Asks for the school's notes to be put right from your recording."),
    Kind(
        name="notice-reply",
        when="after",
        does="Answers a Notice of Action that leaves parts out. `onrecord check-notice FILE` fills it.",
        idea_only=True,
    ),
    Kind(
        name="iee-request",
        when="after",
        does="Asks for an independent evaluation at public expense.",
        needs=(("evaluation", "--evaluation"),),
        idea_only=True,
    ),
    Kind(name="evaluation-referral", when="after", does="Asks the district to evaluate your child."),
    Kind(name="meeting-request", when="after", does="Asks for a meeting of the team."),
    Kind(
        name="state-complaint",
        when="after",
        does="A complaint to the state (DESE) about notices that never came, with its exhibits.",
        idea_only=True,
    ),
)


def kind_named(name: str) -> Kind:
    """Return a kind of letter; raises LetterError for an unknown name."""
    kind = next((k for k in KINDS if k.name == name), None)
    if kind is None:
        names = ", ".join(k.name for k in KINDS)
        raise LetterError(f'There is no letter "{name}".', next_step=f"The letters are: {names}.")
    return kind


def ask_for(case: ReviewedCase, name: str, told: Told, *, today: date, about: Sequence[str] = ()) -> Choice:
    """Return the choice of one letter, `about` the findings with these ids or those it is commonly about.

    Raises LetterError where the letter lacks its ground: what it needs to know, or anything to write about.
    """
    kind = kind_named(name)
    if kind.idea_only and plan_of(case) == "504":
        raise LetterError(
            "This letter rests on IDEA and has no ground at a Section 504 meeting.",
            next_step="Write to the district's 504 coordinator instead, or ask a lawyer or advocate.",
        )
    for field, option in kind.needs:
        if not getattr(told, field):
            raise LetterError(
                "This letter lacks what it is about.",
                next_step=f"Give it with {option}; `onrecord letter --help` shows how.",
            )
    found = _about(case, name, today, about)
    return Choice(id=name, template=name, finding_ids=tuple(f.id for f in found), why=kind.does)


def _about(case: ReviewedCase, name: str, today: date, about: Sequence[str]) -> Sequence[Finding]:
    known = {f.id: f for f in active(case)}
    if unknown := [i for i in about if i not in known]:
        raise LetterError(
            f"There is no kept finding {', '.join(unknown)}.", next_step="`onrecord status` lists what stands."
        )
    chosen = [known[i] for i in about]
    if name in ("reminder", "reminder-second"):
        return _some(chosen or lapsed(case, today), "No promise has lapsed.", "`onrecord status` shows what is due.")
    if name == "correct-notes":
        return _some(chosen, "Nothing is named that the notes have wrong.", "Name it with --about ID.")
    if name == "state-complaint":
        due = [f for f in chosen or active(case) if f.notice and f.notice.kind in ("refusal", "proposed_change")]
        return _some(
            due if today <= complaint_closes(case.held_on) else (),
            "Nothing in this case can still go into a complaint to the state.",
            "It covers refusals and changes that call for written notice, within one year; a lawyer knows of others.",
        )
    return chosen


def _some(found: Sequence[Finding], what: str, next_step: str) -> Sequence[Finding]:
    if not found:
        raise LetterError(what, next_step=next_step)
    return found


def lapsed(case: ReviewedCase, today: date) -> tuple[Finding, ...]:
    """Return the school's promises whose day is over, the oldest first; one with two readings waits for the later."""
    table = table_of(case)
    late = [
        (max(f.due.candidates), place, f)
        for place, f in enumerate(active(case))
        if f.kind == "commitment" and f.due and f.due.candidates and not table.on_our_side(f.owner)
    ]
    return tuple(f for day, _, f in sorted(late, key=lambda t: t[:2]) if day < today)


def with_asked_for(made: Sequence[Letter], known: Sequence[Letter]) -> tuple[Letter, ...]:
    """Return new drafts with those letters of the case that the parent asked for by kind: nothing replaces them."""
    names, ids = {k.name for k in KINDS}, {x.id for x in made}
    return (*made, *(x for x in known if x.kind in names and x.id not in ids))
