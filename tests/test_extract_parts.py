"""The parts of the finder, each by what was said and what it makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from casefile.records import Meeting, Participant, SchoolCalendar, Turn
from extract.actions import action_of
from extract.clauses import clauses
from extract.content import content, likeness
from extract.dues import due_of
from extract.evidence import read_turns
from extract.items import Draft
from extract.notice import Talk, notice_of
from extract.owners import owner_of
from extract.people import guessed_side, roster_of, side_of_role
from extract.plans import plan_of
from extract.status import endings
from extract.view import view_of

HELD = date(2026, 11, 5)
TABLE = (
    Participant(name="Nadine Harlow", role="parent"),
    Participant(name="Gordon Pell", role="SSD area coordinator"),
    Participant(name="Ms. Tess Maddern", role="SSD special education teacher"),
    Participant(name="Odell Simms", role="occupational therapist"),
)


@pytest.mark.parametrize(
    ("heard", "read"),
    [
        ("ill send the eye ee pee", "i'll send the iep"),
        ("well get that to you", "we'll get that to you"),
        ("he was ill that day", "he was ill that day"),
        ("as well get it", "as well get it"),
        ("they were going home", "they were going home"),
        ("were going to add it", "we're going to add it"),
        ("we cant do that for a pair a", "we can't do that for a para"),
        ("a pair of shoes", "a pair of shoes"),
        ("five oh four and o t", "504 and ot"),
        ("id like an f b a", "i'd like an fba"),
    ],
)
def test_words_misheard_are_read_as_meant(heard: str, read: str) -> None:
    assert view_of(heard).text == read


@pytest.mark.parametrize(
    "text", ["ill send THAT’S fine", "İstanbul well get it", "um eye ee pee then fine", "we cannot— fine"]
)
def test_a_place_in_the_view_leads_back_to_the_exact_words(text: str) -> None:
    view = view_of(text)
    for word in ("fine", "get", "send"):
        at = view.text.find(word)
        if at >= 0:
            assert text[slice(*view.exact(at, at + len(word)))].lower() == word


def test_clauses_part_where_a_new_subject_begins_and_know_a_question() -> None:
    parts = clauses("i hear you but we can't do that. can you send it? then send it")
    said = ["i hear you", "but we can't do that", "can you send it", "then send it"]
    text = "i hear you but we can't do that. can you send it? then send it"
    assert [text[c.start : c.end].strip() for c in parts] == said
    assert [c.asks for c in parts] == [False, False, True, False]


@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("parent", "family"),
        ("great-aunt and guardian", "family"),
        ("parent advocate", "family"),
        ("attorney for the family", "family"),
        ("attorney for the school district", "school"),
        ("public defender", "family"),
        ("CASA volunteer", "family"),
        ("student", "family"),
        ("student teacher", "school"),
        ("SSD area coordinator", "school"),
        ("parent liaison", "school"),
        ("Vocational Rehabilitation counselor", "outside"),
        ("", "unknown"),
    ],
)
def test_roles_stand_on_their_side(role: str, side: str) -> None:
    assert side_of_role(role) == side


def test_people_are_known_by_first_name_title_and_trade() -> None:
    roster = roster_of(Meeting(held_on=HELD, turns=(), participants=TABLE))
    named = {
        words: [p.name for p in roster.named_in(words)]
        for words in ("ms. maddern will send it", "ask the ot first", "gordon and nadine", "nobody we know")
    }
    assert named == {
        "ms. maddern will send it": ["Ms. Tess Maddern"],
        "ask the ot first": ["Odell Simms"],
        "gordon and nadine": ["Gordon Pell", "Nadine Harlow"],
        "nobody we know": [],
    }


def test_an_unknown_speaker_is_told_by_their_own_words_or_not_at_all() -> None:
    mom = [Turn(text="My son comes home crying."), Turn(text="At home he told me he hates it.")]
    teacher = [Turn(text="In my room he does fine."), Turn(text="Our data says minutes per week are right.")]
    assert [guessed_side(t) for t in (mom, teacher, [Turn(text="Okay.")])] == ["family", "school", "unknown"]


@pytest.mark.parametrize(
    ("kind", "asked", "answered", "plan", "notice"),
    [
        ("denial", "we want an at evaluation", "no", "iep", ("refusal", "evaluation")),
        ("denial", "he needs sixty minutes of speech", "we'd keep it", "iep", ("refusal", "fape")),
        ("denial", "she should be in gen ed for science", "no", "iep", ("refusal", "placement")),
        ("denial", "find him eligible", "he doesn't qualify", "iep", ("refusal", "identification")),
        ("denial", "could he have extended time", "no", "iep", ("softer", "fape")),
        ("denial", "i want the hallway video", "no", "iep", None),
        ("denial", "weekly counseling", "no", "504", ("refusal_504", None)),
        ("denial", "test him for special ed", "we won't", "504", ("refusal", "evaluation")),
        ("agreement", "", "so speech goes to ninety minutes a week", "iep", ("proposed_change", "fape")),
        ("agreement", "", "so speech stays at ninety minutes a week", "iep", None),
        ("agreement", "", "so speech goes to ninety minutes a week", "504", None),
        ("commitment", "evaluate him", "i'll send it", "iep", None),
    ],
)
def test_notices_follow_what_was_asked(kind, asked, answered, plan, notice) -> None:
    made = notice_of(kind, Talk(asked=asked, answered=answered), plan=plan)
    assert (made and (made.kind, made.about)) == notice


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("We're here for the eye ee pee, the present levels and his minutes.", "iep"),
        ("This is Nora's five oh four plan. The 504 says so.", "504"),
        ("Good morning, everybody.", "iep"),
    ],
)
def test_the_plan_is_told_from_the_talk(words: str, plan: str) -> None:
    assert plan_of(Meeting(held_on=HELD, turns=(Turn(text=words),))) == plan


def drafted(meeting: Meeting, kind: str, *anchors: int) -> Draft:
    said = content(" ".join(view_of(meeting.turns[a].text).text for a in anchors))
    return Draft(kind=kind, anchors=anchors, turns=anchors, sure=0.9, doubtful=False, words=said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        (["T: I'll send it Friday and I'll call the doctor Monday."], date(2026, 11, 6)),
        (["T: I'll send it.", "N: By when?", "T: Let's say the tenth."], date(2026, 11, 10)),
        (["N: By Monday?", "T: I can do that."], date(2026, 11, 9)),
        (["T: I'll have it out Tuesday.", "N: Which day?", "T: No, Wednesday, sorry."], date(2026, 11, 11)),
        (["T: As soon as they fax me, I'll have it in two days."], None),
        (["T: I'll print it before you leave."], HELD),
        (["T: I'll put it in his plan."], None),
        # what stands with the promise, not what stands beside it
        (["T: Okay, the meeting's December second, I'll send the invite out today."], HELD),
        (["T: I'll call him. He fills up by February. You'll hear from me Monday."], date(2026, 11, 9)),
        (["T: I'll ask Debbie today, and if she's willing she'll be there Monday."], HELD),
        # taken back, closed, and said anew
        (["T: I'll send it tonight when I get home. Well, tomorrow. Tomorrow."], date(2026, 11, 6)),
        (["T: You'll have it Monday. Oh, we're off Monday. Tuesday the tenth."], date(2026, 11, 10)),
        (["T: I'll have it in ten school days. We're out the eleventh. So it's the twentieth."], date(2026, 11, 20)),
        # the date comes next, asked for or not
        (
            ["T: It'll be in the notice.", "N: Before the holiday.", "T: You'll have it by the tenth."],
            date(2026, 11, 10),
        ),
        (["N: Tess, by next Wednesday, if you can copy the log?", "T: I'll copy it."], date(2026, 11, 11)),
        (["N: The party is Friday the thirteenth.", "T: I'll come to that."], date(2026, 11, 13)),
        # done each time, or twice: no one day
        (["T: I'll check on Monday and Wednesday."], None),
        (["T: I'll test him Monday, and again in January."], None),
    ],
)
def test_a_due_day_is_found_where_it_was_said(lines: list[str], due: date | None) -> None:
    who = {"T": "Ms. Tess Maddern", "N": "Nadine Harlow"}
    turns = tuple(Turn(text=t, speaker=who[w]) for w, _, t in (line.partition(": ") for line in lines))
    meeting = Meeting(held_on=HELD, turns=turns, participants=TABLE, calendar=SchoolCalendar())
    read = read_turns(meeting, roster_of(meeting), None)
    anchor = next(i for i, t in enumerate(turns) if t.speaker == who["T"])
    found = due_of(drafted(meeting, "commitment", anchor), read, meeting)
    assert (found.due.on if found else None) == due


@pytest.mark.parametrize(
    ("lines", "action"),
    [
        # the thing is named where one thing was
        (["N: Could you send me the draft?", "T: I'll send it Friday."], "send the draft"),
        (["T: I've got the release here. I'll email it to you tonight."], "email the release to Nadine Harlow"),
        (["N: The nurse and the driver need the plan.", "T: I'll call it in."], "call it in"),
        (["T: Give me the pen. I'll sign it before I go."], "sign it before they go"),
        (["T: What's your email? Never mind. I'll send it to her."], "send it to her"),
        # another subject than the speaker
        (["T: He'll have it from me tonight."], "get it to him"),
        (["T: It'll be in the notice."], "see that it is in the notice"),
        (["T: The three dates will be in the plan."], "see that the three dates are in the plan"),
        (["T: She can come to my office."], "let her come to their office"),
        (["T: Odell will write the goal."], "write the goal"),
        (["T: Yep, we'll fix that. Odell's going to write the goal."], "write the goal"),
        (["T: I'll have Odell go over the harness with them."], "go over the harness with them"),
        # no more than the promise
        (["T: ill print you the form its in my office barely anybody asks for it"], "print Nadine Harlow the form"),
        (["T: Well, I'd say within ten days. I'll type the plan."], "type the plan"),
        (["T: I'm sending the logs today."], "send the logs"),
        (["T: I'll walk it to her."], "walk it to her"),
        # whom it is said to
        (["N: When?", "T: I'll leave them on your desk, Odell."], "leave them on Odell Simms's desk"),
    ],
)
def test_an_action_is_what_a_letter_can_say_after_will(lines: list[str], action: str) -> None:
    who = {"T": "Ms. Tess Maddern", "N": "Nadine Harlow"}
    turns = tuple(Turn(text=t, speaker=who[w]) for w, _, t in (line.partition(": ") for line in lines))
    meeting = Meeting(held_on=HELD, turns=turns, participants=TABLE, calendar=SchoolCalendar())
    roster = roster_of(meeting)
    read = read_turns(meeting, roster, None)
    draft = drafted(meeting, "commitment", next(i for i, t in enumerate(turns) if t.speaker == who["T"]))
    assert action_of(draft, (), read, meeting, roster, due_of(draft, read, meeting)) == action


def action_said(kind: str, said: str, speaker: str) -> str:
    """Return the action of the one thing that one turn says."""
    meeting = Meeting(held_on=HELD, turns=(Turn(text=said, speaker=speaker),), participants=TABLE)
    roster = roster_of(meeting)
    return action_of(drafted(meeting, kind, 0), (), read_turns(meeting, roster, None), meeting, roster, None)


@pytest.mark.parametrize(
    ("asked", "action"),
    [
        ("Could I have a copy of that test?", "give Nadine Harlow a copy of that test"),
        ("I want Milo to be evaluated.", "have Milo evaluated"),
        ("Could he sit in front?", "let him sit in front"),
        ("Can you send me the scores?", "send Nadine Harlow the scores"),
    ],
)
def test_a_request_is_what_a_letter_can_say_after_i_asked_the_team_to(asked: str, action: str) -> None:
    assert action_said("request", asked, "Nadine Harlow") == action


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("Then we're agreed, we'll evaluate in math.", "we'll evaluate in math"),
        ("Okay, so that's agreed. He goes to ninety minutes a week.", "He goes to ninety minutes a week"),
        ("No homework on weekends, we'll write that in.", "No homework on weekends, we'll write that in"),
        ("no, he goes to ninety minutes of reading", "he goes to ninety minutes of reading"),
    ],
)
def test_a_term_is_said_without_what_leads_up_to_it(said: str, term: str) -> None:
    assert action_said("agreement", said, "Gordon Pell") == term


@pytest.mark.parametrize(
    ("said", "owner"),
    [
        ("I'll write the goal, if Odell can cover the group.", "Ms. Tess Maddern"),
        ("Yep, we'll fix that. Odell's going to write the goal.", "Odell Simms"),
        ("I'll have Odell go over it.", "Odell Simms"),
        ("I'll have the nurse check him.", "Ms. Tess Maddern"),
        ("Gordon will get her headphones on before I pull the alarm.", "Gordon Pell"),
        ("Gordon can show me once and then I'll do it.", "Ms. Tess Maddern"),
        ("If he loses a lot, we will meet again.", "IEP team"),
        ("We'll meet with you Monday.", "Ms. Tess Maddern"),
    ],
)
def test_the_owner_is_who_will_do_it(said: str, owner: str) -> None:
    meeting = Meeting(held_on=HELD, turns=(Turn(text=said, speaker="Ms. Tess Maddern"),), participants=TABLE)
    roster = roster_of(meeting)
    read = read_turns(meeting, roster, None)
    assert owner_of(drafted(meeting, "commitment", 0), read, meeting, roster, "iep").name == owner


@pytest.mark.parametrize(
    ("kind", "first", "later", "status"),
    [
        ("denial", "We won't fund the reading test.", "I take it back. We'll fund the reading test.", "retracted"),
        ("denial", "We won't fund the reading test.", "He had a good week in reading.", None),
        ("commitment", "I'll sign it right now.", "There, done.", "fulfilled"),
        ("commitment", "I'll order the chewy.", "Don't order it, I've got a chewy in my trunk.", "superseded"),
    ],
)  # fmt: skip
def test_an_item_ends_as_the_talk_ends_it(kind: str, first: str, later: str, status: str | None) -> None:
    turns = (Turn(text=first, speaker="Gordon Pell"), Turn(text=later, speaker="Gordon Pell"))
    meeting = Meeting(held_on=HELD, turns=turns, participants=TABLE)
    read = read_turns(meeting, roster_of(meeting), None)
    ended = endings([drafted(meeting, kind, 0)], read, meeting, {})
    assert (ended[0].status if ended else None) == status


def test_likeness_is_the_shared_share_of_the_smaller_set() -> None:
    a, b = content("the reading scores from spring"), content("reading scores")
    assert likeness(a, b, {}) == pytest.approx(1.0)
    assert likeness(a, content("bus route"), {}) == 0.0
    assert likeness(frozenset(), a, {}) == 0.0
