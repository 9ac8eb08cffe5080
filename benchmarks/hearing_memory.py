"""The peak memory of hearing ten minutes and three hours of sound: it must not grow with length.

    python benchmarks/hearing_memory.py [--minutes 10 180]

Each length runs in a process of its own, with a small model of real structure, from decoding to the voices told apart.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from sounds import RATE, write_sound

from transcribe.audio import decode
from transcribe.random_model import TOY, build

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "iep" / "meeting.flac"

_RUN = """
import sys
from pathlib import Path
from transcribe.hearing import hear
from transcribe.whisper import Settings, Whisper
recogniser = Whisper(Path(sys.argv[1]), settings=Settings(device="cpu", new_tokens=16, again=False))
heard = hear(Path(sys.argv[2]), recogniser, tell_voices=sys.argv[3] == "voices")
try:  # ru_maxrss would count what the parent process held when it started this one
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 1024)
print(peak, heard.recording.duration_s, len(heard.turns))
"""


def main() -> None:
    """Print one line for each length, without and with telling voices apart."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=int, nargs="+", default=[10, 180])
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        model = build(Path(scratch) / "model", TOY)
        talk = decode(SAMPLE)
        for minutes in told.minutes:
            sound = write_sound(Path(scratch) / f"{minutes}.m4a", np.resize(talk, minutes * 60 * RATE))
            for what in ("words", "voices"):
                begun = time.perf_counter()
                command = [sys.executable, "-c", _RUN, str(model), str(sound), what]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                peak, length, turns = done.stdout.split()
                took = time.perf_counter() - begun
                print(f"{minutes:4} min, {what:7} {peak:>6} MB peak, {turns} lines, {length} s of sound, {took:.0f} s")


if __name__ == "__main__":
    main()
