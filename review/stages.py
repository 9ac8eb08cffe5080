"""What the page asks of the other stages: functions handed in by `cli`, so that no stage imports another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from casefile.records import CaseFacts, Contact, Findings, Letter, ReviewedCase, Sent, Transcript, Turn
from casefile.store import CaseStore


class SoundLike(Protocol):
    """A decoded recording: 16 kHz mono float32 on the container's own clock, read in slices."""

    @property
    def samples(self) -> Any: ...

    @property
    def duration_s(self) -> float: ...


class Shows(Protocol):
    """What is told how far long work is, in seconds of sound."""

    total: float

    def start_from(self, done: float) -> None: ...

    def advance_to(self, done: float, note: str = "") -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of hearing that this computer offers."""

    id: str  # "whisper:small", "sphinx"
    words: str  # "Good (small model)"
    help: str  # what it costs and how well it hears
    ready: bool  # False: it must be fetched first, over the network


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The parent's mailbox as the page shows it; the password itself never comes back."""

    address: str = ""
    name: str = ""
    host: str = ""
    port: int = 0
    security: str = ""  # "tls", "starttls", "none"
    login: str = ""
    has_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Plain help for one mail provider."""

    name: str
    help: str
    works: bool  # whether it lets a program send with a password at all


class Post(Protocol):
    """Sending: the mailbox, its test, and the letters."""

    def mailbox(self) -> Mailbox | None: ...

    def provider(self, address: str) -> Provider | None: ...

    def suggest(self, address: str) -> Mailbox: ...

    def save(self, mailbox: Mailbox, password: str | None) -> None: ...

    def test(self) -> str:
        """Log in without sending anything; return what to tell the person, or raise CaseError."""

    def send(self, store: CaseStore, letter: Letter) -> Sent:
        """Send exactly this letter to exactly its `to` and `cc`; raise CaseError where it stays ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the page says of a case beside its promises."""

    waiting: tuple[str, ...]  # ids of letters called for and not sent
    hours_left: float | None  # of the 24 after the meeting
    complaint_until: date | None
    mine: frozenset[str]  # ids of promises of the parent's own side


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Everything the page cannot do by itself."""

    now: Callable[[], datetime]
    today: Callable[[], date]
    cases: Path  # the folder of the case folders
    settings: Path  # the page's own few settings
    open_sound: Callable[[Path], AbstractContextManager[SoundLike]]
    ways: Callable[[], tuple[Way, ...]]
    hear: Callable[[CaseStore, Path, str, Shows, Callable[[Turn], None]], Transcript]
    find: Callable[[CaseStore], Findings]
    draft: Callable[[ReviewedCase], tuple[Letter, ...]]
    write_letters: Callable[[CaseStore, Sequence[Letter]], None]  # kept in the case and written in every form
    remind: Callable[[ReviewedCase, str], Letter]  # the reminder of one promise
    letter_text: Callable[[Letter], str]  # its words alone, a line a block
    letter_form: Callable[[Letter, str], bytes]  # ".docx", ".pdf", ".eml", ".txt"
    merge: Callable[[str | None, str, str], tuple[str, str]]  # base, own words, new draft: merged, what differs
    standing: Callable[[ReviewedCase, Sequence[Sent]], Standing]
    law: Callable[[], dict[str, str]]  # the facts of law behind a sentence, by id
    post: Post


def contacts_of(facts: CaseFacts) -> tuple[Contact, ...]:
    """Return everybody a letter may go to: the contacts, then participants with an address."""
    known = {c.name for c in facts.contacts}
    others = (Contact(name=p.name, role=p.role, email=p.email) for p in facts.participants if p.name not in known)
    return facts.contacts + tuple(o for o in others if o.email)
