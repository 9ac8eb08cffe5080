"""Whisper as it is run: what doubts it, what it is told, how it is fitted to the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sounds import RATE

from casefile.records import Word
from transcribe import machine, models_suit, whisper_model
from transcribe.audio import decode
from transcribe.models import KnownModel
from transcribe.random_model import TOY, build
from transcribe.whisper import Settings, Whisper, choose_batch, choose_lanes, choose_threads
from transcribe.whisper_lines import LOOP, NO_VOICE, UNSURE, Segment, lines_of

SAMPLE = Path(__file__).parent.parent / "samples" / "s504" / "meeting.flac"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("toy") / "toy", TOY)


def said(*words: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(start_s=a, end_s=b, text=t, probability=0.9) for t, a, b in words)


@pytest.mark.parametrize(
    ("ratio", "log_probability", "no_speech", "doubt"),
    [
        (1.2, -0.3, 0.01, None),
        (3.0, -0.3, 0.01, LOOP),
        (1.2, -1.4, 0.01, UNSURE),
        (1.2, -0.9, 0.9, NO_VOICE),
        (1.2, -0.3, 0.9, None),  # sure of its words: a far voice
    ],
)
def test_what_whisper_itself_doubts_is_marked(
    ratio: float, log_probability: float, no_speech: float, doubt: str | None
) -> None:
    segment = Segment(said(("Yes.", 0.0, 0.5)), ratio, log_probability, no_speech)
    assert [line.doubt for line in lines_of(segment)] == [doubt]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # a sentence's end with a small pause ends a line
        ([("We", 0, 0.2), ("will.", 0.2, 0.6), ("Good.", 1.0, 1.3)], ["We will.", "Good."]),
        # without one it does not
        ([("We", 0, 0.2), ("will.", 0.2, 0.6), ("Good.", 0.7, 1.3)], ["We will. Good."]),
        # a long pause ends it in the middle of a sentence
        ([("We", 0, 0.2), ("will", 1.2, 1.6)], ["We", "will"]),
    ],
)
def test_words_become_lines(words: list[tuple[str, float, float]], lines: list[str]) -> None:
    segment = Segment(said(*words), 1.0, -0.2, 0.0)
    assert [" ".join(w.text for w in line.words) for line in lines_of(segment)] == lines


def test_a_chunk_that_came_out_as_a_loop_is_heard_again(toy: Path) -> None:
    class Watched(Whisper):
        again = 0

        def _run(self, chunks: Any, encoded: Any, **more: Any) -> Any:
            self.again += "no_repeat_ngram_size" in more
            found = super()._run(chunks, encoded, **more)
            if not more:
                found[0] = [Segment(s.words, 9.0, s.log_probability, s.no_speech) for s in found[0]]
            return found

    sound = decode(SAMPLE)[: 20 * RATE]
    recogniser = Watched(toy, settings=Settings(device="cpu", threads=1, new_tokens=40))
    first, second = recogniser.hear([sound, sound])
    assert recogniser.again == 1
    assert first
    assert second
    assert all(line.doubt != LOOP for line in first)


def test_chunks_in_one_batch_do_not_mix(toy: Path) -> None:
    recogniser = Whisper(toy, settings=Settings(device="cpu", threads=1, new_tokens=40, again=False))
    a, b = decode(SAMPLE)[: 25 * RATE], decode(SAMPLE)[30 * RATE : 40 * RATE]
    together = recogniser.hear([a, b])
    assert len(together) == 2
    for lines, length_s in zip(together, (25, 10), strict=True):
        assert lines
        for line in lines:
            assert all(0 <= w.start_s <= w.end_s <= length_s + 0.05 for w in line.words)


def test_names_fit_the_model_beside_the_words_it_hears(toy: Path) -> None:
    names = tuple(f"Person Number{n}" for n in range(200))
    recogniser = Whisper(toy, vocabulary=names, settings=Settings(device="cpu", threads=1))
    tokens = recogniser._loaded.model.hf_tokenizer.encode(" " + recogniser.hotwords, add_special_tokens=False).ids
    assert 100 < len(tokens) <= 180
    assert recogniser.hotwords.startswith("Person Number0, ")
    assert recogniser.hear([decode(SAMPLE)[: 5 * RATE]]) is not None  # prompt and words fit the window


@pytest.mark.parametrize(("free_mb", "batch"), [(100, 1), (250, 2), (16_000, 16)])
def test_the_batch_on_a_card_follows_memory(toy: Path, free_mb: int, batch: int) -> None:
    assert choose_batch(toy, on_card=True, free_mb=free_mb) == batch
    assert choose_batch(toy, on_card=False, free_mb=free_mb) == 1


@pytest.mark.parametrize(
    ("threads", "free_mb", "lanes"), [(1, 16_000, 1), (2, 100, 1), (2, 250, 2), (2, 16_000, 2), (8, 16_000, 2)]
)
def test_two_lanes_where_there_are_cores_and_memory_for_them(toy: Path, threads: int, free_mb: int, lanes: int) -> None:
    assert choose_lanes(toy, threads=threads, free_mb=free_mb) == lanes


def test_what_was_encoded_ahead_gives_the_same_words_to_the_last_bit(toy: Path) -> None:
    sounds = [decode(SAMPLE)[a * RATE : b * RATE] for a, b in ((0, 28), (30, 41), (50, 79))]
    for again in (False, True):
        recogniser = Whisper(toy, settings=Settings(device="cpu", threads=1, new_tokens=60, again=again))
        encoded = [recogniser.encode(sound) for sound in sounds]
        plain = recogniser.hear(sounds)
        assert all(plain)
        assert recogniser.hear(sounds, encoded) == plain
        for sound, one, lines in zip(sounds, encoded, plain, strict=True):
            assert one is not None
            assert recogniser.hear([sound], [one]) == recogniser.hear([sound])
            assert recogniser.hear([sound], [None]) == recogniser.hear([sound])
            assert [w.text for line in recogniser.hear([sound])[0] for w in line.words] == [
                w.text for line in lines for w in line.words
            ]


def test_a_chunk_encoded_ahead_is_not_encoded_when_it_is_heard(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser = Whisper(toy, settings=Settings(device="cpu", threads=1, new_tokens=20))
    sound = decode(SAMPLE)[: 20 * RATE]
    encoded = recogniser.encode(sound)
    wrong = np.zeros_like(encoded)
    assert recogniser.hear([sound], [wrong]) != recogniser.hear([sound], [encoded])  # it is what the words come from
    assert recogniser.hear([sound]) == recogniser.hear([sound], [encoded])  # and given once only


def test_the_machine_is_known() -> None:
    assert 1 <= choose_threads() <= 16
    assert machine.cores() >= 1
    assert machine.free_memory_mb() > 100


def test_models_are_measured_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(name: str, width: int, heads: int, layers: int, memory_mb: int) -> KnownModel:
        return KnownModel(
            name=name,
            repository=name,
            megabytes=1,
            memory_mb=memory_mb,
            width=width,
            heads=heads,
            encoder_layers=layers,
            decoder_layers=layers,
            about="",
        )

    pair = (model("wide", 256, 4, 24, 10**9), model("narrow", 64, 2, 2, 1))
    monkeypatch.setattr(models_suit, "KNOWN", pair)
    monkeypatch.setattr(models_suit, "TOKENS", 8)
    told: list[tuple[int, int]] = []
    wide, narrow = models_suit.measure(progress=lambda done, total: told.append((done, total)))
    assert wide.minutes > 2 * narrow.minutes > 0
    assert (wide.fits, narrow.fits) == (False, True)
    assert models_suit.advise((wide, narrow)) == narrow
    assert models_suit.advise((wide,)) is None
    assert told[-1][1] == 2


def test_nothing_calls_home(toy: Path) -> None:
    import os

    whisper_model.stay_home()
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_a_graphics_card_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctranslate2

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 1)
    assert whisper_model.devices("auto") == (("cuda", "int8_float16"), ("cpu", "int8"))
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    assert whisper_model.devices("auto") == (("cpu", "int8"),)
    assert whisper_model.devices("cpu") == (("cpu", "int8"),)
