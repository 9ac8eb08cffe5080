"""What the letters before and after a meeting read besides: made from what was told, every value marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casefile.records import Finding
from casefile.seconds import clock
from draft import words
from draft.deadlines import send_draft_by
from draft.marks import FROM_CASE, Marks, Source
from draft.told import SentLetter, Told
from draft.views import Item

Mark = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the notice that is lacking."""

    number: str
    question: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One difference between notice and meeting."""

    said: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """One letter that went out."""

    subject: str
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allegation:
    """One violation in a complaint."""

    number: str
    item: Item
    fact: str  # id of the fact of law that was broken
    letters: tuple[Wrote, ...]


def extras(
    told: Told, marks: Marks, *, today: date, held_on: date, next_kind: str, matters: tuple[tuple[Finding, Item], ...]
) -> dict[str, object]:
    """Return the values; what was not told is a stand-in that leaves its sentence out."""

    def given(text: str | None, what: str) -> object:
        return marks.mark(text) if text and text.strip() else marks.lacking(what)

    def day(on: date | None) -> str:
        return marks.mark(words.plain_date(on)) if on else ""

    at = told.meeting_at
    send_by = send_draft_by(at.date(), today) if at else None
    return {
        "next_kind": next_kind,
        "meeting_day": given(words.long_date(at.date()) if at else None, "the day of the meeting to come"),
        "meeting_time": marks.mark(words.time_of_day(at)) if at and (at.hour or at.minute) else "",
        "send_by": marks.mark(words.long_date(send_by)) if send_by else "",
        "person": given(told.person, "who comes with you"),
        "person_role": marks.mark(told.person_role) if told.person_role else "",
        "person_knows": marks.mark(told.person_knows.rstrip(" .")) if told.person_knows else "",
        "concerns": tuple(marks.mark(_sentence(c)) for c in told.concerns if c.strip()),
        "records": tuple(marks.mark(words.capital(r.strip().rstrip("."))) for r in told.records if r.strip()),
        "areas": tuple(marks.mark(words.capital(a.strip().rstrip("."))) for a in told.areas if a.strip()),
        "evaluation": given(told.evaluation, "the evaluation you disagree with"),
        "evaluation_on": day(told.evaluation_on),
        "notice_on": day(told.notice_on),
        "recap_on": day(told.sent_on("followup")),
        "reminded_on": day(told.sent_on("reminder")),
        "lacking_parts": tuple(_part(p.number, p.question, p.quote, marks) for p in told.parts),
        "differences": tuple(
            Differs(
                said=marks.mark(d.said, Source(finding_id=d.finding_id) if d.finding_id else FROM_CASE),
                quote=marks.mark(words.quoted(d.quote)) if d.quote else "",
            )
            for d in told.differences
        ),
        "notes_say": lambda item: _notes_say(told, item, marks),
        "allegations": _allegations(told, marks, matters),
        "exhibits": _exhibits(told, marks, held_on, matters),
        "earliest": day(held_on),
    }


def _sentence(text: str) -> str:
    said = words.capital(text.strip())
    return said if said[-1:] in ".?!" else f"{said}."


def _part(number: int, question: str, quote: str, marks: Marks) -> Part:
    law = Source(fact_id="pwn.contents")
    return Part(
        number=marks.mark(str(number), law),
        question=marks.mark(question, law),
        quote=marks.mark(words.quoted(quote)) if quote else "",
    )


def _notes_say(told: Told, item: Item, marks: Marks) -> str:
    text = next((n.text for n in told.notes if n.finding_id == item.id), "")
    return marks.mark(words.quoted(text)) if text.strip() else ""


def _allegations(told: Told, marks: Marks, matters: tuple[tuple[Finding, Item], ...]) -> tuple[Allegation, ...]:
    made = []
    for place, (finding, item) in enumerate(matters, 1):
        change = finding.notice is not None and finding.notice.kind == "proposed_change"
        own = words.slug(finding.topic or finding.action)
        about = sorted((s for s in told.sent if s.letter_id == "followup" or own in s.letter_id), key=lambda s: s.on)
        made.append(
            Allegation(
                number=marks.mark(str(place)),
                item=item,
                fact="pwn.proposal" if change else "pwn.refusal",
                letters=tuple(_wrote(s, marks) for s in about),
            )
        )
    return tuple(made)


def _wrote(sent: SentLetter, marks: Marks) -> Wrote:
    return Wrote(subject=marks.mark(sent.subject), on=marks.mark(words.plain_date(sent.on)))


def _exhibits(told: Told, marks: Marks, held_on: date, matters: tuple[tuple[Finding, Item], ...]) -> tuple[str, ...]:
    sent = [
        f"My letter of {words.plain_date(s.on)}, {words.quoted(s.subject)}"
        for s in sorted(told.sent, key=lambda s: s.on)
    ]
    heard = marks.mark(f"An extract of what was said at the meeting of {words.plain_date(held_on)}")
    places = {
        clock(said.start_s): Source(finding_id=f.id) for f, _ in matters for said in f.said if said.start_s is not None
    }
    if places:
        at = words.joined([marks.mark(place, source) for place, source in places.items()])
        heard = f"{heard}, at {at} in my recording"
    return (*(marks.mark(text) for text in ("The IEP in force", *sent)), heard)
