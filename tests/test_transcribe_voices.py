"""People are found again by a sample of their voice, with a margin or not at all, and forgotten when asked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from casefile.errors import RecordingError, StoreError
from casefile.records import Turn
from transcribe.embedding import voice_model
from transcribe.sound import RATE, Array
from transcribe.voices import KnownVoice, forget_voice, keep_voice, known_voices, learn_voice, match, suggest_names


def person(name: str, *vector: float) -> KnownVoice:
    return KnownVoice(name=name, model="m", vector=vector)


def voice(*vector: float) -> Array:
    made = np.array(vector, np.float32)
    return made / np.linalg.norm(made)


def names(vectors: dict[str, Array], *known: KnownVoice) -> dict[str, str]:
    return {s.voice: s.name for s in match(vectors, known, accept=0.45, margin=0.10)}


ANNA, BEA = person("Anna", 1.0, 0.0, 0.0), person("Bea", 0.0, 1.0, 0.0)


def test_each_voice_gets_the_person_it_is_like() -> None:
    assert names({"S1": voice(0.2, 1, 0.1), "S2": voice(1, 0.1, 0.3)}, ANNA, BEA) == {"S1": "Bea", "S2": "Anna"}


def test_a_stranger_stays_unnamed() -> None:
    assert names({"S1": voice(0.3, 0.2, 1)}, ANNA, BEA) == {}


def test_between_two_people_nobody_is_named() -> None:
    assert names({"S1": voice(1, 0.95, 0)}, ANNA, BEA) == {}


def test_two_voices_alike_to_one_person_are_left_to_the_parent() -> None:
    assert names({"S1": voice(1, 0, 0.3), "S2": voice(1, 0, 0.35)}, ANNA) == {}


def test_nobody_known_and_nobody_heard() -> None:
    assert names({}, ANNA) == {}
    assert names({"S1": voice(1, 0, 0)}) == {}


def test_a_voice_is_kept_for_its_owner_alone_and_deleted_when_asked(own_home: Path) -> None:
    folder = own_home / "voices"
    assert known_voices(folder) == ()
    kept = keep_voice(folder, person("Dana Ruiz", 1.0))
    keep_voice(folder, person("Дана", 0.5))
    keep_voice(folder, person("dana ruiz", 0.25))  # another person by the file system's eyes only
    assert [k.name for k in known_voices(folder)] == ["Dana Ruiz", "dana ruiz", "Дана"]
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    forget_voice(folder, "Dana Ruiz")
    assert [k.name for k in known_voices(folder)] == ["dana ruiz", "Дана"]
    with pytest.raises(StoreError, match="Dana Ruiz"):
        forget_voice(folder, "Dana Ruiz")


def test_a_damaged_voice_says_which(own_home: Path) -> None:
    keep_voice(own_home / "voices", person("Dana", 1.0)).write_text("{")
    with pytest.raises(StoreError, match="dana"):
        known_voices(own_home / "voices")


def test_a_sample_without_speech_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"0\.0 seconds of speech"):
        learn_voice("Dana", np.zeros(10 * RATE, np.float32))


def test_vectors_of_another_model_are_not_compared() -> None:
    turns = [Turn(text="x", speaker="S1", start_s=0.0, end_s=5.0)]
    noise = np.random.default_rng(1).normal(0, 0.1, 6 * RATE).astype(np.float32)
    assert suggest_names(turns, noise, [person("Dana", *([1.0] * 64))]) == ()


def test_learning_keeps_nothing_by_itself(own_home: Path, shared: Path) -> None:
    from transcribe.audio import decode

    learned = learn_voice("A reader", decode(shared / "audio/diarization/enrol/LS1688.flac"))
    assert len(learned.vector) == 64
    assert learned.model == voice_model().fingerprint
    assert not list(own_home.rglob("*.json"))


@pytest.mark.shared
def test_readers_are_found_in_a_far_recording_by_ten_clean_seconds(shared: Path) -> None:
    from transcribe.audio import decode

    folder = shared / "audio/diarization"
    known = [learn_voice(p.stem, decode(p)) for p in sorted((folder / "enrol").glob("LS*.flac"))]
    lines = [line.split() for line in (folder / "syn_long5_far.rttm").read_text().splitlines()]
    turns = [Turn(text="", speaker=p[7], start_s=float(p[3]), end_s=float(p[3]) + float(p[4])) for p in lines]
    found = suggest_names(turns, decode(folder / "syn_long5_far.ogg"), known)
    there = {t.speaker for t in turns} & {k.name for k in known}
    assert len(there) >= 3
    assert {s.voice: s.name for s in found}.items() <= {name: name for name in there}.items()  # nobody wrong
    assert len(found) >= len(there) - 1
