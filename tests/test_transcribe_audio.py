"""Recordings as they come from phones and recorders, whole, odd and damaged: the clock holds, or it is said plainly."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sounds import FORMATS, RATE, TIMED, marked, marks_found, write_plain_wav, write_sound, write_video

from casefile.errors import RecordingError
from transcribe.audio import decode, open_sound
from transcribe.sound import Sound

LONG = 24
ALL_MARKS = 11  # in LONG seconds


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same sound in every format."""
    folder = tmp_path_factory.mktemp("sounds")
    sound = marked(LONG)
    return {suffix: write_sound(folder / f"whole.{suffix}", sound) for suffix in FORMATS}


def check_clock(sound: Sound, within_s: float, at_least: int) -> None:
    """Every mark that is there whole lies where it should."""
    found = marks_found(sound.samples[:], LONG)
    assert len(found) >= at_least
    wrong = {second: round(off, 3) for second, off in found.items() if abs(off) > within_s}
    assert not wrong


def tolerance(suffix: str) -> float:
    return 0.05 if suffix in TIMED else 0.5


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_of_a_phone_is_read_whole(whole: dict[str, Path], suffix: str) -> None:
    with open_sound(whole[suffix]) as sound:
        assert sound.duration_s == pytest.approx(LONG, abs=0.06)
        assert sound.damaged == ()
        check_clock(sound, 0.05, ALL_MARKS)


def test_decode_gives_float32_of_the_right_length(whole: dict[str, Path]) -> None:
    samples = decode(whole["flac"])
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == LONG * RATE


# --- damage ----------------------------------------------------------------------------------


def garbage(data: bytes) -> bytes:
    a, b = int(0.4 * len(data)), int(0.48 * len(data))
    return data[:a] + random.Random(1).randbytes(b - a) + data[b:]


def zeros(data: bytes) -> bytes:
    a, b = int(0.4 * len(data)), int(0.48 * len(data))
    return data[:a] + bytes(b - a) + data[b:]


def hole(data: bytes) -> bytes:
    return data[: int(0.4 * len(data))] + data[int(0.48 * len(data)) :]


def spots(data: bytes) -> bytes:
    spoilt = bytearray(data)
    chance = random.Random(2)
    for _ in range(6):
        at = chance.randrange(len(data) // 10, len(data) * 9 // 10)
        spoilt[at : at + 100] = chance.randbytes(100)
    return bytes(spoilt)


def cut(data: bytes) -> bytes:
    return data[: int(0.7 * len(data))]


def more(data: bytes) -> bytes:
    return data + random.Random(3).randbytes(3000)


# Where the damage cannot be told from sound: any bytes in wav, and zeros as amr frames inside a 3gp.
SOUND_ITSELF = (("wav", garbage), ("wav", zeros), ("3gp", zeros))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("damage", [garbage, zeros, spots, more])
def test_what_follows_damage_stays_at_its_second(
    whole: dict[str, Path], tmp_path: Path, suffix: str, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"damaged.{suffix}"
    path.write_bytes(damage(whole[suffix].read_bytes()))
    with open_sound(path) as sound:
        assert sound.duration_s == pytest.approx(LONG, abs=0.3)
        check_clock(sound, tolerance(suffix), 4)
        silent = [sound.samples[round(d.start_s * RATE) : round(d.end_s * RATE)] for d in sound.damaged]
        assert not any(part.any() for part in silent)
        if damage in (garbage, zeros) and (suffix, damage) not in SOUND_ITSELF:
            assert 1.0 < sum(d.length_s for d in sound.damaged) < 8.0


@pytest.mark.parametrize("suffix", ["ogg", "opus", "flac", "webm", "mp3"])
def test_bytes_that_fell_out_leave_a_gap_of_their_length(whole: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"hole.{suffix}"
    path.write_bytes(hole(whole[suffix].read_bytes()))
    with open_sound(path) as sound:
        check_clock(sound, tolerance(suffix), 7)
        assert sum(d.length_s for d in sound.damaged) > 1.0


@pytest.mark.parametrize("suffix", ["mp3", "flac", "webm", "wav"])
def test_a_missing_tail_is_damaged_not_forgotten(whole: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(cut(whole[suffix].read_bytes()))
    with open_sound(path) as sound:
        assert sound.duration_s == pytest.approx(LONG, abs=0.1)
        assert sound.damaged[-1].end_s == pytest.approx(LONG, abs=0.1)
        assert sound.damaged[-1].start_s == pytest.approx(0.7 * LONG, abs=1.5)
        assert "cut off before its stated end" in sound.notes
        check_clock(sound, tolerance(suffix), 6)


@pytest.mark.parametrize("suffix", ["m4a", "mp4", "3gp"])
def test_a_phone_that_died_is_told_plainly(whole: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"died.{suffix}"
    path.write_bytes(cut(whole[suffix].read_bytes()))
    with pytest.raises(RecordingError, match="cut off before its index") as told:
        decode(path)
    assert "untrunc" in told.value.next_step


# --- odd, but whole --------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "named"), [("mp3", "m4a"), ("m4a", "mp3"), ("flac", "wav"), ("aac", "mp3")])
def test_a_wrong_name_does_not_matter(whole: dict[str, Path], tmp_path: Path, suffix: str, named: str) -> None:
    path = tmp_path / f"renamed.{named}"
    path.write_bytes(whole[suffix].read_bytes())
    with open_sound(path) as sound:
        check_clock(sound, 0.05, ALL_MARKS)


STEREO: dict[str, Callable[[np.ndarray], list[np.ndarray]]] = {
    "both alike": lambda x: [x, x],
    "right dead": lambda x: [x, 0 * x],
    "left all but dead": lambda x: [x * 1e-4, x],
    "right inverted": lambda x: [x, -x],
    "right inverted and softer": lambda x: [x, -0.5 * x],
}


@pytest.mark.parametrize("kind", STEREO)
def test_a_dead_or_inverted_channel_takes_nothing_away(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / "stereo.flac", np.stack(STEREO[kind](marked(LONG))), channels=2)
    with open_sound(path) as sound:
        found = marks_found(sound.samples[:], LONG, whole=0.6)
        assert len(found) == ALL_MARKS
        assert max(map(abs, found.values())) < 0.05


def test_one_person_on_each_channel_are_both_heard(tmp_path: Path) -> None:
    left, right = marked(LONG), marked(LONG)
    left[LONG * RATE // 2 :] *= 0.01
    right[: LONG * RATE // 2] *= 0.01
    path = write_sound(tmp_path / "two.flac", np.stack([left, right]), channels=2)
    with open_sound(path) as sound:
        assert len(marks_found(sound.samples[:], LONG, whole=0.45)) == ALL_MARKS


def test_a_sampling_rate_that_changes_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_sound(tmp_path / "a.mp3", marked(LONG)).read_bytes()
    monkeypatch.setitem(FORMATS, "mp3", ("mp3", "libmp3lame", 22050))
    second = write_sound(tmp_path / "b.mp3", marked(LONG)).read_bytes()
    path = tmp_path / "both.mp3"
    path.write_bytes(first + second)
    with open_sound(path) as sound:
        assert sound.duration_s == pytest.approx(2 * LONG, abs=0.3)
        assert "changing sample rate" in sound.notes
        later = marks_found(sound.samples[LONG * RATE :], LONG)
        assert len(later) == ALL_MARKS
        assert max(map(abs, later.values())) < 0.2


def test_recordings_chained_in_one_file_follow_each_other(whole: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "chained.opus"
    path.write_bytes(whole["opus"].read_bytes() * 2)
    with open_sound(path) as sound:
        assert sound.duration_s == pytest.approx(2 * LONG, abs=0.1)
        assert len(marks_found(sound.samples[LONG * RATE :], LONG)) == ALL_MARKS


def test_the_sound_of_a_video_is_taken(tmp_path: Path) -> None:
    with open_sound(write_video(tmp_path / "video.mp4", marked(LONG))) as sound:
        check_clock(sound, 0.07, ALL_MARKS)


@pytest.mark.parametrize(("rate", "loudness"), [(8000, 1.0), (RATE, 0.002), (RATE, 30.0), (48000, 1.0)])
def test_low_rates_whispers_and_clipping_are_read(tmp_path: Path, rate: int, loudness: float) -> None:
    path = write_plain_wav(tmp_path / "odd.wav", marked(LONG, rate) * loudness, rate=rate)
    with open_sound(path) as sound:
        samples = sound.samples[:] / min(loudness, 1.0)
        found = marks_found(samples, LONG, whole=0.85)
        assert len(found) == ALL_MARKS
        assert max(map(abs, found.values())) < 0.05
        assert np.abs(sound.samples[:]).max() <= 1.0


def test_a_wav_whose_length_was_left_open_is_whole(tmp_path: Path) -> None:
    path = write_plain_wav(tmp_path / "open.wav", marked(LONG))
    data = bytearray(path.read_bytes())
    at = data.find(b"data")
    data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    with open_sound(path) as sound:
        assert sound.duration_s == pytest.approx(LONG, abs=0.01)
        assert sound.damaged == ()


# --- no recording ----------------------------------------------------------------------------


def _missing(folder: Path) -> Path:
    return folder / "nowhere.m4a"


def _folder(folder: Path) -> Path:
    (folder / "recordings").mkdir()
    return folder / "recordings"


def _empty(folder: Path) -> Path:
    (folder / "empty.m4a").write_bytes(b"")
    return folder / "empty.m4a"


def _text(folder: Path) -> Path:
    (folder / "notes.m4a").write_text("Notes of the meeting, typed in a hurry.\n" * 50, encoding="utf8")
    return folder / "notes.m4a"


def _noise(folder: Path) -> Path:
    (folder / "noise.mp3").write_bytes(random.Random(4).randbytes(100_000))
    return folder / "noise.mp3"


def _no_samples(folder: Path) -> Path:
    with wave.open(str(folder / "none.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
    return folder / "none.wav"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (_missing, "There is no file"),
        (_folder, "is a folder"),
        (_empty, "is empty"),
        (_text, "is text, not sound"),
        (_noise, "not a sound file|damaged|No sound"),
        (_no_samples, "No sound|not a sound file"),
    ],
)
def test_what_is_no_recording_is_told_plainly(tmp_path: Path, made: Callable[[Path], Path], told: str) -> None:
    with pytest.raises(RecordingError, match=told) as error:
        decode(made(tmp_path))
    assert error.value.next_step


# --- any damage at all -----------------------------------------------------------------------

_DECODER = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sounds import marks_found
from casefile.errors import CaseError
from transcribe.audio import open_sound
print("ready", flush=True)
for line in sys.stdin:
    try:
        with open_sound(Path(line.strip())) as sound:
            marks = {k: round(v, 3) for k, v in marks_found(sound.samples[:], int(sys.argv[2])).items()}
            lost = sum(d.length_s for d in sound.damaged)
            print(json.dumps([sound.duration_s, marks, lost, list(sound.notes)]), flush=True)
    except CaseError as error:
        print(json.dumps([None, error.what, 0, []]), flush=True)
"""


class _Decoder:
    """Another process that decodes what it is given, so that a crash or a hang is seen as one."""

    def __init__(self) -> None:
        here = str(Path(__file__).parent)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _DECODER, here, str(LONG)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the decoder crashed"
        return line

    def decode(self, path: Path) -> tuple[float | None, dict[str, float], float, list[str]]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        duration, marks, lost, notes = json.loads(self._read())
        return duration, marks, lost, notes

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def decoder() -> Iterator[_Decoder]:
    made = _Decoder()
    yield made
    made.close()


@pytest.mark.timeout(120)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    suffix=st.sampled_from(["m4a", "mp3", "aac", "ogg", "flac", "webm", "wav", "amr"]),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=40),
    kept=st.one_of(st.just(1.0), st.floats(0.05, 1.0)),
)
@example(suffix="m4a", flips=[(0.0001, 255)], kept=1.0)
@example(suffix="webm", flips=[(0.5, 7)], kept=0.6)
def test_flipped_bytes_give_the_right_clock_or_a_plain_error(
    whole: dict[str, Path], decoder: _Decoder, suffix: str, flips: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(whole[suffix].read_bytes())
    for place, value in flips:
        data[int(place * len(data))] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"flipped.{suffix}"
        path.write_bytes(data[: int(kept * len(data))])
        duration, marks, _, notes = decoder.decode(path)
    if duration is None:
        return
    wrong = {second: off for second, off in marks.items() if abs(off) > tolerance(suffix)}
    assert not wrong
    if kept == 1.0:
        assert duration > LONG - 1.1 or notes  # an ogg page holds a second
