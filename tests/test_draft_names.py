"""Other children's names are never written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from letter_cases import FACTS, TODAY, case, promise, refusal, request, words_of

from casefile.records import Participant
from draft import draft_letters
from draft.names import OTHER, Guard, likely_child

KNOWN = frozenset({"Eli", "Harlow", "Tess", "Maddern"})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("move Eli away from Jayden", f"move Eli away from {OTHER}"),
        ("seat him with Jayden Moss and Mia", f"seat him with {OTHER} and {OTHER}"),
        ("give the aide that Jayden's class has", f"give the aide that {OTHER}'s class has"),
        ("pair him with Zayvion", f"pair him with {OTHER}"),  # on no list: unknown all the same
        ("put him in Zayvion's class", f"put him in {OTHER}'s class"),
        ("keep him away from Zayvion", f"keep him away from {OTHER}"),
        ("seat him at Jayden Moss's table", f"seat him at {OTHER}'s table"),
        ("we give that to jayden and not to eli", f"we give that to {OTHER} and not to eli"),  # no capitals heard
        # what is no child stays
        ("have Mrs. Oakes and Dr. Fenn train Tess", "have Mrs. Oakes and Dr. Fenn train Tess"),
        ("name the Sonday program in the IEP", "name the Sonday program in the IEP"),
        ("send it to Lincoln Elementary by Friday", "send it to Lincoln Elementary by Friday"),
        ("call the psychologist at Hollow Creek", "call the psychologist at Hollow Creek"),
        ("look at the program in North Fork Valley", "look at the program in North Fork Valley"),
        ("so nobody is driving to Sikeston in that traffic", "so nobody is driving to Sikeston in that traffic"),
        ("give the WISC and the CELF in March", "give the WISC and the CELF in March"),
        ("Will the team meet in May?", "Will the team meet in May?"),
        ("we will mark that in the plan in may", "we will mark that in the plan in may"),
        ("have Tess'll call on Thursdays", "have Tess'll call on Thursdays"),
        ("ask DESE about MAP testing on Mondays", "ask DESE about MAP testing on Mondays"),
    ],
)
def test_a_name_the_case_does_not_know_is_replaced(text: str, written: str) -> None:
    assert Guard(KNOWN).written(text) == written


def test_words_that_name_another_child_are_not_quoted_and_the_parent_is_told() -> None:
    no = refusal(quote="We only do that for Jayden in the other room.")
    for made in draft_letters(case(request(), no, promise("keep Eli away from Mia")), today=TODAY):
        assert "Jayden" not in words_of(made)
        assert "Mia" not in words_of(made)
        assert any("Jayden" in m for m in made.missing)


def test_the_child_is_known_by_the_case_or_by_being_spoken_of_most() -> None:
    assert likely_child(["send Eli's draft", "call about Eli", "keep Mia away"], frozenset()) == "Eli"
    assert likely_child(["send Eli's draft", "call about Mia"], frozenset()) is None
    assert likely_child(["send the draft"], frozenset()) is None


def test_without_the_childs_name_a_single_name_becomes_the_student() -> None:
    facts = replace(FACTS, child=None)
    made = draft_letters(case(promise("send Caleb's data home"), facts=facts), today=TODAY)[0]
    assert "Send the student's data home" in words_of(made)
    assert any("Caleb" in m for m in made.missing)
    assert "Caleb" not in words_of(made)


def test_a_school_in_somebodys_role_is_known() -> None:
    people = (*FACTS.participants, Participant(name="Stan Wojcik", role="Bellerive Park principal"))
    made = draft_letters(
        case(promise("write on Bellerive Park paper"), facts=replace(FACTS, participants=people)), today=TODAY
    )
    assert "Write on Bellerive Park paper" in words_of(made[0])


def test_who_spoke_at_the_meeting_is_known_even_where_nobody_listed_who_was_there() -> None:
    facts = replace(FACTS, participants=(), contacts=())
    made = draft_letters(case(promise("call Ana Poe", owner="Ana Poe"), facts=facts), today=TODAY)[0]
    assert "Ana Poe will:" in words_of(made)
    assert not any("Ana" in m for m in made.missing)


def test_a_name_of_two_words_joined_is_known_by_either() -> None:
    facts = replace(FACTS, participants=(*FACTS.participants, Participant(name="Trudy Vasquez-Holt", role="teacher")))
    made = draft_letters(case(promise("print the rest", owner="Trudy Vasquez-Holt"), facts=facts), today=TODAY)[0]
    assert "Trudy Vasquez-Holt (teacher) will:" in words_of(made)
    assert not any("Vasquez" in m for m in made.missing)
