"""Lines in which people talk over each other are marked, and both are given where it is known who."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from casefile.records import Turn, Word
from transcribe import speakers_heard
from transcribe.audio import decode
from transcribe.sound import RATE, Array, Span
from transcribe.speakers import name_words, tell_speakers
from transcribe.speakers_heard import Heard
from transcribe.speakers_table import Spoken
from transcribe.speakers_together import listen, second_voices
from transcribe.speakers_words import give_voices

SAID = {
    "rms": "We reviewed the evaluation and we think that thirty minutes a week is what he needs this year.",
    "slt": "I asked for sixty minutes in September and I would like to know why that was not considered.",
}
needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not here")


def spoken(*stretches: tuple[float, float, int]) -> tuple[Spoken, ...]:
    return tuple(Spoken(start_s=a, end_s=b, voice=v, margin=0.4) for a, b, v in stretches)


def shown(made: tuple[Spoken, ...]) -> list[tuple[float, float, int]]:
    return [(round(s.start_s, 2), round(s.end_s, 2), s.voice) for s in made]


def five_seconds(*rows: tuple[float, float, int]) -> Heard:
    """Return one window in which the voices speak from and to these seconds."""
    voices = np.zeros((1, 500, 3), np.float16)
    for start_s, end_s, voice in rows:
        voices[0, round(100 * start_s) : round(100 * end_s), voice] = 0.9
    return Heard(np.zeros(1, np.intp), voices, 500)


def line(start_s: float, end_s: float, text: str = "so we said then") -> Turn:
    """Return a line whose words share its time evenly."""
    words, step = text.split(), (end_s - start_s) / len(text.split())
    each = tuple(
        Word(start_s=start_s + n * step, end_s=start_s + (n + 1) * step, text=word, probability=0.9)
        for n, word in enumerate(words)
    )
    return Turn(text=text, start_s=start_s, end_s=end_s, words=each)


def test_who_joins_in_is_given_beside_who_speaks() -> None:
    """The network's voice 2 goes with person 0 before, its voice 1 with person 1 after."""
    made = second_voices(five_seconds((0, 3, 2), (2, 5, 1)), spoken((0, 2.6, 0), (2.6, 5, 1)), [Span(2.0, 3.0)])
    assert shown(made) == [(2.0, 2.6, 1), (2.6, 3.0, 0)]


def test_who_is_heard_nowhere_else_is_not_guessed() -> None:
    made = second_voices(five_seconds((0, 5, 0), (2, 3, 1)), spoken((0, 5, 0)), [Span(2.0, 3.0)])
    assert made == ()


@pytest.mark.parametrize(
    ("overlaps", "marked"),
    [
        ([Span(2.0, 2.6)], True),  # half a second of a long line
        ([Span(2.0, 2.3)], False),  # a "yes" into it
        ([Span(9.8, 10.6)], False),  # the next line's
        ([Span(1.0, 1.3), Span(5.0, 5.3)], True),  # twice a little
        ([], False),
    ],
)
def test_a_line_that_is_talked_over_is_marked(overlaps: list[Span], marked: bool) -> None:
    (made,) = give_voices([line(0.0, 9.7)], spoken((0, 10, 0)), overlaps=overlaps)
    assert made.several_voices is marked
    assert made.speaker_confidence is not None
    assert (made.speaker_confidence <= 0.6) is marked


def test_a_short_line_is_marked_for_less() -> None:
    (made,) = give_voices([line(0.0, 1.0)], spoken((0, 1, 0)), overlaps=[Span(0.5, 0.75)])
    assert made.several_voices
    whole = Turn(text="Without words.", start_s=0.0, end_s=1.0)
    assert give_voices([whole], spoken((0, 1, 0)), overlaps=[Span(0.5, 0.75)])[0].several_voices


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Array]:
    """Return what each of two made voices says, equally loud."""
    folder, made = tmp_path_factory.mktemp("voices"), {}
    for name, text in SAID.items():
        path = folder / f"{name}.wav"
        subprocess.run(["flite", "-voice", name, "-t", text, "-o", str(path)], check=True)
        sound = decode(path)
        made[name] = np.asarray(0.05 * sound / np.sqrt(np.mean(np.square(sound))), np.float32)
    return made


def talk(voices: dict[str, Array]) -> tuple[Array, tuple[Turn, ...]]:
    """Return one voice, then the other, then both at once, and a line for each."""
    gap = np.zeros(RATE // 2, np.float32)
    one, other = voices["rms"], voices["slt"]
    both = np.zeros(max(len(one), len(other)), np.float32)
    both[: len(one)] += one
    both[: len(other)] += other
    at, lines = 0.0, []
    for part in (one, other, both):
        lines.append(line(at + 0.2, at + len(part) / RATE - 0.2, SAID["rms"]))
        at += (len(part) + len(gap)) / RATE
    return np.concatenate([one, gap, other, gap, both, gap]), tuple(lines)


@needs_flite
def test_two_at_once_are_marked_and_one_alone_is_not(voices: dict[str, Array]) -> None:
    sound, lines = talk(voices)
    made = name_words(lines, sound)
    alone = [t for t in made if t.start_s is not None and t.start_s < lines[2].start_s]
    together = [t for t in made if t not in alone]
    assert alone
    assert together
    assert not any(t.several_voices for t in alone)
    assert all((t.speaker_confidence or 0) > 0.6 for t in alone)
    assert all(t.several_voices for t in together)
    assert all((t.speaker_confidence or 0) <= 0.6 for t in together)


@needs_flite
def test_both_are_given_where_one_cuts_in(voices: dict[str, Array]) -> None:
    one, other, over = voices["rms"], voices["slt"], 3 * RATE // 2
    sound = np.zeros(len(one) + len(other) - over, np.float32)
    sound[: len(one)] += one
    sound[len(one) - over :] += other
    told = listen(sound)
    assert {s.voice for s in told.spoken} == {0, 1}
    start, end = (len(one) - over) / RATE, len(one) / RATE
    beside = sum(min(s.end_s, end) - max(s.start_s, start) for s in told.beside if s.end_s > start)
    assert beside > 0.6 * (end - start)
    assert sum(s.end_s - s.start_s for s in told.beside) < end - start + 0.1


@needs_flite
def test_where_the_file_is_missing_voices_are_told_as_before(
    voices: dict[str, Array], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sound, lines = talk(voices)
    monkeypatch.setattr(speakers_heard, "SHIPPED", tmp_path / "none.onnx")
    told = listen(sound)
    assert {s.voice for s in told.spoken} >= {0, 1}
    assert (told.beside, told.overlaps) == ((), ())
    assert [t.speaker for t in name_words(lines[:2], sound)] == ["S1", "S2"]


def test_a_detector_that_has_run_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from transcribe import speakers_table

    def again(*_: object, **__: object) -> None:
        raise AssertionError("the detector ran")

    monkeypatch.setattr(speakers_table, "voice_probabilities", again)
    assert name_words([line(0, 3)], np.zeros(3 * RATE, np.float32), probabilities=np.zeros(94, np.float32))
    with pytest.raises(AssertionError, match="the detector ran"):
        name_words([line(0, 3)], np.zeros(3 * RATE, np.float32))


@pytest.mark.shared
def test_real_talk_over_each_other_is_found(shared: Path) -> None:
    told = tell_speakers(shared / "audio/phone_two_speakers.wav")
    both = sum(
        min(b, d) - max(a, c) for a, b, one in told for c, d, other in told if one < other and min(b, d) > max(a, c)
    )
    assert 1.0 < both < 4.0  # 1.9 seconds by its reference
    assert told == tuple(sorted(told))
    firsts = list(dict.fromkeys(label for *_, label in told))
    assert firsts == [f"S{n}" for n in range(1, len(firsts) + 1)]
