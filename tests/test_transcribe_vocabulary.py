"""The words of the meeting: what is told to the recogniser, and short forms written as they are read."""

from __future__ import annotations

import pytest

from casefile.records import Turn, Word
from transcribe.vocabulary import glossary, hotwords, normalise, wordlist


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("so the eye ee pee team met", "so the IEP team met"),
        ("the i e p and the i e p's goals", "the IEP and the IEP's goals"),
        ("The I.E.P. says so.", "The IEP says so."),
        ("we want an f b a and a b i p, please", "we want an FBA and a BIP, please"),
        ("he gets o t and p t twice", "he gets OT and PT twice"),
        ("e s y services", "ESY services"),
        ("we mailed the p w n.", "we mailed the PWN."),
        ("ask d e s e about it", "ask DESE about it"),
        ("our iep was fine", "our IEP was fine"),
        ("a five oh four plan", "a 504 plan"),
        ("the 5 0 4 coordinator", "the 504 coordinator"),
        # words that only look like letters stay words
        ("I see a bee", None),
        ("oh tea is good", None),
        ("be a friend", None),
        ("are you why we are here", None),
        ("I am", None),
        ("his idea was fine", None),
        # numbers are kept as said
        ("one fifty minutes a week", None),
        ("five oh three", None),
    ],
)
def test_spelled_short_forms_are_written_as_they_are_read(heard: str, written: str | None) -> None:
    turn = normalise(Turn(text=heard))
    assert turn.text == (written or heard)
    assert turn.heard == (heard if written else None)


def test_a_joined_short_form_keeps_the_time_of_its_letters() -> None:
    said = [("the", 0.0, 0.2), ("eye", 0.2, 0.4), ("ee", 0.4, 0.6), ("pee", 0.6, 0.9), ("team", 0.9, 1.2)]
    words = tuple(Word(start_s=a, end_s=b, text=t, probability=0.5 + a / 10) for t, a, b in said)
    turn = normalise(Turn(text="the eye ee pee team", words=words, start_s=0.0, end_s=1.2))
    assert [(w.text, w.start_s, w.end_s) for w in turn.words] == [
        ("the", 0.0, 0.2),
        ("IEP", 0.2, 0.9),
        ("team", 0.9, 1.2),
    ]
    assert turn.words[1].probability == pytest.approx(0.52)  # as unsure as its worst letter
    assert turn.heard == "the eye ee pee team"


def test_what_a_person_corrected_before_is_still_what_was_heard() -> None:
    assert normalise(Turn(text="the i e p", heard="the iipp")).heard == "the iipp"


def test_names_come_before_the_glossary() -> None:
    words = wordlist(("Dana Ruiz", "", "Dana Ruiz", "school psychologist"))
    assert words[:3] == ("Dana Ruiz", "school psychologist", "IEP")
    assert len(words) == len(set(words)) > 80


@pytest.mark.parametrize("budget", [0, 1, 5, 40, 10_000])
def test_what_is_told_keeps_to_the_budget_best_first(budget: int) -> None:
    line = hotwords(("Dana Ruiz", "Okonkwo"), count_tokens=lambda text: len(text.split()), budget=budget)
    assert len(line.split()) <= budget
    if budget >= 40:
        assert line.startswith("Dana Ruiz, Okonkwo, IEP, ")
    if budget == 10_000:
        assert len(line.split(", ")) == len(wordlist(("Dana Ruiz", "Okonkwo")))


def test_a_name_too_long_for_the_budget_does_not_keep_the_others_out() -> None:
    line = hotwords(("a b c d e f g", "Okonkwo"), count_tokens=lambda text: len(text.split()), budget=3)
    assert line.startswith("Okonkwo, ")


def test_the_glossary_is_whole() -> None:
    assert len(glossary()) > 100
    assert all(t.short and t.long and t.kind for t in glossary())
