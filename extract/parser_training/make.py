"""Train the tagger and parser that ships as `extract/parser_model`.

usage: python -m extract.parser_training.make UD_FOLDER [--steps N] [--out FOLDER]

UD_FOLDER holds `{ewt,gum_open}_{train,dev,test}.conllu.gz` (Universal Dependencies English EWT and the open genres of
GUM, CC BY-SA 4.0). Every training document is there twice, once as written and once in lower case without marks. Seeds
are fixed. About half an hour on one core; prints the scores on the test halves, written and as heard.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from extract.parser_training.treebank import documents, read_sentences, shuffled

HERE = Path(__file__).parent
MODEL = HERE.parent / "parser_model"
SEED = 7


def make_corpora(source: Path, folder: Path) -> None:
    """Write `train.spacy` and `dev.spacy` into `folder`."""
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("en").vocab
    for part in ("train", "dev"):
        sentences = [s for bank in ("ewt", "gum_open") for s in read_sentences(source / f"{bank}_{part}.conllu.gz")]
        docs = [d for heard in (False, True) for d in documents(sentences, vocab, heard=heard)]
        if part == "dev":
            docs = shuffled(docs, seed=SEED)[:600]
        DocBin(docs=shuffled(docs, seed=SEED), store_user_data=False).to_disk(folder / f"{part}.spacy")


def train(folder: Path, *, steps: int) -> Path:
    """Return the folder of the best model by the dev half."""
    from spacy.cli.train import train as spacy_train

    overrides: dict[str, Any] = {
        "paths.train": str(folder / "train.spacy"),
        "paths.dev": str(folder / "dev.spacy"),
        "training.max_steps": steps,
        "system.seed": SEED,
    }
    spacy_train(HERE / "config.cfg", folder / "out", overrides=overrides)
    return folder / "out" / "model-best"


def evaluate(model: Path, source: Path) -> dict[str, dict[str, float]]:
    """Return the scores by test half, as written and as heard."""
    import spacy
    from spacy.training import Example

    nlp = spacy.load(model)
    table: dict[str, dict[str, float]] = {}
    for bank in ("ewt", "gum_open"):
        sentences = read_sentences(source / f"{bank}_test.conllu.gz")
        for heard in (False, True):
            gold = list(documents(sentences, nlp.vocab, heard=heard))
            scores = nlp.evaluate([Example(nlp.make_doc(d.text), d) for d in gold])
            wanted = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f")
            table[f"{bank} {'heard' if heard else 'written'}"] = {k: round(float(scores[k]), 4) for k in wanted}
    return table


def pack(model: Path, out: Path, scores: dict[str, dict[str, float]]) -> None:
    """Write the model as one file and its config into `out`."""
    import spacy

    nlp = spacy.load(model)
    out.mkdir(parents=True, exist_ok=True)
    (out / "parser.bin").write_bytes(nlp.to_bytes(exclude=["vectors"]))
    nlp.config.to_disk(out / "parser.cfg")
    (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf8")


def main() -> None:
    """Train, measure and pack."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("source", type=Path)
    ask.add_argument("--steps", type=int, default=6000)
    ask.add_argument("--out", type=Path, default=MODEL)
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as work:
        make_corpora(asked.source, Path(work))
        best = train(Path(work), steps=asked.steps)
        scores = evaluate(best, asked.source)
        pack(best, asked.out, scores)
    for name, row in scores.items():
        print(name, *(f"{k} {v:.3f}" for k, v in row.items()), sep="  ")


if __name__ == "__main__":
    main()
