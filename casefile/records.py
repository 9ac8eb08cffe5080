"""The records every stage shares: frozen, made of tuples, without behaviour beyond reading themselves.

Seconds (`_s`) count from the start of the recording as a player shows them. Turn numbers count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

# --- hearing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The sound file as the parent gave it."""

    file: str  # its name, without folders
    sha256: str
    duration_s: float  # on the container's own clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What turned the sound into words."""

    name: str  # "whisper", "sphinx", "script" (the written script of a sample)
    model: str

    @property
    def rough(self) -> bool:
        """True where the words are a rough guess and must be marked so wherever they show."""
        return self.name == "sphinx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One heard word."""

    start_s: float
    end_s: float
    text: str  # without surrounding space
    probability: float  # 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one person said without a break, as far as could be told."""

    text: str
    speaker: str | None = None  # "S1", a name once given, None where nobody could be told
    start_s: float | None = None  # None where the source has no times (a typed transcript)
    end_s: float | None = None
    words: tuple[Word, ...] = ()
    speaker_confidence: float | None = None  # 0 to 1
    several_voices: bool = False  # people talk over each other here
    doubt: str | None = None  # why the words may not have been said; None where nothing speaks against them
    heard: str | None = None  # what the recogniser wrote, where a person corrected `text` since


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A stretch that was not turned into words."""

    start_s: float
    end_s: float
    why: str  # "silence", "damaged", "too unsure", "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Every second of a recording: turns and unheard stretches cover it whole."""

    recording: Recording | None  # None for a typed transcript
    engine: Engine
    turns: tuple[Turn, ...]
    unheard: tuple[Unheard, ...] = ()


# --- the meeting -----------------------------------------------------------------------------

Plan = Literal["iep", "504"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody at the table."""

    name: str
    role: str  # free text: "parent", "SSD area coordinator", "advocate"
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDate:
    """A date people call by name: "winter break", "end of third quarter"."""

    name: str
    on: date  # its first day


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCalendar:
    """The district's calendar, as far as the parent gave it."""

    no_school: tuple[date, ...] = ()  # weekdays without school
    named: tuple[NamedDate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What the finder reads: who was there, when, and what was said."""

    held_on: date
    turns: tuple[Turn, ...]
    participants: tuple[Participant, ...] = ()
    calendar: SchoolCalendar = SchoolCalendar()
    plan: Plan | None = None  # None: to be told from the talk


# --- finding ---------------------------------------------------------------------------------

Kind = Literal["commitment", "denial", "deferral", "request", "agreement"]
Status = Literal["active", "retracted", "superseded", "fulfilled"]
NoticeKind = Literal["refusal", "proposed_change", "refusal_504", "softer"]
About = Literal["identification", "evaluation", "placement", "fape"]
ElementKind = Literal["reason", "data", "option", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something was promised for, as far as the words say."""

    phrase: str  # as spoken: "by next Friday"
    candidates: tuple[date, ...] = ()  # every reading, the likelier first; empty if the words fix none

    @property
    def on(self) -> date | None:
        """The day meant, or None while there is no reading or more than one."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The written notice a finding calls for (34 CFR 300.503; written reasons at a 504 meeting)."""

    kind: NoticeKind
    about: About | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The exact words of one turn that carry a finding."""

    turn: int
    speaker: str | None
    text: str  # the turn's exact words, or the part of them that matters
    start_s: float | None = None
    end_s: float | None = None
    doubt: str | None = None  # the turn's own doubt: hear it before quoting it


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Words at the meeting that bear on one element of the notice: a reason, data, an option weighed."""

    kind: ElementKind
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing promised, refused, put off, asked for or agreed, with its proof.

    `turns` are those needed to understand it, `anchors` those among them that carry it; `said` has one entry per
    anchor. `owner` is who will do it, or who refused: participants' names joined by "; ", "IEP team", "504 team",
    or None when unknown.
    """

    id: str  # stable for the same input
    kind: Kind
    turns: tuple[int, ...]
    anchors: tuple[int, ...]
    speaker: str | None
    owner: str | None
    action: str  # a phrase for after "Ms. Johnson will ..."
    topic: str  # lower case
    quote: str  # exact words of the anchors
    said: tuple[Said, ...]
    start_s: float | None = None
    end_s: float | None = None
    due: Due | None = None
    condition: str | None = None  # as spoken
    status: Status = "active"
    links: tuple[str, ...] = ()  # ids of related findings
    confidence: float = 1.0  # 0 to 1
    doubtful: bool = False  # kept for recall's sake: folded in review, drafted only if the parent keeps it
    why: str = ""  # the rule's id, or the model's name and score
    notice: Notice | None = None
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found in one meeting, with what a letter must know of the meeting itself."""

    held_on: date
    findings: tuple[Finding, ...]
    participants: tuple[Participant, ...] = ()
    calendar: SchoolCalendar = SchoolCalendar()
    plan: Plan | None = None
    rough: bool = False  # made from a rough transcript


# --- reviewing -------------------------------------------------------------------------------

Act = Literal[
    "keep",
    "mend",
    "drop",
    "add",
    "reset",
    "undo",
    "heard",
    "name_voice",
    "merge_voices",
    "several_people",
    "move_line",
    "correct_line",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing a person decided; decisions are only ever added, and the newest that is not undone holds."""

    id: int | None  # given by the store
    decided_at: datetime  # an instant with its zone
    by: str  # who, and at which window: "parent (page)", "parent (terminal)"
    act: Act
    finding_id: str | None = None
    finding: Finding | None = None  # as it stands after "mend" or "add"
    undoes: int | None = None  # the id of the decision that an "undo" takes back
    group: str | None = None  # decisions made and undone together (a merge, a split)
    detail: tuple[tuple[str, str], ...] = ()  # for voices and lines: ("voice", "S1"), ("name", "Dana Ruiz")
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A finding as the person left it."""

    finding: Finding
    verdict: Literal["kept", "mended", "added", "dropped", "open"]
    decided_at: datetime | None = None
    heard: bool = False  # a person listened to it and the words are right: it may be quoted in spite of a doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody a letter may go to."""

    name: str
    role: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the parent told about the case; everything may be missing, and a letter then does without."""

    held_on: date | None = None
    plan: Plan | None = None
    child: str | None = None
    parent: str | None = None
    parent_email: str | None = None
    parent_phone: str | None = None
    parent_address: str | None = None
    school: str | None = None
    district: str | None = None
    ssd: bool | None = None  # the Special School District of St. Louis County is at the table
    grade: str | None = None
    disability: str | None = None
    place: str | None = None  # where the meeting was held: "by video", "Room 12"
    ended_at: datetime | None = None  # when the meeting ended, for the 24-hour aim
    participants: tuple[Participant, ...] = ()
    contacts: tuple[Contact, ...] = ()  # case manager, director, SSD area coordinator ...
    calendar: SchoolCalendar = SchoolCalendar()
    speakers: int | None = None  # how many people were at the table
    one_notice: bool | None = None  # one notice request for all matters, rather than one each


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedCase:
    """What letters are drafted from."""

    facts: CaseFacts
    held_on: date
    findings: tuple[Reviewed, ...]
    recording: Recording | None = None
    rough: bool = False
    provisional: bool = False  # findings nobody looked at yet count as kept: for a first draft, never for sending

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """The findings a person kept, mended or added, in the order of the meeting."""
        return tuple(r.finding for r in self.findings if r.verdict in ("kept", "mended", "added"))


# --- drafting and sending --------------------------------------------------------------------

BlockKind = Literal["greeting", "paragraph", "heading", "item", "quote", "closing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a letter with what stands behind it."""

    text: str
    finding_ids: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()  # facts of law


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or list item."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]
    level: int = 0  # of an item: 0 outer, 1 inner
    number: int | None = None  # of a numbered item

    @property
    def text(self) -> str:
        """The block's words on one line."""
        return " ".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A drafted letter: the same words in every form it comes out in."""

    id: str  # also the stem of its files: "followup", "notice-1-speech-minutes"
    kind: str  # the template's name: "followup", "notice", "written_reasons", "softer" ...
    subject: str
    to: tuple[Contact, ...]
    cc: tuple[Contact, ...]
    blocks: tuple[Block, ...]
    template: str  # id and version of the template
    missing: tuple[str, ...] = ()  # what the case lacks, in words for the parent
    rough: bool = False
    provisional: bool = False  # a first draft from findings nobody looked at yet; it cannot be sent

    @property
    def finding_ids(self) -> tuple[str, ...]:
        """Every finding behind the letter, in order of first use."""
        return tuple(dict.fromkeys(i for b in self.blocks for s in b.sentences for i in s.finding_ids))


Outcome = Literal["sending", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One attempt at sending a letter: written before it ("sending") and after it."""

    id: int | None
    letter_id: str
    letter_sha256: str  # of the exact message
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    sent_at: datetime
    outcome: Outcome
    reply: str = ""  # what the mail server said
