"""How good the finder is on the shared example meetings: floors at what it reaches, so that nothing slips back."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile.wire import meeting_from_plain
from extract.pipeline import find
from extract.report import Tally, as_heard, by_line, pair_anchors, read_folder, reliability, tally

FLOORS = {
    ("all", "F1"): 0.8,
    ("commitment", "F1"): 0.84,
    ("denial", "F1"): 0.85,
    ("denial+", "R"): 0.95,
    ("commitment+", "R"): 0.83,
    ("owner", "F1"): 0.93,
    ("due", "F1"): 0.84,
}


@pytest.fixture(scope="module")
def written(shared: Path) -> Tally:
    return tally(read_folder(shared / "eval" / "iep"), lambda _, meeting: find(meeting))


@pytest.mark.shared
def test_the_shared_meetings_are_found_as_well_as_before(written: Tally) -> None:
    rows = written.rows()
    short = {
        f"{row} {part}": round(rows[row][part], 3) for (row, part), least in FLOORS.items() if rows[row][part] < least
    }
    assert not short


@pytest.mark.shared
def test_misheard_copies_lose_little(shared: Path, written: Tally) -> None:
    meetings = [(name, as_heard(plain)) for name, plain in read_folder(shared / "eval" / "iep")]
    heard = tally(meetings, lambda _, meeting: find(meeting)).rows()
    assert heard["all"]["F1"] > written.rows()["all"]["F1"] - 0.05


@pytest.mark.shared
def test_a_recordings_lines_lose_little(shared: Path, written: Tally) -> None:
    meetings = read_folder(shared / "eval" / "iep")
    lines = tally(meetings, by_line(lambda _, meeting: find(meeting))).rows()
    assert lines["all"]["F1"] > written.rows()["all"]["F1"] - 0.06
    assert lines["denial"]["R"] >= 0.75


@pytest.mark.shared
def test_held_out_meetings_that_refuse_nothing_ask_for_next_to_no_notice(shared: Path) -> None:
    folder = shared / "training" / "meetings"
    quiet = [(n, p) for n, p in read_folder(folder) if not any(g["type"] == "DENIAL" for g in p["gold"])]
    assert len(quiet) >= 3
    asked = sum(
        f.notice is not None and f.notice.kind == "refusal" and not f.doubtful and f.status == "active"
        for _, plain in quiet
        for f in find(meeting_from_plain(plain, held_on=None)).findings
    )
    assert asked <= len(quiet) // 3


def test_pairs_are_one_to_one_and_prefer_what_shares_most() -> None:
    assert pair_anchors([[1], [1, 2, 3]], [[1, 2, 3], [1]]) == [(1, 0), (0, 1)]
    assert pair_anchors([[1]], [[2]]) == []


def test_reliability_says_how_often_a_band_of_confidence_was_right() -> None:
    assert reliability([(0.95, True), (1.0, True), (0.05, False)]) == [
        ("0.0 to 0.1", 1, 0.05, 0.0),
        ("0.9 to 1.0", 2, pytest.approx(0.975), 1.0),
    ]
