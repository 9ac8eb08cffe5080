"""The letters' commands, as a person types them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from letter_cases import FACTS, HELD, finding, promise, refusal, request
from typer.testing import CliRunner, Result

from casefile import wire
from casefile.errors import CaseError
from casefile.records import Decision, Findings
from casefile.store import CaseStore
from cli import letters

FINDINGS = Findings(
    held_on=HELD,
    participants=FACTS.participants,
    findings=(
        request(),
        refusal(),
        promise("send the draft"),
        promise("call", id="c2", status="retracted"),
        finding("agreement", "a doubtful thing", id="a1", doubtful=True),
    ),
)


def onrecord(*words: str) -> Result:
    app = typer.Typer()
    letters.register(app)
    return CliRunner().invoke(app, list(words))


def told(result: Result) -> str:
    assert isinstance(result.exception, CaseError), result.output
    return f"{result.exception.what} {result.exception.next_step}"


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    path = tmp_path / "findings.json"
    path.write_text(wire.dump(wire.findings_to_plain(FINDINGS)), encoding="utf8")
    return path


@pytest.fixture
def a_case(own_home: Path) -> Path:
    folder = own_home / "cases" / "eli"
    folder.parent.mkdir()
    with CaseStore.open(folder, create=True) as store:
        store.write_facts(replace(FACTS, held_on=HELD))
        store.write_findings(FINDINGS)
        keep = [
            Decision(id=None, decided_at=datetime(2026, 11, 13, tzinfo=UTC), by="test", act="keep", finding_id=f.id)
            for f in FINDINGS.findings
            if not f.doubtful
        ]
        store.decide(*keep)
    return folder


def test_draft_writes_the_letters_of_every_active_finding_in_every_form(findings: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    result = onrecord("draft", str(findings), "--out", str(out), "--accept-all", "--on", "2026-11-13")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [str(out / "followup.txt"), str(out / "notice-speech-minutes.txt")]
    stems = {"followup", "notice-speech-minutes"}
    forms = {"txt", "html", "docx", "pdf", "eml", "json"}
    assert {p.name for p in out.iterdir()} == {f"{s}.{f}" for s in stems for f in forms} | {"your-copy.md"}
    text = (out / "followup.txt").read_text(encoding="utf8")
    assert "Send the draft." in text
    assert "Call." not in text
    assert "doubtful" not in text
    assert "your phone number" in result.stderr


def test_draft_without_a_review_is_told_so(findings: Path, tmp_path: Path) -> None:
    assert "--accept-all" in told(onrecord("draft", str(findings), "--out", str(tmp_path / "x")))


def test_draft_of_a_cases_own_findings_takes_what_was_decided(a_case: Path, tmp_path: Path) -> None:
    result = onrecord("draft", str(a_case / "findings.json"), "--out", str(tmp_path / "x"), "--one-notice")
    assert result.exit_code == 0, result.exception
    assert json.loads((tmp_path / "x" / "followup.json").read_text())["provisional"] is False


def test_the_parents_copy_says_what_stands_behind_each_sentence_and_that_it_is_no_legal_advice(
    findings: Path, tmp_path: Path
) -> None:
    onrecord("draft", str(findings), "--out", str(tmp_path / "x"), "--accept-all")
    copy = (tmp_path / "x" / "your-copy.md").read_text(encoding="utf8")
    assert copy.count("legal advice") == 1
    assert "[d1] 3:05  Gordon Pell: “We are not going to add minutes.”" in copy
    for letter in (tmp_path / "x").glob("*.html"):
        assert "legal advice" not in letter.read_text(encoding="utf8")


def test_a_letter_is_put_beside_the_others_of_the_case(a_case: Path) -> None:
    words = ("recording-notice", str(a_case), "--meeting", "2026-12-03 15:30")
    for _ in range(2):
        result = onrecord("letter", *words)
        assert result.exit_code == 0, result.exception
    assert result.stdout.strip() == str(a_case / "letters" / "recording-notice.txt")
    assert "3:30 p.m." in (a_case / "letters" / "recording-notice.txt").read_text(encoding="utf8")
    with CaseStore.open(a_case) as store:
        assert [x.id for x in store.letters()] == ["recording-notice"]


def test_a_letter_before_the_first_meeting_needs_no_case(own_home: Path) -> None:
    result = onrecord("letter", "parent-concerns", "--concern", "He is behind.")
    assert result.exit_code == 0, result.exception
    assert Path(result.stdout.strip()).is_file()
    assert "He is behind." in Path(result.stdout.strip()).read_text(encoding="utf8")
    facts = own_home / "cases" / "first-meeting" / "case.toml"
    assert str(facts) in result.stderr
    told_now = facts.read_text(encoding="utf8").replace("# ", "").replace('child = ""', 'child = "Eli"')
    facts.write_text("\n".join(line for line in told_now.splitlines() if "=" in line or "[[" in line), encoding="utf8")
    result = onrecord("letter", "parent-concerns", "--concern", "He is behind.")
    assert result.exit_code == 0, result.exception
    assert "My concerns for Eli's" in Path(result.stdout.strip()).read_text(encoding="utf8")


def test_the_list_names_every_letter_and_a_wrong_name_is_told() -> None:
    assert "state-complaint" in onrecord("letter", "list").stdout
    assert "no letter" in told(onrecord("letter", "ransom"))


def test_status_tells_what_waits(a_case: Path) -> None:
    result = onrecord("status", str(a_case))
    assert "c1  Gordon Pell: send the draft" in result.stdout
    assert "Letters not sent yet: followup, notice-speech-minutes." in result.stdout


def test_check_notice_reads_quotes_and_answers(a_case: Path, tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text(
        "Notice of Action  November 19, 2026\nAction refused: The district refuses to add thirty minutes of speech a "
        "week.\nReason: IEP team decision\n"
    )
    result = onrecord("check-notice", str(notice), "--case", str(a_case))
    assert result.exit_code == 0, result.exception
    assert "1. what is proposed or refused: there" in result.stdout
    assert '2. the reason: thin\n   "IEP team decision"' in result.stdout
    assert "6. the other options: missing" in result.stdout
    answer = (a_case / "letters" / "notice-reply.txt").read_text(encoding="utf8")
    assert "Thank you for the Notice of Action of November 19, 2026." in answer
    assert "I found only this: “IEP team decision”." in answer


def test_check_notice_without_a_case_answers_into_a_folder(tmp_path: Path) -> None:
    notice = tmp_path / "notice.txt"
    notice.write_text("Notice of Action: The district refuses to add thirty minutes of speech a week. That is all.")
    result = onrecord("check-notice", str(notice), "--out", str(tmp_path / "o"))
    assert result.exit_code == 0, result.exception
    assert (tmp_path / "o" / "notice-reply.txt").is_file()


def test_law_shows_source_certainty_and_day() -> None:
    shown = onrecord("law").stdout
    assert "[A] pwn.duty (34 CFR 300.503)" in shown
    assert "read on 2026-11-23" in shown
    assert "[!]" in shown


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "5/11/2026"])
def test_a_wrong_day_is_told(findings: Path, tmp_path: Path, day: str) -> None:
    result = onrecord("draft", str(findings), "--out", str(tmp_path), "--accept-all", "--on", day)
    assert "no date" in told(result)
