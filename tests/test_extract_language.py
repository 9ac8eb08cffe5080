"""Tokens, sentences and beginnings of thoughts, each by what was said and what is read in it."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clauses import clauses
from extract.language import parsed
from extract.match import hits_in
from extract.view import view_of


def tokens(text: str) -> list[str]:
    read = parsed(text)
    return [text[a:b] for a, b in zip(read.starts, read.ends, strict=True)]


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in parsed(text).sentences]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Ms. Maddern can.", "Ms. | Maddern | can | ."),
        ("dr. pell, st. louis", "dr. | pell | , | st. | louis"),
        ("I'll send it", "I | 'll | send | it"),
        ("nobody'll, gordon’d", "nobody | 'll | , | gordon | ’d"),
        ("we don't, we can't", "we | do | n't | , | we | ca | n't"),
        ("by 3 p.m. on Friday.", "by | 3 | p.m. | on | Friday | ."),
        ("the O.T. and i.e.p. too", "the | O.T. | and | i.e.p. | too"),
        ("a 504. thirty minutes", "a | 504 | . | thirty | minutes"),
        ("a one-to-one para", "a | one-to-one | para"),
        ("okay-we'll", "okay | - | we | 'll"),
        ("well...no", "well | ... | no"),
        ("yes -- no", "yes | -- | no"),
        ('"no."', '" | no | . | "'),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_tokens(said: str, words: str) -> None:
    assert tokens(said) == (words.split(" | ") if words else [])


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ("We'll add it. Is that okay? Yes!", ["We'll add it", "Is that okay", "Yes"]),
        ("ms. maddern will. dr. pell won't", ["ms. maddern will", "dr. pell won't"]),
        ("by 3 p.m. on friday. okay", ["by 3 p.m. on friday", "okay"]),
        ("come at 3 p.m. we'll be there", ["come at 3 p.m.", "we'll be there"]),
        ("we'd write plan b. then plan c.", ["we'd write plan b", "then plan c"]),
        ("line one\nline two\n\nthree", ["line one", "line two", "three"]),
        ("i could -- we can't", ["i could", "we can't"]),
        ("a follow-up, one-to-one", ["a follow-up, one-to-one"]),
        ("well...no", ["well", "no"]),
        ("well… no", ["well", "no"]),
        ("his iep just...? yes", ["his iep just", "yes"]),
        ('he said "no." and left', ['he said "no', "and left"]),
        ("(speaks Spanish) okay", ["(speaks Spanish) okay"]),
        ("write to tess@example.org. thanks", ["write to tess@example.org", "thanks"]),
        ("so we will send it and then we meet", ["so we will send it and then we meet"]),
        ("?! ...", []),
    ],
)
def test_sentences(said: str, bounds: list[str]) -> None:
    assert sentences(said) == bounds


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("we wrote it and then we sent it", ["we wrote it", "and", "then we sent it"]),
        ("i can't because um she said so", ["i can't", "because", "um she said so"]),
        ("i can't 'cause it's full, okay let's go", ["i can't", "'cause it's full,", "okay let's go"]),
        ("read and write and spell", ["read and write and spell"]),
        ("the band that plays", ["the band that plays"]),
    ],
)
def test_a_joining_word_before_a_subject_begins_a_clause(said: str, parts: list[str]) -> None:
    assert [said[c.start : c.end].strip() for c in clauses(said)] == parts


def test_a_long_run_without_marks_parts_at_each_subject_and_verb() -> None:
    long = "the speech minutes were thirty a week all of last year in the room by the gym, just miss tess, two boys "
    said = long + "i'll send those home can you sign"
    assert [said[c.start : c.end].strip() for c in clauses(said)] == [
        long.strip(),
        "i'll send those home",
        "can you sign",
    ]
    assert len(clauses("it was fine i'll send those home")) == 1


def test_a_question_is_known_by_its_mark_or_without_one_by_its_first_words() -> None:
    asked = [c.asks for c in clauses("you can?! you can. okay so can you sign it")]
    assert asked == [True, False, True, True]
    assert [c.asks for c in clauses("you said -- can you sign it")] == [False, True]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("i need you to send the draft", {"request"}),
        ("i need your pen", set()),
        ("i need something", set()),
    ],
)
def test_a_cue_is_heard_only_in_whole_words(said: str, found: set[str]) -> None:
    assert {h.rule.kind for h in hits_in(view_of(said))} == found


BITS = [*".?!;…\"')(-'’ \n\t\u200f\u202eאب😀\ud800", "i'll ", "ms. ", "p.m. ", " -- ", "and we ", "one-to-one"]
ODD = st.lists(st.sampled_from(BITS) | st.characters()).map("".join)


@settings(max_examples=300, deadline=None)
@given(ODD)
def test_whatever_is_said_the_places_are_in_order_and_within(text: str) -> None:
    read = parsed(text)
    places = [p for pair in zip(read.starts, read.ends, strict=True) for p in pair]
    assert places == sorted(places)
    assert all(not text[a:b].isspace() and a < b for a, b in zip(read.starts, read.ends, strict=True))
    assert all(0 <= s.start < s.end <= len(text) for s in read.sentences)
    assert all(a.end + len(a.mark) <= b.start for a, b in pairwise(read.sentences))
    assert {*read.joins, *read.restarts} <= set(read.starts)
    in_sentences = {k for s in read.sentences for k in range(s.start, s.end)}
    assert not [text[k] for k in range(len(text)) if text[k].isalnum() and k not in in_sentences]
    clauses(text)


def test_ten_thousand_words_are_read_in_time_that_grows_with_them() -> None:
    one, ten = "we'll send it so that nobody waits " * 143, "and we'll meet, maybe that is fine " * 1430
    parsed("warm")
    times = []
    for text in (one, ten):
        began = time.process_time()
        read = parsed(text)
        times.append(time.process_time() - began)
        assert len(read.starts) >= len(text.split())
    assert times[1] < 1.0
    assert times[1] < 30 * times[0]


@pytest.mark.parametrize("text", ["." + '"' * 5000, ".\n" * 5000, "- " * 5000, "a" * 100_000, "😀" * 5000])
def test_a_mark_or_letter_over_and_over_is_read(text: str) -> None:
    began = time.process_time()
    parsed(text)
    assert time.process_time() - began < 5


def test_spacy_is_loaded_only_when_something_is_read_and_fetches_nothing() -> None:
    code = (
        "import sys, socket, extract.pipeline, extract.language as l\n"
        "assert 'spacy' not in sys.modules\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "assert len(l.parsed('Fine. Good.').sentences) == 2\n"
        "assert 'spacy' in sys.modules\n"
    )
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
