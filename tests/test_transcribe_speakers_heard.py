"""People who talk at the same time are heard to do so, and one person alone is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transcribe import speakers_heard
from transcribe.level import Level, measure_level
from transcribe.sound import RATE, Span
from transcribe.speakers_heard import FRAME_S, Heard, above, hear_voices

LENGTH = 100  # frames of a window in these tests


def heard(*windows: tuple[int, list[tuple[int, int, int]]], frames: int = 200) -> Heard:
    """Return windows that begin at a frame, with (from, to, voice) in frames of the recording."""
    voices = np.zeros((len(windows), LENGTH, 3), np.float16)
    for row, (start, spoken) in enumerate(windows):
        for a, b, voice in spoken:
            voices[row, max(0, a - start) : max(0, b - start), voice] = 0.9
    return Heard(np.array([start for start, _ in windows], np.intp), voices, frames)


def test_overlap_is_where_two_of_the_three_speak() -> None:
    made = heard((0, [(0, 60, 0), (40, 80, 1)]), (100, [(100, 200, 2)]))
    assert made.overlaps() == (Span(0.4, 0.6),)
    assert (made.voice()[[10, 70, 90, 150]] > 0.5).tolist() == [True, True, False, True]


def test_windows_that_name_a_voice_differently_still_agree_on_how_many_speak() -> None:
    made = heard((0, [(0, 100, 0), (60, 80, 1)]), (50, [(50, 150, 2), (60, 80, 0)]), frames=150)
    assert made.overlaps() == (Span(0.6, 0.8),)


def test_a_hiccup_is_no_overlap() -> None:
    assert heard((0, [(0, 60, 0), (40, 45, 1)]), frames=100).overlaps() == ()


@pytest.mark.parametrize(
    ("chances", "stretches"),
    [
        ([0.1, 0.4, 0.6, 0.4, 0.1], [(2, 4)]),  # begins at 0.5, lasts while 0.3 is held
        ([0.4, 0.4, 0.4], []),
        ([0.6, 0.1, 0.6], [(0, 1), (2, 3)]),
        ([], []),
    ],
)
def test_what_begins_high_lasts_while_it_is_not_low(chances: list[float], stretches: list[tuple[int, int]]) -> None:
    assert above(np.array(chances, np.float32), 0.5, 0.3) == stretches


@pytest.mark.parametrize("seconds", [0.02, 0.4, 3.0, 5.0, 7.1, 61.0])
def test_every_frame_of_any_length_is_heard(seconds: float) -> None:
    noise = np.random.default_rng(1).normal(0, 1e-3, round(seconds * RATE)).astype(np.float32)
    done: list[float] = []
    made = hear_voices(noise, measure_level(noise), on=done.append)
    assert made is not None
    assert made.frames == len(noise) // 160
    covered = np.zeros(made.frames, bool)
    for place, voices in made.windows():
        covered[place] = True
        assert len(voices) == place.stop - place.start
    assert covered.all()
    assert done == sorted(done)
    assert abs(done[-1] - seconds) < 0.02 or seconds < 1


def test_silence_is_nobody() -> None:
    made = hear_voices(np.zeros(8 * RATE, np.float32), Level(1.0))
    assert made is not None
    assert made.voice().max() < 0.3
    assert made.overlaps() == ()
    assert hear_voices(np.zeros(0, np.float32), Level(1.0)) is None


def test_without_its_file_nothing_is_heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(speakers_heard, "SHIPPED", tmp_path / "none.onnx")
    assert hear_voices(np.zeros(8 * RATE, np.float32), Level(1.0)) is None


def test_the_file_is_the_one_its_description_names() -> None:
    import hashlib

    about = speakers_heard.SHIPPED.with_name("MODEL.md").read_text(encoding="utf8")
    assert hashlib.sha256(speakers_heard.SHIPPED.read_bytes()).hexdigest() in about
    assert "CNRS" in speakers_heard.SHIPPED.with_name("LICENSE-pyannote.txt").read_text(encoding="utf8")


@pytest.mark.shared
def test_two_meetings_laid_over_each_other_overlap_and_one_alone_hardly(shared: Path) -> None:
    from transcribe.audio import decode

    folder = shared / "audio/diarization"
    one, other = (decode(folder / f"{name}.ogg")[5 * RATE : 35 * RATE] for name in ("syn_5spk_clean", "syn_long5_far"))
    loud = np.asarray(other) * measure_level(other).gain / measure_level(one).gain
    for sound, least, most in ((one, 0.0, 0.04), (one + loud, 0.4, 1.0)):
        made = hear_voices(np.asarray(sound, np.float32), measure_level(sound))
        assert made is not None
        share = sum(s.length_s for s in made.overlaps()) / (made.frames * FRAME_S)
        assert least <= share <= most
