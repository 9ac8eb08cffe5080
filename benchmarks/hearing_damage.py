"""What becomes of marks in a recording when the file is damaged: our decoder beside faster-whisper's and ffmpeg's.

    python benchmarks/hearing_damage.py

Two minutes with a tone at every other second; 4 % of the bytes at 35 % are overwritten ("bad") or fall out ("hole"), or
the file ends at 70 % ("cut").
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from sounds import marked, marks_found, write_sound

from transcribe.audio import decode

LONG = 120
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "whole": lambda d: d,
    "bad": lambda d: d[: int(0.35 * len(d))] + random.Random(1).randbytes(int(0.04 * len(d))) + d[_after(d) :],
    "hole": lambda d: d[: int(0.35 * len(d))] + d[_after(d) :],
    "cut": lambda d: d[: int(0.7 * len(d))],
}


def _after(data: bytes) -> int:
    return int(0.35 * len(data)) + int(0.04 * len(data))


def by_faster_whisper(path: Path) -> np.ndarray:
    """Return the sound as faster-whisper decodes it."""
    from faster_whisper.audio import decode_audio

    sound: np.ndarray = decode_audio(str(path))
    return sound


def by_ffmpeg(path: Path) -> np.ndarray:
    """Return the sound as the ffmpeg command (and so pydub) decodes it."""
    command = ["ffmpeg", "-v", "quiet", "-i", str(path), "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=False).stdout, np.float32)


def told(read: Callable[[Path], np.ndarray], path: Path) -> str:
    """Return length, marks found and the worst distance as a cell of the table."""
    try:
        sound = read(path)
    except Exception as wrong:
        return type(wrong).__name__
    found = marks_found(sound, LONG, whole=0.7)
    if not len(sound):
        return "nothing"
    worst = max((abs(v) for v in found.values()), default=0.0)
    return f"{len(sound) / 16000:6.1f} s {len(found):2} marks, {1000 * worst:4.0f} ms"


def main() -> None:
    """Print the table."""
    readers: dict[str, Callable[[Path], np.ndarray]] = {"ours": decode, "faster-whisper": by_faster_whisper}
    if shutil.which("ffmpeg"):
        readers["ffmpeg"] = by_ffmpeg
    print(f"{'file':12}" + "".join(f"{name:30}" for name in readers))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("m4a", "mp3", "aac", "ogg", "flac", "webm", "wav"):
            whole = write_sound(Path(folder) / f"whole.{suffix}", marked(LONG)).read_bytes()
            for name, spoil in DAMAGE.items():
                path = Path(folder) / f"{name}.{suffix}"
                path.write_bytes(spoil(whole))
                print(f"{suffix + ' ' + name:12}" + "".join(f"{told(read, path):30}" for read in readers.values()))


if __name__ == "__main__":
    main()
