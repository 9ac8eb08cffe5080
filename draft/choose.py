"""Which letters a case calls for, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casefile.records import Finding, Plan, Reviewed, ReviewedCase
from draft import words

NOTICES = {
    "refusal": "notice",
    "proposed_change": "notice-change",
    "refusal_504": "notice-written-reasons",
    "softer": "notice-softer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One letter to draft."""

    id: str  # the stem of its files
    template: str
    finding_ids: tuple[str, ...]  # what it is about; empty for the whole meeting
    why: str  # for the parent


def plan_of(case: ReviewedCase) -> Plan | None:
    """Return the kind of plan the meeting was about: as told, else as its findings and the people's roles say."""
    if case.facts.plan:
        return case.facts.plan
    said = [f for f in case.accepted if f.notice or f.owner]
    iep = any(f.owner == "IEP team" or (f.notice and f.notice.kind in ("refusal", "proposed_change")) for f in said)
    only_504 = any(f.owner == "504 team" or (f.notice and f.notice.kind == "refusal_504") for f in said)
    roles = " ".join(p.role.lower() for p in case.facts.participants)
    if only_504 and not iep:
        return "504"
    if iep:
        return "iep"
    return "504" if "504" in roles and "iep" not in roles else ("iep" if "special education" in roles else None)


def choose(case: ReviewedCase) -> tuple[Choice, ...]:
    """Return the letters a meeting calls for: the follow-up, and the notices for its refusals and changes."""
    follow_up = Choice(
        id="followup",
        template="followup",
        finding_ids=(),
        why="A follow-up in writing makes sure that everybody took the same from the meeting.",
    )
    return (follow_up, *_notices(case))


def _notices(case: ReviewedCase) -> tuple[Choice, ...]:
    plan = plan_of(case)
    added = {r.finding.id for r in case.findings if r.verdict == "added"}
    wanted = [(f, t) for f in active(case) if (t := _notice_template(f, plan, f.id in added))]
    if not case.facts.one_notice:
        return _with_own_ids([_notice(f, t) for f, t in wanted])
    grouped: dict[str, list[Finding]] = {}
    for finding, template in wanted:
        grouped.setdefault(template, []).append(finding)
    return tuple(
        _notice(found[0], template) if len(found) == 1 else _notice_for_all(found, template)
        for template, found in grouped.items()
    )


def active(case: ReviewedCase) -> tuple[Finding, ...]:
    """Return the accepted findings that still stand."""
    return tuple(f for f in case.accepted if f.status == "active")


def _notice_template(finding: Finding, plan: Plan | None, added: bool) -> str | None:
    kind = finding.notice.kind if finding.notice else None
    if kind is None and added and finding.kind == "denial":
        kind = "softer"  # the parent's own finding: no rule has said what it calls for
    if plan == "504" and kind == "softer":
        kind = "refusal_504"
    if plan == "504" and kind == "proposed_change":
        return None  # Section 504 has no rule on the notice of a change as IDEA has
    return NOTICES[kind] if kind else None


def _notice(finding: Finding, template: str) -> Choice:
    return Choice(
        id=f"{template}-{words.slug(finding.topic or finding.action)}",
        template=template,
        finding_ids=(finding.id,),
        why=_WHY[template],
    )


def _notice_for_all(found: Sequence[Finding], template: str) -> Choice:
    return Choice(id=f"{template}-all", template=template, finding_ids=tuple(f.id for f in found), why=_WHY[template])


_WHY = {
    "notice": "A request on evaluation, eligibility, placement or services was refused: that calls for notice.",
    "notice-change": "The school proposes a change to services or placement: that calls for written notice.",
    "notice-written-reasons": "A request was refused at a 504 meeting: ask for the decision and reasons in writing.",
    "notice-softer": "A request was refused that may not call for formal notice: ask for the reasons in writing.",
}


def _with_own_ids(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return the choices with a number behind an id that came before."""
    seen: dict[str, int] = {}
    made = []
    for c in choices:
        seen[c.id] = seen.get(c.id, 0) + 1
        own = c.id if seen[c.id] == 1 else f"{c.id}-{seen[c.id]}"
        made.append(Choice(id=own, template=c.template, finding_ids=c.finding_ids, why=c.why))
    return tuple(made)


def heard_ids(reviewed: Sequence[Reviewed]) -> frozenset[str]:
    """Return the ids of the findings that a person listened to."""
    return frozenset(r.finding.id for r in reviewed if r.heard)
