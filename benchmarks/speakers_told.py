"""How well voices are told apart: DER and count for every recording with a reference, by sort; and what an hour takes.

python -m benchmarks.speakers_told [--hour]     reads the shared test material (ONRECORD_SHARED)
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

Turns = list[tuple[float, float, str]]
COLLAR_S = 0.25


def main() -> None:
    """Print a table of all recordings and a line for each sort."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--hour", action="store_true", help="also tell the voices of a looped hour: time and memory")
    hour = asked.parse_args().hour
    folder = _shared() / "audio/diarization"
    totals: dict[str, list[np.ndarray]] = defaultdict(list)
    print(f"{'recording':26}{'people':>7}{'told':>6}{'DER':>8}{'no overlap':>12}{'missed':>8}{'false':>8}{'wrong':>8}")
    for rttm in sorted(folder.glob("*.rttm")):
        audio = _sound_of(rttm)
        if audio is None:
            continue
        want, told = _read(rttm), _told(audio)
        full, single = score(want, told), score(want, told, skip_overlap=True)
        totals[_sort(rttm.name)].append(np.stack([full, single]))
        people, voices = len({p for *_, p in want}), len({v for *_, v in told})
        parts = "".join(f"{part / max(1, full[0]):8.1%}" for part in full[1:])
        print(f"{audio.stem:26}{people:7}{voices:6}{_der(full):8.1%}{_der(single):12.1%}{parts}")
    for sort, scores in sorted(totals.items()):
        full, single = np.sum(scores, axis=0)
        print(f"{sort:39}{_der(full):8.1%}{_der(single):12.1%}")
    if hour:
        _hour(folder / "syn_long7_far.ogg")


def score(want: Turns, told: Turns, *, skip_overlap: bool = False) -> np.ndarray:
    """Return frames of 10 ms: speech, missed, false, wrong; best naming, COLLAR_S left out around each change."""
    frames = int(100 * max([e for _, e, _ in want + told] or [0])) + 2
    ref, hyp, keep = _grid(want, frames), _grid(told, frames), np.ones(frames, bool)
    for start, end, _ in want:
        for edge in (start, end):
            keep[max(0, round((edge - COLLAR_S) * 100)) : round((edge + COLLAR_S) * 100)] = False
    if skip_overlap:
        keep &= ref.sum(0) < 2
    ref, hyp = ref[:, keep], hyp[:, keep]
    together = ref.astype(int) @ hyp.T.astype(int)
    right = together[linear_sum_assignment(-together)].sum() if together.size else 0
    many, heard = ref.sum(0), hyp.sum(0)
    return np.array(
        [
            many.sum(),
            np.maximum(many - heard, 0).sum(),
            np.maximum(heard - many, 0).sum(),
            np.minimum(many, heard).sum() - right,
        ]
    )


def _der(parts: np.ndarray) -> float:
    return float(parts[1:].sum() / max(1, parts[0]))


def _grid(turns: Turns, frames: int) -> np.ndarray:
    names = sorted({n for *_, n in turns})
    made = np.zeros((len(names), frames), bool)
    for start, end, name in turns:
        made[names.index(name), round(start * 100) : round(end * 100)] = True
    return made


def _read(rttm: Path) -> Turns:
    lines = [line.split() for line in rttm.read_text().splitlines()]
    return [(float(p[3]), float(p[3]) + float(p[4]), p[7]) for p in lines if p and p[0] == "SPEAKER"]


def _told(audio: Path) -> Turns:
    from transcribe import tell_speakers

    return list(tell_speakers(audio))


def _sound_of(rttm: Path) -> Path | None:
    stem = rttm.name.removesuffix(".rttm").removesuffix(".words")
    stem = "phone_two_speakers" if stem == "pyannote_sample" else stem
    places = [f / f"{stem}{e}" for f in (rttm.parent, rttm.parent.parent) for e in (".flac", ".ogg", ".wav")]
    return next((p for p in places if p.exists()), None)


def _sort(name: str) -> str:
    if name.startswith("syn"):
        return "made, far" if "_far" in name else "made, near"
    return "real, around a table" if name.startswith("ami") else "real, telephone"


def _hour(recording: Path) -> None:
    from transcribe.audio import decode
    from transcribe.sound import RATE
    from transcribe.speakers_together import listen

    once = decode(recording)
    looped = np.tile(once, 1 + 3600 * RATE // len(once))[: 3600 * RATE]
    wall, cpu = time.perf_counter(), time.process_time()
    spoken = listen(looped).spoken
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"an hour ({recording.stem} looped): {len({s.voice for s in spoken})} voices, {cpu:.1f} s of processor time,")
    print(f"  {wall:.1f} s on {os.cpu_count()} cores as busy as they were{_peak()}")


def _peak() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return ""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return f", {size:.0f} MB at most"


def _shared() -> Path:
    folder = Path(os.environ.get("ONRECORD_SHARED", "../shared"))
    folder = folder if folder.is_absolute() else Path(__file__).resolve().parent.parent / folder
    if not (folder / "audio/diarization").is_dir():
        sys.exit(f"The shared test material is not at {folder} (ONRECORD_SHARED).")
    return folder


if __name__ == "__main__":
    main()
