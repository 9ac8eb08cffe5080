"""No number, name, date or quotation appears in a letter that is not in its findings, the case or the law."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from letter_cases import FACTS, HELD, TODAY, case, finding, promise, reason, refusal, request, sixty

from casefile.records import Block, Due, Finding, Letter, Notice, Participant, Reviewed, ReviewedCase, Said, Sentence
from draft import draft_letters
from draft.kinds import KINDS, ask_for
from draft.letters import draft_letter
from draft.told import Difference, LackingPart, NotesSay, SentLetter, Told
from draft.verify import unfounded

TOLD = Told(
    meeting_at=datetime(2026, 12, 3, 15, 30, tzinfo=UTC),
    person="Lena Ortiz",
    person_role="my sister",
    concerns=("He reads two years below his grade",),
    areas=("Reading",),
    evaluation="reading evaluation",
    evaluation_on=date(2026, 9, 1),
    notice_on=date(2026, 11, 19),
    notes=(NotesSay(finding_id="d1", text="The parent agreed."),),
    parts=(LackingPart(number=6, question="Which other options were there?", quote="None."),),
    differences=(Difference(said="The team did not agree to this.", quote="Parent agreed.", finding_id="d1"),),
    sent=(SentLetter(letter_id="followup", subject="Following up", on=date(2026, 11, 13)),),
)


def full() -> ReviewedCase:
    return case(
        request(),
        refusal(elements=(reason("Because his scores are average.", at=190),)),
        promise("send 3 charts to Nadine Harlow", date(2026, 11, 20)),
        promise("call", due=Due(phrase="as soon as I can"), id="c2", condition="if Tess agrees"),
        promise("bring the note", id="c3", owner="Nadine Harlow"),
        finding("deferral", "ask Rosa Quill", id="f1", links=("r1",)),
        finding("agreement", "speech stays at 60 minutes", id="a1", owner="IEP team"),
        refusal("refused the Sonday program", id="d2", topic="reading", notice=Notice(kind="softer", about=None)),
    )


@pytest.mark.parametrize("one", [full(), sixty()], ids=["full", "sixty"])
def test_the_meetings_letters_say_nothing_without_a_source(one: ReviewedCase) -> None:
    letters = draft_letters(one, today=TODAY)
    assert len(letters) > 2
    assert {x.id: unfounded(x, one, today=TODAY) for x in letters} == {x.id: () for x in letters}


@pytest.mark.parametrize("kind", [k.name for k in KINDS])
def test_the_letters_before_and_after_say_nothing_without_a_source(kind: str) -> None:
    today = date(2026, 12, 1)
    choice = ask_for(full(), kind, TOLD, today=today, about=("d1",) if kind == "correct-notes" else ())
    letter = draft_letter(full(), choice, today=today, told=TOLD)
    assert unfounded(letter, full(), today=today, told=TOLD) == ()


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("He will get 45 minutes.", "45"),
        ("I spoke with Zelda about this.", "Zelda"),
        ("They said: “We will never do that.”", "“We will never do that.”"),
        ("Please answer by November 29.", "29"),
    ],
)
def test_what_has_no_source_is_found(text: str, strange: str) -> None:
    letter = draft_letters(full(), today=TODAY)[0]
    more = Block(kind="paragraph", sentences=(Sentence(text=text, finding_ids=("c2",)),))
    assert unfounded(replace(letter, blocks=(*letter.blocks, more)), full(), today=TODAY) == (strange,)


def test_a_sentence_may_not_borrow_the_number_of_another_finding() -> None:
    letter = draft_letters(full(), today=TODAY)[0]
    own = Block(kind="paragraph", sentences=(Sentence(text="They send 33 charts at 60.", finding_ids=("a1",)),))
    assert unfounded(replace(letter, blocks=(own,)), full(), today=TODAY) == ("33",)


def gold(path: Path) -> ReviewedCase:
    """Return a meeting's gold findings as reviewed."""
    plain = json.loads(path.read_text(encoding="utf8"))
    turns = plain["turns"]
    kinds = {"refusal_504_written_reasons": "refusal_504"}
    notices = {p.get("denial") or p.get("agreement"): kinds.get(p["kind"], p["kind"]) for p in plain["expected_pwn"]}
    found = []
    for g in plain["gold"]:
        day = date.fromisoformat(g["deadline_date"]) if g["deadline_date"] else None
        notice = g.get("notice") or notices.get(g["id"])
        words = tuple(
            Said(turn=a, speaker=turns[a]["speaker"], text=turns[a]["text"], start_s=7.0 * a) for a in g["anchors"]
        )
        found.append(
            Finding(
                id=g["id"],
                kind=g["type"].lower(),
                turns=tuple(g["turns"]),
                anchors=tuple(g["anchors"]),
                speaker=words[0].speaker,
                owner=g["owner"],
                action=g["action"],
                topic=g["topic"],
                quote=" ".join(w.text for w in words),
                said=words,
                due=Due(phrase=g["deadline_text"], candidates=(day,) if day else ()) if g["deadline_text"] else None,
                condition=g["condition"],
                status=g["status"],
                links=tuple(g["links"]),
                notice=Notice(kind=notice, about=g.get("about") or "fape") if notice else None,
            )
        )
    people = tuple(Participant(name=p["name"], role=p["role"]) for p in plain["participants"])
    return ReviewedCase(
        facts=replace(FACTS, child=None, parent=None, participants=people, contacts=()),
        held_on=date.fromisoformat(plain["meeting_date"]),
        findings=tuple(Reviewed(finding=f, verdict="kept") for f in found),
    )


def meetings(shared: Path) -> list[Path]:
    return sorted(p for p in (shared / "eval" / "iep").glob("*.json"))


@pytest.mark.shared
def test_the_example_meetings_letters_say_everything_and_nothing_else(shared: Path) -> None:
    assert len(meetings(shared)) >= 2
    for path in meetings(shared):
        one, plain = gold(path), json.loads(path.read_text(encoding="utf8"))
        letters = draft_letters(one, today=one.held_on)
        assert [unfounded(x, one, today=one.held_on) for x in letters] == [()] * len(letters)
        assert {i for e in plain["expected_followup"] for i in e["gold"]} <= set(letters[0].finding_ids)
        inactive = {g["id"] for g in plain["gold"] if g["status"] != "active"}
        assert not inactive & {i for x in letters for i in x.finding_ids}
        assert len(letters) - 1 == len(plain["expected_pwn"])


@pytest.mark.shared
def test_a_504_meetings_letters_never_name_the_idea_rule(shared: Path) -> None:
    one = gold(shared / "eval" / "iep" / "dev2_504_example.json")
    letters: tuple[Letter, ...] = draft_letters(one, today=one.held_on)
    assert [x.kind for x in letters] == ["followup", "notice-written-reasons"]
    said = [s.text for x in letters for b in x.blocks for s in b.sentences]
    assert said
    assert not any("300.503" in s or "Prior Written" in s for s in said)
    assert one.held_on != HELD
