"""Letters in the case's database: drafts, the parent's edits and approvals, and every attempt at sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import filelock

from casefile import wire
from casefile.database import CaseDatabase
from casefile.files import acquire
from casefile.records import Letter, Outcome, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterEdit:
    """The parent's own words for a letter, and which draft they were written over."""

    letter_id: str
    base_sha256: str  # of the draft's text
    text: str
    edited_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The parent's leave to send exactly this message."""

    letter_id: str
    sha256: str
    approved_at: datetime
    by: str


class LetterBook(CaseDatabase):
    """The letters of one case."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "case.db")
        self._sending = filelock.FileLock(folder / ".sending.lock", thread_local=False)
        self._settle_sendings()

    # --- letters -----------------------------------------------------------------------------

    def write_letters(self, letters: Sequence[Letter]) -> None:
        """Keep these drafts in place of the earlier ones; edits, approvals and sent letters stay."""
        with self._transaction():
            self._db.execute("DELETE FROM letter")
            self._db.executemany(
                "INSERT INTO letter VALUES (?, ?, ?)",
                [(x.id, place, wire.encode(x)) for place, x in enumerate(letters)],
            )

    def letters(self) -> tuple[Letter, ...]:
        """Return the drafts in their order."""
        rows = self._rows("SELECT body FROM letter ORDER BY place")
        return tuple(wire.decode(body, Letter, what="A letter") for (body,) in rows)

    def write_edit(self, letter_id: str, *, base_sha256: str, text: str, at: datetime, by: str) -> None:
        """Keep the parent's own words for a letter, beside all earlier ones."""
        edit = LetterEdit(letter_id=letter_id, base_sha256=base_sha256, text=text, edited_at=at, by=by)
        self._append("edit", letter_id, wire.encode(edit))

    def edit(self, letter_id: str) -> LetterEdit | None:
        """Return the newest edit of a letter, if there is one."""
        rows = self._rows("SELECT body FROM edit WHERE letter_id = ? ORDER BY id DESC LIMIT 1", (letter_id,))
        return wire.decode(rows[0][0], LetterEdit, what="An edit") if rows else None

    def approve(self, letter_id: str, *, sha256: str, at: datetime, by: str) -> None:
        """Note the parent's leave to send the message with this SHA-256."""
        approval = Approval(letter_id=letter_id, sha256=sha256, approved_at=at, by=by)
        self._append("approval", letter_id, wire.encode(approval))

    def approvals(self) -> tuple[Approval, ...]:
        """Return every approval, oldest first."""
        rows = self._rows("SELECT body FROM approval ORDER BY id")
        return tuple(wire.decode(body, Approval, what="An approval") for (body,) in rows)

    # --- sending -----------------------------------------------------------------------------

    def begin_send(self, sent: Sent, message: bytes) -> Sent:
        """Write that a letter is about to be sent, before the network is touched; return it with its id.

        Raises BusyError while another window sends from this case.
        """
        acquire(self._sending, 0, "Another window is sending from this case.")
        begun = replace(sent, id=None, outcome="sending")
        with self._transaction():
            row = self._db.execute(
                "INSERT INTO sending (letter_id, body, message) VALUES (?, ?, ?)",
                (sent.letter_id, wire.encode(begun), message),
            )
        return replace(begun, id=row.lastrowid)

    def end_send(self, sent_id: int, *, outcome: Outcome, reply: str, at: datetime) -> Sent:
        """Write how a sending ended, and return it."""
        with self._transaction():
            self._end(sent_id, outcome, reply, at.isoformat())
        if self._sending.is_locked:
            self._sending.release()
        return next(s for s in self.sent() if s.id == sent_id)

    def sent(self) -> tuple[Sent, ...]:
        """Return every attempt at sending, oldest first, each with its newest outcome."""
        rows = self._rows(
            "SELECT s.id, s.body, o.outcome, o.reply, o.at FROM sending s LEFT JOIN outcome o ON o.id = "
            "(SELECT max(id) FROM outcome WHERE sending_id = s.id) ORDER BY s.id"
        )
        return tuple(_sent(*row) for row in rows)

    def sent_message(self, sent_id: int) -> bytes:
        """Return the exact message of a sending."""
        return bytes(self._rows("SELECT message FROM sending WHERE id = ?", (sent_id,))[0][0])

    def _settle_sendings(self) -> None:
        """A sending that no living window is at has an unknown outcome: it may have gone out, and is not sent again."""
        if not any(s.outcome == "sending" for s in self.sent()):
            return
        try:
            with self._sending.acquire(timeout=0), self._transaction():
                for sent in self.sent():
                    if sent.outcome == "sending" and sent.id is not None:
                        self._end(sent.id, "unknown", "The program stopped while sending.", sent.sent_at.isoformat())
        except filelock.Timeout:
            return  # another window is sending right now

    def _end(self, sent_id: int, outcome: Outcome, reply: str, at: str) -> None:
        self._db.execute(
            "INSERT INTO outcome (sending_id, outcome, reply, at) VALUES (?, ?, ?, ?)", (sent_id, outcome, reply, at)
        )


def _sent(number: int, body: str, outcome: Outcome | None, reply: str | None, at: str | None) -> Sent:
    sent = replace(wire.decode(body, Sent, what="A sent letter"), id=number)
    if outcome is None or at is None:
        return sent
    return replace(sent, outcome=outcome, reply=reply or "", sent_at=datetime.fromisoformat(at))
