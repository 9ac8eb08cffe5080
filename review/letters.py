"""Letters on the page: the parent's own words laid over a draft, who gets it, and whether it went out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casefile.errors import CaseError
from casefile.files import private_folder, sha256_of_text, telling, write_private
from casefile.records import Block, BlockKind, Contact, Letter, Sent, Sentence

_ITEM = re.compile(r"^(\s*)(?:(\d+)\.|[-•])\s+(.*)$")
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


def as_edited(letter: Letter, text: str, edited: str) -> Letter:
    """Return the letter with the parent's own words.

    `text` is the draft as plain text, a line a block; lines that stayed keep their form and the proof of their
    sentences, new ones are read by how they look: "- " and "1. " are items, four spaces a quote.
    """
    before = dict(zip(_lines(text), letter.blocks, strict=False))
    proofs = {s.text: s for b in letter.blocks for s in b.sentences}
    closing = False
    blocks = []
    for line in _lines(edited):
        known = before.get(line)
        block = known or _block(line, proofs, closing)
        closing = closing or block.kind == "closing"
        blocks.append(block)
    return replace(letter, blocks=tuple(blocks))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _block(line: str, proofs: dict[str, Sentence], closing: bool) -> Block:
    if item := _ITEM.match(line):
        indent, number, words = item.groups()
        sentences = _sentences(words, proofs)
        return Block(
            kind="item", sentences=sentences, level=int(len(indent) >= 3), number=int(number) if number else None
        )
    kind: BlockKind = "quote" if line.startswith("    ") else "closing" if closing else "paragraph"
    if line.isupper() and len(line) < 80:
        kind = "heading"
    return Block(kind=kind, sentences=_sentences(line.strip(), proofs))


def _sentences(words: str, proofs: dict[str, Sentence]) -> tuple[Sentence, ...]:
    """The line in sentences: those of the draft that stand in it word for word keep their proof."""
    found = sorted((words.find(t), t) for t in proofs if t and t in words)
    made: list[Sentence] = []
    at = 0
    for start, text in found:
        if start < at:
            continue
        if own := words[at:start].strip():
            made.append(Sentence(text=own))
        made.append(proofs[text])
        at = start + len(text)
    if own := words[at:].strip():
        made.append(Sentence(text=own))
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Who gets a letter."""

    to: tuple[Contact, ...]
    cc: tuple[Contact, ...]


class Bases:
    """The drafts that own words were written over, so that a later draft can be brought in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "page" / "drafts"

    def keep(self, text: str) -> str:
        """Keep a draft; return its SHA-256."""
        digest = sha256_of_text(text)
        private_folder(self._folder)
        write_private(self._folder / f"{digest}.txt", text)
        return digest

    def read(self, digest: str) -> str | None:
        """Return the draft with this SHA-256, or None where it was not kept."""
        path = self._folder / f"{digest}.txt"
        with telling(path):
            return path.read_text("utf8") if len(digest) == 64 and path.exists() else None


class Addresses:
    """Who gets which letter, as the parent chose; kept in the case."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "page" / "recipients.json"

    def chosen(self, letter: Letter) -> Recipients:
        """Return who gets the letter: as chosen, else as drafted."""
        kept = self._read().get(letter.id)
        if not kept:
            return Recipients(to=letter.to, cc=letter.cc)
        return Recipients(to=tuple(Contact(**c) for c in kept["to"]), cc=tuple(Contact(**c) for c in kept["cc"]))

    def choose(self, letter_id: str, to: Sequence[Contact], cc: Sequence[Contact]) -> None:
        """Keep who gets a letter; raises CaseError for an address that is none."""
        for person in (*to, *cc):
            if not _ADDRESS.fullmatch((person.email or "").strip()):
                raise CaseError(
                    f"“{person.email or person.name}” is not a mail address.",
                    next_step="Write it like name@school.org, or leave this person out.",
                )
        private_folder(self._path.parent)
        kept = self._read() | {letter_id: {"to": [_plain(c) for c in to], "cc": [_plain(c) for c in cc]}}
        write_private(self._path, json.dumps(kept, ensure_ascii=False, indent=1))

    def _read(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        if not self._path.exists():
            return {}
        with telling(self._path):
            try:
                kept: dict[str, dict[str, list[dict[str, str]]]] = json.loads(self._path.read_text("utf8"))
            except ValueError:
                return {}
        return kept


def _plain(person: Contact) -> dict[str, str]:
    return {"name": person.name, "role": person.role, "email": (person.email or "").strip()}


def last_sent(sent: Sequence[Sent], letter_id: str) -> Sent | None:
    """Return what became of a letter: the sending that counts, a sent or doubtful one before a failed one."""
    mine = [s for s in sent if s.letter_id == letter_id]
    weighty = [s for s in mine if s.outcome in ("sent", "unknown", "sending")]
    found = weighty or mine
    return found[-1] if found else None
