"""The whole hearing stage beside bare faster-whisper, whisper-ctranslate2 and openai-whisper, on the same sound.

    python benchmarks/hearing_speed.py [--models tiny base small] [--minutes 3] [--python OTHER/bin/python]

Models have the real structure and random weights. Random weights never end a sentence, so every program decodes the
same number of tokens (--tokens) for each half minute, with beam 5 and word times, from the same prompt. `--python`
names an interpreter with openai-whisper installed; without it that is left out. Other work on the machine makes every
figure larger: the load is printed, and the processor's own seconds beside those on the wall.
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
from dataclasses import dataclass
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
SHAPES = {
    "tiny": Shape(width=384, heads=6, encoder_layers=4, decoder_layers=4),
    "base": Shape(width=512, heads=8, encoder_layers=6, decoder_layers=6),
    "small": Shape(width=768, heads=12, encoder_layers=12, decoder_layers=12),
}
SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "iep" / "meeting.flac"

_OPENAI = """
import json, sys, time, torch, whisper
from whisper.model import ModelDimensions, Whisper
sound, dims, prompt = sys.argv[1], json.loads(sys.argv[2]), sys.argv[5]
threads, tokens = int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = Whisper(ModelDimensions(**dims)).eval()
layers, heads = dims["n_text_layer"], dims["n_text_head"]
mask = torch.zeros(layers, heads, dtype=torch.bool)
mask[layers // 2:] = True
model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
windows = 0
decode = model.decode
def counted(*args, **kwargs):
    global windows
    windows += 1
    return decode(*args, **kwargs)
model.decode = counted
how = dict(language="en", word_timestamps=True, beam_size=5, temperature=0.0, fp16=False, initial_prompt=prompt,
    condition_on_previous_text=False, without_timestamps=True, suppress_tokens="-1,50257",
    no_speech_threshold=None, logprob_threshold=None, compression_ratio_threshold=None)
samples = whisper.load_audio(sound)
whisper.transcribe(model, samples[:32000], sample_len=8, **how)  # numba compiles the alignment once
windows = 0
begun, used = time.perf_counter(), time.process_time()
whisper.transcribe(model, sound, sample_len=tokens, **how)
took = [time.perf_counter() - begun, time.process_time() - used]
print(json.dumps([took, windows, whisper.__version__, torch.__version__]))
"""


def sample(folder: Path, minutes: float) -> Path:
    """Return a file with so much talk of the sample meeting."""
    talk = decode(SAMPLE)
    return write_plain_wav(folder / "talk.wav", np.resize(talk, int(minutes * 60 * RATE)))


@dataclass(frozen=True)
class Took:
    """What a run took."""

    wall_s: float
    processor_s: float  # of all cores together: other work on the machine hardly changes it


def timed(run: Callable[[], object]) -> Took:
    """Return what a run takes."""
    begun, used = time.perf_counter(), time.process_time()
    run()
    return Took(time.perf_counter() - begun, time.process_time() - used)


def middle(runs: list[Took]) -> Took:
    """Return the median of several runs."""
    return Took(statistics.median(r.wall_s for r in runs), statistics.median(r.processor_s for r in runs))


def bare(folder: Path, sound: Path, recogniser: Whisper, tokens: int) -> Callable[[], int]:
    """Return a run of faster-whisper alone with the same settings; it gives the number of words."""
    import faster_whisper

    model = faster_whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=choose_threads())
    pipeline = faster_whisper.BatchedInferencePipeline(model)

    def run() -> int:
        segments, _ = pipeline.transcribe(
            str(sound),
            language="en",
            beam_size=5,
            batch_size=recogniser.batch,
            word_timestamps=True,
            hotwords=recogniser.hotwords,
            max_new_tokens=tokens,
        )
        return sum(len(s.words or ()) for s in segments)

    return run


def openai(python: str, sound: Path, shape: Shape, prompt: str, tokens: int) -> tuple[Took, int, str]:
    """Return seconds, windows heard, and the versions of a run of openai-whisper."""
    dims = {
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
    command = [python, "-c", _OPENAI, str(sound), json.dumps(dims), str(choose_threads()), str(tokens), prompt]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took, windows, whisper_version, torch_version = json.loads(done.stdout.strip().splitlines()[-1])
    return Took(*took), windows, f"openai-whisper {whisper_version}, torch {torch_version}"


def main() -> None:
    """Print one table for each model."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--models", nargs="+", default=list(SHAPES))
    asked.add_argument("--minutes", type=float, default=3.0)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--python")
    asked.add_argument("--tokens", type=int, default=TOKENS)
    told = asked.parse_args()
    print(f"{platform.processor() or platform.machine()}, {machine.cores()} cores, Python {platform.python_version()}")
    print(f"faster-whisper {version('faster-whisper')}, ctranslate2 {version('ctranslate2')}")
    print(f"{told.minutes:g} minutes of talk, {told.tokens} tokens for each half minute, beam 5, word times")
    with tempfile.TemporaryDirectory() as scratch:
        sound = sample(Path(scratch), told.minutes)
        for name in told.models:
            one_model(name, Path(scratch) / name, sound, told)


def one_model(name: str, folder: Path, sound: Path, told: argparse.Namespace) -> None:
    """Print what each program takes with one model; runs of the two that are compared closely take turns."""
    shape = SHAPES[name]
    build(folder, shape, line=10_000)
    settings = Settings(device="cpu", new_tokens=told.tokens, again=False)
    recogniser = Whisper(folder, settings=settings)
    run_bare = bare(folder, sound, recogniser, told.tokens)
    without, alone, stage = [], [], []
    for _ in range(told.repeat):
        alone.append(timed(run_bare))
        without.append(timed(lambda: hear(sound, recogniser, tell_voices=False)))
        stage.append(timed(lambda: hear(sound, recogniser)))
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"\n{name}, batch {recogniser.batch}, {choose_threads()} threads, int8  {load}")
    base, ours = middle(alone), middle(without)
    wall, processor = 100 * (ours.wall_s / base.wall_s - 1), 100 * (ours.processor_s / base.processor_s - 1)
    row("bare faster-whisper, batched", base, "")
    row("ours: decode, voices, words, journal", ours, f"{wall:+.1f} % wall, {processor:+.1f} % processor")
    row("ours with telling voices apart", middle(stage), "")
    if told.python:
        took, windows, versions = openai(told.python, sound, shape, recogniser.hotwords, told.tokens)
        share = told.minutes * 2 / windows  # it may hear in more windows than the sound has half minutes
        by_wall, by_processor = took.wall_s * share / ours.wall_s, took.processor_s * share / ours.processor_s
        row(f"{versions}, {windows} windows", took, f"ours {by_wall:.1f} x as fast ({by_processor:.1f} x by processor)")


def row(what: str, took: Took, note: str) -> None:
    """Print one row."""
    print(f"  {what:44} {took.wall_s:7.1f} s wall {took.processor_s:7.1f} s processor  {note}", flush=True)


if __name__ == "__main__":
    main()
