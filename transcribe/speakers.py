"""Who spoke: voices told apart by what they sound like, without knowing anybody, and given to the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from casefile.records import Turn
from transcribe.sound import Array, Samples, Span
from transcribe.speakers_table import tell_voices
from transcribe.speakers_words import give_voices, label_of


def tell_speakers(
    recording: Path | str, speakers: int | None = None, *, exact: bool = False
) -> tuple[tuple[float, float, str], ...]:
    """Return (start_s, end_s, label) in order of time; labels are S1, S2 ... by first appearance.

    `speakers` is the most people told apart: those at the table who hardly speak are not found, and looking for them
    would split others. With `exact` so many are sought, fewer only where the sound does not bear it. Raises
    RecordingError and ModelError.
    """
    from transcribe.audio import open_sound

    with open_sound(Path(recording)) as sound:
        spoken = tell_voices(sound.samples, speakers=speakers, exact=exact)
    return tuple((round(s.start_s, 3), round(s.end_s, 3), label_of(s.voice)) for s in spoken)


def name_words(
    turns: Sequence[Turn],
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    exact: bool = False,
    voiced: Sequence[Span] = (),
    on: Callable[[float], None] | None = None,
) -> tuple[Turn, ...]:
    """Return the turns with their voices: split where the voice changes, with confidence and "several voices".

    A turn at a place where no voice is stays without a speaker. `speakers` and `exact` as for `tell_speakers`; `on` is
    told the seconds done; `voiced`, where words were sought, is wider than where voices are told and not needed.
    Raises ModelError.
    """
    if not turns:
        return ()
    return give_voices(turns, tell_voices(samples, speakers=speakers, exact=exact, on=on))
