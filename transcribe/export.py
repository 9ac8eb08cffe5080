"""A transcript in the forms other programs and people read, with names and times: txt, srt, vtt, csv, docx, json.

Doubt goes along: a line whose words may not have been said, and one with several voices, says so in every form.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Callable
from pathlib import Path

from casefile.errors import StoreError
from casefile.files import write_private
from casefile.records import Transcript, Turn

NOBODY = "Unknown"
ROUGH = "A rough transcript: the words are a guess. Listen before you rely on any of them."
COLUMNS = (
    *("line", "start", "end", "start_s", "end_s"),
    *("speaker", "confidence", "several_voices", "doubt", "text", "heard"),
)
WIDTH = 42  # letters on one line of a subtitle


def export(transcript: Transcript, target: Path) -> None:
    """Write the transcript to `target` in the form its ending names; raises StoreError for another ending."""
    make = FORMS.get(target.suffix.lower())
    if make is None:
        raise StoreError(
            f"A transcript cannot be written as {target.suffix or target.name}.",
            next_step=f"End the name in one of: {', '.join(FORMS)}.",
        )
    write_private(target, make(transcript))


def as_text(transcript: Transcript) -> bytes:
    """Return one line for each turn: [00:03:12] Dana Ruiz: what they said."""
    lines = [ROUGH, ""] if transcript.engine.rough else []
    for turn in transcript.turns:
        time = f"[{clock(turn.start_s)}] " if turn.start_s is not None else ""
        lines.append(f"{time}{turn.speaker or NOBODY}: {turn.text}{_remarks(turn)}")
    return ("\n".join(lines) + "\n").encode("utf8")


def as_srt(transcript: Transcript) -> bytes:
    """Return numbered subtitles; turns without times are left out, as a subtitle has no place for them."""
    blocks = []
    for number, turn in enumerate((t for t in transcript.turns if _timed(t)), start=1):
        times = f"{_stamp(turn.start_s, ',')} --> {_stamp(turn.end_s, ',')}"
        blocks.append(f"{number}\n{times}\n{_wrapped(f'{turn.speaker or NOBODY}: {turn.text}{_remarks(turn)}')}\n")
    return "\n".join(blocks).encode("utf8")


def as_vtt(transcript: Transcript) -> bytes:
    """Return WebVTT with the speaker as its voice tag."""
    blocks = ["WEBVTT\n"]
    if transcript.engine.rough:
        blocks.append(f"NOTE {ROUGH}\n")
    for turn in (t for t in transcript.turns if _timed(t)):
        times = f"{_stamp(turn.start_s, '.')} --> {_stamp(turn.end_s, '.')}"
        said = _wrapped(_escaped(turn.text + _remarks(turn)))
        blocks.append(f"{times}\n<v {_escaped(turn.speaker or NOBODY)}>{said}</v>\n")
    return "\n".join(blocks).encode("utf8")


def as_csv(transcript: Transcript) -> bytes:
    """Return a table that Excel opens as it should: UTF-8 with its mark, no cell that it would run as a formula."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\r\n")
    table.writerow(
        [
            "line",
            "start",
            "end",
            "start_s",
            "end_s",
            "speaker",
            "confidence",
            "several_voices",
            "doubt",
            "text",
            "heard",
        ]
    )
    for number, t in enumerate(transcript.turns, start=1):
        times = [clock(t.start_s), clock(t.end_s), _seconds(t.start_s), _seconds(t.end_s)]
        sure = "" if t.speaker_confidence is None else f"{t.speaker_confidence:.2f}"
        several = "yes" if t.several_voices else ""
        words = [t.speaker or "", sure, several, t.doubt or "", t.text, t.heard or ""]
        table.writerow([number, *times, *(_harmless(w) for w in words)])
    return b"\xef\xbb\xbf" + made.getvalue().encode("utf8")


def as_json(transcript: Transcript) -> bytes:
    """Return the transcript in the program's own form, which `onrecord extract` reads again."""
    from casefile.wire import dump, transcript_to_plain

    return dump(transcript_to_plain(transcript)).encode("utf8")


def as_docx(transcript: Transcript) -> bytes:
    """Return a Word document; the library is loaded only for it."""
    from transcribe.export_docx import document

    return document(transcript)


FORMS: dict[str, Callable[[Transcript], bytes]] = {
    ".txt": as_text,
    ".srt": as_srt,
    ".vtt": as_vtt,
    ".csv": as_csv,
    ".docx": as_docx,
    ".json": as_json,
}


def clock(seconds: float | None) -> str:
    """Return seconds as 01:02:03, or nothing for None."""
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _stamp(seconds: float | None, point: str) -> str:
    thousandths = round((seconds or 0.0) * 1000)
    return f"{clock(thousandths // 1000)}{point}{thousandths % 1000:03}"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.3f}"


def _timed(turn: Turn) -> bool:
    return turn.start_s is not None and turn.end_s is not None


def _remarks(turn: Turn) -> str:
    remarks = ["several voices"] if turn.several_voices else []
    if turn.doubt:
        remarks.append(f"in doubt: {turn.doubt}")
    return f" [{'; '.join(remarks)}]" if remarks else ""


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text: one that starts like a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
