"""A new recording: taken in, heard, searched; and what the parent tells about the case."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError, StoreError
from casefile.files import telling
from casefile.records import CaseFacts, Participant
from casefile.store import clean_name
from review.rooms import Room, settle_day
from review.routes_case import body_of, read
from review.routes_pages import room_of, rooms_of

MOST_SOUND = 20_000_000_000


class Hear(msgspec.Struct, forbid_unknown_fields=True):
    way: str


async def hear(request: Request) -> Response:
    """Begin to hear the recording."""
    asked_for = read(await body_of(request), Hear)
    return await run_in_threadpool(_hear, request, asked_for.way)


def _hear(request: Request, way: str) -> Response:
    room = room_of(request)
    if way not in {w.id for w in room.stages.ways()}:
        raise CaseError("This way of hearing is not there.", next_step="Choose another one.")
    if room.store.read_facts().held_on is None:
        raise CaseError("The day of the meeting is not known.", next_step="Give the day above, then start.")
    return JSONResponse({"started": room.start_hearing(way)})


def find(request: Request) -> Response:
    """Search the words anew, with the names as they are now."""
    return JSONResponse({"started": room_of(request).start_finding()})


def stop_job(request: Request) -> Response:
    """Stop long work; what is done is kept."""
    room_of(request).job.stop(wait_s=2)
    return JSONResponse({})


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """What the page tells about the case; None leaves a thing as it is."""

    held_on: date | None = None
    plan: str | None = None
    child: str | None = None
    parent: str | None = None
    parent_email: str | None = None
    parent_phone: str | None = None
    parent_address: str | None = None
    school: str | None = None
    district: str | None = None
    speakers: int | None = None
    roles: dict[str, str] | None = None  # name: role


async def tell(request: Request) -> Response:
    """Write what the parent told about the case."""
    told = read(await body_of(request), Told)
    return await run_in_threadpool(_tell, room_of(request), told)


def _tell(room: Room, told: Told) -> Response:
    facts = room.store.read_facts()
    new = replace(facts, **{k: v for k, v in _changes(told).items() if v is not None})
    if told.roles is not None:
        new = replace(new, participants=_with_roles(facts, told.roles))
    if new != facts:
        room.store.write_facts(new)
    return JSONResponse({"title": room.title})


def _changes(told: Told) -> dict[str, Any]:
    words = ("child", "parent", "parent_email", "parent_phone", "parent_address", "school", "district")
    texts = {k: (v.strip() or None) for k in words if (v := getattr(told, k)) is not None}
    plan = told.plan if told.plan in ("iep", "504") else None
    return {"held_on": told.held_on, "plan": plan, "speakers": told.speakers, **texts}


def _with_roles(facts: CaseFacts, roles: dict[str, str]) -> tuple[Participant, ...]:
    """The participants with these roles; a name not known before joins them."""
    known = {p.name: p for p in facts.participants}
    for name, role in roles.items():
        if clean := " ".join(name.split()):
            base = known.get(clean) or Participant(name=clean, role="")
            known[clean] = replace(base, role=" ".join(role.split()) or base.role)
    return tuple(known.values())


async def upload(request: Request) -> Response:
    """A new case from a recording, streamed to the disk as it comes."""
    name = clean_name(request.query_params.get("name", "recording"))
    held_on = _day(request.query_params.get("held_on", ""))
    stated = int(request.headers.get("content-length") or 0)
    rooms = rooms_of(request)
    room = await run_in_threadpool(rooms.new, name)
    part = room.store.folder / ".arriving" / name
    try:
        size = await _stream(request, part)
        if size == 0 or (stated and size != stated):
            raise StoreError("The recording did not arrive whole.", next_step="Choose the file again.")
        await run_in_threadpool(room.store.add_recording, part)
        if held_on:
            await run_in_threadpool(settle_day, room.store, held_on)
    except BaseException:
        await run_in_threadpool(rooms.forget, room)
        raise
    finally:
        part.unlink(missing_ok=True)
        if part.parent.exists():
            part.parent.rmdir()
    return JSONResponse({"case": room.id, "size": size})


async def _stream(request: Request, target: Path) -> int:
    size = 0
    with telling(target):
        target.parent.mkdir(mode=0o700)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            try:
                async for part in request.stream():
                    size += len(part)
                    if size > MOST_SOUND:
                        raise CaseError("The recording is over 20 GB.", next_step="Cut it in parts first.")
                    await run_in_threadpool(file.write, part)
            except ClientDisconnect:
                return 0
    return size


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = [
    Route("/api/upload", upload, methods=["POST"]),
    Route("/api/c/{case}/hear", hear, methods=["POST"]),
    Route("/api/c/{case}/find", find, methods=["POST"]),
    Route("/api/c/{case}/stop", stop_job, methods=["POST"]),
    Route("/api/c/{case}/facts", tell, methods=["POST"]),
]
