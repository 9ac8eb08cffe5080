"""The law data: what a letter may cite, and what it may not."""

from __future__ import annotations

from datetime import date

import pytest
from letter_cases import TODAY, case, refusal, request

from casefile.errors import CaseError
from draft import draft_letters
from draft.errors import LetterError
from draft.law import law_from_text, read_law
from draft.template import find_template, template_names

FACT = """
[[fact]]
id = "notice"
cites = "34 CFR 300.503"
says = "Notice is due."
certainty = "A"
sources = ["https://law.example/300.503"]
read_on = 2026-11-23
"""


def test_every_fact_has_a_source_and_the_day_it_was_read() -> None:
    facts = read_law().facts
    assert len(facts) > 30
    assert all(f.read_on == date(2026, 11, 23) for f in facts)
    assert all(f.sources for f in facts if f.citable)
    assert all(f.says.strip() for f in facts)
    assert {f.certainty for f in facts} == {"A", "B", "C", "K", "!"}


def test_no_fact_calls_the_parents_own_deadline_law() -> None:
    for fact in read_law().facts:
        if "five business days" in fact.says:
            assert "ask" in fact.says


def test_a_sure_fact_may_be_cited_and_an_unsure_one_may_not() -> None:
    assert law_from_text(FACT, what="x").citable("notice").cites == "34 CFR 300.503"
    for mark in ("C", "K", "!"):
        unsure = law_from_text(FACT.replace('certainty = "A"', f'certainty = "{mark}"'), what="x")
        with pytest.raises(LetterError, match="not sure enough"):
            unsure.citable("notice")
    with pytest.raises(LetterError, match="no fact of law"):
        read_law().citable("pwn.invented")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (FACT + FACT, "twice"),
        (FACT.replace("cites", "cities"), "unknown key: cities"),
        (FACT.replace('certainty = "A"', 'certainty = "D"'), "no certainty"),
        (FACT.replace('["https://law.example/300.503"]', "[]"), "names no source"),
        (FACT.replace('says = "Notice is due."\n', ""), "says"),
        (FACT.replace('id = "notice"', "id ="), "cannot be read"),
    ],
)
def test_a_wrong_fact_is_refused_and_named(changed: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        law_from_text(changed, what="law.toml")


def test_every_fact_that_a_template_names_is_a_sure_one() -> None:
    import re

    named = {
        fact
        for name in (*template_names(), "_seven", "_heard", "_late", "_promise", "_asked_and_answered", "_signature")
        for fact in re.findall(r"(?:cite|says)\(\"([^\"]+)\"\)", find_template(name, None).text)
    }
    assert len(named) > 15
    assert all(read_law().citable(f) for f in named)


def test_a_cited_rule_stands_in_the_sentences_data() -> None:
    notice = draft_letters(case(request(), refusal()), today=TODAY)[1]
    cited = {f for b in notice.blocks for s in b.sentences for f in s.fact_ids}
    assert cited == {"pwn.refusal", "pwn.contents"}
    for sentence in (s for b in notice.blocks for s in b.sentences):
        assert ("CFR" in sentence.text) == bool(sentence.fact_ids)
