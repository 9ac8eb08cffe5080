"""Where somebody speaks: nobody far away is lost, length costs no memory, and chunks cover every voice."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE

from transcribe.audio import decode, open_sound
from transcribe.chunks import LONGEST_S, pack
from transcribe.level import Level, measure_level
from transcribe.sound import Span
from transcribe.vad import BLOCK, KEEN, STEP_S, WINDOW, voice_probabilities, voiced_spans, without

SAMPLE = Path(__file__).parent.parent / "samples" / "s504" / "meeting.flac"


@pytest.mark.shared
def test_voices_across_a_real_table_survive(shared: Path) -> None:
    spoken = kept = 0.0
    clips = sorted((shared / "audio").glob("ami_*.flac"))
    assert len(clips) >= 7
    for clip in clips:
        with open_sound(clip) as sound:
            probabilities = voice_probabilities(sound.samples, measure_level(sound.samples))
            spans = voiced_spans(probabilities, sound.duration_s)
        for word in json.loads(clip.with_suffix(".words.json").read_text("utf8"))["words"]:
            spoken += word["end"] - word["start"]
            kept += sum(max(0.0, min(word["end"], s.end_s) - max(word["start"], s.start_s)) for s in spans)
    assert spoken > 60
    assert kept / spoken >= 0.99


@pytest.mark.parametrize("softer", [1.0, 0.01, 0.001])
def test_a_whispered_recording_is_listened_to_at_the_same_level(softer: float) -> None:
    sound = decode(SAMPLE)[: 30 * RATE]
    loud = voiced_spans(voice_probabilities(sound, measure_level(sound)), 30.0)
    soft = sound * np.float32(softer)
    found = voiced_spans(voice_probabilities(soft, measure_level(soft)), 30.0)
    assert sum(s.length_s for s in loud) > 10
    assert sum(s.length_s for s in found) == pytest.approx(sum(s.length_s for s in loud), rel=0.05)


def test_nothing_is_louder_than_full() -> None:
    louder = Level(20.0).apply(np.linspace(-1, 1, 1001, dtype=np.float32))
    assert np.abs(louder).max() <= 1.0
    assert (np.diff(louder) >= 0).all()


def test_blocks_give_what_the_whole_gives() -> None:
    from faster_whisper.vad import get_vad_model

    sound = np.resize(decode(SAMPLE), (BLOCK + 500) * WINDOW)
    whole = get_vad_model()(sound).reshape(-1)
    ours = voice_probabilities(sound, Level(1.0))
    assert len(ours) == len(whole) == BLOCK + 500
    assert np.abs(ours - whole).max() < 1e-3


@pytest.mark.parametrize(
    ("voices", "found"),
    [
        # seconds of voice in a minute; each gets half a second around it
        ([], []),
        ([(10, 12)], [(9.5, 12.5)]),
        ([(0, 1)], [(0, 1.5)]),
        ([(59, 60)], [(58.5, 60)]),
        ([(10, 11), (11.4, 12)], [(9.5, 12.5)]),  # a short pause
        ([(10, 11), (14, 15)], [(9.5, 11.5), (13.5, 15.5)]),
    ],
)
def test_voices_are_padded_and_joined_over_pauses(
    voices: list[tuple[float, float]], found: list[tuple[float, float]]
) -> None:
    probabilities = np.zeros(round(60 / STEP_S), np.float32)
    for start, end in voices:
        probabilities[round(start / STEP_S) : round(end / STEP_S)] = 0.9
    spans = voiced_spans(probabilities, 60.0, KEEN)
    assert [(s.start_s, s.end_s) for s in spans] == [pytest.approx(f, abs=0.05) for f in found]


@pytest.mark.parametrize(
    ("spans", "cut", "left"),
    [
        ([(0, 10)], [], [(0, 10)]),
        ([(0, 10)], [(2, 3)], [(0, 2), (3, 10)]),
        ([(0, 10)], [(0, 10)], []),
        ([(0, 4), (6, 9)], [(3, 7)], [(0, 3), (7, 9)]),
        ([(2, 4)], [(0, 1), (5, 6)], [(2, 4)]),
    ],
)
def test_damage_is_taken_out_of_the_voices(
    spans: list[tuple[int, int]], cut: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    result = without(tuple(Span(*s) for s in spans), tuple(Span(*c) for c in cut))
    assert [(s.start_s, s.end_s) for s in result] == left


pieces = st.lists(st.tuples(st.floats(0.1, 90), st.floats(0.05, 40)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(pieces=pieces)
def test_chunks_cover_every_voice_once_and_fit_the_model(pieces: list[tuple[float, float]]) -> None:
    spans, at = [], 0.0
    for length, gap in pieces:
        spans.append(Span(at, at + length))
        at += length + gap
    probabilities = np.random.default_rng(1).random(int(at / STEP_S) + 2).astype(np.float32)
    chunks = pack(spans, probabilities)
    assert all(c.length_s <= LONGEST_S + 1e-6 for c in chunks)
    parts = [p for c in chunks for p in c.pieces]
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(parts))
    assert sum(p.length_s for p in parts) == pytest.approx(sum(s.length_s for s in spans))
    assert without(tuple(spans), tuple(parts)) == ()


def test_a_word_is_placed_where_its_piece_lies() -> None:
    chunk = pack([Span(10, 14), Span(20, 26)], np.zeros(2000, np.float32))[0]
    assert chunk.length_s == 10
    assert chunk.place(0.0, 0.5) == Span(10, 10.5)
    assert chunk.place(3.8, 4.1) == Span(13.8, 14.0)  # it does not reach over the silence between
    assert chunk.place(5.0, 5.5) == Span(21.0, 21.5)
    assert chunk.place(9.9, 30.0) == Span(25.9, 26.0)
