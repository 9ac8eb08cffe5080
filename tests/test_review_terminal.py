"""The review in the terminal, with its answers piped in."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import review_meeting as meeting
from rich.console import Console

from casefile.store import CaseStore
from review.desk import Desk
from review.sound import find_player
from review.terminal import TerminalReview


class Recorder:
    """A player that notes what it was told to play."""

    def __init__(self) -> None:
        self.played: list[tuple[float, float]] = []

    def play(self, start_s: float, end_s: float) -> None:
        self.played.append((start_s, end_s))

    def stop(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with meeting.make_case(tmp_path / "case", sound=False) as made:
        yield made


def review(store: CaseStore, *answers: str, player: Recorder | None = None) -> str:
    """Answer the questions in turn and return what was shown."""
    shown = io.StringIO()
    given = iter(answers)

    def ask(question: str) -> str:
        shown.write(question)
        try:
            answer = next(given)
        except StopIteration:
            raise EOFError from None
        shown.write(f"{answer}\n")
        return answer

    desk = Desk(store, by="parent (terminal)", now=meeting.Clock())
    console = Console(file=shown, width=100, color_system=None)
    TerminalReview(desk, console=console, ask=ask, player=player).run()
    return shown.getvalue()


def verdicts(store: CaseStore) -> dict[str, str]:
    desk = Desk(store, by="test", now=meeting.Clock())
    return {r.finding.id: r.verdict for r in desk.case().findings}


def test_each_finding_is_shown_with_its_words_time_and_neighbours(store: CaseStore) -> None:
    shown = review(store, "n", "q")
    assert "Refusal by S1: provide a one-to-one aide" in shown
    assert "We don't do that here. We just don't have the staff for it." in shown
    assert "I would like to ask for a one-to-one aide" in shown  # before it
    assert "Then I would like to see the data" in shown  # after it
    assert f"0:0{int(meeting.TURNS[2].start_s or 0)}" in shown


def test_keep_drop_and_stop_then_go_on_where_it_stopped(store: CaseStore) -> None:
    review(store, "k", "d", "q")
    assert [verdicts(store)[x] for x in ("f1", "f2", "f4")] == ["kept", "dropped", "open"]
    shown = review(store, "k", "q")
    assert shown.index("send the lunch data home") < shown.index("keep, mend, drop")
    assert verdicts(store)["f4"] == "kept"


def test_the_end_of_the_input_keeps_everything_decided(store: CaseStore) -> None:
    shown = review(store, "k")
    assert verdicts(store)["f1"] == "kept"
    assert "1 kept, 0 left out, 5 still open (1 of them doubtful)" in shown


def test_mending_asks_each_field_and_offers_the_readings_of_the_day(store: CaseStore) -> None:
    shown = review(store, "n", "n", "m", "", "Mr. Lindqvist", "", "2", "-", "q")
    assert "1  Friday, March 20, 2026" in shown
    assert "2  Friday, March 13, 2026" in shown
    desk = Desk(store, by="test", now=meeting.Clock())
    made = desk.reviewed("f4")
    assert made.verdict == "mended"
    assert made.finding.owner == "Mr. Lindqvist"
    assert made.finding.due is not None
    assert made.finding.due.on == date(2026, 3, 13)


def test_a_day_that_is_none_is_asked_again(store: CaseStore) -> None:
    shown = review(store, "n", "n", "m", "", "", "", "next week", "2026-03-16", "", "q")
    assert "Write the day as 2026-03-13." in shown
    desk = Desk(store, by="test", now=meeting.Clock())
    assert desk.reviewed("f4").finding.due.on == date(2026, 3, 16)  # type: ignore[union-attr]


def test_doubtful_ones_are_folded_and_counted_until_asked_for(store: CaseStore) -> None:
    shown = review(store, "n", "n", "n", "n", "n", "q")
    assert "Promise: look into the bus" not in shown
    assert "1 doubtful ones are folded away" in shown
    shown = review(store, "x", "n", "n", "n", "n", "n", "k", "q")
    assert "Promise: look into the bus" in shown
    assert verdicts(store)["f8"] == "kept"


def test_undo_takes_back_the_last_and_shows_it_again(store: CaseStore) -> None:
    review(store, "d", "u", "q")
    assert verdicts(store)["f1"] == "open"
    shown = review(store, "u", "q")
    assert "There is nothing to take back." in shown


def test_words_the_program_missed_are_added(store: CaseStore) -> None:
    review(store, "a", "speech minutes", "1", "look at speech again", "q")
    desk = Desk(store, by="test", now=meeting.Clock())
    added = [r.finding for r in desk.case().findings if r.verdict == "added"]
    assert [(f.action, f.kind, f.anchors) for f in added] == [("look at speech again", "commitment", (5,))]


def test_playing_starts_a_little_before_the_words_and_is_noted(store: CaseStore) -> None:
    player = Recorder()
    review(store, "n", "p", "q", player=player)
    ((start, end),) = player.played
    assert start == pytest.approx((meeting.REFUSAL.start_s or 0) - 1)
    assert end == pytest.approx((meeting.REFUSAL.end_s or 0) + 1)
    assert [d.act for d in store.decisions()] == ["heard"]


def test_without_a_player_it_says_where_to_listen(store: CaseStore) -> None:
    assert "go to 0:0" in review(store, "n", "p", "q")
    assert store.decisions() == ()


def test_an_unknown_key_shows_the_keys(store: CaseStore) -> None:
    assert "q stop here and go on later" in review(store, "?", "q")


@pytest.mark.parametrize(
    ("has", "chosen"),
    [
        (("ffplay", "aplay"), "ffplay"),
        (("aplay",), "aplay"),
        (("afplay",), "afplay"),
        (("powershell",), "powershell"),
        ((), None),
    ],
)
def test_the_player_is_the_best_this_machine_has(tmp_path: Path, has: tuple[str, ...], chosen: str | None) -> None:
    recording = meeting.write_sound(tmp_path / "a.wav", seconds=0.1)
    player = find_player(
        recording,
        clip=lambda recording, start, end, target: target,
        folder=tmp_path,
        which=lambda name: f"/bin/{name}" if name in has else None,
    )
    if chosen is None:
        assert player is None
    else:
        assert player is not None
        assert chosen in str(vars(player))
    assert find_player(tmp_path / "gone.wav", clip=None, folder=tmp_path) is None


def test_a_real_player_is_started_and_falls_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    recording = meeting.write_sound(tmp_path / "a.wav", seconds=3)
    player = find_player(recording, clip=None, folder=tmp_path)
    if player is None:
        pytest.skip("no ffplay on this machine")
    player.play(0.5, 2.5)
    process = player._running  # type: ignore[attr-defined]
    time.sleep(0.3)
    assert process.poll() in (None, 0)
    player.stop()
    assert process.poll() is not None
