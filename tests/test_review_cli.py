"""`onrecord review` and `onrecord` alone, run as a person runs them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import review_meeting as meeting

from casefile.store import CaseStore

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/open\?token=[\w-]{43}")


@pytest.fixture
def case(own_home: Path) -> Path:
    folder = own_home / "cases" / "meeting"
    folder.parent.mkdir(parents=True)
    meeting.make_case(folder, sound=False).close()
    return folder


@contextmanager
def onrecord(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program; a browser it opens is `true`, which does nothing."""
    env = os.environ | {"BROWSER": "true", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().rstrip("\n")


interrupts = pytest.mark.skipif(os.name == "nt", reason="Windows has no Ctrl-C to send to another program")


@interrupts
@pytest.mark.parametrize("words", [("review", "--no-browser"), ("review",), ()])
def test_the_address_stands_alone_on_a_line_and_lets_in(case: Path, words: tuple[str, ...]) -> None:
    with onrecord(*words) as running:
        address = first_line(running)
        assert ADDRESS.fullmatch(address)
        with httpx.Client(follow_redirects=True, timeout=20) as http:
            answer = http.get(address)
            assert answer.status_code == 200
            assert "Milo Ruiz" in answer.text
        running.send_signal(signal.SIGINT)
        rest, told = running.communicate(timeout=20)
    assert rest == ""
    assert "Everything you decided is kept" in told
    assert "onrecord review" in told
    assert "Traceback" not in told
    assert running.returncode == 0


@interrupts
def test_the_case_asked_for_is_opened_first(case: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a case of mine"
    meeting.make_case(elsewhere, sound=False).close()
    with onrecord("review", str(elsewhere), "--no-browser") as running:
        with httpx.Client(follow_redirects=True, timeout=20) as http:
            answer = http.get(first_line(running))
            assert "/c/a-case-of-mine-" in str(answer.url)
            assert str(answer.url).endswith("/review")
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)


def test_a_taken_port_is_told(case: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with onrecord("review", "--no-browser", "--port", str(taken.getsockname()[1])) as running:
            _, told = running.communicate(timeout=20)
    assert running.returncode == 1
    assert "is in use by another program" in told
    assert "Leave --port out" in told


def test_a_folder_that_is_no_case_is_told(tmp_path: Path) -> None:
    for more in ((), ("--plain",)):
        with onrecord("review", str(tmp_path / "none"), "--no-browser", *more) as running:
            out, told = running.communicate(timeout=20)
        assert running.returncode == 1
        assert out == ""
        assert "holds no case" in told
        assert "Traceback" not in told


def test_the_terminal_review_takes_piped_answers(case: Path) -> None:
    with onrecord("review", "--plain") as running:
        out, told = running.communicate("k\nd\nq\n", timeout=30)
    assert running.returncode == 0, told
    assert "Refusal by S1: provide a one-to-one aide" in out
    assert "1 kept, 1 left out, 4 still open" in out
    with CaseStore.open(case) as store:
        assert [(d.act, d.finding_id, d.by) for d in store.decisions()] == [
            ("keep", "f1", "parent (terminal)"),
            ("drop", "f2", "parent (terminal)"),
        ]
