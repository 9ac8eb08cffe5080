"""A meeting becomes findings: scores and rules to items, items to findings with owner, date, links and notice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from casefile.records import Finding, Findings, Meeting, Plan, Said
from extract.actions import action_of
from extract.classify import Classifier, Reading, TurnHints
from extract.conditions import condition_of
from extract.content import rarity
from extract.dues import FoundDue, due_of
from extract.elements import elements_of
from extract.evidence import Combiner, TurnEvidence, load_combiner, read_turns, weigh
from extract.items import Draft, draft_items, together
from extract.links import Link, link_items, same_refusals
from extract.notice import Talk, notice_of
from extract.owners import owner_of
from extract.people import Roster, roster_of
from extract.plans import plan_of
from extract.status import Ending, endings
from extract.topics import topic_of

Progress = Callable[[int, int], None]
PLAIN = 0.7  # how sure one refusal of a meeting is at least
PROMOTED = 0.5  # how sure a request is at least that a plain refusal answers


@dataclass(frozen=True)
class Work:
    """A meeting on its way to findings: all that later steps and `explain` look at."""

    meeting: Meeting
    roster: Roster
    reading: Reading | None
    turns: tuple[TurnEvidence, ...]
    drafts: tuple[Draft, ...]
    links: tuple[Link, ...]
    ended: Mapping[int, Ending]
    plan: Plan

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The findings' ids, in the order of the drafts."""
        made: dict[str, int] = {}
        return tuple(_unlike(_id(d, self.meeting), made) for d in self.drafts)

    def words(self, draft: Draft) -> str:
        """Return the anchors' words as the rules read them."""
        return " ".join(self.turns[a].view.text for a in draft.anchors)

    def asked(self, at: int) -> tuple[Draft, ...]:
        """Return the requests that draft `at` answers."""
        return tuple(self.drafts[link.request] for link in self.links if link.answer == at)

    def due(self, draft: Draft) -> FoundDue | None:
        """Return when a draft is due."""
        return due_of(draft, self.turns, self.meeting)


def find(meeting: Meeting, *, progress: Progress | None = None) -> Findings:
    """Return everything promised, refused, put off, asked for and agreed in a meeting, in its order.

    `progress` is told (turns done, turns in all).
    """
    return findings_of(work_on(meeting, progress=progress))


def work_on(meeting: Meeting, *, progress: Progress | None = None) -> Work:
    """Return the meeting read and drafted."""
    return work_with(meeting, _classifier().read(meeting, progress=progress))


@lru_cache(maxsize=1)
def _classifier() -> Classifier:
    from extract.classify import load_classifier

    return load_classifier()


def work_with(meeting: Meeting, reading: Reading | None, *, combiner: Combiner | None = None) -> Work:
    """Return the meeting drafted from a classifier's reading; None: by the rules alone."""
    roster = roster_of(meeting)
    combiner = combiner or load_combiner()
    turns = weigh(read_turns(meeting, roster, reading.scores if reading else None), combiner)
    return work_from(meeting, roster, turns, reading, combiner)


def work_from(
    meeting: Meeting, roster: Roster, turns: tuple[TurnEvidence, ...], reading: Reading | None, combiner: Combiner
) -> Work:
    """Return the meeting drafted from weighed turns."""
    speakers = [t.speaker for t in meeting.turns]
    drafts = draft_items(turns, speakers, combiner)
    rare = rarity(e.view.text for e in turns)
    links = link_items(drafts, rare, speakers)
    if pairs := same_refusals(drafts, links):
        drafts = together(drafts, pairs)
        links = link_items(drafts, rare, speakers)
    drafts = _promoted(_unless_faint(drafts), links)
    ended = endings(drafts, turns, meeting, rare)
    drafts = _unless_taken_back(drafts, ended)
    return Work(meeting, roster, reading, turns, drafts, links, ended, plan_of(meeting))


def _unless_faint(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Return the drafts with all refusals doubtful where not one is plain: most likely the meeting refused nothing."""
    plain = max((d.sure for d in drafts if d.kind == "denial"), default=0.0) >= PLAIN
    return drafts if plain else tuple(replace(d, doubtful=True) if d.kind == "denial" else d for d in drafts)


def _promoted(drafts: tuple[Draft, ...], links: tuple[Link, ...]) -> tuple[Draft, ...]:
    """Return the drafts with the requests that plain refusals answer no longer doubtful."""
    refused = {
        link.request for link in links if drafts[link.answer].kind == "denial" and not drafts[link.answer].doubtful
    }
    return tuple(
        replace(d, doubtful=False, sure=max(d.sure, PROMOTED)) if i in refused and d.doubtful else d
        for i, d in enumerate(drafts)
    )


def _unless_taken_back(drafts: tuple[Draft, ...], ended: Mapping[int, Ending]) -> tuple[Draft, ...]:
    """Return the drafts with those refusals doubtful that only take back an earlier promise."""
    back = {e.turn for i, e in ended.items() if drafts[i].kind == "commitment" and e.status == "retracted"}
    return tuple(replace(d, doubtful=True) if d.kind == "denial" and back.issuperset(d.anchors) else d for d in drafts)


def findings_of(work: Work) -> Findings:
    """Return the findings drafted in `work`."""
    meeting = work.meeting
    return Findings(
        held_on=meeting.held_on,
        findings=tuple(_finding(j, work) for j in range(len(work.drafts))),
        participants=meeting.participants,
        calendar=meeting.calendar,
        plan=work.plan,
    )


def _finding(at: int, work: Work) -> Finding:
    draft, meeting = work.drafts[at], work.meeting
    asked = work.asked(at)
    asked_words, own = " ".join(work.words(d) for d in asked), work.words(draft)
    owner = owner_of(draft, work.turns, meeting, work.roster, work.plan)
    due = work.due(draft)
    said = tuple(_said(a, meeting) for a in draft.anchors)
    return Finding(
        id=work.ids[at],
        kind=draft.kind,
        turns=tuple(sorted({*draft.turns, *(a for d in asked for a in d.anchors), *([due.turn] if due else [])})),
        anchors=draft.anchors,
        speaker=meeting.turns[draft.anchors[0]].speaker,
        owner=owner.name,
        action=action_of(draft, asked, work.turns, meeting, work.roster, due) or "act on what was said",
        topic=topic_of(asked_words, own, _around(draft, work)),
        quote=" … ".join(s.text for s in said),
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
        elements=elements_of(draft, asked, work.turns, meeting),
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


def _id(draft: Draft, meeting: Meeting) -> str:
    words = f"{draft.kind}|{draft.anchors[0]}|{meeting.turns[draft.anchors[0]].text}"
    return f"{draft.kind[:2]}{draft.anchors[0]}-{hashlib.sha256(words.encode('utf8', 'surrogatepass')).hexdigest()[:6]}"


def _unlike(made: str, known: dict[str, int]) -> str:
    known[made] = known.get(made, 0) + 1
    return made if known[made] == 1 else f"{made}-{known[made]}"


def _said(turn: int, meeting: Meeting) -> Said:
    t = meeting.turns[turn]
    return Said(turn=turn, speaker=t.speaker, text=t.text, start_s=t.start_s, end_s=t.end_s, doubt=t.doubt)


def why_of(draft: Draft, turns: tuple[TurnEvidence, ...]) -> str:
    """Return the rule that speaks loudest for the item, or the classifier, with the confidence."""
    best = [h for a in draft.anchors if (h := turns[a].best(draft.kind))]
    rule = max(best, key=lambda h: h.strength).rule.id if best else None
    return f"{rule}, {draft.sure:.2f}" if rule else f"classifier, {draft.sure:.2f}"
