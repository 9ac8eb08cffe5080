"""How long finding takes, and how much memory, by the number of turns.

usage: python benchmarks/finding.py MEETING.json [TURNS ...]

The meeting's turns are repeated until there are enough. Prints one line for each size: seconds for the classifier, for
all the rest, a turn, and the peak memory of the process so far. Seconds a turn should not grow with the size.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

from casefile.records import Meeting
from extract.classify import load_classifier
from extract.pipeline import findings_of
from extract.readers import read_meeting
from extract.work import work_with

SIZES = (900, 5000, 20_000)


def repeated(meeting: Meeting, size: int) -> Meeting:
    """Return the meeting with its turns over and over, `size` in all."""
    turns = tuple(itertools.islice(itertools.cycle(meeting.turns), size))
    return Meeting(held_on=meeting.held_on, turns=turns, participants=meeting.participants, calendar=meeting.calendar)


def peak_mb() -> float:
    """Return the peak memory of this process in MB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Measure and print."""
    meeting = read_meeting(Path(sys.argv[1]))
    began = time.perf_counter()
    classifier = load_classifier()
    print(f"load {time.perf_counter() - began:.2f} s")
    for size in [int(a) for a in sys.argv[2:]] or SIZES:
        talk = repeated(meeting, size)
        began = time.perf_counter()
        reading = classifier.read(talk)
        read = time.perf_counter() - began
        found = findings_of(work_with(talk, reading)).findings
        rest = time.perf_counter() - began - read
        per_turn = 1000 * (read + rest) / size
        print(
            f"{size:6} turns  classifier {read:6.1f} s  rest {rest:6.1f} s  {per_turn:.2f} ms a turn  "
            f"{len(found)} findings  {peak_mb():.0f} MB"
        )


if __name__ == "__main__":
    main()
