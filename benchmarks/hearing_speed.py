"""The whole hearing stage beside bare faster-whisper, whisper-ctranslate2, whisperX and openai-whisper on one sound.

    python benchmarks/hearing_speed.py [--models tiny base small] [--minutes 3] [--with OTHER/bin/python]

Models have the real structure and random weights. Random weights never end a sentence, so every program decodes the
same number of tokens (--tokens) for each window of half a minute, with beam 5 and from the same prompt. `--with` names
a Python that has the other programs (`pip install whisperx whisper-ctranslate2 openai-whisper` in a place of its own:
they need hundreds of megabytes of torch); those that are not there are named. openai-whisper is slow and hears only
--openai-minutes, and is compared with ours on those. Other work on the machine makes every figure larger: the load is
printed, and the processor's own seconds beside those on the wall.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from sounds import RATE, write_plain_wav

from transcribe import machine
from transcribe.audio import decode
from transcribe.hearing import hear
from transcribe.random_model import Shape, build
from transcribe.whisper import Settings, Whisper, choose_threads

TOKENS = 100  # half a minute of talk; --tokens 60 where time is short
BATCH = 4  # of those that hear in batches: more are no faster on 2 cores
SHAPES = {
    "tiny": Shape(width=384, heads=6, encoder_layers=4, decoder_layers=4),
    "base": Shape(width=512, heads=8, encoder_layers=6, decoder_layers=6),
    "small": Shape(width=768, heads=12, encoder_layers=12, decoder_layers=12),
}
SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "iep" / "meeting.flac"


def sample(folder: Path, minutes: float) -> Path:
    """Return a file with so much talk of the sample meeting."""
    talk = decode(SAMPLE)
    return write_plain_wav(folder / "talk.wav", np.resize(talk, int(minutes * 60 * RATE)))


@dataclass(frozen=True)
class Took:
    """What a run took."""

    wall_s: float
    processor_s: float  # of all cores together: other work on the machine hardly changes it
    windows: int = 0  # of half a minute heard: detectors of voices differ


@dataclass(frozen=True)
class Peer:
    """What another program took, or why it did not run."""

    versions: str
    took: Took | None = None
    windows: int = 0


def timed(run: Callable[[Path], int], sound: Path) -> Took:
    """Return what a run takes."""
    begun, used = time.perf_counter(), time.process_time()
    windows = run(sound)
    return Took(time.perf_counter() - begun, time.process_time() - used, windows)


def middle(runs: list[Took]) -> Took:
    """Return the median of several runs."""
    wall_s, processor_s = statistics.median(r.wall_s for r in runs), statistics.median(r.processor_s for r in runs)
    return Took(wall_s, processor_s, runs[0].windows)


def bare(folder: Path, batch: int, prompt: str, tokens: int) -> Callable[[Path], int]:
    """Return a run of faster-whisper alone with the same settings; it gives the number of windows."""
    import faster_whisper

    model = faster_whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=choose_threads())
    pipeline = faster_whisper.BatchedInferencePipeline(model)

    def run(sound: Path) -> int:
        segments, _ = pipeline.transcribe(
            str(sound),
            language="en",
            beam_size=5,
            batch_size=batch,
            word_timestamps=True,
            hotwords=prompt,
            max_new_tokens=tokens,
        )
        return len({s.seek for s in segments})

    return run


def ours(recogniser: Whisper, scratch: Path, *, voices: bool) -> Callable[[Path], int]:
    """Return a run of our whole stage, with a new journal; it gives the number of windows."""

    def run(sound: Path) -> int:
        journal = scratch / "hearing.jsonl"
        hear(sound, recogniser, journal=journal, tell_voices=voices)
        windows = len(journal.read_bytes().splitlines()) - 1
        journal.unlink()
        return windows

    return run


def peer(python: str, name: str, folder: Path, sound: Path, shape: Shape, recogniser: Whisper, tokens: int) -> Peer:
    """Return what a run of another program took, by the Python that has it."""
    how = {
        "sound": str(sound),
        "model": str(folder),
        "dims": dims(shape),
        "threads": choose_threads(),
        "tokens": tokens,
        "prompt": recogniser.hotwords,
        "batch": BATCH,
    }
    command = [python, str(Path(__file__).with_name("hearing_peers.py")), name, json.dumps(how)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return Peer(f"{name}: {done.stderr.strip().splitlines()[-1][:90]}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    if "missing" in told:
        return Peer(f"{name} is not installed there")
    return Peer(told["versions"], Took(*told["took"]), told["windows"])


def dims(shape: Shape) -> dict[str, int]:
    """Return a shape as openai-whisper names its measures."""
    return {
        "n_mels": 80,
        "n_audio_ctx": 1500,
        "n_audio_state": shape.width,
        "n_audio_head": shape.heads,
        "n_audio_layer": shape.encoder_layers,
        "n_vocab": 51865,
        "n_text_ctx": 448,
        "n_text_state": shape.width,
        "n_text_head": shape.heads,
        "n_text_layer": shape.decoder_layers,
    }


def main() -> None:
    """Print one table for each model."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--models", nargs="+", default=list(SHAPES))
    asked.add_argument("--minutes", type=float, default=3.0)
    asked.add_argument("--openai-minutes", type=float, default=1.0)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--with", dest="python", default=sys.executable)
    asked.add_argument("--tokens", type=int, default=TOKENS)
    told = asked.parse_args()
    print(f"{platform.processor() or platform.machine()}, {machine.cores()} cores, Python {platform.python_version()}")
    print(f"faster-whisper {version('faster-whisper')}, ctranslate2 {version('ctranslate2')}")
    print(f"{told.minutes:g} minutes of talk (openai-whisper {told.openai_minutes:g}), {told.tokens} tokens a window")
    print("beam 5, int8 but for openai-whisper, word times but for whisperx; wall and processor in seconds")
    with tempfile.TemporaryDirectory() as scratch:
        for name in told.models:
            one_model(name, Path(scratch), told)


def one_model(name: str, scratch: Path, told: argparse.Namespace) -> None:
    """Print what each program takes with one model; runs of the two that are compared closely take turns."""
    shape, folder = SHAPES[name], scratch / name
    build(folder, shape, line=10_000)
    sound = sample(scratch, told.minutes)
    recogniser = Whisper(folder, settings=Settings(device="cpu", new_tokens=told.tokens, again=False))
    stage = ours(recogniser, scratch, voices=False)
    base, without = taking_turns([bare(folder, BATCH, recogniser.hotwords, told.tokens), stage], sound, told.repeat)
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"\n{name}, {choose_threads()} threads  {load}")
    print(f"  {'':44} {'wall':>7} {'processor':>9} {'windows':>7}")
    row(f"bare faster-whisper, batches of {BATCH}", base)
    over = f"{100 * (without.wall_s / base.wall_s - 1):+.1f} % wall"
    over += f", {100 * (without.processor_s / base.processor_s - 1):+.1f} % processor"
    row(f"ours in {recogniser.lanes} lanes, with decoding and journal", without, over)
    row("ours with telling voices apart", timed(ours(recogniser, scratch, voices=True), sound))
    for other in ("whisper-ctranslate2", "whisperx"):
        compare(peer(told.python, other, folder, sound, shape, recogniser, told.tokens), without)
    short = sample(scratch, told.openai_minutes)
    found = peer(told.python, "openai-whisper", folder, short, shape, recogniser, told.tokens)
    compare(found, timed(stage, short) if found.took else without)


def taking_turns(runs: list[Callable[[Path], int]], sound: Path, repeat: int) -> list[Took]:
    """Return the median of each run."""
    took = [[timed(run, sound) for run in runs] for _ in range(repeat)]
    return [middle([turn[n] for turn in took]) for n in range(len(runs))]


def compare(other: Peer, own: Took) -> None:
    """Print the row of another program, and how much faster ours is on the same sound."""
    if other.took is None:
        print(f"  {other.versions}")
        return
    took = replace(other.took, windows=other.windows)
    by_wall, by_processor = took.wall_s / own.wall_s, took.processor_s / own.processor_s
    row(other.versions, took, f"ours {by_wall:.1f} x as fast ({by_processor:.1f} x by processor)")


def row(what: str, took: Took, note: str = "") -> None:
    """Print one row."""
    print(f"  {what:44} {took.wall_s:7.1f} {took.processor_s:9.1f} {took.windows:7}  {note}", flush=True)


if __name__ == "__main__":
    main()
