"""The mailbox a letter goes out from."""

from __future__ import annotations

from typing import Literal

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review.routes_case import body_of, read
from review.stages import Mailbox
from review.templates import page


class Box(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    name: str = ""
    host: str = ""
    port: int = 0
    security: Literal["tls", "starttls", "none", ""] = ""
    login: str = ""
    password: str | None = None


def mail(request: Request) -> Response:
    """The mailbox a letter goes out from."""
    post = request.app.state.page.stages.post
    return page(request, "mail.html", mailbox=post.mailbox() or Mailbox())


def help_with(request: Request) -> Response:
    """Plain help for the provider of an address."""
    post = request.app.state.page.stages.post
    address = request.query_params.get("address", "")
    found, usual = post.provider(address), post.suggest(address)
    return JSONResponse(
        {
            "provider": {"name": found.name, "help": found.help, "works": found.works} if found else None,
            "host": usual.host,
            "port": usual.port,
            "security": usual.security,
        }
    )


async def save_mail(request: Request) -> Response:
    """Keep the mailbox; its password goes into the keyring of this computer."""
    box = read(await body_of(request), Box)
    made = Mailbox(
        address=box.address.strip(),
        name=" ".join(box.name.split()),
        host=box.host.strip(),
        port=box.port,
        security=box.security or "tls",
        login=box.login.strip() or box.address.strip(),
    )
    await run_in_threadpool(request.app.state.page.stages.post.save, made, box.password or None)
    return JSONResponse({})


def test_mail(request: Request) -> Response:
    """Log into the mailbox, sending nothing."""
    return JSONResponse({"told": request.app.state.page.stages.post.test()})


ROUTES = [
    Route("/mail", mail),
    Route("/api/mail/help", help_with),
    Route("/api/mail/save", save_mail, methods=["POST"]),
    Route("/api/mail/test", test_mail, methods=["POST"]),
]
