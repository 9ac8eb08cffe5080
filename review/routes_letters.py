"""The letters: drafted, read with their proof, in the parent's own words, addressed, downloaded, sent once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from casefile.errors import CaseError, SendError
from casefile.files import sha256_of_text
from casefile.letterbook import LetterEdit
from casefile.records import Contact, Letter, ReviewedCase, Sent
from review import letters as texts
from review.letters import Addresses, Bases
from review.rooms import Room
from review.routes_case import body_of, read
from review.routes_pages import room_of
from review.stages import Mailbox, contacts_of
from review.templates import page
from review.views import label_words

FORMS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".eml": "message/rfc822",
    ".txt": "text/plain; charset=utf-8",
}
BY = "parent (page)"


def letters(request: Request) -> Response:
    """The letters, drafted from what was kept."""
    room = room_of(request)
    if room.desk.findings() is None:
        return RedirectResponse(f"/c/{room.id}/{room.step()}", 303)
    case = room.desk.case()
    opened = sum(r.verdict == "open" and not r.finding.doubtful and r.finding.status == "active" for r in case.findings)
    mailbox = room.stages.post.mailbox()
    return page(
        request,
        "letters.html",
        room=room,
        step="letters",
        open_findings=opened,
        unnamed=unnamed(case),
        kept=len(case.accepted),
        facts=room.store.read_facts(),
        mailbox=mailbox,
    )


def unnamed(case: ReviewedCase) -> list[str]:
    """Return the voices without a name that stand in the letters."""
    people = {p for f in case.accepted for who in (f.owner, f.speaker) if who for p in who.split("; ")}
    return sorted(shown for p in people if (shown := label_words(p)) != p)


def letters_data(request: Request) -> Response:
    """Every letter as it stands."""
    room = room_of(request)
    drafted = draft(room)
    law = room.stages.law()
    sent = room.store.sent()
    people = contacts_of(room.store.read_facts())
    return JSONResponse(
        {
            "letters": [_letter_view(room, x, sent, law) for x in drafted],
            "people": [_person(p) for p in people if p.email],
        }
    )


def draft(room: Room) -> tuple[Letter, ...]:
    """Return the case's letters, drafted anew where a decision or a fact came since; reminders asked for stay."""
    log = room.desk.decisions()
    facts = room.store.read_facts()
    mark = (log[-1].id if log else 0, facts)
    if room.drafted != mark:
        fresh = room.stages.draft(room.desk.case())
        ids = {x.id for x in fresh}
        reminders = tuple(x for x in room.store.letters() if x.kind.startswith("reminder") and x.id not in ids)
        room.stages.write_letters(room.store, fresh + reminders)
        room.drafted = mark
    return room.store.letters()


def letter_of(room: Room, letter_id: str) -> Letter:
    """Return one draft; raises CaseError for an unknown one."""
    for letter in draft(room):
        if letter.id == letter_id:
            return letter
    raise CaseError("This letter is not there any more.", next_step="Load the page anew.")


def ready(room: Room, letter: Letter) -> Letter:
    """Return the letter as it goes out: in the parent's own words, to those chosen."""
    chosen = Addresses(room.store.folder).chosen(letter)
    letter = replace(letter, to=chosen.to, cc=chosen.cc)
    edit = room.store.edit(letter.id)
    if edit is None or not edit.text:
        return letter
    return texts.as_edited(letter, room.stages.letter_text(letter), edit.text)


def _letter_view(room: Room, letter: Letter, sent: tuple[Sent, ...], law: dict[str, str]) -> dict[str, Any]:
    drafted = room.stages.letter_text(letter)
    edit = room.store.edit(letter.id)
    edited = edit is not None and bool(edit.text)
    stale = bool(edit and edited and edit.base_sha256 != sha256_of_text(drafted))
    shown = ready(room, letter)
    out = texts.last_sent(sent, letter.id)
    return {
        "id": letter.id,
        "subject": letter.subject,
        "kind": letter.kind,
        "to": [_person(p) for p in shown.to],
        "cc": [_person(p) for p in shown.cc],
        "blocks": [
            {
                "kind": b.kind,
                "level": b.level,
                "number": b.number,
                "sentences": [
                    {"text": s.text, "ids": s.finding_ids, "law": [law[i] for i in s.fact_ids if i in law]}
                    for s in b.sentences
                ],
            }
            for b in shown.blocks
        ],
        "missing": letter.missing,
        "rough": letter.rough,
        "text": edit.text if edit and edited else drafted,
        "edited": edited,
        "stale": stale,
        "differs": _differs(room, edit, drafted) if edit and stale else "",
        "sent": sent_view(out),
    }


def _differs(room: Room, edit: LetterEdit, drafted: str) -> str:
    return room.stages.merge(Bases(room.store.folder).read(edit.base_sha256), edit.text, drafted)[1]


def _person(person: Contact) -> dict[str, str]:
    return {"name": person.name, "role": person.role, "email": person.email or ""}


def sent_view(sent: Sent | None) -> dict[str, Any] | None:
    if sent is None:
        return None
    at = sent.sent_at
    when = f"{at:%A, %B} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return {
        "outcome": sent.outcome,
        "when": when,
        "to": sent.to,
        "cc": sent.cc,
        "reply": sent.reply,
        "message_id": sent.message_id,
    }


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    text: str  # "": back to the draft


class Person(msgspec.Struct, forbid_unknown_fields=True):
    email: str
    name: str = ""
    role: str = ""


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    to: list[Person]
    cc: list[Person]


async def edit(request: Request) -> Response:
    """Keep the parent's own words."""
    asked = read(await body_of(request), Edit)
    return await run_in_threadpool(_edit, room_of(request), request.path_params["letter"], asked.text)


def _edit(room: Room, letter_id: str, text: str) -> Response:
    drafted = room.stages.letter_text(letter_of(room, letter_id))
    if text.strip() == drafted.strip():
        text = ""
    base = Bases(room.store.folder).keep(drafted)
    room.store.write_edit(letter_id, base_sha256=base, text=text, at=room.stages.now(), by=BY)
    _write_forms(room)
    return JSONResponse({})


def bring_in(request: Request) -> Response:
    """Bring what changed in the draft into the parent's own words, which stand where both changed."""
    room, letter_id = room_of(request), request.path_params["letter"]
    drafted = room.stages.letter_text(letter_of(room, letter_id))
    edit = room.store.edit(letter_id)
    if edit is None or not edit.text:
        raise CaseError("This letter is not in your own words.", next_step="Load the page anew.")
    merged, _ = room.stages.merge(Bases(room.store.folder).read(edit.base_sha256), edit.text, drafted)
    return _edit(room, letter_id, merged)


def _write_forms(room: Room) -> None:
    """Bring the files in the case folder up to the parent's words."""
    room.stages.write_letters(room.store, tuple(room.store.letters()))


async def address(request: Request) -> Response:
    """Keep who gets a letter."""
    asked = read(await body_of(request), Chosen)
    room = room_of(request)
    to, cc = _contacts(asked.to), _contacts(asked.cc)
    await run_in_threadpool(_address, room, request.path_params["letter"], to, cc)
    return JSONResponse({})


def _address(room: Room, letter_id: str, to: tuple[Contact, ...], cc: tuple[Contact, ...]) -> None:
    """Keep who gets a letter, and everybody new among the case's contacts, so that the next letter knows them."""
    Addresses(room.store.folder).choose(letter_id, to, cc)
    facts = room.store.read_facts()
    told = {p.email.lower() for p in contacts_of(facts) if p.email}
    new = tuple(p for p in (*to, *cc) if p.email and p.email.lower() not in told)
    if new:
        named = {p.name for p in new}
        rest = tuple(c for c in facts.contacts if c.email or c.name not in named)
        room.store.write_facts(replace(facts, contacts=rest + new))


def _contacts(people: list[Person]) -> tuple[Contact, ...]:
    return tuple(Contact(name=p.name or p.email, role=p.role, email=p.email) for p in people)


def download(request: Request) -> Response:
    """The letter as a file: Word, PDF, a draft for the mail program, plain text."""
    room, form = room_of(request), f".{request.path_params['form']}"
    if form not in FORMS:
        raise CaseError("A letter does not come in this form.", next_step="Choose Word, PDF, mail draft or text.")
    letter = ready(room, letter_of(room, request.path_params["letter"]))
    content = room.stages.letter_form(letter, form)
    name = "".join(c for c in letter.id if c.isalnum() or c in "-_") or "letter"
    headers = {"content-disposition": f'attachment; filename="{name}{form}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


async def send(request: Request) -> Response:
    """Send a letter, once: what the person saw is what goes out."""
    seen = read(await body_of(request), Seen)
    return await run_in_threadpool(_send, room_of(request), request.path_params["letter"], seen)


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    to: list[str]
    cc: list[str]
    again: bool = False  # the person looked into their mailbox: it did not go out


def _send(room: Room, letter_id: str, seen: Seen) -> Response:
    letter = ready(room, letter_of(room, letter_id))
    shown = ([p.email for p in letter.to], [p.email for p in letter.cc], room.stages.letter_text(letter).strip())
    if shown != (seen.to, seen.cc, seen.text.strip()):
        raise CaseError("The letter changed since you looked at it.", next_step="Read it again, then send it.")
    before = texts.last_sent(room.store.sent(), letter_id)
    if before and before.outcome == "sent":
        raise SendError("This letter was sent already.", next_step="It is sent once only.")
    if before and before.outcome in ("unknown", "sending") and not seen.again:
        raise SendError(
            "Nobody knows whether this letter went out.",
            next_step="Look into the “Sent” folder of your mailbox first.",
        )
    with room.sending:
        return JSONResponse({"sent": sent_view(room.stages.post.send(room.store, letter))})


def shown_text(request: Request) -> Response:
    """The letter exactly as it goes out, to be read before sending."""
    room = room_of(request)
    letter = ready(room, letter_of(room, request.path_params["letter"]))
    mailbox = room.stages.post.mailbox()
    return JSONResponse(
        {
            "from": _from(mailbox),
            "to": [_person(p) for p in letter.to],
            "cc": [_person(p) for p in letter.cc],
            "subject": letter.subject,
            "text": room.stages.letter_text(letter),
        }
    )


def _from(mailbox: Mailbox | None) -> str:
    if mailbox is None:
        return ""
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address


ROUTES = [
    Route("/c/{case}/letters", letters),
    Route("/api/c/{case}/letters", letters_data),
    Route("/api/c/{case}/letters/{letter}/edit", edit, methods=["POST"]),
    Route("/api/c/{case}/letters/{letter}/bring-in", bring_in, methods=["POST"]),
    Route("/api/c/{case}/letters/{letter}/address", address, methods=["POST"]),
    Route("/api/c/{case}/letters/{letter}/file.{form}", download),
    Route("/api/c/{case}/letters/{letter}/shown", shown_text),
    Route("/api/c/{case}/letters/{letter}/send", send, methods=["POST"]),
]
