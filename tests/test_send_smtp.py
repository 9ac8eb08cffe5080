"""What a real mail server on this machine takes and refuses, and what the parent is told."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from mailserver import LOGIN, PASSWORD, Certificate, Postbox, free_port, mail_server, make_certificate

from send.mailbox import Mailbox, Security
from send.smtp import MaybeSent, NotSent, Patience, deliver, try_login, usual_trust

MESSAGE = (
    b"From: nadine.harlow@example.org\r\nTo: a@school.example.test\r\nSubject: Hello\r\n\r\n"
    b"One.\r\n.hidden\r\n..two\r\n"
)
HASTY = Patience(connect_s=5, answer_s=5, taken_s=1)
BOTH: list[Security] = ["tls", "starttls"]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def mailbox(port: int, security: Security = "starttls", **other: Any) -> Mailbox:
    plain: dict[str, Any] = {"address": LOGIN, "host": "localhost", "port": port, "security": security, "login": LOGIN}
    return Mailbox(**(plain | other))


def sending(port: int, certificate: Certificate, security: Security = "starttls", to: tuple[str, ...] = ()) -> str:
    where = mailbox(port, security)
    recipients = to or ("a@school.example.test", "b@school.example.test")
    return deliver(where, PASSWORD, MESSAGE, recipients, trust=certificate.trusting, patience=HASTY)


@pytest.mark.parametrize("security", BOTH)
def test_a_letter_arrives_as_it_was_over_both_kinds_of_tls(security: Security, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=security == "tls", context=certificate.server) as port:
        reply = sending(port, certificate, security)
    assert reply == "250 2.0.0 queued as 1"
    [(sender, recipients, content)] = box.taken
    assert sender == LOGIN
    assert recipients == ["a@school.example.test", "b@school.example.test"]
    assert content == MESSAGE  # lines that begin with a dot too
    assert set(box.hellos) == {"[127.0.0.1]"}  # not this computer's name


@pytest.mark.parametrize("security", BOTH)
def test_trying_the_mailbox_logs_in_and_sends_nothing(security: Security, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=security == "tls", context=certificate.server) as port:
        told = try_login(mailbox(port, security), PASSWORD, trust=certificate.trusting, patience=HASTY)
    assert told == "localhost took the login; nothing was sent."
    assert box.logins == [LOGIN.encode()]
    assert box.taken == []


def test_a_refused_login_comes_with_the_providers_own_help(certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        where = mailbox(port, address="someone.invented@gmail.com")
        with pytest.raises(NotSent, match=r"refused the login: 535") as told:
            deliver(where, "wrong", MESSAGE, ("a@school.example.test",), trust=certificate.trusting, patience=HASTY)
    assert "apppasswords" in told.value.next_step
    assert "wrong" not in str(told.value)
    assert box.taken == []


def test_a_password_no_server_takes_is_told(certificate: Certificate) -> None:
    with mail_server(Postbox(), implicit=False, context=certificate.server) as port:
        with pytest.raises(NotSent, match="letter that mail servers do not take"):
            deliver(mailbox(port), "pässword", MESSAGE, ("a@school.example.test",), trust=certificate.trusting)
        with pytest.raises(NotSent, match="password is not known"):
            deliver(mailbox(port), None, MESSAGE, ("a@school.example.test",), trust=certificate.trusting)


@pytest.mark.parametrize("security", BOTH)
def test_a_server_that_cannot_prove_who_it_is_gets_neither_password_nor_letter(
    security: Security, certificate: Certificate, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path, "elsewhere.example.test")
    for trust in (ssl.create_default_context(), other.trusting):
        box = Postbox()
        for served in (certificate, other):
            with mail_server(box, implicit=security == "tls", context=served.server) as port:
                if served is other and trust is other.trusting:
                    problem = "Hostname mismatch|not valid for"
                else:
                    problem = "self.signed certificate"
                with pytest.raises(NotSent, match=rf"could not prove who it is \(.*({problem})"):
                    deliver(mailbox(port, security), PASSWORD, MESSAGE, ("a@b.example.test",), trust=trust)
        assert box.logins == []
        assert box.taken == []


def test_where_python_finds_no_roots_mozillas_are_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "missing"))
    assert ssl.create_default_context().get_ca_certs() == []
    trust = usual_trust()
    assert len(trust.get_ca_certs()) > 50
    assert trust.verify_mode == ssl.CERT_REQUIRED
    assert trust.check_hostname


def test_a_server_without_encryption_gets_neither_password_nor_letter(certificate: Certificate) -> None:
    box = Postbox()
    with (
        mail_server(box, implicit=False, context=None) as port,
        pytest.raises(NotSent, match="offers no encryption"),
    ):
        sending(port, certificate)
    assert box.logins == []


def test_no_encryption_is_for_this_machine_alone(certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=None) as port:
        deliver(mailbox(port, "none"), PASSWORD, MESSAGE, ("a@school.example.test",), patience=HASTY)
    assert len(box.taken) == 1
    with pytest.raises(Exception, match="without encryption"):
        deliver(mailbox(587, "none", host="mail.example.test"), PASSWORD, MESSAGE, ("a@school.example.test",))


def test_tls_on_the_wrong_port_is_told_either_way(certificate: Certificate) -> None:
    with (
        mail_server(Postbox(), implicit=False, context=certificate.server) as port,
        pytest.raises(NotSent, match="No encrypted connection"),
    ):
        sending(port, certificate, "tls")
    with mail_server(Postbox(), implicit=True, context=certificate.server) as port:
        hasty = Patience(connect_s=1, answer_s=1, taken_s=1)
        with pytest.raises(NotSent, match=r"did not answer in time|broke before"):
            deliver(mailbox(port), PASSWORD, MESSAGE, ("a@b.example.test",), trust=certificate.trusting, patience=hasty)


def test_one_refused_recipient_means_the_letter_goes_to_nobody(certificate: Certificate) -> None:
    box = Postbox(refuse="b@school.example.test")
    with (
        mail_server(box, implicit=False, context=certificate.server) as port,
        pytest.raises(NotSent, match=r"refused the address b@school.example.test, so .* nobody: 550 5.1.1"),
    ):
        sending(port, certificate)
    assert box.taken == []


def test_a_letter_too_large_for_the_server_is_told_before_it_is_sent(certificate: Certificate) -> None:
    box = Postbox()
    huge = MESSAGE + b"x" * 70 + b"\r\n" * 2000
    with (
        mail_server(box, implicit=False, context=certificate.server, data_size_limit=1000) as port,
        pytest.raises(NotSent, match=r"552"),
    ):
        deliver(mailbox(port), PASSWORD, huge, ("a@b.example.test",), trust=certificate.trusting, patience=HASTY)
    assert box.taken == []


def test_a_letter_the_server_turns_away_at_the_end_did_not_go_out(certificate: Certificate) -> None:
    box = Postbox(answer="554 5.7.1 looks like\x1b[31m spam\r\n")
    with (
        mail_server(box, implicit=False, context=certificate.server) as port,
        pytest.raises(NotSent, match=r"did not take the letter: 554 5\.7\.1 looks like") as told,
    ):
        sending(port, certificate)
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize("where", ["login", "before"])
def test_a_connection_cut_before_the_letter_was_over_means_it_did_not_go_out(
    where: str, certificate: Certificate
) -> None:
    box = Postbox(drop=where)
    with (
        mail_server(box, implicit=False, context=certificate.server) as port,
        pytest.raises(NotSent, match="broke before the letter was handed over"),
    ):
        sending(port, certificate)
    assert box.taken == []


def test_a_connection_cut_while_the_letter_is_on_its_way_means_it_did_not_go_out(certificate: Certificate) -> None:
    """The dot that ends it was never written."""
    huge = MESSAGE + b"A line of a very long letter.\r\n" * 300_000
    with (
        mail_server(Postbox(drop="during"), implicit=False, context=certificate.server) as port,
        pytest.raises(NotSent, match="broke before the letter was handed over"),
    ):
        deliver(mailbox(port), PASSWORD, huge, ("a@b.example.test",), trust=certificate.trusting, patience=HASTY)


def test_a_connection_cut_after_the_letter_was_over_leaves_it_unknown(certificate: Certificate) -> None:
    box = Postbox(drop="after")
    with (
        mail_server(box, implicit=False, context=certificate.server) as port,
        pytest.raises(MaybeSent, match="after the letter was handed over") as told,
    ):
        sending(port, certificate)
    assert len(box.taken) == 1  # it did go out: sending it again would be twice
    assert "Sent" in told.value.next_step


def test_a_server_too_slow_to_confirm_leaves_it_unknown(certificate: Certificate) -> None:
    box = Postbox(slow_s=2.5)
    with (
        mail_server(box, implicit=False, context=certificate.server) as port,
        pytest.raises(MaybeSent, match="before it was confirmed"),
    ):
        sending(port, certificate)


def test_nobody_there_and_nobody_answering_are_told() -> None:
    with pytest.raises(NotSent, match="answers nobody on port"):
        deliver(mailbox(free_port()), PASSWORD, MESSAGE, ("a@b.example.test",), patience=HASTY)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        hasty = Patience(connect_s=0.5, answer_s=0.5, taken_s=0.5)
        with pytest.raises(NotSent, match="did not answer in time"):
            deliver(mailbox(port, host="127.0.0.1"), PASSWORD, MESSAGE, ("a@b.example.test",), patience=hasty)


def test_a_name_that_no_server_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up's real answer to such a name, without asking a name server from a test."""

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NotSent, match=r"There is no mail server smtp\.nowhere\.example\.test"):
        deliver(mailbox(587, host="smtp.nowhere.example.test"), PASSWORD, MESSAGE, ("a@b.example.test",))


def test_a_server_that_talks_nonsense_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:
        port = odd.getsockname()[1]

        def answer() -> None:
            talk, _ = odd.accept()
            with talk:
                talk.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NotSent):
            deliver(mailbox(port, host="127.0.0.1"), PASSWORD, MESSAGE, ("a@b.example.test",), patience=HASTY)
        thread.join()
