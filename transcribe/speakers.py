"""Who spoke: voices told apart by what they sound like, without knowing anybody, and given to the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casefile.records import Turn
from transcribe.sound import Array, Samples, Span
from transcribe.speakers_together import listen
from transcribe.speakers_words import give_voices, label_of


def tell_speakers(
    recording: Path | str, speakers: int | None = None, *, exact: bool = False
) -> tuple[tuple[float, float, str], ...]:
    """Return (start_s, end_s, label) in order of time; labels are S1, S2 ... by first appearance.

    `speakers` is the most people told apart: those at the table who hardly speak are not found, and looking for them
    would split others. With `exact` so many are sought, fewer only where the sound does not bear it. Where two speak
    together both are given, if it is known who. Raises RecordingError and ModelError.
    """
    from transcribe.audio import open_sound

    with open_sound(Path(recording)) as sound:
        told = listen(sound.samples, speakers=speakers, exact=exact)
    spoken = sorted(told.spoken + told.beside, key=lambda s: (s.start_s, s.end_s))
    numbers: dict[int, int] = {}
    for s in spoken:
        numbers.setdefault(s.voice, len(numbers))
    return tuple(sorted((round(s.start_s, 3), round(s.end_s, 3), label_of(numbers[s.voice])) for s in spoken))


def name_words(
    turns: Sequence[Turn],
    samples: Samples | Array,
    *,
    speakers: int | None = None,
    exact: bool = False,
    voiced: Sequence[Span] = (),
    probabilities: NDArray[np.float32] | None = None,
    on: Callable[[float], None] | None = None,
) -> tuple[Turn, ...]:
    """Return the turns with their voices: split where the voice changes, with confidence and "several voices".

    A turn at a place where no voice is stays without a speaker. `speakers` and `exact` as for `tell_speakers`; `on` is
    told the seconds done; `voiced`, where words were sought, is wider than where voices are told and not needed.
    `probabilities`, as `transcribe.vad.voice_probabilities` gives them (the chance of a voice, 0 to 1, for each 512
    samples), save hearing for voices a second time. Raises ModelError.
    """
    if not turns:
        return ()
    told = listen(samples, speakers=speakers, exact=exact, probabilities=probabilities, on=on)
    return give_voices(turns, told.spoken, overlaps=told.overlaps)
