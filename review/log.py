"""Which decisions of the log hold.

Nothing in the log is ever changed. An "undo" takes back one decision, or all of its group; an "undo" can itself be
undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from casefile.records import Decision


def live_decisions(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that hold, oldest first: neither undone nor an undo."""
    dead = _undone(decisions)
    return tuple(d for d in decisions if d.id not in dead and d.act != "undo")


def last_undoable(decisions: Sequence[Decision]) -> Decision | None:
    """Return the newest decision that still holds and that a person would want to take back."""
    live = [d for d in live_decisions(decisions) if d.act != "heard"]
    return live[-1] if live else None


def heard_ids(decisions: Sequence[Decision]) -> frozenset[str]:
    """Return the ids of the findings whose sound was played."""
    return frozenset(d.finding_id for d in decisions if d.act == "heard" and d.finding_id)


def _undone(decisions: Sequence[Decision]) -> frozenset[int]:
    """Newest first, for an undo reaches only backwards: by the time one is met, it is known whether it holds."""
    dead: set[int] = set()
    groups = {d.id: d.group for d in decisions if d.group}
    for decision in reversed(decisions):
        if decision.act != "undo" or decision.id in dead or decision.undoes is None:
            continue
        group = groups.get(decision.undoes)
        dead.add(decision.undoes)
        dead.update(i for i, g in groups.items() if i is not None and group is not None and g == group)
    return frozenset(dead)
