"""The first stage: a recording becomes a Transcript in which nothing unheard goes unsaid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casefile.errors import ModelError, RecordingError
from casefile.records import Recording, Transcript, Turn, Word
from transcribe.audio import open_sound
from transcribe.chunks import Chunk, pack
from transcribe.journal import Journal
from transcribe.ledger import close_gaps, unheard
from transcribe.level import Level, measure_level
from transcribe.recognise import EngineName, Line, Recogniser
from transcribe.sound import Sound, Span
from transcribe.vad import voice_probabilities, voiced_spans, without

SHORTEST_S = 0.5  # less sound than this holds no words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far the work is."""

    stage: str  # "reading", "listening for voices", "hearing", "telling voices apart"
    done_s: float  # seconds of sound
    total_s: float
    from_s: float = 0.0  # what an earlier run had done


Progress = Callable[[Reached], None]


def transcribe(
    recording: Path,
    *,
    engine: EngineName = "whisper",
    model: str | None = None,
    speakers: int | None = None,
    vocabulary: Sequence[str] = (),
    journal: Path | None = None,
    progress: Progress | None = None,
    on_text: Callable[[Turn], None] | None = None,
) -> Transcript:
    """Return what was said in `recording`, who said it as far as can be told, and what could not be heard.

    Raises RecordingError for a file without sound, ModelError for a model that is not there. Writes `journal`, from
    which the next call goes on.
    """
    recording = Path(recording)
    recogniser = make_recogniser(engine, model=model, vocabulary=vocabulary)
    tell = progress or (lambda reached: None)
    tell(Reached(stage="reading", done_s=0.0, total_s=0.0))
    with open_sound(recording) as sound:
        if sound.duration_s < SHORTEST_S:
            raise RecordingError(
                f"{recording.name} lasts only {sound.duration_s:.1f} seconds.", next_step="Check that it is whole."
            )
        ears = _listen(sound, tell)
        digest = file_sha256(recording)
        log = Journal(journal, f"{digest} {recogniser.fingerprint} {_shape(ears.chunks)}")
        try:
            turns = _hear(sound, ears, recogniser, log, tell, on_text)
        finally:
            log.close()
        turns = _after(turns, sound, ears, speakers, tell)
        about = Recording(file=recording.name, sha256=digest, duration_s=round(sound.duration_s, 3))
        turns = close_gaps(turns, about.duration_s)
        missed = unheard(turns, about.duration_s, damaged=sound.damaged, voiced=ears.voiced)
        return Transcript(recording=about, engine=recogniser.engine, turns=turns, unheard=missed)


def make_recogniser(engine: EngineName, *, model: str | None, vocabulary: Sequence[str]) -> Recogniser:
    """Return the recogniser asked for; raises ModelError where it cannot be had."""
    if engine == "sphinx":
        from transcribe.sphinx import Sphinx

        return Sphinx()
    raise ModelError("There is no Whisper model here yet.", next_step="Use --engine sphinx for a rough transcript.")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Ears:
    """Where there is something to hear."""

    level: Level
    voiced: tuple[Span, ...]
    chunks: tuple[Chunk, ...]


def _listen(sound: Sound, tell: Progress) -> _Ears:
    level = measure_level(sound.samples)
    probabilities = voice_probabilities(
        sound.samples,
        level,
        on_block=lambda done: tell(Reached(stage="listening for voices", done_s=done, total_s=sound.duration_s)),
    )
    voiced = without(voiced_spans(probabilities, sound.duration_s), sound.damaged)
    return _Ears(level, voiced, pack(voiced, probabilities))


def _shape(chunks: tuple[Chunk, ...]) -> str:
    return hashlib.sha256(repr(chunks).encode()).hexdigest()[:16]


def _hear(
    sound: Sound,
    ears: _Ears,
    recogniser: Recogniser,
    log: Journal,
    tell: Progress,
    on_text: Callable[[Turn], None] | None,
) -> tuple[Turn, ...]:
    """Return the lines of all chunks in order; those in the journal are taken from it."""
    total = sum(c.length_s for c in ears.chunks)
    done = {n: lines for n, lines in log.done.items() if n < len(ears.chunks)}
    before = reached = sum(ears.chunks[n].length_s for n in done)
    todo = [n for n in range(len(ears.chunks)) if n not in done]
    tell(Reached(stage="hearing", done_s=reached, total_s=total, from_s=before))
    for at in range(0, len(todo), recogniser.batch):
        numbers = todo[at : at + recogniser.batch]
        heard = recogniser.hear([ears.chunks[n].sound(sound.samples, ears.level) for n in numbers])
        finished = list(zip(numbers, heard, strict=True))
        log.add(finished)
        done.update(finished)
        reached += sum(ears.chunks[n].length_s for n in numbers)
        tell(Reached(stage="hearing", done_s=reached, total_s=total, from_s=before))
        if on_text is not None:
            for n, lines in finished:
                for line in lines:
                    on_text(_turn(line, ears.chunks[n]))
    turns = [_turn(line, ears.chunks[n]) for n in sorted(done) for line in done[n] if line.words]
    return tuple(turns)


def _turn(line: Line, chunk: Chunk) -> Turn:
    words = []
    for word in line.words:
        place = chunk.place(word.start_s, word.end_s)
        words.append(replace(word, start_s=round(place.start_s, 3), end_s=round(place.end_s, 3)))
    return Turn(
        text=join_words(words), start_s=words[0].start_s, end_s=words[-1].end_s, words=tuple(words), doubt=line.doubt
    )


def join_words(words: Sequence[Word]) -> str:
    """Return the words as a line of text."""
    return " ".join(w.text for w in words)


def _after(
    turns: tuple[Turn, ...], sound: Sound, ears: _Ears, speakers: int | None, tell: Progress
) -> tuple[Turn, ...]:
    """Return the turns with their speakers and with what may have been made up marked."""
    tell(Reached(stage="telling voices apart", done_s=0.0, total_s=sound.duration_s))
    try:
        from transcribe.speakers import name_words
    except ImportError:
        pass
    else:
        turns = name_words(turns, sound.samples, speakers=speakers, voiced=ears.voiced)
    try:
        from transcribe.inventions import mark_inventions
    except ImportError:
        pass
    else:
        turns = mark_inventions(turns, ears.voiced)
    return turns
