"""`onrecord check-notice`: a district's Notice of Action, read and answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import CaseError
from cli import drafting, say, settings

if TYPE_CHECKING:
    from casefile.records import ReviewedCase
    from casefile.store import CaseStore
    from draft.check_notice import NoticeCheck
    from draft.told import Told


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(check_notice)


def check_notice(
    file: Annotated[Path, typer.Argument(help="The district's Notice of Action: .pdf, .docx or .txt.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="The case it belongs to; by default the last one.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the answer goes; by default the case.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day of the answer, YYYY-MM-DD; by default today.")] = None,
) -> None:
    """Read a Notice of Action: which of its seven parts are there, and where it differs from the meeting.

    Drafts an answer where something is missing. Example: onrecord check-notice notice.pdf
    """
    from draft.check_notice import check_notice as check
    from draft.notice_file import read_notice

    lines = read_notice(file)
    store = _case_if_any(case, needed=case is not None)
    try:
        today = drafting.day_or_today(on)
        reviewed = drafting.case_of(store, today) if store else None
        checked = check(lines, reviewed)
        for found in checked.found:
            say.result(f"{found.part.number}. {found.part.name}: {found.state}")
            if found.quote:
                say.result(f'   "{found.quote}"')
        for difference in checked.differences:
            say.result(f"Differs: {difference.said}")
            if difference.quote:
                say.result(f'   "{difference.quote}"')
        if not (checked.lacking or checked.differences):
            say.note("Nothing is missing. Whether it is right, you know best.")
            return
        told = _told_of(checked)
        _answer(store, reviewed, told, out, today)
    finally:
        if store:
            store.close()


def _case_if_any(case: Path | None, *, needed: bool) -> CaseStore | None:
    from casefile.store import CaseStore

    try:
        return CaseStore.open(settings.case_folder(case))
    except CaseError:
        if needed:
            raise
        return None


def _told_of(checked: NoticeCheck) -> Told:
    from draft.told import Told

    return Told(notice_on=checked.dated, parts=checked.lacking, differences=checked.differences)


def _answer(store: CaseStore | None, case: ReviewedCase | None, told: Told, out: Path | None, today: date) -> None:
    """Draft the answer to a notice, into the case or a folder."""
    from casefile.files import private_folder
    from casefile.records import CaseFacts, ReviewedCase
    from draft.forms import write_letter
    from draft.kinds import ask_for
    from draft.letters import draft_letter

    if store and out is None:
        made = drafting.draft_kind(store, "notice-reply", told, today=today)
        say.result(str(store.letters_dir / f"{made.id}.txt"))
    else:
        case = case or ReviewedCase(facts=CaseFacts(), held_on=today, findings=())
        made = draft_letter(case, ask_for(case, "notice-reply", told, today=today), today=today, told=told)
        folder = out or Path()
        private_folder(folder) if out else None
        write_letter(made, folder)
        say.result(str(folder / f"{made.id}.txt"))
    drafting.tell_missing((made,))
