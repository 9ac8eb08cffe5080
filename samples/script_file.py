"""A sample's annotated script, read and checked.

    # date: 2026-11-12
    # person: Nadine Harlow | parent
    # voice: Nadine Harlow | festival cmu_us_slt_arctic_hts | pitch 0.95 | slow 1.12 | level -21
    Nadine: Could I have a copy? <<r1 REQUEST action="give a copy" topic="records">>
    Tess: You will have it by Friday. <<c1 COMMITMENT owner="Tess Maddern" .. due="by Friday" date=2026-11-13 links=r1>>
    Nadine: Which Friday? <<+c1>>          a turn needed to understand c1, not carrying it
    Tess: This one. <<c1>>                 a further turn that carries c1

What counts as which kind, and what `status`, `notice` and `about` mean, stands in samples/README.md.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

KINDS = ("COMMITMENT", "DENIAL", "DEFERRAL", "REQUEST", "AGREEMENT")
STATUSES = ("active", "retracted", "superseded", "fulfilled")
NOTICES = ("refusal", "proposed_change", "refusal_504", "softer")
_KEYS = ("owner", "action", "topic", "due", "date", "condition", "links", "status", "status_turn", "notice", "about")
_GROUPS = ("IEP team", "504 team")


class ScriptError(Exception):
    """The script cannot be meant as it stands; names its line or item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one person sounds: a free voice, moved in pitch, pace and loudness."""

    program: str  # "flite" or "festival"
    name: str
    pitch: float  # 1.0 as the voice is; moves the whole spectrum, so another person speaks
    slow: float  # 1.0 as the voice is; above it slower
    level_db: float  # loudness while speaking, dB below full scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A meeting as written, before it is spoken."""

    head: dict[str, str]
    people: tuple[tuple[str, str], ...]  # name, role
    voices: dict[str, Voice]
    turns: tuple[tuple[str, str], ...]  # name, words
    gold: tuple[dict[str, Any], ...]


def read_script(path: Path) -> Script:
    """Return the script in `path`; raises ScriptError."""
    head: dict[str, str] = {}
    people: list[tuple[str, str]] = []
    voices: dict[str, Voice] = {}
    spoken: list[tuple[str, str]] = []
    items: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, path.read_text(encoding="utf8").splitlines())):
        key, _, value = line.removeprefix("#").partition(":")
        key, value = key.strip(), value.strip()
        if not line.startswith("#"):
            spoken.append((_who(key, people), re.sub(r"\s*<<.*?>>", "", value).strip()))
            for mark in re.findall(r"<<(.*?)>>", value):
                _take_mark(mark, len(spoken) - 1, items)
        elif key == "person":
            name, _, role = value.partition("|")
            people.append((name.strip(), role.strip()))
        elif key == "voice":
            name, *how = (part.strip() for part in value.split("|"))
            voices[name] = _voice(how)
        else:
            head[key] = value
    _link_both_ways(items)
    gold = tuple(sorted(items.values(), key=lambda g: (g["anchors"] or [0])[0]))
    script = Script(head=head, people=tuple(people), voices=voices, turns=tuple(spoken), gold=gold)
    if wrong := complaints(script):
        raise ScriptError("; ".join(wrong))
    return script


def _who(name: str, people: list[tuple[str, str]]) -> str:
    full = [p for p, _ in people if name in (p, p.split()[0])]
    if len(full) != 1:
        raise ScriptError(f"who is {name!r}?")
    return full[0]


def _voice(how: list[str]) -> Voice:
    program, name = how[0].split()
    numbers = dict(part.split() for part in how[1:])
    pitch, slow, level = (float(numbers[k]) for k in ("pitch", "slow", "level"))
    return Voice(program=program, name=name, pitch=pitch, slow=slow, level_db=level)


def _take_mark(mark: str, turn: int, items: dict[str, dict[str, Any]]) -> None:
    name, *rest = shlex.split(mark)
    needed_only, name = name.startswith("+"), name.lstrip("+")
    if rest and rest[0] in KINDS:
        before = items.get(name)
        if before and before["type"]:
            raise ScriptError(f"{name} is written twice")
        items[name] = _blank(name) | {"type": rest.pop(0)}
        if before:
            items[name] |= {"turns": before["turns"]}
    item = items.setdefault(name, _blank(name))
    for pair in rest:
        key, sign, value = pair.partition("=")
        if not sign or key not in _KEYS:
            raise ScriptError(f"{name}: what is {pair!r}?")
        if key == "links":
            item["links"] += value.split(",")
        elif key == "status_turn":
            item["status_turn"] = turn
        else:
            item[{"due": "deadline_text", "date": "deadline_date"}.get(key, key)] = value
    if turn not in item["turns"]:
        item["turns"].append(turn)
    if not needed_only:
        item["anchors"].append(turn)


def _blank(name: str) -> dict[str, Any]:
    texts = dict.fromkeys(("owner", "action", "topic", "deadline_text", "deadline_date", "condition"))
    return {"id": name, "turns": [], "anchors": [], "type": None, **texts, "links": [], "status": "active"}


def _link_both_ways(items: dict[str, dict[str, Any]]) -> None:
    for item in items.values():
        for link in item["links"]:
            if link in items and item["id"] not in items[link]["links"]:
                items[link]["links"].append(item["id"])


def complaints(script: Script) -> list[str]:
    """Return what is wrong with a script's annotation; nothing when all is well."""
    names = {name for name, _ in script.people} | set(_GROUPS)
    kinds = {g["id"]: g["type"] for g in script.gold}
    wrong = [f"{name} has no voice" for name, _ in script.people if name not in script.voices]
    wrong += [f"no # {key}:" for key in ("meeting_id", "date", "plan", "setting", "style") if not script.head.get(key)]
    for g in script.gold:
        wrong += [
            f"{g['id']}: {text}" for text in _item_complaints(g, names, kinds, date.fromisoformat(script.head["date"]))
        ]
    return wrong


def _item_complaints(g: dict[str, Any], names: set[str], kinds: dict[str, Any], held_on: date) -> list[str]:
    owners = [o.strip() for o in (g["owner"] or "").split(";") if o.strip()]
    checks = {
        "no kind": g["type"] not in KINDS,
        "no turn carries it": not g["anchors"],
        "no action or topic": not (g["action"] and g["topic"]),
        "an odd status": g["status"] not in STATUSES,
        "nobody owns it": g["type"] in ("COMMITMENT", "DENIAL", "DEFERRAL") and not owners,
        "its owner is nobody here": not set(owners) <= names,
        "a link to nothing": not set(g["links"]) <= set(kinds),
        "a denial answers a request": g["type"] == "DENIAL" and "REQUEST" not in [kinds.get(x) for x in g["links"]],
        "a denial says which notice": g["type"] == "DENIAL" and g.get("notice") not in NOTICES,
        "a date without its words": bool(g["deadline_date"]) and not g["deadline_text"],
        "due before the meeting": bool(g["deadline_date"]) and date.fromisoformat(g["deadline_date"]) < held_on,
    }
    return [text for text, failed in checks.items() if failed]
