"""`case.db`: the case's SQLite database, in which what was decided and sent is only ever added to."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

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
