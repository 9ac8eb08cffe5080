"""The page's server: sound by ranges, uploads, long work, and what happens when things go wrong."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import textwrap
import threading
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import review_meeting as meeting
from review_page import Client, client, served

from casefile.errors import RecordingError
from casefile.records import Findings, Transcript
from casefile.store import CaseStore
from review.server import Page
from review.sounds import Sounds, loudest
from review.stages import Way

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def page(own_home: Path) -> Iterator[Page]:
    with served(own_home) as shown:
        yield shown


@pytest.fixture
def browser(page: Page) -> Iterator[Client]:
    with client(page) as made:
        yield made


# --- sound -------------------------------------------------------------------------------------


def test_any_stretch_of_the_sound_is_served(page: Page, browser: Client) -> None:
    whole = page.rooms.get(browser.case).recording().read_bytes()
    answer = browser.get("sound", headers={"range": "bytes=1000-1999"})
    assert answer.status_code == 206
    assert answer.content == whole[1000:2000]
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert browser.get("sound", headers={"range": "bytes=-10"}).content == whole[-10:]
    assert browser.get("sound", headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    assert browser.get("sound").content == whole


def test_the_peaks_are_computed_once_and_show_where_it_is_loud(page: Page, browser: Client) -> None:
    peaks = browser.get("peaks").content
    assert abs(len(peaks) - meeting.LENGTH_S * 10) <= 1
    turn = meeting.TURNS[4]
    inside = peaks[int((turn.start_s or 0) * 10) + 1 : int((turn.end_s or 0) * 10)]
    assert min(inside) > 60
    assert peaks[0] == 0
    (kept,) = (page.rooms.get(browser.case).store.folder / "page").glob("*.peaks")
    written = kept.stat().st_mtime_ns
    assert browser.get("peaks").content == peaks
    assert kept.stat().st_mtime_ns == written
    assert kept.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_a_file_no_browser_plays_is_served_as_a_wav_of_the_same_seconds(own_home: Path) -> None:
    with served(own_home) as page, client(page) as browser:
        room = page.rooms.get(browser.case)
        old = room.recording()
        strange = old.with_suffix(".amr")
        old.rename(strange)
        answer = browser.get("sound")
        assert answer.headers["content-type"] == "audio/wav"
        made = own_home / "made.wav"
        made.write_bytes(answer.content)
        with wave.open(str(made), "rb") as file:
            assert (file.getnchannels(), file.getframerate()) == (1, 16000)
            assert abs(file.getnframes() / 16000 - meeting.LENGTH_S) < 0.05
        assert strange.exists()


def test_a_vanished_recording_is_told_and_the_words_still_show(page: Page, browser: Client) -> None:
    room = page.rooms.get(browser.case)
    room.recording().rename(room.store.folder / "elsewhere.wav")
    for path in ("sound", "peaks"):
        answer = browser.get(path)
        assert answer.status_code in (404, 409)
        assert "recording" in answer.json()["what"]
        assert answer.json()["next"]
    assert browser.get("meeting").status_code == 200
    assert browser.decide(act="keep", ids=["f2"]).status_code == 200
    assert browser.http.get(f"/c/{browser.case}/review").status_code == 200


def test_a_damaged_recording_is_told(tmp_path: Path) -> None:
    def broken(recording: Path) -> Any:
        raise RecordingError("No sound could be read.", next_step="Copy it again.")

    recording = tmp_path / "a.wav"
    recording.write_bytes(b"nothing")
    with pytest.raises(RecordingError):
        Sounds(tmp_path, broken).peaks(recording)
    assert not list((tmp_path / "page").iterdir())


def test_peaks_are_the_loudest_of_each_tenth() -> None:
    sound = np.zeros(16000, np.float32)
    sound[4000] = -0.25
    sound[15999] = 1.0
    assert list(loudest(sound)) == [0, 0, 127, 0, 0, 0, 0, 0, 0, 255]
    assert len(loudest(np.ones(1601, np.float32))) == 2


# --- a new recording ---------------------------------------------------------------------------


def test_an_upload_is_streamed_kept_unchanged_and_known_by_its_size(page: Page, browser: Client) -> None:
    content = os.urandom(3_000_000)

    def parts() -> Iterator[bytes]:
        for at in range(0, len(content), 100_000):
            yield content[at : at + 100_000]

    answer = browser.raw_post(
        "/api/upload", params={"name": "Team meeting.m4a", "held_on": "2026-03-09"}, content=parts()
    )
    assert answer.json()["size"] == len(content)
    store = page.rooms.get(answer.json()["case"]).store
    (kept,) = store.recordings()
    assert kept.read_bytes() == content
    assert kept.name == "Team meeting.m4a"
    assert store.read_facts().held_on == meeting.HELD_ON
    assert not (store.folder / ".arriving").exists()


def test_an_empty_upload_leaves_no_case_behind(page: Page, browser: Client) -> None:
    before = set(page.rooms.folders())
    answer = browser.raw_post("/api/upload", params={"name": "a.m4a"}, content=b"")
    assert answer.status_code == 409
    assert set(page.rooms.folders()) == before


def test_two_recordings_of_one_name_are_two_cases(browser: Client) -> None:
    made = {browser.raw_post("/api/upload", params={"name": "a.m4a"}, content=b"x").json()["case"] for _ in range(3)}
    assert len(made) == 3


# --- long work ---------------------------------------------------------------------------------


def slow_hear(store: CaseStore, recording: Path, way: str, shows: Any, on_text: Any) -> Transcript:
    """Hear the invented meeting line by line."""
    made = meeting.transcript(store.recorded_sha256(recording) or "", recording.name)
    shows.total = meeting.LENGTH_S
    for turn in made.turns:
        shows.advance_to(turn.end_s)
        on_text(turn)
        time.sleep(0.05)
    store.write_transcript(made)
    return made


def find(store: CaseStore) -> Findings:
    """Find what the invented meeting holds."""
    found = meeting.findings()
    store.write_findings(found)
    return found


def new_case(browser: Client, home: Path) -> str:
    sound = meeting.write_sound(home / "new.wav")
    answer = browser.raw_post(
        "/api/upload", params={"name": "new.wav", "held_on": "2026-03-09"}, content=sound.read_bytes()
    )
    case: str = answer.json()["case"]
    return case


def ready_way() -> tuple[Way, ...]:
    return (Way(id="slow", words="Slowly", help="", ready=True),)


def test_the_words_appear_while_it_listens(own_home: Path) -> None:
    with served(own_home, hear=slow_hear, find=find, ways=ready_way) as page, client(page) as browser:
        browser.case = new_case(browser, own_home)
        assert browser.post("hear", {"way": "slow"}).json() == {"started": True}
        assert browser.post("hear", {"way": "slow"}).json() == {"started": False}
        seen: list[str] = []
        shares = []
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            job = browser.get(f"pulse?heard={len(seen)}").json()["job"]
            seen += [t["t"] for t in job["turns"]]
            shares.append(job["share"] or 0)
            if not job["running"]:
                break
            time.sleep(0.03)
        assert seen == [text for _, text in meeting.LINES]
        assert len({s for s in shares if 0 < s < 1}) > 2
        assert job["stage"] == "done"
        assert len(browser.get("findings").json()["findings"]) == len(meeting.FOUND)


def test_listening_stops_when_asked_and_trouble_is_told(own_home: Path) -> None:
    def failing(*given: Any) -> Transcript:
        raise RecordingError("This recording has no sound after 00:41.", next_step="Check the file in a player.")

    with served(own_home, hear=slow_hear, find=find, ways=ready_way) as page, client(page) as browser:
        browser.case = new_case(browser, own_home)
        browser.post("hear", {"way": "slow"})
        browser.post("stop")
        job = browser.get("pulse").json()["job"]
        assert (job["running"], job["stage"]) == (False, "stopped")
        room = page.rooms.get(browser.case)
        room.stages = replace(room.stages, hear=failing)
        browser.post("hear", {"way": "slow"})
        while (job := browser.get("pulse").json()["job"])["running"]:
            time.sleep(0.02)
        assert job["trouble"] == ["This recording has no sound after 00:41.", "Check the file in a player."]


def test_a_case_another_window_works_on_is_told(own_home: Path) -> None:
    with served(own_home, hear=slow_hear, find=find, ways=ready_way) as page, client(page) as browser:
        browser.case = new_case(browser, own_home)
        with CaseStore.open(page.rooms.get(browser.case).store.folder) as other, other.lock():
            browser.post("hear", {"way": "slow"})
            while (job := browser.get("pulse").json()["job"])["running"]:
                time.sleep(0.02)
        assert "Another window" in job["trouble"][0]


# --- tabs, stopping, killing -------------------------------------------------------------------


def test_two_tabs_see_each_others_decisions(page: Page, browser: Client) -> None:
    with client(page) as tab:
        before = tab.get("pulse").json()["last"]
        browser.decide(act="keep", ids=["f2"])
        assert tab.get("pulse").json()["last"] > before
        shown = {f["id"]: f["verdict"] for f in tab.get("findings").json()["findings"]}
        assert shown["f2"] == "kept"


def test_it_stops_when_asked(own_home: Path) -> None:
    with served(own_home) as page, client(page) as browser:
        assert browser.raw_post("/api/stop").json() == {"stopped": True}
        deadline = time.monotonic() + 10
        while page._server is not None and not page.socket._closed and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.05)
        assert page.socket._closed  # type: ignore[attr-defined]


SERVE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path[:0] = [{tests!r}, {root!r}]
    from review_page import stages
    from review.server import Page
    page = Page(stages())
    print(page.address(), page.keys.csrf, next(iter(page.rooms.folders())), flush=True)
    page.run()
    """
)


def test_a_kill_during_a_decision_leaves_it_there_or_not_never_half(tmp_path: Path, own_home: Path) -> None:
    folder = own_home / "cases" / "meeting"
    folder.parent.mkdir(parents=True)
    meeting.make_case(folder, sound=False).close()
    code = SERVE.format(tests=str(ROOT / "tests"), root=str(ROOT))
    chance = random.Random(7)
    told = 0
    waiting = _serve(code, tmp_path)
    for _ in range(50):
        running, waiting = waiting, _serve(code, tmp_path)  # the next one starts up meanwhile
        with running:
            assert running.stdout is not None
            address, csrf, case = running.stdout.readline().split()
            told = max(told, _decide_until_killed(running, address, csrf, case, chance))
        with CaseStore.open(folder) as store:
            log = store.decisions()
            assert store.log_is_whole()
            assert len(log) >= told  # whatever the page said was done is there
            groups = [d.group for d in log]
            assert all(groups.count(g) == 2 for g in set(groups))  # two at a time: both or neither
            told = len(log)
    with waiting:
        waiting.kill()
    assert told >= 100  # each of the 50 had kept two before it was killed


def _serve(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=folder)


def _decide_until_killed(
    running: subprocess.Popen[str], address: str, csrf: str, case: str, chance: random.Random
) -> int:
    """Keep two findings at a time until the program is killed in the midst of it; return how many it said it kept."""
    base = address.split("/open")[0]
    with httpx.Client(base_url=base, follow_redirects=True, timeout=10) as http:
        http.get(address)

        def keep() -> int:
            answer = http.post(
                f"/api/c/{case}/decide",
                content=json.dumps({"act": "keep", "ids": ["f2", "f4"]}),
                headers={"x-onrecord": csrf, "origin": base},
            )
            return int(answer.json()["case"]["last"])

        began = time.perf_counter()
        last = keep()
        took = time.perf_counter() - began  # the kill falls anywhere in the next decision or the one after
        timer = threading.Timer(chance.uniform(0.0, 2 * took), running.kill)
        timer.start()
        try:
            while True:
                last = keep()
        except httpx.HTTPError:
            pass  # killed
        finally:
            timer.join()
    return last


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk can only be made by root")
    small = tmp_path / "small"
    small.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], capture_output=True)
    if made.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        folder = small / "cases" / "meeting"
        folder.parent.mkdir(parents=True)
        meeting.make_case(folder, sound=False).close()
        with served(small, cases=small / "cases") as page, client(page) as browser:
            assert browser.decide(act="keep", ids=["f2"]).status_code == 200
            answer = browser.raw_post("/api/upload", params={"name": "big.wav"}, content=b"x" * 4_000_000)
            assert answer.status_code == 507
            assert "disk is full" in answer.json()["what"]
            assert list(page.rooms.folders()) == [browser.case]
            filler = small / "filler"
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            told = browser.decide(act="drop", ids=["f4"])
            while told.status_code == 200:  # what was set aside for the log may take a few more
                told = browser.decide(act="drop", ids=["f4"])
            assert told.status_code == 507
            assert "disk is full" in told.json()["what"]
            filler.unlink()
            shown = {f["id"]: f["verdict"] for f in browser.get("findings").json()["findings"]}
            assert shown["f2"] == "kept"
            assert browser.decide(act="drop", ids=["f5"]).status_code == 200
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)
