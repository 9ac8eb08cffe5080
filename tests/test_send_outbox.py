"""Sending once: reviewed, approved as it stands, and never again where the outcome is not known."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mailserver import LOGIN, PASSWORD, Certificate, Postbox, mail_server, make_certificate

from casefile.errors import BusyError, SendError
from casefile.records import Block, Contact, Letter, Sentence
from casefile.store import CaseStore
from send import Account, Body, Outgoing, Person, approve, compose, is_approved, send_letter, standing
from send.mailbox import Mailbox
from send.smtp import MaybeSent, NotSent, Patience

AT = datetime(2026, 11, 12, 16, 5, tzinfo=UTC)
KEPT = frozenset({"c1", "d1"})


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open(tmp_path / "case", create=True) as opened:
        yield opened


def message(text: str = "Thank you.\n", letter_id: str = "followup") -> Outgoing:
    block = Block(kind="paragraph", sentences=(Sentence(text="Thank you.", finding_ids=("c1", "d1")),))
    to = (Contact(name="Gordon Pell", role="SSD", email="gordon.pell@ssd.example.test"),)
    letter = Letter(
        id=letter_id, kind="followup", subject="Meeting", to=to, cc=(), blocks=(block,), template="followup@1"
    )
    return compose(letter, Body(text=text, html=f"<p>{text}</p>"), sender=Person(name="Nadine Harlow", address=LOGIN))


def account(port: int, certificate: Certificate, password: str = PASSWORD) -> Account:
    box = Mailbox(address=LOGIN, host="localhost", port=port, security="starttls", login=LOGIN)
    waits = Patience(connect_s=5, answer_s=5, taken_s=1)
    return Account(mailbox=box, password=password, trust=certificate.trusting, patience=waits)


def now() -> datetime:
    return AT


def approved(store: CaseStore, made: Outgoing | None = None) -> Outgoing:
    made = made or message()
    approve(store, made, accepted=KEPT, at=AT, by="parent (test)")
    return made


def test_an_approved_letter_goes_out_and_is_kept_with_its_time_number_and_exact_message(
    store: CaseStore, certificate: Certificate
) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        sent = send_letter(store, approved(store), account(port, certificate), accepted=KEPT, now=now)
    assert sent.outcome == "sent"
    assert sent.reply == "250 2.0.0 queued as 1"
    assert sent.sent_at == AT
    assert sent.id is not None
    [(_, recipients, content)] = box.taken
    assert recipients == ["gordon.pell@ssd.example.test"]
    assert content == store.sent_message(sent.id)
    assert f"Message-ID: {sent.message_id}\r\n".encode() in content
    assert store.sent() == (sent,)


def test_a_letter_is_sent_once_only(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        send_letter(store, approved(store), account(port, certificate), accepted=KEPT, now=now)
        for again in (False, True):
            with pytest.raises(SendError, match="sent already"):
                send_letter(store, message(), account(port, certificate), accepted=KEPT, now=now, again=again)
    assert len(box.taken) == 1


def test_what_nobody_reviewed_or_approved_never_reaches_the_network(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        where = account(port, certificate)
        with pytest.raises(SendError, match="a finding that nobody has reviewed"):
            approve(store, message(), accepted={"c1"}, at=AT, by="parent (test)")
        with pytest.raises(SendError, match="not approved as it now stands"):
            send_letter(store, message(), where, accepted=KEPT, now=now)
        approved(store)
        with pytest.raises(SendError, match="2 findings that nobody has reviewed"):
            send_letter(store, message(), where, accepted=(), now=now)  # the review was taken back since
        with pytest.raises(SendError, match="not approved as it now stands"):
            send_letter(store, message("One more word.\n"), where, accepted=KEPT, now=now)
    assert box.hellos == []
    assert store.sent() == ()


def test_only_the_newest_approval_counts(store: CaseStore) -> None:
    first = approved(store)
    second = approved(store, message("Other words.\n"))
    assert is_approved(store, second)
    assert not is_approved(store, first)


def test_a_refused_login_leaves_the_letter_ready(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        made = approved(store)
        with pytest.raises(NotSent, match="refused the login"):
            send_letter(store, made, account(port, certificate, "wrong"), accepted=KEPT, now=now)
        assert [s.outcome for s in store.sent()] == ["failed"]
        sent = send_letter(store, made, account(port, certificate), accepted=KEPT, now=now)
    assert [s.outcome for s in store.sent()] == ["failed", "sent"]
    assert standing(store, "followup") == sent
    assert len(box.taken) == 1


def test_an_unknown_outcome_is_never_tried_again_unasked(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox(drop="after")
    with mail_server(box, implicit=False, context=certificate.server) as port:
        made = approved(store)
        with pytest.raises(MaybeSent):
            send_letter(store, made, account(port, certificate), accepted=KEPT, now=now)
        box.drop = ""
        with pytest.raises(SendError, match="Nobody knows whether this letter went out"):
            send_letter(store, made, account(port, certificate), accepted=KEPT, now=now)
        assert len(box.taken) == 1
        send_letter(store, made, account(port, certificate), accepted=KEPT, now=now, again=True)  # asked
    assert [s.outcome for s in store.sent()] == ["unknown", "sent"]
    with pytest.raises(SendError, match="sent already"):
        send_letter(store, made, account(port, certificate), accepted=KEPT, now=now, again=True)


def test_two_windows_at_once_send_one_letter(store: CaseStore, certificate: Certificate) -> None:
    """The second has looked before the first began: it finds the door held, or the letter gone."""
    box = Postbox(slow_s=0.5)
    with mail_server(box, implicit=False, context=certificate.server) as port:
        made = approved(store)
        import threading

        troubles: list[SendError | BusyError] = []

        def send() -> None:
            with CaseStore.open(store.folder) as window:
                try:
                    send_letter(window, made, account(port, certificate), accepted=KEPT, now=now)
                except (SendError, BusyError) as trouble:
                    troubles.append(trouble)

        windows = [threading.Thread(target=send) for _ in range(4)]
        for window in windows:
            window.start()
        for window in windows:
            window.join()
    assert len(box.taken) == 1
    assert len(troubles) == 3


def test_ctrl_c_while_waiting_for_the_server_leaves_it_unknown(
    store: CaseStore, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    import smtplib

    def pressed(self: smtplib.SMTP) -> None:
        raise KeyboardInterrupt

    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        made = approved(store)
        original = smtplib.SMTP.send

        def send_then_press(self: smtplib.SMTP, s: bytes | str) -> None:
            original(self, s)
            if s == b".\r\n":
                monkeypatch.setattr(smtplib.SMTP, "getreply", pressed)

        monkeypatch.setattr(smtplib.SMTP, "send", send_then_press)
        with pytest.raises(KeyboardInterrupt):
            send_letter(store, made, account(port, certificate), accepted=KEPT, now=now)
    assert [s.outcome for s in store.sent()] == ["unknown"]


_KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
import ssl
from casefile.store import CaseStore
from send import Account, send_letter
from send.mailbox import Mailbox
from send.smtp import Patience
from test_send_outbox import KEPT, LOGIN, PASSWORD, message, now
box = Mailbox(address=LOGIN, host="localhost", port=int(sys.argv[2]), security="starttls", login=LOGIN)
trust = ssl.create_default_context(cafile=sys.argv[3])
with CaseStore.open(Path(sys.argv[1])) as store:
    account = Account(mailbox=box, password=PASSWORD, trust=trust, patience=Patience(taken_s=60))
    send_letter(store, message(), account, accepted=KEPT, now=now)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_killed_while_sending_it_is_unknown_and_not_sent_again(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox(slow_s=30)
    with mail_server(box, implicit=False, context=certificate.server) as port:
        approved(store)
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, store.folder, str(port), certificate.path, str(Path(__file__).parent)]
        )
        until = time.monotonic() + 30
        while not box.logins and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert [s.outcome for s in store.sent()] == ["sending"]
        with CaseStore.open(store.folder) as later:
            assert [s.outcome for s in later.sent()] == ["unknown"]
            hellos = len(box.hellos)
            with pytest.raises(SendError, match="Nobody knows"):
                send_letter(later, message(), account(port, certificate), accepted=KEPT, now=now)
            assert len(box.hellos) == hellos


def test_letters_do_not_stand_in_each_others_way(store: CaseStore, certificate: Certificate) -> None:
    box = Postbox()
    with mail_server(box, implicit=False, context=certificate.server) as port:
        for letter_id in ("followup", "notice-1"):
            made = approved(store, message(letter_id=letter_id))
            send_letter(store, made, account(port, certificate), accepted=KEPT, now=now)
    assert len(box.taken) == 2
    assert standing(store, "notice-2") is None


def test_wrong_settings_are_told_before_anything_is_tried(store: CaseStore, certificate: Certificate) -> None:
    where = account(1, certificate)
    wrong = replace(where, mailbox=replace(where.mailbox, host="mail.example.test", security="none"))
    with pytest.raises(SendError, match="without encryption"):
        send_letter(store, approved(store), wrong, accepted=KEPT, now=now)
    assert [s.outcome for s in store.sent()] == ["failed"]
