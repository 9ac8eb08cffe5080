"""Letters, sending and what is due."""

from __future__ import annotations

from starlette.routing import Route

ROUTES: list[Route] = []
