"""`onrecord extract` and `onrecord explain`: a transcript's findings, and what stands behind one of them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from casefile.errors import StoreError
from cli import say, settings


def register(app: typer.Typer) -> None:
    """Add the commands of this stage."""
    app.command()(extract)
    app.command()(explain)


def extract(
    transcript: Annotated[Path, typer.Argument(help="transcript.json, a meeting file, or .txt, .srt, .vtt")],
    out: Annotated[Path, typer.Option("--out", help="where the findings go")] = Path("findings.json"),
    held_on: Annotated[str | None, typer.Option("--date", help="day of the meeting, YYYY-MM-DD")] = None,
) -> None:
    """Find what was promised, refused, put off, asked for and agreed.

    Example: onrecord extract notes.txt --date 2026-11-05 --out findings.json
    """
    from casefile.files import write_private
    from casefile.wire import dump, findings_to_plain
    from extract import find, read_meeting

    meeting = read_meeting(transcript, held_on=_day(held_on))
    with say.progress("reading the talk", len(meeting.turns)) as shown:
        found = find(meeting, progress=lambda done, _: shown.advance_to(done))
    write_private(out, dump(findings_to_plain(found)))
    kept = [f for f in found.findings if not f.doubtful]
    say.note(f"{len(kept)} findings and {len(found.findings) - len(kept)} doubtful ones in {out.name}")


def explain(
    finding: Annotated[str, typer.Argument(help="the id of a finding, as review and findings.json show it")],
    case: Annotated[Path | None, typer.Option("--case", help="the case folder; the newest without it")] = None,
) -> None:
    """Say what stands behind a finding: its words, the rules, the owner, the date.

    Example: onrecord explain d26-1f2e3d
    """
    from casefile.records import Meeting
    from casefile.store import CaseStore
    from extract.explain import explain_finding

    with CaseStore.open(settings.case_folder(case)) as store:
        found, transcript, facts = store.read_findings(), store.read_transcript(), store.read_facts()
    if found is None or transcript is None:
        raise StoreError("This case has no findings yet.", next_step="Run `onrecord run RECORDING` first.")
    meeting = Meeting(
        held_on=found.held_on,
        turns=transcript.turns,
        participants=found.participants or facts.participants,
        calendar=found.calendar,
        plan=found.plan,
    )
    say.result(explain_finding(finding, found, meeting))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as wrong:
        raise StoreError(f"{text} is no date.", next_step="Write it as YYYY-MM-DD: 2026-11-05.") from wrong
