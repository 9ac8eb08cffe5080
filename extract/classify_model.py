"""The shipped model: windows of token ids in, what its heads say of every piece out. Owns onnxruntime and tokenizers.

Windows are run one by one on a few threads, so that what a turn scores never depends on what it is batched with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from extract.classify_units import PIECE_TOKENS, Piece, Window, windows_of

Floats = NDArray[np.float32]
HEADS: Final = ("kinds", "ends", "notice", "about", "change", "answer", "asked", "later", "earlier")
_AT_ONCE: Final = 16  # windows in flight


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model and its settings (`turns.json`)."""

    session: Any
    tokenizer: Any
    heads: dict[str, Floats]
    settings: dict[str, Any]
    threads: int

    def read(self, pieces: Sequence[Piece], *, progress: Callable[[int], None] | None = None) -> dict[str, Floats]:
        """Return, by head, one row a piece; `progress` is told how many pieces are done."""
        weight = np.concatenate([self.heads[f"{name}_w"] for name in HEADS], axis=1)
        bias = np.concatenate([self.heads[f"{name}_b"] for name in HEADS])
        made = np.empty((len(pieces), len(bias)), np.float32)
        windows = windows_of(pieces, self._tokens(pieces))
        with ThreadPoolExecutor(self.threads) as pool:
            for start in range(0, len(windows), _AT_ONCE):
                some = windows[start : start + _AT_ONCE]
                for window, pooled in zip(some, pool.map(self._pooled, some), strict=True):
                    made[window.begin : window.end] = pooled @ weight + bias
                if progress:
                    progress(some[-1].end)
        ends = np.cumsum([self.heads[f"{name}_b"].size for name in HEADS])[:-1]
        return dict(zip(HEADS, np.split(made, ends, axis=1), strict=True))

    def _tokens(self, pieces: Sequence[Piece]) -> list[list[int]]:
        return [
            encoded.ids[:PIECE_TOKENS]
            for some in _runs(pieces, 512)
            for encoded in self.tokenizer.encode_batch([p.text for p in some], add_special_tokens=False)
        ]

    def _pooled(self, window: Window) -> Floats:
        """Return, for every scored piece, its mark's state beside the mean of its words'."""
        ids = np.array([window.ids], np.int64)
        states: Floats = self.session.run(["states"], {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        bounds = (*window.marks, len(window.ids) - 1)
        made = np.zeros((window.end - window.begin, 2 * states.shape[1]), np.float32)
        for row, at in enumerate(range(window.begin - window.first, window.end - window.first)):
            start, end = bounds[at], bounds[at + 1]
            made[row, : states.shape[1]] = states[start]
            if end - start > 1:
                made[row, states.shape[1] :] = states[start + 1 : end].mean(axis=0)
        return made


def _runs(pieces: Sequence[Piece], size: int) -> Iterator[Sequence[Piece]]:
    return (pieces[i : i + size] for i in range(0, len(pieces), size))


def load_model(folder: Path) -> Model:
    """Return the model in `folder`; raises what onnxruntime raises where its files are not whole."""
    import onnxruntime
    from tokenizers import Tokenizer

    onnxruntime.disable_telemetry_events()  # Windows builds report to their maker unless told not to
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several windows run side by side instead
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "turns.onnx"), sess_options=options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "turns_tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with np.load(folder / "turns_heads.npz") as saved:
        heads = {name: saved[name] for name in saved.files}
    settings = json.loads((folder / "turns.json").read_text(encoding="utf-8"))
    return Model(session, tokenizer, heads, settings, threads=min(4, os.cpu_count() or 1))
