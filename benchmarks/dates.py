"""Dates on the borrowed cases, ours beside dateparser's `search_dates`: found, right, and how long it takes.

Run `python benchmarks/dates.py [FOLDER]`; the folder of cases defaults to ONRECORD_SHARED/eval/dates. The measures are
those of the shared `score_dates.py`. With `--due FOLDER` it also resolves the deadlines of annotated meetings.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Span:
    """A date as one of the readers gives it."""

    start: int
    end: int
    first: date | None
    last: date | None
    candidates: tuple[date, ...]


Reader = Callable[[str, date], list[Span]]


def ours(text: str, said: date) -> list[Span]:
    """Return what `extract.find_dates` reads."""
    from extract import find_dates

    found = find_dates(text, said)
    return [Span(m.start, m.end, m.first, m.last, m.candidates) for m in found if m.kind != "duration"]


def dateparsers(text: str, said: date) -> list[Span]:
    """Return what dateparser's search reads, English and future days preferred."""
    from dateparser.search import search_dates

    base = datetime(said.year, said.month, said.day)  # noqa: DTZ001 - dateparser wants it without a zone
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}
    found: list[Span] = []
    at = 0
    for words, when in search_dates(text, languages=["en"], settings=settings) or ():
        start = text.find(words, at)
        if start >= 0:
            at = start + len(words)
            found.append(Span(start, at, when.date(), when.date(), (when.date(),)))
    return found


def cases(folder: Path) -> Iterator[tuple[str, dict]]:  # type: ignore[type-arg]
    """Yield each case with the name of its file."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, json.loads(line)


def overlap(a: dict, b: Span) -> bool:  # type: ignore[type-arg]
    return a["start"] < b.end and b.start < a["end"]


def day(value: str) -> date:
    return date.fromisoformat(value[:10])


def right_range(value: dict, m: Span) -> bool:  # type: ignore[type-arg]
    """Tell whether both ends are right, the last day within one day."""
    first, last = value.get("start"), value.get("end")
    fits_first = first is None or m.first == day(first)
    return fits_first and (last is None or (m.last is not None and 0 <= (day(last) - m.last).days <= 1))


def measure(folder: Path, reader: Reader) -> tuple[Counter[str], list[float]]:
    """Return the counts of a reader on all cases, and the milliseconds of each text."""
    n: Counter[str] = Counter()
    spent: list[float] = []
    for file, case in cases(folder):
        said = day(case["reference"])
        began = time.perf_counter()
        got = reader(case["text"], said)
        spent.append(1000 * (time.perf_counter() - began))
        if file in ("negatives", "recurring"):
            n["dateless"] += 1
            n["false"] += bool(got)
            continue
        got = [m for m in got if not any(overlap(i, m) for i in case.get("ignore", ()))]
        count(case, got, said, n)
    return n, spent


def count(case: dict, got: list[Span], said: date, n: Counter[str]) -> None:  # type: ignore[type-arg]
    """Add one case to the counts."""
    gold = [e for e in case["expected"] if e["type"] != "duration"]
    lengths = [e for e in case["expected"] if e["type"] == "duration"]
    n["gold"] += len(gold)
    n["hit"] += sum(any(overlap(e, m) for m in got) for e in gold)
    n["right"] += sum(any(overlap(e, m) for e in gold) for m in got)
    n["found"] += sum(any(overlap(e, m) for e in gold) or not any(overlap(e, m) for e in lengths) for m in got)
    for e in gold:
        value = e.get("value")
        if value is None or e.get("latent"):
            continue
        near = [m for m in got if overlap(e, m)]
        if isinstance(value, str):
            good = any(m.first == m.last == day(value) for m in near)
            offered = good or any(day(value) in m.candidates for m in near)
            kinds = ["day"]
            if day(value) >= said and not re.search(r"\d{4}|/", e["text"]):
                kinds.append("future")
            for kind in kinds:
                n[f"{kind} gold"] += 1
                n[f"{kind} right"] += good
                n[f"{kind} offered"] += offered
        else:
            n["range gold"] += 1
            n["range right"] += any(right_range(value, m) for m in near)


def row(name: str, n: Counter[str], spent: list[float]) -> str:
    """Return one line of the table."""
    precision, recall = n["right"] / max(1, n["found"]), n["hit"] / max(1, n["gold"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    shares = [f1] + [
        n[a] / max(1, n[b])
        for a, b in (
            ("day right", "day gold"),
            ("day offered", "day gold"),
            ("future right", "future gold"),
            ("future offered", "future gold"),
            ("range right", "range gold"),
            ("false", "dateless"),
        )
    ]
    p95 = sorted(spent)[int(0.95 * len(spent))]
    timed = f"{statistics.fmean(spent):8.3f} {statistics.median(spent):8.3f} {p95:8.3f}"
    return f"{name:22}" + "".join(f"{share:9.3f}" for share in shares) + timed


def due_table(folder: Path) -> str:
    """Return how many deadlines of the annotated meetings in `folder` come to the right day."""
    from casefile.records import NamedDate, SchoolCalendar
    from extract.dates.due import resolve_due

    n: Counter[str] = Counter()
    for file in sorted(folder.glob("*.json")):
        meeting = json.loads(file.read_text(encoding="utf-8"))
        given = meeting.get("calendar", {})
        calendar = SchoolCalendar(
            no_school=tuple(map(day, given.get("no_school", ()))),
            named=tuple(NamedDate(name=k, on=day(v)) for k, v in given.get("named", {}).items()),
        )
        for item in meeting.get("gold", ()):
            if item.get("deadline_text") is None:
                continue
            readings = resolve_due(item["deadline_text"], day(meeting["meeting_date"]), calendar).candidates
            want = item["deadline_date"]
            n["undated" if want is None else "dated"] += 1
            if want is None:
                n["kept open"] += not readings
            else:
                n["first"] += readings[:1] == (day(want),)
                n["offered"] += day(want) in readings
    if not n:
        return f"no deadlines in {folder}"
    return (
        f"deadlines with a day: {n['dated']}, first reading right {n['first'] / max(1, n['dated']):.3f}, among the "
        f"readings {n['offered'] / max(1, n['dated']):.3f}; without one: {n['undated']}, left open "
        f"{n['kept open'] / max(1, n['undated']):.3f}"
    )


def main() -> None:
    shared = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, nargs="?", default=shared / "eval" / "dates")
    ask.add_argument("--due", type=Path, default=shared / "training" / "meetings")
    asked = ask.parse_args()
    if not asked.folder.is_dir():
        ask.error(f"there are no date cases at {asked.folder} (give a folder, or set ONRECORD_SHARED)")
    names = ("spans F1", "day", "offered", "future", "fut.off.", "range", "false", "ms mean", "ms med.", "ms p95")
    print(" " * 22 + "".join(f"{name:>9}" for name in names[:7]) + "".join(f"{name:>9}" for name in names[7:])[1:])
    for name, reader in (("extract.find_dates", ours), ("dateparser search", dateparsers)):
        reader("on March 3, 2027", date(2027, 2, 8))  # what is loaded once is not counted
        print(row(name, *measure(asked.folder, reader)))
    if asked.due.is_dir():
        print(due_table(asked.due))


if __name__ == "__main__":
    main()
