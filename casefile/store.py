"""A case folder on the disk: plain files a person can read, and one database for what was decided and sent.

recording/        the sound as it was given, unchanged
case.toml         what the parent told about the case
transcript.json   what was heard
findings.json     what was found
letters/          the drafts
case.db           decisions, approvals, sent letters: only ever added to
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock

from casefile import database, facts, wire
from casefile.errors import BusyError, StoreError
from casefile.files import copy_private, private_folder, sha256_of, telling, write_private
from casefile.records import CaseFacts, Decision, Findings, Letter, Outcome, Sent, Transcript


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


class CaseStore:
    """One case folder. Several windows may hold the same case; long work takes `lock`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = connection
        self._guard = threading.RLock()  # the page's threads share the connection
        self._sending = filelock.FileLock(folder / ".sending.lock", thread_local=False)
        self._settle_sendings()

    # --- opening and closing -----------------------------------------------------------------

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> CaseStore:
        """Return the case in `folder`; with `create` it is made where it lacks. Raises StoreError."""
        if not create and not (folder / "case.db").exists():
            raise StoreError(
                f"{folder} holds no case.",
                next_step="Give its folder with --case, or start with `onrecord run RECORDING`.",
            )
        private_folder(folder)
        for inner in ("recording", "letters"):
            private_folder(folder / inner)
        return cls(folder, database.connect(folder / "case.db"))

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def lock(self, *, wait_s: float = 0) -> Iterator[None]:
        """Hold the case for long work; raises BusyError if another window still holds it after `wait_s` seconds."""
        held = filelock.FileLock(self.folder / ".lock")
        _acquire(held, wait_s, "Another window is at work on this case.")
        try:
            yield
        finally:
            held.release()

    # --- files -------------------------------------------------------------------------------

    @property
    def letters_dir(self) -> Path:
        """Where the drafts lie."""
        return self.folder / "letters"

    @property
    def transcript_path(self) -> Path:
        """Where the transcript lies."""
        return self.folder / "transcript.json"

    @property
    def findings_path(self) -> Path:
        """Where the findings lie."""
        return self.folder / "findings.json"

    def add_recording(self, source: Path, *, progress: Callable[[int], None] | None = None) -> Path:
        """Copy a recording into the case unchanged and return its place there; the same sound is copied once.

        `progress` is told the bytes copied. Raises StoreError.
        """
        with telling(source):
            size = source.stat().st_size
        for known in self.recordings():
            if known.stat().st_size == size and self.recorded_sha256(known) == sha256_of(source):
                return known
        target = _free_name(self.folder / "recording" / clean_name(source.name))
        digest = copy_private(source, target, progress)
        self._set_mark(f"sha256:{target.name}", digest)
        with telling(target):
            target.chmod(0o400)  # nothing of ours ever writes to it again
        return target

    def recordings(self) -> tuple[Path, ...]:
        """Return the case's recordings in the order they were given."""
        with telling(self.folder):
            found = [p for p in (self.folder / "recording").iterdir() if p.is_file() and not p.name.startswith(".")]
        return tuple(sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name)))

    def recorded_sha256(self, recording: Path) -> str | None:
        """Return the SHA-256 the recording had when it was given."""
        return self._mark(f"sha256:{recording.name}")

    def read_transcript(self) -> Transcript | None:
        """Return what was heard, or None so far; raises StoreError for a damaged file."""
        plain = self._read_json(self.transcript_path)
        return None if plain is None else wire.transcript_from_plain(plain, what=self.transcript_path.name)

    def write_transcript(self, transcript: Transcript) -> None:
        """Write transcript.json whole."""
        write_private(self.transcript_path, wire.dump(wire.transcript_to_plain(transcript)))

    def read_findings(self) -> Findings | None:
        """Return what was found, or None so far; raises StoreError for a damaged file."""
        plain = self._read_json(self.findings_path)
        return None if plain is None else wire.findings_from_plain(plain, what=self.findings_path.name)

    def write_findings(self, findings: Findings) -> None:
        """Write findings.json whole, and the same into the database."""
        rows = [(f.id, place, wire.encode(f)) for place, f in enumerate(findings.findings)]
        with self._transaction():
            self._db.execute("DELETE FROM finding")
            self._db.executemany("INSERT INTO finding VALUES (?, ?, ?)", rows)
        write_private(self.findings_path, wire.dump(wire.findings_to_plain(findings)))

    def read_facts(self) -> CaseFacts:
        """Return what the parent told about the case; raises StoreError naming a wrong line or key."""
        return facts.read_facts(self.folder / "case.toml")

    def write_facts(self, told: CaseFacts) -> None:
        """Write case.toml; comments in it stay."""
        facts.write_facts(self.folder / "case.toml", told)

    # --- decisions ---------------------------------------------------------------------------

    def decide(self, *decisions: Decision) -> tuple[Decision, ...]:
        """Append decisions in one transaction, on the disk when this returns; return them with their ids."""
        made = []
        with self._transaction():
            chain = self._last_chain()
            for decision in decisions:
                body = wire.encode(replace(decision, id=None))
                chain = _link(chain, body)
                row = self._db.execute("INSERT INTO decision (body, chain) VALUES (?, ?)", (body, chain))
                made.append(replace(decision, id=row.lastrowid))
        return tuple(made)

    def decisions(self, *, after: int = 0) -> tuple[Decision, ...]:
        """Return the decisions with an id above `after`, oldest first."""
        rows = self._rows("SELECT id, body FROM decision WHERE id > ? ORDER BY id", (after,))
        return tuple(replace(wire.decode(body, Decision, what="A decision"), id=number) for number, body in rows)

    def log_is_whole(self) -> bool:
        """Say whether no decision was changed or taken out since it was written (each names the one before)."""
        chain = ""
        for body, written in self._rows("SELECT body, chain FROM decision ORDER BY id"):
            chain = _link(chain, body)
            if chain != written:
                return False
        return True

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
        _acquire(self._sending, 0, "Another window is sending from this case.")
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

    # --- the database ------------------------------------------------------------------------

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guard, telling(self.folder / "case.db"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        with self._guard, telling(self.folder / "case.db"):
            return self._db.execute(query, tuple(values)).fetchall()

    def _append(self, table: str, letter_id: str, body: str) -> None:
        with self._transaction():
            self._db.execute(f"INSERT INTO {table} (letter_id, body) VALUES (?, ?)", (letter_id, body))

    def _last_chain(self) -> str:
        rows = self._rows("SELECT chain FROM decision ORDER BY id DESC LIMIT 1")
        return rows[0][0] if rows else ""

    def _set_mark(self, name: str, value: str) -> None:
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))

    def _mark(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM mark WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def _read_json(self, path: Path) -> dict[str, object] | None:
        if not path.exists():
            return None
        with telling(path):
            text = path.read_bytes()
        plain: dict[str, object] = wire.parse(text, what=path.name)
        return plain


def clean_name(name: str) -> str:
    """Return a file name safe on every system, close to the one given: no folders, no odd characters."""
    stem, dot, ending = Path(name.replace("\\", "/")).name.rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    stem = re.sub(r"[^\w .()-]+", "_", stem).strip(" .")[:80] or "recording"
    ending = re.sub(r"[^\w]+", "", ending)[:8]
    return f"{stem}.{ending}" if ending else stem


def _free_name(path: Path) -> Path:
    taken, number = path, 2
    while taken.exists():
        taken, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return taken


def _acquire(lock: filelock.BaseFileLock, wait_s: float, busy: str) -> None:
    with telling(Path(lock.lock_file)):
        try:
            lock.acquire(timeout=wait_s)
        except filelock.Timeout as held:
            raise BusyError(busy, next_step="Wait until it is done, or close it, and try again.") from held


def _link(chain: str, body: str) -> str:
    return hashlib.sha256(f"{chain}\n{body}".encode()).hexdigest()


def _sent(number: int, body: str, outcome: Outcome | None, reply: str | None, at: str | None) -> Sent:
    sent = replace(wire.decode(body, Sent, what="A sent letter"), id=number)
    if outcome is None or at is None:
        return sent
    return replace(sent, outcome=outcome, reply=reply or "", sent_at=datetime.fromisoformat(at))
