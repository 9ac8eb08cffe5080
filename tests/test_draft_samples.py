"""The samples' letters, word for word: a change is read as a difference and accepted by a person.

To accept one, delete its file under samples/<name>/letters and run this test twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from test_draft_grade import HIGHEST, grade
from test_draft_verify import gold

from casefile.facts import read_facts
from casefile.records import Element, ElementKind, Letter, ReviewedCase, Said
from draft import draft_letters
from draft.kinds import KINDS, ask_for
from draft.letters import draft_letter
from draft.text import to_text
from draft.told import LackingPart, NotesSay, SentLetter, Told
from draft.verify import unfounded

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
NAMES = ("iep", "s504")

# What the talk has on the parts of the notice: (finding, part, turn).
HEARD: dict[str, tuple[tuple[str, ElementKind, int], ...]] = {
    "iep": (
        ("d1", "reason", 13),
        ("d1", "data", 11),
        ("d2", "reason", 20),
        ("d2", "data", 18),
        ("d2", "option", 26),
    ),
    "s504": (("d1", "reason", 17), ("d1", "option", 19)),
}
CENTRAL = timezone(timedelta(hours=-6))
LATER = date(2026, 12, 1)
TOLD = Told(
    meeting_at=datetime(2026, 12, 10, 15, 30, tzinfo=CENTRAL),
    person="June Harlow",
    person_role="my sister",
    person_knows="she reads with him on Sundays",
    concerns=("He cries over his homework every night.", "He cannot think when the room is loud."),
    areas=("Reading", "Dyslexia"),
    evaluation="evaluation",
    notice_on=date(2026, 11, 30),
    notes=(NotesSay(finding_id="d2", text="Parent agreed to keep thirty minutes."),),
    parts=(
        LackingPart(
            number=3,
            question="Which evaluations, tests, records or reports did the district use?",
            quote="Team discussion.",
        ),
        LackingPart(number=6, question="Which other options did the team consider, and why was each turned down?"),
    ),
    sent=(
        SentLetter(
            letter_id="followup",
            subject="Following up on Eli Harlow's IEP meeting of November 12, 2026",
            on=date(2026, 11, 13),
        ),
        SentLetter(letter_id="reminder", subject="A friendly reminder", on=date(2026, 11, 24)),
    ),
)


def sample(name: str) -> ReviewedCase:
    """Return a sample's true findings with the seconds of its sound and what the case file tells."""
    path = SAMPLES / name / "meeting.json"
    turns = json.loads(path.read_text(encoding="utf8"))["turns"]

    def said(turn: int) -> Said:
        t = turns[turn]
        return Said(turn=turn, speaker=t["speaker"], text=t["text"], start_s=t["start"], end_s=t["end"])

    true = gold(path)
    findings = tuple(
        replace(
            r,
            finding=replace(
                r.finding,
                said=tuple(said(s.turn) for s in r.finding.said),
                elements=tuple(Element(kind=k, said=said(t)) for i, k, t in HEARD[name] if i == r.finding.id),
            ),
        )
        for r in true.findings
    )
    return replace(true, facts=read_facts(SAMPLES / name / "case.toml"), findings=findings)


def after(one: ReviewedCase) -> Iterator[Letter]:
    for kind in KINDS:
        about = ("d2",) if kind.name == "correct-notes" else ()
        yield draft_letter(one, ask_for(one, kind.name, TOLD, today=LATER, about=about), today=LATER, told=TOLD)


def letters_of(name: str) -> tuple[Letter, ...]:
    one = sample(name)
    made = draft_letters(one, today=one.held_on)
    return (*made, *after(one)) if name == "iep" else made


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_letters_are_as_they_were_read_and_accepted(name: str) -> None:
    folder = SAMPLES / name / "letters"
    made = {f"{x.id}.txt": to_text(x) for x in letters_of(name)}
    assert len(made) > 1
    known = {p.name: p.read_text(encoding="utf8") for p in folder.glob("*.txt")} if folder.is_dir() else {}
    for file in made.keys() - known.keys():
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(made[file], encoding="utf8")
    assert made == known


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_letters_say_everything_once_and_nothing_without_a_source(name: str) -> None:
    one = sample(name)
    expected = json.loads((SAMPLES / name / "meeting.json").read_text(encoding="utf8"))
    letters = draft_letters(one, today=one.held_on)
    assert [unfounded(x, one, today=one.held_on) for x in letters] == [()] * len(letters)
    assert {i for e in expected["expected_followup"] for i in e["gold"]} <= set(letters[0].finding_ids)
    asked = {i for x in letters[1:] for i in x.finding_ids}
    assert {p.get("denial") or p.get("agreement") for p in expected["expected_pwn"]} <= asked
    if name == "iep":
        strange = {x.id: unfounded(x, one, today=LATER, told=TOLD) for x in after(one)}
        assert {k: v for k, v in strange.items() if v} == {}


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_letters_read_at_ninth_grade_or_below(name: str) -> None:
    assert {x.id: round(g, 1) for x in letters_of(name) if (g := grade(x)) > HIGHEST} == {}


@pytest.mark.parametrize("name", NAMES)
def test_no_sample_letter_has_anything_missing(name: str) -> None:
    for made in letters_of(name):
        assert [m for m in made.missing if not m.startswith("a check:")] == []
