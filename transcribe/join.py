"""Two or more recordings of one meeting as one transcript: each part keeps its own clock."""

from __future__ import annotations

import os
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from casefile.errors import RecordingError
from casefile.files import telling
from casefile.records import Recording, Transcript, Turn, Unheard
from transcribe.audio import open_sound
from transcribe.sound import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One recording of several: its seconds stand from `start_s` on in the joined transcript."""

    recording: Recording
    start_s: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.recording.duration_s


def parts_of(recordings: Sequence[Recording]) -> tuple[Part, ...]:
    """Return where each recording stands in the joined transcript, one after the other in the order given."""
    parts: list[Part] = []
    for recording in recordings:
        parts.append(Part(recording=recording, start_s=round(parts[-1].end_s, 3) if parts else 0.0))
    return tuple(parts)


def own_clock(parts: Sequence[Part], at_s: float) -> tuple[Part, float]:
    """Return the recording in which a second of the joined transcript lies, and the second on that one's own clock."""
    for part in parts:
        if at_s < part.end_s:
            return part, at_s - part.start_s
    return parts[-1], at_s - parts[-1].start_s


def join_transcripts(transcripts: Sequence[Transcript]) -> Transcript:
    """Return one transcript of several recordings of a meeting, in the order given.

    Voices are told apart in each part alone, so a label of a later part gets its part's number ("S1 (2)") until a
    name is given; people who keep their given names keep them. Raises RecordingError for a typed transcript.
    """
    recordings = [t.recording for t in transcripts if t.recording is not None]
    if len(recordings) != len(transcripts):
        raise RecordingError(
            "A typed transcript has no clock to join by.", next_step="Join transcripts that were heard from recordings."
        )
    turns: list[Turn] = []
    unheard: list[Unheard] = []
    parts = parts_of(recordings)
    for number, (part, transcript) in enumerate(zip(parts, transcripts, strict=True), start=1):
        turns += [_shifted(t, part.start_s, number) for t in transcript.turns]
        unheard += [
            replace(u, start_s=round(u.start_s + part.start_s, 3), end_s=round(u.end_s + part.start_s, 3))
            for u in transcript.unheard
        ]
    about = Recording(
        file=" + ".join(r.file for r in recordings),
        sha256=" ".join(r.sha256 for r in recordings),
        duration_s=round(parts[-1].end_s, 3),
    )
    rough = next((t.engine for t in transcripts if t.engine.rough), transcripts[0].engine)
    return Transcript(recording=about, engine=rough, turns=tuple(turns), unheard=tuple(unheard))


def join_sound(recordings: Sequence[Path], target: Path) -> None:
    """Write the recordings one after the other to `target`, a 16 kHz mono WAV only its owner can read.

    Each is decoded on its own clock, so that a second of the joined transcript lies at that second of the sound.
    Raises RecordingError, and StoreError for a full disk.
    """
    part = target.with_suffix(".part")
    with telling(target):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            for recording in recordings:
                _append(recording, out)
        os.replace(part, target)


def _append(recording: Path, out: wave.Wave_write) -> None:
    with open_sound(recording) as sound:
        length = round(round(sound.duration_s, 3) * RATE)  # as the transcript has it
        for at in range(0, length, RATE * 60):
            block = np.asarray(sound.samples[at : min(at + RATE * 60, length)], dtype=np.float32)
            out.writeframes((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())


def _shifted(turn: Turn, by_s: float, part: int) -> Turn:
    label = turn.speaker
    if label is not None and part > 1 and label[:1] == "S" and label[1:].isdigit():
        label = f"{label} ({part})"
    words = tuple(replace(w, start_s=round(w.start_s + by_s, 3), end_s=round(w.end_s + by_s, 3)) for w in turn.words)
    start = None if turn.start_s is None else round(turn.start_s + by_s, 3)
    end = None if turn.end_s is None else round(turn.end_s + by_s, 3)
    return replace(turn, speaker=label, words=words, start_s=start, end_s=end)
