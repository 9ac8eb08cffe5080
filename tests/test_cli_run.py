"""`onrecord run` and `onrecord demo`, as a parent calls them, on real sound."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from casefile.store import CaseStore
from cli.work import as_first_draft, keep_letters
from draft import draft_letters
from review.decide import review_case
from samples import sample

ROOT = Path(__file__).resolve().parent.parent


def onrecord(*words: object, timeout: float = 500, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **env},
        check=False,
    )


@pytest.fixture(scope="module")
def half_minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real half minute of the sample as a recording."""
    from transcribe import decode

    samples = decode(sample("s504").recording)[: 30 * 16000]
    path = tmp_path_factory.mktemp("sound") / "half minute.wav"
    write_wav(path, samples)
    return path


def write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return the files a person reads, by name."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.suffix in {".json", ".txt", ".toml", ".html"}
    }


# --- the whole way -------------------------------------------------------------------------------


def test_the_demo_goes_from_sound_to_letters(tmp_path: Path) -> None:
    done = onrecord("demo", "--meeting", "s504", "--case", tmp_path / "case")
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.splitlines()[-1])
    assert folder == tmp_path / "case"
    assert "rough" in done.stderr.lower()
    heard = json.loads((folder / "transcript.json").read_text())
    assert heard["engine"] == {"name": "sphinx", "model": heard["engine"]["model"], "rough": True}
    covered = [(t["start"], t["end"]) for t in heard["turns"]] + [(u["start"], u["end"]) for u in heard["unheard"]]
    assert sum(end - start for start, end in covered) >= heard["recording"]["duration_s"] - 0.1
    found = json.loads((folder / "findings.json").read_text())
    assert found["findings"]
    assert list((folder / "letters").glob("followup*.txt"))


def test_the_demo_from_the_script_asks_for_notice_of_the_refusal(tmp_path: Path) -> None:
    done = onrecord("demo", "--from-script", "--case", tmp_path / "case")
    assert done.returncode == 0, done.stderr
    letters = tmp_path / "case" / "letters"
    notices = list(letters.glob("notice*.txt"))
    assert notices
    assert "34 CFR 300.503" in notices[0].read_text()


def test_what_nobody_reviewed_is_marked_and_has_no_mail_draft(tmp_path: Path) -> None:
    assert onrecord("demo", "--from-script", "--case", tmp_path / "case").returncode == 0
    reviewed = tmp_path / "case" / "letters"
    assert (reviewed / "followup.eml").exists()
    assert (reviewed / "your-copy.md").exists()
    with CaseStore.open(tmp_path / "case") as store:
        findings = store.read_findings()
        assert findings is not None
        first = as_first_draft(review_case(findings, (), store.read_facts()))
        keep_letters(store, draft_letters(first, today=date(2026, 11, 12)), first)
    for form in (".txt", ".html"):
        assert "FIRST DRAFT, NOT TO BE SENT" in (reviewed / f"followup{form}").read_text()
    assert not list(reviewed.glob("*.eml"))


def test_a_504_meeting_never_cites_the_idea(tmp_path: Path) -> None:
    done = onrecord("demo", "--from-script", "--meeting", "s504", "--case", tmp_path / "case")
    assert done.returncode == 0, done.stderr
    letters = [p.read_text() for p in (tmp_path / "case" / "letters").glob("*.txt")]
    assert letters
    assert not any("300.503" in text for text in letters)


def test_running_twice_changes_nothing(half_minute: Path, tmp_path: Path) -> None:
    words = ("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05", "--case", tmp_path / "case")
    assert onrecord(*words).returncode == 0
    first = everything_in(tmp_path / "case")
    began = time.monotonic()
    assert onrecord(*words).returncode == 0
    assert everything_in(tmp_path / "case") == first
    assert "transcript.json" in first
    assert time.monotonic() - began < 30


def test_two_recordings_of_one_meeting_are_one_transcript_and_one_sound(half_minute: Path, tmp_path: Path) -> None:
    from transcribe import decode

    first = decode(half_minute)
    write_wav(tmp_path / "a.wav", first[: 10 * 16000])
    write_wav(tmp_path / "b.wav", first[10 * 16000 : 22 * 16000])
    for part in ("a.wav", "b.wav"):
        words = ("run", tmp_path / part, "--engine", "sphinx", "--date", "2026-11-05", "--case", tmp_path / "case")
        done = onrecord(*words)
        assert done.returncode == 0, done.stderr
    assert "2 recordings" in done.stderr
    heard = json.loads((tmp_path / "case" / "transcript.json").read_text())
    assert heard["recording"]["duration_s"] == pytest.approx(22, abs=0.01)
    assert any(turn["start"] > 10 for turn in heard["turns"])
    with CaseStore.open(tmp_path / "case") as store:
        sound = store.sound()
        assert sound == store.joined_path
        joined = decode(sound)
    assert np.abs(joined[: 22 * 16000] - first[: 22 * 16000]).max() < 0.001


def test_a_second_call_finds_the_case_by_its_sound(half_minute: Path) -> None:
    words = ("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05")
    first, second = onrecord(*words), onrecord(*words)
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert first.stdout == second.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX word")
def test_a_killed_run_goes_on_and_ends_the_same(half_minute: Path, tmp_path: Path) -> None:
    words = ["run", str(half_minute), "--engine", "sphinx", "--date", "2026-11-05", "--case"]
    whole = onrecord(*words, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    command = [sys.executable, "-m", "cli", *words, str(tmp_path / "cut")]
    cut = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with contextlib.suppress(subprocess.TimeoutExpired):
        cut.communicate(timeout=4)
    cut.send_signal(signal.SIGKILL)
    cut.communicate()
    assert onrecord(*words, tmp_path / "cut").returncode == 0
    assert everything_in(tmp_path / "cut") == everything_in(tmp_path / "whole")


_WATCH = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        with open({log!r}, "a") as file:
            print(event, args[-1] if event == "socket.connect" else args[0], file=file)
sys.addaudithook(watch)
"""


def test_nothing_leaves_the_computer(half_minute: Path, tmp_path: Path) -> None:
    log = tmp_path / "reached-out.txt"
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(_WATCH.format(log=str(log)))
    env = {"PYTHONPATH": str(tmp_path / "watch"), "ONRECORD_OFFLINE": ""}
    probe = [sys.executable, "-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"]
    subprocess.run(probe, env={**os.environ, **env}, check=True)
    assert log.read_text().startswith("socket.connect")  # the watch works
    log.unlink()
    case = tmp_path / "case"
    done = onrecord("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05", "--case", case, **env)
    assert done.returncode == 0, done.stderr
    assert onrecord("demo", "--from-script", "--case", tmp_path / "demo", **env).returncode == 0
    assert not log.exists(), log.read_text()


def test_no_word_that_was_said_is_logged(half_minute: Path, tmp_path: Path) -> None:
    done = onrecord("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05", "--case", tmp_path / "case")
    heard = json.loads((tmp_path / "case" / "transcript.json").read_text())
    spoken = {turn["text"] for turn in heard["turns"] if len(turn["text"].split()) > 2}
    assert spoken
    assert not [line for line in spoken if line in done.stderr + done.stdout]


# --- bad input -----------------------------------------------------------------------------------


def missing(folder: Path) -> Path:
    return folder / "gone.m4a"


def a_folder(folder: Path) -> Path:
    return folder


def empty(folder: Path) -> Path:
    (folder / "empty.m4a").touch()
    return folder / "empty.m4a"


def text(folder: Path) -> Path:
    (folder / "notes.m4a").write_text("These are my notes of the meeting.\n" * 200)
    return folder / "notes.m4a"


def cut_before_its_index(folder: Path) -> Path:
    import av

    with av.open(str(sample("s504").recording)) as source, av.open(str(folder / "whole.m4a"), "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    whole = (folder / "whole.m4a").read_bytes()  # as a phone writes it: the index comes last
    (folder / "cut.m4a").write_bytes(whole[: len(whole) // 2])
    return folder / "cut.m4a"


def a_fifth_of_a_second(folder: Path) -> Path:
    write_wav(folder / "short.wav", np.zeros(3200, dtype=np.float32))
    return folder / "short.wav"


@pytest.mark.parametrize("make", [missing, a_folder, empty, text, cut_before_its_index, a_fifth_of_a_second])
def test_a_bad_recording_gets_a_plain_message_and_the_next_step(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = onrecord("run", make(tmp_path), "--engine", "sphinx", "--date", "2026-11-05", "--case", tmp_path / "case")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    message = [line for line in done.stderr.splitlines() if line.strip()][-2:]
    assert len(message) == 2
    assert all(len(line) > 10 for line in message)


def test_silence_is_said_to_be_silence(tmp_path: Path) -> None:
    write_wav(tmp_path / "silence.wav", np.zeros(16000 * 20, dtype=np.float32))
    done = onrecord(
        "run", tmp_path / "silence.wav", "--engine", "sphinx", "--date", "2026-11-05", "--case", tmp_path / "case"
    )
    assert done.returncode == 0, done.stderr
    heard = json.loads((tmp_path / "case" / "transcript.json").read_text())
    assert heard["turns"] == []
    assert sum(u["end"] - u["start"] for u in heard["unheard"]) == pytest.approx(20, abs=0.1)


def test_without_a_model_the_message_says_just_what_to_do(half_minute: Path, tmp_path: Path) -> None:
    done = onrecord("run", half_minute, "--date", "2026-11-05", "--case", tmp_path / "case", ONRECORD_MODEL="")
    assert done.returncode == 1
    assert "onrecord models" in done.stderr
    assert "Traceback" not in done.stderr


# --- a disk that gives out -------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Hand out a disk of `size`, where this machine lets us make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no small disk can be made here (it takes root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="makes a small tmpfs")
@pytest.mark.parametrize("size", ["600k", "1000k", "1060k"])
def test_a_full_disk_is_said_and_nothing_is_lost(half_minute: Path, tmp_path: Path, size: str) -> None:
    with small_disk(tmp_path / "disk", size) as disk:
        words = ("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05", "--case", disk / "case")
        done = onrecord(*words)
        assert done.returncode == 1, done.stderr
        assert "disk is full" in done.stderr.lower()
        assert "Traceback" not in done.stderr
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        assert onrecord(*words).returncode == 0
        assert list((disk / "case" / "letters").glob("followup*.txt"))


@pytest.mark.skipif(sys.platform != "linux", reason="makes a read-only tmpfs")
def test_a_read_only_case_is_said(half_minute: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "20m") as disk:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = onrecord("run", half_minute, "--engine", "sphinx", "--date", "2026-11-05", "--case", disk / "case")
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "--case" in done.stderr
