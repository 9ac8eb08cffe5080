#!/usr/bin/env python3
"""Sets everything up in .venv beside this file, then does one thing.

python3 dev.py demo    the whole way on the sample recording, from sound to letters
python3 dev.py test    everything that must hold: ruff, mypy, the imports' direction, pytest
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
# Debian packages the tests want, by the command that shows they are there: a browser for the page, voices and an
# encoder for making the samples anew. Where they lack, the tests that need them skip and say so.
SYSTEM = {
    "chromium": ["chromium"],
    "flite": ["flite"],
    "festival": ["festival", "festvox-kdlpc16k", "festvox-us-slt-hts"],
    "ffmpeg": ["ffmpeg"],
}


def main() -> int:
    """Do what was asked; return the exit status."""
    asked = sys.argv[1:] or ["help"]
    if asked[0] == "demo":
        install(".[all]")
        return run([str(BIN / "onrecord"), "demo", *asked[1:]])
    if asked[0] == "test":
        install("-e", ".[all,test]")
        system_packages()
        return test(asked[1:])
    print(__doc__)
    return 0 if asked[0] == "help" else 2


def install(*what: str) -> None:
    """Make the environment where it lacks and install the project into it, wheels only."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}.")
    if not BIN.exists():
        venv.create(VENV, with_pip=True)
    python = str(BIN / "python")
    quiet = ["--quiet", "--disable-pip-version-check"]
    done = run([python, "-m", "pip", "install", *quiet, "--prefer-binary", *what])
    if done:
        sys.exit("The packages could not be installed. Is this machine online? Run the same command again.")


def system_packages() -> None:
    """Install the Debian packages the tests want, where that may be done; without them those tests skip."""
    wanted = [p for command, packages in SYSTEM.items() if shutil.which(command) is None for p in packages]
    if not wanted or shutil.which("apt-get") is None or os.name != "posix" or os.geteuid() != 0:
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    subprocess.run(["apt-get", "install", "-y", "-qq", *wanted], check=False, **quiet)  # type: ignore[call-overload]


def test(more: list[str]) -> int:
    """Run every check and return the first failure's status, having run them all."""
    python = str(BIN / "python")
    checks = [
        [str(BIN / "ruff"), "check", "."],
        [str(BIN / "ruff"), "format", "--check", "."],
        [python, "-m", "mypy"],
        [str(BIN / "lint-imports"), "--no-cache"],
        [python, "-m", "pytest", *more],
    ]
    return next((status for status in [run(check) for check in checks] if status), 0)


def run(command: list[str]) -> int:
    """Run a command in the project's folder and return its exit status."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
