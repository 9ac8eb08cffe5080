"""How many words get the right person, and which lines are marked as talked over.

True words and times are cut into lines as a recogniser cuts them, then told. A line is talked over when another person
speaks for half a second of it, or for a fifth and 0.2 seconds; each person's words make their own lines for that.

python -m benchmarks.speakers_words     reads the shared test material (ONRECORD_SHARED)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.speakers_told import _read, _shared
from casefile.records import Turn, Word

PAUSE_S = 0.6  # a recogniser's line ends here,
LONGEST = 20  # or after so many words
WORD_S = 0.35  # of the made meetings, whose words are not known


def main() -> None:
    """Print the share of right words for each recording and in all."""
    audio = _shared() / "audio"
    print(f"{'recording':26}{'words':>7}{'right':>8}{'lines':>7}{'cut into':>10}{'unsure':>8}", end="")
    print(f"{'talked over':>13}{'marked':>8}{'by one':>8}{'marked':>8}")
    for sort, recordings in (("real, around a table", _real(audio)), ("made", _made(audio / "diarization"))):
        right = total = 0
        marks = np.zeros(4, int)
        for path, words in recordings:
            r, n, m = _tell(path, words)
            right, total, marks = right + r, total + n, marks + m
        print(f"{sort:26}{total:7}{right / max(1, total):8.1%}{'':25}{_shown(marks)}")


def _tell(path: Path, said: list[tuple[Word, str]]) -> tuple[int, int, np.ndarray]:
    from transcribe.audio import decode
    from transcribe.speakers_together import listen
    from transcribe.speakers_words import give_voices

    person = {(w.start_s, w.text): p for w, p in said}
    lines, heard = _lines([w for w, _ in said]), listen(decode(path))
    told = give_voices(lines, heard.spoken, overlaps=heard.overlaps)
    pairs = Counter((person[w.start_s, w.text], t.speaker) for t in told for w in t.words)
    people, labels = sorted({p for p, _ in pairs}), sorted({v for _, v in pairs if v})
    table = np.array([[pairs[p, v] for v in labels] for p in people]).reshape(len(people), len(labels))
    right = int(table[linear_sum_assignment(-table)].sum())
    unsure = sum((t.speaker_confidence or 0.0) < 0.7 for t in told)
    own = [line for p in people for line in _lines([w for w, q in said if q == p])]
    own.sort(key=lambda line: line.start_s or 0.0)
    marks = _marks(give_voices(own, heard.spoken, overlaps=heard.overlaps), said)
    row = f"{path.stem:26}{pairs.total():7}{right / pairs.total():8.1%}{len(lines):7}{len(told):10}{unsure:8}"
    print(row + _shown(marks))
    return right, pairs.total(), marks


def _marks(told: tuple[Turn, ...], said: list[tuple[Word, str]]) -> np.ndarray:
    """Return lines that are talked over, those of them marked, lines of one person alone, those of them marked."""
    made = np.zeros(4, int)
    for line in told:
        start, end = line.words[0].start_s, line.words[-1].end_s
        speaking = np.zeros((len({p for _, p in said}), 1 + round(100 * (end - start))), bool)
        for row, name in enumerate(sorted({p for _, p in said})):
            for word in (w for w, p in said if p == name and w.start_s < end and w.end_s > start):
                first, last = (round(100 * (at - start)) for at in (max(word.start_s, start), word.end_s))
                speaking[row, first:last] = True
        together_s = (speaking.sum(axis=0) > 1).sum() / 100
        if together_s >= min(0.5, max(0.2, 0.2 * (end - start))):
            made[:2] += 1, line.several_voices
        elif together_s < 0.05:
            made[2:] += 1, line.several_voices
    return made


def _shown(marks: np.ndarray) -> str:
    return f"{marks[0]:13}{marks[1]:8}{marks[2]:8}{marks[3]:8}"


def _lines(words: list[Word]) -> list[Turn]:
    rows: list[list[Word]] = []
    for word in words:
        if not rows or word.start_s - rows[-1][-1].end_s > PAUSE_S or len(rows[-1]) >= LONGEST:
            rows.append([])
        rows[-1].append(word)
    return [
        Turn(text=" ".join(w.text for w in row), start_s=row[0].start_s, end_s=row[-1].end_s, words=tuple(row))
        for row in rows
    ]


def _real(audio: Path) -> Iterator[tuple[Path, list[tuple[Word, str]]]]:
    for path in sorted(audio.glob("ami_*.words.json")):
        words = [
            (
                Word(start_s=w["start"], end_s=w["end"], text=w["word"] + w.get("punct", ""), probability=1.0),
                w["speaker"],
            )
            for w in sorted(json.loads(path.read_text())["words"], key=lambda w: w["start"])
        ]
        if len(words) >= 10:
            yield path.with_name(path.name.removesuffix(".words.json") + ".flac"), words


def _made(folder: Path) -> Iterator[tuple[Path, list[tuple[Word, str]]]]:
    for path in sorted(folder.glob("syn_*.rttm")):
        words = []
        for start, end, person in _read(path):
            count = max(1, round((end - start) / WORD_S))
            step = (end - start) / count
            for i in range(count):
                text = "so." if i == count - 1 else "so"
                at = start + i * step
                words.append((Word(start_s=at, end_s=at + step, text=text, probability=1.0), person))
        yield path.with_suffix(".ogg"), sorted(words, key=lambda w: w[0].start_s)


if __name__ == "__main__":
    main()
