"""The parent's own words over a draft: kept when the findings change, and shown as a difference.

Three texts: the draft the parent wrote over (`base`), the parent's own (`edited`), and the draft as it is now (`new`).
Nothing of the parent's is lost: where both sides changed the same lines, hers stand and the others are shown.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Whose = Literal["yours", "draft", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place where the texts differ."""

    whose: Whose  # who changed it since the base; "both" changed it differently
    before: tuple[str, ...]  # lines of the base
    yours: tuple[str, ...]
    draft: tuple[str, ...]  # of the draft as it is now


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The parent's text with what the new draft brings, and every place that differs."""

    text: str  # the parent's words, and the new draft's where the parent left the old ones
    changes: tuple[Change, ...]

    @property
    def clashes(self) -> tuple[Change, ...]:
        """The places where both sides changed the same lines; the parent's words stand in `text`."""
        return tuple(c for c in self.changes if c.whose == "both")


def merge(*, base: str | None, edited: str, new: str) -> Merged:
    """Return the parent's text brought up to the new draft; without the base the parent's text stands as it is."""
    if base is None:
        return Merged(text=edited, changes=tuple(_against(new.splitlines(), edited.splitlines())))
    old, mine, now = base.splitlines(), edited.splitlines(), new.splitlines()
    lines: list[str] = []
    changes: list[Change] = []
    for before, yours, draft in _regions(old, mine, now):
        if yours == draft or draft == before:
            lines += yours
        elif yours == before:
            lines += draft
        else:
            lines += yours
        if (yours, draft) != (before, before):
            whose: Whose = "yours" if draft == before else "draft" if yours == before else "both"
            if yours == draft:
                whose = "draft"
            changes.append(Change(whose=whose, before=tuple(before), yours=tuple(yours), draft=tuple(draft)))
    return Merged(text="\n".join(lines) + "\n" * edited.endswith("\n"), changes=tuple(changes))


def _against(now: Sequence[str], mine: Sequence[str]) -> Iterator[Change]:
    for tag, a, b, c, d in difflib.SequenceMatcher(a=now, b=mine, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Change(whose="yours", before=tuple(now[a:b]), yours=tuple(mine[c:d]), draft=tuple(now[a:b]))


def _regions(
    old: Sequence[str], mine: Sequence[str], now: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """Yield the three texts in step: lines all three share one by one, and the stretches between them (diff3)."""
    to_mine, to_now = _matches(old, mine), _matches(old, now)
    at_old = at_mine = at_now = 0
    for place in (p for p in range(len(old)) if p in to_mine and p in to_now):
        if to_mine[place] < at_mine or to_now[place] < at_now:
            continue
        stretch = old[at_old:place], mine[at_mine : to_mine[place]], now[at_now : to_now[place]]
        if any(stretch):
            yield stretch
        yield [old[place]], [old[place]], [old[place]]
        at_old, at_mine, at_now = place + 1, to_mine[place] + 1, to_now[place] + 1
    rest = old[at_old:], mine[at_mine:], now[at_now:]
    if any(rest):
        yield rest


def _matches(old: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    blocks = difflib.SequenceMatcher(a=old, b=other, autojunk=False).get_matching_blocks()
    return {a + k: b + k for a, b, size in blocks for k in range(size)}


def shown(changes: Sequence[Change]) -> str:
    """Return changes as lines to read: "- " the draft's words, "+ " the parent's."""
    lines: list[str] = []
    for change in changes:
        if change.whose == "draft":
            lines += ["The draft has changed here; your text takes it over:"]
            lines += [f"- {line}" for line in change.before] + [f"+ {line}" for line in change.draft]
        else:
            lines += [
                "Your own words here:" if change.whose == "yours" else "Your own words; the draft says otherwise:"
            ]
            lines += [f"- {line}" for line in change.draft] + [f"+ {line}" for line in change.yours]
    return "\n".join(lines)
