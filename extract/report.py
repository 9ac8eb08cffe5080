"""How good the finder is on annotated meetings.

usage: python -m extract.report FOLDER [--misses] [--heard] [--lines] [--only NAMES.txt]

Counts as the shared `score_iep.py` does: items one to one by kind and shared anchor turn, active against active; rows
with `+` count the doubtful candidates in. Besides: how well confidence holds (a reliability table), and every miss.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from casefile.records import Finding, Findings, Meeting, Turn
from casefile.wire import meeting_from_plain
from extract.rules import KINDS

Finder = Callable[[str, Meeting], Findings]  # of a named meeting
Pair = tuple[dict[str, Any], Finding]
CALLS_FOR = ("refusal", "proposed_change", "refusal_504")


@dataclass(slots=True)
class Tally:
    """Counts over meetings, filled as they are read."""

    n: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[tuple[str, ...]] = field(default_factory=list)
    held: list[tuple[float, bool]] = field(default_factory=list)  # confidence, and whether it was right
    quiet_notices: int = 0  # notices asked for in meetings that refuse nothing

    def rows(self) -> dict[str, dict[str, float]]:
        """Return precision, recall and F1 of every row, with the counts."""
        for part in ("tp", "found", "gold"):
            self.n["all", part] = sum(self.n[k, part] for k in KINDS)
        names = [*KINDS, "all", "notice", "owner", "due", "link", *(k + "+" for k in KINDS)]
        return {name: _prf(*(self.n[name, part] for part in ("tp", "found", "gold"))) for name in names}


def _prf(tp: int, found: int, gold: int) -> dict[str, float]:
    p, r = tp / found if found else 1.0, tp / gold if gold else 1.0
    return {"P": p, "R": r, "F1": 2 * p * r / (p + r) if p + r else 0.0, "tp": tp, "found": found, "gold": gold}


def pair_anchors(gold: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return one-to-one pairs of places in the two lists, with a shared anchor, most shared first."""
    shared = sorted(
        (-len(set(g) & set(f)), i, j) for i, g in enumerate(gold) for j, f in enumerate(found) if set(g) & set(f)
    )
    used_gold, used_found, pairs = set(), set(), []
    for _, i, j in shared:
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((i, j))
    return pairs


def pair(gold: Sequence[dict[str, Any]], found: Sequence[Finding]) -> list[Pair]:
    """Return one-to-one pairs of annotated items and findings with a shared anchor."""
    places = pair_anchors([g["anchors"] for g in gold], [f.anchors for f in found])
    return [(gold[i], found[j]) for i, j in places]


def tally(meetings: Iterable[tuple[str, dict[str, Any]]], finder: Finder) -> Tally:
    """Return the counts of `finder` over named meeting files."""
    made = Tally()
    for name, plain in meetings:
        found = finder(name, meeting_from_plain(plain, held_on=None))
        _count(name, plain, found.findings, made)
    return made


def _count(name: str, plain: dict[str, Any], findings: Sequence[Finding], made: Tally) -> None:
    offered = [f for f in findings if f.status == "active"]
    active = [f for f in offered if not f.doubtful]
    paired: dict[str, Finding] = {}
    for kind in KINDS:
        gold = [g for g in plain["gold"] if g["type"].lower() == kind and g["status"] == "active"]
        found, more = [f for f in active if f.kind == kind], [f for f in offered if f.kind == kind]
        pairs, wider = pair(gold, found), pair(gold, more)
        _add(made, kind, len(pairs), len(found), len(gold))
        _add(made, kind + "+", len(wider), len(more), len(gold))
        paired |= {g["id"]: f for g, f in pairs}
        right = {f.id for _, f in wider}
        made.held += [(f.confidence, f.id in right) for f in more]
        _note_misses(name, plain, kind, gold, found, pairs, made)
        if kind == "commitment":
            _owners_and_dues(name, pairs, made)
    _links(plain, paired, made)
    _notices(name, plain, active, made)


def _add(made: Tally, row: str, tp: int, found: int, gold: int) -> None:
    made.n[row, "tp"] += tp
    made.n[row, "found"] += found
    made.n[row, "gold"] += gold


def _note_misses(
    name: str,
    plain: dict[str, Any],
    kind: str,
    gold: Sequence[dict[str, Any]],
    found: Sequence[Finding],
    pairs: Sequence[Pair],
    made: Tally,
) -> None:
    hit_gold, hit_found = {g["id"] for g, _ in pairs}, {f.id for _, f in pairs}
    turns = plain["turns"]
    for g in gold:
        if g["id"] not in hit_gold:
            made.misses.append((name, "missed", kind, str(g["anchors"]), turns[g["anchors"][0]]["text"][:110]))
    for f in found:
        if f.id not in hit_found:
            made.misses.append((name, "false", kind, f"{f.confidence} {f.anchors}", turns[f.anchors[0]]["text"][:110]))


def _owners_and_dues(name: str, pairs: Sequence[Pair], made: Tally) -> None:
    for g, f in pairs:
        same = _names(g["owner"]) == _names(f.owner)
        _add(made, "owner", same, 1, 1)
        got = f.due.on.isoformat() if f.due and f.due.on else None
        want = g["deadline_date"]
        _add(made, "due", bool(got) and got == want, bool(got), bool(want))
        anchors = str(g["anchors"])
        if not same:
            made.misses.append((name, "owner", f"want {g['owner']} got {f.owner}", anchors, f.quote[:140]))
        if got != want:
            phrase = f.due.phrase if f.due else None
            wanted = f"want {want} ({g['deadline_text']}) got {got} ({phrase})"
            made.misses.append((name, "due", wanted, anchors + str(f.anchors), f.quote[:200]))


def _names(owner: str | None) -> set[str]:
    return {part.strip().lower() for part in (owner or "").split(";") if part.strip()}


def _links(plain: dict[str, Any], paired: dict[str, Finding], made: Tally) -> None:
    for g in plain["gold"]:
        if g["type"] == "DENIAL" and g["status"] == "active":
            f = paired.get(g["id"])
            wanted = {paired[link].id for link in g["links"] if link in paired}
            _add(made, "link", bool(f and wanted & set(f.links)), f is not None, 1)
            if f and wanted and not wanted & set(f.links):
                made.misses.append((plain.get("meeting_id", ""), "link", g["id"], str(g["anchors"]), g["action"]))


def _notices(name: str, plain: dict[str, Any], active: Sequence[Finding], made: Tally) -> None:
    by_id = {g["id"]: g for g in plain["gold"]}
    wanted = [by_id[x.get("denial") or x.get("agreement")] for x in plain.get("expected_pwn", ())]
    asked = [f for f in active if f.notice and f.notice.kind in CALLS_FOR]
    pairs = pair(wanted, asked)
    _add(made, "notice", len(pairs), len(asked), len(wanted))
    if not any(g["type"] == "DENIAL" for g in plain["gold"]):
        made.quiet_notices += sum(f.kind == "denial" for f in asked)
    hit_gold, hit_found = {g["id"] for g, _ in pairs}, {f.id for _, f in pairs}
    for g in wanted:
        if g["id"] not in hit_gold:
            made.misses.append((name, "notice missed", g["type"].lower(), str(g["anchors"]), g["action"][:110]))
    for f in asked:
        if f.id not in hit_found:
            what = f"{f.kind} {f.notice.kind if f.notice else ''}"
            made.misses.append((name, "notice false", what, str(f.anchors), f.quote[:110]))


def reliability(held: Sequence[tuple[float, bool]], *, bins: int = 10) -> list[tuple[str, int, float, float]]:
    """Return, by band of confidence, how many findings there were, the mean confidence, and how many were right."""
    rows = []
    for b in range(bins):
        band = [(c, right) for c, right in held if b / bins <= c < (b + 1) / bins or (b == bins - 1 and c == 1)]
        if band:
            mean, right = sum(c for c, _ in band) / len(band), sum(r for _, r in band) / len(band)
            rows.append((f"{b / bins:.1f} to {(b + 1) / bins:.1f}", len(band), mean, right))
    return rows


def read_folder(folder: Path, *, only: set[str] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Return the annotated meetings of a folder with their names."""
    files = [f for f in sorted(folder.glob("*.json")) if only is None or f.stem in only]
    plain = [(f.stem, json.loads(f.read_text(encoding="utf8"))) for f in files]
    return [(name, p) for name, p in plain if "gold" in p]


_HEARD: Final = (
    (r"we'll", "well"),
    (r"i'll", "ill"),
    (r"we're", "were"),
    (r"iep", "eye ee pee"),
    (r"504", "five oh four"),
    (r"para", "pair a"),
    (r"(\w+)'(t|s|m|re|ve|ll|d)", r"\1\2"),
)


def as_heard(plain: dict[str, Any]) -> dict[str, Any]:
    """Return a meeting as a rough recogniser would have written it: lower case, no marks, words misheard."""

    def heard(text: str) -> str:
        text = text.lower().replace("’", "'")
        for was, now in _HEARD:
            text = re.sub(rf"\b{was}\b", now, text)
        return re.sub(r"\s+", " ", re.sub(r"[.,!?;:\"()…—]+|\s-+\s", " ", text)).strip()

    return plain | {"turns": [t | {"text": heard(t["text"])} for t in plain["turns"]]}


def in_lines(name: str, meeting: Meeting) -> tuple[Meeting, list[int]]:
    """Return a meeting as a recording gives it, a timed line to a breath, and the turn that each line is part of."""
    chance = random.Random(zlib.crc32(name.encode()))
    lines: list[Turn] = []
    turns: list[int] = []
    now = 0.0
    for number, turn in enumerate(meeting.turns):
        for text in _breaths(turn.text, chance):
            end = now + 0.35 * len(text.split())
            lines.append(Turn(text=text, speaker=turn.speaker, start_s=round(now, 2), end_s=round(end, 2)))
            turns.append(number)
            now = end + 0.5
    return replace(meeting, turns=tuple(lines)), turns


def _breaths(text: str, chance: random.Random) -> Iterable[str]:
    """Yield a turn's lines: most end with a sentence, some at a comma, a few in the middle of a phrase."""
    line: list[str] = []
    for word in text.split() or [text]:
        line.append(word)
        share = 0.6 if word.endswith((".", "?", "!")) else 0.12 if word.endswith((",", ";", "-")) else 0.025
        if chance.random() < share:
            yield " ".join(line)
            line = []
    if line:
        yield " ".join(line)


def by_line(finder: Finder) -> Finder:
    """Return a finder that is given meetings in lines, and tells what it finds by their turns again."""

    def found(name: str, meeting: Meeting) -> Findings:
        lines, turns = in_lines(name, meeting)
        told = finder(name, lines)
        moved = (replace(f, anchors=tuple(sorted({turns[a] for a in f.anchors}))) for f in told.findings)
        return replace(told, findings=tuple(moved))

    return found


def show(made: Tally) -> str:
    """Return the tables as text."""
    lines = [
        f"{name:11} P {v['P']:.3f}  R {v['R']:.3f}  F1 {v['F1']:.3f}   ({v['tp']} of {v['gold']}, {v['found']} found)"
        + (f"  shown per true {v['found'] / max(1, v['tp']):.1f}" if name.endswith("+") else "")
        for name, v in made.rows().items()
    ]
    lines += [
        "",
        f"refusal notices in meetings without a refusal: {made.quiet_notices}",
        "",
        "confidence  findings  mean  right",
    ]
    lines += [f"{band:11} {n:7}  {mean:.2f}  {right:.2f}" for band, n, mean, right in reliability(made.held)]
    return "\n".join(lines)


def main() -> None:
    """Read the folder, find, and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--misses", action="store_true", help="print every miss and false finding")
    ask.add_argument("--heard", action="store_true", help="read lower-case, unpunctuated copies")
    ask.add_argument("--lines", action="store_true", help="read timed lines, as a recording gives them")
    ask.add_argument("--only", type=Path, help="a file with the names of the meetings to take")
    asked = ask.parse_args()
    only = set(asked.only.read_text(encoding="utf8").split()) if asked.only else None
    meetings = read_folder(asked.folder, only=only)
    if asked.heard:
        meetings = [(name, as_heard(plain)) for name, plain in meetings]
    from extract.pipeline import find

    finder: Finder = lambda _, meeting: find(meeting)  # noqa: E731 - a name for the one argument that counts
    made = tally(meetings, by_line(finder) if asked.lines else finder)
    if asked.misses:
        print(*("\t".join(row) for row in made.misses), sep="\n")
    print(show(made))


if __name__ == "__main__":
    main()
