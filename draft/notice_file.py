"""The words of a district's Notice of Action, from the file it came as."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from casefile.files import telling
from draft.errors import LetterError
from draft.marks import clean

_LARGEST = 50 * 1024 * 1024
_LEAST_LETTERS = 40  # fewer on the whole file: a picture of a page


def read_notice(path: Path) -> tuple[str, ...]:
    """Return the lines of a notice in a .pdf, .docx or .txt file.

    Raises LetterError for another kind of file, one that is locked, damaged, or only a picture of a page; StoreError
    if it cannot be read.
    """
    with telling(path):
        if path.is_dir():
            raise LetterError(f"{path} is a folder.", next_step="Give the notice's own file.")
        if path.stat().st_size > _LARGEST:
            raise LetterError(f"{path.name} is too large to be a notice.", next_step="Give the notice's own file.")
        data = path.read_bytes()
    readers = {".pdf": _pdf, ".docx": _docx, ".txt": _txt}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise LetterError(
            f"{path.name} is no .pdf, .docx or .txt file.",
            next_step="Save it as one of these; an older .doc opens in Word or LibreOffice.",
        )
    lines = tuple(line for raw in reader(data, path.name).splitlines() if (line := clean(raw)))
    if sum(c.isalpha() for line in lines for c in line) < _LEAST_LETTERS:
        raise LetterError(
            f"{path.name} has no words that can be read; it may be a picture of a page.",
            next_step="Ask the school for the file itself, or type the notice into a .txt file.",
        )
    return lines


def _pdf(data: bytes, name: str) -> str:
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings are no use to a parent
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise LetterError(f"{name} is locked with a password.", next_step="Save a copy without the password.")
        return "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as wrong:
        raise LetterError(
            f"{name} is damaged or no PDF.", next_step="Open it in a reader and save it again, or ask for another copy."
        ) from wrong


def _docx(data: bytes, name: str) -> str:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
        lines = []
        for element in document.iter_inner_content():
            if hasattr(element, "rows"):
                for row in element.rows:
                    cells = [
                        cell.text
                        for place, cell in enumerate(row.cells)
                        if cell.text not in [c.text for c in row.cells[:place]]
                    ]
                    lines.append("\n".join(cells))
            else:
                lines.append(element.text)
        return "\n".join(lines)
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as wrong:
        raise LetterError(
            f"{name} is damaged or no Word document.", next_step="Open it in Word or LibreOffice and save it again."
        ) from wrong


def _txt(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and len(re.findall(r"[\x01-\x08\x0e-\x1f]", text)) < 5:
            return text
    raise LetterError(f"{name} is not plain text.", next_step="Save the notice as .txt, .docx or .pdf.")
