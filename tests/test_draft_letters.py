"""What stands in the follow-up and in the notice requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from letter_cases import (
    DIRECTOR,
    FACTS,
    HELD,
    LEAD,
    PARENT,
    TEACHER,
    TODAY,
    case,
    finding,
    promise,
    reason,
    refusal,
    request,
    said,
    words_of,
)

from casefile.records import CaseFacts, Contact, Due, Letter, Notice, Participant, Reviewed, ReviewedCase
from draft import draft_letters

SSD_LEAD = Participant(name="Gordon Pell", role="SSD area coordinator")
PRINCIPAL = Participant(name="Alan Brockway", role="principal")
REASON = "Because his scores are average."


def letters(*findings: object, **more: object) -> tuple[Letter, ...]:
    return draft_letters(case(*findings, **more), today=TODAY)  # type: ignore[arg-type]


def follow_up(*findings: object, **more: object) -> str:
    blocks = letters(*findings, **more)[0].blocks
    return "\n".join(f"{b.number}. {b.text}" if b.number else b.text for b in blocks)


# --- the follow-up ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "written"),
    [
        # a promise with a day
        (promise("send the draft", date(2026, 11, 20)), "Send the draft by Friday, November 20, 2026."),
        # no day: the letter asks for one
        (promise("send the draft"), "Send the draft. No date was given; please tell me one."),
        # "as soon as I can" is no day
        (
            promise("send the draft", due=Due(phrase="as soon as I can")),
            "Send the draft. The time given was “as soon as I can”. Please tell me the date.",
        ),
        # "next Friday" is two days: the letter asks which
        (
            promise("send it", due=Due(phrase="next Friday", candidates=(date(2026, 11, 13), date(2026, 11, 20)))),
            "The time given was “next Friday”. "
            "I take that to be Friday, November 13, 2026 or Friday, November 20, 2026; please tell me which.",
        ),
        # a day that comes again needs no date
        (promise("send the sheets home", due=Due(phrase="every Friday")), "The time given was “every Friday”."),
        # "until Wednesday" is not "by Wednesday"
        (promise("stay late", date(2026, 11, 18), phrase="until Wednesday"), "Stay late until Wednesday, November 18"),
        # a condition stands as it was said
        (promise("start", condition="once you sign"), "This depends on one thing, as it was said: “once you sign”."),
        # "you" in a promise is the parent who writes
        (promise("send you your copy"), "Send me my copy."),
        (promise("call Nadine Harlow about Nadine Harlow's letter"), "Call me about my letter."),
        (
            promise("call when you are back and send what you asked for"),
            "Call when I am back and send what I asked for.",
        ),
        # what the finder could only quote stays as it was said
        (
            request("act on this: “You told Nadine Harlow ...”", quote="You told Nadine Harlow so"),
            "I said: “You told Nadine Harlow ...”",
        ),
        (request("act on this: “Then there is the summer.”"), "1. I said: “Then there is the summer.” I did not hear"),
        (request("send Nadine Harlow those numbers"), "1. I asked the team to send me those numbers."),
        (finding("agreement", "Okay, so he sits in the front", owner="IEP team"), "1. He sits in the front."),
        (finding("agreement", "speech stays at thirty minutes", owner="IEP team"), "Speech stays at thirty minutes."),
    ],
)
def test_what_was_promised_is_written_so_that_a_stranger_understands_it(what: object, written: str) -> None:
    assert written in follow_up(what)


def test_promises_are_grouped_by_person_and_the_parents_own_stand_apart() -> None:
    text = follow_up(
        promise("send the draft", id="c1", owner="Tess Maddern"),
        promise("call the office", id="c2", owner="Gordon Pell"),
        promise("send the data", id="c3", owner="Tess Maddern"),
        promise("bring the doctor's note", id="c4", owner="Nadine Harlow"),
        promise("look for a room", id="c5", owner=None),
    )
    teacher = text.index("Tess Maddern (special education teacher) will:")
    lead = text.index("Gordon Pell (area coordinator) will:")
    assert teacher < text.index("Send the draft") < text.index("Send the data") < lead < text.index("Call the office")
    assert text.index("I am not sure who took these on; please tell me:") < text.index("Look for a room")
    assert text.index("What I will do") < text.index("Bring the doctor's note")


def test_a_refusal_stands_with_the_request_the_words_and_the_reason() -> None:
    text = follow_up(request(), refusal(elements=(reason(REASON),)))
    assert "I asked the team to add thirty minutes of speech a week. As I understood it, the answer was no." in text
    assert "Gordon Pell said: “We are not going to add minutes.”" in text
    assert f"The reason I heard: “{REASON}”" in text
    assert "300.503" not in text  # no law in the follow-up
    assert "CFR" not in text


def test_what_was_put_off_or_not_answered_is_still_open() -> None:
    text = follow_up(
        request("hold speech in the morning", id="r1", links=("f1",)),
        finding("deferral", "ask the director", id="f1", links=("r1",)),
        request("send the test scores", id="r2"),
    )
    assert "This was put off: Gordon Pell will ask the director. Please let me know whether the team agrees" in text
    assert "I asked the team to send the test scores. I did not hear an answer to this." in text


@pytest.mark.parametrize("status", ["retracted", "superseded", "fulfilled"])
def test_what_was_taken_back_is_not_written(status: str) -> None:
    assert "Send the draft" not in follow_up(promise("send the draft", status=status), promise("call", id="c2"))


@pytest.mark.parametrize("verdict", ["dropped", "open"])
def test_what_nobody_accepted_is_not_written(verdict: str) -> None:
    one = Reviewed(finding=refusal(), verdict=verdict)  # type: ignore[arg-type]
    made = draft_letters(ReviewedCase(facts=FACTS, held_on=HELD, findings=(one,)), today=TODAY)
    assert [x.id for x in made] == ["followup"]
    assert "minutes" not in words_of(made[0])


# --- which words may be quoted ---------------------------------------------------------------


def test_words_in_doubt_are_quoted_only_once_somebody_heard_them() -> None:
    doubtful = refusal(said=(said("We are not going to add minutes.", doubt="one word turns the meaning"),))
    unheard, heard = (words_of(letters(request(), doubtful, heard=ids)[1]) for ids in ((), ("d1",)))
    assert "We are not going to add minutes." not in unheard
    assert "The words are at 3:05 in my recording." in unheard
    assert "“We are not going to add minutes.” (at 3:05 in my recording)." in heard


def test_a_rough_transcript_is_never_quoted_unheard() -> None:
    made = letters(request(), refusal(), promise("start", condition="once you sign", id="c9"), rough=True)
    assert all(x.rough for x in made)
    assert all("“" not in words_of(x) for x in made)
    asked = letters(request("act on this: “There is the summer.”", said=(said("There is the summer."),)), rough=True)
    assert "I asked the team to act on what was said at 3:05 in the recording." in words_of(asked[0])
    assert "the summer" not in words_of(asked[0])


# --- the notice requests ---------------------------------------------------------------------


def test_a_refusal_of_a_service_asks_for_prior_written_notice_with_its_seven_parts() -> None:
    made = letters(request(), refusal(elements=(reason(REASON, at=190),)))
    assert [x.id for x in made] == ["followup", "notice-speech-minutes"]
    text = words_of(made[1])
    assert "Prior Written Notice of this decision under 34 CFR 300.503(a)(2)" in text
    assert "In Missouri this is the Notice of Action" in text
    assert [b.number for b in made[1].blocks if b.number] == [1, 2, 3, 4, 5, 6, 7]
    assert f"What is the reason? At the meeting Gordon Pell said: “{REASON}” (at 3:10 in my recording)." in text
    assert "Which other options did the team consider, and why was each turned down? I have no note of" in text
    assert "within five business days, by Friday, November 20, 2026. This is my request" in text


def test_the_answer_is_given_in_the_schools_words_alone() -> None:
    words = (said("We are not going to add minutes."), said("Then write it down.", who="Nadine Harlow", at=190))
    text = words_of(letters(request(), refusal(said=words))[1])
    assert "We are not going to add minutes." in text
    assert "Then write it down." not in text


def test_one_notice_request_for_each_matter_or_one_for_all_as_the_parent_likes() -> None:
    two = (request(), refusal(), refusal("refused a reading test", id="d2", topic="reading test", links=()))
    assert [x.id for x in letters(*two)] == ["followup", "notice-speech-minutes", "notice-reading-test"]
    (_, both) = letters(*two, facts=replace(FACTS, one_notice=True))
    assert both.id == "notice-all"
    assert "each of these decisions" in words_of(both)
    assert [b.number for b in both.blocks if b.number] == [1, 2, 3, 4, 5, 6, 7] * 2
    assert {"d1", "d2"} <= set(both.finding_ids)


def test_two_refusals_on_one_topic_keep_their_own_letters() -> None:
    made = letters(refusal(id="d1", links=()), refusal("refused a second group", id="d2", links=()))
    assert [x.id for x in made] == ["followup", "notice-speech-minutes", "notice-speech-minutes-2"]


def test_a_meeting_without_refusals_brings_no_notice_request() -> None:
    assert [x.id for x in letters(promise("send the draft"), request("send the scores"))] == ["followup"]


def test_what_the_state_may_not_hold_for_notice_is_asked_for_more_softly() -> None:
    made = letters(request(), refusal(notice=Notice(kind="softer", about=None)))
    assert made[1].id == "notice-softer-speech-minutes"
    assert "If the district believes that no notice is required" in words_of(made[1])


def test_a_change_the_school_proposes_asks_for_notice_too() -> None:
    change = finding(
        "agreement",
        "speech goes from 60 to 30 minutes",
        owner="IEP team",
        notice=Notice(kind="proposed_change", about="fape"),
    )
    made = letters(change)
    assert made[1].id == "notice-change-speech-minutes"
    assert "34 CFR 300.503(a)(1)" in words_of(made[1])
    assert "A parent's agreement, or presence at the meeting, does not take its place" in words_of(made[1])


def test_a_504_meeting_gets_written_reasons_and_never_the_idea_rule() -> None:
    coordinator = Participant(name="Gordon Pell", role="504 coordinator")
    facts = replace(FACTS, plan="504", participants=(PARENT, coordinator), contacts=())
    kinds = ("refusal_504", "softer", "proposed_change")
    refused = [
        refusal(id=f"d{n}", topic=f"matter {n}", links=(), notice=Notice(kind=kind, about=None))  # type: ignore[arg-type]
        for n, kind in enumerate(kinds)
    ]
    made = letters(request(), *refused, facts=facts)
    assert [x.id for x in made] == ["followup", "notice-written-reasons-matter-0", "notice-written-reasons-matter-1"]
    assert "34 CFR 104.36" in words_of(made[1])
    assert all("300.503" not in words_of(x) and "Prior Written Notice" not in words_of(x) for x in made)
    assert all("IEP" not in words_of(x) for x in made)


# --- who it goes to --------------------------------------------------------------------------


def test_the_follow_up_goes_to_who_led_and_the_director_has_a_copy_and_the_notice_request_goes_to_both() -> None:
    first, notice = letters(request(), refusal())
    assert [c.name for c in first.to] == ["Gordon Pell"]
    assert [c.name for c in first.cc] == ["Rosa Quill"]
    assert [c.name for c in notice.to] == ["Rosa Quill", "Gordon Pell"]


def test_in_st_louis_county_both_districts_are_written_to() -> None:
    facts = replace(FACTS, participants=(PARENT, SSD_LEAD, TEACHER, PRINCIPAL), contacts=())
    for made in letters(request(), refusal(), facts=facts):
        assert {"Gordon Pell", "Alan Brockway"} <= {c.name for c in (*made.to, *made.cc)}
    alone = letters(request(), refusal(), facts=replace(facts, participants=(PARENT, SSD_LEAD)))
    assert any("partner district" in m for m in alone[0].missing)


def test_the_case_manager_comes_first_and_a_contacts_address_is_used() -> None:
    manager = Contact(name="Ina Poole", role="case manager", email="poole@district.example")
    made = letters(facts=replace(FACTS, contacts=(DIRECTOR, manager)))
    assert made[0].to[0] == manager


def test_somebody_who_came_with_the_parent_is_never_written_to() -> None:
    friend = Participant(name="Lena Ortiz", role="parent's advocate", email="lena@home.example")
    made = letters(facts=replace(FACTS, participants=(PARENT, friend, LEAD)))
    assert "Lena Ortiz" not in {c.name for c in (*made[0].to, *made[0].cc)}
    assert "with me was Lena Ortiz" in words_of(made[0])


# --- what the case lacks ---------------------------------------------------------------------


def test_a_letter_of_an_empty_case_is_whole_and_says_what_is_missing() -> None:
    made = draft_letters(case(request(), refusal(owner=None), facts=CaseFacts()), today=TODAY)
    assert len(made) == 2
    for one in made:
        text = words_of(one)
        for hole in ("None", "[", "]", "{", "}", "__", "  ", " .", " ,", "()", "your email address"):
            assert hole not in text, hole
        assert "my child" in text
        assert any("your own name" in m for m in one.missing)
        assert any("whom the letter goes to" in m for m in one.missing)


def test_every_sentence_about_a_finding_carries_its_id() -> None:
    one = letters(request(), refusal(elements=(reason(REASON),)), promise("send the draft", id="c1"))
    for made in one:
        for block in made.blocks:
            for sentence in block.sentences:
                if "minutes" in sentence.text and "five business" not in sentence.text:
                    assert sentence.finding_ids, sentence.text
    assert one[0].finding_ids == ("c1", "r1", "d1")


def test_a_first_draft_nobody_looked_at_says_so() -> None:
    made = draft_letters(replace(case(refusal()), provisional=True), today=TODAY)
    assert all(x.provisional for x in made)


def test_the_same_case_gives_the_same_letters() -> None:
    one = case(request(), refusal(), promise("send the draft"))
    assert draft_letters(one, today=TODAY) == draft_letters(one, today=TODAY)


@pytest.mark.parametrize(
    ("promised", "written"),
    [
        ("send the form once Nadine Harlow signs", "Send the form once I sign"),
        ("leave it open until Nadine Harlow has been there", "Leave it open until I have been there"),
        ("cross it out while the parent looks on", "Cross it out while I look on"),
        ("call Nadine Harlow with two times", "Call me with two times"),
    ],
)
def test_whoever_writes_the_letter_is_i_before_a_verb_and_me_after_one(promised: str, written: str) -> None:
    made = draft_letters(case(promise(promised)), today=TODAY)[0]
    assert written in words_of(made)
