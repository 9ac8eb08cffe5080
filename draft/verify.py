"""What a letter says that nothing stands behind: numbers, names and quotations, sentence by sentence.

A sentence may say what its own findings and facts of law say, what the case and the letter's own telling hold, and the
words of the program's own templates. Drafts are held to it in the tests; in a template that somebody changed, what has
no source is shown to the parent as a check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from casefile.records import Finding, Letter, ReviewedCase, Sentence
from casefile.seconds import clock
from draft import words
from draft.deadlines import ask_by, send_draft_by
from draft.law import read_law
from draft.template import own_words
from draft.told import NOTHING_TOLD, Told

_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<![.?!:“‘(] )(?<!^)\b[A-Z][\w’']*")
_QUOTE = re.compile(r"“([^”]*)”")


def unfounded(letter: Letter, case: ReviewedCase, *, today: date, told: Told = NOTHING_TOLD) -> tuple[str, ...]:
    """Return the numbers, names and quotations of a letter that nothing stands behind."""
    known = {f.id: f for f in case.accepted}
    numbered = [str(p.number) for p in told.parts]
    if letter.kind.startswith("reminder"):  # "in my email this was item 4"
        numbered += [str(n + 1) for n in range(len(case.accepted))]
    days = _days(case.held_on, today, ask_by(today), told)
    always = " ".join([*_texts(case.facts), *_texts(told), *days, *numbered])
    strange: dict[str, None] = {}
    for sentence in (Sentence(text=letter.subject, finding_ids=letter.finding_ids), *_sentences(letter)):
        strange.update(dict.fromkeys(_strange(sentence, always, known)))
    return tuple(strange)


def _sentences(letter: Letter) -> Iterable[Sentence]:
    return (s for b in letter.blocks for s in b.sentences)


def _strange(sentence: Sentence, always: str, known: dict[str, Finding]) -> Iterable[str]:
    own = [t for i in sentence.finding_ids if i in known for t in _of_finding(known[i])]
    law = [t for f in read_law().facts if f.id in sentence.fact_ids for t in (f.cites, f.says)]
    founded = " ".join([always, *own, *law])
    quotes = {words.quoted(t)[1:-1] for t in own} | {always}
    numbers, names = set(_NUMBER.findall(founded)), set(re.findall(r"[\w’']+", founded)) | own_words()
    outside = _QUOTE.sub("“”", sentence.text)
    yield from (n for n in _NUMBER.findall(outside) if n not in numbers)
    yield from (n for n in _NAME.findall(outside) if not {n, n.removesuffix("'s"), n.lower()} & names)
    for quote in _QUOTE.findall(sentence.text):
        cut = quote.rstrip(" .…")  # a long one may end in an ellipsis
        if not any(cut in q for q in quotes) and cut.strip() not in always:
            yield f"“{quote}”"


def _of_finding(finding: Finding) -> Iterable[str]:
    yield from _texts(finding)
    for said in (*finding.said, *(e.said for e in finding.elements)):
        if said.start_s is not None:
            yield clock(said.start_s)
    if finding.due:
        yield from (words.long_date(d) for d in finding.due.candidates)


def _days(held_on: date, today: date, ask: date, told: Told) -> Iterable[str]:
    more = [told.meeting_at.date()] if told.meeting_at else []
    draft_by = send_draft_by(more[0], today) if more else None
    more += [d for d in (draft_by, told.evaluation_on, told.notice_on, *(s.on for s in told.sent)) if d]
    yield from (words.long_date(d) for d in (held_on, today, ask, *more))
    if told.meeting_at:
        yield words.time_of_day(told.meeting_at)


def _texts(value: object) -> Iterable[str]:
    """Yield every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)
    elif is_dataclass(value) and not isinstance(value, (date, datetime)):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
