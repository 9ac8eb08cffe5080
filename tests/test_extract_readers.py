"""Whatever holds a meeting's words is read, and what cannot be read is said plainly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from casefile.errors import StoreError
from extract.readers import read_meeting

HELD = date(2026, 11, 5)

TRANSCRIPT = {
    "schema": "onrecord/transcript/1",
    "recording": None,
    "engine": {"name": "script", "model": ""},
    "turns": [{"start": 0.5, "end": 2.0, "speaker": "S1", "text": "Hello.", "words": []}],
    "unheard": [],
}
MEETING = {
    "meeting_date": "2026-11-05",
    "calendar": {"no_school": ["2026-11-25"], "named": {"winter break": "2026-12-21"}},
    "participants": [{"name": "Dana Ruiz", "role": "parent"}],
    "turns": [{"speaker": "Dana Ruiz", "text": "Hello.", "colour": "red"}, {"speaker": None, "text": None}],
    "gold": [],
}
NAMED = "Dana: Could you?\nIt matters.\n\nDr. O'Neil: Sure: by 3:30.\n"
SRT = "1\n00:00:01,500 --> 00:00:03,000\nDana: Could you\nsend it?\n\n2\n00:00:03,200 --> 00:00:04,000\nLee: Sure.\n"
VTT = (
    "WEBVTT\n\n00:01.500 --> 00:03.000\n<v Dana Ruiz>Could you <b>send</b> it?\n\n"
    "00:03.200 --> 00:04.000\n<v Lee>Sure.\n"
)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("m.json", json.dumps(MEETING), [("Dana Ruiz", "Hello."), (None, "")]),
        ("t.json", json.dumps(TRANSCRIPT), [("S1", "Hello.")]),
        ("n.txt", NAMED, [("Dana", "Could you? It matters."), ("Dr. O'Neil", "Sure: by 3:30.")]),
        ("n.txt", "\ufeffDana: Hi.\r\nno name here\r\n", [("Dana", "Hi. no name here")]),
        ("s.srt", SRT, [("Dana", "Could you send it?"), ("Lee", "Sure.")]),
        ("v.vtt", VTT, [("Dana Ruiz", "Could you send it?"), ("Lee", "Sure.")]),
    ],
    ids=["meeting", "transcript", "names", "bom", "srt", "vtt"],
)  # fmt: skip
def test_each_kind_of_file_gives_its_turns(
    tmp_path: Path, name: str, text: str, said: list[tuple[str | None, str]]
) -> None:
    read = read_meeting(write(tmp_path, name, text), held_on=HELD)
    assert [(t.speaker, t.text) for t in read.turns] == said


def test_subtitle_times_are_seconds(tmp_path: Path) -> None:
    read = read_meeting(write(tmp_path, "s.srt", SRT), held_on=HELD)
    assert [(t.start_s, t.end_s) for t in read.turns] == [(1.5, 3.0), (3.2, 4.0)]


def test_a_meeting_file_brings_its_day_people_and_calendar(tmp_path: Path) -> None:
    read = read_meeting(write(tmp_path, "m.json", json.dumps(MEETING)))
    assert read.held_on == HELD
    assert read.participants[0].role == "parent"
    assert read.calendar.no_school == (date(2026, 11, 25),)
    assert read.calendar.named[0].name == "winter break"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("n.txt", "Dana: Hi.\n", "no meeting date"),
        ("n.txt", "\n\n", "no words"),
        ("n.json", "{", "not readable as JSON"),
        ("n.json", "[]", "no meeting"),
        ("n.json", '{"meeting_date": "2026-11-05"}', "no turns"),
        ("n.txt", b"\xff\xfe\x00\x01", "not text"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(tmp_path: Path, name: str, text: str | bytes, what: str) -> None:
    with pytest.raises(StoreError, match=what) as wrong:
        read_meeting(write(tmp_path, name, text))
    assert wrong.value.next_step


def test_a_missing_file_and_a_folder_are_said_plainly(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(StoreError, match="no file"):
            read_meeting(path, held_on=HELD)
