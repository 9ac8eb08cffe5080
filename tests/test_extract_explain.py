"""`onrecord extract` and `explain`, as a person calls them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from casefile.errors import StoreError
from casefile.records import Meeting, Participant, Turn
from cli.find import register
from extract.explain import explain_finding
from extract.pipeline import find

LINES = (
    ("Nadine Harlow", "I want him to have an occupational therapy evaluation."),
    ("Gordon Pell", "No, we're not going to do an OT evaluation."),
    ("Nadine Harlow", "Could you send me that in writing?"),
    ("Gordon Pell", "I'll send it by next Friday."),
)
MEETING = Meeting(
    held_on=date(2026, 11, 5),
    turns=tuple(Turn(text=text, speaker=who) for who, text in LINES),
    participants=(Participant(name="Nadine Harlow", role="parent"), Participant(name="Gordon Pell", role="principal")),
)


def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    return made


def test_an_explanation_names_words_rules_owner_and_date() -> None:
    found = find(MEETING)
    promise = next(f for f in found.findings if f.kind == "commitment" and 3 in f.anchors)
    said = explain_finding(promise.id, found, MEETING)
    for part in (
        "I'll send it by next Friday.",
        "Could you send me that",
        "rule commitment.will",
        "the classifier gives",
    ):
        assert part in said
    assert "Owner: Gordon Pell (said it)." in said
    assert "Counted from the meeting on 2026-11-05" in said


def test_a_refusals_explanation_names_its_notice() -> None:
    found = find(MEETING)
    denial = next(f for f in found.findings if f.kind == "denial")
    assert "Notice: refusal about evaluation" in explain_finding(denial.id, found, MEETING)


def test_an_unknown_id_is_said_plainly() -> None:
    with pytest.raises(StoreError, match="no finding x1"):
        explain_finding("x1", find(MEETING), MEETING)


def test_the_command_writes_findings_in_the_contracts_shape(tmp_path: Path) -> None:
    talk = tmp_path / "notes.txt"
    talk.write_text("".join(f"{who}: {text}\n" for who, text in LINES), encoding="utf8")
    out = tmp_path / "findings.json"
    done = CliRunner().invoke(app(), ["extract", str(talk), "--date", "2026-11-05", "--out", str(out)])
    assert done.exit_code == 0
    assert done.stdout == ""
    made = json.loads(out.read_text(encoding="utf8"))
    assert made["schema"] == "onrecord/findings/1"
    assert {"id", "kind", "turns", "anchors", "owner", "action", "due", "links", "quote", "why"} <= set(
        made["findings"][0]
    )


def test_a_wrong_date_is_said_plainly(tmp_path: Path) -> None:
    talk = tmp_path / "notes.txt"
    talk.write_text("Nadine: Hello.\n", encoding="utf8")
    done = CliRunner().invoke(app(), ["extract", str(talk), "--date", "Friday", "--out", str(tmp_path / "f.json")])
    assert isinstance(done.exception, StoreError)
