"""`case.db`: the case's SQLite database, in which what was decided and sent is only ever added to."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from casefile.errors import StoreError
from casefile.files import telling

VERSION = 1

_SCHEMA = """
CREATE TABLE decision (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, chain TEXT NOT NULL);
CREATE TABLE finding (id TEXT PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE letter (id TEXT PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE edit (id INTEGER PRIMARY KEY AUTOINCREMENT, letter_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE approval (id INTEGER PRIMARY KEY AUTOINCREMENT, letter_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE sending (id INTEGER PRIMARY KEY AUTOINCREMENT, letter_id TEXT NOT NULL, body TEXT NOT NULL,
                      message BLOB NOT NULL);
CREATE TABLE outcome (id INTEGER PRIMARY KEY AUTOINCREMENT, sending_id INTEGER NOT NULL REFERENCES sending(id),
                      outcome TEXT NOT NULL, reply TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_ONLY_ADDED = ("decision", "edit", "approval", "sending", "outcome")


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the case's database, made where it lacks; raises StoreError.

    Write-ahead log with full syncing: what a transaction committed outlives a crash and a power cut.
    """
    with telling(path):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # SQLite gives its side files the same mode
        database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            _prepare(database)
        except BaseException:
            database.close()
            raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA foreign_keys=ON")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(
            "This case was written by a newer On the Record.", next_step="Install the newer version and open it again."
        )
    if version == VERSION:
        return
    database.execute("BEGIN IMMEDIATE")  # a second window making the same case waits here
    try:
        if database.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                database.execute(statement)
            for table in _ONLY_ADDED:
                for verb in ("UPDATE", "DELETE"):
                    database.execute(
                        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
                    )
            database.execute(f"PRAGMA user_version={VERSION}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


class CaseDatabase:
    """A connection that several threads share, with transactions that stand or fall whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = connect(path)
        self._guard = threading.RLock()

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guard, telling(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        with self._guard, telling(self._path):
            return self._db.execute(query, tuple(values)).fetchall()

    def _append(self, table: str, letter_id: str, body: str) -> None:
        with self._transaction():
            self._db.execute(f"INSERT INTO {table} (letter_id, body) VALUES (?, ?)", (letter_id, body))

    def _set_mark(self, name: str, value: str) -> None:
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))

    def _mark(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM mark WHERE name = ?", (name,))
        return rows[0][0] if rows else None
