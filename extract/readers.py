"""Whatever holds a meeting's words, read: meeting files, transcripts, `Name: words` text, subtitles."""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

from casefile.errors import StoreError
from casefile.records import Meeting, Participant, Turn
from casefile.wire import TRANSCRIPT, meeting_from_plain, parse, transcript_from_plain

_TIME: Final = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
)
_NAMED: Final = re.compile(
    r"^\s*(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?([^\W\d_][\w.'’ -]{0,40}?(?:\s*\([^)]{1,40}\))?)\s*:\s+(.*)$"
)
_VOICE: Final = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG: Final = re.compile(r"<[^>]{0,80}>")
_HEAD: Final = re.compile(r"^#\s*(date|held on|meeting date)\s*:\s*(\d{4}-\d{2}-\d{2})\s*$", re.IGNORECASE)


def read_meeting(path: Path, *, held_on: date | None = None) -> Meeting:
    """Return the meeting in a .json, .txt, .srt or .vtt file; raises StoreError for what cannot be read.

    `held_on` goes over the file's own date and is needed where the file has none.
    """
    if not path.is_file():
        raise StoreError(
            f"There is no file {path.name}.", next_step="Check the name, or drag the file into the window."
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise StoreError(
            f"{path.name} is not text.", next_step="Give a transcript: .json, .txt, .srt or .vtt."
        ) from wrong
    ending = path.suffix.lower()
    if ending == ".json":
        return _json(parse(text, what=path.name), path.name, held_on)
    dated = held_on or _date_in(text)
    if ending in (".srt", ".vtt") or "-->" in text[:2000]:
        return _checked(_subtitles(text), path.name, dated)
    return _checked(_named_lines(text), path.name, dated)


def _json(plain: Any, name: str, held_on: date | None) -> Meeting:
    if not isinstance(plain, dict):
        raise StoreError(f"{name} holds no meeting.", next_step="Give a transcript.json or a meeting file.")
    if plain.get("schema") == TRANSCRIPT:
        turns = transcript_from_plain(plain, what=name).turns
        meeting = {k: plain[k] for k in ("meeting_date", "participants", "calendar", "plan") if k in plain}
        return Meeting(
            held_on=(empty := meeting_from_plain(meeting | {"turns": []}, held_on=held_on, what=name)).held_on,
            turns=turns,
            participants=empty.participants,
            calendar=empty.calendar,
            plan=empty.plan,
        )
    if not isinstance(plain.get("turns"), list):
        raise StoreError(f"{name} has no turns.", next_step="Give a transcript.json or a meeting file.")
    turns_plain = [_turn(t) for t in plain["turns"] if isinstance(t, dict)]
    return meeting_from_plain(plain | {"turns": turns_plain}, held_on=held_on, what=name)


def _turn(plain: dict[str, Any]) -> dict[str, Any]:
    known = {k: plain[k] for k in ("speaker", "start", "end") if plain.get(k) is not None}
    return known | {"text": plain.get("text") or ""}


def _checked(turns: list[Turn], name: str, held_on: date | None) -> Meeting:
    if not turns:
        raise StoreError(f"{name} has no words in it.", next_step="Lines should read `Name: what they said`.")
    if held_on is None:
        raise StoreError(f"{name} has no meeting date.", next_step="Give the day of the meeting: --date YYYY-MM-DD.")
    return Meeting(held_on=held_on, turns=tuple(turns), participants=_roles(turns))


def _date_in(text: str) -> date | None:
    for line in text.splitlines()[:20]:
        if found := _HEAD.match(line.strip()):
            return date.fromisoformat(found[2])
    return None


def _named_lines(text: str) -> list[Turn]:
    turns: list[Turn] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        named = _NAMED.match(line)
        if named:
            turns.append(Turn(text=named[2].strip(), speaker=named[1].strip()))
        elif turns and not line[0].isspace() and turns[-1].speaker is not None:
            turns[-1] = Turn(text=f"{turns[-1].text} {line.strip()}".strip(), speaker=turns[-1].speaker)
        else:
            turns.append(Turn(text=line.strip()))
    return turns


def _subtitles(text: str) -> list[Turn]:
    turns: list[Turn] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        time = _TIME.search(block)
        if not time:
            continue
        start, end = (_seconds(*time.groups()[i : i + 4]) for i in (0, 4))
        voice = _VOICE.search(block[time.end() :])
        words = " ".join(_TAG.sub("", line).strip() for line in block[time.end() :].splitlines()[1:])
        named = _NAMED.match(words)
        speaker = voice[1].strip() if voice else named[1].strip() if named else None
        said = (named[2] if named and not voice else words).strip()
        last = turns[-1] if turns else None
        goes_on = speaker is None or (last is not None and last.speaker == speaker)
        if (
            last
            and goes_on
            and last.end_s is not None
            and start - last.end_s < 1.5
            and not re.search(r"[.?!]\s*$", last.text)
        ):
            turns[-1] = Turn(text=f"{last.text} {said}", speaker=last.speaker, start_s=last.start_s, end_s=end)
        elif said:
            turns.append(Turn(text=said, speaker=speaker, start_s=start, end_s=end))
    return turns


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _roles(turns: list[Turn]) -> tuple[Participant, ...]:
    """Return the participants whose label tells a role: "Dana Ruiz (parent)", "Mom", "Principal"."""
    made: dict[str, Participant] = {}
    for label in dict.fromkeys(t.speaker for t in turns if t.speaker):
        inside = re.search(r"\(([^)]+)\)", label)
        if inside:
            made[label] = Participant(name=label, role=inside[1])
        elif re.fullmatch(
            r"(?:the )?(?:mom|mother|dad|father|parent|grandma|grandmother|student|advocate|principal|teacher|nurse|counselor|"
            r"psychologist|slp|ot|pt|[\w ]*coordinator|[\w ]*teacher|[\w ]*director|[\w ]*therapist|social worker)\s*\d?",
            label,
            re.IGNORECASE,
        ):
            made[label] = Participant(name=label, role=label)
    return tuple(made.values())
