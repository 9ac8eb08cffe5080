"""A case folder keeps what was done, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casefile.errors import BusyError, StoreError
from casefile.files import write_private
from casefile.records import (
    CaseFacts,
    Contact,
    Decision,
    Due,
    Engine,
    Finding,
    Findings,
    NamedDate,
    Participant,
    Recording,
    Said,
    SchoolCalendar,
    Sent,
    Transcript,
    Turn,
    Unheard,
    Word,
)
from casefile.store import CaseStore, clean_name

NOON = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path):
    with CaseStore.open(tmp_path / "case", create=True) as made:
        yield made


def finding(id: str = "f1", **more: object) -> Finding:
    base: dict[str, object] = {
        "kind": "commitment",
        "turns": (0,),
        "anchors": (0,),
        "speaker": "Lamar Bell",
        "owner": "Lamar Bell",
        "action": "send the draft",
        "topic": "records",
        "quote": "I'll send the draft by Friday.",
        "said": (Said(turn=0, speaker="Lamar Bell", text="I'll send the draft by Friday."),),
        "due": Due(phrase="by Friday", candidates=(date(2026, 11, 6),)),
    }
    return Finding(id=id, **{**base, **more})  # type: ignore[arg-type]


def decision(act: str = "keep", finding_id: str = "f1") -> Decision:
    return Decision(id=None, decided_at=NOON, by="parent (terminal)", act=act, finding_id=finding_id)  # type: ignore[arg-type]


def sent(letter_id: str = "followup") -> Sent:
    return Sent(
        id=None,
        letter_id=letter_id,
        letter_sha256="0" * 64,
        to=("lamar@example.org",),
        cc=(),
        subject="Our meeting",
        message_id="<1@example.org>",
        sent_at=NOON,
        outcome="sending",
    )


def test_a_transcript_comes_back_as_it_was_written(store: CaseStore) -> None:
    word = Word(start_s=0.0, end_s=0.4, text="No.", probability=0.9)
    heard = Transcript(
        recording=Recording(file="a.m4a", sha256="ab", duration_s=3.0),
        engine=Engine(name="sphinx", model="en-us"),
        turns=(Turn(text="No.", speaker=None, start_s=0.0, end_s=0.4, words=(word,), doubt="too unsure"),),
        unheard=(Unheard(start_s=0.4, end_s=3.0, why="silence"),),
    )
    store.write_transcript(heard)
    assert store.read_transcript() == heard
    assert '"start": 0.4' in store.transcript_path.read_text()


def test_findings_come_back_as_they_were_written(store: CaseStore) -> None:
    found = Findings(
        held_on=date(2026, 11, 5),
        findings=(finding(), finding("f2", due=None, status="retracted")),
        participants=(Participant(name="Dana Ruiz", role="parent"),),
        calendar=SchoolCalendar(
            no_school=(date(2026, 11, 25),), named=(NamedDate(name="winter break", on=date(2026, 12, 21)),)
        ),
        plan="iep",
    )
    store.write_findings(found)
    assert store.read_findings() == found


def test_facts_come_back_and_a_persons_comment_stays(store: CaseStore) -> None:
    told = CaseFacts(
        held_on=date(2026, 11, 5),
        child="Ana Ruiz",
        ssd=True,
        ended_at=NOON,
        contacts=(Contact(name="Lamar Bell", role="case manager", email="lamar@example.org"),),
        calendar=SchoolCalendar(named=(NamedDate(name="winter break", on=date(2026, 12, 21)),)),
    )
    store.write_facts(told)
    path = store.folder / "case.toml"
    path.write_text(path.read_text() + "# ask about the bus\n")
    told = replace(told, child="Ana Maria Ruiz")
    store.write_facts(told)
    assert store.read_facts() == told
    assert "ask about the bus" in path.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [("chidl = 'Ana'", "chidl"), ("held_on = 'soon'", "held_on"), ("child = ", "case.toml cannot be read")],
)
def test_a_wrong_case_file_names_the_place(store: CaseStore, text: str, says: str) -> None:
    (store.folder / "case.toml").write_text(text)
    with pytest.raises(StoreError, match=says):
        store.read_facts()


def test_decisions_are_numbered_and_cannot_be_changed(store: CaseStore) -> None:
    first, second = store.decide(decision(), decision("drop"))
    assert (first.id, second.id) == (1, 2)
    assert [d.act for d in store.decisions()] == ["keep", "drop"]
    assert store.decisions(after=1) == (second,)
    assert store.log_is_whole()
    with pytest.raises(Exception, match="only ever added to"):
        store._db.execute("DELETE FROM decision")


def test_a_changed_log_is_noticed(store: CaseStore) -> None:
    store.decide(decision(), decision("drop"))
    store._db.execute("DROP TRIGGER decision_no_update")
    store._db.execute("UPDATE decision SET body = replace(body, 'keep', 'drop') WHERE id = 1")
    assert not store.log_is_whole()


def test_several_decisions_stand_or_fall_together(store: CaseStore) -> None:
    with pytest.raises(TypeError):
        store.decide(decision(), None)  # type: ignore[arg-type]
    assert store.decisions() == ()


_DECIDE_FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from casefile.records import Decision
from casefile.store import CaseStore
with CaseStore.open(Path(sys.argv[1])) as store:
    while True:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        one, two = store.decide(*(Decision(id=None, decided_at=at, by="t", act="keep", group=g) for g in "ab"))
        print(two.id, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX word")
def test_a_killed_window_loses_no_decision_it_had_said(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    CaseStore.open(folder, create=True).close()
    for _ in range(5):
        window = subprocess.Popen(
            [sys.executable, "-c", _DECIDE_FOREVER, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert window.stdout is not None
        said = [window.stdout.readline() for _ in range(3)]
        window.send_signal(signal.SIGKILL)
        said += window.stdout.readlines()
        window.wait()
        window.stdout.close()
        newest = int([s for s in said if s.endswith("\n")][-1])
        with CaseStore.open(folder) as store:
            kept = store.decisions()
            assert len(kept) >= newest
            assert len(kept) % 2 == 0  # never half of what belongs together
            assert store.log_is_whole()


def test_a_second_window_is_told_to_wait(store: CaseStore) -> None:
    other = CaseStore.open(store.folder)
    with store.lock(), pytest.raises(BusyError, match="Another window"), other.lock():
        pass
    with other.lock():
        pass
    other.close()


def test_the_recording_is_copied_once_unchanged_and_private(store: CaseStore, tmp_path: Path) -> None:
    source = tmp_path / "My meeting/.. (1).m4a".replace("/", "_")
    source.write_bytes(os.urandom(3_000_000))
    copied = []
    kept = store.add_recording(source, progress=copied.append)
    assert kept.read_bytes() == source.read_bytes()
    assert copied[-1] == 3_000_000
    assert store.add_recording(source) == kept
    assert store.recordings() == (kept,)
    assert len(store.recorded_sha256(kept) or "") == 64


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX word")
def test_everything_in_the_case_is_its_owners_alone(store: CaseStore, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    store.add_recording(tmp_path / "a.wav")
    store.write_findings(Findings(held_on=date(2026, 11, 5), findings=(finding(),)))
    store.write_facts(CaseFacts(child="Ana"))
    store.decide(decision())
    with store.lock():
        everything = [store.folder, *store.folder.rglob("*")]
        assert len(everything) > 6
        open_to_others = [p.name for p in everything if p.stat().st_mode & 0o077 and not p.name.endswith(".lock")]
    assert open_to_others == []


def test_a_sending_is_written_before_and_after(store: CaseStore) -> None:
    begun = store.begin_send(sent(), b"From: a")
    assert begun.id is not None
    assert store.sent()[0].outcome == "sending"
    done = store.end_send(begun.id, outcome="sent", reply="250 ok", at=NOON + timedelta(seconds=2))
    assert (done.outcome, done.reply, done.sent_at) == ("sent", "250 ok", NOON + timedelta(seconds=2))
    assert store.sent_message(begun.id) == b"From: a"


def test_two_windows_do_not_send_at_once(store: CaseStore) -> None:
    store.begin_send(sent(), b"")
    with CaseStore.open(store.folder) as other:
        assert other.sent()[0].outcome == "sending"  # the first window lives: it is not settled
        with pytest.raises(BusyError):
            other.begin_send(sent("notice-1"), b"")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX word")
def test_a_sending_cut_off_by_a_crash_is_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    CaseStore.open(folder, create=True).close()
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from test_casefile_store import sent
        from casefile.store import CaseStore
        CaseStore.open(Path(sys.argv[1])).begin_send(sent(), b"m")
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    subprocess.run([sys.executable, "-c", script, str(folder), str(Path(__file__).parent)], check=False)
    with CaseStore.open(folder) as store:
        assert [s.outcome for s in store.sent()] == ["unknown"]
        store.begin_send(sent("notice-1"), b"")  # and the way is free again


def test_a_folder_without_a_case_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="onrecord run"):
        CaseStore.open(tmp_path)


def test_a_damaged_file_names_itself(store: CaseStore) -> None:
    store.findings_path.write_text("{")
    with pytest.raises(StoreError, match=r"findings\.json"):
        store.read_findings()
    store.transcript_path.write_text('{"schema": "onrecord/findings/1"}')
    with pytest.raises(StoreError, match=r"onrecord/transcript/1"):
        store.read_transcript()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_private(path, "old")

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreError, match="disk is full"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("meeting.m4a", "meeting.m4a"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\IEP 5.11.mp3", "IEP 5.11.mp3"),
        ("<b>x</b>\n.wav", "b_.wav"),
        ("", "recording"),
        ("..", "recording"),
    ],
)
def test_a_files_name_is_made_safe(given: str, kept: str) -> None:
    assert clean_name(given) == kept
