"""A recording's lines: read as whole utterances, and what is found told in the lines again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.quotes import in_a_row, quote_of
from casefile.records import Finding, Meeting, Participant, Said, Turn
from extract.explain import explain_finding
from extract.pipeline import find
from extract.utterances import MOST_WORDS, PAUSE_S, utterances_of

PEOPLE = (
    Participant(name="Nadine Harlow", role="parent"),
    Participant(name="Gordon Pell", role="principal"),
)


def heard(*lines: tuple[str | None, str] | tuple[str | None, str, float]) -> Meeting:
    """Return a meeting in timed lines: speaker, words and, if not half a second, the pause before them."""
    turns, now = [], 0.0
    for who, text, *pause in lines:
        start = now + (float(pause[0]) if pause else 0.5)
        now = start + 0.3 * len(text.split())
        turns.append(Turn(text=text, speaker=who, start_s=round(start, 3), end_s=round(now, 3)))
    return Meeting(held_on=date(2026, 11, 5), turns=tuple(turns), participants=PEOPLE)


def texts(meeting: Meeting) -> list[str]:
    return [t.text for t in utterances_of(meeting)[0].turns]


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        # a breath in the middle of a sentence
        ((("Pell", "We can do that"), ("Pell", "by Friday.")), ["We can do that by Friday."]),
        # somebody else comes in between
        (
            (("Pell", "We can do that"), ("Harlow", "Thank you."), ("Pell", "by Friday.")),
            ["We can do that", "Thank you.", "by Friday."],
        ),
        # long silence: a new thought
        ((("Pell", "We can do that."), ("Pell", "So, math.", PAUSE_S + 0.1)), ["We can do that.", "So, math."]),
        # nobody could tell who speaks: only what plainly goes on goes on
        (
            ((None, "We can do that"), (None, "by Friday."), (None, "Thank you.")),
            ["We can do that by Friday.", "Thank you."],
        ),
    ],
)
def test_lines_of_one_person_in_a_row_are_one_utterance(lines: tuple[tuple[str | None, str]], read: list[str]) -> None:
    assert texts(heard(*lines)) == read


def test_typed_lines_stay_as_they_were_typed() -> None:
    turns = (Turn(text="We can do that", speaker="Pell"), Turn(text="by Friday.", speaker="Pell"))
    meeting = Meeting(held_on=date(2026, 11, 5), turns=turns)
    assert utterances_of(meeting)[0] == meeting


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", None]), st.integers(1, 70), st.floats(0, 4), st.booleans()), max_size=30
    )
)
def test_every_place_leads_back_to_its_line(drawn: list[tuple[str | None, int, float, bool]]) -> None:
    lines = [(who, " ".join(["word"] * n) + "." * dot, pause) for who, n, pause, dot in drawn]
    meeting = heard(*lines)
    whole, utterances = utterances_of(meeting)
    assert [n for u in utterances for n in u.lines] == list(range(len(meeting.turns)))
    for u, turn in zip(utterances, whole.turns, strict=True):
        assert len(u.starts) == 1 or len(turn.text.split()) <= MOST_WORDS
        for line, start in zip(u.lines, u.starts, strict=True):
            words = meeting.turns[line].text
            assert turn.text[start : start + len(words)] == words
            assert {u.line_at(start), u.line_at(start + len(words) - 1)} == {line}
        assert (turn.start_s, turn.end_s) == (meeting.turns[u.first].start_s, meeting.turns[u.lines[-1]].end_s)


def found(kind: str, meeting: Meeting) -> Finding:
    made = [f for f in find(meeting).findings if f.kind == kind and not f.doubtful]
    assert len(made) == 1, [(f.kind, f.quote) for f in made]
    return made[0]


REFUSED = heard(
    ("Nadine Harlow", "I'd like him to have"),
    ("Nadine Harlow", "an occupational therapy evaluation."),
    ("Gordon Pell", "So I looked at his folder this morning."),
    ("Gordon Pell", "No, we're not going to"),
    ("Gordon Pell", "do an OT evaluation."),
    ("Gordon Pell", "It's been a long week for everybody."),
    ("Nadine Harlow", "Could you send me that in writing?"),
    ("Gordon Pell", "I'll send it"),
    ("Gordon Pell", "by next Friday."),
)


def test_a_refusal_over_two_lines_is_quoted_whole_and_no_wider() -> None:
    denial = found("denial", REFUSED)
    assert denial.anchors == (3, 4)
    assert denial.quote == "No, we're not going to do an OT evaluation."
    assert (denial.start_s, denial.end_s) == (REFUSED.turns[3].start_s, REFUSED.turns[4].end_s)
    assert [s.turn for s in denial.said] == [3, 4]
    assert {0, 1} <= set(denial.turns)


def test_a_promise_and_the_day_in_the_next_line_are_one() -> None:
    promise = found("commitment", REFUSED)
    assert promise.quote == "I'll send it by next Friday."
    assert promise.due is not None
    assert promise.due.on == date(2026, 11, 13)
    assert 8 in promise.turns


def test_an_explanation_counts_the_transcripts_own_lines() -> None:
    said = explain_finding(found("commitment", REFUSED).id, find(REFUSED), REFUSED)
    assert "turns 7 to 8, read as one: the classifier gives" in said
    assert "“by next Friday” in turn 8" in said or "“next Friday” in turn 8" in said


def test_the_reasons_of_a_refusal_stand_in_their_own_line() -> None:
    meeting = heard(
        ("Nadine Harlow", "I want him to have a one to one aide."),
        ("Gordon Pell", "We're not going to add an aide."),
        ("Gordon Pell", "His scores came out in the average range."),
    )
    elements = found("denial", meeting).elements
    assert [(e.kind, e.said.turn, e.said.text) for e in elements if e.kind == "data"] == [
        ("data", 2, "His scores came out in the average range")
    ]
    assert all(e.said.start_s == meeting.turns[e.said.turn].start_s for e in elements)


def said_at(*spans: tuple[int, str, float, float]) -> Iterable[Said]:
    return [Said(turn=n, speaker="Pell", text=text, start_s=a, end_s=b) for n, text, a, b in spans]


def test_lines_said_in_a_row_are_quoted_as_one() -> None:
    said = said_at((3, "we're not", 1.0, 2.0), (4, "going to", 2.4, 3.0), (9, "no", 30.0, 30.5), (10, "no", 34.0, 35.0))
    assert quote_of(said) == "we're not going to … no … no"
    assert [(s.turn, s.start_s, s.end_s) for s in in_a_row(said)] == [(3, 1.0, 3.0), (9, 30.0, 30.5), (10, 34.0, 35.0)]


def test_one_doubtful_line_makes_the_quotation_doubtful() -> None:
    first, last = said_at((3, "we're not", 1.0, 2.0), (4, "going to", 2.4, 3.0))
    doubted = Said(turn=4, speaker="Pell", text=last.text, start_s=2.4, end_s=3.0, doubt="faint")
    assert [s.doubt for s in in_a_row([first, doubted])] == ["faint"]
