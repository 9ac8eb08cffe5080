"""Findings in plain words, the same in the terminal and on the page."""

from __future__ import annotations

from datetime import date

from casefile import seconds as places
from casefile.records import About, Due, Finding, Kind, Reviewed

KIND_WORDS: dict[Kind, str] = {
    "commitment": "Promise",
    "denial": "Refusal",
    "deferral": "Put off",
    "request": "Request",
    "agreement": "Agreement",
}
KIND_HELP: dict[Kind, str] = {
    "commitment": "Somebody said they will do something.",
    "denial": "The school said no to something.",
    "deferral": "Nobody said yes or no: it was left for later.",
    "request": "Somebody asked for something.",
    "agreement": "The group agreed on something.",
}
ABOUT_WORDS: dict[About, str] = {
    "identification": "whether the child has a disability",
    "evaluation": "testing",
    "placement": "where the child is taught",
    "fape": "services and supports",
}
VERDICT_WORDS = {"kept": "kept", "mended": "kept, changed", "added": "added by you", "dropped": "left out", "open": ""}


def clock(seconds: float | None) -> str:
    """Return a place in the recording as a player shows it: "4:07", "1:02:09", "" for none."""
    return "" if seconds is None else places.clock(seconds)


def day(on: date) -> str:
    """Return a day in words: "Friday, March 13, 2026"."""
    return f"{on:%A, %B} {on.day}, {on.year}"


def due_words(due: Due | None) -> str:
    """Return when something is due, with its doubt: a question where the words have more than one reading."""
    if due is None:
        return ""
    said = f"“{due.phrase}”" if due.phrase else ""
    if due.on:
        return f"{day(due.on)}{f' ({said})' if said else ''}"
    if due.candidates:
        return f"{' or '.join(day(c) for c in due.candidates)}? ({said})" if said else "?"
    return f"no day fixed ({said})" if said else ""


def in_words(finding: Finding) -> str:
    """Return a finding as one line: "Promise by Dana Ruiz: send the draft"."""
    who = f" by {finding.owner}" if finding.owner else ""
    return f"{KIND_WORDS[finding.kind]}{who}: {finding.action}"


def status_words(finding: Finding) -> str:
    """Return what became of a finding later in the same meeting, or ""."""
    return {
        "active": "",
        "retracted": "taken back later in the meeting",
        "superseded": "replaced later in the meeting",
        "fulfilled": "done at the meeting",
    }[finding.status]


def counted(reviewed: tuple[Reviewed, ...]) -> str:
    """Return how far the review is: "4 kept, 1 left out, 12 still open (3 of them doubtful)"."""
    kept = sum(r.verdict in ("kept", "mended", "added") for r in reviewed)
    dropped = sum(r.verdict == "dropped" for r in reviewed)
    opened = [r for r in reviewed if r.verdict == "open"]
    doubtful = sum(r.finding.doubtful for r in opened)
    tail = f" ({doubtful} of them doubtful)" if doubtful else ""
    return f"{kept} kept, {dropped} left out, {len(opened)} still open{tail}"
