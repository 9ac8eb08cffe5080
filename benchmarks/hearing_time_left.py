"""How near the time left that a person is shown comes to the truth, minute by minute.

python benchmarks/hearing_time_left.py [--minutes 20] [--model base]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from hearing_speed import SHAPES, sample

from transcribe.hearing import hear
from transcribe.random_model import build
from transcribe.whisper import Settings, Whisper


class Shows:
    """Works the time left out as the program's own progress line does, and keeps what it would have shown."""

    def __init__(self) -> None:
        self.total = 0.0
        self.begun, self.from_s = time.monotonic(), 0.0
        self.shown: list[tuple[float, float]] = []  # seconds since the hearing began, seconds left by what is known

    def start_from(self, done: float) -> None:
        """Begin to count."""
        self.begun, self.from_s = time.monotonic(), done
        self.shown.clear()

    def advance_to(self, done: float, note: str = "") -> None:
        """Keep what would be shown."""
        spent = time.monotonic() - self.begun
        if note.startswith("heard") and done > self.from_s and done < self.total:
            self.shown.append((spent, spent / (done - self.from_s) * (self.total - done)))


def main() -> None:
    """Print what was shown at each minute beside what was true."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=20)
    asked.add_argument("--model", choices=list(SHAPES), default="base")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        model = build(Path(scratch) / told.model, SHAPES[told.model], line=10_000)
        sound = sample(Path(scratch), told.minutes)
        shows = Shows()
        hear(
            sound,
            Whisper(model, settings=Settings(device="cpu", again=False, new_tokens=100)),
            progress=shows,
            tell_voices=False,
        )
        whole = time.monotonic() - shows.begun
    worst, minute = 0.0, 0
    for at, left in shows.shown:
        if at >= 60 * (minute + 1):
            minute = int(at // 60)
            off = (at + left) / whole - 1
            worst = max(worst, abs(off)) if minute >= 1 else worst
            print(
                f"after {at:5.0f} s: {left:5.0f} s left shown, {whole - at:5.0f} s true, whole run {100 * off:+.0f} %"
            )
    print(f"worst from the second minute on: {100 * worst:.0f} % of the whole run ({whole:.0f} s)")


if __name__ == "__main__":
    main()
