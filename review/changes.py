"""Findings made by a person: mended, put together, taken apart, added from marked words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from casefile.errors import CaseError
from casefile.quotes import quote_of
from casefile.records import About, Due, Finding, Kind, Notice, Plan, Said, Transcript, Turn, Word

KINDS: tuple[Kind, ...] = ("commitment", "denial", "deferral", "request", "agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a person put in the fields of a finding; None leaves a field as it is, "" empties it."""

    kind: Kind | None = None
    owner: str | None = None
    action: str | None = None
    topic: str | None = None
    due_phrase: str | None = None
    due_on: date | str | None = None  # a day; "" for "no day fixed"
    condition: str | None = None
    about: About | None = None  # what a refusal's notice is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Words a person marked: from one place to another, turns counted from 0, offsets half-open."""

    first_turn: int
    first_char: int
    last_turn: int
    last_char: int


def mend(finding: Finding, change: Change, *, plan: Plan | None = None) -> Finding:
    """Return the finding with what the person changed; a new kind brings or takes away its notice."""
    kind = change.kind or finding.kind
    return replace(
        finding,
        kind=kind,
        owner=_kept(change.owner, finding.owner),
        action=(finding.action if change.action is None else change.action.strip()) or finding.action,
        topic=(finding.topic if change.topic is None else change.topic.strip().lower()) or finding.topic,
        due=_due(finding.due, change),
        condition=_kept(change.condition, finding.condition),
        notice=_notice(finding, kind, change.about, plan),
        status="active",
        doubtful=False,
    )


def merge(into: Finding, *others: Finding) -> Finding:
    """Return one finding with the proof of all; its words (kind, action) are those of the first."""
    everyone = (into, *others)
    said = _in_order(s for f in everyone for s in f.said)
    due = next((f.due for f in everyone if f.due and f.due.on), None) or next((f.due for f in everyone if f.due), None)
    own = {f.id for f in everyone}
    return replace(
        _proved(into, said),
        turns=tuple(sorted({t for f in everyone for t in f.turns})),
        anchors=tuple(sorted({t for f in everyone for t in f.anchors})),
        owner=into.owner or next((f.owner for f in others if f.owner), None),
        due=due,
        condition=next((f.condition for f in everyone if f.condition), None),
        links=tuple(x for x in dict.fromkeys(x for f in everyone for x in f.links) if x not in own),
        elements=tuple(dict.fromkeys(e for f in everyone for e in f.elements)),
        notice=next((f.notice for f in everyone if f.notice), None),
    )


def split(finding: Finding, *, new_id: str, at: int = 1) -> tuple[Finding, Finding]:
    """Return the finding twice: with its proof up to `at` and from there on; with one quote, both keep it whole.

    The second is the person's to word anew.
    """
    if len(finding.said) < 2:
        return finding, replace(finding, id=new_id)
    at = min(max(1, at), len(finding.said) - 1)
    return _part(finding, finding.said[:at], finding.id), _part(finding, finding.said[at:], new_id)


def added(
    transcript: Transcript, marked: Marked, *, new_id: str, kind: Kind, action: str, plan: Plan | None = None
) -> Finding:
    """Return a finding made of marked words; raises CaseError where the marks hold no words."""
    said = _said_in(transcript, marked)
    if not said:
        raise CaseError("No words are marked.", next_step="Mark the words with the mouse, or press a on a line.")
    first = said[0]
    made = Finding(
        id=new_id,
        kind=kind,
        turns=tuple(s.turn for s in said),
        anchors=tuple(s.turn for s in said),
        speaker=first.speaker,
        owner=first.speaker if kind in ("commitment", "denial", "deferral") else None,
        action=action.strip() or _short(first.text),
        topic="",
        quote="",
        said=(),
        why="added by hand",
    )
    return replace(_proved(made, said), notice=_notice(made, kind, None, plan))


def _kept(new: str | None, old: str | None) -> str | None:
    return old if new is None else (new.strip() or None)


def _due(due: Due | None, change: Change) -> Due | None:
    phrase = change.due_phrase if change.due_phrase is not None else (due.phrase if due else "")
    phrase = phrase.strip()
    if isinstance(change.due_on, date):
        return Due(phrase=phrase, candidates=(change.due_on,))
    if change.due_on == "":
        return Due(phrase=phrase) if phrase else None
    if change.due_phrase is None:
        return due
    return Due(phrase=phrase, candidates=due.candidates if due else ()) if phrase else None


def _notice(finding: Finding, kind: Kind, about: About | None, plan: Plan | None) -> Notice | None:
    """A refusal calls for notice; under a 504 plan, for written reasons. What was found stands where the kind stays."""
    if kind == finding.kind and finding.notice is not None:
        return replace(finding.notice, about=about or finding.notice.about)
    if kind != "denial":
        return finding.notice if kind == finding.kind else None
    if plan == "504":
        return Notice(kind="refusal_504", about=about)
    return Notice(kind="refusal", about=about or "fape")


def _proved(finding: Finding, said: tuple[Said, ...]) -> Finding:
    """The finding with this proof, and the quote and times that follow from it."""
    return replace(
        finding,
        said=said,
        quote=quote_of(said),
        start_s=min((s.start_s for s in said if s.start_s is not None), default=None),
        end_s=max((s.end_s for s in said if s.end_s is not None), default=None),
    )


def _part(finding: Finding, said: tuple[Said, ...], own_id: str) -> Finding:
    anchors = tuple(dict.fromkeys(s.turn for s in said))
    return replace(_proved(finding, said), id=own_id, anchors=anchors, turns=anchors, speaker=said[0].speaker)


def _in_order(said: object) -> tuple[Said, ...]:
    return tuple(sorted(dict.fromkeys(said), key=lambda s: (s.turn, s.start_s or 0.0)))  # type: ignore[call-overload]


def _said_in(transcript: Transcript, marked: Marked) -> tuple[Said, ...]:
    found = []
    for place in range(max(0, marked.first_turn), min(marked.last_turn, len(transcript.turns) - 1) + 1):
        turn = transcript.turns[place]
        start = marked.first_char if place == marked.first_turn else 0
        end = marked.last_char if place == marked.last_turn else len(turn.text)
        start, end = _whole_words(turn.text, start, end)
        if turn.text[start:end].strip():
            start_s, end_s = times(turn, start, end)
            found.append(
                Said(
                    turn=place,
                    speaker=turn.speaker,
                    text=turn.text[start:end].strip(),
                    start_s=start_s,
                    end_s=end_s,
                    doubt=turn.doubt,
                )
            )
    return tuple(found)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Marks that begin or end inside a word take the whole word."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    while 0 < start < len(text) and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    while start < end < len(text) and not text[end - 1].isspace() and not text[end].isspace():
        end += 1
    return start, end


def times(turn: Turn, start: int, end: int) -> tuple[float | None, float | None]:
    """Return when the characters `start` to `end` of a turn are spoken: by its words, else the turn's own times."""
    inside = [w for (a, b), w in placed_words(turn) if a < end and b > start]
    if inside:
        return inside[0].start_s, inside[-1].end_s
    return turn.start_s, turn.end_s


def placed_words(turn: Turn) -> tuple[tuple[tuple[int, int], Word], ...]:
    """Return the turn's words with their place in its text, offsets half-open; words not found there are left out."""
    found, at = [], 0
    for word in turn.words:
        start = turn.text.find(word.text, at) if word.text else -1
        if start >= 0:
            at = start + len(word.text)
            found.append(((start, at), word))
    return tuple(found)


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")
