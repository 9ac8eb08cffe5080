"""A letter in every form it comes out in: the same words in all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from casefile import wire
from casefile.files import write_private
from casefile.records import Letter
from draft.docx import to_docx
from draft.eml import to_eml
from draft.html import to_html
from draft.pdf import to_pdf
from draft.text import to_text

FORMS: dict[str, Callable[[Letter], str | bytes]] = {
    ".txt": to_text,
    ".html": to_html,
    ".docx": to_docx,
    ".pdf": to_pdf,
    ".eml": to_eml,
    ".json": lambda letter: wire.dump(wire.to_plain(letter)),
}


def write_letter(letter: Letter, folder: Path) -> tuple[Path, ...]:
    """Write the letter into `folder` in every form and return the files. Raises StoreError.

    What nobody reviewed gets no mail draft, and one of an earlier review is taken away.
    """
    paths = []
    for suffix, form in FORMS.items():
        path = folder / f"{letter.id}{suffix}"
        if suffix == ".eml" and letter.provisional:
            path.unlink(missing_ok=True)
            continue
        write_private(path, form(letter))
        paths.append(path)
    return tuple(paths)
