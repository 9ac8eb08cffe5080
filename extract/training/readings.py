"""Writes what readers make of the training meetings they were not trained on, for `extract.combining --readings`.

    python -m extract.training.readings fold0.pt fold1.pt --out readings.pickle

The checkpoints are those of `train --fold 0`, `train --fold 1`, ... in order. Each is exported as the program ships it
and reads the meetings its training left out: as written, as a recogniser might have written them, without anybody's
role, and line by line; its calibration is a line through its own scores of them. The pickle holds
{name: Reading, name + "#heard": (texts, Reading), name + "#bare": Reading, name + "#lines": Reading}.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from extract.classify import KINDS, Classifier, Reading
from extract.classify_model import load_model
from extract.training import corpus
from extract.training.calibrate import logits_of
from extract.training.corpus import Talk
from extract.training.export import write_model
from extract.training.score import load
from extract.training.train import base_model
from extract.training.variety import in_lines


def main() -> None:
    """Read as the command line says."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkpoints", type=Path, nargs="+")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--base", type=Path, default=base_model())
    asked = ask.parse_args()
    train, _ = corpus.split(corpus.meetings())
    made: dict[str, Reading | tuple[list[str], Reading]] = {}
    for fold, checkpoint in enumerate(asked.checkpoints):
        talks = [t for i, t in enumerate(train) if i % len(asked.checkpoints) == fold]
        with tempfile.TemporaryDirectory() as folder:
            write_model(*load(checkpoint, asked.base), Path(folder))
            reader = calibrated(Path(folder), talks)
        for talk in talks:
            rough = corpus.heard(talk)
            made[talk.name] = reader.read(talk.meeting)
            made[f"{talk.name}#heard"] = ([t.text for t in rough.meeting.turns], reader.read(rough.meeting))
            made[f"{talk.name}#bare"] = reader.read(corpus.with_roles(talk, "").meeting)
            chance = random.Random(zlib.crc32(talk.name.encode()))
            lines = [in_lines(t.text, chance) for t in talk.meeting.turns]
            made[f"{talk.name}#lines"] = reader.read(talk.meeting, lines=lines)
        print(f"{checkpoint.name}: {len(talks)} meetings read", flush=True)
    asked.out.write_bytes(pickle.dumps(made))


def calibrated(folder: Path, talks: Sequence[Talk]) -> Classifier:
    """Return the exported model in `folder` with a line through its scores of `talks` for each kind."""
    plain: dict[str, Any] = {"name": "fold", "calibration": {k: [1.0, 0.0] for k in KINDS}}
    settings = folder / "turns.json"
    settings.write_text(json.dumps(plain), encoding="utf-8")
    raw = Classifier(load_model(folder))
    rows = np.concatenate([logits_of(raw, t) for t in talks])
    for k, kind in enumerate(KINDS):
        true = np.array([row[k] for t in talks for row in t.labels])
        counts = np.array([c for t in talks for c in corpus.counted(t, k)]) > 0
        line = LogisticRegression(C=100.0).fit(rows[counts, k, None], true[counts])
        plain["calibration"][kind] = [float(line.coef_[0, 0]), float(line.intercept_[0])]
    settings.write_text(json.dumps(plain), encoding="utf-8")
    return Classifier(load_model(folder))


if __name__ == "__main__":
    main()
