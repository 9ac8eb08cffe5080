"""What the page's scripts ask of a case: the words, the findings, the sound, and every decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError
from review import asked
from review.desk import VOICE_ACTS
from review.rooms import Room
from review.routes_pages import room_of, rooms_of

T = TypeVar("T")
MOST_BODY = 1_000_000


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
    Route("/api/settings", settings, methods=["POST"]),
    Route("/api/stop", stop, methods=["POST"]),
    Route("/api/c/{case}/meeting", meeting),
    Route("/api/c/{case}/findings", findings),
    Route("/api/c/{case}/pulse", pulse),
    Route("/api/c/{case}/peaks", peaks),
    Route("/api/c/{case}/sound", sound),
    Route("/api/c/{case}/decide", decide, methods=["POST"]),
    Route("/api/c/{case}/preview/{finding}", preview),
]
