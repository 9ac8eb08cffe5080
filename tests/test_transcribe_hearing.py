"""The whole stage with real parts: real sound, a model of real structure, kill -9, and the account of seconds."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import RATE, write_plain_wav

from casefile.errors import ModelError, RecordingError, StoreError
from casefile.records import Transcript, Turn
from transcribe.audio import decode
from transcribe.gate import Gate
from transcribe.hearing import hear, transcribe
from transcribe.ledger import close_gaps, unheard
from transcribe.random_model import TOY, build
from transcribe.sound import Span
from transcribe.whisper import Settings, Whisper

SAMPLE = Path(__file__).parent.parent / "samples" / "iep" / "meeting.flac"
ONE_BY_ONE = Settings(device="cpu", threads=1, batch=1, new_tokens=60)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Whisper model of real structure and random weights."""
    return build(tmp_path_factory.mktemp("models") / "toy", TOY)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a half minutes of the sample meeting."""
    return write_plain_wav(tmp_path_factory.mktemp("talk") / "talk.wav", decode(SAMPLE)[: 150 * RATE])


@pytest.fixture(scope="module")
def unbroken(model: Path, talk: Path) -> Transcript:
    return hear(talk, Whisper(model, settings=ONE_BY_ONE))


def check_account(heard: Transcript) -> None:
    """Turns and unheard stretches lie end to end, from the first second to the last."""
    assert heard.recording is not None
    stretches = [(t.start_s or 0.0, t.end_s or 0.0) for t in heard.turns]
    stretches += [(u.start_s, u.end_s) for u in heard.unheard]
    reached = 0.0
    for start, end in sorted(stretches):
        assert start <= reached + 0.002, f"nothing accounts for {reached} to {start}"
        reached = max(reached, end)
    assert reached == pytest.approx(heard.recording.duration_s, abs=0.002)


def test_every_second_is_words_or_unheard(unbroken: Transcript) -> None:
    assert len(unbroken.turns) >= 5
    check_account(unbroken)


def test_every_word_has_its_time_within_its_line(unbroken: Transcript) -> None:
    words = [(t, w) for t in unbroken.turns for w in t.words]
    assert len(words) > 50
    for turn, word in words:
        assert turn.start_s is not None
        assert turn.end_s is not None
        assert turn.start_s <= word.start_s <= word.end_s <= turn.end_s
        assert 0 <= word.probability <= 1
    starts = [w.start_s for _, w in words]
    assert starts == sorted(starts)


def test_two_runs_give_the_same(model: Path, talk: Path, unbroken: Transcript) -> None:
    assert hear(talk, Whisper(model, settings=ONE_BY_ONE)) == unbroken


# --- resume ----------------------------------------------------------------------------------

_RUN = """
import sys
from pathlib import Path
from transcribe.hearing import hear
from transcribe.whisper import Settings, Whisper

class Shows:
    total = 0.0
    def start_from(self, done): print("from", done, flush=True)
    def advance_to(self, done, note=""): print("at", done, flush=True)

settings = Settings(device="cpu", threads=1, batch=1, new_tokens=60)
hear(Path(sys.argv[2]), Whisper(Path(sys.argv[1]), settings=settings), journal=Path(sys.argv[3]), progress=Shows())
"""


def _run_until(model: Path, talk: Path, journal: Path, chunks: int, wait_s: float) -> float:
    """Hear in another process, kill it `wait_s` after it told of `chunks` chunks, and return what it had told last."""
    command = [sys.executable, "-c", _RUN, str(model), str(talk), str(journal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        hearing, told, seen = False, 0.0, 0
        for line in process.stdout:
            what, done = line.split()
            hearing = hearing or (what == "from" and journal.exists())
            if hearing and what == "at" and float(done) > told:
                told, seen = float(done), seen + 1
            if seen >= chunks:
                time.sleep(wait_s)
                break
        process.kill()
    return told


@pytest.mark.parametrize(("chunks", "wait_s"), [(1, 0.0), (2, 0.05), (4, 0.02)])
def test_a_killed_run_goes_on_where_it_was_and_ends_the_same(
    model: Path, talk: Path, unbroken: Transcript, tmp_path: Path, chunks: int, wait_s: float
) -> None:
    journal = tmp_path / "hearing.jsonl"
    told = _run_until(model, talk, journal, chunks, wait_s)
    assert told > 0
    shows = _Shows()
    assert hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=journal, progress=shows) == unbroken
    assert shows.begun[1][1] >= told - 0.01  # nothing told of is heard again


_LOUD = """
import os  # for whole lines: print writes a word and its line end apart, and two threads tell
import sys
from pathlib import Path
from transcribe.hearing import hear
from transcribe.whisper import Settings, Whisper

class Loud(Whisper):
    def encode(self, chunk):
        os.write(1, b"encode\\n")
        made = super().encode(chunk)
        os.write(1, b"encoded\\n")
        return made

    def hear(self, chunks, encoded=()):
        os.write(1, b"decode\\n")
        made = super().hear(chunks, encoded)
        os.write(1, b"decoded\\n")
        return made

settings = Settings(device="cpu", threads=2, lanes=2, new_tokens=60)
hear(Path(sys.argv[2]), Loud(Path(sys.argv[1]), settings=settings), journal=Path(sys.argv[3]), tell_voices=False)
"""


def _begun_until(model: Path, talk: Path, journal: Path, events: int, wait_s: float) -> Counter[str]:
    """Hear in another process in two lanes, kill it `wait_s` after so many events, and return what it had begun."""
    command = [sys.executable, "-c", _LOUD, str(model), str(talk), str(journal)]
    begun: Counter[str] = Counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            begun[line.strip()] += 1
            if begun.total() == events:
                time.sleep(wait_s)
                process.kill()
    return begun


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_kill_costs_at_most_half_a_minute_encoded_again(
    model: Path, talk: Path, unbroken: Transcript, tmp_path: Path, seed: int
) -> None:
    journal, drawn, kills = tmp_path / "hearing.jsonl", random.Random(seed), 3
    begun: Counter[str] = Counter()
    for _ in range(kills):
        begun += _begun_until(model, talk, journal, drawn.randint(1, 7), drawn.uniform(0, 0.1))
    last = _Counting(model, settings=replace(ONE_BY_ONE, threads=2, lanes=2))
    assert hear(talk, last, journal=journal) == unbroken
    chunks = len(journal.read_bytes().splitlines()) - 1
    assert chunks >= 5
    assert chunks <= begun["encode"] + last.encoded <= chunks + kills  # a chunk is at most 29 s of sound
    assert chunks <= begun["decode"] + last.heard <= chunks + 2 * kills
    assert [p.name for p in tmp_path.iterdir()] == ["hearing.jsonl"]


def test_two_lanes_hear_what_one_hears(model: Path, talk: Path, unbroken: Transcript) -> None:
    shows, told = _Shows(), list[Turn]()
    two = Whisper(model, settings=replace(ONE_BY_ONE, threads=2, lanes=2))
    assert (two.lanes, two.batch) == (2, 1)
    heard = hear(talk, two, progress=shows, on_text=told.append)
    assert heard == unbroken
    starts = [t.start_s for t in told]
    assert starts == sorted(starts)  # told in order, whichever lane was first


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limit to the size of files")
def test_where_encodings_do_not_fit_it_goes_on_without_keeping_them(model: Path, talk: Path, tmp_path: Path) -> None:
    short = write_plain_wav(tmp_path / "short.wav", decode(talk)[: 5 * RATE])
    journal = tmp_path / "hearing.jsonl"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (350_000, 350_000))\n"  # an encoding is larger
    done = subprocess.run([sys.executable, "-c", limit + _LOUD, model, short, journal], check=False)
    assert done.returncode == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hearing.jsonl", "short.wav"]
    heard, transcript = _count(model, short, journal)
    assert heard == 0
    assert transcript == hear(short, Whisper(model, settings=ONE_BY_ONE))
    assert transcript.turns


def test_a_pause_holds_between_the_two_parts_of_a_chunk(model: Path, talk: Path, unbroken: Transcript) -> None:
    gate, heard = Gate(), list[Transcript]()

    class Pausing(_Counting):
        def encode(self, chunk):  # type: ignore[no-untyped-def]
            made = super().encode(chunk)
            if self.encoded == 1:
                gate.pause()
            return made

    recogniser = Pausing(model, settings=ONE_BY_ONE)
    worker = threading.Thread(target=lambda: heard.append(hear(talk, recogniser, gate=gate)), daemon=True)
    worker.start()
    deadline = time.monotonic() + 30
    while not gate.paused and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.join(0.7)
    assert worker.is_alive()
    assert (recogniser.encoded, recogniser.heard) == (1, 0)
    gate.go_on()
    worker.join(60)
    assert heard == [unbroken]


def test_an_encoding_that_is_torn_or_of_another_model_is_not_taken(
    model: Path, talk: Path, unbroken: Transcript, tmp_path: Path
) -> None:
    journal, gate = tmp_path / "hearing.jsonl", Gate()

    class Stopping(_Counting):
        def encode(self, chunk):  # type: ignore[no-untyped-def]
            made = super().encode(chunk)
            if self.encoded == 3:
                gate.stop()
            return made

        def hear(self, chunks, encoded=()):  # type: ignore[no-untyped-def]
            deadline = time.monotonic() + 30
            while not gate.stopped and time.monotonic() < deadline:  # the other lane encodes ahead
                time.sleep(0.02)
            return super().hear(chunks, encoded)

    two = replace(ONE_BY_ONE, threads=2, lanes=2)
    hear(talk, Stopping(model, settings=two), journal=journal, gate=gate)
    kept = sorted(tmp_path.glob("hearing.jsonl.*.encoded"))
    assert [p.name for p in kept] == ["hearing.jsonl.1.encoded", "hearing.jsonl.2.encoded"]
    if os.name == "posix":
        assert all(p.stat().st_mode & 0o777 == 0o600 for p in kept)
    torn = kept[0].read_bytes()
    for harm in (torn[: len(torn) // 2], torn[:-1] + bytes([torn[-1] ^ 1]), kept[1].read_bytes(), b""):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        shutil.copy(journal, copy)
        (copy / kept[0].name).write_bytes(harm)
        shutil.copy(kept[1], copy)
        counting = _Counting(model, settings=two)
        assert hear(talk, counting, journal=copy / journal.name) == unbroken
        chunks = len((copy / journal.name).read_bytes().splitlines()) - 1
        assert counting.encoded == chunks - 2 >= 3  # one was heard, one kept
        assert [p.name for p in copy.iterdir()] == [journal.name]


class _Shows:
    def __init__(self) -> None:
        self.total = 0.0
        self.begun: list[tuple[float, float]] = []  # total and where it began: seeking voices, hearing, telling apart
        self.told: list[tuple[float, str]] = []

    def start_from(self, done: float) -> None:
        self.begun.append((self.total, done))

    def advance_to(self, done: float, note: str = "") -> None:
        self.told.append((done, note))


class _Counting(Whisper):
    heard = 0
    encoded = 0

    def encode(self, chunk):  # type: ignore[no-untyped-def]
        self.encoded += 1
        return super().encode(chunk)

    def hear(self, chunks, encoded=()):  # type: ignore[no-untyped-def]
        self.heard += len(chunks)
        return super().hear(chunks, encoded)


def _count(model: Path, talk: Path, journal: Path, **how: object) -> tuple[int, Transcript]:
    recogniser = _Counting(model, settings=ONE_BY_ONE, **how)  # type: ignore[arg-type]
    heard = hear(talk, recogniser, journal=journal)
    return recogniser.heard, heard


def test_a_finished_journal_is_not_heard_again_a_changed_vocabulary_is(model: Path, talk: Path, tmp_path: Path) -> None:
    journal = tmp_path / "hearing.jsonl"
    first, heard = _count(model, talk, journal)
    assert first >= 5
    assert _count(model, talk, journal) == (0, heard)
    assert _count(model, talk, journal, vocabulary=("Dana Ruiz",))[0] == first
    assert _count(model, talk, journal)[0] == first  # and back again


def test_another_recording_or_model_starts_the_journal_anew(
    model: Path, talk: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = tmp_path / "hearing.jsonl"
    first, _ = _count(model, talk, journal)
    other = write_plain_wav(tmp_path / "other.wav", decode(talk)[: 60 * RATE])
    assert 0 < _count(model, other, journal)[0] < first
    changed = build(tmp_path_factory.mktemp("models") / "toy", TOY, seed=2)
    assert _count(changed, talk, journal)[0] == first


def test_a_torn_last_line_is_dropped_and_the_rest_kept(
    model: Path, talk: Path, unbroken: Transcript, tmp_path: Path
) -> None:
    journal = tmp_path / "hearing.jsonl"
    total, _ = _count(model, talk, journal)
    whole = journal.read_bytes()
    rows = whole.splitlines(keepends=True)
    journal.write_bytes(b"".join(rows[:4]) + rows[4][: len(rows[4]) // 2])
    heard, transcript = _count(model, talk, journal)
    assert heard == total - 3
    assert transcript == unbroken
    assert journal.read_bytes() == whole


def test_a_journal_keeps_the_batch_it_was_begun_with(model: Path, talk: Path, tmp_path: Path) -> None:
    journal = tmp_path / "hearing.jsonl"
    pairs = replace(ONE_BY_ONE, batch=2)
    in_pairs = hear(talk, Whisper(model, settings=pairs), journal=journal)
    rows = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(rows[:4]))  # one pair and half of the next
    assert hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=journal) == in_pairs


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
def test_the_journal_is_for_its_owner_alone(model: Path, talk: Path, tmp_path: Path) -> None:
    journal = tmp_path / "hearing.jsonl"
    hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=journal)
    assert journal.stat().st_mode & 0o777 == 0o600


def test_a_journal_that_cannot_be_written_is_told(model: Path, talk: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=tmp_path / "nowhere" / "hearing.jsonl")


# --- live ------------------------------------------------------------------------------------


def test_lines_are_told_as_they_are_heard_those_of_the_journal_first(
    model: Path, talk: Path, unbroken: Transcript, tmp_path: Path
) -> None:
    journal, gate = tmp_path / "hearing.jsonl", Gate()
    first: list[Turn] = []

    def stop_after_two(turn: Turn) -> None:
        first.append(turn)
        if len(first) == 2:
            gate.stop()

    part = hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=journal, on_text=stop_after_two, gate=gate)
    check_account(part)
    assert part.unheard[-1].why == "not reached"
    again: list[Turn] = []
    assert hear(talk, Whisper(model, settings=ONE_BY_ONE), journal=journal, on_text=again.append) == unbroken
    assert again[: len(first)] == first
    assert len(again) > len(first)


def test_a_paused_hearing_waits_and_goes_on(model: Path, talk: Path, unbroken: Transcript) -> None:
    gate, heard = Gate(), []
    gate.pause()
    worker = threading.Thread(
        target=lambda: heard.append(hear(talk, Whisper(model, settings=ONE_BY_ONE), gate=gate)), daemon=True
    )
    worker.start()
    worker.join(1.0)
    assert worker.is_alive()
    assert gate.paused
    gate.go_on()
    worker.join(60)
    assert heard == [unbroken]


def test_progress_never_goes_back_and_each_part_ends_at_the_whole(model: Path, talk: Path) -> None:
    shows = _Shows()
    hear(talk, Whisper(model, settings=ONE_BY_ONE), progress=shows)
    notes = ("looking for voices", "heard", "telling the voices apart")
    assert sum(told.startswith("heard") for _, told in shows.told) > 10  # twice for each chunk
    assert len(shows.begun) == len(notes)
    for note, (total, begun) in zip(notes, shows.begun, strict=True):
        done = [d for d, told in shows.told if told.startswith(note)]
        assert len(done) >= 2, note
        assert begun == 0 < total
        assert done == sorted(done)
        assert done[-1] == pytest.approx(total, rel=0.02), note


# --- odd recordings --------------------------------------------------------------------------


def _silence() -> np.ndarray:
    return np.zeros(20 * RATE, np.float32)


def _hum() -> np.ndarray:
    return (0.001 * np.sin(2 * np.pi * 50 * np.arange(20 * RATE) / RATE)).astype(np.float32)


@pytest.mark.parametrize("sound", [_silence, _hum])
def test_silence_is_a_transcript_that_says_so(model: Path, tmp_path: Path, sound: Callable[[], np.ndarray]) -> None:
    heard = hear(write_plain_wav(tmp_path / "silent.wav", sound()), Whisper(model, settings=ONE_BY_ONE))
    check_account(heard)
    if sound is _silence:
        assert heard.turns == ()
        assert {u.why for u in heard.unheard} == {"silence"}


def test_a_fifth_of_a_second_is_too_short(model: Path, tmp_path: Path) -> None:
    path = write_plain_wav(tmp_path / "short.wav", np.zeros(RATE // 5, np.float32))
    with pytest.raises(RecordingError, match=r"lasts only 0\.2 seconds"):
        hear(path, Whisper(model, settings=ONE_BY_ONE))


def test_damage_is_accounted_for(model: Path, talk: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    data = talk.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    heard = hear(path, Whisper(model, settings=ONE_BY_ONE))
    check_account(heard)
    assert heard.recording is not None
    assert heard.recording.duration_s == pytest.approx(150, abs=0.01)
    assert sum(u.end_s - u.start_s for u in heard.unheard if u.why == "damaged") == pytest.approx(100, abs=0.5)
    assert all((t.end_s or 0) <= 50.5 for t in heard.turns)


def test_a_model_that_does_not_load_is_told(model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    (tmp_path / "model.bin").write_bytes((model / "model.bin").read_bytes()[:1000])
    with pytest.raises(ModelError, match="does not load"):
        Whisper(tmp_path, settings=ONE_BY_ONE)


def test_real_sound_through_the_rough_recogniser_gives_its_words(talk: Path, tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    short = write_plain_wav(tmp_path / "short.wav", decode(talk)[: 25 * RATE])
    heard = transcribe(short, engine="sphinx")
    assert heard.engine.rough
    check_account(heard)
    script = json.loads((SAMPLE.parent / "meeting.json").read_text("utf8"))
    said = " ".join(t["text"] for t in script["turns"][:10]).lower().split()
    right = [w for t in heard.turns for w in t.text.lower().split() if w in said]
    assert len(right) > 0.6 * sum(len(t.text.split()) for t in heard.turns) > 20


@pytest.mark.model
def test_a_real_model_hears_what_was_said(talk: Path, tmp_path: Path) -> None:
    if not os.environ.get("ONRECORD_MODEL"):
        pytest.skip("no speech model named by ONRECORD_MODEL")
    heard = transcribe(write_plain_wav(tmp_path / "short.wav", decode(talk)[: 60 * RATE]))
    check_account(heard)
    script = json.loads((SAMPLE.parent / "meeting.json").read_text("utf8"))
    said = " ".join(t["text"] for t in script["turns"][:15]).lower().split()
    words = [w.strip(".,?!") for t in heard.turns for w in t.text.lower().split()]
    assert len(words) > 50
    assert sum(w in said for w in words) > 0.8 * len(words)


# --- the account -----------------------------------------------------------------------------

spans = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 120)), max_size=12).map(
    lambda pairs: tuple(Span(a / 10, min((a + n) / 10, 100.0)) for a, n in sorted(pairs))
)


def _apart(found: tuple[Span, ...]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in found:
        if not kept or span.start_s >= kept[-1].end_s:
            kept.append(span)
    return tuple(kept)


@settings(max_examples=150, deadline=None)
@given(lines=spans, damaged=spans, voiced=spans)
def test_the_account_adds_up_whatever_was_heard(
    lines: tuple[Span, ...], damaged: tuple[Span, ...], voiced: tuple[Span, ...]
) -> None:
    turns = tuple(Turn(text="x", start_s=s.start_s, end_s=s.end_s) for s in _apart(lines))
    turns = close_gaps(turns, 100.0)
    missed = unheard(turns, 100.0, damaged=_apart(damaged), voiced=_apart(voiced))
    covered = [(t.start_s or 0.0, t.end_s or 0.0) for t in turns] + [(u.start_s, u.end_s) for u in missed]
    assert sum(b - a for a, b in covered) == pytest.approx(100.0, abs=0.01)
    edges = sorted(covered)
    assert all(abs(a[1] - b[0]) < 0.002 for a, b in pairwise(edges))
