"""How long finding takes, and how much memory, by the number of turns.

usage: python benchmarks/finding.py [MEETING.json] [--turns 900 5000 20000] [--lines]

The turns of the meeting, or without one those of the longest training meeting, are repeated until there are enough;
--lines gives them as a recording does, in timed lines. Prints one line for each size: seconds for reading and joining,
for owners, dates and wording, for a turn, and the peak memory so far. Seconds a turn should not grow with the size.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import replace
from pathlib import Path

from casefile.records import Meeting
from extract.classify import load_classifier
from extract.pipeline import findings_of
from extract.readers import read_meeting
from extract.report import in_lines
from extract.training import corpus
from extract.work import work_on


def longest() -> Meeting:
    """Return the training meeting of the most turns."""
    return max((t.meeting for t in corpus.meetings()), key=lambda m: len(m.turns))


def repeated(meeting: Meeting, size: int) -> Meeting:
    """Return the meeting with its turns over and over, `size` in all."""
    return replace(meeting, turns=tuple(itertools.islice(itertools.cycle(meeting.turns), size)))


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
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("meeting", type=Path, nargs="?")
    ask.add_argument("--turns", type=int, nargs="+", default=[900, 5000, 20_000])
    ask.add_argument("--lines", action="store_true", help="in timed lines, as a recording gives them")
    asked = ask.parse_args()
    meeting = read_meeting(asked.meeting) if asked.meeting else longest()
    began = time.perf_counter()
    load_classifier()
    print(f"load {time.perf_counter() - began:.2f} s")
    for size in asked.turns:
        talk = repeated(meeting, size)
        talk = in_lines("", talk)[0] if asked.lines else talk
        began, used = time.perf_counter(), time.process_time()
        work = work_on(talk)
        read = time.perf_counter() - began
        found = findings_of(work).findings
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        print(
            f"{size:6} turns  reading {read:6.1f} s  wording {wall - read:6.1f} s  {1000 * wall / size:.2f} ms a turn "
            f"({1000 * cpu / size:.2f} of processor)  {len(found)} findings  {peak_mb():.0f} MB"
        )


if __name__ == "__main__":
    main()
