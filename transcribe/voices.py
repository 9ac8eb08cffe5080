"""People known by a sample of their voice, kept only when asked for, and found again in a recording.

A voice vector is data about a person's body. None is kept unless the parent says so, each can be forgotten, and a
match only suggests a name: nobody is named without being asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casefile.errors import RecordingError, StoreError
from casefile.files import private_folder, telling, write_private
from casefile.records import Turn
from casefile.wire import decode, dump, to_plain
from transcribe.embedding import VoiceModel, unit, voice_model
from transcribe.level import measure_level
from transcribe.sound import RATE, Array, Samples, Span
from transcribe.speakers_lay import lay_windows, speech_spans
from transcribe.vad import voice_probabilities

LEAST_SAMPLE_S = 3.0  # less speech than this does not show a voice
LEAST_HEARD_S = 3.0  # a voice heard for less is not matched
MOST_HEARD_S = 120.0  # more of a voice does not make its vector better


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoice:
    """One person's voice."""

    name: str
    model: str  # fingerprint of the voice model: vectors of two models cannot be compared
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that a voice in a recording may have."""

    voice: str  # "S1"
    name: str
    likeness: float  # cosine
    margin: float  # by which it is more alike than any other pairing of this voice or this person


def learn_voice(name: str, samples: Samples | Array, *, model: VoiceModel | None = None) -> KnownVoice:
    """Return a person's voice from a sample of some 10 seconds in which they speak alone.

    Raises RecordingError where less than LEAST_SAMPLE_S of speech is in it. Keeps nothing.
    """
    model = model or voice_model()
    level = measure_level(samples)
    spans = speech_spans(voice_probabilities(samples, level), len(samples) / RATE)
    speech_s = sum(s.length_s for s in spans)
    if speech_s < LEAST_SAMPLE_S:
        raise RecordingError(
            f"The sample holds only {speech_s:.1f} seconds of speech.",
            next_step="Give about ten seconds in which this person speaks alone.",
        )
    vector = _vector(model, samples, spans)
    return KnownVoice(name=name, model=model.fingerprint, vector=tuple(round(float(x), 6) for x in vector))


def suggest_names(
    turns: Sequence[Turn],
    samples: Samples | Array,
    known: Sequence[KnownVoice],
    *,
    model: VoiceModel | None = None,
) -> tuple[Suggestion, ...]:
    """Return who the voices of a recording may be, each person at most once, in order of voice."""
    model = model or voice_model()
    known = [k for k in known if k.model == model.fingerprint]
    heard: dict[str, list[Span]] = {}
    for turn in turns:
        if turn.speaker and turn.start_s is not None and turn.end_s is not None and not turn.several_voices:
            heard.setdefault(turn.speaker, []).append(Span(turn.start_s, turn.end_s))
    vectors = {
        label: _vector(model, samples, _longest(spans))
        for label, spans in sorted(heard.items())
        if sum(s.length_s for s in spans) >= LEAST_HEARD_S
    }
    about = model.about.samples
    return match(vectors, known, accept=about.accept, margin=about.margin)


def match(
    vectors: Mapping[str, Array], known: Sequence[KnownVoice], *, accept: float, margin: float
) -> tuple[Suggestion, ...]:
    """Return the pairs of voice and person that fit best together and clearly better than any other."""
    from scipy.optimize import linear_sum_assignment

    if not vectors or not known:
        return ()
    labels = list(vectors)
    alike = np.stack([vectors[label] for label in labels]) @ np.array([k.vector for k in known], np.float32).T
    made = []
    for row, column in zip(*linear_sum_assignment(-alike), strict=True):
        best = float(alike[row, column])
        others = np.concatenate([np.delete(alike[row], column), np.delete(alike[:, column], row)])
        ahead = best - float(others.max(initial=-1.0))
        if best >= accept and ahead >= margin:
            made.append(Suggestion(voice=labels[row], name=known[column].name, likeness=best, margin=ahead))
    return tuple(made)


def keep_voice(folder: Path, voice: KnownVoice) -> Path:
    """Write a voice to its own file in `folder`, which only the owner can read; return the file."""
    path = private_folder(folder) / f"{_stem(voice.name)}.json"
    write_private(path, dump(to_plain(voice)))
    return path


def known_voices(folder: Path) -> tuple[KnownVoice, ...]:
    """Return the voices kept in `folder`, by name; raises StoreError for a damaged file."""
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.glob("*.json")):
        with telling(path):
            found.append(decode(path.read_bytes(), KnownVoice, what=f"The voice {path.name}"))
    return tuple(sorted(found, key=lambda v: v.name))


def forget_voice(folder: Path, name: str) -> None:
    """Delete a person's voice; raises StoreError where none is kept under that name."""
    path = folder / f"{_stem(name)}.json"
    if not path.exists():
        raise StoreError(f"No voice is kept under the name {name}.", next_step="See them with `onrecord voices list`.")
    with telling(path):
        path.unlink()


def _longest(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the longest stretches, in order, up to MOST_HEARD_S together."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda s: -s.length_s):
        if sum(s.length_s for s in chosen) >= MOST_HEARD_S:
            break
        chosen.append(span)
    return tuple(sorted(chosen))


def _vector(model: VoiceModel, samples: Samples | Array, spans: Sequence[Span]) -> Array:
    window = model.about.window
    laid = lay_windows(spans, length_s=window.length_s, shortest_s=window.shortest_s, hop_s=window.hop_s)
    return unit(model.for_matching(model.embed(samples, laid)).mean(axis=0))


def _stem(name: str) -> str:
    """Return a file name for a person's name: readable where it is Latin, and never two names in one file."""
    import hashlib

    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{readable or 'voice'}-{hashlib.sha256(name.encode('utf8')).hexdigest()[:8]}"
