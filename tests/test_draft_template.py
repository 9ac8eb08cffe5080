"""Templates that somebody changed: what works, and what is said of what does not."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from letter_cases import FACTS, TODAY, case, promise, refusal, request, words_of

from casefile.records import CaseFacts
from draft import draft_letters, template
from draft.choose import Choice
from draft.errors import LetterError
from draft.letters import draft_letter
from draft.views import Item

CHOICE = Choice(id="followup", template="followup", finding_ids=(), why="")


def drafted(folder: Path, text: str, facts: CaseFacts = FACTS, *findings: object) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "followup.j2").write_text(text, encoding="utf8")
    made = draft_letter(case(*findings, facts=facts), CHOICE, today=TODAY, templates=folder)  # type: ignore[arg-type]
    return words_of(made)


def test_the_users_own_template_goes_first(own_home: Path) -> None:
    (own_home / "templates").mkdir()
    (own_home / "templates" / "followup.j2").write_text("Subject: Hello\n\nDear {{ greeting }},\n\nThank you.\n")
    made = draft_letters(case(promise("send the draft")), today=TODAY)
    assert words_of(made[0]) == "Hello\nDear Gordon Pell,\nThank you."
    (own_home / "templates" / "followup.j2").write_text("Subject: Hello again\n\nThank you.\n")
    assert draft_letters(case(), today=TODAY)[0].subject == "Hello again"


def test_every_template_and_every_value_stands_in_the_guide() -> None:
    from draft.letters import values_of

    guide = (Path(__file__).resolve().parent.parent / "docs" / "letters.md").read_text(encoding="utf8")
    names = {f.name for f in (Path(template.__file__).parent / "templates").glob("*.j2")}
    assert len(names) > 20
    assert {n for n in names if n not in guide} == set()
    values = values_of(case(refusal()), CHOICE, today=TODAY)
    assert {v for v in values if v not in guide} == set()
    shown = set(re.findall(r"item\.(\w+)", guide))
    assert {f.name for f in fields(Item)} - shown <= {"id", "kind", "about", "notice", "answers", "same_as_request"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Subject: x\n\n{% if agreed %}\nnever closed\n", "line 4"),  # the closing tag is sought at the end
        ("Subject: x\n\nDear team,\n{{ chidl }}\n", "line 4"),
        ("Subject: x\n\n{{ cite('pwn.days-are-calendar-days') }}\n", "line 3.*not sure enough"),
        ("Subject: x\n\n\n{{ ''.__class__.__mro__ }}\n", "line 4"),
        ("Subject: x\n{% for i in range(99999999) %}x{% endfor %}\n", "line 2"),
        ("Subject: x\n{{ 1 / 0 }}\n", "line 2"),
        ("Subject: x\n{% include '../../secret' %}\n", "no letter"),
        ("Hello\n", "line 1.*Subject"),
        ("Subject: x\n", "empty letter"),
    ],
)
def test_a_broken_template_tells_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(LetterError, match=told) as caught:
        drafted(tmp_path / "templates", text)
    assert "followup.j2" in caught.value.what
    assert caught.value.next_step


def test_a_template_that_is_no_text_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "followup.j2").write_bytes(b"Subject: \xff\xfe\x00")
    with pytest.raises(LetterError, match="UTF-8"):
        draft_letter(case(), CHOICE, today=TODAY, templates=tmp_path)


def test_a_sentence_that_needs_what_the_case_lacks_is_left_out_and_the_lack_is_told(tmp_path: Path) -> None:
    text = "Subject: Hi\n\nCall me at {{ parent_phone }}. I am at {{ school }}. Thanks.\n"
    (tmp_path / "followup.j2").write_text(text)
    facts = CaseFacts(school="Alder Grove")
    made = draft_letter(case(facts=facts), CHOICE, today=TODAY, templates=tmp_path)
    assert made.blocks[0].text == "I am at Alder Grove. Thanks."
    assert "your phone number" in made.missing


@pytest.mark.parametrize(
    "name", ["# Ann", "1. Ann", "- Ann", "~ Ann", "> Ann", "{{ child }}", "{% if %}", "Subject: Ann"]
)
def test_a_value_never_becomes_a_heading_an_item_or_a_tag(tmp_path: Path, name: str) -> None:
    (tmp_path / "followup.j2").write_text("Subject: Hi\n\n{{ child }}\n\nThanks.\n")
    made = draft_letter(case(facts=CaseFacts(child=name)), CHOICE, today=TODAY, templates=tmp_path)
    assert [(b.kind, b.number) for b in made.blocks] == [("paragraph", None), ("paragraph", None)]
    assert made.blocks[0].text == name


def test_a_line_that_ends_in_a_tag_keeps_its_distance_to_the_next(tmp_path: Path) -> None:
    text = "Subject: Hi\n\nOne{% if true %} two.{% endif %}\nThree.\n{% if true %}\nFour.\n{% endif %}\nFive.\n"
    assert drafted(tmp_path / "t", text) == "Hi\nOne two. Three. Four. Five."


def test_numbers_and_names_that_only_a_changed_template_says_are_shown_as_a_check(tmp_path: Path) -> None:
    (tmp_path / "followup.j2").write_text(
        "Subject: Hi\n\nDear {{ greeting }},\n\nPlease give us 45 minutes with Zelda.\n"
    )
    made = draft_letter(case(request(), refusal()), CHOICE, today=TODAY, templates=tmp_path)
    assert [m for m in made.missing if "only" in m] == [
        "a check: 45 stands in followup.j2 only",
        "a check: Zelda stands in followup.j2 only",
    ]
