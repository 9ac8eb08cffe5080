"""What Whisper heard, in words and lines, with why it may have made them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casefile.records import Word
from transcribe.recognise import Line

PAUSE_S = 0.8  # a line ends at a pause this long,
SENTENCE_S = 0.25  # at a sentence's end with this pause,
LONGEST_LINE_S = 20.0  # and at the next sentence's end after this

LOOP = "the same words over and over"
UNSURE = "the recogniser was not sure of these words"
NO_VOICE = "there may be no voice here"


@dataclass(frozen=True, slots=True)
class Segment:
    """Words heard in one go and what Whisper says of them."""

    words: tuple[Word, ...]
    compression_ratio: float
    log_probability: float
    no_speech: float


def segment_of(segment: Any, offset_s: float) -> Segment:
    """Return faster-whisper's segment with its times counted from `offset_s`."""
    words = tuple(
        Word(
            start_s=round(max(0.0, float(w.start) - offset_s), 3),
            end_s=round(max(0.0, float(w.end) - offset_s, float(w.start) - offset_s), 3),
            text=w.word.strip(),
            probability=round(min(max(float(w.probability), 0.0), 1.0), 3),
        )
        for w in segment.words or ()
        if w.word.strip()
    )
    return Segment(words, segment.compression_ratio, segment.avg_logprob, segment.no_speech_prob)


def worst(segments: list[Segment]) -> float:
    """Return how much the most repeating segment repeats itself."""
    return max((s.compression_ratio for s in segments), default=0.0)


def _doubt(segment: Segment) -> str | None:
    """Return why the recogniser may have made the words up, by Whisper's own limits."""
    if segment.compression_ratio > 2.4:
        return LOOP
    if segment.no_speech > 0.6 and segment.log_probability < -0.7:
        return NO_VOICE
    if segment.log_probability < -1.0:
        return UNSURE
    return None


def lines_of(segment: Segment) -> tuple[Line, ...]:
    """Return a segment's words in lines that end with sentences and at pauses."""
    lines: list[list[Word]] = []
    for word in segment.words:
        if lines and not _ends(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    doubt = _doubt(segment)
    return tuple(Line(words=tuple(line), doubt=doubt) for line in lines)


def _ends(line: list[Word], word: Word) -> bool:
    pause = word.start_s - line[-1].end_s
    if pause >= PAUSE_S:
        return True
    ended = line[-1].text[-1:] in ".?!"
    return ended and (pause >= SENTENCE_S or line[-1].end_s - line[0].start_s > LONGEST_LINE_S)
