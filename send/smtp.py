"""The network: a mail server takes a message, or says why not. Encrypted, the server's certificate checked.

Whoever calls learns one of three things: it was taken (a reply), it surely was not (NotSent), or nobody can know
(MaybeSent): the connection broke after the whole message was handed over and before the server answered.
"""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casefile.errors import SendError
from send.mailbox import Mailbox, checked
from send.providers import provider_of

# Our name for ourselves: an address literal, since this computer's own name is nobody's business.
_HELLO = "[127.0.0.1]"
_DRAFT = "Or send it yourself: `onrecord send --eml` writes a draft for your mail program."


class NotSent(SendError):
    """The message surely did not go out."""


class MaybeSent(SendError):
    """Nobody can know whether the message went out; it is not sent again unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for the server, in seconds."""

    connect_s: float = 30
    answer_s: float = 60
    taken_s: float = 300  # after the whole message: servers scan it before they answer


def deliver(
    mailbox: Mailbox,
    password: str | None,
    message: bytes,
    recipients: Sequence[str],
    *,
    trust: ssl.SSLContext | None = None,
    patience: Patience | None = None,
) -> str:
    """Hand the message to the server for all recipients or for none; return the server's reply.

    Raises NotSent and MaybeSent.
    """
    waits = patience or Patience()
    with _session(mailbox, password, trust, waits) as server:
        _step(mailbox, server.docmd("MAIL", f"FROM:<{mailbox.address}>{_size(server, message)}"), (250,), "the sender")
        for recipient in recipients:
            _step(mailbox, server.docmd("RCPT", f"TO:<{recipient}>"), (250, 251), recipient)
        _step(mailbox, server.docmd("DATA"), (354,), "the message")
        server.send(re.sub(rb"(?m)^\.", b"..", message.removesuffix(b"\r\n") + b"\r\n"))
        return _hand_over(mailbox, server, waits)


def try_login(
    mailbox: Mailbox, password: str | None, *, trust: ssl.SSLContext | None = None, patience: Patience | None = None
) -> str:
    """Log into the mailbox, sending nothing; return what to tell the person. Raises NotSent."""
    with _session(mailbox, password, trust, patience or Patience()):
        return f"{mailbox.host} took the login; nothing was sent."


def _hand_over(mailbox: Mailbox, server: smtplib.SMTP, waits: Patience) -> str:
    """Write the dot that ends the message: from here on only the server's answer tells whether it was taken."""
    try:
        if server.sock is not None:
            server.sock.settimeout(waits.taken_s)
        server.send(b".\r\n")
        code, reply = server.getreply()
    except (smtplib.SMTPException, OSError) as broken:
        raise MaybeSent(
            f"The connection to {mailbox.host} broke after the letter was handed over, before it was confirmed.",
            next_step="Before you send it again, ask a recipient whether it came, or look into your “Sent” folder "
            "(not every provider keeps a copy there).",
        ) from broken
    if code != 250:
        raise NotSent(
            f"{mailbox.host} did not take the letter: {_told(code, reply)}.",
            next_step=f"Try again later. {_DRAFT}",
        )
    return _told(code, reply)


def usual_trust() -> ssl.SSLContext:
    """Return the certificates this computer trusts; Mozilla's where Python finds none (python.org's on macOS)."""
    context = ssl.create_default_context()
    known = ssl.get_default_verify_paths()
    if os.name == "posix" and not (known.cafile or known.capath):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


@contextlib.contextmanager
def _session(
    mailbox: Mailbox, password: str | None, trust: ssl.SSLContext | None, waits: Patience
) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and logged in; what goes wrong in it becomes NotSent."""
    checked(mailbox)
    context = trust or usual_trust()
    server: smtplib.SMTP | None = None
    try:
        server = _connect(mailbox, context, waits)
        _log_in(mailbox, server, password)
        yield server
        _say_goodbye(server)
    except SendError:
        raise
    except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as wrong:
        raise _explained(mailbox, wrong) from wrong
    finally:
        if server is not None:
            server.close()


def _connect(mailbox: Mailbox, context: ssl.SSLContext, waits: Patience) -> smtplib.SMTP:
    host, port = mailbox.host, mailbox.port
    if mailbox.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, local_hostname=_HELLO, timeout=waits.connect_s, context=context
        )
    else:
        server = smtplib.SMTP(host, port, local_hostname=_HELLO, timeout=waits.connect_s)
    try:
        if server.sock is not None:
            server.sock.settimeout(waits.answer_s)
        server.ehlo_or_helo_if_needed()
        if mailbox.security == "starttls":
            if not server.has_extn("starttls"):
                raise NotSent(
                    f"{host} offers no encryption on port {port}, so nothing was sent.",
                    next_step="Check the port: 587 with starttls or 465 with tls are usual. See `onrecord mail`.",
                )
            server.starttls(context=context)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _log_in(mailbox: Mailbox, server: smtplib.SMTP, password: str | None) -> None:
    if not mailbox.login:
        return
    if not password:
        raise NotSent("The mailbox's password is not known.", next_step="Enter it: `onrecord mail`.")
    server.login(mailbox.login, password)


def _step(mailbox: Mailbox, answer: tuple[int, bytes], good: tuple[int, ...], what: str) -> None:
    code, reply = answer
    if code in good:
        return
    if "@" in what:
        raise NotSent(
            f"{mailbox.host} refused the address {what}, so the letter went to nobody: {_told(code, reply)}.",
            next_step="Correct this address, or leave the person out, and send again.",
        )
    raise NotSent(
        f"{mailbox.host} refused {what}: {_told(code, reply)}.",
        next_step=f"Check that {mailbox.address} belongs to this mailbox: `onrecord mail`. {_DRAFT}",
    )


def _explained(mailbox: Mailbox, wrong: Exception) -> NotSent:
    """What went wrong before the message was handed over, in plain words."""
    host, port = mailbox.host, mailbox.port
    match wrong:
        case smtplib.SMTPAuthenticationError():
            return _refused_login(mailbox, _told(wrong.smtp_code, wrong.smtp_error))
        case smtplib.SMTPNotSupportedError():
            return NotSent(
                f"{host} takes no password on port {port}.", next_step="Check server and port: `onrecord mail`."
            )
        case UnicodeError():
            return NotSent(
                "The password or login has a letter that mail servers do not take.", next_step="Enter it again."
            )
        case ssl.SSLCertVerificationError():
            return NotSent(
                f"{host} could not prove who it is ({wrong.verify_message}), so nothing was sent.",
                next_step="Check the server's name. On a foreign or public network, try again at home.",
            )
        case ssl.SSLError():
            return NotSent(
                f"No encrypted connection to {host} on port {port} came about.",
                next_step="Use tls with port 465, or starttls with port 587: `onrecord mail`.",
            )
        case socket.gaierror():
            return NotSent(
                f"There is no mail server {host}, or this computer is not online.",
                next_step="Check the connection, and the server's name: `onrecord mail`.",
            )
        case ConnectionRefusedError():
            return NotSent(f"{host} answers nobody on port {port}.", next_step="Check the port: `onrecord mail`.")
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return NotSent(
                f"{host} did not answer in time, and the letter did not go out.",
                next_step=f"Try again later. Some networks block port {port}. {_DRAFT}",
            )
        case smtplib.SMTPResponseException():
            return NotSent(
                f"{host} refused: {_told(wrong.smtp_code, wrong.smtp_error)}.", next_step=f"Try again later. {_DRAFT}"
            )
        case smtplib.SMTPException() if not isinstance(wrong, smtplib.SMTPServerDisconnected):
            return _refused_login(mailbox, "it takes no password from a program")
        case _:
            return NotSent(
                f"The connection to {host} broke before the letter was handed over.",
                next_step=f"Try again; the letter is still ready. {_DRAFT}",
            )


def _refused_login(mailbox: Mailbox, said: str) -> NotSent:
    known = provider_of(mailbox.address)
    usual = "Check login and password. Many providers ask for an app password, made for one program."
    return NotSent(f"{mailbox.host} refused the login: {said}.", next_step=known.help if known else usual)


def _size(server: smtplib.SMTP, message: bytes) -> str:
    """The message's size, where the server wants to know, so that it refuses one too large before it is sent."""
    return f" SIZE={len(message)}" if server.has_extn("size") else ""


def _told(code: int, reply: bytes | str) -> str:
    """The server's answer on one line, cut short, without characters that could play tricks in a terminal."""
    text = reply.decode("utf8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(''.join(c if c.isprintable() else ' ' for c in text).split())[:300]}".strip()


def _say_goodbye(server: smtplib.SMTP) -> None:
    """End the talk; how the server takes it changes nothing."""
    with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
        if server.sock is not None:
            server.sock.settimeout(5)
        server.quit()
