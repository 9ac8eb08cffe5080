"""What becomes of a promise later in the talk: taken back, joined by another, or dated by a day named before."""

from __future__ import annotations

from datetime import date

from casefile.records import Finding, Meeting, Participant, Turn
from extract import find

TABLE = (
    Participant(name="Orla Finnegan", role="mother"),
    Participant(name="Dale Ruskin", role="special education teacher"),
    Participant(name="Petra Voss", role="principal"),
)
NAMES = {p.name.split()[0]: p.name for p in TABLE}


def found_in(*lines: str) -> tuple[Finding, ...]:
    said = [line.partition(": ") for line in lines]
    turns = tuple(Turn(text=text, speaker=NAMES[who]) for who, _, text in said)
    return find(Meeting(held_on=date(2026, 11, 5), turns=turns, participants=TABLE)).findings


def test_a_promise_taken_back_after_all_is_retracted_and_refuses_nothing_else() -> None:
    found = found_in(
        "Orla: Could you send me the old test scores?",
        "Petra: Let me look into that and get back to you.",
        "Dale: I have a small reading group on Tuesdays. I'll put him in that reading group.",
        "Orla: Thank you, that would help.",
        "Petra: All right. Let's look at the goals.",
        "Dale: I'm sorry, I just looked at my calendar. I'm not able to put him in that reading group after all.",
    )
    promise = next(f for f in found if f.kind == "commitment" and 2 in f.anchors)
    assert promise.status == "retracted"
    assert not [f for f in found if f.kind == "denial" and f.anchors == (5,) and not f.doubtful]


def test_a_promise_for_that_night_is_due_on_the_day_named_before() -> None:
    found = found_in(
        "Petra: The board votes on Monday, November sixteenth.",
        "Orla: And then what?",
        "Petra: I'll call you that night.",
    )
    promise = next(f for f in found if f.kind == "commitment" and 2 in f.anchors)
    assert promise.due is not None
    assert promise.due.on == date(2026, 11, 16)


def test_a_place_is_no_count_of_days_that_waits_for_something() -> None:
    found = found_in("Orla: Can I get that?", "Dale: If you like, I'll email it to you in the morning.")
    promise = next(f for f in found if f.kind == "commitment" and 1 in f.anchors)
    assert promise.due is not None
    assert promise.due.phrase.endswith("in the morning")
    assert promise.due.on == date(2026, 11, 6)
