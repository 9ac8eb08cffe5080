"""Sending, as the page calls it: the mailbox, its test, and a letter the person has just read and pressed Send on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile.errors import SendError
from cli.mailbox import mailbox_path, may_reach

if TYPE_CHECKING:
    from casefile.records import Letter, Sent
    from casefile.store import CaseStore
    from review.stages import Mailbox, Provider
    from send.mailbox import Mailbox as SendMailbox

BY = "parent (page)"


class PagePost:
    """The page's `Post`. Where the computer has no keyring, the password lives as long as this object and no longer."""

    def __init__(self) -> None:
        self._typed: dict[str, str] = {}

    def mailbox(self) -> Mailbox | None:
        """Return the mailbox that is set up, or None so far."""
        from review.stages import Mailbox
        from send.mailbox import read_mailbox

        known = read_mailbox(mailbox_path())
        if known is None:
            return None
        return Mailbox(
            address=known.address,
            name=known.name,
            host=known.host,
            port=known.port,
            security=known.security,
            login=known.login,
            has_password=not known.login or self._password(known) is not None,
        )

    def provider(self, address: str) -> Provider | None:
        """Return plain help for the provider of an address, or None for one not known."""
        from review.stages import Provider
        from send.providers import provider_of

        found = provider_of(address)
        return Provider(name=found.name, help=found.help, works=found.works) if found else None

    def suggest(self, address: str) -> Mailbox:
        """Return the settings usual for an address; server and port empty where none are known."""
        from review.stages import Mailbox
        from send.providers import provider_of

        found = provider_of(address)
        if found is None or not found.works:
            return Mailbox(address=address, login=address)
        return Mailbox(address=address, host=found.host, port=found.port, security=found.security, login=address)

    def save(self, mailbox: Mailbox, password: str | None) -> None:
        """Keep the mailbox, and its password in the keyring; raises CaseError."""
        from casefile.wire import from_plain, to_plain
        from send.mailbox import Mailbox as SendMailbox
        from send.mailbox import checked, write_mailbox
        from send.secrets import can_keep, keep_password

        plain = {k: v for k, v in to_plain(mailbox).items() if k != "has_password"}
        made = checked(from_plain(plain, SendMailbox, what="The mailbox"))
        write_mailbox(mailbox_path(), made)
        if not password:
            return
        if can_keep():
            keep_password(made, password)
        else:
            self._typed[_key(made)] = password

    def test(self) -> str:
        """Log in without sending anything; return what to tell the person, or raise CaseError."""
        from send.smtp import try_login

        known = self._known()
        return try_login(known, self._password(known))

    def send(self, store: CaseStore, letter: Letter) -> Sent:
        """Send exactly this letter; the page has shown it word for word and asked about one in doubt."""
        from cli.clock import now
        from cli.post import accepted_ids, compose
        from send.outbox import Account, approve, send_letter, standing

        known = self._known()
        outgoing = compose(letter, known, store)
        accepted = accepted_ids(store)
        before = standing(store, letter.id)
        asked = before is not None and before.outcome == "unknown"
        approve(store, outgoing, accepted=accepted, at=now(), by=BY)
        account = Account(mailbox=known, password=self._password(known))
        return send_letter(store, outgoing, account, accepted=accepted, now=now, again=asked)

    def _known(self) -> SendMailbox:
        from send.mailbox import read_mailbox

        known = read_mailbox(mailbox_path())
        if known is None:
            raise SendError(
                "No mailbox is set up to send from.",
                next_step="Set it up on the Mailbox page, or download the letter for your mail program.",
            )
        may_reach(known)
        return known

    def _password(self, known: SendMailbox) -> str | None:
        from send.secrets import read_password

        return self._typed.get(_key(known)) or read_password(known)


def _key(mailbox: SendMailbox) -> str:
    return f"{mailbox.login} at {mailbox.host}"
