"""A meeting whose recording was stopped halfway: one transcript, two clocks."""

from __future__ import annotations

import pytest

from casefile.errors import RecordingError
from casefile.records import Engine, Recording, Transcript, Turn, Unheard, Word
from transcribe.join import join_transcripts, own_clock, parts_of


def part(file: str, length_s: float, speaker: str | None, engine: str = "whisper") -> Transcript:
    word = Word(start_s=1.0, end_s=2.0, text="Yes.", probability=0.9)
    return Transcript(
        recording=Recording(file=file, sha256=file[0] * 4, duration_s=length_s),
        engine=Engine(name=engine, model="m"),
        turns=(Turn(text="Yes.", speaker=speaker, start_s=1.0, end_s=2.0, words=(word,)),),
        unheard=(
            Unheard(start_s=0.0, end_s=1.0, why="silence"),
            Unheard(start_s=2.0, end_s=length_s, why="silence"),
        ),
    )


def test_the_second_part_follows_the_first() -> None:
    joined = join_transcripts([part("a.m4a", 600.5, "S1"), part("b.m4a", 300.0, "S1")])
    assert joined.recording is not None
    assert joined.recording.file == "a.m4a + b.m4a"
    assert joined.recording.duration_s == 900.5
    assert [t.start_s for t in joined.turns] == [1.0, 601.5]
    assert joined.turns[1].words[0].end_s == 602.5
    spans = [(t.start_s, t.end_s) for t in joined.turns] + [(u.start_s, u.end_s) for u in joined.unheard]
    assert sum((b or 0) - (a or 0) for a, b in spans) == pytest.approx(900.5)


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ("S1", "S1", ["S1", "S1 (2)"]),  # nobody knows that they are the same voice
        ("Dana Ruiz", "Dana Ruiz", ["Dana Ruiz", "Dana Ruiz"]),
        (None, None, [None, None]),
    ],
)
def test_labels_of_different_parts_are_not_taken_for_the_same_voice(
    first: str | None, second: str | None, labels: list[str | None]
) -> None:
    joined = join_transcripts([part("a.m4a", 10, first), part("b.m4a", 10, second)])
    assert [t.speaker for t in joined.turns] == labels


def test_a_rough_part_makes_the_whole_rough() -> None:
    joined = join_transcripts([part("a.m4a", 10, "S1"), part("b.m4a", 10, "S1", engine="sphinx")])
    assert joined.engine.rough


@pytest.mark.parametrize(
    ("at_s", "file", "own_s"), [(0.0, "a", 0.0), (599.0, "a", 599.0), (600.5, "b", 0.0), (900.0, "b", 299.5)]
)
def test_a_second_is_found_on_its_own_clock(at_s: float, file: str, own_s: float) -> None:
    recordings = [Recording(file=f, sha256=f, duration_s=d) for f, d in (("a", 600.5), ("b", 300.0))]
    found, second = own_clock(parts_of(recordings), at_s)
    assert (found.recording.file, second) == (file, own_s)


def test_a_typed_transcript_has_no_clock() -> None:
    typed = Transcript(recording=None, engine=Engine(name="typed", model=""), turns=(Turn(text="Yes."),))
    with pytest.raises(RecordingError, match="no clock"):
        join_transcripts([part("a.m4a", 10, None), typed])
