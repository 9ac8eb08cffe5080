"""Where the computer has no keyring, the password is asked for each time at a real terminal, and written nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mailserver import LOGIN, PASSWORD, Postbox, mail_server, make_certificate

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


def at_a_terminal(words: list[str], answers: list[tuple[str, str]], env: dict[str, str]) -> tuple[int, str]:
    """Run the program at a terminal of its own, answering each question as it comes; return how it ended."""
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "cli", *words]
    child = subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | env, start_new_session=True
    )
    os.close(theirs)
    shown, until = "", time.monotonic() + 60
    while time.monotonic() < until:
        try:
            got = os.read(ours, 4096).decode("utf8", "replace")
        except OSError:  # Linux says so when the other end is gone
            break
        if not got:
            break
        shown += got
        if answers and shown.rstrip().endswith(answers[0][0]):
            time.sleep(0.2)  # getpass turns the echo off after it asked
            os.write(ours, answers.pop(0)[1].encode() + b"\n")
    os.close(ours)
    return child.wait(timeout=10), shown


def test_without_a_keyring_the_password_is_asked_for_and_written_nowhere(own_home: Path, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "SSL_CERT_FILE": str(certificate.path)}
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        words = ["mail", "--host", "localhost", "--port", str(port), "--security", "starttls"]
        asked = [("Your mail address:", LOGIN), (f"Password for {LOGIN}:", PASSWORD)]
        status, shown = at_a_terminal(words, asked, env)
        assert status == 0, shown
        assert "This computer has no keyring" in shown
        assert "took the login" in shown
        status, shown = at_a_terminal(["mail"], [(f"Password for {LOGIN}:", "wrong")], env)
        assert status == 1, shown
        assert "refused the login" in shown
    assert PASSWORD not in shown
    assert len(box.logins) >= 2
    files = [p for p in own_home.rglob("*") if p.is_file()]
    assert [p.name for p in files] == ["mail.toml"]
    assert PASSWORD not in files[0].read_text(encoding="utf8")
