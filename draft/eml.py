"""A letter as an .eml file that a mail program opens as a draft, ready for sending."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from casefile.records import Contact, Letter
from draft.html import to_html
from draft.text import body


def to_eml(letter: Letter) -> bytes:
    """Return the letter as a message, in plain text and HTML; the same letter gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"  # Outlook, Thunderbird and Apple Mail open it for sending
    message["Subject"] = letter.subject
    for header, people in (("To", letter.to), ("Cc", letter.cc)):
        if known := [a for p in people if (a := _address(p))]:
            message[header] = known
    message.set_content(body(letter))
    message.add_alternative(to_html(letter), subtype="html")
    message.set_boundary("=_" + hashlib.sha256(body(letter).encode()).hexdigest()[:24])
    return message.as_bytes()


def _address(person: Contact) -> Address | None:
    """Return somebody's address, None where it is lacking or no address at all."""
    name, at, domain = (person.email or "").strip().rpartition("@")
    if not at or not name or not domain or any(c.isspace() or c in '<>,;"' for c in f"{name}{domain}"):
        return None
    try:
        return Address(display_name=person.name, username=name, domain=domain)
    except (ValueError, IndexError):  # headerregistry refuses some forms that are no address
        return None
