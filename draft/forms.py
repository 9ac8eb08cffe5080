"""A letter in every form it comes out in: the same words in all."""

from __future__ import annotations

from pathlib import Path

from casefile import wire
from casefile.files import write_private
from casefile.records import Letter
from draft.html import to_html
from draft.text import to_text


def write_letter(letter: Letter, folder: Path) -> tuple[Path, ...]:
    """Write the letter into `folder` as text, HTML and data, and return the files. Raises StoreError."""
    made: dict[str, str | bytes] = {
        ".txt": to_text(letter),
        ".html": to_html(letter),
        ".json": wire.dump(wire.to_plain(letter)),
    }
    paths = tuple(folder / f"{letter.id}{suffix}" for suffix in made)
    for path, data in zip(paths, made.values(), strict=True):
        write_private(path, data)
    return paths
