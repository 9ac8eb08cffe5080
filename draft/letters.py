"""A reviewed case becomes letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from casefile.records import Letter, ReviewedCase
from draft.choose import Choice, choose
from draft.desk import Desk
from draft.parse import parse
from draft.template import find_template, render, user_folder
from draft.told import NOTHING_TOLD, Told
from draft.verify import unfounded


def draft_letters(case: ReviewedCase, *, today: date, now: datetime | None = None) -> tuple[Letter, ...]:
    """Return the letters a reviewed meeting calls for: the follow-up first, then one request per notice that is due.

    Only what a person accepted is written. The user's own templates go first. Raises LetterError for a broken one.
    """
    return tuple(draft_letter(case, choice, today=today, now=now) for choice in choose(case))


def draft_letter(
    case: ReviewedCase,
    choice: Choice,
    *,
    today: date,
    now: datetime | None = None,
    told: Told = NOTHING_TOLD,
    templates: Path | None = None,
) -> Letter:
    """Return one letter; `told` holds what only this letter needs.

    `templates` is the user's folder of templates, by default the one in ONRECORD_HOME. Raises LetterError.
    """
    folder = templates or user_folder()
    template = find_template(choice.template, folder)
    desk = Desk.at(case, choice, today=today, now=now, told=told, recap=lambda: _recap(case, today))
    parsed = parse(render(template, desk.values(), folder), desk.marks, name=template.file)
    letter = desk.letter(parsed, template)
    if template.own:
        return letter
    strange = [f"a check: {s} stands in {template.file} only" for s in unfounded(letter, case, today=today, told=told)]
    return replace(letter, missing=(*letter.missing, *strange))


def values_of(case: ReviewedCase, choice: Choice, *, today: date, told: Told = NOTHING_TOLD) -> dict[str, object]:
    """Return everything a template may use, by its name."""
    return Desk.at(case, choice, today=today, now=None, told=told, recap=lambda: _recap(case, today)).values()


def _recap(case: ReviewedCase, today: date) -> dict[str, int]:
    """Return the number each finding has in the follow-up."""
    items = [b for b in draft_letter(case, choose(case)[0], today=today).blocks if b.number]
    return {i: b.number for b in items if b.number for s in b.sentences for i in s.finding_ids}
