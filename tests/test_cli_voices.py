"""`onrecord transcript`, `voices`, `export` and `clip` on a case folder."""

from __future__ import annotations

import wave
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from casefile.errors import CaseError
from casefile.records import Engine, Finding, Findings, Recording, Said, Transcript, Turn, Word
from casefile.store import CaseStore
from cli.main import build
from cli.spans import span_of

RATE = 16000
LINES = (
    ("S1", "Good morning, shall we begin?", 1.0),
    ("S2", "We don't do one to one aids here.", 4.0),
    ("S1", "Then I want that in writing.", 8.0),
    ("S3", "I will send it by Friday.", 11.0),
    ("S2", "Thank you for watching.", 15.0),
)


def turn(speaker: str, text: str, start_s: float) -> Turn:
    starts = [(start_s + 0.3 * i, word) for i, word in enumerate(text.split())]
    words = tuple(Word(start_s=at, end_s=at + 0.3, text=word, probability=0.9) for at, word in starts)
    doubt = "words that recognisers write into silence" if "watching" in text else None
    return Turn(text=text, speaker=speaker, start_s=start_s, end_s=words[-1].end_s, words=words, doubt=doubt)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a case with a heard recording of 20 s and one finding."""
    sound = (np.random.default_rng(2).normal(0, 0.01, 20 * RATE) * 32767).astype("<i2")
    recording = tmp_path / "meeting.wav"
    with wave.open(str(recording), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(sound.tobytes())
    turns = tuple(turn(*line) for line in LINES)
    promise = Finding(
        id="c1",
        kind="commitment",
        turns=(3,),
        anchors=(3,),
        speaker="S3",
        owner="S3",
        action="send it",
        topic="records",
        quote=LINES[3][1],
        said=(Said(turn=3, speaker="S3", text=LINES[3][1]),),
        start_s=11.0,
        end_s=12.8,
    )
    with CaseStore.open(tmp_path / "case", create=True) as store:
        store.add_recording(recording)
        about = Recording(file="meeting.wav", sha256="0" * 64, duration_s=20.0)
        store.write_transcript(Transcript(recording=about, engine=Engine(name="whisper", model="tiny"), turns=turns))
        store.write_findings(Findings(held_on=datetime(2026, 11, 5, tzinfo=UTC).date(), findings=(promise,)))
    return tmp_path / "case"


def run(*asked: object) -> list[str]:
    """Return the lines of standard output of a command that went well."""
    done = CliRunner().invoke(build(), [str(a) for a in asked], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_lines_are_shown_with_number_time_and_voice(case: Path) -> None:
    lines = run("transcript", case)
    assert lines[0] == "    1     0:01  S1: Good morning, shall we begin?"
    assert lines[4].endswith("[in doubt: words that recognisers write into silence]")
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (["--find", "in  WRITING"], ["3"]),
        (["--voice", "s2"], ["2", "5"]),
        (["--doubted"], ["5"]),
        (["--find", "nobody said this"], []),
    ],
)
def test_lines_are_searched(case: Path, asked: list[str], numbers: list[str]) -> None:
    assert [line.split()[0] for line in run("transcript", case, *asked)] == numbers


def test_a_line_is_corrected_and_what_was_heard_stays(case: Path) -> None:
    (line,) = run("transcript", case, "--line", 2, "--say", "We don't do one-to-one aides here.")
    assert "S2: We don't do one-to-one aides here.  [heard: We don't do one to one aids here.]" in line
    with CaseStore.open(case) as store:
        heard = store.read_transcript()
    assert heard is not None
    assert heard.turns[1].text == LINES[1][1]
    assert "heard:" not in run("transcript", case, "--undo")[1]


def test_a_name_given_once_is_everywhere_and_in_every_export(case: Path, tmp_path: Path) -> None:
    run("voices", "name", "S2", "Dana Ruiz", "--case", case)
    assert [x.split()[0] for x in run("transcript", case, "--voice", "dana ruiz")] == ["2", "5"]
    targets = [tmp_path / f"out.{ending}" for ending in ("txt", "srt", "vtt", "csv", "json", "docx")]
    assert run("export", *targets, "--case", case) == [str(t) for t in targets]
    assert all(b"Dana Ruiz" in t.read_bytes() for t in targets[:-1])
    assert targets[-1].stat().st_size > 10_000


def test_two_voices_are_one_person_and_a_line_is_somebody_elses(case: Path) -> None:
    run("voices", "merge", "S3", "S1", "--case", case)
    assert [x.split()[0] for x in run("transcript", case, "--voice", "S1")] == ["1", "3", "4"]
    run("transcript", case, "--line", 4, "--move", "new")
    assert "S1" not in run("transcript", case)[3]
    run("transcript", case, "--line", 4, "--move", "nobody")
    assert "?: I will send it" in run("transcript", case)[3]


def test_a_voice_of_several_people_quotes_nobody(case: Path) -> None:
    run("voices", "several", "S2", "--case", case)
    assert "?: We don't do" in run("transcript", case)[1]
    assert any(line.startswith("S2  not named, several people") for line in run("voices", "list", "--case", case))


@pytest.mark.parametrize(("what", "length_s"), [("c1", 2.8), ("line 2", 3.4), ("0:04-0:06.5", 3.5)])
def test_a_finding_a_line_and_a_stretch_are_cut_out(case: Path, tmp_path: Path, what: str, length_s: float) -> None:
    from transcribe.audio import decode

    target = tmp_path / "clip.m4a"
    assert run("clip", what, "--to", target, "--case", case) == [str(target)]
    assert len(decode(target)) / RATE == pytest.approx(length_s, abs=0.02)


def test_a_clip_lies_in_the_case_by_default(case: Path) -> None:
    (made,) = run("clip", "c1", "--case", case, "--pad", 0)
    assert Path(made).parent == case
    assert Path(made).exists()


@pytest.mark.parametrize(
    ("what", "span"),
    [
        ("12:30-12:48", (750.0, 768.0)),
        ("1:02:03 - 1:02:10.5", (3723.0, 3730.5)),
        ("750.5-768", (750.5, 768.0)),
        ("5 to 6", (5.0, 6.0)),
    ],
)
def test_stretches_are_read(what: str, span: tuple[float, float]) -> None:
    assert span_of(what, None, None)[:2] == span


@pytest.mark.parametrize("what", ["c9", "12:48-12:30", "line 99", "yesterday"])
def test_what_is_no_stretch_says_what_to_give(what: str) -> None:
    with pytest.raises(CaseError) as refused:
        span_of(what, None, None)
    assert refused.value.next_step


def test_an_unknown_voice_names_those_there_are(case: Path) -> None:
    with pytest.raises(CaseError) as refused:
        CliRunner().invoke(build(), ["voices", "name", "S9", "X", "--case", str(case)], catch_exceptions=False)
    assert "S1, S2, S3" in refused.value.next_step


@pytest.mark.shared
def test_a_person_is_learnt_suggested_and_forgotten(case: Path, shared: Path, tmp_path: Path, own_home: Path) -> None:
    sample = shared / "audio/diarization/enrol/LS1688.flac"
    run("voices", "learn", "Avery", sample)
    assert "kept: Avery" in run("voices", "list", "--case", case)
    folder = tmp_path / "other"
    with CaseStore.open(folder, create=True) as store:
        store.add_recording(sample)
        turns = (Turn(text="a", speaker="S1", start_s=0.2, end_s=9.0),)
        store.write_transcript(Transcript(recording=None, engine=Engine(name="whisper", model="tiny"), turns=turns))
    assert run("voices", "suggest", "--take", "--case", folder)[0].startswith("S1  Avery  likeness ")
    assert "Avery: a" in run("transcript", folder)[0]
    run("voices", "forget", "Avery")
    assert run("voices", "suggest", "--case", folder) == []
    assert not list((own_home / "voices").iterdir())
