"""What only one letter needs to know, told when it is asked for: a meeting to come, a person who comes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesSay:
    """What the school's notes say about one finding."""

    finding_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingPart:
    """One of the seven parts that a district's notice leaves out or only touches."""

    number: int  # 1 to 7, as in 34 CFR 300.503(b)
    question: str
    quote: str = ""  # what the notice has on it, if anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a district's notice differs from what was said."""

    said: str  # a sentence for the letter
    quote: str = ""  # the notice's own words
    finding_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """A letter of this case that went out."""

    letter_id: str
    subject: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything may be missing; a letter does without, or asks for it."""

    meeting_at: datetime | None = None  # of the meeting to come
    person: str | None = None  # who comes along
    person_role: str | None = None
    person_knows: str | None = None
    concerns: tuple[str, ...] = ()
    records: tuple[str, ...] = ()  # asked for, in place of the usual list
    areas: tuple[str, ...] = ()  # to be evaluated
    evaluation: str | None = None  # the one disagreed with: "speech evaluation"
    evaluation_on: date | None = None
    notice_on: date | None = None  # of the Notice of Action
    notes: tuple[NotesSay, ...] = ()
    parts: tuple[LackingPart, ...] = ()
    differences: tuple[Difference, ...] = ()
    sent: tuple[SentLetter, ...] = ()

    def sent_on(self, letter_id: str) -> date | None:
        """Return the day a letter, or one of several of its kind, last went out."""
        own = (letter_id, f"{letter_id}-")
        return max((s.on for s in self.sent if s.letter_id == own[0] or s.letter_id.startswith(own[1])), default=None)


NOTHING_TOLD = Told()
