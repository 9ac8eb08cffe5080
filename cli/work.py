"""The stages on one case folder, one after the other: each reads what lies there and leaves its own file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from casefile.errors import StoreError
from casefile.files import sha256_of, write_private
from casefile.records import (
    CaseFacts,
    Findings,
    Letter,
    Meeting,
    Reviewed,
    ReviewedCase,
    Transcript,
    Turn,
)
from casefile.store import CaseStore

EngineName = Literal["whisper", "sphinx"]


class Shows(Protocol):
    """What is told how far long work is, in seconds of sound."""

    def advance_to(self, done: float, note: str = "") -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How a recording is to be heard."""

    engine: EngineName = "whisper"
    model: str | None = None
    speakers: int | None = None
    exact: bool = False  # so many spoke, neither more nor fewer


def hear(
    store: CaseStore,
    how: Hearing,
    *,
    progress: Shows | None = None,
    on_text: Callable[[Turn], None] | None = None,
) -> Transcript:
    """Return the case's transcript, hearing only what was not heard yet; writes transcript.json.

    Several recordings of a case are one meeting, in the order they were given: their sound is joined too. Raises
    CaseError kinds of the recording, the model and the store.
    """
    recordings = store.recordings()
    known = store.read_transcript()
    if known is not None and _same(known, how, digests(store, recordings)):
        return known
    parts = [_hear_one(store, how, n, part, progress, on_text) for n, part in enumerate(recordings, start=1)]
    if not parts:
        raise StoreError("This case has no recording.", next_step="Add it: `onrecord run RECORDING`.")
    heard = parts[0] if len(parts) == 1 else _join(store, recordings, parts)
    store.write_transcript(heard)
    return heard


def digests(store: CaseStore, recordings: Sequence[Path]) -> str:
    """Return the SHA-256 of each recording, as a transcript of them all names them."""
    return " ".join(store.recorded_sha256(r) or sha256_of(r) for r in recordings)


def _hear_one(
    store: CaseStore,
    how: Hearing,
    number: int,
    recording: Path,
    progress: Shows | None,
    on_text: Callable[[Turn], None] | None,
) -> Transcript:
    from transcribe import transcribe

    facts = store.read_facts()
    return transcribe(
        recording,
        engine=how.engine,
        model=how.model,
        speakers=how.speakers or facts.speakers,
        exact=how.exact,
        vocabulary=vocabulary(facts),
        journal=store.folder / ("hearing.jsonl" if number == 1 else f"hearing-{number}.jsonl"),
        progress=progress,
        on_text=on_text,
    )


def _join(store: CaseStore, recordings: Sequence[Path], parts: Sequence[Transcript]) -> Transcript:
    from transcribe.join import join_sound, join_transcripts

    join_sound(recordings, store.joined_path)
    return join_transcripts(parts)


def vocabulary(facts: CaseFacts) -> tuple[str, ...]:
    """Return the words the recogniser should know: names first, then roles."""
    people = [facts.child, facts.parent, *(p.name for p in facts.participants), *(c.name for c in facts.contacts)]
    places = [facts.school, facts.district]
    roles = [p.role for p in facts.participants]
    return tuple(dict.fromkeys(w for w in (*people, *places, *roles) if w))


def find(store: CaseStore) -> Findings:
    """Return what was promised, refused, put off, asked and agreed; writes findings.json if it changed.

    Raises StoreError where nothing was heard yet or the day of the meeting is not known.
    """
    import extract
    from review.log import live_decisions
    from review.voices import apply_voices, with_named

    transcript, facts, decisions = store.read_transcript(), store.read_facts(), store.decisions()
    if transcript is None:
        raise StoreError("Nothing was heard yet.", next_step="Run `onrecord run RECORDING` first.")
    transcript = apply_voices(transcript, decisions)
    facts = replace(facts, participants=with_named(facts, live_decisions(decisions)))
    found = extract.find(meeting(facts, transcript))
    found = replace(found, rough=transcript.engine.rough)
    if store.read_findings() != found:
        store.write_findings(found)
    return found


def meeting(facts: CaseFacts, transcript: Transcript) -> Meeting:
    """Return what the finder reads; raises StoreError where the day of the meeting is not known."""
    if facts.held_on is None:
        raise StoreError("The day of the meeting is not known.", next_step="Give it: --date YYYY-MM-DD.")
    return Meeting(
        held_on=facts.held_on,
        turns=transcript.turns,
        participants=facts.participants,
        calendar=facts.calendar,
        plan=facts.plan,
    )


def reviewed(store: CaseStore) -> ReviewedCase:
    """Return the case as decided so far; raises StoreError where nothing was found yet."""
    from review.decide import apply_voices, review_case

    findings, transcript = store.read_findings(), store.read_transcript()
    if findings is None:
        raise StoreError("Nothing was found yet.", next_step="Run `onrecord run RECORDING` first.")
    decisions = store.decisions()
    named = apply_voices(transcript, decisions) if transcript else None
    return review_case(findings, decisions, store.read_facts(), named)


def as_first_draft(case: ReviewedCase) -> ReviewedCase:
    """Return the case with what nobody looked at yet counted as kept: a draft to read, never to send."""
    if not any(_unseen(r) for r in case.findings):
        return case
    findings = tuple(replace(r, verdict="kept") if _unseen(r) else r for r in case.findings)
    return replace(case, findings=findings, provisional=True)


def draft(store: CaseStore, *, today: date, now: datetime) -> tuple[Letter, ...]:
    """Draft the case's letters anew and write them in every form; letters no longer called for are taken away."""
    case = as_first_draft(reviewed(store))
    return keep_letters(store, letters_of(case, today=today, now=now), case)


def letters_of(case: ReviewedCase, *, today: date, now: datetime) -> tuple[Letter, ...]:
    """Return the letters the case calls for; a voice without a name is nobody in them."""
    from draft import draft_letters
    from review.decide import for_letters

    return draft_letters(for_letters(case), today=today, now=now)


def keep_letters(store: CaseStore, drafted: Sequence[Letter], case: ReviewedCase) -> tuple[Letter, ...]:
    """Keep new drafts in place of the old ones, in every form, with the parent's own copy beside them.

    Letters the parent asked for by kind stay; those no longer called for are taken away.
    """
    from draft import proof
    from draft.forms import write_letter
    from draft.kinds import with_asked_for

    letters = with_asked_for(drafted, store.letters())
    gone = {x.id for x in store.letters()} - {x.id for x in letters}
    store.write_letters(letters)
    for letter in letters:
        write_letter(letter, store.letters_dir)
    write_private(store.letters_dir / proof.NAME, proof.proof(letters, case))
    for old in store.letters_dir.iterdir():
        if old.stem in gone:
            old.unlink()
    return letters


def _same(known: Transcript, how: Hearing, heard_sha256: str) -> bool:
    """Whether the transcript is whole, of these recordings, by this engine, and by this model if one was asked for."""
    whole = known.recording is not None and known.recording.sha256 == heard_sha256
    whole = whole and all(u.why != "not reached" for u in known.unheard)
    return whole and known.engine.name == how.engine and how.model in (None, known.engine.model)


def _unseen(reviewed: Reviewed) -> bool:
    f = reviewed.finding
    return reviewed.verdict == "open" and f.status == "active" and not f.doubtful
