"""The stages, handed to the page: it imports none of them itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli import settings, work

if TYPE_CHECKING:
    from casefile.records import Findings, Letter, ReviewedCase, Sent, Transcript, Turn
    from casefile.store import CaseStore
    from review.stages import Shows, Stages, Standing, Way


def stages() -> Stages:
    """Return every stage as the page calls it."""
    from cli.clock import now, today
    from cli.page_post import PagePost
    from review.stages import Stages

    home = settings.load()
    return Stages(
        now=now,
        today=today,
        cases=home.cases,
        settings=home.home / "page.json",
        open_sound=_open_sound,
        ways=_ways,
        hear=_hear,
        find=_find,
        draft=_draft,
        write_letters=_write_letters,
        remind=_remind,
        letter_text=_letter_text,
        letter_form=_letter_form,
        merge=_merge,
        standing=_standing,
        law=_law,
        post=PagePost(),
    )


def _open_sound(recording: Path):  # type: ignore[no-untyped-def]
    from transcribe.audio import open_sound

    return open_sound(recording)


def _ways() -> tuple[Way, ...]:
    """What this computer can hear with, the best first: models that are here, models to fetch, the rough one."""
    from importlib.util import find_spec

    from review.stages import Way
    from transcribe.models import KNOWN, installed, offline

    own = settings.load().model
    here = installed()
    ways = [Way(id=f"whisper:{own}", words="The model you chose", help=Path(own).name, ready=True)] if own else []
    ways += [
        Way(id=f"whisper:{name}", words=f"Well ({name})", help="Takes about as long as the meeting.", ready=True)
        for name in here
        if name != own
    ]
    if not ways and not offline():
        best = KNOWN[0]
        size = f"{best.megabytes / 1000:.1f} GB".replace(".0 ", " ")
        words = f"Fetched once over the internet ({size}); your recording stays here."
        ways.append(Way(id=f"whisper:{best.name}", words="Well", help=words, ready=False))
    if find_spec("pocketsphinx"):
        words = "Needs nothing fetched, mishears many words. To try the program out."
        ways.append(Way(id="sphinx", words="Roughly", help=words, ready=True))
    return tuple(ways)


def _hear(store: CaseStore, recording: Path, way: str, shows: Shows, on_text: Callable[[Turn], None]) -> Transcript:
    engine, _, model = way.partition(":")
    if engine == "sphinx":
        return work.hear(store, work.Hearing(engine="sphinx"), progress=shows, on_text=on_text)
    _fetch(model, shows)
    return work.hear(store, work.Hearing(engine="whisper", model=model), progress=shows, on_text=on_text)


def _fetch(model: str, shows: Shows) -> None:
    """Fetch a model by its name where it is not here yet."""
    from transcribe.models import installed, is_fetchable

    if model in installed() or not is_fetchable(model):
        return
    from transcribe.models_fetch import fetch_model

    def told(done: int, total: int) -> None:
        shows.total = float(total)
        shows.advance_to(float(done), "fetching the model")

    fetch_model(model, progress=told)
    shows.total = 0.0


def _find(store: CaseStore) -> Findings:
    return work.find(store)


def _draft(case: ReviewedCase) -> tuple[Letter, ...]:
    from cli.clock import now, today

    return work.letters_of(case, today=today(), now=now())


def _write_letters(store: CaseStore, letters: Sequence[Letter]) -> None:
    work.keep_letters(store, letters, work.as_first_draft(work.reviewed(store)))


def _remind(case: ReviewedCase, finding_id: str) -> Letter:
    from cli.clock import now, today
    from draft.choose import Choice
    from draft.letters import draft_letter
    from review.decide import for_letters

    why = "What was promised did not come by its day."
    choice = Choice(id=f"reminder-{finding_id}", template="reminder", finding_ids=(finding_id,), why=why)
    return draft_letter(for_letters(case), choice, today=today(), now=now())


def _letter_text(letter: Letter) -> str:
    from draft.text import body

    return body(letter)


def _letter_form(letter: Letter, suffix: str) -> bytes:
    from draft.forms import FORMS

    made = FORMS[suffix](letter)
    return made.encode() if isinstance(made, str) else made


def _merge(base: str | None, edited: str, new: str) -> tuple[str, str]:
    from draft.edits import merge, shown

    merged = merge(base=base, edited=edited, new=new)
    return merged.text, shown(merged.changes)


def _standing(case: ReviewedCase, sent: Sequence[Sent]) -> Standing:
    from cli.clock import now, today
    from draft.status import status_of
    from review.stages import Standing

    told = status_of(case, sent, today=today(), now=now())
    return Standing(
        waiting=told.waiting,
        hours_left=told.hours_left,
        complaint_until=told.complaint_until,
        mine=frozenset(p.finding_id for p in told.promises if p.mine),
    )


def _law() -> dict[str, str]:
    from draft.law import read_law

    return {f.id: f"{f.says} ({f.cites})" if f.cites else f.says for f in read_law().facts}
