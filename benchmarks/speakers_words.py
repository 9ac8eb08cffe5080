"""How many words get the right person: true words and times, cut into lines as a recogniser cuts them, then told.

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
    print(f"{'recording':26}{'words':>7}{'right':>8}{'lines':>7}{'cut into':>10}{'several voices':>16}{'unsure':>8}")
    for sort, recordings in (("real, around a table", _real(audio)), ("made", _made(audio / "diarization"))):
        right = total = 0
        for path, words in recordings:
            r, n = _tell(path, words)
            right, total = right + r, total + n
        print(f"{sort:26}{total:7}{right / max(1, total):8.1%}")


def _tell(path: Path, said: list[tuple[Word, str]]) -> tuple[int, int]:
    from transcribe.audio import decode
    from transcribe.speakers import name_words

    person = {(w.start_s, w.text): p for w, p in said}
    lines = _lines([w for w, _ in said])
    told = name_words(lines, decode(path))
    pairs = Counter((person[w.start_s, w.text], t.speaker) for t in told for w in t.words)
    people, labels = sorted({p for p, _ in pairs}), sorted({v for _, v in pairs if v})
    table = np.array([[pairs[p, v] for v in labels] for p in people]).reshape(len(people), len(labels))
    right = int(table[linear_sum_assignment(-table)].sum())
    several = sum(t.several_voices for t in told)
    unsure = sum((t.speaker_confidence or 0.0) < 0.7 for t in told)
    share = right / pairs.total()
    print(f"{path.stem:26}{pairs.total():7}{share:8.1%}{len(lines):7}{len(told):10}{several:16}{unsure:8}")
    return right, pairs.total()


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
