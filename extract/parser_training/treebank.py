"""Treebank sentences as spaCy documents, with copies as a speech recogniser would write them."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

SENTENCES_PER_DOC = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One word of a CoNLL-U sentence; `head` counts from 0 within the sentence, its own place for the root."""

    text: str
    lemma: str
    pos: str
    tag: str
    morph: str
    head: int
    dep: str
    space: bool  # a space follows


Sentence = tuple[Row, ...]


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """Return every sentence of a gzipped CoNLL-U file."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        blocks = lines.read().strip().split("\n\n")
    return tuple(_sentence(block) for block in blocks)


def _sentence(block: str) -> Sentence:
    rows: list[Row] = []
    glued_until, last_space = 0, True
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        number, text, lemma, pos, tag, morph, head, dep, _, misc = line.split("\t")
        space = "SpaceAfter=No" not in misc
        if "-" in number:  # "don't": a range line, then its words without space between
            glued_until, last_space = int(number.split("-")[1]), space
            continue
        if "." in number:
            continue
        at = int(number)
        if at < glued_until:
            space = False
        elif at == glued_until:
            space = last_space
        rows.append(
            Row(
                text=text,
                lemma=text if lemma == "_" else lemma,
                pos=pos,
                tag=tag,
                morph="" if morph == "_" else morph,
                head=int(head) - 1 if head != "0" else at - 1,
                dep="ROOT" if head == "0" else dep.split(":")[0] if dep not in KEPT else dep,
                space=space,
            )
        )
    return tuple(rows)


KEPT = frozenset({"nsubj:pass", "aux:pass", "nmod:poss", "obl:tmod", "compound:prt", "acl:relcl"})


def as_heard(sentence: Sentence) -> Sentence:
    """Return the sentence in lower case without punctuation, as recognisers write; empty if nothing is left."""
    kept = [i for i, row in enumerate(sentence) if row.pos != "PUNCT"]
    if not kept or any(sentence[row.head].pos == "PUNCT" for row in (sentence[i] for i in kept)):
        return ()
    place = {old: new for new, old in enumerate(kept)}
    return tuple(
        Row(
            text=row.text.lower(),
            lemma=row.lemma,
            pos=row.pos,
            tag=row.tag,
            morph=row.morph,
            head=place[row.head],
            dep=row.dep,
            # the mark that stood between two words was all that parted them
            space=row.space or (i + 1 < len(sentence) and sentence[i + 1].pos == "PUNCT"),
        )
        for i, row in ((i, sentence[i]) for i in kept)
    )


def documents(sentences: Sequence[Sentence], vocab: Vocab, *, heard: bool) -> Iterator[Doc]:
    """Yield documents of a few sentences each; `heard` gives the copies without case and marks."""
    for at in range(0, len(sentences), SENTENCES_PER_DOC):
        some = [as_heard(s) if heard else s for s in sentences[at : at + SENTENCES_PER_DOC]]
        rows = [s for s in some if s]
        if rows:
            yield _document(rows, vocab)


def _document(sentences: Sequence[Sentence], vocab: Vocab) -> Doc:
    from spacy.tokens import Doc

    words: list[Row] = []
    heads: list[int] = []
    starts: list[bool | int | None] = []
    for sentence in sentences:
        heads += [len(words) + row.head for row in sentence]
        starts += [i == 0 for i in range(len(sentence))]
        last = sentence[-1]
        words += [*sentence[:-1], Row(**{n: getattr(last, n) for n in Row.__slots__} | {"space": True})]
    return Doc(
        vocab,
        words=[r.text for r in words],
        spaces=[r.space for r in words],
        tags=[r.tag for r in words],
        pos=[r.pos for r in words],
        morphs=[r.morph for r in words],
        lemmas=[r.lemma for r in words],
        heads=heads,
        deps=[r.dep for r in words],
        sent_starts=starts,
    )


def shuffled(documents_: Sequence[Doc], *, seed: int) -> list[Doc]:
    """Return the documents in an order fixed by `seed`."""
    mixed = list(documents_)
    random.Random(seed).shuffle(mixed)
    return mixed
