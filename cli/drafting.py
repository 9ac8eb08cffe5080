"""What the letters' commands share: days as typed, a letter kept beside the case's others, what is still missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from casefile.errors import StoreError
from cli import say

if TYPE_CHECKING:
    from casefile.records import Letter, ReviewedCase
    from casefile.store import CaseStore
    from draft.told import Told


def draft_kind(store: CaseStore, kind: str, told: Told, *, today: date, about: tuple[str, ...] = ()) -> Letter:
    """Draft one letter by its kind, keep it in the case and return it; raises LetterError."""
    from dataclasses import replace

    from cli.clock import now
    from draft.kinds import ask_for
    from draft.letters import draft_letter
    from draft.told import SentLetter

    sent = tuple(
        SentLetter(letter_id=s.letter_id, subject=s.subject, on=s.sent_at.date())
        for s in store.sent()
        if s.outcome == "sent"
    )
    told = replace(told, sent=sent)
    case = case_of(store, today)
    made = draft_letter(case, ask_for(case, kind, told, today=today, about=about), today=today, now=now(), told=told)
    _keep(store, made)
    return made


def case_of(store: CaseStore, today: date) -> ReviewedCase:
    """Return the reviewed case, or one without findings before the first meeting."""
    from casefile.records import ReviewedCase
    from cli.work import reviewed

    if store.read_findings() is None:
        facts = store.read_facts()
        return ReviewedCase(facts=facts, held_on=facts.held_on or today, findings=())
    return reviewed(store)


def _keep(store: CaseStore, made: Letter) -> None:
    """Put a letter beside the case's others, in place of an earlier one of its name."""
    from draft.forms import write_letter

    with store.lock(wait_s=5):
        store.write_letters([*(x for x in store.letters() if x.id != made.id), made])
        write_letter(made, store.letters_dir)


def tell_missing(letters: tuple[Letter, ...]) -> None:
    """Tell what is still to fill in."""
    missing = tuple(dict.fromkeys(m for made in letters for m in made.missing))
    if missing:
        say.note("To fill in, in case.toml or in the letter itself:")
        for lack in missing:
            say.note(f"  {lack}")


def day_or_today(text: str | None) -> date:
    """Return the day as typed, or this day."""
    from cli.clock import today

    return day(text) if text else today()


def day(text: str) -> date:
    """Return a day as typed; raises StoreError."""
    return moment(text).date()


def moment(text: str) -> datetime:
    """Return a day, or a day and time, in this computer's zone."""
    try:
        return datetime.fromisoformat(text.strip().replace(" ", "T", 1)).astimezone()
    except ValueError as wrong:
        raise StoreError(f"{text} is no date.", next_step='Write it as YYYY-MM-DD, or "YYYY-MM-DD HH:MM".') from wrong
