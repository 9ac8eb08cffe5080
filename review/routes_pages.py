"""The pages a parent walks through: start, listen, voices, review, letters, due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError
from review.rooms import Room, Rooms
from review.templates import glossary, page


def rooms_of(request: Request) -> Rooms:
    """Return the cases of this run."""
    rooms: Rooms = request.app.state.page.rooms
    return rooms


def room_of(request: Request) -> Room:
    """Return the case an address names; raises StoreError for an unknown one."""
    return rooms_of(request).get(request.path_params["case"])


def home(request: Request) -> Response:
    """The list of cases, and the place for a new recording; the case opened by name comes first, once."""
    shown = request.app.state.page
    if shown.first is not None:
        first, shown.first = shown.first, None
        return RedirectResponse(f"/c/{first}/", 303)
    return page(
        request,
        "start.html",
        cases=[_case_line(rooms_of(request), case_id) for case_id in rooms_of(request).folders()],
        ways=shown.stages.ways(),
        today=shown.stages.today(),
    )


def _case_line(rooms: Rooms, case_id: str) -> dict[str, Any]:
    try:
        room = rooms.get(case_id)
        return {"id": case_id, "title": room.title, "step": room.step(), "trouble": None}
    except CaseError as error:
        return {"id": case_id, "title": case_id, "step": "trouble", "trouble": error.what}


def enter(request: Request) -> Response:
    """Go on where the case stands."""
    room = room_of(request)
    return RedirectResponse(f"/c/{room.id}/{room.step()}", 303)


def listen(request: Request) -> Response:
    """Progress, with the words appearing."""
    room = room_of(request)
    stages = request.app.state.page.stages
    recording = next(iter(room.store.recordings()), None)
    return page(
        request,
        "listen.html",
        room=room,
        step="listen",
        ways=stages.ways(),
        facts=room.store.read_facts(),
        today=stages.today(),
        recording=recording,
        size=_size_words(recording.stat().st_size) if recording else "",
        begun=(room.store.folder / "hearing.jsonl").exists(),
        heard=room.desk.as_heard() is not None,
    )


def voices(request: Request) -> Response:
    """Who is who."""
    room = room_of(request)
    if room.desk.as_heard() is None:
        return RedirectResponse(f"/c/{room.id}/listen", 303)
    return page(request, "voices.html", room=room, step="voices", facts=room.store.read_facts())


def review(request: Request) -> Response:
    """The findings beside the words."""
    room = room_of(request)
    if room.desk.findings() is None:
        return RedirectResponse(f"/c/{room.id}/{room.step()}", 303)
    return page(request, "review.html", room=room, step="review", facts=room.store.read_facts())


def stopped(request: Request) -> Response:
    """What is left on the screen when the program has stopped."""
    return page(request, "stopped.html")


def words(request: Request) -> Response:
    """The glossary, for the scripts."""
    return JSONResponse(list(glossary()))


def _size_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"


def favicon(request: Request) -> Response:
    """The small picture of the tab."""
    from starlette.responses import FileResponse

    return FileResponse(Path(__file__).parent / "static" / "mark.svg", media_type="image/svg+xml")


ROUTES = [
    Route("/", home),
    Route("/favicon.ico", favicon),
    Route("/stopped", stopped),
    Route("/api/glossary", words),
    Route("/c/{case}/", enter),
    Route("/c/{case}/listen", listen),
    Route("/c/{case}/voices", voices),
    Route("/c/{case}/review", review),
]
