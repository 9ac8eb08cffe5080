"""A real mail server on this machine for the tests: TLS of both kinds, logins, and every way of going wrong."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOGIN, PASSWORD = "nadine.harlow@example.org", "correct horse"


@dataclass
class Postbox:
    """What the server took, and how it is to behave."""

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    hellos: list[str] = field(default_factory=list)
    refuse: str = ""  # this recipient is refused
    answer: str = "250 2.0.0 queued as 1"
    drop: str = ""  # "before" the message, "during" it, or "after" the dot: the connection is cut there
    slow_s: float = 0.0  # the wait before the answer to the dot

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.hellos.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.refuse:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        import asyncio

        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        if self.drop == "after":
            _cut(server)
        return self.answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        if self.drop == "login":
            _cut(server)
        good = (data.login, data.password) == (LOGIN.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False, auth_data=data.login if good else None)


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.drop == "before":
            _cut(self)
            return
        if self.event_handler.drop == "during":
            await self.push("354 go on")
            await self._reader.read(1000)
            _cut(self)
            return
        await super().smtp_DATA(arg)


def _cut(server: SMTP) -> None:
    transport = server.transport
    assert transport is not None
    transport.abort()


class _Controller(Controller):
    def __init__(self, box: Postbox, *, implicit: bool, **how: Any) -> None:
        self._how = how
        context = how.pop("context")
        if not implicit:
            how["tls_context"] = context
            how["require_starttls"] = context is not None
        super().__init__(box, hostname="127.0.0.1", port=free_port(), ssl_context=context if implicit else None)

    def factory(self) -> SMTP:
        box = self.handler
        return _Server(box, authenticator=box.authenticate, auth_require_tls=False, **self._how)


@contextlib.contextmanager
def mail_server(box: Postbox, *, implicit: bool, context: ssl.SSLContext | None, **how: Any) -> Iterator[int]:
    """Serve `box`; hand out the port. `implicit`: TLS from the first byte; else STARTTLS, or none without context."""
    controller = _Controller(box, implicit=implicit, context=context, **how)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass(frozen=True)
class Certificate:
    """A certificate made for one run, and how each side uses it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext  # a client that trusts it
    path: Path


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """Write a certificate for `name` (and for 127.0.0.1, if that is localhost) and return it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return Certificate(server=server, trusting=ssl.create_default_context(cafile=str(chain)), path=chain)
