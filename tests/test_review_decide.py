"""The decision log, folded: keep, mend, drop, add, undo, voices; and the desk that writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import review_meeting as meeting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefile.errors import CaseError
from casefile.records import CaseFacts, Decision, ReviewedCase
from casefile.store import CaseStore
from review.changes import Change, Marked
from review.decide import apply_voices, for_letters, review_case
from review.desk import Desk
from review.voices import corrected, samples, voices

AT = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with meeting.make_case(tmp_path / "case", sound=False) as made:
        yield made


@pytest.fixture
def desk(store: CaseStore) -> Desk:
    return Desk(store, by="parent (test)", now=meeting.Clock())


def verdicts(case: ReviewedCase) -> dict[str, str]:
    return {r.finding.id: r.verdict for r in case.findings}


def log(*acts: tuple[str, str] | tuple[str, int]) -> tuple[Decision, ...]:
    """("keep", "f1") or ("undo", 2), numbered from 1."""
    return tuple(
        Decision(
            id=n,
            decided_at=AT,
            by="test",
            act=act,  # type: ignore[arg-type]
            finding_id=what if isinstance(what, str) else None,
            undoes=what if isinstance(what, int) else None,
        )
        for n, (act, what) in enumerate(acts, 1)
    )


@pytest.mark.parametrize(
    ("acts", "left"),
    [
        ((), "open"),
        ((("keep", "f4"),), "kept"),
        ((("keep", "f4"), ("drop", "f4")), "dropped"),
        # taken back: as before it
        ((("keep", "f4"), ("drop", "f4"), ("undo", 2)), "kept"),
        # an undo taken back: done again
        ((("keep", "f4"), ("undo", 1), ("undo", 2)), "kept"),
        ((("keep", "f4"), ("undo", 1), ("undo", 2), ("undo", 3)), "open"),
        # undone out of order
        ((("drop", "f4"), ("keep", "f4"), ("undo", 1)), "kept"),
        ((("keep", "f4"), ("reset", "f4")), "open"),
        # about another finding
        ((("keep", "f2"),), "open"),
    ],
)
def test_the_newest_decision_that_is_not_undone_holds(acts: tuple[tuple[str, str], ...], left: str) -> None:
    case = review_case(meeting.findings(), log(*acts), CaseFacts())
    assert verdicts(case)["f4"] == left


def test_a_doubtful_finding_stays_open_until_it_is_kept(desk: Desk) -> None:
    desk.keep(*(f.id for f in meeting.FOUND if not f.doubtful))
    assert verdicts(desk.case())["f8"] == "open"
    assert "f8" not in {f.id for f in desk.case().accepted}
    desk.keep("f8")
    assert "f8" in {f.id for f in desk.case().accepted}


def test_findings_come_in_the_order_of_the_meeting(desk: Desk) -> None:
    text = meeting.LINES[0][1]
    marked = Marked(first_turn=0, first_char=0, last_turn=0, last_char=len(text))
    made = desk.add(marked, kind="agreement", action="talk about the plan")
    assert desk.case().findings[0].finding.id == made.id
    places = [min(r.finding.anchors) for r in desk.case().findings]
    assert places == sorted(places)


def test_mending_changes_only_what_was_changed(desk: Desk) -> None:
    made = desk.mend("f4", Change(due_on=date(2026, 3, 13), owner="Mr. Lindqvist"))
    assert made.due is not None
    assert made.due.on == date(2026, 3, 13)
    assert made.due.phrase == "by next Friday"
    assert (made.action, made.quote) == (meeting.PROMISE.action, meeting.PROMISE.quote)
    assert verdicts(desk.case())["f4"] == "mended"
    assert desk.reviewed("f4").finding.owner == "Mr. Lindqvist"


def test_a_finding_called_a_refusal_gets_its_notice_and_loses_it_again(desk: Desk, store: CaseStore) -> None:
    made = desk.mend("f5", Change(kind="denial"))
    assert made.notice is not None
    assert made.notice.kind == "refusal"
    made = desk.mend("f5", Change(kind="deferral"))
    assert made.notice is None
    store.write_facts(replace(store.read_facts(), plan="504"))
    made = desk.mend("f5", Change(kind="denial"))
    assert made.notice is not None
    assert made.notice.kind == "refusal_504"


def test_an_emptied_day_leaves_the_words_said(desk: Desk) -> None:
    made = desk.mend("f4", Change(due_on=""))
    assert made.due is not None
    assert (made.due.phrase, made.due.on) == ("by next Friday", None)


def test_two_findings_put_together_are_one_with_both_proofs_and_one_undo(desk: Desk) -> None:
    made = desk.merge(["f4", "f5"])
    assert made.anchors == (4, 5)
    assert made.quote == f"{meeting.PROMISE.quote} … {meeting.DEFERRAL.quote}"
    assert (made.start_s, made.end_s) == (meeting.PROMISE.start_s, meeting.DEFERRAL.end_s)
    assert verdicts(desk.case())["f5"] == "dropped"
    desk.undo()
    assert verdicts(desk.case()) == {f.id: "open" for f in meeting.FOUND}


def test_a_finding_taken_apart_is_two_and_one_undo_makes_it_one_again(desk: Desk) -> None:
    desk.merge(["f4", "f5"])
    kept, new = desk.split("f4")
    assert (kept.anchors, new.anchors) == ((4,), (5,))
    assert (kept.quote, new.quote) == (meeting.PROMISE.quote, meeting.DEFERRAL.quote)
    desk.undo()
    assert desk.reviewed("f4").finding.anchors == (4, 5)
    assert new.id not in verdicts(desk.case())


def test_marked_words_become_a_finding_with_their_seconds(desk: Desk) -> None:
    text = meeting.LINES[4][1]
    start = text.index("lunch") + 2  # marked from inside a word: the whole word is meant
    marked = Marked(first_turn=4, first_char=start, last_turn=4, last_char=text.index("home") + 1)
    made = desk.add(marked, kind="commitment", action="")
    assert made.quote == "lunch data home"
    words = meeting.TURNS[4].words
    assert (made.start_s, made.end_s) == (words[3].start_s, words[5].end_s)
    assert verdicts(desk.case())[made.id] == "added"
    desk.undo()
    assert made.id not in verdicts(desk.case())


def test_nothing_marked_is_refused(desk: Desk) -> None:
    with pytest.raises(CaseError, match="No words are marked"):
        desk.add(Marked(first_turn=99, first_char=0, last_turn=99, last_char=4), kind="request", action="x")


def test_a_lost_finding_found_again_under_another_id_keeps_its_decision(desk: Desk, store: CaseStore) -> None:
    desk.drop("f2")
    desk.mend("f4", Change(action="send the lunch data by mail"))
    found = tuple(replace(f, id=f"again-{f.id}") for f in meeting.FOUND)
    store.write_findings(replace(meeting.findings(), findings=found))
    case = desk.case()
    assert verdicts(case)["again-f2"] == "dropped"
    assert verdicts(case)["again-f4"] == "mended"
    assert len(case.findings) == len(meeting.FOUND)


# --- voices ------------------------------------------------------------------------------------


def test_a_named_voice_is_named_in_the_transcript_and_in_every_finding(desk: Desk) -> None:
    desk.name_voice("S3", "Mr. Lindqvist")
    assert desk.transcript() is not None
    assert desk.transcript().turns[4].speaker == "Mr. Lindqvist"  # type: ignore[union-attr]
    promise = desk.reviewed("f4").finding
    assert (promise.speaker, promise.owner, promise.said[0].speaker) == ("Mr. Lindqvist",) * 3
    assert desk.reviewed("f7").finding.owner == "IEP team"


def test_a_voice_named_anew_is_renamed_in_what_was_decided_before(desk: Desk) -> None:
    desk.name_voice("S3", "Mr. L")
    desk.mend("f4", Change(action="mail the lunch data"))
    desk.name_voice("S3", "Mr. Lindqvist")
    assert desk.reviewed("f4").finding.owner == "Mr. Lindqvist"
    desk.undo()
    assert desk.reviewed("f4").finding.owner == "Mr. L"


def test_merged_voices_are_one_person(desk: Desk) -> None:
    desk.name_voice("S1", "Ms. Okafor")
    desk.merge_voices("S3", "S1")
    heard = desk.as_heard()
    assert heard is not None
    assert [v.label for v in voices(heard, desk.decisions())] == ["S1", "S2"]
    assert desk.reviewed("f4").finding.owner == "Ms. Okafor"
    with pytest.raises(CaseError, match="not in the recording"):
        desk.name_voice("S3", "x")
    desk.undo()
    assert desk.reviewed("f4").finding.owner == "S3"


def test_several_people_under_one_label_name_nobody(desk: Desk) -> None:
    desk.name_voice("S1", "Ms. Okafor")
    desk.several_people("S1", True)
    transcript = desk.transcript()
    assert transcript is not None
    assert {t.speaker for t in transcript.turns} == {None, "S2", "S3"}
    assert desk.reviewed("f2").finding.owner is None
    desk.several_people("S1", False)
    assert desk.reviewed("f2").finding.owner == "Ms. Okafor"


def test_lines_moved_to_a_new_voice_split_the_old_one(desk: Desk) -> None:
    desk.move_lines([2, 5], "new")
    heard = desk.as_heard()
    assert heard is not None
    assert {v.label: v.turns for v in voices(heard, desk.decisions())}["S4"] == (2, 5)
    desk.undo()
    assert "S4" not in {v.label for v in voices(heard, desk.decisions())}


def test_a_moved_line_stays_put_when_the_recording_is_heard_anew(desk: Desk, store: CaseStore) -> None:
    desk.move_lines([2], "S2")
    later = tuple(replace(t, start_s=(t.start_s or 0) + 3) for t in meeting.TURNS)
    store.write_transcript(replace(meeting.transcript(), turns=later))
    transcript = desk.transcript()
    assert transcript is not None
    assert transcript.turns[2].speaker == "S1"


def test_a_corrected_line_keeps_the_times_of_the_words_that_stayed(desk: Desk) -> None:
    desk.correct_line(4, "I will send the lunch data home by next Friday.")
    transcript = desk.transcript()
    assert transcript is not None
    turn, old = transcript.turns[4], meeting.TURNS[4]
    assert turn.heard == old.text
    assert [w.text for w in turn.words][:3] == ["I", "will", "send"]
    assert turn.words[2].start_s == old.words[1].start_s
    assert turn.words[0].start_s == old.words[0].start_s
    assert turn.words[-1] == old.words[-1]
    starts = [w.start_s for w in turn.words]
    assert starts == sorted(starts)
    desk.undo()
    assert desk.transcript().turns[4] == old  # type: ignore[union-attr]


@given(
    st.lists(
        st.sampled_from(
            ["I'll", "send", "the", "lunch", "data", "home", "by", "next", "Friday", "and", "more", "words"]
        ),
        min_size=1,
    )
)
def test_any_correction_keeps_words_in_order_and_inside_the_line(said: list[str]) -> None:
    turn = corrected(meeting.TURNS[4], " ".join(said))
    if turn.text == meeting.TURNS[4].text:
        return
    assert [w.text for w in turn.words] == said
    old = meeting.TURNS[4]
    for word in turn.words:
        assert (old.start_s or 0) <= word.start_s <= word.end_s <= (old.end_s or 0) + 1e-9


def test_samples_of_a_voice_are_its_own_and_from_different_parts(desk: Desk) -> None:
    heard = desk.as_heard()
    assert heard is not None
    for voice in voices(heard, ()):
        shown = samples(heard, voice)
        assert 1 <= len(shown) <= 3
        assert len(set(shown)) == len(shown)
        assert set(shown) <= set(voice.turns)


def test_without_decisions_the_transcript_is_the_one_heard() -> None:
    assert apply_voices(meeting.transcript(), ()) == meeting.transcript()


# --- undo of everything ------------------------------------------------------------------------

ACTS = st.sampled_from(["keep", "drop", "mend", "merge", "split", "add", "reset", "name", "join", "move", "correct"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=st.lists(ACTS, min_size=1, max_size=8))
def test_undoing_everything_gives_the_case_back_as_it_was(
    acts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with meeting.make_case(tmp_path_factory.mktemp("undo") / "case", sound=False) as store:
        desk = Desk(store, by="test", now=meeting.Clock())
        before = (desk.case(), desk.transcript())
        for n, act in enumerate(acts):
            do(desk, act, n)
        while desk.undo():
            pass
        assert (desk.case(), desk.transcript()) == before
        assert store.log_is_whole()


def do(desk: Desk, act: str, n: int) -> None:
    ids = [r.finding.id for r in desk.case().findings]
    one, two = ids[n % len(ids)], ids[(n + 1) % len(ids)]
    match act:
        case "keep":
            desk.keep(one, two)
        case "drop":
            desk.drop(one)
        case "mend":
            desk.mend(one, Change(action=f"other {n}", kind="denial"))
        case "merge":
            desk.merge([one, two])
        case "split":
            desk.split(one)
        case "add":
            desk.add(Marked(first_turn=0, first_char=0, last_turn=1, last_char=9), kind="request", action="x")
        case "reset":
            desk.reset(one)
        case "name":
            desk.name_voice("S2", f"Person {n}")
        case "join":
            heard = desk.as_heard()
            assert heard is not None
            labels = [v.label for v in voices(heard, desk.decisions())]
            if len(labels) > 1:
                desk.merge_voices(labels[-1], labels[0])
        case "move":
            desk.move_lines([0, 3], "new")
        case _:
            desk.correct_line(5, f"Other words {n}.")


def test_a_second_window_sees_what_the_first_decided(desk: Desk, store: CaseStore) -> None:
    with CaseStore.open(store.folder) as again:
        other = Desk(again, by="other", now=meeting.Clock())
        assert verdicts(other.case())["f2"] == "open"
        desk.keep("f2")
        assert verdicts(other.case())["f2"] == "kept"
        other.undo()
        assert verdicts(desk.case())["f2"] == "open"
    assert [d.by for d in desk.decisions()] == ["parent (test)", "other"]


def test_listening_is_noted_once_and_is_not_what_undo_takes_back(desk: Desk) -> None:
    desk.keep("f2")
    desk.note_heard("f2")
    desk.note_heard("f2")
    assert [d.act for d in desk.decisions()] == ["keep", "heard"]
    assert desk.reviewed("f2").heard
    desk.undo()
    assert desk.reviewed("f2").verdict == "open"
    assert desk.reviewed("f2").heard


def test_somebody_whose_voice_was_named_was_at_the_table(desk: Desk) -> None:
    desk.name_voice("S2", "Dana Ruiz")
    desk.name_voice("S3", "Ms. Abara")
    people = {p.name: p.role for p in desk.case().facts.participants}
    assert people["Ms. Abara"] == ""
    assert people["Dana Ruiz"] == "parent"
    desk.undo()
    assert "Ms. Abara" not in {p.name for p in desk.case().facts.participants}


def test_a_voice_without_a_name_is_nobody_in_a_letter(desk: Desk) -> None:
    desk.name_voice("S3", "Mr. Lindqvist")
    found = {r.finding.id: r.finding for r in for_letters(desk.case()).findings}
    assert (found["f2"].owner, found["f2"].speaker, found["f2"].said[0].speaker) == (None, None, None)
    assert found["f4"].owner == "Mr. Lindqvist"
    assert found["f7"].owner == "IEP team"
