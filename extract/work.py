"""A meeting on its way to findings: utterances, scores and rules, items and what links them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from casefile.records import Kind, Meeting, Plan
from extract.classify import Classifier, Part, Reading
from extract.classify_units import Stretches, cut
from extract.content import rarity
from extract.dues import FoundDue, due_of
from extract.evidence import Combiner, TurnEvidence, load_combiner, read_turns, weigh
from extract.items import Draft, draft_items, together
from extract.links import Link, link_items, same_refusals
from extract.people import Roster, roster_of
from extract.plans import plan_of
from extract.proof import carrying
from extract.status import Ending, endings
from extract.utterances import Utterance, utterances_of

Progress = Callable[[int, int], None]
PLAIN = 0.7  # how sure one refusal of a meeting is at least
PROMOTED = 0.5  # how sure a request is at least that a plain refusal answers


@dataclass(frozen=True)
class Work:
    """A meeting on its way to findings: all that later steps and `explain` look at."""

    source: Meeting  # in the transcript's own lines
    utterances: tuple[Utterance, ...]
    meeting: Meeting  # the same with a turn for each utterance: all that follows counts these
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
        return tuple(_unlike(_id(d.kind, self.lines(d)[0], self.source), made) for d in self.drafts)

    @cached_property
    def _parts(self) -> dict[int, list[Part]]:
        made: dict[int, list[Part]] = {}
        for part in self.reading.parts if self.reading else ():
            made.setdefault(part.turn, []).append(part)
        return made

    def lines(self, draft: Draft) -> tuple[int, ...]:
        """Return the numbers of the transcript's lines that carry a draft."""
        made = (
            carrying(draft.kind, self.turns[a], self.utterances[a], self._parts.get(a, ()), self.source)
            for a in draft.anchors
        )
        return tuple(sorted({line for lines in made for line in lines}))

    def line(self, turn: int, place: int) -> int:
        """Return the number of the transcript's line that holds a place of an utterance."""
        return self.utterances[turn].line_at(place)

    def words(self, draft: Draft) -> str:
        """Return the anchors' words as the rules read them."""
        return " ".join(self.turns[a].view.text for a in draft.anchors)

    def asked(self, at: int) -> tuple[Draft, ...]:
        """Return the requests that draft `at` answers."""
        return tuple(self.drafts[link.request] for link in self.links if link.answer == at)

    def due(self, draft: Draft) -> FoundDue | None:
        """Return when a draft is due."""
        return due_of(draft, self.turns, self.meeting)


def work_on(meeting: Meeting, *, progress: Progress | None = None) -> Work:
    """Return the meeting read and drafted."""
    whole, utterances = utterances_of(meeting)
    lines = [_stretches(u, t.text) for u, t in zip(utterances, whole.turns, strict=True)]
    work = work_with(whole, _classifier().read(whole, lines=lines, progress=_in_lines(progress, utterances)))
    return replace(work, source=meeting, utterances=utterances)


def _stretches(utterance: Utterance, text: str) -> Stretches:
    """Return the stretches an utterance is read in: line by line, a long line in parts."""
    bounds = (*utterance.starts, len(text))
    return tuple((a + x, a + y) for a, b in pairwise(bounds) for x, y in cut(text[a:b]))


def _in_lines(progress: Progress | None, utterances: Sequence[Utterance]) -> Progress | None:
    """Return `progress` told in lines rather than in utterances."""
    if progress is None:
        return None
    ends = (0, *(u.lines.stop for u in utterances))
    return lambda done, count: progress(ends[done], ends[count])


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
    alone = tuple(Utterance(first=i, starts=(0,)) for i in range(len(meeting.turns)))
    return Work(meeting, alone, meeting, roster, reading, turns, drafts, links, ended, plan_of(meeting))


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


def _id(kind: Kind, line: int, source: Meeting) -> str:
    words = f"{kind}|{line}|{source.turns[line].text}"
    return f"{kind[:2]}{line}-{hashlib.sha256(words.encode('utf8', 'surrogatepass')).hexdigest()[:6]}"


def _unlike(made: str, known: dict[str, int]) -> str:
    known[made] = known.get(made, 0) + 1
    return made if known[made] == 1 else f"{made}-{known[made]}"
