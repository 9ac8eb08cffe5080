"""The first stage: a recording becomes a Transcript in which nothing unheard goes unsaid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from casefile.errors import RecordingError
from casefile.files import sha256_of
from casefile.records import Recording, Transcript, Turn, Word
from transcribe.audio import open_sound
from transcribe.chunks import Chunk, pack
from transcribe.container import check_file
from transcribe.gate import Gate
from transcribe.journal import Journal
from transcribe.ledger import close_gaps, unheard
from transcribe.level import Level, measure_level
from transcribe.models import is_fetchable
from transcribe.recognise import EngineName, Line, Recogniser
from transcribe.sound import Sound, Span
from transcribe.vad import KEEN, SURE, voice_probabilities, voiced_spans, without
from transcribe.vocabulary import tidy

SHORTEST_S = 0.5  # less sound than this holds no words


class Shows(Protocol):
    """What is told how far the work is, in seconds of sound."""

    def advance_to(self, done: float, note: str = "") -> None: ...


@runtime_checkable
class Measures(Protocol):
    """What also wants to know how much there is in all, and how much an earlier run did: it can tell the time left."""

    total: float

    def start_from(self, done: float) -> None: ...


def transcribe(
    recording: Path,
    *,
    engine: EngineName = "whisper",
    model: str | None = None,
    speakers: int | None = None,
    vocabulary: Sequence[str] = (),
    journal: Path | None = None,
    progress: Shows | None = None,
    on_text: Callable[[Turn], None] | None = None,
    gate: Gate | None = None,
) -> Transcript:
    """Return what was said in `recording`, who said it as far as can be told, and what could not be heard.

    Writes `journal`, from which the next call goes on; tells `on_text` each line as it is heard, those of the journal
    first. Raises RecordingError for a file without sound, ModelError for a model that is not there.
    """
    check_file(Path(recording))
    recogniser = make_recogniser(engine, model=model, vocabulary=vocabulary, progress=progress)
    return hear(
        Path(recording),
        recogniser,
        speakers=speakers,
        journal=journal,
        progress=progress,
        on_text=on_text,
        gate=gate,
    )


def hear(
    recording: Path,
    recogniser: Recogniser,
    *,
    speakers: int | None = None,
    journal: Path | None = None,
    progress: Shows | None = None,
    on_text: Callable[[Turn], None] | None = None,
    gate: Gate | None = None,
    tell_voices: bool = True,
) -> Transcript:
    """Return the transcript of `recording` by `recogniser`; see `transcribe`. Without `tell_voices` nobody is named."""
    with open_sound(recording) as sound:
        if sound.duration_s < SHORTEST_S:
            raise RecordingError(
                f"{recording.name} lasts only {sound.duration_s:.1f} seconds.",
                next_step="Check that this is the right file, and that it is whole.",
            )
        ears = _listen(sound, progress)
        digest = sha256_of(recording)
        log = Journal(journal, f"{digest} {recogniser.fingerprint} {_shape(ears.chunks)}", batch=recogniser.batch)
        try:
            heard = _Hearing(sound, ears, recogniser, log, progress, on_text, gate or Gate())
            turns = heard.run()
        finally:
            log.close()
        if tell_voices:
            turns = _after(turns, sound, ears, speakers, progress)
        about = Recording(file=recording.name, sha256=digest, duration_s=round(sound.duration_s, 3))
        turns = close_gaps(turns, about.duration_s)
        missed = unheard(
            turns, about.duration_s, damaged=sound.damaged, voiced=ears.voiced, reached_s=heard.stopped_at_s
        )
        return Transcript(recording=about, engine=recogniser.engine, turns=turns, unheard=missed)


def make_recogniser(
    engine: EngineName, *, model: str | None, vocabulary: Sequence[str] = (), progress: Shows | None = None
) -> Recogniser:
    """Return the recogniser asked for; a model that was named and is known is fetched first where the network may be
    used. Raises ModelError where it cannot be had.
    """
    if engine == "sphinx":
        from transcribe.sphinx import Sphinx

        return Sphinx()
    from transcribe.whisper import load_whisper

    if model is not None and is_fetchable(model):
        from transcribe.models_fetch import fetch_model

        fetch_model(model, progress=_in_bytes(progress))
    return load_whisper(model, vocabulary=vocabulary)


def _in_bytes(progress: Shows | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None

    def tell(done: int, total: int) -> None:
        if isinstance(progress, Measures):
            progress.total = total
        progress.advance_to(done, f"fetching the speech model, {done >> 20} of {total >> 20} MB")

    return tell


@dataclass(frozen=True, slots=True)
class _Ears:
    """Where there is something to hear."""

    level: Level
    voiced: tuple[Span, ...]  # where words are expected; the chunks reach further
    chunks: tuple[Chunk, ...]


def _listen(sound: Sound, progress: Shows | None) -> _Ears:
    level = measure_level(sound.samples)
    _begin(progress, sound.duration_s, 0.0)
    probabilities = voice_probabilities(
        sound.samples,
        level,
        on_block=lambda done: progress.advance_to(done, "looking for voices") if progress else None,
    )
    voiced = without(voiced_spans(probabilities, sound.duration_s, KEEN), sound.damaged)
    sure = without(voiced_spans(probabilities, sound.duration_s, SURE), sound.damaged)
    return _Ears(level, sure, pack(voiced, probabilities))


def _begin(progress: object, total: float, done: float) -> None:
    if isinstance(progress, Measures):
        progress.total = total
        progress.start_from(done)


def _shape(chunks: tuple[Chunk, ...]) -> str:
    return hashlib.sha256(repr(chunks).encode()).hexdigest()[:16]


@dataclass
class _Hearing:
    """Takes the chunks through the recogniser, a batch at a time, each into the journal before anybody is told."""

    sound: Sound
    ears: _Ears
    recogniser: Recogniser
    log: Journal
    progress: Shows | None
    on_text: Callable[[Turn], None] | None
    gate: Gate
    stopped_at_s: float | None = None

    def run(self) -> tuple[Turn, ...]:
        """Return the lines in order; chunks in the journal are not heard again."""
        chunks, size = self.ears.chunks, self.log.batch
        batches = [range(at, min(at + size, len(chunks))) for at in range(0, len(chunks), size)]
        known = [all(n in self.log.done for n in batch) for batch in batches]
        total = sum(c.length_s for c in chunks)
        reached = sum(chunks[n].length_s for batch, there in zip(batches, known, strict=True) if there for n in batch)
        _begin(self.progress, total, reached)
        turns: list[Turn] = []
        for batch, there in zip(batches, known, strict=True):
            if not there:
                if not self.gate.may_go_on():
                    self.stopped_at_s = chunks[batch[0]].start_s
                    break
                self._hear(batch)
                reached += sum(chunks[n].length_s for n in batch)
            lines = tidy(_turn(line, chunks[n]) for n in batch for line in self.log.done[n] if line.words)
            turns += lines
            if self.on_text is not None:
                for turn in lines:
                    self.on_text(turn)
            if self.progress:
                self.progress.advance_to(reached, f"heard up to {_clock(chunks[batch[-1]].end_s)}")
        return tuple(turns)

    def _hear(self, batch: range) -> None:
        sounds = [self.ears.chunks[n].sound(self.sound.samples, self.ears.level) for n in batch]
        self.log.add(list(zip(batch, self.recogniser.hear(sounds), strict=True)))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


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
    turns: tuple[Turn, ...], sound: Sound, ears: _Ears, speakers: int | None, progress: Shows | None
) -> tuple[Turn, ...]:
    """Return the turns with their speakers, and with what may have been made up marked."""
    from transcribe.inventions import mark_inventions
    from transcribe.speakers import name_words

    if progress:
        progress.advance_to(0.0, "telling the voices apart")
    turns = name_words(turns, sound.samples, speakers=speakers, voiced=ears.voiced)
    return mark_inventions(turns, ears.voiced)
