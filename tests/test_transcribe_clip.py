"""A clip holds the stretch it was asked for, to within 20 ms, at an even level."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from casefile.errors import RecordingError, StoreError
from transcribe.audio import decode
from transcribe.clip import cut_clip, evened
from transcribe.sound import RATE


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 20 s of quiet noise with a loud 50 ms tone at every whole second, 440 Hz and a seventh more each time."""
    chance = np.random.default_rng(3)
    sound = chance.normal(0, 0.002, 20 * RATE)
    for second in range(1, 20):
        t = np.arange(RATE // 20) / RATE
        sound[second * RATE : second * RATE + len(t)] += 0.3 * np.sin(2 * np.pi * (300 + 70 * second) * t)
    path = tmp_path_factory.mktemp("sound") / "marks.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def onset_s(sound: np.ndarray, near_s: float) -> float:
    """Return when the tone near `near_s` begins."""
    first = round((near_s - 0.3) * RATE)
    part = np.abs(sound[first : first + round(0.6 * RATE)])
    return float((first + np.flatnonzero(part > 0.5 * part.max())[0]) / RATE)


@pytest.mark.parametrize("ending", ["wav", "m4a"])
@pytest.mark.parametrize(("start_s", "end_s", "padding_s"), [(4.9, 8.2, 0.5), (0.7, 3.0, 0.0), (10.123, 11.9, 1.0)])
def test_a_clip_begins_and_ends_where_it_should(
    recording: Path, tmp_path: Path, ending: str, start_s: float, end_s: float, padding_s: float
) -> None:
    target = tmp_path / f"clip.{ending}"
    first, last = cut_clip(recording, start_s, end_s, target, padding_s=padding_s)
    sound = decode(target)
    assert (first, last) == (pytest.approx(start_s - padding_s, abs=0.001), pytest.approx(end_s + padding_s, abs=0.001))
    assert len(sound) / RATE == pytest.approx(end_s - start_s + 2 * padding_s, abs=0.02)
    marks = [s for s in range(1, 20) if first + 0.3 < s < last - 0.4]
    assert marks
    for second in marks:
        assert onset_s(sound, second - first) == pytest.approx(second - first, abs=0.02)


def test_padding_stops_at_the_edges_of_the_recording(recording: Path, tmp_path: Path) -> None:
    assert cut_clip(recording, 0.2, 19.9, tmp_path / "all.wav", padding_s=2.0) == (0.0, 20.0)


def test_near_and_far_come_to_one_level_and_nothing_is_cut_off() -> None:
    t = np.arange(4 * RATE) / RATE
    tone = np.sin(2 * np.pi * 200 * t).astype(np.float32)
    even = evened(np.concatenate([0.9 * tone, 0.07 * tone]))
    near, far = (float(np.sqrt(np.square(part).mean())) for part in (even[RATE : 3 * RATE], even[5 * RATE : 7 * RATE]))
    assert 20 * abs(np.log10(near / far)) < 1.0
    assert np.abs(even).max() <= 0.96


def test_a_pause_stays_quiet() -> None:
    t = np.arange(3 * RATE) / RATE
    talk = 0.3 * np.sin(2 * np.pi * 200 * t).astype(np.float32)
    even = evened(np.concatenate([talk, 0.0005 * talk, talk]))
    pause = np.sqrt(np.square(even[4 * RATE : 5 * RATE]).mean())
    assert 20 * np.log10(pause / np.sqrt(np.square(even[RATE : 2 * RATE]).mean())) < -35


def test_level_as_it_was_recorded_if_asked(recording: Path, tmp_path: Path) -> None:
    cut_clip(recording, 5.2, 6.8, tmp_path / "as-is.wav", padding_s=0, even=False)
    made, was = decode(tmp_path / "as-is.wav"), decode(recording)[round(5.2 * RATE) : round(6.8 * RATE)]
    inner = slice(RATE // 50, -RATE // 50)  # inside the fades
    assert np.abs(made[inner] - was[inner]).max() < 1e-3


def test_what_cannot_be_cut_says_so(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="lasts 20"):
        cut_clip(recording, 30, 31, tmp_path / "late.wav")
    with pytest.raises(RecordingError):
        cut_clip(recording, 5, 4, tmp_path / "backwards.wav")
    with pytest.raises(StoreError, match=r"\.mp3"):
        cut_clip(recording, 1, 2, tmp_path / "clip.mp3")
    assert not list(tmp_path.iterdir())
