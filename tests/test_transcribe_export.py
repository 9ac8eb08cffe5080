"""A transcript goes out in six forms, each with names, times and doubt."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from casefile.errors import StoreError
from casefile.records import Engine, Recording, Transcript, Turn
from casefile.wire import transcript_from_plain
from transcribe.export import export

TURNS = (
    Turn(text="We will send the draft.", speaker="Dana Ruiz", start_s=3.25, end_s=5.0, speaker_confidence=0.98),
    Turn(text="=HYPERLINK(1) & <b>so</b>", start_s=3725.5, end_s=3727.0, doubt="words where no voice is heard"),
    Turn(
        text='No; I, said "no".',
        speaker="S2",
        start_s=3730.0,
        end_s=3731.9996,
        several_voices=True,
        heard="Know I said no.",
    ),
)


def transcript(*turns: Turn, engine: str = "whisper") -> Transcript:
    recording = Recording(file="meeting.m4a", sha256="0" * 64, duration_s=3800.0)
    return Transcript(recording=recording, engine=Engine(name=engine, model="small"), turns=turns)


def written(folder: Path, ending: str, made: Transcript | None = None) -> bytes:
    target = folder / f"meeting.{ending}"
    export(made or transcript(*TURNS), target)
    return target.read_bytes()


def test_text_has_time_name_and_doubt(tmp_path: Path) -> None:
    lines = written(tmp_path, "txt").decode().splitlines()
    assert lines[0] == "[00:00:03] Dana Ruiz: We will send the draft."
    assert lines[1].startswith("[01:02:05] Unknown: =HYPERLINK(1)")
    assert lines[1].endswith("[in doubt: words where no voice is heard]")
    assert lines[2].endswith("[several voices]")


def test_srt_is_numbered_and_carries_the_hour(tmp_path: Path) -> None:
    blocks = written(tmp_path, "srt").decode().split("\n\n")
    assert blocks[0].splitlines() == ["1", "00:00:03,250 --> 00:00:05,000", "Dana Ruiz: We will send the draft."]
    assert blocks[1].splitlines()[1] == "01:02:05,500 --> 01:02:07,000"
    assert "01:02:10,000 --> 01:02:12,000" in blocks[2]  # 999.6 thousandths carry over


def test_vtt_names_the_voice_and_escapes(tmp_path: Path) -> None:
    text = written(tmp_path, "vtt").decode()
    assert text.startswith("WEBVTT\n\n00:00:03.250 --> 00:00:05.000\n<v Dana Ruiz>We will send the draft.</v>\n")
    assert "&amp; &lt;b&gt;so&lt;/b&gt;" in text.replace("\n", " ")


def test_turns_without_times_have_no_subtitle(tmp_path: Path) -> None:
    assert written(tmp_path, "srt", transcript(Turn(text="Typed."))) == b""
    assert b"Typed." in written(tmp_path, "txt", transcript(Turn(text="Typed.")))


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    raw = written(tmp_path, "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [r["speaker"] for r in rows] == ["Dana Ruiz", "", "S2"]
    assert rows[1]["text"].startswith("'=HYPERLINK")
    assert (rows[2]["text"], rows[2]["heard"], rows[2]["several_voices"]) == (TURNS[2].text, "Know I said no.", "yes")
    assert (rows[0]["start"], rows[0]["start_s"], rows[0]["confidence"]) == ("00:00:03", "3.250", "0.98")


def test_json_reads_back_the_same(tmp_path: Path) -> None:
    assert transcript_from_plain(json.loads(written(tmp_path, "json"))) == transcript(*TURNS)


def test_docx_is_a_table_of_who_when_what(tmp_path: Path) -> None:
    from docx import Document

    written(tmp_path, "docx", transcript(*TURNS, Turn(text="a\x0bb\x00c", start_s=1.0, end_s=2.0)))
    table = Document(str(tmp_path / "meeting.docx")).tables[0]
    rows = [[c.text for c in row.cells] for row in table.rows]
    assert rows[0] == ["Time", "Speaker", "What was said"]
    assert rows[1] == ["00:00:03", "Dana Ruiz", "We will send the draft."]
    assert "in doubt: words where no voice is heard" in rows[2][2]
    assert "heard as: Know I said no." in rows[3][2]
    assert rows[4][2] == "abc"


@pytest.mark.parametrize("ending", ["txt", "vtt", "docx"])
def test_a_rough_transcript_says_so_at_its_head(tmp_path: Path, ending: str) -> None:
    raw = written(tmp_path, ending, transcript(*TURNS, engine="sphinx"))
    if ending == "docx":
        from docx import Document

        raw = "\n".join(p.text for p in Document(io.BytesIO(raw)).paragraphs).encode()
    assert b"the words are a guess" in raw


def test_another_ending_is_refused_with_the_endings_there_are(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        export(transcript(*TURNS), tmp_path / "meeting.pages")
    assert ".docx" in refused.value.next_step
    assert not list(tmp_path.iterdir())
