"""The mailbox a letter goes out from: its settings, in a file a person can read. The password is never in it."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tomlkit

from casefile.errors import SendError, StoreError
from casefile.files import private_folder, telling, write_private
from casefile.wire import from_plain, to_plain

Security = Literal["tls", "starttls", "none"]
_HEAD = "The mailbox your letters go out from. The password is in your computer's keyring, not here."
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where and as whom letters are sent."""

    address: str  # goes into From, and is the envelope's sender
    name: str = ""
    host: str
    port: int
    security: Security  # "tls" from the first byte; "starttls" before logging in; "none" on this machine alone
    login: str = ""  # often the address; "" where the server asks for none


def is_address(text: str) -> bool:
    """Say whether a text is a mail address that every server takes: plain letters, one @, a domain with a dot."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) < 255


def checked(mailbox: Mailbox) -> Mailbox:
    """Return the mailbox if letters can safely go through it; raises SendError naming what is wrong."""
    if not is_address(mailbox.address):
        raise SendError(
            f"“{mailbox.address}” is not a mail address.", next_step="Write it like name@provider.com: `onrecord mail`."
        )
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", mailbox.host) or not 0 < mailbox.port < 65536:
        raise SendError(
            "The mail server's name or port is wrong.",
            next_step="Look up “SMTP server” on your provider's help page and enter it: `onrecord mail`.",
        )
    if mailbox.security == "none" and not is_this_machine(mailbox.host):
        raise SendError(
            "This mailbox is set to send without encryption.", next_step="Choose tls or starttls: `onrecord mail`."
        )
    return mailbox


def is_this_machine(host: str) -> bool:
    """Say whether a host is this computer, so that nothing leaves it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def read_mailbox(path: Path) -> Mailbox | None:
    """Return the mailbox set up in `path`, or None so far; raises StoreError naming a wrong line or key."""
    if not path.exists():
        return None
    with telling(path):
        text = path.read_text(encoding="utf8")
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise StoreError(
            f"{path.name} cannot be read: {wrong}.", next_step="Set the mailbox up again: `onrecord mail`."
        ) from wrong
    return from_plain(plain, Mailbox, what=path.name)


def write_mailbox(path: Path, mailbox: Mailbox) -> None:
    """Write the mailbox to `path`, readable by its owner alone; raises SendError and StoreError."""
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    for key, value in to_plain(checked(mailbox)).items():
        document[key] = value
    private_folder(path.parent)
    write_private(path, tomlkit.dumps(document))
