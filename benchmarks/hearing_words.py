"""The word error rate of a recogniser on the sample meetings.

python benchmarks/hearing_words.py [--engine sphinx|whisper] [--model NAME_OR_PATH] [--samples iep s504]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

from transcribe import transcribe

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def words(text: str) -> list[str]:
    """Return the words of a text without case and marks."""
    return re.findall(r"[a-z0-9']+", text.lower())


def errors(said: list[str], heard: list[str]) -> int:
    """Return the fewest words to change, add or leave out."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def main() -> None:
    """Print one line for each sample."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--engine", choices=["sphinx", "whisper"], default="sphinx")
    asked.add_argument("--model")
    asked.add_argument("--samples", nargs="+", default=["iep", "s504"])
    asked.add_argument("--suffix", default="m4a")
    told = asked.parse_args()
    for name in told.samples:
        said = words(
            " ".join(t["text"] for t in json.loads((SAMPLES / name / "meeting.json").read_text("utf8"))["turns"])
        )
        begun, used = time.perf_counter(), time.process_time()
        heard = transcribe(SAMPLES / name / f"meeting.{told.suffix}", engine=told.engine, model=told.model)
        got = words(" ".join(t.heard or t.text for t in heard.turns))
        assert heard.recording is not None
        print(
            f"{name}: {100 * errors(said, got) / len(said):.1f} % of {len(said)} words wrong, "
            f"{heard.recording.duration_s:.0f} s heard in {time.perf_counter() - begun:.0f} s "
            f"({time.process_time() - used:.0f} s of processor)",
            flush=True,
        )


if __name__ == "__main__":
    main()
