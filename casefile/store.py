"""A case folder on the disk: plain files a person can read, and one database for what was decided and sent.

recording/        the sound as it was given, unchanged
joined.wav        several recordings of one meeting as one, for listening
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
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import filelock

from casefile import facts, wire
from casefile.errors import StoreError
from casefile.files import acquire, copy_private, private_folder, sha256_of, telling, write_private
from casefile.letterbook import Approval, LetterBook, LetterEdit
from casefile.records import CaseFacts, Decision, Findings, Transcript


class CaseStore(LetterBook):
    """One case folder. Several windows may hold the same case; long work takes `lock`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(folder)

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
        return cls(folder)

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
        acquire(held, wait_s, "Another window is at work on this case.")
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
    def joined_path(self) -> Path:
        """Where the sound of several recordings lies as one."""
        return self.folder / "joined.wav"

    def sound(self) -> Path | None:
        """Return the sound the transcript's seconds count in: the recording, or several joined; None without one."""
        recordings = self.recordings()
        if len(recordings) > 1 and self.joined_path.exists():
            return self.joined_path
        return next(iter(recordings), None)

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

    def _last_chain(self) -> str:
        rows = self._rows("SELECT chain FROM decision ORDER BY id DESC LIMIT 1")
        return rows[0][0] if rows else ""

    def _read_json(self, path: Path) -> dict[str, object] | None:
        if not path.exists():
            return None
        with telling(path):
            text = path.read_bytes()
        plain: dict[str, object] = wire.parse(text, what=path.name)
        return plain


__all__ = ["Approval", "CaseStore", "LetterEdit", "clean_name"]


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


def _link(chain: str, body: str) -> str:
    return hashlib.sha256(f"{chain}\n{body}".encode()).hexdigest()
