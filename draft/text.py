"""A letter as plain text: one line per paragraph, so that every mail program wraps it for itself."""

from __future__ import annotations

from casefile.records import Block, Contact, Letter
from draft.banner import banner


def to_text(letter: Letter) -> str:
    """Return the whole letter with its subject and addresses."""
    above = f"{warning}\n\n" if (warning := banner(letter)) else ""
    return f"{above}{header(letter)}\n{body(letter)}"


def header(letter: Letter) -> str:
    """Return the lines above the letter: to, copy, subject."""
    lines = [f"To: {addresses(letter.to)}"] if letter.to else []
    lines += [f"Cc: {addresses(letter.cc)}"] if letter.cc else []
    return "\n".join([*lines, f"Subject: {letter.subject}"]) + "\n"


def addresses(people: tuple[Contact, ...]) -> str:
    """Return people as a mail program shows them: `Dana Ruiz <dana@school.example>; ...`."""
    return "; ".join(f"{p.name} <{p.email}>" if p.email else p.name for p in people)


def body(letter: Letter) -> str:
    """Return the letter's words alone."""
    parts: list[str] = []
    for place, block in enumerate(letter.blocks):
        before = letter.blocks[place - 1].kind if place else None
        close = before == block.kind and block.kind in ("item", "closing")
        parts += ["\n" if close else "\n\n"] * bool(place) + [_line(block)]
    return "".join(parts) + "\n"


def _line(block: Block) -> str:
    match block.kind:
        case "heading":
            return block.text.upper()
        case "item":
            return f"{'   ' * block.level}{f'{block.number}. ' if block.number else '- '}{block.text}"
        case "quote":
            return f"    {block.text}"
        case _:
            return block.text
