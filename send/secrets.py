"""The mailbox's password, in the keyring of the system: Windows Credential Manager, macOS Keychain, Secret Service.

A keyring that would only write it to a file (keyrings.alt) is not used: then the password is asked for each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile.errors import SendError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from send.mailbox import Mailbox

_SERVICE = "On the Record"
_SAFE = 1  # keyring's own line: below 1 a backend is not recommended (plain files, null)


def can_keep() -> bool:
    """Say whether this computer has a keyring that keeps a password safe."""
    return _ring() is not None


def read_password(mailbox: Mailbox) -> str | None:
    """Return the mailbox's password; None where none is kept, or the keyring is locked or missing."""
    from keyring.errors import KeyringError

    ring = _ring()
    if ring is None:
        return None
    try:
        return ring.get_password(_SERVICE, _name(mailbox))
    except KeyringError:
        return None  # a locked keyring: the person is asked


def keep_password(mailbox: Mailbox, password: str) -> None:
    """Keep the mailbox's password in the keyring; raises SendError where that cannot be done."""
    from keyring.errors import KeyringError

    ring = _ring()
    if ring is None:
        raise SendError(
            "This computer has no keyring to keep the password in.",
            next_step="Nothing to do: you are asked for it each time you send.",
        )
    try:
        ring.set_password(_SERVICE, _name(mailbox), password)
    except KeyringError as wrong:
        raise SendError(
            "The keyring of this computer did not take the password.",
            next_step="Unlock it and set the mailbox up again, or enter the password each time.",
        ) from wrong


def forget_password(mailbox: Mailbox) -> None:
    """Take the mailbox's password out of the keyring, if it is there."""
    from keyring.errors import KeyringError

    ring = _ring()
    if ring is None or read_password(mailbox) is None:
        return
    try:
        ring.delete_password(_SERVICE, _name(mailbox))
    except KeyringError as wrong:
        raise SendError(
            "The keyring kept the password.", next_step="Take it out by hand: it is filed under On the Record."
        ) from wrong


def _name(mailbox: Mailbox) -> str:
    return f"{mailbox.login or mailbox.address} at {mailbox.host}"


def _ring() -> KeyringBackend | None:
    """The keyring in use, or the best safe one where keyring would chain several (a plain file among them)."""
    import keyring
    from keyring.backend import get_all_keyring
    from keyring.backends import chainer, fail

    chosen = keyring.get_keyring()
    if isinstance(chosen, chainer.ChainerBackend):
        rings = [r for r in get_all_keyring() if not isinstance(r, chainer.ChainerBackend | fail.Keyring)]
        chosen = max(rings, key=_priority, default=chosen)
    return chosen if _priority(chosen) >= _SAFE and not isinstance(chosen, chainer.ChainerBackend) else None


def _priority(ring: KeyringBackend) -> float:
    try:
        return float(ring.priority)
    except Exception:  # keyring backends raise anything where they cannot work here
        return -1
