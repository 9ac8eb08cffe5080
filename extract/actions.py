"""What will be done, as a phrase for after "Ms. Johnson will ..."."""

from __future__ import annotations


def action_of(words: str) -> str:
    """Return the action said in exact `words`, without its subject."""
    return words.strip()
