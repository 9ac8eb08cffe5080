"""The samples: their files agree with each other, and their true findings are ones a person could check."""

from __future__ import annotations

import itertools
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casefile.errors import StoreError
from samples import NAMES, sample, script_meeting, script_transcript
from samples.make import as_json, make, meeting_of
from samples.script_file import ScriptError, read_script

_STAFF = ("SSD", "principal", "counselor", "nurse")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _gold(name: str) -> list[dict[str, Any]]:
    gold: list[dict[str, Any]] = sample(name).read_meeting()["gold"]
    assert len(gold) >= 15
    return gold


def test_every_file_is_there_and_small_enough_to_clone(name: str) -> None:
    s = sample(name)
    sizes = {p.name: p.stat().st_size for p in (s.recording, s.flac, s.script, s.meeting, s.facts)}
    assert max(sizes.values()) < 3_000_000
    assert sizes["meeting.m4a"] < 2_000_000


def test_the_meeting_file_is_what_the_script_makes(name: str) -> None:
    s = sample(name)
    plain = s.read_meeting()
    times = [(t["start"], t["end"]) for t in plain["turns"]]
    made = as_json(meeting_of(read_script(s.script), times, plain["duration"]))
    assert made == s.meeting.read_text(encoding="utf8")


def test_turns_follow_one_another_within_the_sound(name: str) -> None:
    import av

    s = sample(name)
    edges = [x for t in s.read_meeting()["turns"] for x in (t["start"], t["end"])]
    assert len(edges) > 60
    assert edges == sorted(edges)
    for path in (s.recording, s.flac):
        with av.open(str(path)) as sound:
            assert sound.duration is not None
            length = sound.duration / 1e6
            assert sound.streams.audio[0].layout.nb_channels == 1
        assert length == pytest.approx(s.read_meeting()["duration"], abs=0.05)
        assert edges[-1] < length


def test_people_speak_when_the_file_says_they_do(name: str) -> None:
    """Energy between the turn's seconds, hiss between the turns: in both files, on the container's clock."""
    import av
    import numpy as np

    s = sample(name)
    turns = s.read_meeting()["turns"]
    for path in (s.recording, s.flac):
        with av.open(str(path)) as container:
            to_16k = av.AudioResampler("fltp", "mono", 16000)
            parts = [f.to_ndarray()[0] for raw in container.decode(audio=0) for f in to_16k.resample(raw)]
        sound = np.concatenate(parts)

        def loud(start: float, end: float, sound: Any = sound) -> float:
            return float(20 * np.log10(np.sqrt((sound[int(start * 16000) : int(end * 16000)] ** 2).mean()) + 1e-9))

        assert min(loud(t["start"], t["end"]) for t in turns) > -35
        pauses = [(a["end"] + 0.05, b["start"] - 0.05) for a, b in itertools.pairwise(turns)]
        assert max(loud(a, b) for a, b in pauses) < -55


def test_items_point_at_turns_and_at_each_other(name: str) -> None:
    plain, gold = sample(name).read_meeting(), _gold(name)
    ids = [g["id"] for g in gold]
    assert len(set(ids)) == len(ids)
    roles = {p["name"]: p["role"] for p in plain["participants"]}
    for g in gold:
        assert g["anchors"]
        assert set(g["anchors"]) <= set(g["turns"]) <= set(range(len(plain["turns"])))
        assert set(g["links"]) <= set(ids)
        speakers = {roles[plain["turns"][t]["speaker"]] for t in g["anchors"]}
        if g["type"] == "REQUEST":
            assert speakers == {"parent"}, g["id"]
        if g["type"] in ("DENIAL", "DEFERRAL"):
            assert "parent" not in speakers, g["id"]
            assert any(x.startswith("r") for x in g["links"]), g["id"]


def test_due_words_were_said_and_their_day_is_a_school_day(name: str) -> None:
    plain, gold = sample(name).read_meeting(), _gold(name)
    dated = [g for g in gold if g["deadline_text"]]
    assert len(dated) >= 6
    no_school = {date.fromisoformat(d) for d in plain["calendar"]["no_school"]}
    for g in dated:
        said = " ".join(plain["turns"][t]["text"] for t in g["turns"])
        assert g["deadline_text"] in said, g["id"]
        if g["deadline_date"] is None:
            continue
        day = date.fromisoformat(g["deadline_date"])
        assert day >= date.fromisoformat(plain["meeting_date"])
        if g["deadline_text"] != "this weekend":
            assert day.weekday() < 5, g["id"]
            assert day not in no_school, g["id"]


def test_both_meetings_have_what_they_are_there_to_show() -> None:
    iep, s504 = _gold("iep"), _gold("s504")
    assert [g["notice"] for g in iep if g["type"] == "DENIAL"] == ["refusal", "refusal", "softer"]
    assert [g["notice"] for g in s504 if g["type"] == "DENIAL"] == ["refusal_504"]
    assert [g["id"] for g in iep if g["status"] == "retracted"] == ["c4"]
    for gold in (iep, s504):
        assert {g["type"] for g in gold} == {"COMMITMENT", "DENIAL", "DEFERRAL", "REQUEST", "AGREEMENT"}


def test_what_was_taken_back_is_expected_in_no_letter(name: str) -> None:
    plain = sample(name).read_meeting()
    status = {g["id"]: g["status"] for g in plain["gold"]}
    expected = [x for entry in plain["expected_followup"] for x in entry["gold"]]
    assert len(expected) >= 10
    assert {status[x] for x in expected} == {"active"}
    assert plain["expected_pwn"]


def test_the_case_facts_agree_with_the_meeting(name: str) -> None:
    s = sample(name)
    facts, meeting, plain = s.read_facts(), script_meeting(s), s.read_meeting()
    assert facts.held_on == meeting.held_on
    assert facts.plan == meeting.plan
    assert facts.calendar == meeting.calendar
    assert [(p.name, p.role) for p in facts.participants] == [(p.name, p.role) for p in meeting.participants]
    assert facts.speakers == len({t["speaker"] for t in plain["turns"]}) == len(facts.participants)
    addresses = [p.email for p in (*facts.participants, *facts.contacts)] + [facts.parent_email]
    assert all(a and a.endswith((".example.test", "@example.org")) for a in addresses)


def test_the_script_as_a_transcript_covers_the_recording(name: str) -> None:
    t = script_transcript(sample(name))
    assert t.engine.name == "script"
    assert not t.engine.rough
    assert t.recording is not None
    stretches = sorted([(x.start_s, x.end_s) for x in t.turns] + [(u.start_s, u.end_s) for u in t.unheard])  # type: ignore[type-var]
    assert stretches[0][0] == 0
    assert stretches[-1][1] == t.recording.duration_s
    assert all(a[1] == b[0] for a, b in itertools.pairwise(stretches))
    for turn in t.turns:
        assert " ".join(w.text for w in turn.words) == turn.text
        assert turn.words[-1].end_s == pytest.approx(turn.end_s, abs=0.02)


def test_an_unknown_sample_is_told() -> None:
    with pytest.raises(StoreError, match="no sample 'ipe'"):
        sample("ipe")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('Ann: No. <<d1 DENIAL owner="Ann Lee" action="a" topic="t" notice=refusal>>', "a denial answers a request"),
        ('Ann: Soon. <<c1 COMMITMENT owner="Bo Ray" action="a" topic="t">>', "owner is nobody here"),
        (
            'Ann: Soon. <<c1 COMMITMENT owner="Ann Lee" action="a" topic="t" date=2026-01-01>>',
            "a date without its words",
        ),
        ('Ann: Soon. <<c1 COMMITMENT owner="Ann Lee" action="a" topic="t" colour=red>>', "what is 'colour=red'"),
        ("Cy: Hello.", "who is 'Cy'"),
    ],
)
def test_a_script_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, complaint: str) -> None:
    head = "\n".join(
        f"# {k}: {v}" for k, v in {"meeting_id": "x", "date": "2026-11-12", "plan": "iep", "setting": "s"}.items()
    )
    voice = "# voice: Ann Lee | flite slt | pitch 1 | slow 1 | level -20"
    path = tmp_path / "script.txt"
    path.write_text(f"{head}\n# style: clean\n# person: Ann Lee | principal\n{voice}\n{line}\n", encoding="utf8")
    with pytest.raises(ScriptError, match=complaint):
        read_script(path)


@pytest.mark.skipif(
    not all(map(shutil.which, ("flite", "text2wave", "ffmpeg"))), reason="flite, festival or ffmpeg is not installed"
)
def test_the_sound_is_made_the_same_again(tmp_path: Path) -> None:
    """The shorter sample, twice: the same bytes. (That they equal the kept files, `samples.make --check` says.)"""
    first, again = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    again.mkdir()
    pairs = zip(make("s504", first), make("s504", again), strict=True)
    assert all(a.read_bytes() == b.read_bytes() for a, b in pairs)
    turns = json.loads((first / "meeting.json").read_text(encoding="utf8"))["turns"]
    assert len(turns) == len(sample("s504").read_meeting()["turns"])
