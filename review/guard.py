"""Who may talk to the page: this machine's browser, let in once by a token, and no other page or program.

Host      only our own address: a name that was rebound to 127.0.0.1 is turned away
Origin    a request another page made is turned away; so is one that changes something and names no origin
cookie    HttpOnly, SameSite=Strict, its name bound to the port; got in exchange for a token that works once
CSRF      every change carries a token in a header, which no other page can read or send
"""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD")
OPEN = ("/static/",)  # nothing private lies there
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
)
USED = (
    "This address was used already, or is not the one printed.\n\n"
    "Go on in the window where it opened first, or close On the Record there and start `onrecord` again for a new one."
)


class Keys:
    """The tokens and the session of one run of the page."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = f"onrecord_{port}"
        self.session = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self._unused: set[str] = set()

    def new_token(self) -> str:
        """Return a token that lets one browser in, once."""
        token = secrets.token_urlsafe(32)
        self._unused.add(token)
        return token

    def redeem(self, token: str) -> bool:
        """Use a token up; False if it was never given or used before."""
        for known in self._unused:
            if _same(token, known):
                self._unused.discard(known)
                return True
        return False

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names by which the page may be asked for."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"


def _same(given: str, own: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing; whatever letters a stranger sends."""
    return hmac.compare_digest(given.encode("utf8", "replace"), own.encode())


class Guard:
    """Turns away whatever is not the parent's own page; adds the safe headers to every answer."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app, self.keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        answer = self._refusal(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers[name] = value
            await send(message)

        await (answer or self.app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that may not go on, or None."""
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        if headers.getlist("host") not in [[h] for h in self.keys.hosts]:
            return PlainTextResponse("Not for this address.", 421)
        if not self._own_origin(headers, method):
            return PlainTextResponse("Not from another page.", 403)
        if method not in (*SAFE, "POST"):
            return PlainTextResponse("Not that way.", 405)
        if path == "/open" and method == "GET":
            return self._let_in(scope, headers)
        if path.startswith(OPEN) and method in SAFE:
            return None
        if not self._has_session(headers):
            return PlainTextResponse(USED, 401)
        if method == "POST" and not _same(headers.get("x-onrecord", ""), self.keys.csrf):
            return PlainTextResponse("This page is out of date. Load it anew.", 403)
        return None

    def _own_origin(self, headers: Headers, method: str) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return origin == f"http://{headers['host']}"
        if method not in SAFE:
            return headers.get("sec-fetch-site") == "same-origin"
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _let_in(self, scope: Scope, headers: Headers) -> Response:
        token = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if self._has_session(headers) and not token:
            return RedirectResponse("/", 303)
        if not self.keys.redeem(token):
            return RedirectResponse("/", 303) if self._has_session(headers) else PlainTextResponse(USED, 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.keys.cookie, self.keys.session, httponly=True, samesite="strict", path="/")
        return answer

    def _has_session(self, headers: Headers) -> bool:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            return False
        given = jar.get(self.keys.cookie)
        return given is not None and _same(given.value, self.keys.session)
