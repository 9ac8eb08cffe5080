"""A transcript as a Word document: who, when and what in three columns, with what is in doubt marked."""

from __future__ import annotations

import io
import re
from typing import Any

from casefile.records import Transcript, Turn
from transcribe.export import NOBODY, ROUGH, clock

WIDTHS_CM = (2.0, 3.5, 11.0)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # Word refuses a file that holds them


def document(transcript: Transcript) -> bytes:
    """Return the bytes of a .docx file."""
    from docx import Document
    from docx.shared import Pt

    made = Document()
    made.styles["Normal"].font.size = Pt(10.5)
    made.add_heading("Transcript", level=1)
    if transcript.recording is not None:
        length = clock(transcript.recording.duration_s)
        made.add_paragraph(
            f"{_clean(transcript.recording.file)}, {length}. Times count from the start of the recording."
        )
    if transcript.engine.rough:
        made.add_paragraph().add_run(ROUGH).bold = True
    table = made.add_table(rows=1, cols=3)
    table.style = "Light Grid Accent 1"
    table.autofit = False
    _fill(table.rows[0], "Time", "Speaker", "What was said", None)
    _repeat(table.rows[0])
    for turn in transcript.turns:
        _fill(table.add_row(), clock(turn.start_s), turn.speaker or NOBODY, turn.text, turn)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fill(row: Any, time: str, who: str, said: str, turn: Turn | None) -> None:
    from docx.shared import Cm

    for cell, text, width in zip(row.cells, (time, who, said), WIDTHS_CM, strict=True):
        cell.width = Cm(width)
        cell.text = _clean(text)
    if turn is None:
        return
    remarks = ["several voices"] if turn.several_voices else []
    if turn.doubt:
        remarks.append(f"in doubt: {turn.doubt}")
    if turn.heard is not None:
        remarks.append(f"heard as: {turn.heard}")
    if remarks:
        row.cells[2].add_paragraph().add_run(_clean("; ".join(remarks))).italic = True


def _repeat(row: Any) -> None:
    """Have Word show the row again at the top of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text)
