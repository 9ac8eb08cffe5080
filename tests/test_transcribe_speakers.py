"""Who spoke when, in real sound: from the shared recordings, and from made voices where a speech program is."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from casefile.records import Turn, Word
from transcribe import tell_speakers
from transcribe.audio import decode
from transcribe.sound import RATE, Array
from transcribe.speakers import name_words
from transcribe.speakers_table import tell_voices

Told = tuple[tuple[float, float, str], ...]


def reference(path: Path) -> list[tuple[float, float, str]]:
    lines = [line.split() for line in path.read_text().splitlines()]
    return [(float(p[3]), float(p[3]) + float(p[4]), p[7]) for p in lines if p and p[0] == "SPEAKER"]


def right_share(told: Told, want: list[tuple[float, float, str]]) -> float:
    """Return the share of the reference's time that goes to the voice that is mostly that person's."""
    shared: Counter[tuple[str, str]] = Counter()
    for start, end, person in want:
        for a, b, label in told:
            shared[person, label] += max(0.0, min(end, b) - max(start, a))  # type: ignore[assignment]
    taken: set[str] = set()
    right = 0.0
    for (person, label), seconds in shared.most_common():
        if person not in taken and label not in taken:
            taken |= {person, label}
            right += seconds
    return right / sum(b - a for a, b, _ in want)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["syn_5spk_clean", "syn_3spk_far", "syn_8spk_far", "syn_long5_far"])
def test_everybody_at_a_table_is_told_apart(shared: Path, name: str) -> None:
    folder = shared / "audio/diarization"
    want, told = reference(folder / f"{name}.rttm"), tell_speakers(folder / f"{name}.ogg")
    people, voices = {p for *_, p in want}, {v for *_, v in told}
    assert abs(len(people) - len(voices)) <= 1
    assert right_share(told, want) > 0.85  # pauses inside the reference's turns count as missed here
    assert list(told) == sorted(told)
    assert all(a < b for a, b, _ in told)
    firsts = list(dict.fromkeys(v for *_, v in told))
    assert firsts == [f"S{n}" for n in range(1, len(firsts) + 1)]


@pytest.mark.shared
def test_a_longer_recording_has_no_more_people(shared: Path) -> None:
    once = decode(shared / "audio/diarization/syn_5spk_clean.ogg")
    assert len({s.voice for s in tell_voices(np.tile(once, 8))}) == 5


@pytest.mark.shared
def test_one_reader_is_one_voice(shared: Path) -> None:
    for name in ("jfk.flac", "az_spoken_manual_42s.wav", "librivox_austen_0870.wav"):
        assert {v for *_, v in tell_speakers(shared / "audio" / name)} == {"S1"}


@pytest.mark.shared
def test_never_more_people_than_were_at_the_table(shared: Path) -> None:
    want, telephone = reference(shared / "audio/phone_two_speakers.rttm"), shared / "audio/phone_two_speakers.wav"
    told = tell_speakers(telephone, speakers=2)
    assert len({v for *_, v in told}) == 2
    assert right_share(told, want) > 0.8  # they talk over each other
    table = shared / "audio/diarization/syn_8spk_far.ogg"
    assert [len({v for *_, v in tell_speakers(table, speakers=n)}) for n in (1, 4, 8)] == [1, 4, 8]


@pytest.mark.shared
def test_people_who_said_nothing_are_not_made_out_of_others(shared: Path) -> None:
    table = shared / "audio/diarization/syn_5spk_clean.ogg"
    assert tell_speakers(table, speakers=9) == tell_speakers(table)


@pytest.mark.shared
def test_so_many_as_are_certain_are_sought(shared: Path) -> None:
    """Six sat there, five are told apart; told exactly, the sixth is found."""
    table = shared / "audio/diarization/syn_6spk_far.ogg"
    counts = [len({v for *_, v in tell_speakers(table, speakers=6, exact=exact)}) for exact in (False, True)]
    assert counts == [5, 6]


@pytest.mark.shared
def test_each_line_gets_its_person(shared: Path) -> None:
    """A recogniser's line that runs over two people's turns is cut between them, and no other line is."""
    folder = shared / "audio/diarization"
    want = reference(folder / "syn_long5_far.rttm")[:40]
    lines = []
    for pair in range(0, len(want), 2):
        words = []
        for start, end, person in want[pair : pair + 2]:
            count = max(1, round((end - start) / 0.35))
            step = (end - start) / count
            words += [
                Word(start_s=start + i * step, end_s=start + (i + 1) * step, text=person, probability=0.9)
                for i in range(count)
            ]
        lines.append(Turn(text="", start_s=words[0].start_s, end_s=words[-1].end_s, words=tuple(words)))
    made = name_words(lines, decode(folder / "syn_long5_far.ogg"))
    pairs = Counter((w.text, t.speaker) for t in made for w in t.words)
    mostly = {person: max((n, s) for (p, s), n in pairs.items() if p == person)[1] for person in {p for p, _ in pairs}}
    right = sum(n for (p, s), n in pairs.items() if mostly[p] == s)
    assert len(set(mostly.values())) == 5
    assert right / pairs.total() > 0.93
    changes = sum(a[2] != b[2] for a, b in zip(want[::2], want[1::2], strict=True))
    assert len(made) <= len(lines) + changes + 2


def test_silence_is_nobody(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silence.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(2 * RATE * 3))
    assert tell_speakers(tmp_path / "silence.wav") == ()
    turn = Turn(text="Thank you.", start_s=1.0, end_s=2.0, words=())
    assert name_words([turn], np.zeros(3 * RATE, np.float32)) == (turn,)
    assert name_words([], np.zeros(3 * RATE, np.float32)) == ()


def spoken(folder: Path, voice: str, text: str) -> Array:
    """Return text said by one of flite's voices."""
    path = folder / f"{voice}{abs(hash(text))}.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return decode(path)


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not here")
def test_made_voices_are_told_apart(tmp_path: Path) -> None:
    said = [
        ("rms", "We reviewed the evaluation and we think that thirty minutes a week is what he needs this year."),
        ("slt", "I asked for sixty minutes in September and I would like to know why that was not considered."),
        ("rms", "We look at the data from the classroom and from the speech pathologist before we decide."),
        ("slt", "Then please write down the reasons and send them to me before the end of the week."),
    ]
    gap = np.zeros(RATE // 2, np.float32)
    parts, want, at = [], [], 0.0
    for voice, text in said:
        part = spoken(tmp_path, voice, text)
        want.append((at, at + len(part) / RATE, voice))
        parts += [part, gap]
        at += (len(part) + len(gap)) / RATE
    told = tuple((s.start_s, s.end_s, str(s.voice)) for s in tell_voices(np.concatenate(parts)))
    assert len({v for *_, v in told}) == 2
    assert right_share(told, want) > 0.85
