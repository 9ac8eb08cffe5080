"""What is said at a meeting is what is found, by the whole of the finder; and nothing odd makes it fall over."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefile.records import Finding, Meeting, Participant, Turn
from extract import find

HELD = date(2026, 11, 5)
TABLE = (
    Participant(name="Nadine Harlow", role="parent"),
    Participant(name="Gordon Pell", role="SSD area coordinator"),
    Participant(name="Tess Maddern", role="SSD special education teacher"),
    Participant(name="Alan Brockway", role="principal"),
)
NAMES = {p.name.split()[0]: p.name for p in TABLE}


def meeting(*lines: str) -> Meeting:
    """Return a meeting of lines such as "Nadine: Could you send it?"."""
    said = [line.partition(": ") for line in lines]
    return Meeting(
        held_on=HELD, turns=tuple(Turn(text=t, speaker=NAMES.get(w, w or None)) for w, _, t in said), participants=TABLE
    )


def kept(*lines: str) -> list[Finding]:
    return [f for f in find(meeting(*lines)).findings if not f.doubtful and f.status == "active"]


def of_kind(kind: str, findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.kind == kind]


def test_a_question_and_its_yes_are_one_promise_with_the_asked_for_action() -> None:
    found = of_kind("commitment", kept("Nadine: Could you send me the reading scores?", "Tess: Sure. I can do that."))
    assert [(f.owner, f.action) for f in found] == [("Tess Maddern", "send Nadine Harlow the reading scores")]


def test_a_promise_and_its_date_in_the_answer_to_when_are_one_item() -> None:
    found = of_kind(
        "commitment",
        kept(
            "Tess: I'll send home the fluency chart he has been working on.",
            "Nadine: When would that be?",
            "Tess: By next Wednesday.",
        ),
    )
    assert len(found) == 1
    assert found[0].due is not None
    assert found[0].due.on == date(2026, 11, 11)


def test_a_refusal_is_linked_to_its_request_and_calls_for_notice() -> None:
    found = kept(
        "Nadine: I want him to have an occupational therapy evaluation.",
        "Gordon: No, we're not going to do an OT evaluation. The team doesn't see a need for it.",
        "Nadine: So that's a no.",
    )
    denial = of_kind("denial", found)[0]
    request = of_kind("request", found)[0]
    assert request.id in denial.links
    assert denial.id in request.links
    assert denial.notice is not None
    assert (denial.notice.kind, denial.notice.about) == ("refusal", "evaluation")
    assert denial.owner == "Gordon Pell"


def test_promises_of_nobody_knows_whom_stay_apart() -> None:
    found = kept(
        ": I'll send you the reading scores on Friday.",
        ": Okay.",
        ": And I'll send the speech scores home tomorrow.",
        ": I can talk to the bus office about the scores this week.",
    )
    assert [f.anchors for f in of_kind("commitment", found)] == [(0,), (2,), (3,)]


def test_a_copy_of_the_test_is_asked_for_besides_the_test() -> None:
    found = kept(
        "Nadine: I would like the school to test him for dyslexia.",
        "Gordon: He was tested last spring, and we are not going to do another evaluation.",
        "Nadine: Could I have a copy of that test?",
        "Tess: Yes. I will send it home tomorrow.",
    )
    assert [f.anchors for f in of_kind("request", found)] == [(0,), (2,)]


def test_a_meeting_that_refuses_nothing_asks_for_no_notice_of_a_refusal() -> None:
    found = kept(
        "Alan: Thanks for coming in, Nadine.",
        "Nadine: I can't believe how far he has come. Could you send me the chart?",
        "Tess: No problem, I'll email it tonight.",
        "Nadine: I don't want to take up your time.",
        "Alan: Don't worry about it. We won't keep you.",
    )
    assert [f for f in found if f.notice and f.notice.kind == "refusal"] == []


def test_the_parents_promise_is_the_parents() -> None:
    found = of_kind("commitment", kept("Tess: We'd need the doctor's letter.", "Nadine: I'll email it to you Monday."))
    assert ("Nadine Harlow", date(2026, 11, 9)) in [(f.owner, f.due.on if f.due else None) for f in found]


def test_a_quote_is_exact_and_its_seconds_are_the_turns() -> None:
    said = "I’ll  send the draft — by Friday… OK?"
    turns = (
        Turn(text="Could you send me the draft?", speaker="Nadine Harlow", start_s=1.0, end_s=2.5),
        Turn(text="I’ll  send the draft — by Friday… that I can do.", speaker="Tess Maddern", start_s=3.0, end_s=6.0),
    )
    found = find(Meeting(held_on=HELD, turns=turns, participants=TABLE)).findings
    promise = next(f for f in found if f.kind == "commitment")
    assert promise.quote == turns[1].text
    assert said[:20] in promise.quote
    assert (promise.start_s, promise.end_s) == (3.0, 6.0)


def test_the_same_meeting_gives_the_same_findings_and_no_id_twice() -> None:
    talk = meeting("Nadine: Could you send it?", "Tess: I'll send it Friday and I'll call you Monday.", "Alan: On it.")
    first, second = find(talk), find(talk)
    assert first == second
    ids = [f.id for f in first.findings]
    assert len(ids) == len(set(ids))


def test_text_as_a_recogniser_writes_it_is_understood() -> None:
    found = kept("Nadine: can you put that in the eye ee pee", "Tess: yeah ill add that to the eye ee pee by friday")
    promise = of_kind("commitment", found)
    assert promise
    assert promise[0].due is not None
    assert promise[0].due.on == date(2026, 11, 6)


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (Turn(text=""),),
        (Turn(text="   \n\t "), Turn(text="", speaker="")),
        (Turn(text="👍🏽 🙏"), Turn(text="אני אשלח לך את זה מחר", speaker="ש")),
        (Turn(text="I'll send it. " * 3000, speaker="Tess Maddern"),),
        (Turn(text="a" * 50_000),),
        (Turn(text="İİİ ǅ ß ﬁ I’ll send it by Friday"), Turn(text="\x00\x01 \ud7ff")),
        (Turn(text="((((?*+[\\", speaker="((?P<x>"), Turn(text="When?", speaker=None)),
    ],
    ids=["nothing", "empty", "blank", "emoji and hebrew", "10,000 words", "one long word", "letters that grow", "odd"],
)
def test_odd_turns_are_read_without_falling_over(turns: tuple[Turn, ...]) -> None:
    found = find(Meeting(held_on=HELD, turns=turns))
    assert all(f.quote for f in found.findings)


_WORDS = st.sampled_from(
    re.split(
        " ",
        "I'll we'll ill send it you no can't won't not going to Friday by the tenth if let's check with SSD sure "
        "yes ? . , parent OT evaluation minutes okay don't 👍 ... never then scratch that",
    )
)
_TEXT = st.one_of(st.lists(_WORDS, max_size=25).map(" ".join), st.text(max_size=60))
_TURN = st.builds(Turn, text=_TEXT, speaker=st.sampled_from([None, "", *NAMES.values(), "S1", "💡"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns=st.lists(_TURN, max_size=14), role=st.text(max_size=20))
def test_any_talk_gives_findings_that_hold_together(turns: list[Turn], role: str) -> None:
    table = (*TABLE, Participant(name="S1", role=role))
    found = find(Meeting(held_on=HELD, turns=tuple(turns), participants=table)).findings
    ids = {f.id for f in found}
    for f in found:
        assert set(f.anchors) <= set(f.turns)
        assert all(0 <= t < len(turns) for t in f.turns)
        assert [s.text for s in f.said] == [turns[a].text for a in f.anchors]
        assert f.action
        assert set(f.links) <= ids - {f.id}
        assert 0 <= f.confidence <= 1
        if f.due is not None:
            assert any(f.due.phrase in turns[t].text for t in f.turns)


def test_time_grows_in_step_with_the_turns() -> None:
    lines = (
        "Nadine: Could he have more speech minutes?",
        "Gordon: We're not going to add minutes.",
        "Tess: I'll send the data Friday.",
        "Alan: He had a good week.",
    )
    find(meeting(*lines))
    spent = []
    for many in (50, 200):
        talk = meeting(*(f"{line} {n}" for n in range(many) for line in lines))
        began = time.process_time()
        find(talk)
        spent.append(time.process_time() - began)
    assert spent[1] < 4 * 2.5 * spent[0]
