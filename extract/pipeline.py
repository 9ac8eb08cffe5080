"""A meeting becomes findings: scores and rules to items, items to findings with owner, date, links and notice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from casefile.records import Finding, Findings, Meeting, Said
from extract.content import rarity
from extract.dues import due_of
from extract.evidence import TurnEvidence, load_combiner, read_turns, weigh
from extract.items import Draft, draft_items
from extract.links import link_items
from extract.notice import notice_of
from extract.owners import owner_of
from extract.people import roster_of
from extract.plans import plan_of
from extract.topics import topic_of

Progress = Callable[[int, int], None]


def find(meeting: Meeting, *, progress: Progress | None = None) -> Findings:
    """Return everything promised, refused, put off, asked for and agreed in a meeting, in its order.

    `progress` is told (turns done, turns in all).
    """
    from extract.classify import load_classifier

    roster = roster_of(meeting)
    scores = load_classifier().score(meeting, progress=progress)
    turns = weigh(read_turns(meeting, roster, scores))
    plan = plan_of(meeting)
    drafts = draft_items(turns, [t.speaker for t in meeting.turns], load_combiner())
    links = link_items(drafts, rarity(e.view.text for e in turns))
    ids = [_id(d, meeting) for d in drafts]
    found = []
    for j, draft in enumerate(drafts):
        asked = [drafts[link.request] for link in links if link.answer == j]
        others = [ids[link.answer] for link in links if link.request == j] + [
            ids[link.request] for link in links if link.answer == j
        ]
        asked_words = " ".join(turns[a].view.text for d in asked for a in d.anchors)
        own = " ".join(turns[a].view.text for a in draft.anchors)
        owner, _ = owner_of(draft, turns, meeting, roster, plan)
        due = due_of(draft, meeting)
        said = tuple(_said(a, meeting) for a in draft.anchors)
        found.append(
            Finding(
                id=ids[j],
                kind=draft.kind,
                turns=tuple(sorted({*draft.turns, *(a for d in asked for a in d.anchors)})),
                anchors=draft.anchors,
                speaker=meeting.turns[draft.anchors[0]].speaker,
                owner=owner,
                action=meeting.turns[draft.anchors[0]].text.strip(),
                topic=topic_of(asked_words, own),
                quote=" … ".join(s.text for s in said),
                said=said,
                start_s=said[0].start_s,
                end_s=said[-1].end_s,
                due=due.due if due else None,
                links=tuple(others),
                confidence=round(draft.sure, 3),
                doubtful=draft.doubtful,
                why=_why(draft, turns),
                notice=notice_of(draft.kind, asked_words, own, plan=plan),
            )
        )
    return Findings(
        held_on=meeting.held_on,
        findings=tuple(found),
        participants=meeting.participants,
        calendar=meeting.calendar,
        plan=plan,
    )


def _id(draft: Draft, meeting: Meeting) -> str:
    words = "|".join([draft.kind, *(f"{a}:{meeting.turns[a].text}" for a in draft.anchors[:1])])
    return f"{draft.kind[0]}{draft.anchors[0]}-{hashlib.sha256(words.encode()).hexdigest()[:6]}"


def _said(turn: int, meeting: Meeting) -> Said:
    t = meeting.turns[turn]
    return Said(turn=turn, speaker=t.speaker, text=t.text, start_s=t.start_s, end_s=t.end_s, doubt=t.doubt)


def _why(draft: Draft, turns: tuple[TurnEvidence, ...]) -> str:
    best = [h for a in draft.anchors if (h := turns[a].best(draft.kind))]
    rule = max(best, key=lambda h: h.strength).rule.id if best else None
    return f"{rule}, {draft.sure:.2f}" if rule else f"classifier, {draft.sure:.2f}"
