"""The letters before and after a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from letter_cases import FACTS, HELD, case, promise, refusal, request, words_of

from casefile.records import Due, Letter, Notice, ReviewedCase
from draft import draft_letters
from draft.errors import LetterError
from draft.kinds import KINDS, ask_for, lapsed, with_asked_for
from draft.letters import draft_letter
from draft.told import NOTHING_TOLD, NotesSay, SentLetter, Told

NEXT = datetime(2026, 12, 3, 15, 30, tzinfo=UTC)
LATER = date(2026, 12, 1)
PROMISE = promise("send the draft", date(2026, 11, 20))
FULL = case(request(), refusal(), PROMISE)
ON_504 = case(request(), refusal(notice=Notice(kind="refusal_504", about=None)), facts=replace(FACTS, plan="504"))


def letter(
    kind: str, told: Told, one: ReviewedCase = FULL, *, today: date = LATER, about: tuple[str, ...] = ()
) -> Letter:
    return draft_letter(one, ask_for(one, kind, told, today=today, about=about), today=today, told=told)


def text(kind: str, told: Told = NOTHING_TOLD, one: ReviewedCase = FULL, **more: object) -> str:
    return words_of(letter(kind, told, one, **more))  # type: ignore[arg-type]


def test_the_recording_notice_gives_notice_and_asks_no_permission() -> None:
    said = text("recording-notice", Told(meeting_at=NEXT))
    assert "I will audio record Eli Harlow's IEP meeting on Thursday, December 3, 2026 at 3:30 p.m." in said
    assert "may not prohibit a parent" in said
    assert "more than 24 hours' notice" in said
    assert "section 162.686, RSMo" in said
    assert "permission" not in said.lower()
    assert "in writing" not in said


def test_a_recording_notice_that_comes_late_is_told_to_the_parent() -> None:
    told, one = Told(meeting_at=NEXT), FULL
    choice = ask_for(one, "recording-notice", told, today=LATER)
    soon, early = (
        draft_letter(one, choice, today=LATER, told=told, now=NEXT.replace(day=day)).missing for day in (3, 1)
    )
    assert any("less than 24 hours" in m for m in soon)
    assert not any("less than 24 hours" in m for m in early)


def test_records_are_asked_for_on_three_grounds_and_at_a_504_meeting_on_two() -> None:
    said = text("records-request", Told(meeting_at=NEXT))
    for ground in ("34 CFR 300.613", "34 CFR 99.10", "section 610.023, RSMo", "before that day"):
        assert ground in said
    assert "acted on as soon as possible, and by the end of the third business day" in said
    assert "three business days" not in said  # a response is due then, not the records
    on_504 = text("records-request", one=ON_504)
    assert "300.613" not in on_504
    assert "99.10" in on_504


def test_concerns_are_numbered_and_to_be_attached_word_for_word() -> None:
    said = letter(
        "parent-concerns", Told(concerns=("he is two years behind", "Breaks do not happen."), meeting_at=NEXT)
    )
    assert [b.text for b in said.blocks if b.number] == ["He is two years behind.", "Breaks do not happen."]
    assert "Please attach this letter to the IEP, word for word." in words_of(said)


def test_a_reminder_names_item_and_day_of_the_parents_own_follow_up() -> None:
    told = Told(sent=(SentLetter(letter_id="followup", subject="Following up", on=date(2026, 11, 13)),))
    said = text("reminder", told)
    assert "Gordon Pell was to send the draft by Friday, November 20, 2026." in said
    assert "In my email of November 13, 2026 this was item 1." in said
    assert "Has it been done?" in said
    assert "CFR" not in said


def test_the_second_reminder_asks_for_the_promise_in_the_plan() -> None:
    told = Told(sent=(SentLetter(letter_id="reminder", subject="A reminder", on=date(2026, 11, 24)),))
    said = text("reminder-second", told)
    assert "I wrote to you about this on November 24, 2026" in said
    assert "34 CFR 300.324(a)(4)" in said


def test_a_promise_with_two_readings_lapses_after_the_later_one() -> None:
    two = promise("call", due=Due(phrase="next Friday", candidates=(date(2026, 11, 13), date(2026, 11, 20))))
    mine = promise("bring it", date(2026, 11, 13), id="c2", owner="Nadine Harlow")
    one = case(two, mine)
    assert lapsed(one, date(2026, 11, 20)) == ()
    assert [f.id for f in lapsed(one, date(2026, 11, 21))] == ["c1"]


def test_a_correction_sets_the_notes_against_the_recording() -> None:
    said = text("correct-notes", Told(notes=(NotesSay(finding_id="d1", text="The parent agreed."),)), about=("d1",))
    assert "The notes say: “The parent agreed.”" in said
    assert "Gordon Pell said: “We are not going to add minutes.” (at 3:05 in my recording)." in said


def test_an_independent_evaluation_is_asked_for_without_having_to_say_why() -> None:
    said = text("iee-request", Told(evaluation="reading evaluation", evaluation_on=date(2026, 9, 1)))
    assert "I disagree with the district's reading evaluation of Eli Harlow, dated September 1, 2026." in said
    assert "34 CFR 300.502" in said
    assert "because" not in said


def test_a_complaint_has_every_required_part_and_its_exhibits() -> None:
    told = Told(
        sent=(SentLetter(letter_id="notice-speech-minutes", subject="Request for notice", on=date(2026, 11, 13)),)
    )
    made = letter("state-complaint", told)
    said = words_of(made)
    for part in (
        "I state that this public agency has broken Part B of IDEA or its regulations",  # the statement
        "November 12, 2026: I asked the team to add thirty minutes",  # the facts
        "Name: Eli Harlow.",
        "Address: 12 Alder Lane",
        "School: Alder Grove Elementary.",
        "What I propose",  # a proposed resolution
        "nadine@home.example",  # contact details of who files
        "P.O. Box 480",
        "A copy of this complaint goes to the district today",
        "34 CFR 300.503(a)(2)",
        "My letter of November 13, 2026, “Request for notice”.",
        "at 3:05 in my recording",
    ):
        assert part in said, part
    assert made.to[0].name.startswith("Missouri DESE")
    assert {"Rosa Quill", "Gordon Pell"} <= {c.name for c in made.cc}
    assert any("received it by November 12, 2027" in m for m in made.missing)


def test_a_complaint_that_lacks_a_required_part_says_so() -> None:
    assert not any("must give" in m for m in letter("state-complaint", Told()).missing)
    bare = case(request(), refusal(), facts=replace(FACTS, parent_address=None))
    made = letter("state-complaint", Told(), bare)
    assert "Address" not in words_of(made)
    assert any("must give" in m for m in made.missing)


def test_a_complaint_is_refused_after_a_year() -> None:
    last = HELD.replace(year=HELD.year + 1)
    assert letter("state-complaint", Told(), today=last)
    with pytest.raises(LetterError, match="can still go into a complaint"):
        letter("state-complaint", Told(), today=last.replace(day=last.day + 1))


@pytest.mark.parametrize("kind", [k.name for k in KINDS if k.idea_only])
def test_a_letter_that_rests_on_idea_is_refused_at_a_504_meeting(kind: str) -> None:
    with pytest.raises(LetterError, match="no ground at a Section 504 meeting"):
        letter(kind, Told(evaluation="x"), ON_504)


@pytest.mark.parametrize(
    "kind", [k.name for k in KINDS if not k.idea_only and k.name not in ("reminder", "reminder-second")]
)
def test_no_letter_of_a_504_case_names_the_notice_rule(kind: str) -> None:
    told = Told(meeting_at=NEXT, person="Lena Ortiz", concerns=("He is behind.",))
    said = text(kind, told, ON_504, about=("d1",) if kind == "correct-notes" else ())
    assert "300.503" not in said
    assert "IEP team" not in said


@pytest.mark.parametrize("kind", [k for k in KINDS if k.needs])
def test_what_a_letter_cannot_do_without_is_asked_for(kind: object) -> None:
    with pytest.raises(LetterError, match="lacks what it is about") as caught:
        letter(kind.name, Told())  # type: ignore[attr-defined]
    assert kind.needs[0][1] in caught.value.next_step  # type: ignore[attr-defined]


def test_an_unknown_letter_or_finding_is_told() -> None:
    with pytest.raises(LetterError, match="no letter"):
        letter("ransom-note", Told())
    with pytest.raises(LetterError, match="no kept finding"):
        letter("reminder", Told(), about=("nothing",))
    with pytest.raises(LetterError, match="No promise has lapsed"):
        letter("reminder", Told(), case(refusal()))


def test_letters_the_parent_asked_for_outlive_a_new_draft() -> None:
    mine = letter("recording-notice", Told(meeting_at=NEXT))
    old = draft_letters(FULL, today=LATER)
    made = draft_letters(case(PROMISE), today=LATER)
    assert [x.id for x in with_asked_for(made, (*old, mine))] == ["followup", "recording-notice"]
