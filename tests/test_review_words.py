"""The page's own words: plain, and none of them unexplained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_draft_grade import syllables

import review
from review.templates import glossary

PAGES = sorted((Path(review.__file__).parent / "pages").glob("*.html"))
BLOCK = re.compile(r"<(?:p|h1|h2|legend|label|li|summary|button|dd|option)\b[^>]*>(.*?)</", re.S)


def sentences(page: Path) -> list[str]:
    """Return the running text of a template, a sentence each."""
    text = re.sub(r"\{%.*?%\}|\{#.*?#\}|<svg.*?</svg>", "", page.read_text("utf8"), flags=re.S)
    found = []
    for block in BLOCK.findall(re.sub(r"\{\{.*?\}\}", "Monday", text, flags=re.S)):
        plain = re.sub(r"<[^>]+>", " ", block).replace("\n", " ")
        found += [s.strip() for s in re.split(r"(?<=[.?!])\s", plain) if len(s.split()) > 5]
    return found


def test_the_page_reads_as_plain_as_an_eighth_grade_book() -> None:
    said = [s for page in PAGES for s in sentences(page)]
    assert len(said) > 30
    words = re.findall(r"[A-Za-z][\w'’]*", " ".join(said))
    grade = 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade <= 8.0


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_no_sentence_is_long(page: Path) -> None:
    assert [s for s in sentences(page) if len(s.split()) > 30] == []


def test_the_glossary_explains_what_schools_say() -> None:
    terms = {w["term"]: w["meaning"] for w in glossary()}
    assert len(terms) > 100
    for term in ("IEP", "FAPE", "PWN", "LRE", "504 plan", "ESY"):
        assert terms[term]
    assert all(w["meaning"].strip() for w in glossary())
