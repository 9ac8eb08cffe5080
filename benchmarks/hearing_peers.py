"""One run of another program on a sound, for hearing_speed.py, which starts this with the Python that has it.

    OTHER/bin/python benchmarks/hearing_peers.py NAME SETTINGS

SETTINGS is JSON: sound, model (a folder), dims, threads, tokens, prompt, batch. Prints JSON: what the run took (seconds
on the wall and of the processor), the half-minute windows heard, and versions; or why there was none.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

Run = Callable[[], object]


def openai_whisper(how: SimpleNamespace, count: Callable[[int], None]) -> Run:
    """Return a run of openai-whisper with a model of the same measures; it has int8 for no processor."""
    import torch
    import whisper
    from whisper.model import ModelDimensions, Whisper

    torch.set_num_threads(how.threads)
    torch.manual_seed(1)
    model = Whisper(ModelDimensions(**how.dims)).eval()
    mask = torch.zeros(how.dims["n_text_layer"], how.dims["n_text_head"], dtype=torch.bool)
    mask[how.dims["n_text_layer"] // 2 :] = True
    model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    decode = model.decode

    def counted(*args: Any, **more: Any) -> Any:
        count(1)
        return decode(*args, **more)

    model.decode = counted
    settings = {
        "language": "en",
        "word_timestamps": True,
        "beam_size": 5,
        "temperature": 0.0,
        "fp16": False,
        "initial_prompt": how.prompt,
        "condition_on_previous_text": False,
        "without_timestamps": True,
        "suppress_tokens": "-1,50257",  # random weights: never the end
        "no_speech_threshold": None,
        "logprob_threshold": None,
        "compression_ratio_threshold": None,
    }
    whisper.transcribe(model, whisper.load_audio(how.sound)[:32000], sample_len=8, **settings)  # numba compiles
    return lambda: whisper.transcribe(model, how.sound, sample_len=how.tokens, **settings)


def whisperx(how: SimpleNamespace, count: Callable[[int], None]) -> Run:
    """Return a run of whisperX's pipeline with its own voice detector; it gives no word times by itself."""
    from whisperx.asr import load_model

    pipeline = load_model(
        how.model,
        "cpu",
        compute_type="int8",
        language="en",
        asr_options={"hotwords": how.prompt, "beam_size": 5, "temperatures": [0.0]},
        threads=how.threads,
    )
    whole = pipeline.model.model

    class Capped:
        """The model, made to end where the others do: whisperX does not hand its max_new_tokens on."""

        def __getattr__(self, name: str) -> Any:
            return getattr(whole, name)

        def generate(self, features: Any, prompts: Any, **more: Any) -> Any:
            count(len(prompts))
            return whole.generate(features, prompts, **{**more, "max_length": len(prompts[0]) + how.tokens})

    pipeline.model.model = Capped()
    return lambda: pipeline.transcribe(how.sound, batch_size=how.batch)


def whisper_ctranslate2(how: SimpleNamespace, count: Callable[[int], None]) -> Run:
    """Return a run of whisper-ctranslate2, batched, with word times."""
    from whisper_ctranslate2.transcribe import Transcribe, TranscriptionOptions

    ears = Transcribe(how.model, "cpu", 0, "int8", how.threads, None, True, True, how.batch)
    forward = ears.batched_model.forward

    def counted(features: Any, *args: Any) -> Any:
        count(len(features))
        return forward(features, *args)

    ears.batched_model.forward = counted
    ears.batched_model.transcribe = functools.partial(ears.batched_model.transcribe, max_new_tokens=how.tokens)
    given = dict.fromkeys(TranscriptionOptions._fields)  # as its command line has them
    given |= {"beam_size": 5, "best_of": 5, "patience": 1.0, "length_penalty": 1.0, "repetition_penalty": 1.0}
    given |= {"no_repeat_ngram_size": 0, "temperature": [0.0], "suppress_blank": True, "suppress_tokens": [-1]}
    given |= {"condition_on_previous_text": False, "prompt_reset_on_temperature": 0.5, "word_timestamps": True}
    given |= {"print_colors": False, "prepend_punctuations": "", "append_punctuations": "", "multilingual": False}
    given |= {"hotwords": how.prompt, "vad_filter": True}
    options = TranscriptionOptions(**given)
    return lambda: ears.inference(how.sound, "transcribe", "en", False, True, options)


PEERS = {"openai-whisper": openai_whisper, "whisperx": whisperx, "whisper-ctranslate2": whisper_ctranslate2}


def main() -> None:
    """Run the program named and print what it took."""
    name, how = sys.argv[1], SimpleNamespace(**json.loads(sys.argv[2]))
    windows = 0

    def count(more: int) -> None:
        nonlocal windows
        windows += more

    try:
        run = PEERS[name](how, count)
    except ImportError as missing:
        print(json.dumps({"missing": str(missing)}))
        return
    windows = 0
    begun, used = time.perf_counter(), time.process_time()
    run()
    took = [time.perf_counter() - begun, time.process_time() - used]
    below = "torch" if name == "openai-whisper" else "faster-whisper"
    versions = f"{name} {version(name)}, {below} {version(below)}"
    print(json.dumps({"took": took, "windows": windows, "versions": versions}))


if __name__ == "__main__":
    main()
