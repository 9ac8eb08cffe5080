"""What became of an item within the meeting: taken back, replaced, done on the spot, or still standing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from casefile.records import Kind, Meeting, Status
from extract.content import content, likeness
from extract.evidence import TurnEvidence
from extract.items import Draft


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that end an item of `kind`, said up to `reach` turns after it (0: in its own turn)."""

    kind: Kind
    status: Status
    reach: int
    alike: float  # how much the two turns must speak of the same thing
    by: str  # "owner", "school", "any": whose words they must be
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Ending:
    """How an item ended, and in which turn."""

    status: Status
    turn: int


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """Return the cues of `tables/status.toml`, in their order."""
    plain = tomllib.loads((resources.files("extract") / "tables" / "status.toml").read_text(encoding="utf8"))
    return tuple(
        Cue(c["kind"], c["status"], c["reach"], c.get("alike", 0.0), c.get("by", "any"), re.compile(c["words"]))
        for c in plain["cue"]
    )


def endings(
    drafts: Sequence[Draft], turns: Sequence[TurnEvidence], meeting: Meeting, rare: Mapping[str, float]
) -> dict[int, Ending]:
    """Return, by place in `drafts`, the items that do not stand at the end of the meeting."""
    found: dict[int, Ending] = {}
    for cue in cues():
        if cue.reach == 0:
            for i, d in enumerate(drafts):
                if d.kind == cue.kind and cue.pattern.search(turns[d.anchors[-1]].view.text):
                    found.setdefault(i, Ending(cue.status, d.anchors[-1]))
            continue
        for e in turns:
            if cue.pattern.search(e.view.text):
                target = _target(cue, e, drafts, turns, meeting, rare, found)
                if target is not None:
                    found[target] = Ending(cue.status, e.index)
    return found


def _target(
    cue: Cue,
    e: TurnEvidence,
    drafts: Sequence[Draft],
    turns: Sequence[TurnEvidence],
    meeting: Meeting,
    rare: Mapping[str, float],
    found: Mapping[int, Ending],
) -> int | None:
    """Return the item that the words of `e` end, or None."""
    best: tuple[float, int] | None = None
    near = content(" ".join(turns[j].view.text for j in range(max(0, e.index - 2), e.index + 1)))
    for i, d in enumerate(drafts):
        last = max((a for a in d.anchors if a < e.index), default=None)
        if d.kind != cue.kind or i in found or last is None or e.index - last > cue.reach or max(d.anchors) > e.index:
            continue
        speaker = meeting.turns[d.anchors[0]].speaker
        if cue.by == "owner" and meeting.turns[e.index].speaker != speaker:
            continue
        if cue.by == "school" and e.side == "family":
            continue
        alike = likeness(near, d.words, rare)
        score = alike + 1.0 / (e.index - last) + 0.3 * (meeting.turns[e.index].speaker == speaker)
        if alike >= cue.alike and (best is None or score > best[0]):
            best = score, i
    return best[1] if best else None
