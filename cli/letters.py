"""`onrecord draft`, `letter`, `status`, `law`: the letters, and what stands behind them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import CaseError, StoreError
from cli import drafting, notice, say, settings

if TYPE_CHECKING:
    from casefile.records import ReviewedCase
    from casefile.store import CaseStore

Case = Annotated[Path | None, typer.Argument(help="The case folder; by default the one last worked on.")]
On = Annotated[str | None, typer.Option("--on", help="The day the letter is written, YYYY-MM-DD; by default today.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(draft)
    app.command()(letter)
    notice.register(app)
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
    letters = draft_letters(case, today=drafting.day_or_today(on))
    private_folder(out)
    for made in letters:
        write_letter(made, out)
        say.result(str(out / f"{made.id}.txt"))
    write_private(out / NAME, proof(letters, case))
    drafting.tell_missing(letters)


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
        meeting_at=drafting.moment(meeting) if meeting else None,
        person=person,
        person_role=role,
        person_knows=knows,
        concerns=tuple(concern or ()),
        records=tuple(record or ()),
        areas=tuple(area or ()),
        evaluation=evaluation,
        evaluation_on=drafting.day(evaluation_date) if evaluation_date else None,
        notes=tuple(NotesSay(finding_id=i, text=text) for i, _, text in (n.partition("=") for n in notes_say or ())),
    )
    with _open(case, kind) as store:
        made = drafting.draft_kind(store, kind, told, today=drafting.day_or_today(on), about=tuple(about or ()))
        say.result(str(store.letters_dir / f"{made.id}.txt"))
    drafting.tell_missing((made,))
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


def status(case: Case = None, on: On = None) -> None:
    """Say what was promised, what is due, what lapsed, and how long the 24 hours for the follow-up still run.

    Example: onrecord status
    """
    from casefile.store import CaseStore
    from cli.clock import now
    from draft.status import as_text, status_of

    today = drafting.day_or_today(on)
    with CaseStore.open(settings.case_folder(case)) as store:
        text = as_text(status_of(_first_draft(store, today), store.sent(), today=today, now=now()), today=today)
    say.result(text or "Nothing was promised, and no letter is waiting.")


def _first_draft(store: CaseStore, today: date) -> ReviewedCase:
    from cli.work import as_first_draft
    from review.decide import for_letters

    return for_letters(as_first_draft(drafting.case_of(store, today)))


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
