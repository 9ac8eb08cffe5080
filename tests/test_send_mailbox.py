"""The mailbox's settings, its password in a keyring, and the help for providers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from casefile.errors import SendError, StoreError
from send import secrets
from send.mailbox import Mailbox, checked, is_address, read_mailbox, write_mailbox
from send.providers import provider_of, read_providers

BOX = Mailbox(
    address="dana.ruiz@example.org",
    name="Dana Ruiz",
    host="mail.example.org",
    port=465,
    security="tls",
    login="dana.ruiz@example.org",
)


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.kept[service, username]

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


class PlainFile(Ring):
    """Stands for keyrings that write the password to a file as it is."""

    priority = 0.5  # type: ignore[assignment]


@pytest.fixture
def ring() -> Iterator[Any]:
    before = keyring.get_keyring()

    def put(chosen: KeyringBackend) -> KeyringBackend:
        keyring.set_keyring(chosen)
        return chosen

    yield put
    keyring.set_keyring(before)


def test_the_mailbox_is_read_as_it_was_written_and_holds_no_password(tmp_path: Path, ring: Any) -> None:
    path = tmp_path / "home" / "mail.toml"
    ring(Ring())
    assert read_mailbox(path) is None
    write_mailbox(path, BOX)
    secrets.keep_password(BOX, "correct horse")
    assert read_mailbox(path) == BOX
    assert "correct horse" not in path.read_text(encoding="utf8")
    if path.stat().st_mode & 0o777 != 0o666:  # Windows tells no owner's rights
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_mailbox_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mail.toml"
    path.write_text("address = ", encoding="utf8")
    with pytest.raises(StoreError, match=r"mail\.toml cannot be read"):
        read_mailbox(path)
    path.write_text('address = "a@b.test"\nhost = "h"\nport = "many"\nsecurity = "tls"\n', encoding="utf8")
    with pytest.raises(StoreError, match="port"):
        read_mailbox(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"address": "Dana"}, "not a mail address"),
        ({"host": "mail.example.org\r\nQUIT"}, "name or port is wrong"),
        ({"host": ""}, "name or port is wrong"),
        ({"port": 0}, "name or port is wrong"),
        ({"security": "none"}, "without encryption"),
        ({"security": "none", "host": "127.0.0.1.example.org"}, "without encryption"),
    ],
)
def test_settings_that_letters_must_not_go_through_are_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(SendError, match=told):
        checked(replace(BOX, **change))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_this_machine_may_do_without_encryption(host: str) -> None:
    assert checked(replace(BOX, security="none", host=host)).host == host


@pytest.mark.parametrize("address", ["o'brien+iep@school.k12.mo.us", "a@b.test", "x_y-z@sub.domain.example.org"])
def test_usual_addresses_are_addresses(address: str) -> None:
    assert is_address(address)


def test_the_password_lives_in_the_keyring_until_it_is_forgotten(ring: Any) -> None:
    ring(Ring())
    assert secrets.can_keep()
    assert secrets.read_password(BOX) is None
    secrets.keep_password(BOX, "correct horse")
    assert secrets.read_password(BOX) == "correct horse"
    assert secrets.read_password(replace(BOX, host="mail.elsewhere.test")) is None
    secrets.forget_password(BOX)
    secrets.forget_password(BOX)
    assert secrets.read_password(BOX) is None


@pytest.mark.parametrize("made", [PlainFile, keyring.backends.fail.Keyring])
def test_a_keyring_that_is_none_or_writes_to_a_plain_file_is_not_used(made: type[KeyringBackend], ring: Any) -> None:
    backend = ring(made())
    assert not secrets.can_keep()
    assert secrets.read_password(BOX) is None
    with pytest.raises(SendError, match="has no keyring"):
        secrets.keep_password(BOX, "correct horse")
    assert not getattr(backend, "kept", {})


def test_of_several_keyrings_the_safe_one_is_used(ring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    safe, plain = Ring(), PlainFile()
    ring(keyring.backends.chainer.ChainerBackend())
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [plain, safe])
    secrets.keep_password(BOX, "correct horse")
    assert list(safe.kept.values()) == ["correct horse"]
    assert plain.kept == {}
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [plain])
    assert not secrets.can_keep()


def test_a_locked_keyring_means_asking(ring: Any) -> None:
    ring(Ring(locked=True))
    assert secrets.read_password(BOX) is None
    with pytest.raises(SendError, match="did not take the password"):
        secrets.keep_password(BOX, "correct horse")


# --- providers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name", "works"),
    [
        ("a@gmail.com", "Gmail", True),
        ("A@HotMail.com ", "Outlook.com and Hotmail", False),
        ("a@sbcglobal.net", "AT&T Mail", True),
        ("a@stl.rr.com", "Spectrum (Charter)", True),
        ("a@charter.net", "Spectrum (Charter)", True),
        ("a@icloud.com", "iCloud Mail", True),
        ("a@proton.me", "Proton Mail", False),
    ],
)
def test_an_address_tells_its_provider(address: str, name: str, works: bool) -> None:
    found = provider_of(address)
    assert found is not None
    assert (found.name, found.works) == (name, works)


@pytest.mark.parametrize("address", ["a@notgmail.com", "a@gmail.com.evil.test", "gmail.com@evil.test", "nothing", ""])
def test_an_unknown_address_has_no_provider(address: str) -> None:
    assert provider_of(address) is None


def test_each_providers_help_says_what_to_do_and_where_it_was_read() -> None:
    providers = read_providers()
    assert len(providers) >= 12
    for p in providers:
        assert p.source
        assert p.page.startswith("https://")
        assert len(p.help) > 60
        if p.works:
            made = Mailbox(address="a@b.test", host=p.host, port=p.port, security=p.security, login="a")
            assert checked(made).security in ("tls", "starttls")
            assert (p.port, p.security) in ((465, "tls"), (587, "starttls"))
        else:
            assert ".eml" in p.help or "opy the letter" in p.help
