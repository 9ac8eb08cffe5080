"""A letter as a mail message: the same words as text and as HTML, and nothing in it that the parent did not see."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, quote

from casefile.errors import SendError
from casefile.records import Contact, Letter
from send.mailbox import is_address

_LONGEST_NAME = 200
_LONGEST_SUBJECT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A letter's words in both forms, as the drafting stage writes them."""

    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody a message goes to or comes from."""

    name: str  # may be ""
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message as it is shown before it is sent. Its date and Message-ID come with the sending."""

    letter_id: str
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    body: Body
    finding_ids: tuple[str, ...]
    left_out: tuple[str, ...]  # names the letter is meant for too, without a mail address

    @property
    def sha256(self) -> str:
        """What the parent approves: sender, recipients, subject and every word."""
        return hashlib.sha256(_bytes(self, _written(self))).hexdigest()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address the message goes to, each once. There are no hidden ones."""
        return tuple(dict.fromkeys(p.address for p in (*self.to, *self.cc)))


def compose(letter: Letter, body: Body, *, sender: Person) -> Outgoing:
    """Return the letter as a message from `sender`; raises SendError for a wrong address or none at all."""
    to, cc = _people(letter.to), _people(letter.cc)
    seen = {p.address.lower() for p in to}
    if not to:
        raise SendError(
            f"The letter “{_line(letter.subject, 80)}” has nobody to go to.",
            next_step="Give a contact with a mail address in case.toml, or choose one on the page: `onrecord review`.",
        )
    return Outgoing(
        letter_id=letter.id,
        sender=_checked(sender),
        to=to,
        cc=tuple(p for p in cc if p.address.lower() not in seen),
        subject=_line(letter.subject, _LONGEST_SUBJECT),
        body=body,
        finding_ids=letter.finding_ids,
        left_out=tuple(_line(c.name, _LONGEST_NAME) for c in (*letter.to, *letter.cc) if not (c.email or "").strip()),
    )


def as_draft(outgoing: Outgoing) -> bytes:
    """Return the message as an .eml that Outlook, Thunderbird and Apple Mail open for sending; always the same."""
    message = _written(outgoing)
    message["X-Unsent"] = "1"
    return _bytes(outgoing, message)


def as_sent(outgoing: Outgoing, *, at: datetime, message_id: str) -> bytes:
    """Return the message as it goes out at the instant `at`."""
    message = _written(outgoing)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    return _bytes(outgoing, message)


def new_message_id(sender: Person) -> str:
    """Return a Message-ID that tells nothing of this computer but the domain of the address."""
    return f"<{uuid.uuid4()}@{sender.address.rpartition('@')[2]}>"


def _written(outgoing: Outgoing) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = outgoing.subject
    message.set_content(outgoing.body.text, cte="quoted-printable")
    message.add_alternative(outgoing.body.html, subtype="html", cte="quoted-printable")
    words = f"{outgoing.letter_id}\n{outgoing.body.text}\n{outgoing.body.html}"
    message.set_boundary("=_" + hashlib.sha256(words.encode()).hexdigest()[:32])  # the same each time; "=_" is no QP
    return message


def _bytes(outgoing: Outgoing, message: EmailMessage) -> bytes:
    """The message as it travels; read back first, so that what is sent has the addresses that were shown.

    The lines with addresses are written here: Python before 3.13.2 can fold a comma between two of them into a name
    in other letters, and the second is lost (CVE-2025-1795).
    """
    people = {"From": (outgoing.sender,), "To": outgoing.to, "Cc": outgoing.cc}
    head = "".join(f"{name}: {_people_line(some)}\r\n" for name, some in people.items() if some)
    raw = head.encode("ascii") + message.as_bytes(policy=SMTP)
    read = BytesHeaderParser(policy=SMTP).parsebytes(raw)
    for name, some in people.items():
        if _addresses(read[name]) != [p.address for p in some]:
            raise AssertionError(f"the {name} line does not read as it was written")
    return raw


def _people_line(people: tuple[Person, ...]) -> str:
    return ",\r\n ".join(f"{_name(p.name)} <{p.address}>" if p.name else p.address for p in people)


def _name(name: str) -> str:
    """A name as a header may hold it: quoted, or in encoded words where it has letters beyond ASCII."""
    if not name.isascii() or "=?" in name:
        return Header(name, "utf-8", maxlinelen=60).encode(linesep="\r\n")
    plain = all(c.isalnum() or c in " '-_" for c in name)
    return name if plain else f'"{quote(name)}"'


def _addresses(header: object) -> list[str]:
    return [a.addr_spec for a in getattr(header, "addresses", ())]


def _people(contacts: tuple[Contact, ...]) -> tuple[Person, ...]:
    """Everybody with an address, each address once."""
    made: dict[str, Person] = {}
    for contact in contacts:
        address = (contact.email or "").strip()
        if address:
            made.setdefault(address.lower(), _checked(Person(name=contact.name, address=address)))
    return tuple(made.values())


def _checked(person: Person) -> Person:
    if not is_address(person.address):
        raise SendError(
            f"“{_line(person.address, 80)}” is not a mail address.",
            next_step="Write it like name@school.org in case.toml or on the page, and send again.",
        )
    return Person(name=_line(person.name, _LONGEST_NAME), address=person.address)


def _line(text: str, longest: int) -> str:
    """The text on one line, without characters that could end a header, hide words or turn their direction."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(plain.split())[:longest]
