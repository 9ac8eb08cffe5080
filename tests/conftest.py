"""What every test has: its own user folder, no network but this machine, the shared material where it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a user folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ONRECORD_HOME", str(home))
    monkeypatch.setenv("ONRECORD_OFFLINE", "1")
    return home


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            assert host.startswith("127.") or host in ("localhost", "::1"), f"a test reached out to {host}"
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = only_here  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of the shared test material, or skip."""
    given = Path(os.environ.get("ONRECORD_SHARED", "../shared"))
    folder = given if given.is_absolute() else ROOT / given
    if not (folder / "contract.md").exists():
        pytest.skip(f"the shared test material is not at {given} (ONRECORD_SHARED)")
    return folder
