"""Plain help for mail providers, read from providers.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from casefile.wire import from_plain
from send.mailbox import Security

Password = Literal["app", "own", "key", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How a program sends through one mail provider, and where that was read."""

    name: str
    domains: tuple[str, ...]
    host: str  # "" where no program may send
    port: int
    security: Security
    password: Password  # which password it takes
    help: str  # for the parent
    page: str  # the provider's own page about it
    source: str
    read: date
    certainty: Literal["A", "B", "C"]

    @property
    def works(self) -> bool:
        """Whether it lets a program send with a password at all."""
        return self.password != "none"


def provider_of(address: str) -> Provider | None:
    """Return the provider of a mail address by its domain, or None for one not listed."""
    _, _, domain = address.strip().lower().rpartition("@")
    for provider in read_providers():
        if any(domain == d or domain.endswith("." + d) for d in provider.domains):
            return provider
    return None


@cache
def read_providers() -> tuple[Provider, ...]:
    """Return every provider; raises ValueError naming a wrong key or a doubled domain."""
    plain = tomllib.loads(files("send").joinpath("providers.toml").read_text(encoding="utf8"))
    made = tuple(_provider(p) for p in plain["provider"])
    domains = [d for p in made for d in p.domains]
    if doubled := {d for d in domains if domains.count(d) > 1}:
        raise ValueError(f"providers.toml has a domain twice: {', '.join(sorted(doubled))}")
    return made


def _provider(plain: dict[str, Any]) -> Provider:
    if unknown := set(plain) - {f.name for f in fields(Provider)}:
        raise ValueError(f"providers.toml, {plain.get('name')}: unknown key {', '.join(sorted(unknown))}")
    return from_plain(plain, Provider, what="providers.toml")
