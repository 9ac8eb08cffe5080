"""`case.toml`: what the parent told about the case, in a file a person can read and change."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

from casefile.errors import StoreError
from casefile.files import telling, write_private
from casefile.records import CaseFacts, SchoolCalendar
from casefile.wire import calendar_from_plain, from_plain, to_plain

_HEAD = "What you told On the Record about this case. You may change it by hand.\n# It never leaves this computer."
_KEYS = {f.name for f in fields(CaseFacts)}


def read_facts(path: Path) -> CaseFacts:
    """Return the facts in `path`, or empty ones where there is no such file.

    Raises StoreError naming the line or key that is wrong.
    """
    if not path.exists():
        return CaseFacts()
    with telling(path):
        text = path.read_text(encoding="utf8")
    try:
        plain: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise StoreError(
            f"{path.name} cannot be read: {wrong}.", next_step="Mend that line in a text editor."
        ) from wrong
    return facts_from_plain(plain, what=path.name)


def facts_from_plain(plain: dict[str, Any], *, what: str = "The case's facts") -> CaseFacts:
    """Return facts from plain values; raises StoreError for an unknown key or a wrong value."""
    if unknown := sorted(set(plain) - _KEYS):
        raise StoreError(
            f"{what} has an unknown key: {', '.join(unknown)}.",
            next_step=f"Mend its name; the names are {', '.join(sorted(_KEYS))}.",
        )
    calendar = to_plain(calendar_from_plain(plain.get("calendar") or {}))
    return from_plain({**plain, "calendar": calendar}, CaseFacts, what=what)


def write_facts(path: Path, facts: CaseFacts) -> None:
    """Write `facts` to `path`; what did not change stays as a person wrote it, comments too. Raises StoreError."""
    write_private(path, tomlkit.dumps(_document(path, facts)))


def _document(path: Path, facts: CaseFacts) -> tomlkit.TOMLDocument:
    if path.exists():
        with telling(path):
            document = tomlkit.parse(path.read_text(encoding="utf8"))
    else:
        document = tomlkit.document()
        document.add(tomlkit.comment(_HEAD))
    written = read_facts(path)
    for field in fields(CaseFacts):
        value = getattr(facts, field.name)
        if value == getattr(written, field.name):
            continue
        if value is None or value == () or value == SchoolCalendar():
            document.pop(field.name, None)
        elif isinstance(value, SchoolCalendar):
            document[field.name] = _calendar(value)
        elif isinstance(value, tuple):
            _set_tables(document, field.name, to_plain(value))
        else:
            document[field.name] = value
    return document


def _calendar(calendar: SchoolCalendar) -> Table:
    table, named = tomlkit.table(), tomlkit.table()
    days: list[date] = list(calendar.no_school)
    table["no_school"] = days
    for day in calendar.named:
        named[day.name] = day.on
    table["named"] = named
    return table


def _set_tables(document: tomlkit.TOMLDocument, name: str, rows: list[dict[str, Any]]) -> None:
    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        for key, value in row.items():
            if value is not None:
                table[key] = value
        tables.append(table)
    document.pop(name, None)
    document[name] = tables
