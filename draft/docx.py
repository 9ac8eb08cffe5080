"""A letter as a Word document that a parent can go on writing in."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from casefile.records import Block, Letter
from draft.banner import banner
from draft.text import addresses

_INDENT_IN = 0.3


def to_docx(letter: Letter) -> bytes:
    """Return the letter as a .docx file."""
    import docx
    from docx.shared import Inches, Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(11)
    normal.paragraph_format.space_after = Pt(7)
    for section in document.sections:
        section.left_margin = section.right_margin = Inches(1)
        section.top_margin = section.bottom_margin = Inches(0.9)
    if warning := banner(letter):
        document.add_paragraph().add_run(warning).bold = True
    for label, people in (("To", letter.to), ("Copy to", letter.cc)):
        if people:
            document.add_paragraph(f"{label}: {addresses(people)}").paragraph_format.space_after = Pt(2)
    document.add_paragraph().add_run(letter.subject).bold = True
    for block in letter.blocks:
        _add(document, block)
    _set_properties(document, letter)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _add(document: Any, block: Block) -> None:
    from docx.shared import Inches, Pt

    if block.kind == "heading":
        paragraph = document.add_paragraph()
        paragraph.add_run(block.text).bold = True
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(10)
        return
    paragraph = document.add_paragraph()
    if block.kind == "item":
        mark = f"{block.number}." if block.number else "•"
        paragraph.add_run(f"{mark}\t{block.text}")
        paragraph.paragraph_format.left_indent = Inches(_INDENT_IN * (1 + block.level))
        paragraph.paragraph_format.first_line_indent = Inches(-_INDENT_IN)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Inches(_INDENT_IN * (1 + block.level)))
        return
    run = paragraph.add_run(block.text)
    if block.kind == "quote":
        run.italic = True
        paragraph.paragraph_format.left_indent = Inches(_INDENT_IN)
    elif block.kind == "closing":
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_together = True


def _set_properties(document: Any, letter: Letter) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = letter.subject[:255], "", ""
    properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
