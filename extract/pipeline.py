"""A meeting becomes findings: items get their owner, action, date, notice and proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casefile.quotes import quote_of
from casefile.records import Element, Finding, Findings, Meeting, Said
from extract.actions import action_of
from extract.classify import TurnHints
from extract.conditions import condition_of
from extract.elements import elements_of
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.notice import Talk, notice_of
from extract.owners import owner_of
from extract.topics import topic_of
from extract.work import Progress, Work, work_on


def find(meeting: Meeting, *, progress: Progress | None = None) -> Findings:
    """Return everything promised, refused, put off, asked for and agreed in a meeting, in its order.

    `progress` is told (turns done, turns in all).
    """
    return findings_of(work_on(meeting, progress=progress))


def findings_of(work: Work) -> Findings:
    """Return the findings drafted in `work`."""
    meeting = work.source
    return Findings(
        held_on=meeting.held_on,
        findings=tuple(_finding(j, work) for j in range(len(work.drafts))),
        participants=meeting.participants,
        calendar=meeting.calendar,
        plan=work.plan,
    )


def _finding(at: int, work: Work) -> Finding:
    draft, meeting = work.drafts[at], work.meeting
    anchors, asked = work.lines(draft), work.asked(at)
    asked_words, own = " ".join(work.words(d) for d in asked), work.words(draft)
    owner = owner_of(draft, work.turns, meeting, work.roster, work.plan)
    due = work.due(draft)
    said = tuple(_said(a, work.source) for a in anchors)
    needed = {*anchors, *(line for d in asked for line in work.lines(d))}
    needed |= {work.line(due.turn, due.start)} if due else set()
    return Finding(
        id=work.ids[at],
        kind=draft.kind,
        turns=tuple(sorted(needed)),
        anchors=anchors,
        speaker=work.source.turns[anchors[0]].speaker,
        owner=owner.name,
        action=action_of(draft, asked, work.turns, meeting, work.roster, due) or "act on what was said",
        topic=topic_of(asked_words, own, _around(draft, work)),
        quote=quote_of(said),
        said=said,
        start_s=said[0].start_s,
        end_s=said[-1].end_s,
        due=due.due if due else None,
        condition=condition_of(draft, work.turns, meeting),
        status=work.ended[at].status if at in work.ended else "active",
        links=_linked(at, work),
        confidence=round(draft.sure, 3),
        doubtful=draft.doubtful,
        why=why_of(draft, work.turns),
        notice=notice_of(draft.kind, _talk(draft, asked, work), plan=work.plan),
        elements=_elements(draft, asked, work),
    )


def _talk(draft: Draft, asked: Sequence[Draft], work: Work) -> Talk:
    def hints(of: Draft | None) -> TurnHints | None:
        return work.reading.hints[of.main] if work.reading and of is not None and of.main >= 0 else None

    return Talk(
        asked=" ".join(work.words(d) for d in asked),
        answered=work.words(draft),
        around=_around(draft, work),
        sure=draft.sure,
        hints=hints(draft),
        asked_hints=hints(max(asked, key=lambda d: d.sure, default=None)),
    )


def _around(draft: Draft, work: Work) -> str:
    """Return the words of the turns just before the item, and its own."""
    first = draft.anchors[0]
    return " ".join(e.view.text for e in work.turns[max(0, first - 4) : first + 1])


def _linked(at: int, work: Work) -> tuple[str, ...]:
    others = [x.answer for x in work.links if x.request == at] + [x.request for x in work.links if x.answer == at]
    return tuple(dict.fromkeys(work.ids[i] for i in others))


def _elements(draft: Draft, asked: tuple[Draft, ...], work: Work) -> tuple[Element, ...]:
    """Return what was said on the elements of a notice, placed in the transcript's lines."""
    made = []
    for element, place in elements_of(draft, asked, work.turns, work.meeting):
        said = element.said
        first, last = work.line(said.turn, place), work.line(said.turn, place + len(said.text) - 1)
        start, end = work.source.turns[first], work.source.turns[last]
        doubt = next((t.doubt for t in work.source.turns[first : last + 1] if t.doubt), None)
        made.append(
            replace(element, said=replace(said, turn=first, start_s=start.start_s, end_s=end.end_s, doubt=doubt))
        )
    return tuple(made)


def _said(turn: int, source: Meeting) -> Said:
    t = source.turns[turn]
    return Said(turn=turn, speaker=t.speaker, text=t.text, start_s=t.start_s, end_s=t.end_s, doubt=t.doubt)


def why_of(draft: Draft, turns: tuple[TurnEvidence, ...]) -> str:
    """Return the rule that speaks loudest for the item, or the classifier, with the confidence."""
    best = [h for a in draft.anchors if (h := turns[a].best(draft.kind))]
    rule = max(best, key=lambda h: h.strength).rule.id if best else None
    return f"{rule}, {draft.sure:.2f}" if rule else f"classifier, {draft.sure:.2f}"
