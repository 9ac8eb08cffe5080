"""Talks as tensors: windows of token ids, where each piece stands, and what the annotation says of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from extract.classify import KINDS
from extract.classify_units import PIECE_TOKENS, Window, pieces_of, windows_of
from extract.training.corpus import Talk
from extract.training.variety import in_lines

BESIDE = 0.3  # weight of "no" at a turn that an item of the kind needs, but that does not carry it
AGREEMENT = KINDS.index("agreement")
BROKEN = 0.35  # share of talks that are read line by line, as a recording gives them
SETTLING = 2  # turns around an agreement's anchor in which another might as well be said to settle it


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows with one row of `spans`, `turns`, `labels`, `weights` and `ends` for every scored piece."""

    ids: Tensor
    mask: Tensor
    spans: Tensor  # window, mark, end
    turns: Tensor  # which turn, counted through all talks of the batch
    talks: Tensor  # which talk
    labels: Tensor
    weights: Tensor
    ends: Tensor
    items: tuple[tuple[int, Talk], ...]  # first turn of each talk, and the talk


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, without end marks."""
    return [e.ids[:PIECE_TOKENS] for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def batch_of(talks: Sequence[Talk], tokenizer: Tokenizer, *, chance: random.Random | None = None) -> Batch:
    """Return the talks as one batch; with `chance`, the bounds of windows fall anew and turns fall into lines."""
    windows: list[Window] = []
    rows: list[tuple[int, int, int]] = []
    turns: list[int] = []
    of_talk: list[int] = []
    firsts: list[tuple[int, Talk]] = []
    count = 0
    for number, talk in enumerate(talks):
        broken = chance is not None and chance.random() < BROKEN
        lines = [in_lines(t.text, chance) for t in talk.meeting.turns] if chance and broken else None
        pieces = pieces_of(talk.meeting, lines=lines)
        tokens = encode(tokenizer, [p.text for p in pieces])
        for window in windows_of(
            pieces, tokens, skip=chance.randint(1, 14) if chance else 0, apart=chance is not None and talk.only is None
        ):
            bounds = (*window.marks, len(window.ids) - 1)
            for at in range(window.begin, window.end):
                if talk.only is None or pieces[at].turn == talk.only:
                    rows.append((len(windows), bounds[at - window.first], bounds[at - window.first + 1]))
                    turns.append(count + pieces[at].turn)
                    of_talk.append(number)
            windows.append(window)
        firsts.append((count, talk))
        count += len(talk.meeting.turns)
    return _tensors(windows, rows, turns, of_talk, firsts)


def _tensors(
    windows: list[Window],
    rows: list[tuple[int, int, int]],
    turns: list[int],
    of_talk: list[int],
    firsts: list[tuple[int, Talk]],
) -> Batch:
    longest = max(len(w.ids) for w in windows)
    ids = torch.zeros(len(windows), longest, dtype=torch.long)
    mask = torch.zeros(len(windows), longest, dtype=torch.long)
    for i, window in enumerate(windows):
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        mask[i, : len(window.ids)] = 1
    labels, weights, ends = [], [], []
    for turn, number in zip(turns, of_talk, strict=True):
        first, talk = firsts[number]
        row, weight, end = labels_of(talk, turn - first)
        labels.append(row)
        weights.append(weight)
        ends.append(end)
    return Batch(
        ids=ids,
        mask=mask,
        spans=torch.tensor(rows),
        turns=torch.tensor(turns),
        talks=torch.tensor(of_talk),
        labels=torch.tensor(labels),
        weights=torch.tensor(weights),
        ends=torch.tensor(ends),
        items=tuple(firsts),
    )


def labels_of(talk: Talk, turn: int) -> tuple[list[float], list[float], float]:
    """Return a turn's labels, how much each counts, and whether the turn ends an item (-1: not annotated)."""
    row = list(talk.labels[turn])
    weight = [1.0] * len(KINDS)
    for item in talk.items:
        near = item.kind == AGREEMENT and any(0 < abs(turn - a) <= SETTLING for a in item.anchors)
        if (turn in item.turns or near) and not row[item.kind]:
            weight[item.kind] = BESIDE
    if talk.only is not None:
        return row, weight, -1.0
    return row, weight, float(any(item.ended == turn for item in talk.items))
