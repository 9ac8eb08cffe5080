"""Playing a stretch of a recording with whatever player this machine has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

# cuts a stretch out of a recording into a WAV file: recording, start_s, end_s, target
Clip = Callable[[Path, float, float, Path], Path]


class Player(Protocol):
    """Something that plays a stretch of sound."""

    def play(self, start_s: float, end_s: float) -> None:
        """Play from `start_s` to `end_s` and return at once or when it has been heard."""

    def stop(self) -> None:
        """Fall silent."""


class FfplayPlayer:
    """ffplay: plays any format from any second, and need not wait."""

    def __init__(self, program: str, recording: Path) -> None:
        self.program, self.recording = program, recording
        self._running: subprocess.Popen[bytes] | None = None

    def play(self, start_s: float, end_s: float) -> None:
        """Start playing; an earlier stretch falls silent."""
        self.stop()
        span = ["-ss", f"{max(0.0, start_s):.3f}", "-t", f"{end_s - start_s:.3f}"]
        command = [self.program, "-nodisp", "-autoexit", "-loglevel", "quiet", *span, "-i", str(self.recording)]
        self._running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        """Fall silent."""
        if self._running and self._running.poll() is None:
            self._running.terminate()
            self._running.wait(timeout=5)
        self._running = None


class ClipPlayer:
    """A player that only plays whole files: the stretch is cut out first."""

    def __init__(self, command: tuple[str, ...], recording: Path, clip: Clip, folder: Path) -> None:
        self.command, self.recording, self.clip, self.folder = command, recording, clip, folder
        self._running: subprocess.Popen[bytes] | None = None

    def play(self, start_s: float, end_s: float) -> None:
        """Start playing; an earlier stretch falls silent."""
        self.stop()
        target = self.clip(self.recording, max(0.0, start_s), end_s, self.folder / "stretch.wav")
        self._running = subprocess.Popen(
            [*self.command, str(target)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Fall silent."""
        if self._running and self._running.poll() is None:
            self._running.terminate()
            self._running.wait(timeout=5)
        self._running = None


def find_player(
    recording: Path | None,
    *,
    clip: Clip | None,
    folder: Path,
    which: Callable[[str], str | None] = shutil.which,
) -> Player | None:
    """Return a player for the recording, or None where this machine has none or the recording is gone.

    ffplay anywhere; afplay on macOS, PowerShell's SoundPlayer on Windows, paplay, pw-play or aplay on Linux.
    """
    if recording is None or not recording.exists():
        return None
    if program := which("ffplay"):
        return FfplayPlayer(program, recording)
    if clip is None:
        return None
    for name, command in _PLAYERS:
        if program := which(name):
            return ClipPlayer((program, *command), recording, clip, folder)
    return None


_SOUND_PLAYER = "(New-Object Media.SoundPlayer $args[0]).PlaySync()"
_PLAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("afplay", ()),
    ("powershell", ("-NoProfile", "-Command", _SOUND_PLAYER)),
    ("pw-play", ()),
    ("paplay", ()),
    ("aplay", ("-q",)),
)
