"""The first stage: a recording becomes a Transcript in which nothing unheard goes unsaid."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from casefile.errors import RecordingError
from casefile.files import sha256_of
from casefile.records import Recording, Transcript, Turn
from transcribe.audio import open_sound
from transcribe.chunks import Chunk, pack
from transcribe.container import check_file
from transcribe.course import Course, Ears, Measures, Shows, begin
from transcribe.gate import Gate
from transcribe.journal import Journal
from transcribe.ledger import close_gaps, unheard
from transcribe.level import measure_level
from transcribe.models import is_fetchable
from transcribe.recognise import EngineName, Recogniser
from transcribe.shelf import Shelf
from transcribe.sound import Sound
from transcribe.vad import KEEN, SURE, voice_probabilities, voiced_spans, without

SHORTEST_S = 0.5  # less sound than this holds no words
ENCODING = 0.25  # of the work on a chunk, measured on tiny and base; the rest is decoding


def transcribe(
    recording: Path,
    *,
    engine: EngineName = "whisper",
    model: str | None = None,
    speakers: int | None = None,
    exact: bool = False,
    vocabulary: Sequence[str] = (),
    journal: Path | None = None,
    progress: Shows | None = None,
    on_text: Callable[[Turn], None] | None = None,
    gate: Gate | None = None,
) -> Transcript:
    """Return what was said in `recording`, who said it as far as can be told, and what could not be heard.

    At most `speakers` people are told apart, with `exact` neither more nor fewer. Writes `journal`, from which the next
    call goes on; tells `on_text` each line as it is heard, those of the journal first. Raises RecordingError for a file
    without sound, ModelError for a model that is not there.
    """
    check_file(Path(recording))
    recogniser = make_recogniser(engine, model=model, vocabulary=vocabulary, progress=progress)
    return hear(
        Path(recording),
        recogniser,
        speakers=speakers,
        exact=exact,
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
    exact: bool = False,
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
        what = f"{digest} {recogniser.fingerprint} {_shape(ears.chunks)}"
        log = Journal(journal, what, batch=recogniser.batch)
        try:
            shelf = Shelf(journal, what, done=log.done)
            heard = Course(sound, ears, recogniser, log, shelf, progress, on_text, gate or Gate())
            turns = heard.run()
        finally:
            log.close()
        if tell_voices:
            turns = _after(turns, sound, ears, speakers, exact, progress)
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


def _listen(sound: Sound, progress: Shows | None) -> Ears:
    level = measure_level(sound.samples)
    begin(progress, sound.duration_s, 0.0)
    probabilities = voice_probabilities(
        sound.samples,
        level,
        on_block=lambda done: progress.advance_to(done, "looking for voices") if progress else None,
    )
    voiced = without(voiced_spans(probabilities, sound.duration_s, KEEN), sound.damaged)
    sure = without(voiced_spans(probabilities, sound.duration_s, SURE), sound.damaged)
    return Ears(level, sure, pack(voiced, probabilities), probabilities)


def _shape(chunks: tuple[Chunk, ...]) -> str:
    return hashlib.sha256(repr(chunks).encode()).hexdigest()[:16]


def _after(
    turns: tuple[Turn, ...], sound: Sound, ears: Ears, speakers: int | None, exact: bool, progress: Shows | None
) -> tuple[Turn, ...]:
    """Return the turns with their speakers, and with what may have been made up marked."""
    from transcribe.inventions import mark_inventions
    from transcribe.speakers import name_words

    begin(progress, sound.duration_s, 0.0)
    turns = name_words(
        turns,
        sound.samples,
        speakers=speakers,
        exact=exact,
        voiced=ears.voiced,
        probabilities=ears.probabilities,
        on=lambda done: progress.advance_to(done, "telling the voices apart") if progress else None,
    )
    return mark_inventions(turns, ears.voiced)
