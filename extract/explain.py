"""Why a finding was found: its words and neighbours, the rules and the classifier, its owner and its date."""

from __future__ import annotations

from casefile.errors import StoreError
from casefile.records import Finding, Findings, Meeting
from extract.dues import FoundDue
from extract.items import Draft
from extract.owners import owner_of
from extract.utterances import Utterance
from extract.work import Work, work_on

NEIGHBOURS = 2


def explain_finding(finding_id: str, found: Findings, meeting: Meeting) -> str:
    """Return the explanation as plain text; raises StoreError where there is no such finding."""
    finding = next((f for f in found.findings if f.id == finding_id), None)
    if finding is None:
        raise StoreError(
            f"There is no finding {finding_id} in this case.", next_step="Take an id from findings.json or from review."
        )
    work = work_on(meeting)
    at = _place(finding, work)
    lines = [f"{finding.kind} {finding.id}: {finding.action}", *_standing(finding), "", "What was said:"]
    lines += _neighbours(finding, meeting)
    if at is None:
        return "\n".join([*lines, "", "The transcript was corrected since; this finding would not be found again."])
    draft = work.drafts[at]
    lines += ["", "What speaks for it:", *_evidence(draft, work)]
    owner = owner_of(draft, work.turns, work.meeting, work.roster, work.plan)
    lines += ["", f"Owner: {finding.owner or 'unknown'} ({owner.why})."]
    lines += ["", *_date(work.due(draft), work)]
    lines += ["", *_links(finding, found), *_notice(finding, work)]
    return "\n".join(lines).rstrip()


def _place(finding: Finding, work: Work) -> int | None:
    same = [i for i, made in enumerate(work.ids) if made == finding.id]
    near = [
        i for i, d in enumerate(work.drafts) if d.kind == finding.kind and set(work.lines(d)) & set(finding.anchors)
    ]
    return next(iter([*same, *near]), None)


def _standing(finding: Finding) -> list[str]:
    doubt = ", kept as a doubtful candidate" if finding.doubtful else ""
    status = "" if finding.status == "active" else f", {finding.status} within the meeting"
    return [f"Confidence {finding.confidence:.2f}{doubt}{status}."]


def _neighbours(finding: Finding, meeting: Meeting) -> list[str]:
    shown = {
        t
        for a in finding.turns
        for t in range(a - (a in finding.anchors) * NEIGHBOURS, a + 1 + (a in finding.anchors) * NEIGHBOURS)
        if 0 <= t < len(meeting.turns)
    }
    lines, last = [], -1
    for t in sorted(shown):
        if last >= 0 and t > last + 1:
            lines.append("   ...")
        mark = ">" if t in finding.anchors else " "
        turn = meeting.turns[t]
        lines.append(f" {mark} {t:4} {turn.speaker or 'somebody'}: {turn.text}")
        last = t
    return lines


def _evidence(draft: Draft, work: Work) -> list[str]:
    from extract.evidence import load_combiner

    limits = load_combiner()
    lines = []
    for anchor in draft.anchors:
        e = work.turns[anchor]
        given = f"{e.scores.of(draft.kind):.2f}" if e.scores else "nothing"
        turns = _turns(work.utterances[anchor])
        lines.append(f"  {turns}: the classifier gives {given}, with the rules {e.sure[draft.kind]:.2f}")
        for hit in e.hits:
            scope = f", within {', '.join(sorted(hit.scopes))}" if hit.scopes else ""
            what = "for" if hit.rule.kind == draft.kind else f"for {hit.rule.kind}"
            lines.append(f"    rule {hit.rule.id} ({hit.rule.strength}, {what}): {hit.rule.why}{scope}")
    kept, doubtful = limits.kept[draft.kind], limits.doubtful[draft.kind]
    lines.append(f"  a {draft.kind} is taken from {kept:.2f} on, and shown as doubtful from {doubtful:.2f} on")
    return lines


def _turns(utterance: Utterance) -> str:
    lines = utterance.lines
    return f"turn {lines.start}" if len(lines) == 1 else f"turns {lines.start} to {lines.stop - 1}, read as one"


def _date(due: FoundDue | None, work: Work) -> list[str]:
    if due is None:
        return ["Date: no words say when."]
    calendar = work.source.calendar
    known = f"{len(calendar.no_school)} days without school and {len(calendar.named)} named dates"
    days = " or ".join(d.isoformat() for d in due.due.candidates) or "no day"
    return [
        f"Date: “{due.due.phrase}” in turn {work.line(due.turn, due.start)} means {days}: {due.why}.",
        f"  Counted from the meeting on {work.source.held_on.isoformat()}; the calendar given has {known}.",
    ]


def _links(finding: Finding, found: Findings) -> list[str]:
    others = [f for f in found.findings if f.id in finding.links]
    return [f"Belongs to the {f.kind} {f.id}: {f.action}" for f in others]


def _notice(finding: Finding, work: Work) -> list[str]:
    if finding.notice is None:
        return []
    about = f" about {finding.notice.about}" if finding.notice.about else ""
    plan = "a 504 plan" if work.plan == "504" else "an IEP"
    return [f"Notice: {finding.notice.kind}{about}, at a meeting about {plan}."]
