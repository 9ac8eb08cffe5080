"""A page being served, for the tests: on the invented meeting, with the stages the program itself hands in."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import review_meeting as meeting

from review.server import Page, running
from review.stages import Stages

CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
TODAY = date(2026, 3, 23)


def stages(**more: Any) -> Stages:
    """Return the program's own stages at a fixed day."""
    from cli import page

    at = datetime(2026, 3, 23, 21, 50, tzinfo=UTC)
    return replace(page.stages(), **({"now": lambda: at, "today": lambda: TODAY} | more))


@contextlib.contextmanager
def served(home: Path, **more: Any) -> Iterator[Page]:
    """Serve the page on a case folder `home/cases/meeting`, made where it lacks."""
    folder = home / "cases" / "meeting"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        meeting.make_case(folder).close()
    with running(Page(stages(**more))) as page:
        yield page


def browser_path() -> str:
    """Return where Chromium is, or skip."""
    for name in (os.environ.get("ONRECORD_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    pytest.skip("no Chromium on this machine (ONRECORD_CHROMIUM)")


class Client:
    """A browser without a screen: let in by the token, sends what the page's scripts send."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.http = httpx.Client(base_url=page.keys.address, follow_redirects=True, timeout=30)
        assert self.http.get(page.address()).status_code == 200
        self.case = next(iter(page.rooms.folders()))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET below the case."""
        return self.http.get(f"/api/c/{self.case}/{path}", **more)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """POST below the case as the page does."""
        return self.raw_post(f"/api/c/{self.case}/{path}", json={} if body is None else body)

    def raw_post(self, path: str, **more: Any) -> httpx.Response:
        """POST as the page does."""
        headers = {"x-onrecord": self.page.keys.csrf, "origin": self.page.keys.address.rstrip("/")}
        return self.http.post(path, headers=headers | more.pop("headers", {}), **more)

    def decide(self, **body: Any) -> httpx.Response:
        """Decide something."""
        return self.post("decide", body)

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()


@contextlib.contextmanager
def client(page: Page) -> Iterator[Client]:
    """Return a client that was let in."""
    made = Client(page)
    try:
        yield made
    finally:
        made.close()
