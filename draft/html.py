"""A letter as one HTML page that needs nothing else: no script, no address outside."""

from __future__ import annotations

from html import escape

from casefile.records import Block, Letter
from draft.banner import banner
from draft.text import addresses

_STYLE = (
    "body{font:16px/1.5 Georgia,'Times New Roman',serif;color:#1a1a1a;background:#fff;max-width:42rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.25rem}h2{font-size:1.05rem;margin:1.6em 0 .4em}li,p{margin:.4em 0}"
    "blockquote{margin:.6em 0 .6em 1.5em;font-style:italic}.to{color:#444;font-size:.9rem}.sign{margin:.1em 0}"
    ".warning{border:2px solid #9a3324;padding:.5rem .8rem;color:#7a2015}"
    "p:not(.sign)+.sign,ol+.sign{margin-top:1.4em}"
)


def to_html(letter: Letter, *, proof: bool = False) -> str:
    """Return the letter as a whole page; with `proof` each sentence carries its findings' ids."""
    head = "".join(
        f'<p class="to">{label}: {escape(addresses(people))}</p>'
        for label, people in (("To", letter.to), ("Cc", letter.cc))
        if people
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(letter.subject)}</title><style>{_STYLE}</style></head>\n<body>\n"
        f"{_warning(letter)}{head}<h1>{escape(letter.subject)}</h1>\n{fragment(letter, proof=proof)}</body></html>\n"
    )


def _warning(letter: Letter) -> str:
    warning = banner(letter)
    return f'<p class="warning">{escape(warning)}</p>' if warning else ""


def fragment(letter: Letter, *, proof: bool = False) -> str:
    """Return the letter's blocks as HTML."""
    parts: list[str] = []
    in_list = False
    for block in letter.blocks:
        listed = block.kind == "item"
        if listed != in_list:
            parts.append("<ol>\n" if listed else "</ol>\n")
            in_list = listed
        parts.append(_block(block, proof=proof))
    return "".join([*parts, "</ol>\n" if in_list else ""])


def _block(block: Block, *, proof: bool) -> str:
    inner = " ".join(_sentence(s.text, s.finding_ids if proof else ()) for s in block.sentences)
    match block.kind:
        case "heading":
            return f"<h2>{inner}</h2>\n"
        case "item":
            where = f' value="{block.number}"' if block.number else ' style="list-style-type:disc;margin-left:1.5em"'
            return f'<li dir="auto"{where}>{inner}</li>\n'
        case "quote":
            return f'<blockquote dir="auto">{inner}</blockquote>\n'
        case "closing":
            return f'<p class="sign" dir="auto">{inner}</p>\n'
        case _:
            return f'<p dir="auto">{inner}</p>\n'


def _sentence(text: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return escape(text)
    return f'<span data-findings="{escape(" ".join(ids))}">{escape(text)}</span>'
