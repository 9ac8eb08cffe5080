"""The log of decisions, folded: pure, the same log gives the same case. The newest decision about a finding holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, NamedTuple

from casefile.records import CaseFacts, Decision, Finding, Findings, Kind, Reviewed, ReviewedCase, Said, Transcript
from review.log import heard_ids, last_undoable, live_decisions
from review.voices import apply_voices, people, with_named

__all__ = ["apply_voices", "for_letters", "heard_ids", "last_undoable", "live_decisions", "review_case"]

Verdict = Literal["kept", "mended", "added", "dropped", "open"]
_LABEL = re.compile(r"S\d+")
ABOUT_FINDINGS = ("keep", "mend", "drop", "add", "reset")


def review_case(
    findings: Findings, decisions: Sequence[Decision], facts: CaseFacts, transcript: Transcript | None = None
) -> ReviewedCase:
    """Return every finding as the person left it, in the order of the meeting.

    A finding decided on in an earlier search, and found again under another id, keeps its decision.
    """
    live = live_decisions(decisions)
    states = _states(findings, live)
    meant, heard = people(decisions), heard_ids(decisions)
    reviewed = [
        Reviewed(
            finding=_with_names(state.finding, meant),
            verdict=state.verdict,
            decided_at=state.at,
            heard=key in heard,
        )
        for key, state in states.items()
    ]
    return ReviewedCase(
        facts=replace(facts, participants=with_named(facts, live)),
        held_on=facts.held_on or findings.held_on,
        findings=tuple(sorted(reviewed, key=_place)),
        recording=transcript.recording if transcript else None,
        rough=findings.rough or (transcript.engine.rough if transcript else False),
    )


class _State(NamedTuple):
    finding: Finding
    verdict: Verdict
    at: datetime | None


def _states(findings: Findings, live: Iterable[Decision]) -> dict[str, _State]:
    states = {f.id: _State(f, "open", None) for f in findings.findings}
    found = dict(states)
    twins = {(f.kind, f.anchors): f.id for f in findings.findings}
    for decision in live:
        if decision.act not in ABOUT_FINDINGS or decision.finding_id is None:
            continue
        key = _key(decision, found, twins)
        before = states.get(key)
        after = _after(decision, before, found.get(key))
        if after is not None:
            states[key] = after._replace(finding=replace(after.finding, id=key))
    return states


def _key(decision: Decision, found: dict[str, _State], twins: dict[tuple[Kind, tuple[int, ...]], str]) -> str:
    """The id a decision is about today: a lost finding lives on in the one found at the same words."""
    assert decision.finding_id is not None
    if decision.finding_id in found or decision.finding is None or decision.act == "add":
        return decision.finding_id
    return twins.get((decision.finding.kind, decision.finding.anchors), decision.finding_id)


def _after(decision: Decision, before: _State | None, found: _State | None) -> _State | None:
    shown = decision.finding or (before.finding if before else None)
    if shown is None:
        return None  # its finding is gone and was not kept with the decision
    match decision.act:
        case "keep":
            own: Verdict = "kept"
            if decision.note == "added" or (before and before.verdict == "added"):
                own = "added"
            elif before and before.verdict == "mended":
                own = "mended"
            return _State(shown, own, decision.decided_at)
        case "mend":
            added = before is not None and before.verdict == "added"
            return _State(shown, "added" if added else "mended", decision.decided_at)
        case "add":
            return _State(shown, "added", decision.decided_at)
        case "drop":
            return _State(shown, "dropped", decision.decided_at)
        case _:  # reset: as it was found; one that was added by hand has nothing to go back to
            return found or _State(shown, "dropped", decision.decided_at)


def _place(reviewed: Reviewed) -> tuple[int, float, str]:
    finding = reviewed.finding
    first = min(finding.anchors or finding.turns, default=0)
    return first, finding.start_s or 0.0, finding.id


def for_letters(case: ReviewedCase) -> ReviewedCase:
    """Return the case with nobody in place of a voice that has no name: "S2" is no word for a letter."""
    labels = {p for r in case.findings for p in _people_in(r.finding) if _LABEL.fullmatch(p)}
    meant = dict.fromkeys(labels, "")
    return replace(case, findings=tuple(replace(r, finding=_with_names(r.finding, meant)) for r in case.findings))


def _people_in(finding: Finding) -> set[str]:
    told = (finding.owner, finding.speaker, *(s.speaker for s in finding.said))
    more = (e.said.speaker for e in finding.elements)
    return {p for who in (*told, *more) if who for p in who.split("; ")}


def _with_names(finding: Finding, meant: dict[str, str]) -> Finding:
    """The finding with today's names in place of labels such as "S1", wherever a person is meant."""
    if not meant:
        return finding
    return replace(
        finding,
        speaker=_named(finding.speaker, meant),
        owner=_named(finding.owner, meant),
        said=tuple(_said(s, meant) for s in finding.said),
        elements=tuple(replace(e, said=_said(e.said, meant)) for e in finding.elements),
    )


def _said(said: Said, meant: dict[str, str]) -> Said:
    return replace(said, speaker=_named(said.speaker, meant))


def _named(who: str | None, meant: dict[str, str]) -> str | None:
    if who is None:
        return None
    return "; ".join(dict.fromkeys(filter(None, (meant.get(p, p) for p in who.split("; "))))) or None
