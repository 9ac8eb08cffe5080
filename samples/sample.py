"""Where a sample's files lie, and its script as a good recogniser would hear it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from casefile.errors import StoreError
from casefile.facts import read_facts
from casefile.files import sha256_of, telling
from casefile.records import CaseFacts, Engine, Meeting, Recording, Transcript, Turn, Unheard, Word
from casefile.wire import meeting_from_plain, parse

NAMES = ("iep", "s504")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One invented meeting on the disk."""

    name: str  # "iep" or "s504"
    recording: Path  # AAC in m4a, as a phone records
    flac: Path  # the same sound without loss
    script: Path  # annotated, one line to a turn
    meeting: Path  # turns with their true seconds, and the true findings
    facts: Path  # what the parent told: case.toml

    def read_meeting(self) -> dict[str, Any]:
        """Return the meeting file as plain values."""
        with telling(self.meeting):
            plain: dict[str, Any] = parse(self.meeting.read_bytes(), what=self.meeting.name)
        return plain

    def read_facts(self) -> CaseFacts:
        """Return what the parent told about the case."""
        return read_facts(self.facts)


def sample(name: str = "iep") -> Sample:
    """Return the sample of that name; raises StoreError where there is none."""
    if name not in NAMES:
        raise StoreError(f"There is no sample {name!r}.", next_step=f"The samples are {' and '.join(NAMES)}.")
    folder = Path(str(files("samples"))) / name
    return Sample(
        name=name,
        recording=folder / "meeting.m4a",
        flac=folder / "meeting.flac",
        script=folder / "script.txt",
        meeting=folder / "meeting.json",
        facts=folder / "case.toml",
    )


def script_meeting(chosen: Sample) -> Meeting:
    """Return the sample as the finder reads it, with names, calendar and seconds."""
    return meeting_from_plain(chosen.read_meeting(), held_on=None, what=chosen.meeting.name)


def script_transcript(chosen: Sample) -> Transcript:
    """Return the written script as a transcript of the recording: engine "script", names told, words spread evenly.

    A word's seconds are its share of the turn by its length, so they are near, not exact.
    """
    turns = tuple(_turn(t) for t in script_meeting(chosen).turns)
    sound = Recording(
        file=chosen.recording.name, sha256=sha256_of(chosen.recording), duration_s=chosen.read_meeting()["duration"]
    )
    engine = Engine(name="script", model=chosen.name)
    return Transcript(recording=sound, engine=engine, turns=turns, unheard=_gaps(turns, sound.duration_s))


def _turn(turn: Turn) -> Turn:
    start, end = turn.start_s or 0.0, turn.end_s or 0.0
    said = turn.text.split()
    share = (end - start) / sum(len(w) + 1 for w in said)
    words, at = [], start
    for word in said:
        after = at + share * (len(word) + 1)
        words.append(Word(start_s=round(at, 2), end_s=round(after, 2), text=word, probability=1.0))
        at = after
    return Turn(
        text=turn.text, speaker=turn.speaker, start_s=start, end_s=end, words=tuple(words), speaker_confidence=1.0
    )


def _gaps(turns: tuple[Turn, ...], duration_s: float) -> tuple[Unheard, ...]:
    edges = [0.0, *(s for t in turns for s in (t.start_s or 0.0, t.end_s or 0.0)), duration_s]
    pauses = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Unheard(start_s=a, end_s=b, why="silence") for a, b in pauses if b > a)
