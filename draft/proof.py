"""The parent's own copy: what stands behind each sentence of the letters, and where to hear it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casefile.records import Finding, Letter, ReviewedCase
from casefile.seconds import clock
from draft import words

NAME = "your-copy.md"  # no .txt: those are the letters
_HEAD = (
    "For you, not for the school. What stands behind each sentence of your letters, and where to hear it.\n"
    "This program helps you write; it does not give legal advice.\n"
)


def proof(letters: Sequence[Letter], case: ReviewedCase) -> str:
    """Return the parent's copy as plain text."""
    known = {f.id: f for f in case.accepted}
    return "\n".join([_HEAD, *(line for letter in letters for line in _letter(letter, known))]) + "\n"


def _letter(letter: Letter, known: dict[str, Finding]) -> Iterable[str]:
    yield f"== {letter.id}: {letter.subject}"
    if letter.provisional:
        yield "A first draft from findings you have not looked at yet. It cannot be sent."
    if letter.rough:
        yield "Made from a rough transcript: listen to each place before you send anything."
    for lack in letter.missing:
        yield (
            f"   missing: {lack}" if not lack.startswith("a check:") else f"   check: {lack.removeprefix('a check: ')}"
        )
    told: set[str] = set()
    for block in letter.blocks:
        for sentence in block.sentences:
            new = [known[i] for i in sentence.finding_ids if i in known and i not in told]
            told.update(f.id for f in new)
            if new:
                yield f"\n   {sentence.text}"
            for finding in new:
                yield from _finding(finding)
    yield ""


def _finding(finding: Finding) -> Iterable[str]:
    for said in finding.said:
        at = clock(said.start_s) if said.start_s is not None else "no time"
        doubt = f"  (doubt: {said.doubt})" if said.doubt else ""
        yield f"      [{finding.id}] {at}  {said.speaker or 'somebody'}: {words.quoted(said.text)}{doubt}"
