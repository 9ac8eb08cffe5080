"""The shipped turn reader: what it scores, that it scores the same again, and how well on meetings it never saw."""

from __future__ import annotations

import itertools
import json
import math
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from casefile.records import Meeting, Participant, Turn
from extract.classify import KINDS, Classifier, load_classifier
from extract.classify_report import at_recall, best, calibration_error, measure, reliability
from extract.classify_sides import side_of
from extract.classify_units import LONG_TURN, PIECE_TOKENS, PIECE_WORDS, WINDOW, cut, pieces_of, windows_of
from extract.training import corpus
from extract.training.noise import heard

PEOPLE = (
    Participant(name="Dana Ruiz", role="parent"),
    Participant(name="Lamar Bell", role="principal"),
    Participant(name="Ms. Okoye", role="SSD special education teacher"),
)


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return load_classifier()


def meeting(*said: tuple[str, str], people: tuple[Participant, ...] = PEOPLE) -> Meeting:
    names = {p.role: p.name for p in PEOPLE}
    turns = tuple(Turn(text=text, speaker=names.get(role, role)) for role, text in said)
    return Meeting(held_on=date(2026, 3, 2), turns=turns, participants=people)


TALK = (
    ("parent", "I'd like him to be evaluated for speech."),
    ("principal", "We're not going to do a speech evaluation. His scores don't support it."),
    ("parent", "Can I get a copy of the scores?"),
    ("SSD special education teacher", "I'll email them to you by Friday."),
    ("parent", "I'd also like an aide on the bus."),
    ("principal", "I'd have to check with transportation on that."),
    ("principal", "It sure is cold out there."),
)


@pytest.mark.parametrize(
    ("turn", "kind"),
    [(0, "request"), (1, "denial"), (2, "request"), (3, "commitment"), (5, "deferral")],
)
def test_plain_talk_scores_highest_for_what_it_is(reader, turn, kind):
    scores = reader.score(meeting(*TALK))
    assert max(KINDS, key=scores[turn].of) == kind
    assert scores[turn].of(kind) >= reader.threshold(kind)


def test_the_weather_is_nothing(reader):
    weather = (
        ("principal", "It sure is cold out there."),
        ("parent", "It is."),
        ("parent", "I about fell in the lot."),
    )
    scores = reader.score(meeting(*weather, *TALK))
    assert all(s.of(k) < reader.threshold(k) for s in scores[:3] for k in KINDS)


def test_the_weather_is_nothing_even_in_the_same_breath(reader):
    scores = reader.score(meeting(*TALK))
    assert all(scores[6].of(k) < reader.threshold(k) for k in KINDS)


def test_the_same_words_are_a_refusal_only_after_a_request(reader):
    asked = reader.score(meeting(("parent", "Could we get an aide for him?"), ("principal", "No, ma'am.")))
    other = reader.score(meeting(("parent", "You're not from here, are you?"), ("principal", "No, ma'am.")))
    assert asked[1].denial > 2 * other[1].denial


def test_a_refusal_points_at_the_request_it_answers(reader):
    reading = reader.read(meeting(*TALK))
    shares = reading.answered(1, [0])
    assert shares == (1.0,)
    toward = reading.answered(5, [0, 2, 4])
    assert max(range(3), key=toward.__getitem__) == 2
    assert math.isclose(sum(toward), 1.0, abs_tol=1e-5)
    assert 0 <= sum(reading.repeated(5, [0, 2, 4])) < 1


def test_hints_are_shares(reader):
    for hint in reader.read(meeting(*TALK)).hints:
        assert math.isclose(hint.calls + hint.softer + hint.none, 1, abs_tol=1e-5)
        assert math.isclose(sum(hint.about), 1, abs_tol=1e-5)


def test_a_second_reading_is_the_same_to_the_bit(reader):
    kept = held_out()[0].meeting
    assert reader.score(kept) == load_classifier().score(kept)


def test_what_comes_much_later_changes_nothing(reader):
    """Windows are read one by one: the scores of the first turns never depend on what is read beside them."""
    kept = held_out()[0].meeting
    more = Meeting(held_on=kept.held_on, turns=kept.turns * 3, participants=kept.participants)
    assert reader.score(more)[:60] == reader.score(kept)[:60]


@pytest.mark.parametrize(
    "turns", [(), (Turn(text=""),), (Turn(text="..."),), (Turn(text="café ✓ 你好", speaker="S1"),)]
)
def test_odd_meetings_are_read(reader, turns):
    scores = reader.score(Meeting(held_on=date(2026, 3, 2), turns=turns))
    assert len(scores) == len(turns)
    assert all(0 <= s.of(k) <= 1 for s in scores for k in KINDS)


def test_a_promise_deep_in_a_long_turn_is_seen(reader):
    story = (
        "He had a good week, mostly. On Monday he showed me the drawing of his dog, and the dog had a hat on. "
        "Then Tuesday we had the assembly, and he sat all the way through it with the others. The lights bother him "
        "less than they did. I think the new seat helped. His reading's about where it was before the break. "
    )
    said = meeting(("SSD special education teacher", story + "I'll send you the data sheets on Friday. " + story))
    assert reader.score(said)[0].commitment > reader.threshold("commitment")


def test_progress_ends_at_the_last_turn(reader):
    told: list[tuple[int, int]] = []
    kept = held_out()[0].meeting
    reader.score(kept, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(kept.turns), len(kept.turns))
    assert told == sorted(told)


def test_doubtful_reaches_further_than_found(reader):
    assert all(0 < reader.doubtful_threshold(k) < reader.threshold(k) < 1 for k in KINDS)


def test_it_loads_soon_and_its_time_grows_with_the_length_only(reader):
    began = time.perf_counter()
    load_classifier()
    assert time.perf_counter() - began < 2
    kept = held_out()[0].meeting
    times = {}
    for copies in (4, 16):
        long = Meeting(held_on=kept.held_on, turns=kept.turns * copies, participants=kept.participants)
        began = time.process_time()
        reader.score(long)
        times[copies] = time.process_time() - began
    assert times[16] < 4 * times[4] * 1.8


# --- meetings never trained on -------------------------------------------------------------------


def held_out() -> tuple[corpus.Talk, ...]:
    return corpus.split(corpus.meetings())[1]


def figures(reader: Classifier, talks: tuple[corpus.Talk, ...], kind: str) -> tuple[np.ndarray, ...]:
    k = KINDS.index(kind)
    scores = [s.of(kind) for t in talks for s in reader.score(t.meeting)]
    true = [row[k] for t in talks for row in t.labels]
    return np.array(scores), np.array(true), np.array([w for t in talks for w in corpus.counted(t, k)])


def test_a_fifth_is_held_out():
    train, kept = corpus.split(corpus.meetings())
    assert 0.17 < len(kept) / (len(train) + len(kept)) < 0.23
    assert not {t.name for t in train} & corpus.held_out()


@pytest.mark.parametrize(
    ("kind", "clean", "as_heard"),
    [
        # measured .83 .64 .82 .78 .42 as written, .79 .69 .83 .79 .41 as heard: the floors stand some points below
        ("commitment", 0.79, 0.76),
        ("denial", 0.62, 0.62),
        ("deferral", 0.78, 0.78),
        ("request", 0.76, 0.75),
        ("agreement", 0.38, 0.36),
    ],
)
def test_meetings_never_seen_are_read_about_as_well_when_badly_heard(reader, kind, clean, as_heard):
    kept = held_out()
    scores, true, weights = figures(reader, kept, kind)
    assert measure(scores, true, reader.threshold(kind), weights=weights).f1 >= clean
    scores, true, weights = figures(reader, tuple(corpus.heard(t) for t in kept), kind)
    assert measure(scores, true, reader.threshold(kind), weights=weights).f1 >= as_heard


def test_scores_are_chances(reader):
    kept = held_out()
    for kind in KINDS:
        scores, true, _ = figures(reader, kept, kind)
        assert calibration_error(scores, true) < 0.02


# --- pieces, windows, sides, measures ------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("parent", "parent"),
        ("grandmother and legal guardian", "parent"),
        ("uncle and interpreter for the family", "parent"),
        ("parent advocate", "advocate"),
        ("attorney for the parent", "advocate"),
        ("attorney for the district", "leader"),
        ("public defender", "advocate"),
        ("CASA volunteer", "advocate"),
        ("family friend", "parent"),
        ("SSD area coordinator", "leader"),
        ("school psychologist", "therapist"),
        ("adapted PE teacher", "teacher"),
        ("Vocational Rehabilitation counselor", "outside"),
        ("student", "student"),
        ("team member", "staff"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_role_names_its_side(role, side):
    assert side_of(role) == side


@pytest.mark.parametrize("text", ["", "Short.", "word " * 400, "A sentence of some words here. " * 60, "x" * 5000])
def test_cuts_cover_the_text(text):
    cuts = cut(text)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(cuts))
    assert len(cuts) == 1 or all(text.count(" ", a, b) <= PIECE_WORDS for a, b in cuts)
    assert len(cuts) == 1 or text.count(" ") >= LONG_TURN


def test_windows_score_every_piece_once_and_keep_to_their_size():
    kept = held_out()[1].meeting
    pieces = pieces_of(kept)
    tokens = [[200] * (len(p.text) // 4) for p in pieces]
    windows = windows_of(pieces, tokens)
    assert len(windows) > 3
    assert [at for w in windows for at in range(w.begin, w.end)] == list(range(len(pieces)))
    assert all(len(w.ids) <= WINDOW + PIECE_TOKENS for w in windows)
    assert all(w.first < w.begin for w in windows[1:])
    assert all(w.last > w.end for w in windows[:-1])


def test_measures_count_right():
    scores, true = [0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]
    assert measure(scores, true, 0.5).f1 == pytest.approx(0.5)
    assert best(scores, true).f1 == pytest.approx(0.8)
    assert at_recall(scores, true, 1.0).shown_per_true == pytest.approx(1.5)
    assert measure(scores, true, 0.5, weights=[1, 0, 1, 1]).precision == 1.0
    assert sum(b.count for b in reliability(scores, true)) == 4


def test_what_a_recogniser_makes_of_it_is_always_the_same():
    said = "We'll get the IEP draft to you, and the para's schedule, by Friday."
    assert heard(said) == heard(said)
    assert heard(said) == heard(said).lower()
    assert "," not in heard(said)


def test_scripts_have_no_errors():
    assert len(corpus.meetings()) >= 60
    assert len(corpus.single_turns()) > 2000


def test_training_holds_nothing_of_the_shared_evaluation(shared: Path):
    ours = {t.text for talk in (*corpus.meetings(), *corpus.single_turns()) for t in talk.meeting.turns}
    for path in sorted((shared / "eval" / "iep").glob("dev*.json")):
        theirs = corpus.talk_of(path.stem, json.loads(path.read_text(encoding="utf-8")))
        same = [t.text for t in theirs.meeting.turns if len(t.text.split()) > 8 and t.text in ours]
        assert not same
