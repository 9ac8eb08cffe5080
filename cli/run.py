"""`onrecord run` and `onrecord demo`: from a recording to letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from casefile.errors import CaseError
from cli import say, settings
from cli.hear import EXACTLY, SPEAKERS, people

if TYPE_CHECKING:
    from datetime import date

    from casefile.records import CaseFacts, Findings, Letter, Transcript
    from casefile.store import CaseStore
    from cli.work import Hearing


_PLURAL = {
    "commitment": "commitments",
    "denial": "denials",
    "deferral": "deferrals",
    "request": "requests",
    "agreement": "agreements",
}


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(run)
    app.command()(demo)


def run(
    recording: Annotated[Path, typer.Argument(help="The sound file, as your phone or recorder made it.")],
    case: Annotated[
        Path | None, typer.Option(help="The case folder; by default one of its own for each recording.")
    ] = None,
    date: Annotated[str | None, typer.Option(help="The day of the meeting, YYYY-MM-DD.")] = None,
    speakers: Annotated[int | None, typer.Option(min=1, max=30, help=SPEAKERS)] = None,
    exactly: Annotated[int | None, typer.Option(min=1, max=30, help=EXACTLY)] = None,
    model: Annotated[str | None, typer.Option(help="The speech model: a name, or the path of its folder.")] = None,
    engine: Annotated[
        Literal["whisper", "sphinx"], typer.Option(help="sphinx is rough, and needs no model.")
    ] = "whisper",
) -> None:
    """Hear a recording, find what was promised and refused, and draft the letters.

    Run again, it goes on where it stopped.

    Example: onrecord run meeting.m4a --date 2026-11-05 --speakers 6
    """
    from casefile.store import CaseStore
    from cli.work import Hearing

    held_on, many = _day(date), people(speakers, exactly)
    folder = case.expanduser() if case else _own_case(recording)
    with CaseStore.open(folder, create=True) as store, store.lock():
        _settle_date(store, held_on)
        how = Hearing(engine=engine, model=model or settings.load().model, speakers=many, exact=exactly is not None)
        _all_stages(store, recording, how)
        say.note("Next: onrecord review    (listen, and keep, mend or drop each one)")
    say.result(str(folder))


def demo(
    from_script: Annotated[bool, typer.Option("--from-script", help="Take the written script, not the sound.")] = False,
    meeting: Annotated[Literal["iep", "s504"], typer.Option(help="Which sample.")] = "iep",
    case: Annotated[Path | None, typer.Option(help="The folder to work in; by default a new scratch folder.")] = None,
) -> None:
    """Show the whole way on an invented sample meeting, from its sound to the letters.

    Example: onrecord demo
    """
    import tempfile

    from casefile.facts import read_facts
    from casefile.store import CaseStore
    from samples import sample

    shown = sample(meeting)
    folder = case.expanduser() if case else Path(tempfile.mkdtemp(prefix="onrecord-demo-"))
    with CaseStore.open(folder, create=True) as store, store.lock():
        store.write_facts(read_facts(shown.facts))
        if from_script:
            from samples import script_transcript

            say.note("Taking the written script of the sample in place of its sound.")
            store.add_recording(shown.recording)
            store.write_transcript(script_transcript(shown))
            heard = None
        else:
            heard = _demo_engine()
        _all_stages(store, shown.recording, heard, keep=True)
    say.note("This meeting is invented. To see it as a parent would:")
    say.note(f"  onrecord review {folder}")
    say.result(str(folder))


# --- the stages, said aloud --------------------------------------------------------------------


def _all_stages(store: CaseStore, recording: Path, how: Hearing | None, *, keep: bool = False) -> None:
    """Hear (unless `how` is None), find and draft, and say what came of it; with `keep` every finding is kept first."""
    from cli import work
    from cli.clock import now, today

    if how is not None:
        _say_heard(_hear(store, recording, how))
    findings = work.find(store)
    _say_found(findings)
    if keep:
        _keep_everything(store, findings)
    _say_letters(work.draft(store, today=today(), now=now()))


def _hear(store: CaseStore, recording: Path, how: Hearing) -> Transcript:
    from cli import work

    size = recording.stat().st_size if recording.is_file() else 0
    if not recording.exists():
        raise CaseError(f"There is no file {recording}.", next_step="Check its name, or drag it into this window.")
    if recording.is_dir():
        raise CaseError(f"{recording} is a folder.", next_step="Give the sound file inside it.")
    with say.progress("Copying", size) as shown:
        store.add_recording(recording, progress=shown.advance_to)
    if (number := len(store.recordings())) > 1:
        say.note(f"This case holds {number} recordings. They are taken as one meeting, in the order you gave them.")
    with say.progress("Hearing", 0) as shown:
        return work.hear(store, how, progress=shown)


def _say_heard(heard: Transcript) -> None:
    from cli.hear import tell_about

    minutes = heard.recording.duration_s / 60 if heard.recording else 0
    voices = len({t.speaker for t in heard.turns if t.speaker})
    say.note(f"Heard {minutes:.1f} minutes: {len(heard.turns)} lines, {voices} voices.")
    tell_about(heard)


def _say_found(findings: Findings) -> None:
    from collections import Counter

    active = [f for f in findings.findings if f.status == "active" and not f.doubtful]
    number = Counter(f.kind for f in active)
    counts = ", ".join(f"{n} {kind if n == 1 else _PLURAL[kind]}" for kind, n in number.most_common()) or "nothing"
    folded = sum(f.doubtful and f.status == "active" for f in findings.findings)
    say.note(f"Found {counts}{f'; {folded} doubtful ones are kept aside' if folded else ''}.")


def _say_letters(letters: tuple[Letter, ...]) -> None:
    for letter in letters:
        say.note(f"  Drafted {letter.id}: {letter.subject}")
        for lack in letter.missing:
            say.note(f"    to fill in: {lack}")


# --- what the commands need ----------------------------------------------------------------------


def _day(given: str | None) -> date | None:
    from datetime import date

    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given} is not a day like 2026-11-05", param_hint="--date") from None


def _settle_date(store: CaseStore, held_on: date | None) -> None:
    """Write the day of the meeting into the case; where nobody gave one, take today and say so."""
    from dataclasses import replace

    from cli.clock import today

    facts: CaseFacts = store.read_facts()
    if held_on is None and facts.held_on is None:
        held_on = today()
        say.note(f"No --date given: taking today, {held_on}, as the day of the meeting. All dates are counted from it.")
    if held_on is not None and held_on != facts.held_on:
        store.write_facts(replace(facts, held_on=held_on))


def _own_case(recording: Path) -> Path:
    """Return the folder for this very sound, so that a second call finds the first one's work."""
    from casefile.files import sha256_of
    from casefile.store import clean_name

    if not recording.is_file():
        return settings.load().cases / clean_name(recording.stem)
    return settings.load().cases / f"{Path(clean_name(recording.name)).stem}-{sha256_of(recording)[:8]}"


def _demo_engine() -> Hearing:
    """Return whisper where a model is there, else sphinx, saying so."""
    from cli.work import Hearing
    from transcribe.models import installed

    model = settings.load().model or next(iter(installed(settings.load().models)), None)
    if model:
        return Hearing(engine="whisper", model=model)
    say.note("No speech model is on this computer: the demo takes the rough recogniser that comes with it.")
    say.note("(`onrecord models` tells how to get a good one; --from-script shows the meeting as one would hear it.)")
    return Hearing(engine="sphinx")


def _keep_everything(store: CaseStore, findings: Findings) -> None:
    """Decide as a parent would who keeps every finding, so that the demo's letters are whole."""
    from casefile.records import Decision
    from cli.clock import now

    decided = {d.finding_id for d in store.decisions()}
    store.decide(
        *(
            Decision(
                id=None, decided_at=now(), by="demo", act="keep", finding_id=f.id, note="kept by the demo, unheard"
            )
            for f in findings.findings
            if f.status == "active" and not f.doubtful and f.id not in decided
        )
    )
