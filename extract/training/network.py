"""The network: the sentence model's encoder over windows of turns, and small heads over each piece."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from extract.classify import KINDS
from extract.classify_sides import SIDES
from extract.classify_units import FIRST_MARK, SLOTS

WIDE: Final = 384
PAIR: Final = 64
DISTANCES: Final = (1, 2, 3, 4, 6, 9, 14, 24, 48)  # upper bounds of the buckets of distance, in turns
NOTICES: Final = ("calls", "softer", "none")
ABOUTS: Final = ("identification", "evaluation", "placement", "fape")


@dataclass(frozen=True, slots=True)
class Read:
    """What the network says of pieces: logits by head, vectors for pairs."""

    kinds: Tensor
    ends: Tensor
    notice: Tensor
    about: Tensor
    change: Tensor
    answer: Tensor
    asked: Tensor
    later: Tensor
    earlier: Tensor


class TurnReader(nn.Module):  # type: ignore[misc]
    """Reads windows; gives, for every piece, how likely it carries what."""

    def __init__(self, base: Path, *, layers: int = 6):
        super().__init__()
        config = BertConfig.from_pretrained(base)
        config.num_hidden_layers = layers
        self.encoder = BertModel.from_pretrained(base, config=config, add_pooling_layer=False)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.sides = nn.Parameter(torch.randn(len(SIDES), WIDE) * 0.02)
        self.slots = nn.Parameter(torch.randn(SLOTS, WIDE) * 0.02)
        self.drop = nn.Dropout(0.1)
        self.kinds = nn.Linear(2 * WIDE, len(KINDS))
        self.ends = nn.Linear(2 * WIDE, 1)
        self.notice = nn.Linear(2 * WIDE, len(NOTICES))
        self.about = nn.Linear(2 * WIDE, len(ABOUTS))
        self.change = nn.Linear(2 * WIDE, 1)
        self.answer = nn.Linear(2 * WIDE, PAIR)
        self.asked = nn.Linear(2 * WIDE, PAIR)
        self.later = nn.Linear(2 * WIDE, PAIR)
        self.earlier = nn.Linear(2 * WIDE, PAIR)
        self.answer_far = nn.Parameter(torch.zeros(len(DISTANCES) + 1))
        self.same_far = nn.Parameter(torch.zeros(len(DISTANCES) + 1))
        self.none = nn.Parameter(torch.zeros(1))

    def embed(self, ids: Tensor) -> Tensor:
        """Return word vectors, the marks' being those of side and speaker."""
        words = self.encoder.embeddings.word_embeddings(ids)
        combined = (self.sides[:, None] + self.slots[None]).reshape(-1, WIDE)
        place = ids - FIRST_MARK
        is_mark = (place >= 0) & (place < len(combined))
        return torch.where(is_mark[..., None], combined[place.clamp(0, len(combined) - 1)], words)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last hidden states."""
        hidden: Tensor = self.encoder(inputs_embeds=self.embed(ids), attention_mask=mask).last_hidden_state
        return hidden

    def pooled(self, hidden: Tensor, spans: Tensor) -> Tensor:
        """Return, for every row (window, mark, end) of `spans`, the mark's state beside the mean of its words'."""
        sums = torch.cumsum(hidden.float(), dim=1)
        at, start, end = spans.unbind(1)
        words = (sums[at, end - 1] - sums[at, start]) / (end - start - 1).clamp(min=1)[:, None]
        return torch.cat([hidden[at, start].float(), words], dim=1)

    def read(self, ids: Tensor, mask: Tensor, spans: Tensor, *, room: int = 4096) -> Tensor:
        """Return the pooled pieces of windows of any length, run in groups of like length."""
        lengths = mask.sum(1)
        order = torch.argsort(lengths, descending=True).tolist()
        made: list[Tensor] = []
        rows: list[Tensor] = []
        while order:
            long = int(lengths[order[0]])
            group = [i for i in order[: max(1, room // long)] if lengths[i] * 1.4 > long or long < 40]
            order = order[len(group) :]
            place = torch.full((len(ids),), -1)
            place[group] = torch.arange(len(group))
            here = (place[spans[:, 0]] >= 0).nonzero()[:, 0]
            hidden = self(ids[group, :long], mask[group, :long])
            own = torch.stack([place[spans[here, 0]], spans[here, 1], spans[here, 2]], dim=1)
            made.append(self.pooled(hidden, own))
            rows.append(here)
        return torch.cat(made)[torch.argsort(torch.cat(rows))]

    def heads(self, pooled: Tensor) -> Read:
        """Return what the heads say of pooled pieces."""
        p = self.drop(pooled)
        return Read(
            kinds=self.kinds(p),
            ends=self.ends(p)[:, 0],
            notice=self.notice(p),
            about=self.about(p),
            change=self.change(p)[:, 0],
            answer=self.answer(p),
            asked=self.asked(p),
            later=self.later(p),
            earlier=self.earlier(p),
        )


def bucket(distance: Tensor) -> Tensor:
    """Return the place of each distance (in turns) among the buckets."""
    return torch.bucketize(distance, torch.tensor(DISTANCES))
