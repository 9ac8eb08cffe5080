"""`onrecord transcribe` and `onrecord models` as a person calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sounds import RATE, write_plain_wav

from transcribe.audio import decode
from transcribe.random_model import TOY, build

SAMPLE = Path(__file__).parent.parent / "samples" / "s504" / "meeting.flac"


def onrecord(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, words)],
        capture_output=True,
        text=True,
        env=os.environ | env,
        check=False,
    )


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("toy") / "toy", TOY)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plain_wav(tmp_path_factory.mktemp("talk") / "talk.wav", decode(SAMPLE)[: 20 * RATE])


def test_a_recording_becomes_a_transcript_file(toy: Path, talk: Path, tmp_path: Path) -> None:
    out = tmp_path / "transcript.json"
    done = onrecord("transcribe", talk, "--out", out, "--model", toy, "--speakers", 2)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(out)]
    made = json.loads(out.read_text("utf8"))
    assert made["schema"] == "onrecord/transcript/1"
    assert made["recording"]["duration_s"] == 20.0
    assert made["engine"] == {"name": "whisper", "model": "toy", "rough": False}
    assert made["turns"]
    assert [p.name for p in tmp_path.iterdir()] == ["transcript.json"]  # the journal is gone


def test_two_parts_become_one_transcript(toy: Path, talk: Path, tmp_path: Path) -> None:
    out = tmp_path / "transcript.json"
    done = onrecord("transcribe", talk, talk, "--out", out, "--model", toy)
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text("utf8"))["recording"]["duration_s"] == 40.0


def test_exactly_so_many_people_are_told_apart(toy: Path, tmp_path: Path) -> None:
    minute = write_plain_wav(tmp_path / "minute.wav", decode(SAMPLE)[: 60 * RATE])
    out = tmp_path / "transcript.json"
    done = onrecord("transcribe", minute, "--out", out, "--model", toy, "--exactly", 3)
    assert done.returncode == 0, done.stderr
    made = json.loads(out.read_text("utf8"))
    assert {t["speaker"] for t in made["turns"]} - {None} == {"S1", "S2", "S3"}


def test_how_many_people_is_said_one_way(toy: Path, talk: Path, tmp_path: Path) -> None:
    for command in (["transcribe", talk, "--out", tmp_path / "t.json"], ["run", talk, "--case", tmp_path / "case"]):
        done = onrecord(*command, "--model", toy, "--speakers", 3, "--exactly", 2)
        assert done.returncode == 2
        assert "not both" in done.stderr


def test_silence_is_said(toy: Path, tmp_path: Path) -> None:
    silent = write_plain_wav(tmp_path / "silent.wav", np.zeros(5 * RATE, np.float32))
    done = onrecord("transcribe", silent, "--out", tmp_path / "t.json", "--model", toy)
    assert done.returncode == 0
    assert "No words could be heard" in done.stderr


@pytest.mark.parametrize(
    ("recording", "more", "told"),
    [
        ("missing.m4a", (), "There is no file missing.m4a"),
        ("talk.wav", (), "no speech model on this computer yet"),
        ("talk.wav", ("--model", "small.en"), "ONRECORD_OFFLINE=1 forbids fetching it"),
        ("talk.wav", ("--model", "huge"), "No speech model is called huge"),
    ],
)
def test_what_a_person_can_mend_is_said_with_the_next_step(
    talk: Path, tmp_path: Path, recording: str, more: tuple[str, ...], told: str
) -> None:
    done = onrecord("transcribe", talk.parent / recording, "--out", tmp_path / "t.json", *more, ONRECORD_MODEL="")
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_wrong_command_line_leaves_with_2(talk: Path, tmp_path: Path) -> None:
    assert onrecord("transcribe", talk, "--out", tmp_path / "t.json", "--engine", "ears").returncode == 2


def test_models_are_listed_verified_and_removed(own_home: Path) -> None:
    build(own_home / "models" / "tiny.en", TOY)
    listed = onrecord("models", "list")
    assert listed.returncode == 0
    assert any(line.startswith("here  tiny.en") for line in listed.stdout.splitlines())
    assert "small.en" in listed.stdout
    assert "copied here" in onrecord("models", "verify").stdout
    assert onrecord("models", "remove", "tiny.en").returncode == 0
    assert onrecord("models", "remove", "tiny.en").returncode == 1
