"""A rendered template as subject and blocks.

A template is written line by line:

    Subject: ...           the first line
    Dear ...               the greeting
    # Heading              starts the numbers anew
    ## Heading             lets them run on
    1. item                numbered by the program, whatever number stands there
    - item                 under the item above
    > words                a quotation standing alone
    ~ line                 the closing: name, address
    anything else          a paragraph; lines that follow one another are one paragraph

Only the template's own words can make a heading or an item: a value that begins with "#" is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from casefile.records import Block, BlockKind, Sentence
from draft.errors import LetterError
from draft.marks import Marks, Piece

_START = re.compile(r"(##?|1\.|-|>|~)(?:\s+|$)")
_KINDS: dict[str, BlockKind] = {
    "##": "heading",
    "#": "heading",
    "1.": "item",
    "-": "item",
    ">": "quote",
    "~": "closing",
}
_END = re.compile(r"[.?!:][\"”’)]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a rendered template says."""

    subject: str
    blocks: tuple[Block, ...]
    missing: tuple[str, ...]  # what sentences were left out for


@dataclass(slots=True)
class _Line:
    kind: BlockKind
    mark: str
    text: str


def parse(rendered: str, marks: Marks, *, name: str) -> Parsed:
    """Return the subject and blocks of a rendered template; raises LetterError if it has no subject line."""
    first, _, rest = rendered.strip().partition("\n")
    if not first.startswith("Subject:"):
        raise LetterError(
            f'{name}, line 1: the first line is not "Subject: ...".', next_step="Write the subject there."
        )
    missing: dict[str, None] = {}
    subject = " ".join(s.text for s in _sentences(first.removeprefix("Subject:"), marks, missing))
    blocks: list[Block] = []
    number = 0
    for line in _lines(rest):
        sentences = _sentences(line.text, marks, missing)
        if not sentences:
            continue
        numbered = line.mark == "1."
        number = 0 if line.mark == "#" else number + numbered
        blocks.append(
            Block(
                kind=line.kind,
                sentences=sentences,
                level=int(line.mark == "-"),
                number=number if numbered else None,
            )
        )
    return Parsed(subject=subject, blocks=_without_empty(blocks), missing=tuple(missing))


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    open_paragraph = False
    for raw in text.split("\n"):
        bare = raw.strip()
        start = _START.match(bare)
        if not bare:
            open_paragraph = False
        elif start:
            lines.append(_Line(_KINDS[start[1]], start[1], bare[start.end() :]))
            open_paragraph = start[1] in ("1.", "-", ">")  # a long item may go on in the next line
        elif open_paragraph:
            lines[-1].text += " " + bare
        else:
            lines.append(_Line("greeting" if bare.startswith("Dear ") else "paragraph", "", bare))
            open_paragraph = lines[-1].kind == "paragraph"
    return lines


def _sentences(text: str, marks: Marks, missing: dict[str, None]) -> tuple[Sentence, ...]:
    """Return the sentences of a block; one that needs what the case lacks is left out and the lack noted."""
    groups: list[list[Piece]] = [[]]
    for piece in marks.pieces(text):
        if piece.source is not None or piece.lacks:
            groups[-1].append(piece)
            continue
        for place, part in enumerate(_split(piece.text, after=groups[-1])):
            if place:
                groups.append([])
            groups[-1].append(Piece(text=part))
    made = []
    for group in groups:
        if lacks := [p.lacks for p in group if p.lacks]:
            missing.update(dict.fromkeys(lacks))
        elif said := _tidy("".join(p.text for p in group)):
            made.append(_sentence(said, group))
    return _shared(made)


def _split(text: str, *, after: list[Piece]) -> list[str]:
    """Return the template's words cut after each sentence; a value's own full stops never end one by themselves."""
    parts = re.split(r"(?<=[.?!])(?<!\b[A-Z]\.)(?<!\bp\.m\.)(?<!\ba\.m\.)\s+|(?<=[.?!][\"”’)])\s+", text)
    if after and text[:1].isspace() and _END.search(after[-1].text) and after[-1].text[-1:] != ":":
        parts[0:1] = ["", parts[0]]
    return parts


def _sentence(said: str, group: list[Piece]) -> Sentence:
    sources = [p.source for p in group if p.source]
    return Sentence(
        text=said,
        finding_ids=tuple(dict.fromkeys(s.finding_id for s in sources if s.finding_id)),
        fact_ids=tuple(dict.fromkeys(s.fact_id for s in sources if s.fact_id)),
    )


def _shared(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Give a block's sentences without a finding of their own those of the block: "The answer was no." has a proof."""
    ids = tuple(dict.fromkeys(i for s in sentences for i in s.finding_ids))
    return tuple(s if s.finding_ids else Sentence(text=s.text, finding_ids=ids, fact_ids=s.fact_ids) for s in sentences)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" +([.,;:?!])(?!\.)", r"\1", text)
    text = re.sub(r"([.?!…][”\"])\.(?!\.)", r"\1", text)  # “... today.”. ends once
    return re.sub(r"(?<![.])([.?!])\.(?!\.)", r"\1", text)  # so does "No. 4..", but not "and so on ..."


def _without_empty(blocks: list[Block]) -> tuple[Block, ...]:
    """Return the blocks without headings that nothing stands under."""
    return tuple(
        b
        for place, b in enumerate(blocks)
        if b.kind != "heading" or (place + 1 < len(blocks) and blocks[place + 1].kind not in ("heading", "closing"))
    )
