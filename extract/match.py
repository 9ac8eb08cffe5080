"""Rule hits in a turn, after scope: negation, hedge, condition, past and reported speech, as in ConText."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extract.clauses import Clause, clauses
from extract.language import parsed
from extract.rules import KINDS, SCOPES, Rule, Scope, load_rules
from extract.view import View

STRENGTHS: Final = {"sure": 3, "fair": 2, "weak": 1}


@dataclass(frozen=True, slots=True)
class Before:
    """What the talk just before a turn holds, for rules that answer something."""

    request: bool = False  # the family's side asked for something and has no answer yet
    question: bool = False  # the turn before is a question by somebody else
    proposal: bool = False  # the school's side proposed a term just before
    promise: bool = False  # somebody promised something just before


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired: half-open place in the view, its clause, and the scopes it stands in."""

    rule: Rule
    start: int
    end: int
    clause: Clause
    scopes: frozenset[Scope]

    @property
    def strength(self) -> int:
        """3 sure, 2 fair, 1 weak."""
        return STRENGTHS[self.rule.strength]


def hits_in(
    view: View, *, side: str = "unknown", before: Before = Before(), rules: Sequence[Rule] | None = None
) -> tuple[Hit, ...]:
    """Return the hits of the five kinds in a turn of `side` ("school", "family", "outside", "unknown")."""
    rules = load_rules() if rules is None else rules
    parts = clauses(view.text)
    scopes = [r for r in rules if r.kind in SCOPES]
    covered = _pseudo(view, rules)
    found: list[Hit] = []
    for rule in rules:
        if rule.kind not in KINDS or rule.direction == "pseudo" or not _may(rule, side, before):
            continue
        for match in _whole(rule, view.text):
            clause = _clause_at(parts, match.start())
            if clause is None or match.end() == match.start() or not _fits(rule, match.start(), match.end(), clause):
                continue
            if any(k == rule.kind and a <= match.start() < b for k, a, b in covered):
                continue
            within = _scopes_at(view.text, clause, match.start(), match.end(), scopes)
            if not within & set(rule.unless):
                found.append(Hit(rule, match.start(), match.end(), clause, within))
    return tuple(sorted(found, key=lambda h: (h.start, -h.strength, h.rule.id)))


def _pseudo(view: View, rules: Sequence[Rule]) -> list[tuple[str, int, int]]:
    pseudo = [r for r in rules if r.direction == "pseudo"]
    return [(r.kind, m.start(), m.end()) for r in pseudo for m in _whole(r, view.text)]


def _whole(rule: Rule, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Give the places where a rule's cue is said in whole words, not "need you" in "need your"."""
    for match in rule.pattern.finditer(text, start, len(text) if end is None else end):
        read = parsed(text)
        if not read.inside_word(match.start()) and not read.inside_word(match.end()):
            yield match


def _may(rule: Rule, side: str, before: Before) -> bool:
    if rule.by == "school" and side == "family":
        return False
    if rule.by == "family" and side in ("school", "outside"):
        return False
    return rule.after == "any" or bool(getattr(before, rule.after))


def _fits(rule: Rule, start: int, end: int, clause: Clause) -> bool:
    if rule.asked == "no" and clause.asks:
        return False
    if rule.asked == "only" and not clause.asks:
        return False
    limit = clause.end if rule.within == "clause" else clause.sentence.end
    return rule.within == "turn" or end <= limit + 1


def _clause_at(parts: Sequence[Clause], at: int) -> Clause | None:
    return next((c for c in reversed(parts) if c.start <= at < c.end), None)


def _scopes_at(text: str, clause: Clause, start: int, end: int, rules: Sequence[Rule]) -> frozenset[Scope]:
    within: set[Scope] = set()
    stops = [m.start() for r in rules if r.direction == "terminate" for m in _whole(r, text, clause.start, clause.end)]
    for rule in rules:
        if rule.direction in ("terminate", "pseudo"):
            continue
        for m in _whole(rule, text, clause.sentence.start, clause.sentence.end):
            forward = (
                m.end() <= start and rule.direction in ("forward", "both") and _same(m.start(), start, stops, clause)
            )
            backward = (
                m.start() >= end and rule.direction in ("backward", "both") and _same(end, m.start(), stops, clause)
            )
            if forward or backward or start <= m.start() < end:
                within.add(rule.kind)  # type: ignore[arg-type]
    return frozenset(within)


def _same(a: int, b: int, stops: Sequence[int], clause: Clause) -> bool:
    """Tell whether nothing ends the scope between two places, and both lie in the clause."""
    return clause.start <= a < clause.end and clause.start <= b <= clause.end and not any(a < s < b for s in stops)
