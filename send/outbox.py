"""Sending a letter once: only what was reviewed and approved, and never again where the outcome is not known."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from casefile.errors import SendError
from casefile.records import Outcome, Sent
from casefile.store import CaseStore
from send.mailbox import Mailbox
from send.message import Outgoing, as_sent, new_message_id
from send.smtp import MaybeSent, NotSent, Patience, deliver


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A mailbox with what it takes to send from it."""

    mailbox: Mailbox
    password: str | None = None
    trust: ssl.SSLContext | None = None  # None: the certificates this computer trusts
    patience: Patience | None = None


def approve(store: CaseStore, outgoing: Outgoing, *, accepted: Collection[str], at: datetime, by: str) -> None:
    """Note the parent's leave to send exactly this message; raises SendError where a finding in it is unreviewed."""
    _check_reviewed(outgoing, accepted)
    store.approve(outgoing.letter_id, sha256=outgoing.sha256, at=at, by=by)


def is_approved(store: CaseStore, outgoing: Outgoing) -> bool:
    """Say whether the newest approval of this letter is for exactly this message."""
    given = [a.sha256 for a in store.approvals() if a.letter_id == outgoing.letter_id]
    return given[-1:] == [outgoing.sha256]


def send_letter(
    store: CaseStore,
    outgoing: Outgoing,
    account: Account,
    *,
    accepted: Collection[str],
    now: Callable[[], datetime],
    again: bool = False,
) -> Sent:
    """Send an approved message, once; return how it went, kept in the case with the exact message.

    `accepted` are the ids of the findings a person kept. `again`: the person looked, and a sending of unknown outcome
    did not go out. Raises SendError (NotSent, MaybeSent among them) and BusyError.
    """
    _check_reviewed(outgoing, accepted)
    if not is_approved(store, outgoing):
        raise SendError("This letter was not approved as it now stands.", next_step="Read it and approve it first.")
    _check_once(store, outgoing.letter_id, again=again)
    message_id, at = new_message_id(outgoing.sender), now()
    message = as_sent(outgoing, at=at, message_id=message_id)
    begun = store.begin_send(_record(outgoing, message_id, at), message)
    if begun.id is None:
        raise AssertionError("the store gives every sending an id")
    end = _Ending(store, begun.id, now)
    try:
        _check_once(store, outgoing.letter_id, again=again, but=begun.id)  # another window may have been faster
        reply = deliver(
            account.mailbox,
            account.password,
            message,
            outgoing.addresses,
            trust=account.trust,
            patience=account.patience,
        )
    except MaybeSent as unknown:
        end("unknown", unknown.what)
        raise
    except SendError as failed:
        end("failed", failed.what)
        raise
    except BaseException:  # Ctrl-C, or a bug: what the server has is not known
        end("unknown", "The sending was broken off.")
        raise
    return end("sent", reply)


def standing(store: CaseStore, letter_id: str) -> Sent | None:
    """Return the sending of a letter that counts: one that went out, else one nobody is sure of, else the newest."""
    mine = [s for s in store.sent() if s.letter_id == letter_id]
    for outcomes in (("sent",), ("unknown", "sending"), ("failed",)):
        if weighty := [s for s in mine if s.outcome in outcomes]:
            return weighty[-1]
    return None


class _Ending:
    def __init__(self, store: CaseStore, sent_id: int, now: Callable[[], datetime]) -> None:
        self._store, self._id, self._now = store, sent_id, now

    def __call__(self, outcome: Outcome, reply: str) -> Sent:
        return self._store.end_send(self._id, outcome=outcome, reply=reply, at=self._now())


def _record(outgoing: Outgoing, message_id: str, at: datetime) -> Sent:
    return Sent(
        id=None,
        letter_id=outgoing.letter_id,
        letter_sha256=outgoing.sha256,
        to=tuple(p.address for p in outgoing.to),
        cc=tuple(p.address for p in outgoing.cc),
        subject=outgoing.subject,
        message_id=message_id,
        sent_at=at,
        outcome="sending",
    )


def _check_reviewed(outgoing: Outgoing, accepted: Collection[str]) -> None:
    if open_ones := [i for i in outgoing.finding_ids if i not in accepted]:
        count = "a finding" if len(open_ones) == 1 else f"{len(open_ones)} findings"
        raise SendError(
            f"The letter rests on {count} that nobody has reviewed.",
            next_step="Keep or drop each one first: `onrecord review`.",
        )


def _check_once(store: CaseStore, letter_id: str, *, again: bool, but: int | None = None) -> None:
    """Raise SendError where the letter went out already, or may have."""
    outcomes = [s.outcome for s in store.sent() if s.letter_id == letter_id and s.id != but]
    if "sent" in outcomes:
        raise NotSent("This letter was sent already.", next_step="It is sent once only; `onrecord status` tells when.")
    if not again and {"unknown", "sending"} & set(outcomes):
        raise NotSent(
            "Nobody knows whether this letter went out.",
            next_step="Ask a recipient, or look into your “Sent” folder. If it did not: `onrecord send --again`.",
        )
