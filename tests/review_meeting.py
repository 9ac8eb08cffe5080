"""An invented meeting for the tests of the review: three voices, a promise, a refusal, a deferral, a doubtful one."""

from __future__ import annotations

import math
import struct
import wave
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from casefile.records import (
    CaseFacts,
    Contact,
    Due,
    Engine,
    Finding,
    Findings,
    Notice,
    Participant,
    Recording,
    Said,
    Transcript,
    Turn,
    Unheard,
    Word,
)
from casefile.store import CaseStore

HELD_ON = date(2026, 3, 9)
LINES = (
    ("S1", "Thank you all for coming. We are here to talk about Milo's plan."),
    ("S2", "I would like to ask for a one-to-one aide during lunch and recess."),
    ("S1", "We don't do that here. We just don't have the staff for it."),
    ("S2", "Then I would like to see the data you have on his lunches."),
    ("S3", "I'll send the lunch data home by next Friday."),
    ("S1", "The speech minutes we can look at again once the new scores are in."),
    ("S2", "Could he sit near the door in music?"),
    ("S3", "Sure, we can all agree he sits near the door."),
    ("S1", "Maybe somebody could look into the bus at some point."),
)
SECONDS_A_WORD = 0.3


def turns() -> tuple[Turn, ...]:
    """Return the lines with word times, one after the other."""
    made, at = [], 0.5
    for speaker, text in LINES:
        words = []
        for word in text.split():
            words.append(Word(start_s=round(at, 3), end_s=round(at + 0.25, 3), text=word, probability=0.9))
            at += SECONDS_A_WORD
        made.append(
            Turn(text=text, speaker=speaker, start_s=words[0].start_s, end_s=words[-1].end_s, words=tuple(words))
        )
        at += 0.4
    return tuple(made)


TURNS = turns()
LENGTH_S = round((TURNS[-1].end_s or 0) + 0.5, 3)


def transcript(sha256: str = "0" * 64, file: str = "meeting.wav") -> Transcript:
    """Return the meeting as heard."""
    return Transcript(
        recording=Recording(file=file, sha256=sha256, duration_s=LENGTH_S),
        engine=Engine(name="script", model="test"),
        turns=TURNS,
        unheard=(Unheard(start_s=0.0, end_s=0.5, why="silence"),),
    )


def finding(place: int, kind: str, action: str, **more: object) -> Finding:
    """Return a finding carried by one whole line."""
    turn = TURNS[place]
    said = Said(turn=place, speaker=turn.speaker, text=turn.text, start_s=turn.start_s, end_s=turn.end_s)
    values: dict[str, object] = {
        "id": f"f{place}",
        "kind": kind,
        "turns": (place,),
        "anchors": (place,),
        "speaker": turn.speaker,
        "owner": turn.speaker,
        "action": action,
        "topic": "lunch",
        "quote": turn.text,
        "said": (said,),
        "start_s": turn.start_s,
        "end_s": turn.end_s,
        "confidence": 0.9,
        "why": f"{kind}.test",
    }
    return Finding(**(values | more))  # type: ignore[arg-type]


REQUEST = finding(1, "request", "a one-to-one aide at lunch and recess", owner=None, links=("f2",))
REFUSAL = finding(
    2,
    "denial",
    "provide a one-to-one aide at lunch and recess",
    links=("f1",),
    notice=Notice(kind="refusal", about="fape"),
)
PROMISE = finding(
    4,
    "commitment",
    "send the lunch data home",
    due=Due(phrase="by next Friday", candidates=(date(2026, 3, 20), date(2026, 3, 13))),
)
DEFERRAL = finding(5, "deferral", "look at the speech minutes again", condition="once the new scores are in")
AGREEMENT = finding(7, "agreement", "seat him near the door in music", owner="IEP team")
DOUBTFUL = finding(8, "commitment", "look into the bus", doubtful=True, confidence=0.3, owner=None)
FOUND = (REQUEST, REFUSAL, PROMISE, DEFERRAL, AGREEMENT, DOUBTFUL)


def findings() -> Findings:
    """Return what was found in the meeting."""
    return Findings(
        held_on=HELD_ON,
        findings=FOUND,
        plan="iep",
        participants=(Participant(name="Dana Ruiz", role="parent"),),
    )


def facts() -> CaseFacts:
    """Return what the invented parent told."""
    return CaseFacts(
        held_on=HELD_ON,
        plan="iep",
        child="Milo Ruiz",
        parent="Dana Ruiz",
        parent_email="dana@example.org",
        school="Alder Creek Elementary",
        district="Alder Creek School District",
        participants=(
            Participant(name="Dana Ruiz", role="parent"),
            Participant(name="Ms. Okafor", role="special education coordinator"),
            Participant(name="Mr. Lindqvist", role="speech therapist"),
        ),
        contacts=(
            Contact(name="Ms. Okafor", role="special education coordinator", email="okafor@school.example"),
            Contact(name="Ms. Bell", role="principal", email="bell@school.example"),
        ),
    )


def write_sound(path: Path, *, seconds: float = LENGTH_S, rate: int = 16000) -> Path:
    """Write a WAV with a soft tone under each line, one pitch a speaker, silence between."""
    samples = bytearray()
    pitch = {"S1": 180, "S2": 240, "S3": 130}
    spans = [(t.start_s or 0, t.end_s or 0, pitch[t.speaker or "S1"]) for t in TURNS]
    for i in range(int(seconds * rate)):
        at = i / rate
        hertz = next((p for a, b, p in spans if a <= at < b), 0)
        level = 9000 * math.sin(2 * math.pi * hertz * at) * (0.6 + 0.4 * math.sin(20 * at)) if hertz else 0
        samples += struct.pack("<h", int(level))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(samples))
    return path


def make_case(folder: Path, *, sound: bool = True) -> CaseStore:
    """Return a case folder holding the meeting: sound, transcript, findings, facts."""
    store = CaseStore.open(folder, create=True)
    sha256 = "0" * 64
    if sound:
        source = write_sound(folder.parent / f"{folder.name}-meeting.wav")
        kept = store.add_recording(source)
        sha256 = store.recorded_sha256(kept) or sha256
        store.write_transcript(transcript(sha256, kept.name))
    else:
        store.write_transcript(transcript(sha256))
    store.write_findings(findings())
    store.write_facts(facts())
    return store


class Clock:
    """Instants one second apart."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def make_big_case(folder: Path, *, turns: int = 2000, findings: int = 200) -> CaseStore:
    """Return a case of three hours: many lines with word times, many findings, no sound."""
    said = [text for _, text in LINES]
    length = 3 * 3600 / turns
    made, found = [], []
    for place in range(turns):
        text, at = f"{said[place % len(said)]} {said[(place + 3) % len(said)]} Line {place}.", place * length
        tokens = text.split()
        step = (length - 0.5) / len(tokens)
        words = tuple(
            Word(start_s=round(at + i * step, 3), end_s=round(at + (i + 0.9) * step, 3), text=w, probability=0.9)
            for i, w in enumerate(tokens)
        )
        speaker = f"S{place // 3 % 7 + 1}"
        made.append(Turn(text=text, speaker=speaker, start_s=words[0].start_s, end_s=words[-1].end_s, words=words))
    kinds = ("commitment", "denial", "deferral", "request", "agreement")
    for number in range(findings):
        place = number * turns // findings
        turn = made[place]
        one = Said(turn=place, speaker=turn.speaker, text=turn.text, start_s=turn.start_s, end_s=turn.end_s)
        kind = kinds[number % 5]
        found.append(
            finding(
                0,
                kind,
                f"do thing number {number}",
                id=f"b{number}",
                turns=(place,),
                anchors=(place,),
                said=(one,),
                quote=turn.text,
                start_s=turn.start_s,
                end_s=turn.end_s,
                doubtful=number % 7 == 6,
                notice=Notice(kind="refusal", about="fape") if kind == "denial" else None,
            )
        )
    store = CaseStore.open(folder, create=True)
    recording = Recording(file="long.m4a", sha256="0" * 64, duration_s=3 * 3600.0)
    store.write_transcript(
        Transcript(recording=recording, engine=Engine(name="script", model="test"), turns=tuple(made))
    )
    store.write_findings(Findings(held_on=HELD_ON, findings=tuple(found), plan="iep"))
    store.write_facts(facts())
    return store
