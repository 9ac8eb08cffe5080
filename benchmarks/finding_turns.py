"""How long the turn reader takes: loading, and meetings of growing length. Time should grow with the length only.

python benchmarks/finding_turns.py [--turns 900 5000 20000]
"""

from __future__ import annotations

import argparse
import sys
import time

from casefile.records import Meeting
from extract.classify import load_classifier
from extract.training import corpus


def main() -> None:
    """Read longer and longer meetings and print what each took."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--turns", type=int, nargs="+", default=[900, 5000, 20000])
    asked = ask.parse_args()
    began = time.perf_counter()
    reader = load_classifier()
    print(f"loading: {time.perf_counter() - began:.2f} s")
    talks = corpus.meetings()
    turns = [t for talk in talks for t in talk.meeting.turns]
    people = tuple({p.name: p for talk in talks for p in talk.meeting.participants}.values())
    for count in asked.turns:
        some = tuple(turns[i % len(turns)] for i in range(count))
        began, used = time.perf_counter(), time.process_time()
        reader.read(Meeting(held_on=talks[0].meeting.held_on, turns=some, participants=people))
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        print(f"{count:6} turns: {wall:.2f} s, {1000 * wall / count:.2f} ms a turn ({1000 * cpu / count:.2f} of CPU)")
    print(f"most memory: {peak_mib():.0f} MiB" if sys.platform != "win32" else "most memory: not measured here")


def peak_mib() -> float:
    """Return the most memory the process held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


if __name__ == "__main__":
    main()
