"""A letter as PDF, set by typst: its own fonts, no network, no packages."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from casefile.records import Letter
from draft.banner import banner
from draft.text import addresses

_TOGETHER = re.compile(r"\b(?:[A-Z][a-z]+ \d{1,2}, \d{4}|\d+ CFR [\d.]+|\d{1,2}:\d\d [ap]\.m)")  # not to be broken
_OWN_FONTS_END = (
    0x0530  # the fonts that come with typst cover Latin, Greek and Cyrillic; other scripts need the system's
)


def to_pdf(letter: Letter) -> bytes:
    """Return the letter as a PDF; the same letter gives the same bytes."""
    import typst

    data = json.dumps(_data(letter), ensure_ascii=False)
    own_fonts = all(ord(c) < _OWN_FONTS_END or 0x2000 <= ord(c) < 0x2190 for c in data)
    made = typst.compile(
        str(_source()),
        root=str(_source().parent),
        ignore_system_fonts=own_fonts,
        sys_inputs={"letter": data},
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _source() -> Path:
    return Path(str(resources.files("draft").joinpath("letter.typ")))


def _data(letter: Letter) -> dict[str, Any]:
    signs = [s.text for b in letter.blocks if b.kind == "closing" for s in b.sentences]
    blocks = [
        {
            "kind": b.kind,
            "text": _TOGETHER.sub(lambda m: m[0].replace(" ", "\u00a0"), b.text),
            "number": b.number,
            "first": place == 0 or letter.blocks[place - 1].kind != b.kind,
            "sticky": _keeps_with_next(letter, place),
        }
        for place, b in enumerate(letter.blocks)
    ]
    head = (("To", letter.to), ("Copy to", letter.cc))
    return {
        "banner": banner(letter) or "",
        "subject": letter.subject,
        "author": signs[1] if len(signs) > 1 else "",
        "head": [{"label": label, "text": addresses(people)} for label, people in head if people],
        "blocks": blocks,
    }


def _keeps_with_next(letter: Letter, place: int) -> bool:
    """Say whether a page may not end after this block: a line that leads in a list, a closing line but the last."""
    block, rest = letter.blocks[place], letter.blocks[place + 1 :]
    if not rest:
        return False
    return block.text.endswith(":") or (block.kind == "closing" and rest[0].kind == "closing")
