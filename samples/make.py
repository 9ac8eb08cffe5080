"""Make the samples from their scripts: `python -m samples.make [iep] [s504] [--check]`.

Writes beside each script.txt: meeting.json (turns with their true seconds, true findings), and the sound as
meeting.flac and as meeting.m4a (AAC, 44.1 kHz mono, as a phone records). Needs flite and festival with the voices
named in the scripts (Debian: flite festival festvox-kdlpc16k festvox-us-slt-hts) and ffmpeg. The same voices give
the same files, byte for byte, on the same ffmpeg; `--check` only says whether the files are up to date.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

from samples.script_file import Script, read_script
from samples.speak import RATE, Sound, speak_meeting

HERE = Path(__file__).parent
NAMES = ("iep", "s504")
_FFMPEG = ["ffmpeg", "-loglevel", "error", "-y", "-threads", "1"]
_EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
_FLAC = ["-c:a", "flac", "-compression_level", "12"]
_M4A = ["-c:a", "aac", "-ar", "44100", "-b:a", "40k", "-movflags", "+faststart"]


def make(name: str, folder: Path) -> tuple[Path, ...]:
    """Write one sample's meeting.json, meeting.flac and meeting.m4a into `folder`; return them."""
    script = read_script(HERE / name / "script.txt")
    sound, times = speak_meeting(script)
    made = folder / "meeting.json", folder / "meeting.flac", folder / "meeting.m4a"
    made[0].write_text(as_json(meeting_of(script, times, len(sound) / RATE)), encoding="utf8", newline="\n")
    with tempfile.TemporaryDirectory() as scratch:
        wav = Path(scratch, "meeting.wav")
        _write_wav(wav, sound)
        for path, how in ((made[1], _FLAC), (made[2], _M4A)):
            command: list[str | Path] = [
                "ffmpeg",
                "-loglevel",
                "error",
                "-y",
                "-threads",
                "1",
                "-i",
                wav,
                *how,
                *_EXACT,
                path,
            ]
            subprocess.run(command, check=True)
    return made


def meeting_of(script: Script, times: list[tuple[float, float]], duration_s: float) -> dict[str, Any]:
    """Return the meeting file: the contract's keys, and the true findings."""
    return {
        "meeting_date": script.head["date"],
        "meeting_id": script.head["meeting_id"],
        "plan": script.head["plan"],
        "setting": script.head["setting"],
        "style": script.head["style"],
        "duration": round(duration_s, 2),
        "calendar": {
            "no_school": [day.strip() for day in script.head["no_school"].split(",")],
            "named": {k.strip(): v.strip() for k, v in (p.split("=") for p in script.head["named"].split(";"))},
        },
        "participants": [{"name": name, "role": role} for name, role in script.people],
        "turns": [
            {"speaker": name, "text": text, "start": start, "end": end}
            for (name, text), (start, end) in zip(script.turns, times, strict=True)
        ],
        "gold": list(script.gold),
        "expected_followup": _followup(script.gold),
        "expected_pwn": _notices(script.gold),
    }


def _followup(gold: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Everything a complete follow-up email states: what stands, and requests that nobody answered."""
    stated = [g for g in gold if g["status"] == "active" and (g["type"] != "REQUEST" or not g["links"])]
    return [{"text": _in_words(g), "gold": [g["id"]], "kind": g["type"]} for g in stated]


def _in_words(g: dict[str, Any]) -> str:
    action, owner = g["action"], g["owner"]
    said = f'said: "{g["deadline_text"]}"' if g["deadline_text"] else ""
    when = "; ".join(filter(None, (g["deadline_date"] and f"by {g['deadline_date']}", said)))
    tail = (f" ({when})" if when else "") + (f" [condition: {g['condition']}]" if g["condition"] else "")
    if g["type"] == "DEFERRAL":
        return f"Still open: {action} - {owner}{tail}"
    who = {"COMMITMENT": f"{owner}: ", "DENIAL": f"Denied by {owner}: ", "AGREEMENT": "Agreed: "}
    return f"{who.get(g['type'], 'Not answered: ')}{action}{tail}"


def _notices(gold: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """The written notices to ask for; a softer refusal has a letter of its own kind, and is not here."""
    requests = {g["id"] for g in gold if g["type"] == "REQUEST"}
    names = {"refusal": "refusal", "refusal_504": "refusal_504_written_reasons", "proposed_change": "proposed_change"}
    return [
        {
            "kind": names[g["notice"]],
            "text": g["action"],
            "topic": g["topic"],
            "request": [x for x in g["links"] if x in requests],
            "denial" if g["type"] == "DENIAL" else "agreement": g["id"],
        }
        for g in gold
        if g["status"] == "active" and g.get("notice") in names
    ]


def as_json(meeting: dict[str, Any]) -> str:
    """Return a meeting file with one line to a turn and to an item, so that a change is read as a diff."""
    lines = []
    for key, value in meeting.items():
        if isinstance(value, list) and value:
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'"{key}": [\n{rows}\n ]')
        else:
            lines.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def _write_wav(path: Path, sound: Sound) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32768).astype("<i2").tobytes())


def check(name: str) -> list[str]:
    """Return the files of a sample that differ from what its script makes now."""
    with tempfile.TemporaryDirectory() as scratch:
        made = make(name, Path(scratch))
        return [f"{name}/{p.name}" for p in made if p.read_bytes() != (HERE / name / p.name).read_bytes()]


def main() -> int:
    """Make or check the samples named on the command line; return the exit status."""
    reader = argparse.ArgumentParser(description="Make the samples' sound and true findings from their scripts.")
    reader.add_argument("names", nargs="*", metavar="NAME", help="iep, s504; both if none")
    reader.add_argument("--check", action="store_true", help="write nothing; say which files are not up to date")
    told = reader.parse_args()
    if odd := set(told.names) - set(NAMES):
        reader.error(f"no such sample: {', '.join(sorted(odd))}")
    names = told.names or NAMES
    if not told.check:
        for name in names:
            print(*make(name, HERE / name), sep="\n")
        return 0
    stale = [path for name in names for path in check(name)]
    for path in stale:
        print(f"not up to date: {path}")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
