"""Records to JSON and back, in the shapes of the contract (`onrecord/transcript/1`, `onrecord/findings/1`).

Reading passes over unknown keys and says which key is wrong and where; writing is deterministic.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, TypeVar

import msgspec

from casefile.errors import StoreError
from casefile.records import (
    Finding,
    Findings,
    Meeting,
    SchoolCalendar,
    Transcript,
)

TRANSCRIPT = "onrecord/transcript/1"
FINDINGS = "onrecord/findings/1"

T = TypeVar("T")


def to_plain(record: object) -> Any:
    """Return a record as dicts, lists, strings and numbers; dates are ISO strings."""
    return msgspec.to_builtins(record)


def from_plain(plain: object, kind: type[T], *, what: str) -> T:
    """Return `plain` as a record of `kind`; raises StoreError naming `what` and the wrong key."""
    try:
        made: T = msgspec.convert(plain, kind)
        return made
    except msgspec.ValidationError as wrong:
        raise StoreError(f"{what} is not as expected: {wrong}", next_step="Make it again, or mend that key.") from wrong


def encode(record: object) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(to_plain(record), ensure_ascii=False, separators=(",", ":"))


def decode(text: str | bytes, kind: type[T], *, what: str) -> T:
    """Return the record of `kind` written in `text`; raises StoreError naming `what`."""
    return from_plain(parse(text, what=what), kind, what=what)


def parse(text: str | bytes, *, what: str) -> Any:
    """Return JSON text as plain values; raises StoreError with the line where it breaks off."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        where = f" at line {wrong.lineno}" if isinstance(wrong, json.JSONDecodeError) else ""
        raise StoreError(
            f"{what} is not readable as JSON{where}.", next_step="Make it again, or restore a copy."
        ) from wrong


def dump(plain: object) -> str:
    """Return plain values as JSON a person can read, ending in a newline."""
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


# --- transcript ------------------------------------------------------------------------------


def transcript_to_plain(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript in the contract's shape: times are `start` and `end`."""
    plain = to_plain(transcript)
    plain["turns"] = [
        _rename(t, _TO_WIRE) | {"words": [_rename(w, _TO_WIRE) for w in t["words"]]} for t in plain["turns"]
    ]
    plain["unheard"] = [_rename(u, _TO_WIRE) for u in plain["unheard"]]
    plain["engine"]["rough"] = transcript.engine.rough
    return {"schema": TRANSCRIPT, **plain}


def transcript_from_plain(plain: dict[str, Any], *, what: str = "The transcript") -> Transcript:
    """Return the transcript in `plain`; raises StoreError."""
    _check_schema(plain, TRANSCRIPT, what)
    inner = dict(plain)
    try:
        inner["turns"] = [_turn(t, _FROM_WIRE) for t in plain["turns"]]
        inner["unheard"] = [_rename(u, _FROM_WIRE) for u in plain.get("unheard", [])]
    except (KeyError, TypeError, AttributeError) as wrong:
        raise StoreError(f"{what} lacks its turns.", next_step="Run `onrecord transcribe` again.") from wrong
    return from_plain(inner, Transcript, what=what)


_TO_WIRE = {"start_s": "start", "end_s": "end"}
_FROM_WIRE = {"start": "start_s", "end": "end_s"}


def _turn(plain: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return _rename(plain, names) | {"words": [_rename(w, names) for w in plain.get("words", [])]}


def _rename(plain: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in plain.items()}


# --- meeting ---------------------------------------------------------------------------------


def meeting_from_plain(plain: dict[str, Any], *, held_on: date | None, what: str = "The meeting file") -> Meeting:
    """Return the meeting in `plain`; `held_on` is used over the file's own date.

    Raises StoreError for a wrong key, and where neither the file nor `held_on` has a date.
    """
    day = held_on or (date.fromisoformat(plain["meeting_date"]) if _is_iso(plain.get("meeting_date")) else None)
    if day is None:
        raise StoreError(f"{what} has no meeting date.", next_step="Give the day of the meeting: --date YYYY-MM-DD.")
    calendar = plain.get("calendar") or {}
    inner = {
        "held_on": day.isoformat(),
        "turns": [_rename(t, _FROM_WIRE) for t in plain.get("turns", []) if isinstance(t, dict)],
        "participants": plain.get("participants") or [],
        "calendar": calendar_from_plain(calendar),
        "plan": plain.get("plan"),
    }
    return from_plain(to_plain(inner), Meeting, what=what)


def calendar_from_plain(plain: dict[str, Any]) -> SchoolCalendar:
    """Return the contract's calendar, `{"no_school": [..], "named": {name: date}}`."""
    named = plain.get("named") or {}
    pairs = named.items() if isinstance(named, dict) else [(n.get("name"), n.get("on")) for n in named]
    inner = {"no_school": plain.get("no_school") or [], "named": [{"name": n, "on": on} for n, on in pairs]}
    return from_plain(inner, SchoolCalendar, what="The school calendar")


def calendar_to_plain(calendar: SchoolCalendar) -> dict[str, Any]:
    """Return a calendar in the contract's shape."""
    return {
        "no_school": [d.isoformat() for d in calendar.no_school],
        "named": {n.name: n.on.isoformat() for n in calendar.named},
    }


def _is_iso(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


# --- findings --------------------------------------------------------------------------------


def findings_to_plain(found: Findings) -> dict[str, Any]:
    """Return findings in the contract's shape; `due` carries the one day meant as `date`."""
    return {
        "schema": FINDINGS,
        "meeting_date": found.held_on.isoformat(),
        "plan": found.plan,
        "rough": found.rough,
        "participants": to_plain(found.participants),
        "calendar": calendar_to_plain(found.calendar),
        "findings": [finding_to_plain(f) for f in found.findings],
    }


def finding_to_plain(finding: Finding) -> dict[str, Any]:
    """Return one finding in the contract's shape."""
    plain: dict[str, Any] = to_plain(finding)
    if finding.due is not None:
        plain["due"]["date"] = finding.due.on.isoformat() if finding.due.on else None
    return plain


def findings_from_plain(plain: dict[str, Any], *, what: str = "The findings file") -> Findings:
    """Return the findings in `plain`; a finding without `said` gets it from its quote. Raises StoreError."""
    _check_schema(plain, FINDINGS, what)
    inner = {
        "held_on": plain.get("meeting_date"),
        "plan": plain.get("plan"),
        "rough": bool(plain.get("rough", False)),
        "participants": plain.get("participants") or [],
        "calendar": to_plain(calendar_from_plain(plain.get("calendar") or {})),
        "findings": [_filled(f) for f in plain.get("findings") or []],
    }
    return from_plain(inner, Findings, what=what)


def _filled(plain: dict[str, Any]) -> dict[str, Any]:
    """The finding with what another program may have left out: the one day among the candidates, what was said."""
    due = plain.get("due")
    if isinstance(due, dict) and due.get("date"):
        others = [d for d in due.get("candidates") or [] if d != due["date"]]
        plain = plain | {"due": due | {"candidates": [due["date"], *others]}}
    return _fill_said(plain)


def _fill_said(plain: dict[str, Any]) -> dict[str, Any]:
    if plain.get("said") or not plain.get("anchors"):
        return plain
    said = {"turn": plain["anchors"][0], "speaker": plain.get("speaker"), "text": plain.get("quote", "")}
    return plain | {"said": [said | {"start_s": plain.get("start_s"), "end_s": plain.get("end_s")}]}


def _check_schema(plain: object, schema: str, what: str) -> None:
    if not isinstance(plain, dict) or plain.get("schema") != schema:
        raise StoreError(f"{what} is not of the kind {schema}.", next_step="Check that this is the right file.")
