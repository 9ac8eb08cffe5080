"""`onrecord send` and `onrecord mail`: letters out of the door, each one seen first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import CaseError, SendError
from cli import say, settings
from cli.mailbox import ask, mail, mailbox_path, may_reach, password_of

if TYPE_CHECKING:
    from casefile.records import Letter, Sent
    from casefile.store import CaseStore
    from send.mailbox import Mailbox
    from send.message import Outgoing, Person

BY = "parent (terminal)"


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(send)
    app.command()(mail)


def send(
    case: Annotated[Path | None, typer.Argument(help="The case folder; by default the one last worked on.")] = None,
    letter: Annotated[list[str] | None, typer.Option(help="Only this letter (its file's name, as followup).")] = None,
    eml: Annotated[bool, typer.Option("--eml", help="Send nothing: write drafts for your own mail program.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: send what was already approved, as it was.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="You looked: a letter whose sending is in doubt did not go out.")
    ] = False,
) -> None:
    """Send the reviewed letters from your mailbox, each shown before it goes.

    A letter goes out once only. Set the mailbox up with `onrecord mail`, or use --eml and send from your mail program.

    Example: onrecord send --letter followup
    """
    from casefile.store import CaseStore

    with CaseStore.open(settings.case_folder(case)) as store:
        letters = _chosen(ready_letters(store), letter or [])
        if eml:
            _write_drafts(store, letters)
            return
        mailbox = _mailbox_or_trouble()
        todo = [x for x in letters if not _settled(store, x, again=again)]
        if troubles := [t for x in todo if (t := _offer(store, x, mailbox, yes=yes, again=again)) is not None]:
            raise troubles[-1]


def ready_letters(store: CaseStore) -> tuple[Letter, ...]:
    """Return the letters of what was reviewed, in the parent's own words and to those chosen; keeps them in the case.

    Raises SendError where nothing was kept in the review.
    """
    from cli import work
    from cli.clock import now, today
    from cli.page import stages
    from review.letters import Addresses, as_edited

    post = stages()
    reviewed = work.reviewed(store)
    if not reviewed.accepted:
        raise SendError("Nothing in this case was reviewed yet.", next_step="Review it first: `onrecord review`.")
    work.keep_letters(store, work.letters_of(reviewed, today=today(), now=now()), reviewed)
    addresses, made = Addresses(store.folder), []
    for drafted in store.letters():
        to = addresses.chosen(drafted)
        ready = replace(drafted, to=to.to, cc=to.cc)
        edit = store.edit(drafted.id)
        made.append(as_edited(ready, post.letter_text(ready), edit.text) if edit and edit.text else ready)
    return tuple(made)


def accepted_ids(store: CaseStore) -> frozenset[str]:
    """Return the ids of the findings a person kept, mended or added."""
    from cli import work

    return frozenset(f.id for f in work.reviewed(store).accepted)


def compose(letter: Letter, mailbox: Mailbox | None, store: CaseStore) -> Outgoing:
    """Return the letter as a message from the mailbox, or from the case's parent where none is set up."""
    from draft.html import to_html
    from draft.text import body
    from send.message import Body
    from send.message import compose as composed

    words = Body(text=body(letter), html=to_html(letter))
    return composed(letter, words, sender=_sender(mailbox, store))


def _sender(mailbox: Mailbox | None, store: CaseStore) -> Person:
    from send.message import Person

    facts = store.read_facts()
    if mailbox is not None:
        return Person(name=mailbox.name or facts.parent or "", address=mailbox.address)
    if not facts.parent_email:
        raise SendError(
            "Your own mail address is not known.",
            next_step="Put it into case.toml as parent_email.",
        )
    return Person(name=facts.parent or "", address=facts.parent_email)


def _chosen(letters: tuple[Letter, ...], wanted: list[str]) -> tuple[Letter, ...]:
    known = {x.id: x for x in letters}
    if missing := [w for w in wanted if w not in known]:
        raise SendError(
            f"There is no letter {', '.join(missing)} among those reviewed.",
            next_step=f"The letters are: {', '.join(known) or 'none yet'}.",
        )
    return tuple(x for x in letters if not wanted or x.id in wanted)


def _mailbox_or_trouble() -> Mailbox:
    from send.mailbox import read_mailbox

    mailbox = read_mailbox(mailbox_path())
    if mailbox is None:
        raise SendError(
            "No mailbox is set up to send from.",
            next_step="Set it up: `onrecord mail`. Or write drafts for your mail program: `onrecord send --eml`.",
        )
    may_reach(mailbox)
    return mailbox


def _write_drafts(store: CaseStore, letters: tuple[Letter, ...]) -> None:
    from casefile.files import write_private
    from send.mailbox import read_mailbox
    from send.message import as_draft

    mailbox = read_mailbox(mailbox_path())
    for letter in letters:
        outgoing = compose(letter, mailbox, store)
        path = store.letters_dir / f"{letter.id}.eml"
        write_private(path, as_draft(outgoing))
        say.result(str(path))
    say.note("Open each one: your mail program shows it ready to send. (The new Outlook cannot: copy the text there.)")


def _settled(store: CaseStore, letter: Letter, *, again: bool) -> bool:
    """Say what became of a letter that is not to be sent, and whether there is such a thing."""
    from send.outbox import standing

    before = standing(store, letter.id)
    if before is None or before.outcome == "failed":
        return False
    if before.outcome == "sent":
        say.note(f"{letter.id}: sent {_when(before)} ({before.message_id}).")
        return True
    if again:
        return False
    say.note(f"{letter.id}: nobody knows whether it went out {_when(before)}.")
    say.note("Ask a recipient whether it came, or look into your “Sent” folder. If not: onrecord send --again")
    return True


def _offer(store: CaseStore, letter: Letter, mailbox: Mailbox, *, yes: bool, again: bool) -> CaseError | None:
    """Show one letter, ask, send it; return what went wrong, so that the next letter still has its turn."""
    from cli.clock import now
    from send.outbox import approve, is_approved

    try:
        outgoing = compose(letter, mailbox, store)
        approved = is_approved(store, outgoing)
        if yes and not approved:
            raise SendError(
                f"{letter.id} was not approved as it now stands.", next_step="Read it and say yes: `onrecord send`."
            )
        if not yes:
            if not _agreed(letter, outgoing):
                say.note(f"{letter.id}: not sent.")
                return None
            approve(store, outgoing, accepted=accepted_ids(store), at=now(), by=BY)
        sent = _send(store, outgoing, mailbox, again=again)
        say.result(f"{letter.id} sent {_when(sent)} {sent.message_id}")
    except CaseError as trouble:
        say.note(f"{letter.id}: {trouble.what}")
        return trouble
    return None


def _agreed(letter: Letter, outgoing: Outgoing) -> bool:
    """Show what goes to whom and ask; no answer is a no."""
    rule = "─" * 72
    lines = [rule, f"From:    {outgoing.sender}", f"To:      {', '.join(map(str, outgoing.to))}"]
    lines += [f"Cc:      {', '.join(map(str, outgoing.cc))}"] if outgoing.cc else []
    lines += [f"Subject: {outgoing.subject}", "", outgoing.body.text.rstrip(), rule]
    lines += [f"No mail address, so not sent to: {', '.join(outgoing.left_out)}"] if outgoing.left_out else []
    lines += [f"Missing: {gap}" for gap in letter.missing]
    if letter.rough:
        lines.append("The words were heard roughly: compare each quote with the recording first.")
    say.note("\n".join(lines))
    return ask("Send this letter? [y/N] ").strip().lower() in ("y", "yes")


def _send(store: CaseStore, outgoing: Outgoing, mailbox: Mailbox, *, again: bool) -> Sent:
    from cli.clock import now
    from send.outbox import Account, send_letter

    account = Account(mailbox=mailbox, password=password_of(mailbox) if mailbox.login else None)
    return send_letter(store, outgoing, account, accepted=accepted_ids(store), now=now, again=again)


def _when(sent: Sent) -> str:
    at = sent.sent_at
    return f"{at:%Y-%m-%d %H:%M}"
