"""Which lines of the transcript carry an item: its proof, no wider than need be, in whole sentences where they end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from casefile.records import Kind, Meeting
from extract.classify import Part
from extract.evidence import TurnEvidence, log_odds
from extract.utterances import Utterance, ends_sentence

NEAR: Final = 1.5  # log odds below the loudest line from which on a line still carries the item with it
SURE_RULE: Final = 3


def carrying(
    kind: Kind, e: TurnEvidence, utterance: Utterance, parts: Sequence[Part], source: Meeting
) -> tuple[int, ...]:
    """Return the numbers of the lines of an utterance that carry an item of `kind`; it was read in `parts`."""
    if len(utterance.starts) == 1 or not parts:
        return tuple(utterance.lines)
    loud: dict[int, float] = {}
    for part in parts:
        line = utterance.line_at(part.start)
        loud[line] = max(loud.get(line, -math.inf), log_odds(part.scores.of(kind), least=1e-6))
    least = max(loud.values()) - NEAR
    chosen = {line for line, odds in loud.items() if odds >= least}
    for hit in e.hits:
        if hit.rule.kind == kind and hit.strength >= SURE_RULE:
            chosen.add(utterance.line_at(e.view.exact(hit.start, hit.end)[0]))
    return _whole_sentences(chosen, utterance, source)


def _whole_sentences(chosen: set[int], utterance: Utterance, source: Meeting) -> tuple[int, ...]:
    """Return the lines with those that hold the rest of their sentences, where the talk is written with full stops."""
    lines = utterance.lines
    ended = {line for line in lines if ends_sentence(source.turns[line].text)}
    if not ended:
        return tuple(sorted(chosen))
    made = set(chosen)
    for line in chosen:
        back = line
        while back > lines.start and back - 1 not in ended:
            back -= 1
            made.add(back)
        on = line
        while on not in ended and on + 1 < lines.stop:
            on += 1
            made.add(on)
    return tuple(sorted(made))
