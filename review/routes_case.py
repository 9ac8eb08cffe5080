"""What the page's scripts ask of a case: the words, the findings, the sound, and every decision."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError, StoreError
from casefile.files import telling
from casefile.records import CaseFacts, Participant, Reviewed
from casefile.store import clean_name
from review import asked
from review.desk import VOICE_ACTS
from review.rooms import Room, settle_day
from review.routes_pages import room_of, rooms_of

T = TypeVar("T")
MOST_BODY = 1_000_000
MOST_SOUND = 20_000_000_000


async def body_of(request: Request) -> bytes:
    """Return the body of a small request; raises CaseError for a large one."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY:
            raise CaseError("That is too much at once.", next_step="Shorten it and try again.")
        parts.append(part)
    return b"".join(parts)


def read(body: bytes, kind: type[T]) -> T:
    """Return what the page asks; raises CaseError for anything it does not ask."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise CaseError("The page asked for something odd.", next_step="Load the page anew and try again.") from wrong


def meeting(request: Request) -> Response:
    """The transcript, its words and voices."""
    return JSONResponse(room_of(request).meeting())


def findings(request: Request) -> Response:
    """The findings as they stand."""
    return JSONResponse(room_of(request).case_view())


def pulse(request: Request) -> Response:
    """What tells a tab that something changed elsewhere, and how far long work is."""
    room = room_of(request)
    log = room.desk.decisions()
    seen = request.query_params.get("heard", "")
    after = int(seen) if seen.isascii() and seen.isdigit() else 0
    about_voices = {d.id for d in log if d.act in VOICE_ACTS}
    voiced = max((d.id or 0 for d in log if d.id in about_voices or d.undoes in about_voices), default=0)
    return JSONResponse({"last": log[-1].id if log else 0, "voiced": voiced, "job": room.job.view(after)})


def peaks(request: Request) -> Response:
    """The loudness of each tenth of a second, one byte each."""
    room = room_of(request)
    return Response(room.sounds.peaks(room.recording()), media_type="application/octet-stream")


def sound(request: Request) -> Response:
    """The sound, any stretch of it."""
    room = room_of(request)
    path, kind = room.sounds.playable(room.recording(), as_wav=request.query_params.get("as") == "wav")
    return FileResponse(path, media_type=kind)


async def decide(request: Request) -> Response:
    """One decision: on the disk before the answer says so."""
    body = await body_of(request)
    return await run_in_threadpool(_decide, room_of(request), body)


def _decide(room: Room, body: bytes) -> Response:
    done = asked.do(room.desk, asked.read(body))
    view = room.case_view() if room.desk.findings() is not None else {}
    return JSONResponse({"did": done, "case": view})


def preview(request: Request) -> Response:
    """The letter a refusal makes, as it will read once the finding is kept."""
    room, finding_id = room_of(request), request.path_params["finding"]
    case = room.desk.case()
    room.desk.reviewed(finding_id)
    kept = replace(
        case,
        findings=tuple(
            replace(r, verdict="kept", heard=True)
            if r.finding.id == finding_id and r.verdict in ("open", "dropped")
            else r
            for r in case.findings
        ),
    )
    letters = [x for x in room.stages.draft(kept) if finding_id in x.finding_ids]
    letter = next((x for x in letters if x.kind != "followup"), None) or next(iter(letters), None)
    if letter is None:
        return JSONResponse({"letter": None})
    blocks = [{"kind": b.kind, "level": b.level, "number": b.number, "text": b.text} for b in letter.blocks]
    return JSONResponse({"letter": {"subject": letter.subject, "kind": letter.kind, "blocks": blocks}})


def _as_kept(reviewed: Reviewed, finding_id: str) -> Reviewed:
    if reviewed.finding.id != finding_id or reviewed.verdict not in ("open", "dropped"):
        return reviewed
    return replace(reviewed, verdict="kept", heard=True)


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
    words = ("child", "parent", "parent_email", "school", "district")
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


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    theme: str | None = None
    keys: bool | None = None
    speed: float | None = None


async def settings(request: Request) -> Response:
    """Keep the page's settings."""
    given = read(await body_of(request), Chosen)
    request.app.state.shell.change_settings(given.theme, given.keys, given.speed)
    return JSONResponse({})


def stop(request: Request) -> Response:
    """Stop the program, unless work is going on and nobody said to stop it too."""
    busy = rooms_of(request).busy()
    if busy and request.query_params.get("sure") != "yes":
        return JSONResponse({"busy": [r.title for r in busy]})
    request.app.state.page.stop()
    return JSONResponse({"stopped": True})


ROUTES = [
    Route("/api/upload", upload, methods=["POST"]),
    Route("/api/settings", settings, methods=["POST"]),
    Route("/api/stop", stop, methods=["POST"]),
    Route("/api/c/{case}/meeting", meeting),
    Route("/api/c/{case}/findings", findings),
    Route("/api/c/{case}/pulse", pulse),
    Route("/api/c/{case}/peaks", peaks),
    Route("/api/c/{case}/sound", sound),
    Route("/api/c/{case}/decide", decide, methods=["POST"]),
    Route("/api/c/{case}/preview/{finding}", preview),
    Route("/api/c/{case}/hear", hear, methods=["POST"]),
    Route("/api/c/{case}/find", find, methods=["POST"]),
    Route("/api/c/{case}/stop", stop_job, methods=["POST"]),
    Route("/api/c/{case}/facts", tell, methods=["POST"]),
]
