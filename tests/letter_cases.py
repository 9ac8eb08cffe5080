"""Factories for the letters' tests: a meeting needs only what a test is about. All people are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from casefile.records import (
    CaseFacts,
    Contact,
    Due,
    Element,
    Finding,
    Kind,
    Letter,
    Notice,
    Participant,
    Reviewed,
    ReviewedCase,
    Said,
)

HELD = date(2026, 11, 12)
TODAY = date(2026, 11, 13)

PARENT = Participant(name="Nadine Harlow", role="parent")
LEAD = Participant(name="Gordon Pell", role="area coordinator", email="pell@district.example")
TEACHER = Participant(name="Tess Maddern", role="special education teacher", email="maddern@district.example")
DIRECTOR = Contact(name="Rosa Quill", role="director of special education", email="quill@district.example")

FACTS = CaseFacts(
    child="Eli Harlow",
    parent="Nadine Harlow",
    parent_email="nadine@home.example",
    parent_phone="314-555-0142",
    parent_address="12 Alder Lane, Millbrook, MO 63999",
    school="Alder Grove Elementary",
    district="Millbrook School District",
    grade="second grade",
    disability="speech impairment",
    participants=(PARENT, LEAD, TEACHER),
    contacts=(DIRECTOR,),
)


def said(text: str, *, who: str | None = "Gordon Pell", at: float | None = 185.0, doubt: str | None = None) -> Said:
    """Return words with a place."""
    return Said(turn=0, speaker=who, text=text, start_s=at, end_s=None if at is None else at + 4, doubt=doubt)


def finding(kind: Kind, action: str, *, id: str = "f1", **more: Any) -> Finding:
    """Return a finding; everything but kind and action has a likely value."""
    quote = more.pop("quote", "Those were the words.")
    owner = more.pop("owner", None if kind == "request" else "Gordon Pell")
    who = more.pop("speaker", "Nadine Harlow" if kind == "request" else owner)
    words = more.pop("said", (said(quote, who=who),))
    return Finding(
        id=id,
        kind=kind,
        turns=(0,),
        anchors=(0,),
        speaker=who,
        owner=owner,
        action=action,
        topic=more.pop("topic", "speech minutes"),
        quote=" ".join(s.text for s in words),
        said=words,
        start_s=words[0].start_s if words else None,
        **more,
    )


def promise(action: str, by: date | None = None, *, id: str = "c1", phrase: str = "by Friday", **more: Any) -> Finding:
    """Return a commitment, with a day or without."""
    due = more.pop("due", Due(phrase=phrase, candidates=(by,)) if by else None)
    return finding("commitment", action, id=id, due=due, **more)


def request(action: str = "add thirty minutes of speech a week", *, id: str = "r1", **more: Any) -> Finding:
    """Return the parent's request."""
    more.setdefault("quote", "Could he have thirty more minutes of speech?")
    return finding("request", action, id=id, **more)


def refusal(
    action: str = "refused to add thirty minutes of speech a week",
    *,
    id: str = "d1",
    notice: Notice | None = Notice(kind="refusal", about="fape"),  # noqa: B008 - a frozen record
    **more: Any,
) -> Finding:
    """Return a denial that answers r1 and calls for notice."""
    more.setdefault("quote", "We are not going to add minutes.")
    more.setdefault("links", ("r1",))
    return finding("denial", action, id=id, notice=notice, **more)


def reason(text: str, **more: Any) -> Element:
    """Return a reason given at the meeting."""
    return Element(kind="reason", said=said(text, **more))


def case(*findings: Finding, facts: CaseFacts = FACTS, heard: tuple[str, ...] = (), **more: Any) -> ReviewedCase:
    """Return a case in which everything was kept."""
    reviewed = tuple(Reviewed(finding=f, verdict="kept", heard=f.id in heard) for f in findings)
    return ReviewedCase(facts=facts, held_on=HELD, findings=reviewed, **more)


def words_of(letter: Letter) -> str:
    """Return everything a letter says."""
    return "\n".join([letter.subject, *(b.text for b in letter.blocks)])


def sixty() -> ReviewedCase:
    """Return a meeting of sixty findings of all kinds, a third of them refusals with all they bring."""
    found: list[Finding] = []
    for n in range(20):
        found.append(request(f"add {n + 5} minutes of reading help", id=f"r{n}", topic=f"reading help {n}"))
        found.append(
            refusal(
                f"refused to add {n + 5} minutes of reading help",
                id=f"d{n}",
                links=(f"r{n}",),
                topic=f"reading help {n}",
                elements=(reason(f"Because group {n} is full."),),
            )
        )
        found.append(promise(f"send chart number {n}", date(2026, 11, 16), id=f"c{n}", topic="data"))
    return case(*found)
