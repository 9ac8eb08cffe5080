"""Writes what a checkpoint says of meetings it was not trained on, one line a meeting.

python -m extract.training.score reader.pt --out scores.jsonl            the held-out meetings
python -m extract.training.score fold0.pt --fold 0 --out oof.jsonl       the fold that checkpoint left out
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extract.classify import KINDS
from extract.classify_report import at_recall, average_precision, best
from extract.training import corpus
from extract.training.batches import batch_of
from extract.training.corpus import Talk
from extract.training.network import TurnReader
from extract.training.train import base_model


def main() -> None:
    """Score as the command line says."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--base", type=Path, default=base_model())
    ask.add_argument("--folds", type=int, default=2)
    ask.add_argument("--fold", type=int)
    asked = ask.parse_args()
    torch.set_num_threads(2)
    train, kept = corpus.split(corpus.meetings())
    talks = kept if asked.fold is None else tuple(t for i, t in enumerate(train) if i % asked.folds == asked.fold)
    model, tokenizer = load(asked.checkpoint, asked.base)
    with asked.out.open("a", encoding="utf-8") as out:
        for style, some in (("", talks), ("asr", tuple(corpus.heard(t) for t in talks))):
            scored = [(t, scores_of(model, tokenizer, t)) for t in some]
            for talk, scores in scored:
                plain = {"meeting": talk.name, "scores": scores.round(5).tolist()} | ({"style": style} if style else {})
                out.write(json.dumps(plain) + "\n")
            print(style or "as written")
            print(table(scored))


def load(checkpoint: Path, base: Path) -> tuple[TurnReader, Tokenizer]:
    """Return a trained network and the tokenizer."""
    saved = torch.load(checkpoint, weights_only=True)
    model = TurnReader(base, layers=saved["layers"])
    model.load_state_dict(saved["state"])
    model.eval()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return model, tokenizer


def scores_of(model: TurnReader, tokenizer: Tokenizer, talk: Talk) -> NDArray[np.float64]:
    """Return uncalibrated probabilities, one row a turn: the highest of its pieces."""
    batch = batch_of([talk], tokenizer)
    with torch.inference_mode():
        logits = model.heads(model.read(batch.ids, batch.mask, batch.spans)).kinds
    made = np.zeros((len(talk.meeting.turns), len(KINDS)))
    np.maximum.at(made, batch.turns.numpy(), torch.sigmoid(logits).double().numpy())
    return made


def table(scored: Sequence[tuple[Talk, NDArray[np.float64]]]) -> str:
    """Return a table by kind: the best F1, average precision, and what high recall costs."""
    lines = []
    for k, kind in enumerate(KINDS):
        scores = np.concatenate([s[:, k] for _, s in scored])
        true = np.concatenate([[row[k] for row in t.labels] for t, _ in scored])
        weights = np.concatenate([corpus.counted(t, k) for t, _ in scored])
        top, far = best(scores, true, weights=weights), at_recall(scores, true, 0.95, weights=weights)
        lines.append(
            f"  {kind:11} true {top.true:4}  best F1 {top.f1:.3f} (P {top.precision:.2f} R {top.recall:.2f} at "
            f"{top.threshold:.2f})  AP {average_precision(scores, true, weights=weights):.3f}  "
            f"recall .95: {far.shown_per_true:.1f} shown per true one"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
