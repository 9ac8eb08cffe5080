"""What a template sees: findings as a letter says them, every value knowing where it came from.

A template reads these by name; docs/letters.md lists them for people who change templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from casefile.quotes import in_a_row
from casefile.records import Element, Finding, Said
from casefile.seconds import clock
from draft import words
from draft.marks import Marks, Source, unmarked
from draft.names import Guard
from draft.people import Table

TEAMS = {"IEP team": "the IEP team", "504 team": "the Section 504 team"}
_SAME = 0.6  # of the words shared
_IN_QUOTES = re.compile("(“[^”]*”)")
_QUOTES = 2  # of one finding in a friendly letter
_SHORT = 45  # words of a quotation in a friendly letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words as spoken: the quotation is empty where they may not be quoted; the place is where to hear them."""

    quote: str
    who: str
    at: str  # "13:05"; "" without times
    mine: bool  # the parent's own words
    again: bool = False  # stands among the finding's own words already
    within: bool = False  # stands there as a part of longer words


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One finding as a letter says it. Empty values are false in a template's condition."""

    id: str
    kind: str
    action: str  # "send the draft": fit for after "will"
    line: str  # "Send the draft": fit for an item
    topic: str
    who: str  # "Lamar Bell", "the IEP team"; "" when unknown
    mine: bool  # the parent's own, or of somebody on the parent's side
    by: str  # "by Thursday, November 19, 2026"
    day: str  # "Thursday, November 19, 2026"
    said_when: str  # “within ten school days”, where no one day is sure
    readings: str  # "Friday, November 13, 2026 or Friday, November 20, 2026"
    undated: bool  # a promise without any time
    condition: str  # “once you sign”
    asked: str  # "I asked the team to send the draft"
    refused: str  # "the draft": fit for after "did not agree to"
    aside: str  # "200 agreed instead"
    same_as_request: bool  # what was refused is what was asked: say it once
    words: tuple[Words, ...]
    short: tuple[Words, ...]  # of those, the ones fit for a friendly letter
    reasons: tuple[Words, ...]
    data: tuple[Words, ...]
    options: tuple[Words, ...]
    others: tuple[Words, ...]
    about: str  # "evaluation", "placement", "fape", "identification"
    notice: str  # "refusal", "proposed_change", "refusal_504", "softer"
    request: Item | None = None  # the request it answers
    answers: tuple[str, ...] = ()  # kinds of what answers a request


@dataclass(slots=True)
class Viewer:
    """Makes the views of one letter."""

    marks: Marks
    table: Table
    guard: Guard
    accepted: tuple[Finding, ...]
    heard: frozenset[str]  # ids of findings that a person listened to
    rough: bool
    _made: dict[str, Item] = field(default_factory=dict)

    def item(self, finding: Finding) -> Item:
        """Return a finding's view; the same one every time."""
        if finding.id not in self._made:
            self._made[finding.id] = self._item(finding)
        return self._made[finding.id]

    def _item(self, finding: Finding) -> Item:
        source = Source(finding_id=finding.id)
        mark = self._marker(source)
        mine = self.table.on_our_side(finding.owner)
        action = self._written(self._sayable(finding), by_parent=mine or finding.kind == "request")
        refused, aside = words.refused_matter(self._sayable(finding))
        due = finding.due
        vague = due is not None and due.on is None
        may_quote = self._may_quote(finding)
        quotable = tuple(self._words(s, finding, source) for s in in_a_row(finding.said))
        request = self._linked(finding, "request") if finding.kind != "request" else ()
        return Item(
            id=finding.id,
            kind=finding.kind,
            action=mark(action),
            line=mark(words.capital(action)),
            topic=mark(self.guard.written(finding.topic)),
            who=mark(self.owner(finding)),
            mine=mine,
            by=mark(words.by_day(due, due.on) if due and due.on else ""),
            day=mark(words.long_date(due.on) if due and due.on else ""),
            said_when=mark(words.quoted(due.phrase) if due and vague and may_quote and due.phrase else ""),
            readings=mark(self._readings(due.candidates) if due and vague else ""),
            undated=due is None or (vague and not due.candidates and not words.needs_no_date(due)),
            condition=mark(self._condition(finding) if may_quote else ""),
            asked=mark(self._asked(finding, action) if finding.kind == "request" else ""),
            refused=mark(self._written(refused, by_parent=True)),
            aside=mark(self.guard.written(aside)),
            same_as_request=bool(request) and words.similar(refused, request[0].action) >= _SAME,
            words=quotable,
            short=self._short(finding, quotable),
            reasons=self._elements(finding, "reason", source),
            data=self._elements(finding, "data", source),
            options=self._elements(finding, "option", source),
            others=self._elements(finding, "other", source),
            about=finding.notice.about or "" if finding.notice else "",
            notice=finding.notice.kind if finding.notice else "",
            request=self.item(request[0]) if request else None,
            answers=tuple(sorted({f.kind for f in self._linked(finding)})) if finding.kind == "request" else (),
        )

    def owner(self, finding: Finding) -> str:
        """Return who will do it or refused, in a letter's words; "" when unknown."""
        names = [n.strip() for n in (finding.owner or "").split(";") if n.strip()]
        return words.joined([TEAMS.get(n, self.guard.written(n)) for n in names])

    def quoting(self, said: Said, finding: Finding) -> bool:
        """Say whether these words may be quoted: nothing speaks against them or a person heard them, and no
        other child is named."""
        sure = finding.id in self.heard or (not self.rough and said.doubt is None)
        return sure and bool(said.text.strip()) and self.guard.quotable(said.text)

    def _may_quote(self, finding: Finding) -> bool:
        return finding.id in self.heard or not (self.rough or any(s.doubt for s in finding.said))

    def _condition(self, finding: Finding) -> str:
        condition = finding.condition or ""
        return words.quoted(condition) if condition and self.guard.quotable(condition) else ""

    def _words(self, said: Said, finding: Finding, source: Source) -> Words:
        mark = self._marker(source)
        return Words(
            quote=mark(words.quoted(said.text) if self.quoting(said, finding) else ""),
            who=mark(self.guard.written(said.speaker or "")),
            at=mark(clock(said.start_s) if said.start_s is not None else ""),
            mine=bool(said.speaker) and said.speaker == self.table.parent,
        )

    def _elements(self, finding: Finding, kind: str, source: Source) -> tuple[Words, ...]:
        found: Sequence[Element] = [e for e in finding.elements if e.kind == kind]
        own = [s.text for s in in_a_row(finding.said)]
        made = (
            replace(
                self._words(e.said, finding, source),
                again=e.said.text in own,
                within=any(e.said.text.strip(" .") in text for text in own),
            )
            for e in found
        )
        return tuple(w for w in made if w.quote or w.at)

    def _sayable(self, finding: Finding) -> str:
        """Return the action; one that is nothing but a quotation is only pointed to where it may not be quoted."""
        quoted = " ".join(_IN_QUOTES.findall(finding.action))
        if not quoted or (self._may_quote(finding) and self.guard.quotable(quoted)):
            return finding.action
        at = f" at {clock(finding.start_s)} in the recording" if finding.start_s is not None else ""
        return f"act on what was said{at}"

    def _short(self, finding: Finding, quotable: Sequence[Words]) -> tuple[Words, ...]:
        """Return at most two short quotations, those of who decided first."""
        short = [w for w in quotable if w.quote and len(w.quote.split()) <= _SHORT]
        own = [w for w in short if unmarked(w.who) in (finding.owner or "")]
        return tuple((own or short)[:_QUOTES])

    def _written(self, action: str, *, by_parent: bool) -> str:
        """Return an action in the parent's words; what is quoted in it stays as it was said."""

        def told(own: str) -> str:
            return self.guard.written(words.for_reader(own, parent=self.table.parent, by_parent=by_parent))

        return "".join(
            part if place % 2 else told(part) for place, part in enumerate(_IN_QUOTES.split(words.bare_action(action)))
        )

    def _asked(self, finding: Finding, action: str) -> str:
        who = self.guard.written(finding.speaker or "")
        mine = finding.speaker is None or self.table.part(finding.speaker) in (None, "parent")
        asker = ("I" if finding.speaker == self.table.parent or not who else who) if mine else who
        if said := re.fullmatch(r"act on this: (.*)", action):  # the finder had the words only
            return f"{asker} said: {said[1]}" if said[1][:1] == words.OPEN_QUOTE else f"{asker} raised this: {said[1]}"
        if not words.is_verb_phrase(action):
            return f"{asker} asked for {action}"
        return f"{asker} asked the team to {action}"

    def _linked(self, finding: Finding, kind: str | None = None) -> tuple[Finding, ...]:
        return tuple(
            f
            for f in self.accepted
            if (f.id in finding.links or finding.id in f.links)
            and f.id != finding.id
            and f.status == "active"
            and (kind is None or f.kind == kind)
        )

    @staticmethod
    def _readings(days: Sequence[date]) -> str:
        return words.joined([words.long_date(d) for d in sorted(set(days))], last="or")

    def _marker(self, source: Source) -> Callable[[str], str]:
        return lambda text: self.marks.mark(text, source) if text and text.strip() else ""
