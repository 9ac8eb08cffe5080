"""The parent's own words over a draft: kept, and shown as a difference."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from letter_cases import TODAY, case, promise, refusal, request

from casefile.files import sha256_of_text
from draft import draft_letters
from draft.edits import Change, merge, shown
from draft.text import body

BASE = "Dear team,\n\nOne.\n\nTwo.\n\nThree.\n"


def test_nothing_changed_brings_no_difference() -> None:
    merged = merge(base=BASE, edited=BASE, new=BASE)
    assert (merged.text, merged.changes) == (BASE, ())


def test_the_parents_words_stand_and_the_new_draft_comes_in_beside_them() -> None:
    mine, now = BASE.replace("One.", "One, dear all."), BASE.replace("Three.", "Three and four.")
    merged = merge(base=BASE, edited=mine, new=now)
    assert merged.text == "Dear team,\n\nOne, dear all.\n\nTwo.\n\nThree and four.\n"
    assert [c.whose for c in merged.changes] == ["yours", "draft"]
    assert merged.clashes == ()


def test_where_both_changed_the_same_line_the_parents_stand_and_the_other_is_shown() -> None:
    mine, now = BASE.replace("Two.", "Two!"), BASE.replace("Two.", "Zwei.")
    merged = merge(base=BASE, edited=mine, new=now)
    assert merged.text == mine
    assert merged.clashes == (Change(whose="both", before=("Two.",), yours=("Two!",), draft=("Zwei.",)),)
    assert shown(merged.changes) == "Your own words; the draft says otherwise:\n- Zwei.\n+ Two!"


def test_without_the_base_the_parents_text_stands_whole() -> None:
    mine = BASE.replace("Two.", "Two!")
    merged = merge(base=None, edited=mine, new=BASE)
    assert merged.text == mine
    assert [(c.draft, c.yours) for c in merged.changes] == [(("Two.",), ("Two!",))]


def test_an_edit_outlives_a_finding_that_was_dropped() -> None:
    first = case(request(), refusal(), promise("send the draft"), promise("call", id="c2"))
    base = body(draft_letters(first, today=TODAY)[0])
    mine = base.replace("Thank you for your time", "With warm thanks for your time")
    fewer = replace(first, findings=first.findings[:3])
    merged = merge(base=base, edited=mine, new=body(draft_letters(fewer, today=TODAY)[0]))
    assert "With warm thanks for your time" in merged.text
    assert "Call. No date was given" not in merged.text
    assert "Send the draft." in merged.text
    assert sha256_of_text(base) != sha256_of_text(mine)


lines = st.lists(st.sampled_from(["a", "b", "c", "", "d e"]), max_size=8).map(lambda x: "\n".join(x) + "\n")


@given(lines, lines, lines)
def test_no_word_of_the_parents_is_ever_lost(base: str, mine: str, now: str) -> None:
    merged = merge(base=base, edited=mine, new=now)
    theirs = {id_ for c in merged.changes for id_ in (*c.yours, *c.before)}
    assert set(mine.splitlines()) <= set(merged.text.splitlines()) | theirs
    for change in merged.changes:
        if change.whose != "draft":
            assert "\n".join(change.yours) in merged.text


@given(lines, lines)
def test_an_edit_over_the_present_draft_is_the_text_and_an_untouched_one_follows_it(base: str, other: str) -> None:
    assert merge(base=base, edited=other, new=base).text == other
    assert merge(base=base, edited=base, new=other).text.splitlines() == other.splitlines()
