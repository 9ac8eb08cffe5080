"""`onrecord draft`, `letter`, `check-notice`, `status`, `law`: the letters, and what stands behind them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import CaseError, StoreError
from cli import say, settings

if TYPE_CHECKING:
    from casefile.records import Letter, ReviewedCase
    from casefile.store import CaseStore
    from draft.told import Told

Case = Annotated[Path | None, typer.Argument(help="The case folder; by default the one last worked on.")]
On = Annotated[str | None, typer.Option("--on", help="The day the letter is written, YYYY-MM-DD; by default today.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(draft)
    app.command()(letter)
    app.command("check-notice")(check_notice)
    app.command()(status)
    app.command()(law)


def draft(
    findings: Annotated[Path, typer.Argument(help="findings.json, as `onrecord extract` writes it.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the letters.")],
    accept_all: Annotated[
        bool, typer.Option("--accept-all", help="Take every active finding as reviewed and kept.")
    ] = False,
    one_notice: Annotated[
        bool, typer.Option("--one-notice", help="One notice request for all matters, rather than one each.")
    ] = False,
    facts: Annotated[Path | None, typer.Option("--facts", help="A case.toml with names and addresses.")] = None,
    on: On = None,
) -> None:
    """Draft the letters of the accepted findings: the follow-up email, and a request for each notice that is due.

    Example: onrecord draft findings.json --out letters --accept-all
    """
    from dataclasses import replace

    from casefile.files import private_folder, write_private
    from draft import draft_letters
    from draft.forms import write_letter
    from draft.proof import NAME, proof

    case = _accepted(findings, facts, accept_all=accept_all)
    if one_notice:
        case = replace(case, facts=replace(case.facts, one_notice=True))
    letters = draft_letters(case, today=_today(on))
    private_folder(out)
    for made in letters:
        write_letter(made, out)
        say.result(str(out / f"{made.id}.txt"))
    write_private(out / NAME, proof(letters, case))
    _tell_missing(letters)


def _accepted(path: Path, facts: Path | None, *, accept_all: bool) -> ReviewedCase:
    """Return the findings in a file as reviewed: by the case they lie in, or all of them."""
    from dataclasses import replace

    from casefile.facts import read_facts
    from casefile.files import telling
    from casefile.records import Reviewed, ReviewedCase
    from casefile.store import CaseStore
    from casefile.wire import findings_from_plain, parse

    if not accept_all and (path.parent / "case.db").exists():
        from cli.work import reviewed

        with CaseStore.open(path.parent) as store:
            return reviewed(store)
    if not accept_all:
        raise StoreError(
            "Nobody has reviewed these findings.",
            next_step="Review them with `onrecord review`, or take them all with --accept-all.",
        )
    with telling(path):
        text = path.read_text(encoding="utf-8-sig")
    found = findings_from_plain(parse(text, what=path.name), what=path.name)
    told = read_facts(facts or path.parent / "case.toml")
    kept = [f for f in found.findings if f.status == "active" and not f.doubtful]
    return ReviewedCase(
        facts=replace(told, participants=told.participants or found.participants, plan=told.plan or found.plan),
        held_on=found.held_on,
        findings=tuple(Reviewed(finding=f, verdict="kept") for f in kept),
        rough=found.rough,
    )


def letter(
    kind: Annotated[str, typer.Argument(help="Which letter; `onrecord letter list` tells them all.")],
    case: Case = None,
    meeting: Annotated[
        str | None, typer.Option("--meeting", help='The meeting to come: "2026-12-03 15:30", or only the day.')
    ] = None,
    person: Annotated[str | None, typer.Option("--person", help="Who comes with you.")] = None,
    role: Annotated[str | None, typer.Option("--role", help='What that person is: "my sister", "advocate".')] = None,
    knows: Annotated[str | None, typer.Option("--knows", help="What that person knows of your child.")] = None,
    concern: Annotated[list[str] | None, typer.Option("--concern", help="A concern; may be given again.")] = None,
    record: Annotated[list[str] | None, typer.Option("--record", help="A record you ask for; again for more.")] = None,
    area: Annotated[list[str] | None, typer.Option("--area", help="What to evaluate; again for more.")] = None,
    evaluation: Annotated[str | None, typer.Option("--evaluation", help="The one you disagree with.")] = None,
    evaluation_date: Annotated[str | None, typer.Option("--evaluation-date", help="Its day, YYYY-MM-DD.")] = None,
    about: Annotated[list[str] | None, typer.Option("--about", help="A finding's id; may be given again.")] = None,
    notes_say: Annotated[
        list[str] | None, typer.Option("--notes-say", help='What the notes have: "ID=their words".')
    ] = None,
    on: On = None,
) -> None:
    """Draft a letter for before or after a meeting, into the case's letters.

    Examples: onrecord letter list

    onrecord letter recording-notice --meeting "2026-12-03 15:30"

    onrecord letter reminder
    """
    from draft.told import NotesSay, Told

    if kind == "list":
        return _list_kinds()
    told = Told(
        meeting_at=_moment(meeting) if meeting else None,
        person=person,
        person_role=role,
        person_knows=knows,
        concerns=tuple(concern or ()),
        records=tuple(record or ()),
        areas=tuple(area or ()),
        evaluation=evaluation,
        evaluation_on=_day(evaluation_date) if evaluation_date else None,
        notes=tuple(NotesSay(finding_id=i, text=text) for i, _, text in (n.partition("=") for n in notes_say or ())),
    )
    with _open(case, kind) as store:
        made = _draft_kind(store, kind, told, today=_today(on), about=tuple(about or ()))
        say.result(str(store.letters_dir / f"{made.id}.txt"))
    _tell_missing((made,))
    return None


def _list_kinds() -> None:
    from draft.kinds import KINDS

    for when in ("before", "after"):
        say.result(f"{when.capitalize()} a meeting:")
        for kind in (k for k in KINDS if k.when == when):
            options = " ".join(option for _, option in kind.needs)
            say.result(f"  {kind.name:<20} {kind.does}{f' Needs {options}.' if options else ''}")


def _open(case: Path | None, kind: str) -> CaseStore:
    """Return the case; a letter before a first meeting starts one."""
    from casefile.files import write_private
    from casefile.store import CaseStore
    from draft.kinds import kind_named

    before = kind_named(kind).when == "before"
    try:
        folder = settings.case_folder(case)
    except CaseError:
        if not before:
            raise
        folder = settings.load().cases / "first-meeting"
    store = CaseStore.open(folder, create=before)
    if not (store.folder / "case.toml").exists():
        write_private(store.folder / "case.toml", _BLANK_FACTS)
        say.note(f"Tell the program whom it writes for in {store.folder / 'case.toml'}, then give the command again.")
    return store


_BLANK_FACTS = """\
# What you tell On the Record about this case. It never leaves this computer. Take away the # before a line you fill in.
# child = ""
# parent = ""
# parent_email = ""
# parent_phone = ""
# parent_address = ""
# school = ""
# district = ""
# plan = "iep"

# One block like this for each person at the school that letters may go to:
# [[contacts]]
# name = ""
# role = "case manager"
# email = ""
"""


def _draft_kind(store: CaseStore, kind: str, told: Told, *, today: date, about: tuple[str, ...] = ()) -> Letter:
    from dataclasses import replace

    from cli.clock import now
    from draft.kinds import ask_for
    from draft.letters import draft_letter
    from draft.told import SentLetter

    sent = tuple(
        SentLetter(letter_id=s.letter_id, subject=s.subject, on=s.sent_at.date())
        for s in store.sent()
        if s.outcome == "sent"
    )
    told = replace(told, sent=sent)
    case = _case_of(store, today)
    made = draft_letter(case, ask_for(case, kind, told, today=today, about=about), today=today, now=now(), told=told)
    _keep(store, made)
    return made


def _case_of(store: CaseStore, today: date) -> ReviewedCase:
    """Return the reviewed case, or one without findings before the first meeting."""
    from casefile.records import ReviewedCase
    from cli.work import reviewed

    if store.read_findings() is None:
        facts = store.read_facts()
        return ReviewedCase(facts=facts, held_on=facts.held_on or today, findings=())
    return reviewed(store)


def _keep(store: CaseStore, made: Letter) -> None:
    """Put a letter beside the case's others, in place of an earlier one of its name."""
    from draft.forms import write_letter

    with store.lock(wait_s=5):
        store.write_letters([*(x for x in store.letters() if x.id != made.id), made])
        write_letter(made, store.letters_dir)


def check_notice(
    file: Annotated[Path, typer.Argument(help="The district's Notice of Action: .pdf, .docx or .txt.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="The case it belongs to; by default the last one.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the answer goes; by default the case.")] = None,
    on: On = None,
) -> None:
    """Read a Notice of Action: which of its seven parts are there, and where it differs from the meeting.

    Drafts an answer where something is missing. Example: onrecord check-notice notice.pdf
    """
    from draft.check_notice import check_notice as check
    from draft.notice_file import read_notice

    lines = read_notice(file)
    store = _case_if_any(case, needed=case is not None)
    try:
        today = _today(on)
        reviewed = _case_of(store, today) if store else None
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


def _told_of(checked: object) -> Told:
    from draft.check_notice import NoticeCheck
    from draft.told import Told

    assert isinstance(checked, NoticeCheck)
    return Told(notice_on=checked.dated, parts=checked.lacking, differences=checked.differences)


def _answer(store: CaseStore | None, case: ReviewedCase | None, told: Told, out: Path | None, today: date) -> None:
    """Draft the answer to a notice, into the case or a folder."""
    from casefile.files import private_folder
    from casefile.records import CaseFacts, ReviewedCase
    from draft.forms import write_letter
    from draft.kinds import ask_for
    from draft.letters import draft_letter

    if store and out is None:
        made = _draft_kind(store, "notice-reply", told, today=today)
        say.result(str(store.letters_dir / f"{made.id}.txt"))
    else:
        case = case or ReviewedCase(facts=CaseFacts(), held_on=today, findings=())
        made = draft_letter(case, ask_for(case, "notice-reply", told, today=today), today=today, told=told)
        folder = out or Path()
        private_folder(folder) if out else None
        write_letter(made, folder)
        say.result(str(folder / f"{made.id}.txt"))
    _tell_missing((made,))


def status(case: Case = None, on: On = None) -> None:
    """Say what was promised, what is due, what lapsed, and how long the 24 hours for the follow-up still run.

    Example: onrecord status
    """
    from casefile.store import CaseStore
    from cli.clock import now
    from draft.status import as_text, status_of

    today = _today(on)
    with CaseStore.open(settings.case_folder(case)) as store:
        text = as_text(status_of(_first_draft(store, today), store.sent(), today=today, now=now()), today=today)
    say.result(text or "Nothing was promised, and no letter is waiting.")


def _first_draft(store: CaseStore, today: date) -> ReviewedCase:
    from cli.work import as_first_draft

    return as_first_draft(_case_of(store, today))


def law() -> None:
    """Show the facts of law behind the letters, with sources and how sure each is. Not legal advice.

    Example: onrecord law
    """
    from draft.law import MEANING, read_law

    for fact in read_law().facts:
        say.result(f"[{fact.certainty}] {fact.id}{f' ({fact.cites})' if fact.cites else ''}")
        say.result(f"    {fact.says}")
        for source in fact.sources:
            say.result(f"    {source}")
        say.result(f"    read on {fact.read_on.isoformat()}")
    for mark, meaning in MEANING.items():
        say.result(f"[{mark}] {meaning}")


def _tell_missing(letters: tuple[Letter, ...]) -> None:
    missing = tuple(dict.fromkeys(m for made in letters for m in made.missing))
    if missing:
        say.note("To fill in, in case.toml or in the letter itself:")
        for lack in missing:
            say.note(f"  {lack}")


def _today(text: str | None) -> date:
    from cli.clock import today

    return _day(text) if text else today()


def _day(text: str) -> date:
    return _moment(text).date()


def _moment(text: str) -> datetime:
    """Return a day, or a day and time, in this computer's zone."""
    try:
        return datetime.fromisoformat(text.strip().replace(" ", "T", 1)).astimezone()
    except ValueError as wrong:
        raise StoreError(f"{text} is no date.", next_step='Write it as YYYY-MM-DD, or "YYYY-MM-DD HH:MM".') from wrong
