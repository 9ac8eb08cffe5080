"""Fetching, checking and choosing speech models, against a real server on this machine."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from casefile.errors import ModelError
from transcribe.models import (
    KNOWN,
    choose_model,
    damaged_files,
    installed,
    models_folder,
    remove_model,
)
from transcribe.models_fetch import fetch_model
from transcribe.random_model import TOY, build

REPOSITORY = "Systran/faster-whisper-tiny.en"
REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the server has, and how it behaves."""

    files: dict[str, bytes]
    break_after: int | None = None  # bytes of model.bin after which the connection breaks, once
    spoil: bool = False  # model.bin arrives with a wrong byte
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path, Range
    address: str = ""

    def tree(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = [{"type": "file", "path": "README.md", "size": 3, "oid": "x"}]
        for name, data in self.files.items():
            row: dict[str, object] = {"type": "file", "path": name, "size": len(data)}
            row["oid"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            if name == "model.bin":
                row |= {"oid": "pointer", "lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}}
            rows.append(row)
        return rows


class _Pages(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        self.hub.asked.append((self.path, self.headers.get("Range")))
        if self.path == f"/api/models/{REPOSITORY}/revision/main":
            self._send(json.dumps({"sha": REVISION}).encode())
        elif self.path == f"/api/models/{REPOSITORY}/tree/{REVISION}":
            self._send(json.dumps(self.hub.tree()).encode())
        elif self.path.startswith(f"/{REPOSITORY}/resolve/{REVISION}/"):
            self._file(self.path.rsplit("/", 1)[1])
        else:
            self.send_error(404)

    def _file(self, name: str) -> None:
        data = self.hub.files[name]
        if name == "model.bin" and self.hub.spoil:
            data = data[:-1] + bytes([data[-1] ^ 1])
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        part = data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if name == "model.bin" and self.hub.break_after is not None:
            part, self.hub.break_after = part[: self.hub.break_after], None
            self.close_connection = True
        self.wfile.write(part)

    def _send(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("toy") / "toy", TOY)


@pytest.fixture
def hub(toy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub({p.name: p.read_bytes() for p in toy.iterdir()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pages", (_Pages,), {"hub": made}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", made.address)
    monkeypatch.setenv("ONRECORD_FETCH_PATIENCE", "0")
    monkeypatch.delenv("ONRECORD_OFFLINE")
    monkeypatch.delenv("ONRECORD_MODEL", raising=False)
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_model_is_fetched_checked_and_chosen(hub: Hub) -> None:
    told: list[tuple[int, int]] = []
    folder = fetch_model("tiny.en", progress=lambda done, total: told.append((done, total)))
    assert folder == models_folder() / "tiny.en"
    assert installed() == ("tiny.en",)
    assert damaged_files(folder) == ()
    assert choose_model(None) == choose_model("tiny.en") == folder
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert told[-1][0] == told[-1][1] == sum(len(d) for d in hub.files.values())
    assert [d for d, _ in told] == sorted(d for d, _ in told)
    assert not (folder / "README.md").exists()


def test_a_model_that_is_here_is_not_asked_for_again(hub: Hub) -> None:
    fetch_model("tiny.en")
    hub.asked.clear()
    fetch_model("tiny.en")
    assert hub.asked == []


def test_a_broken_connection_goes_on_where_it_broke(hub: Hub) -> None:
    hub.break_after = 50_000
    folder = fetch_model("tiny.en")
    ranges = [r for path, r in hub.asked if path.endswith("model.bin")]
    assert ranges == [None, "bytes=50000-"]
    assert damaged_files(folder) == ()


def test_a_fetch_broken_off_for_good_goes_on_next_time(hub: Hub) -> None:
    part = models_folder() / ".tiny.en.part"
    part.mkdir(parents=True)
    (part / "model.bin").write_bytes(hub.files["model.bin"][:70_000])
    fetch_model("tiny.en")
    assert [r for path, r in hub.asked if path.endswith("model.bin")] == ["bytes=70000-"]
    assert not part.exists()


def test_what_arrives_damaged_is_not_kept(hub: Hub) -> None:
    hub.spoil = True
    with pytest.raises(ModelError, match="arrived damaged"):
        fetch_model("tiny.en")
    assert installed() == ()
    hub.spoil = False
    fetch_model("tiny.en")
    assert installed() == ("tiny.en",)


def test_a_server_that_is_not_there_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="could not be fetched") as told:
        fetch_model("tiny.en")
    assert "goes on where it stopped" in told.value.next_step


def test_a_file_that_rotted_is_found_and_the_model_removed(hub: Hub) -> None:
    folder = fetch_model("tiny.en")
    with (folder / "model.bin").open("r+b") as file:
        file.seek(1000)
        file.write(b"rot")
    assert damaged_files(folder) == ("model.bin",)
    assert remove_model("tiny.en") > 100_000
    assert installed() == ()


def test_offline_nothing_is_asked_and_the_way_out_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_OFFLINE", "1")
    for ask in (fetch_model, choose_model):
        with pytest.raises(ModelError, match="ONRECORD_OFFLINE=1 forbids") as told:
            ask("small.en")
        assert "onrecord models fetch small.en" in told.value.next_step
        assert str(models_folder()) in told.value.next_step
    assert hub.asked == []


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (None, "no speech model on this computer yet"),
        ("huge", "No speech model is called huge"),
        ("some/where/model", "no model folder"),
    ],
)
def test_a_model_that_is_not_here_is_told(wanted: str | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONRECORD_MODEL", raising=False)
    with pytest.raises(ModelError, match=told):
        choose_model(wanted)


def test_a_folder_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf8")
    with pytest.raises(ModelError, match=r"model\.bin, tokenizer\.json is missing"):
        choose_model(str(tmp_path))


def test_a_model_may_be_named_by_path_or_by_the_environment(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_model(str(toy)) == toy
    monkeypatch.setenv("ONRECORD_MODEL", str(toy))
    assert choose_model(None) == toy


def test_the_best_model_that_is_here_is_taken(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONRECORD_MODEL", raising=False)
    for name in ("tiny.en", "small.en", "mine"):
        build(models_folder() / name, TOY)
    assert installed() == ("small.en", "tiny.en", "mine")
    assert choose_model(None).name == "small.en"


def test_every_known_model_has_a_name_of_its_own() -> None:
    assert len({m.name for m in KNOWN}) == len({m.repository for m in KNOWN}) == len(KNOWN) >= 8
