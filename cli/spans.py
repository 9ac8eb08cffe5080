"""What "a finding or a stretch" on the command line means, in seconds."""

from __future__ import annotations

import re

from casefile.errors import CaseError
from casefile.records import Findings, Transcript

TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)"
STRETCH = re.compile(rf"^\s*{TIME}\s*(?:-|–|to|\.\.)\s*{TIME}\s*$")
LINE = re.compile(r"^\s*(?:line|#)\s*(\d+)\s*$", re.IGNORECASE)


def span_of(what: str, findings: Findings | None, transcript: Transcript | None) -> tuple[float, float, str]:
    """Return start and end in seconds and a name for the file; raises CaseError for what is neither.

    `what` is a finding's id, "line 41", "12:30-12:48", "1:02:03-1:02:10" or "750.5-768".
    """
    if stretch := STRETCH.match(what):
        start, end = _seconds(stretch.groups()[:3]), _seconds(stretch.groups()[3:])
        if end <= start:
            raise CaseError(f"{what} ends before it begins.", next_step="Give the earlier time first: 12:30-12:48.")
        return start, end, f"clip-{_stem(start)}-{_stem(end)}"
    if line := LINE.match(what):
        number = int(line[1])
        turns = transcript.turns if transcript else ()
        if not 1 <= number <= len(turns):
            raise CaseError(f"There is no line {number}.", next_step="See the lines: `onrecord transcript`.")
        turn = turns[number - 1]
        return _timed(turn.start_s, turn.end_s, f"line {number}", f"line-{number}")
    for finding in findings.findings if findings else ():
        if finding.id == what:
            return _timed(finding.start_s, finding.end_s, f"finding {what}", f"finding-{what}")
    raise CaseError(
        f"{what} is neither a finding of this case nor a stretch of time.",
        next_step="Give a finding's id as `onrecord review --plain` shows it, a line (line 41), or 12:30-12:48.",
    )


def _timed(start_s: float | None, end_s: float | None, what: str, name: str) -> tuple[float, float, str]:
    if start_s is None or end_s is None:
        raise CaseError(f"The {what} has no times.", next_step="Only what was heard from a recording can be cut out.")
    return start_s, end_s, re.sub(r"[^\w.-]", "-", name)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds = (float(p or 0) for p in parts)
    return hours * 3600 + minutes * 60 + seconds


def _stem(seconds: float) -> str:
    return f"{int(seconds) // 60:02}m{seconds % 60:04.1f}s".replace(".", "_")
