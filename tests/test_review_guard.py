"""Each attack on the page, tried on the real server over a real socket."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from review_page import Client, client, served

from review.server import Page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home = tmp_path_factory.mktemp("guard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_HOME", str(home))
        with served(home) as shown:
            yield shown


@pytest.fixture
def browser(page: Page) -> Iterator[Client]:
    with client(page) as made:
        yield made


def stranger(page: Page) -> httpx.Client:
    return httpx.Client(base_url=page.keys.address, timeout=10)


def raw(page: Page, request: str) -> str:
    """Send bytes as they are, and return the status line."""
    with socket.create_connection(("127.0.0.1", page.keys.port), timeout=5) as link:
        link.sendall(request.replace("\n", "\r\n").encode())
        answer = b""
        while b"\r\n" not in answer and (part := link.recv(4096)):
            answer += part
    return answer.split(b"\r\n")[0].decode()


PRIVATE = [
    "/",
    "/c/{case}/review",
    "/api/c/{case}/meeting",
    "/api/c/{case}/findings",
    "/api/c/{case}/sound",
    "/api/c/{case}/letters",
    "/c/{case}/due.ics",
    "/mail",
]


@pytest.mark.parametrize("path", PRIVATE)
def test_without_the_token_nothing_is_shown(page: Page, browser: Client, path: str) -> None:
    where = path.format(case=browser.case)
    assert browser.http.get(where).status_code == 200
    with stranger(page) as other:
        answer = other.get(where)
    assert answer.status_code == 401
    assert "Milo" not in answer.text


def test_a_token_lets_in_once(page: Page) -> None:
    address = page.address()
    with stranger(page) as first, stranger(page) as second:
        assert first.get(address).status_code == 303
        assert first.get("/").status_code == 200
        assert first.get(address).status_code == 303  # the same browser may press the address again
        answer = second.get(address)
        assert answer.status_code == 401
        assert "used already" in answer.text


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "%00", "a&token=b"])
def test_a_made_up_token_is_turned_away(page: Page, token: str) -> None:
    with stranger(page) as other:
        assert other.get(f"/open?token={token}").status_code == 401


def test_the_cookie_is_for_this_page_alone(page: Page) -> None:
    with stranger(page) as other:
        told = other.get(page.address()).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert f"onrecord_{page.keys.port}=" in told
    assert "domain" not in told


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]
)
def test_a_rebound_name_is_turned_away(page: Page, browser: Client, host: str) -> None:
    answer = browser.http.get("/", headers={"host": host.format(port=page.keys.port)})
    assert answer.status_code in (400, 421)
    assert "Milo" not in answer.text


def test_two_host_lines_are_turned_away(page: Page) -> None:
    own = f"127.0.0.1:{page.keys.port}"
    cookie = f"{page.keys.cookie}={page.keys.session}"
    status = raw(page, f"GET / HTTP/1.1\nHost: {own}\nHost: evil.example\nCookie: {cookie}\n\n")
    assert status.split()[1] in ("400", "421")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
@pytest.mark.parametrize("way", ["GET", "POST"])
def test_a_request_of_another_page_is_turned_away(page: Page, browser: Client, origin: str, way: str) -> None:
    headers = {"origin": origin.format(port=page.keys.port), "x-onrecord": page.keys.csrf}
    answer = browser.http.request(way, f"/api/c/{browser.case}/findings", headers=headers)
    assert answer.status_code == 403


def test_a_picture_or_frame_on_another_page_gets_nothing(browser: Client) -> None:
    for site in ("cross-site", "same-site"):
        assert browser.http.get("/", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"x-onrecord": "wrong"}, {"x-onrecord": ""}])
def test_a_change_without_the_pages_own_token_is_turned_away(
    page: Page, browser: Client, headers: dict[str, str]
) -> None:
    own = {"origin": page.keys.address.rstrip("/")}
    body = {"act": "drop", "ids": ["f2"]}
    answer = browser.http.post(f"/api/c/{browser.case}/decide", json=body, headers=own | headers)
    assert answer.status_code == 403
    assert not any(d.finding_id == "f2" for d in page.rooms.get(browser.case).store.decisions())


def test_a_change_that_names_no_origin_is_turned_away(page: Page, browser: Client) -> None:
    answer = browser.http.post(
        f"/api/c/{browser.case}/decide",
        json={"act": "drop", "ids": ["f2"]},
        headers={"x-onrecord": page.keys.csrf},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("way", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_ways_of_asking_are_turned_away(page: Page, browser: Client, way: str) -> None:
    own = {"origin": page.keys.address.rstrip("/"), "x-onrecord": page.keys.csrf}
    assert browser.http.request(way, "/", headers=own).status_code == 405


PATHS = [
    "/static/../server.py",
    "/static/..%2fserver.py",
    "/static/%2e%2e/server.py",
    "/static/....//server.py",
    "/static//etc/passwd",
    "/c/..%2f..%2fetc/review",
    "/c/%2e%2e/review",
    "/api/c/..%2fmeeting/findings",
    "/api/c//etc/passwd/sound",
    "/api/c/{case}/letters/..%2f..%2fcase.db/file.txt",
    "/api/c/{case}/letters/followup/file.db",
    "/api/c/{case}/letters/followup/file.%2e%2e",
    "/api/c/{case}/preview/..%2fcase.toml",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_case(page: Page, browser: Client, path: str) -> None:
    where = path.format(case=browser.case)
    cookie = f"{page.keys.cookie}={page.keys.session}"
    status = raw(page, f"GET {where} HTTP/1.1\nHost: 127.0.0.1:{page.keys.port}\nCookie: {cookie}\n\n")
    assert status.split()[1] in ("400", "404", "409"), status


@pytest.mark.parametrize(
    "name",
    ["../../evil.wav", "..\\..\\evil.wav", "/etc/cron.d/evil", "C:\\evil.wav", ".hidden.wav", "con\x00.wav", "a" * 300],
)
def test_an_uploads_name_stays_a_name(page: Page, browser: Client, tmp_path: Path, name: str) -> None:
    before = set(page.stages.cases.parent.rglob("*"))
    answer = browser.raw_post("/api/upload", params={"name": name}, content=b"RIFF" + b"\0" * 100)
    assert answer.status_code == 200
    folder = page.rooms.folders()[answer.json()["case"]]
    (kept,) = (folder / "recording").iterdir()
    assert kept.parent == folder / "recording"
    assert re.fullmatch(r"[\w .()-]+", kept.name)
    assert not kept.name.startswith(".")
    outside = {p for p in set(page.stages.cases.parent.rglob("*")) - before if folder not in (p, *p.parents)}
    assert outside == set()


def test_every_answer_carries_the_safe_headers(page: Page, browser: Client) -> None:
    with stranger(page) as other:
        answers = [browser.http.get("/"), browser.get("findings"), other.get("/"), browser.http.get("/static/base.js")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers


def test_the_pages_hold_no_inline_script_or_style(browser: Client) -> None:
    for path in ("/", "/mail", *(f"/c/{browser.case}/{x}" for x in ("listen", "voices", "review", "letters", "due"))):
        text = browser.http.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\sstyle=|<style|\son\w+=", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path


def test_only_this_machine_is_listened_on(page: Page) -> None:
    assert page.socket.getsockname()[0] == "127.0.0.1"


def test_what_was_said_cannot_become_a_script(page: Page, browser: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    browser.decide(act="name_voice", voice="S3", name=evil)
    browser.decide(act="keep", ids=["f4"])
    for path in ("due", "letters", "review", "voices"):
        assert "<script>alert" not in browser.http.get(f"/c/{browser.case}/{path}").text
    browser.decide(act="undo")
    browser.decide(act="undo")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"act": "explode"}',
        b'{"act": "keep"}',
        b'{"act": "keep", "ids": "f2"}',
        b'{"act": "keep", "ids": ["none"]}',
        b'{"act": "mend", "id": "f2", "due_on": "soon"}',
        b'{"act": "mend", "id": "f2", "kind": "bribe"}',
        b'{"act": "keep", "ids": ["f2"], "by": "principal"}',
        b'{"act": "move_lines", "turns": [-1], "voice": "S1"}',
        b'{"act": "name_voice", "voice": "S9", "name": "x"}',
    ],
)
def test_odd_asks_change_nothing_and_are_told_plainly(page: Page, browser: Client, body: bytes) -> None:
    before = page.rooms.get(browser.case).store.decisions()
    answer = browser.raw_post(f"/api/c/{browser.case}/decide", content=body)
    assert answer.status_code == 409
    assert answer.json()["what"]
    assert answer.json()["next"]
    assert page.rooms.get(browser.case).store.decisions() == before


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b'{"way": 7}', b'{"x": 1}', b"\xff\xfe", b"[" * 10_000])
def test_odd_bodies_are_no_faults(browser: Client, body: bytes) -> None:
    case = f"/api/c/{browser.case}"
    paths = ("hear", "facts", "letters/followup/edit", "letters/followup/address", "letters/followup/send")
    for path in (*(f"{case}/{p}" for p in paths), f"{case}/decide", "/api/settings", "/api/mail/save"):
        answer = browser.raw_post(path, content=body)
        assert answer.status_code == 409, path
        assert "next" in answer.json()


@pytest.mark.parametrize("value", ["é", "\x00", "x" * 50_000, "£" * 43])
def test_odd_secrets_are_no_faults(page: Page, browser: Client, value: str) -> None:
    own = {"origin": page.keys.address.rstrip("/")}
    with stranger(page) as other:
        token = httpx.QueryParams({"token": value})
        assert other.get(f"/open?{token}").status_code in (401, 414, 431, 400)
        odd = value.encode("latin-1").replace(b"\x00", b"%00")[:4000]
        headers: list[tuple[bytes, bytes]] = [(b"cookie", page.keys.cookie.encode() + b"=" + odd)]
        assert other.get("/", headers=headers).status_code == 401
    answer = browser.http.post(
        f"/api/c/{browser.case}/decide",
        headers=[(b"origin", own["origin"].encode()), (b"x-onrecord", odd)],
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("heard", ["-1", "x", "1e9", "9" * 5000, "%00"])
def test_odd_questions_are_no_faults(browser: Client, heard: str) -> None:
    assert browser.get(f"pulse?heard={heard[:4000]}").status_code == 200


def test_a_huge_ask_is_refused(browser: Client) -> None:
    answer = browser.raw_post(f"/api/c/{browser.case}/decide", content=b"x" * 2_000_000)
    assert answer.status_code == 409
