"""What is due: the promises by date, the calendar file, the reminder of one promise."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError
from review import due as dues
from review import letters as texts
from review.routes_letters import draft, sent_view
from review.routes_pages import room_of
from review.templates import page


def due(request: Request) -> Response:
    """The promises by date, with the days left."""
    room = room_of(request)
    if room.desk.findings() is None:
        return RedirectResponse(f"/c/{room.id}/{room.step()}", 303)
    case = room.desk.case()
    found = dues.promises(case, today=room.stages.today())
    sent = room.store.sent()
    reminded = {p.finding.id: texts.last_sent(sent, f"reminder-{p.finding.id}") for p in found}
    return page(
        request,
        "due.html",
        room=room,
        step="due",
        promises=found,
        standing=room.stages.standing(case, sent),
        waiting=[x for x in draft(room) if texts.last_sent(sent, x.id) is None and not x.kind.startswith("reminder")],
        today=room.stages.today(),
        reminded={k: sent_view(v) for k, v in reminded.items() if v},
    )


def calendar(request: Request) -> Response:
    """The promises as a calendar file."""
    room = room_of(request)
    found = dues.promises(room.desk.case(), today=room.stages.today())
    content = dues.to_calendar(found, now=room.stages.now(), child=room.store.read_facts().child)
    headers = {"content-disposition": 'attachment; filename="what-is-due.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def remind(request: Request) -> Response:
    """Draft the reminder of one promise, ready to send."""
    room, finding_id = room_of(request), request.path_params["finding"]
    case = room.desk.case()
    if finding_id not in {f.id for f in case.accepted}:
        raise CaseError("This promise is not among those you kept.", next_step="Keep it in the review first.")
    letter = replace(room.stages.remind(case, finding_id), id=f"reminder-{finding_id}")
    others = tuple(x for x in draft(room) if x.id != letter.id)
    room.stages.write_letters(room.store, (*others, letter))
    return JSONResponse({"letter": letter.id})


ROUTES = [
    Route("/c/{case}/due", due),
    Route("/c/{case}/due.ics", calendar),
    Route("/api/c/{case}/remind/{finding}", remind, methods=["POST"]),
]
