"""Fetches a speech model once: with progress, checksums, and going on after a broken connection.

Speaks to Hugging Face's public pages with the standard library alone, so that nothing but the files asked for is sent
or fetched. HF_ENDPOINT names another server with the same pages (a mirror at a school or at work).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from casefile.errors import ModelError, StoreError
from transcribe.models import MANIFEST, NEEDED, KnownModel, known, missing_model, models_folder, offline

WANTED = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json")
WANTED_START = "vocabulary."
BLOCK = 1 << 18
TRIES = 5  # at a connection that breaks, each going on where the last one stopped
TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of the model on the server."""

    name: str
    size: int
    sha256: str | None  # of large files
    git_sha1: str  # of all others


def fetch_model(name: str, *, progress: Callable[[int, int], None] | None = None) -> Path:
    """Return the folder of the model `name`, fetched into the models folder; a broken fetch goes on.

    `progress` is told the bytes done and the bytes in all. Raises ModelError (offline, unknown, damaged on the way)
    and StoreError (disk full).
    """
    model = known(name)
    if model is None or offline():
        raise missing_model(name)
    target = models_folder() / name
    if all((target / n).is_file() for n in NEEDED) and (target / MANIFEST).is_file():
        return target
    part = models_folder() / f".{name}.part"
    revision, remote = _listing(model)
    total = sum(f.size for f in remote)
    done = 0
    sums: dict[str, str] = {}
    try:
        part.mkdir(parents=True, exist_ok=True)
        for file in remote:
            address = f"{_endpoint()}/{model.repository}/resolve/{revision}/{file.name}"
            tell = partial(_tell, progress, done, total)
            sums[file.name] = _fetch_file(address, part / file.name, file, tell)
            done += file.size
        manifest = {"repository": model.repository, "revision": revision, "files": sums}
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf8")
        if target.exists():
            import shutil

            shutil.rmtree(target)
        os.replace(part, target)
    except OSError as wrong:
        raise StoreError(
            f"The model cannot be written to {models_folder()}: {wrong.strerror or wrong}.",
            next_step=f"Make room for {model.megabytes} MB there, then run it again: it goes on where it stopped.",
        ) from wrong
    return target


def _tell(progress: Callable[[int, int], None] | None, before: int, total: int, here: int) -> None:
    if progress is not None:
        progress(before + here, total)


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _listing(model: KnownModel) -> tuple[str, tuple[RemoteFile, ...]]:
    """Return the revision on the server and the files of it that are wanted."""
    pages = f"{_endpoint()}/api/models/{model.repository}"
    revision = str(_json(f"{pages}/revision/main")["sha"])
    files = []
    for entry in _json(f"{pages}/tree/{revision}"):
        name = entry.get("path", "")
        if entry.get("type") == "file" and (name in WANTED or (name.startswith(WANTED_START) and "/" not in name)):
            large = entry.get("lfs") or {}
            files.append(RemoteFile(name, int(entry["size"]), large.get("oid"), str(entry.get("oid", ""))))
    if not {f.name for f in files} >= set(NEEDED):
        raise ModelError(
            f"The server no longer has the model {model.name} as expected.", next_step="Try another model."
        )
    return revision, tuple(files)


def _json(address: str) -> Any:
    for attempt in range(TRIES):
        try:
            with _open(address) as answer:
                return json.load(answer)
        except (OSError, ValueError) as wrong:
            if attempt == TRIES - 1 or isinstance(wrong, urllib.error.HTTPError):
                raise _no_connection(wrong) from wrong
            time.sleep(min(2**attempt, 8) * _patience())
    raise AssertionError


def _patience() -> float:
    """Return how long a second of waiting is: tests wait less."""
    return float(os.environ.get("ONRECORD_FETCH_PATIENCE", "1"))


def _open(address: str, *, start: int = 0) -> Any:
    request = urllib.request.Request(address, headers={"User-Agent": "onrecord"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    return urllib.request.urlopen(request, timeout=TIMEOUT_S)


def _fetch_file(address: str, path: Path, file: RemoteFile, progress: Callable[[int], None]) -> str:
    """Fetch one file, going on where it stands, and return its SHA-256; raises ModelError where it arrived damaged."""
    for attempt in range(TRIES):
        try:
            _fetch_rest(address, path, file.size, progress)
            break
        except (OSError, EOFError) as wrong:
            if getattr(wrong, "errno", None) in (28, 122):  # no room, over quota
                raise
            if attempt == TRIES - 1:
                raise _no_connection(wrong) from wrong
            time.sleep(min(2**attempt, 8) * _patience())
    sha256 = _checked(path, file)
    if sha256 is None:
        path.unlink()
        raise ModelError(
            f"{file.name} arrived damaged: its checksum is not the server's.", next_step="Run the same command again."
        )
    return sha256


def _fetch_rest(address: str, path: Path, size: int, progress: Callable[[int], None]) -> None:
    have = path.stat().st_size if path.exists() else 0
    if have > size:
        path.unlink()
        have = 0
    progress(have)
    if have == size and path.exists():
        return
    with _open(address, start=have) as answer:
        if have and answer.status != 206:  # the server begins at the beginning
            have = 0
        with path.open("ab" if have else "wb") as out:
            while block := answer.read(BLOCK):
                out.write(block)
                have += len(block)
                progress(have)
    if have < size:
        raise EOFError(f"{size - have} bytes are missing")


def _checked(path: Path, file: RemoteFile) -> str | None:
    """Return the SHA-256 of a fetched file, None where it is not the server's."""
    sha256 = hashlib.sha256()
    sha1 = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            sha256.update(block)
            sha1.update(block)
    right = sha256.hexdigest() == file.sha256 if file.sha256 else sha1.hexdigest() == file.git_sha1
    return sha256.hexdigest() if right else None


def _no_connection(wrong: Exception) -> ModelError:
    code = cast(Any, wrong).code if isinstance(wrong, urllib.error.HTTPError) else None
    what = f"the server answered {code}" if code else "no connection"
    return ModelError(
        f"The model could not be fetched: {what}.",
        next_step="Check the internet connection, then run the same command again: it goes on where it stopped.",
    )
