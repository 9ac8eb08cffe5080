"""Files only their owner can read, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from casefile.errors import BusyError, StoreError

_BLOCK = 1 << 20


def private_folder(folder: Path) -> Path:
    """Make `folder` and its parents where they lack, the folder itself open to its owner alone; return it."""
    with telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    return folder


def write_private(path: Path, data: bytes | str) -> None:
    """Write `data` to `path` whole, synced and readable by the owner alone; raises StoreError.

    The old file stays until the new one is safely on the disk.
    """
    raw = data.encode("utf8") if isinstance(data, str) else data
    with telling(path):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)  # made 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _sync_folder(path.parent)


def copy_private(source: Path, target: Path, progress: Callable[[int], None] | None = None) -> str:
    """Copy `source` to `target` unchanged, synced and owner-readable; return its SHA-256. Raises StoreError.

    `progress` is told the bytes copied so far.
    """
    digest, done = hashlib.sha256(), 0
    part = target.with_name(f".{target.name}.part")
    with telling(target):
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(handle, "wb") as file, source.open("rb") as sound:
                while block := sound.read(_BLOCK):
                    file.write(block)
                    digest.update(block)
                    done += len(block)
                    if progress:
                        progress(done)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with telling(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what goes wrong with files and the database at `path` into a StoreError with the next step."""
    try:
        yield
    except (OSError, sqlite3.Error) as wrong:
        raise _told(path, wrong) from wrong


def acquire(lock: filelock.BaseFileLock, wait_s: float, busy: str) -> None:
    """Take a lock, waiting at most `wait_s` seconds; raises BusyError saying `busy`."""
    with telling(Path(lock.lock_file)):
        try:
            lock.acquire(timeout=wait_s)
        except filelock.Timeout as held:
            raise BusyError(busy, next_step="Wait until it is done, or close it, and try again.") from held


def _told(path: Path, wrong: OSError | sqlite3.Error) -> StoreError:
    code, text = getattr(wrong, "errno", None), str(wrong).lower()
    if code == errno.ENOSPC or code == getattr(errno, "EDQUOT", None) or "disk is full" in text:
        return StoreError(
            f"The disk is full: {path.name} could not be written.",
            next_step="Free some space and run the same command again; nothing already done is lost.",
        )
    if code in (errno.EACCES, errno.EPERM, errno.EROFS) or "readonly" in text or "read-only" in text:
        return StoreError(
            f"{path} may not be written or read by you.",
            next_step="Choose another folder with --case, or give yourself the right to this one.",
        )
    if code == errno.ENOENT:
        return StoreError(f"{path} is not there.", next_step="Check the name, or where it was moved to.")
    if "locked" in text:
        return StoreError("Another window is writing to this case.", next_step="Close it, or try again in a moment.")
    if "not a database" in text or "malformed" in text:
        return StoreError(
            f"{path.name} is damaged.", next_step="Keep the folder as it is, and restore this file from a backup."
        )
    return StoreError(f"{path} could not be read or written: {wrong}.", next_step="Check the disk, and try again.")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open a folder for syncing
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
