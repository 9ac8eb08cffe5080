"""The page's own small web server: this machine only, until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from casefile.errors import BusyError, CaseError, RecordingError, StoreError
from review import routes_case, routes_due, routes_letters, routes_mail, routes_new, routes_pages
from review.guard import Guard, Keys
from review.rooms import Rooms
from review.stages import Stages
from review.templates import Shell, page

HERE = Path(__file__).parent
LOG = logging.getLogger("onrecord.page")
DISK = "Free some space and try again; nothing already done is lost."


class Page:
    """The page of one run: its keys, its cases, its server."""

    def __init__(self, stages: Stages, *, opened: Path | None = None, port: int = 0) -> None:
        self.rooms = Rooms(stages, opened=opened)
        self.stages = stages
        self.first = next(iter(self.rooms.folders())) if opened else None
        if self.first:
            self.rooms.get(self.first)  # a folder that is no case is told now
        self.socket = _listen(port)
        self.keys = Keys(self.socket.getsockname()[1])
        self.app = build(self)
        self._server: uvicorn.Server | None = None

    def address(self) -> str:
        """Return a new address that lets one browser in, once."""
        return f"{self.keys.address}open?token={self.keys.new_token()}"

    def run(self) -> None:
        """Serve until `stop`, Ctrl-C or the page's own button; then let go of everything."""
        config = uvicorn.Config(
            self.app,
            log_level="warning",
            access_log=False,  # it would write the token down
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
            timeout_keep_alive=30,
        )
        self._server = uvicorn.Server(config)
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.rooms.close()
            self.socket.close()

    def stop(self) -> None:
        """Stop serving after the answers under way."""
        if self._server is not None:
            self._server.should_exit = True


@contextlib.contextmanager
def running(page: Page) -> Iterator[Page]:
    """Serve in a thread of its own while the block runs."""
    thread = threading.Thread(target=page.run, daemon=True)
    thread.start()
    try:
        yield page
    finally:
        page.stop()
        thread.join(10)


def build(shown: Page) -> ASGIApp:
    """Return the page as an application, guarded."""
    app = Starlette(
        routes=[
            *routes_pages.ROUTES,
            *routes_new.ROUTES,
            *routes_case.ROUTES,
            *routes_letters.ROUTES,
            *routes_due.ROUTES,
            *routes_mail.ROUTES,
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={CaseError: _told, OSError: _told_os, Exception: _fault, 404: _not_found},
    )
    app.state.page = shown
    app.state.shell = Shell(HERE / "pages", shown)
    return Guard(app, shown.keys)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseError)
    status = 507 if "disk is full" in error.what else 423 if isinstance(error, BusyError) else 409
    if isinstance(error, RecordingError) or (isinstance(error, StoreError) and "no such case" in error.what):
        status = 404
    return _answer(request, status, error.what, error.next_step)


def _told_os(request: Request, error: Exception) -> Response:
    full = getattr(error, "errno", None) in (28, 122)
    if not full:
        LOG.error("a file failed", exc_info=error)
    what = "The disk is full." if full else "A file could not be read or written."
    return _answer(request, 507 if full else 500, what, DISK if full else "Check the disk, and try again.")


def _fault(request: Request, error: Exception) -> Response:
    return _answer(
        request,
        500,
        "Something went wrong that should not: a fault in On the Record.",
        "What you decided is kept. Load the page anew; the terminal window says more.",
    )


def _not_found(request: Request, error: Exception) -> Response:
    return _answer(request, 404, "There is no such page.", "Go back to the list of your cases.")


def _answer(request: Request, status: int, what: str, next_step: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"what": what, "next": next_step}, status_code=status)
    return page(request, "trouble.html", status=status, what=what, next_step=next_step)


def _listen(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: nobody else may share the port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        made.bind(("127.0.0.1", port))
        made.listen(128)  # whoever has the address may come before the server is up
    except OSError as taken:
        made.close()
        raise CaseError(
            f"Port {port} is in use by another program.", next_step="Leave --port out, and a free one is taken."
        ) from taken
    return made
