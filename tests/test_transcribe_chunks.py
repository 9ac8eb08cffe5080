"""Stretches of voice packed into chunks for the recogniser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.chunks import LONGEST_S, pack
from transcribe.sound import Span
from transcribe.vad import STEP_S, without


def talk(length_s: float, every_s: float, pause_s: float = 0.5) -> np.ndarray:
    """Return likelihoods of a voice that pauses every so often."""
    at = np.arange(int(length_s / STEP_S) + 2) * STEP_S
    return np.where(at % every_s < pause_s, 0.02, 0.9).astype(np.float32)


@pytest.mark.parametrize("every_s", [2.0, 4.1, 7.3])
def test_talk_with_pauses_fills_its_chunks(every_s: float) -> None:
    chunks = pack([Span(0.0, 600.0)], talk(600, every_s))
    assert len(chunks) > 20
    assert all(LONGEST_S - every_s - 1 < c.length_s <= LONGEST_S for c in chunks[:-1])


def test_a_chunk_ends_within_a_pause() -> None:
    likely = talk(300, 6.0, 0.8)
    for chunk in pack([Span(0.0, 150.0), Span(151.0, 300.0)], likely)[:-1]:
        assert likely[int(chunk.end_s / STEP_S)] < 0.1


def test_talk_without_a_pause_goes_whole_into_the_next_chunk() -> None:
    likely = np.full(int(60 / STEP_S), 0.9, np.float32)
    chunks = pack([Span(0.0, 20.0), Span(21.0, 41.0)], likely)
    assert [c.pieces for c in chunks] == [(Span(0.0, 20.0),), (Span(21.0, 41.0),)]


lengths = st.lists(st.tuples(st.floats(0.3, 90), st.floats(0.1, 40)), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(pieces=lengths, every_s=st.floats(1, 70))
def test_every_second_of_voice_is_in_one_chunk(pieces: list[tuple[float, float]], every_s: float) -> None:
    spans, at = [], 0.0
    for length, gap in pieces:
        spans.append(Span(at, at + length))
        at += length + gap
    chunks = pack(spans, talk(at, every_s))
    parts = [p for c in chunks for p in c.pieces]
    assert all(0 < c.length_s <= LONGEST_S + 1e-6 for c in chunks)
    assert sum(p.length_s for p in parts) == pytest.approx(sum(s.length_s for s in spans))
    assert without(tuple(spans), tuple(parts)) == ()
