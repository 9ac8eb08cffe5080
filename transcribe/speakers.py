"""Who spoke: voices told apart by what they sound like, without knowing anybody, and given to the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from casefile.records import Turn
from transcribe.sound import Array, Samples, Span
from transcribe.speakers_table import tell_voices
from transcribe.speakers_words import give_voices, label_of


def tell_speakers(recording: Path | str, speakers: int | None = None) -> tuple[tuple[float, float, str], ...]:
    """Return (start_s, end_s, label) in order of time; labels are S1, S2 ... by first appearance.

    `speakers` is how many main speakers there are: never more are told apart, and fewer only where the sound does not
    bear it. Raises RecordingError and ModelError.
    """
    from transcribe.audio import open_sound

    with open_sound(Path(recording)) as sound:
        spoken = tell_voices(sound.samples, speakers=speakers)
    return tuple((round(s.start_s, 3), round(s.end_s, 3), label_of(s.voice)) for s in spoken)


def name_words(
    turns: Sequence[Turn],
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    voiced: Sequence[Span] = (),
    on: Callable[[float], None] | None = None,
) -> tuple[Turn, ...]:
    """Return the turns with their voices: split where the voice changes, with confidence and "several voices".

    A turn at a place where no voice is stays without a speaker. `voiced` is where words were sought, taken for a voice
    where the finer detector hears none; `on` is told the seconds done. Raises ModelError.
    """
    if not turns:
        return ()
    return give_voices(turns, tell_voices(samples, speakers=speakers, on=on))
