"""How much of what was said survives the search for voices: ours and Silero's own setting, on far voices in real rooms.

python benchmarks/hearing_vad.py [FOLDER with ami_*.flac and .words.json]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from transcribe.audio import open_sound
from transcribe.level import Level, measure_level
from transcribe.vad import KEEN, SURE, Ear, voice_probabilities, voiced_spans

DEFAULT = Ear(start=0.5, end=0.35, pause_s=2.0, pad_s=0.4)  # faster-whisper's
SETTINGS = {
    "ours, for the recogniser": (KEEN, True),
    "ours, where words are expected": (SURE, True),
    "faster-whisper's default": (DEFAULT, False),
    "0.5 with short pauses": (Ear(start=0.5, end=0.35, pause_s=0.16, pad_s=0.4), False),
}


def main() -> None:
    """Print one line for each setting."""
    shared = Path(os.environ.get("ONRECORD_SHARED", "../shared"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "audio"
    clips = sorted(folder.glob("ami_*.flac"))
    print(f"{len(clips)} clips\n{'setting':34} words kept   sound given on")
    for name, (ear, levelled) in SETTINGS.items():
        spoken = kept = given = length = 0.0
        for clip in clips:
            with open_sound(clip) as sound:
                level = measure_level(sound.samples) if levelled else Level(1.0)
                spans = voiced_spans(voice_probabilities(sound.samples, level), sound.duration_s, ear)
                length += sound.duration_s
            given += sum(s.length_s for s in spans)
            for word in json.loads(clip.with_suffix(".words.json").read_text("utf8"))["words"]:
                spoken += word["end"] - word["start"]
                kept += sum(max(0.0, min(word["end"], s.end_s) - max(word["start"], s.start_s)) for s in spans)
        print(f"{name:34} {100 * kept / spoken:8.2f} %   {100 * given / length:8.1f} %")


if __name__ == "__main__":
    main()
