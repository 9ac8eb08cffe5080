"""`onrecord transcribe` and `onrecord models`: from a recording to a transcript, and the speech models for it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.seconds import clock
from cli import say

if TYPE_CHECKING:
    from casefile.records import Transcript


SPEAKERS = "How many people were at the table: no more are told apart."
EXACTLY = "So many people spoke, neither more nor fewer; in place of --speakers."


class EngineChoice(StrEnum):
    """The recognisers."""

    whisper = "whisper"
    sphinx = "sphinx"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("transcribe")(transcribe_command)
    models = typer.Typer(
        help="The speech models: which there are, which suit this computer, fetch, verify, remove.\n\n"
        "Example: onrecord models fetch small"
    )
    models.command("list")(list_models)
    models.command("suit")(suit_models)
    models.command("fetch")(fetch_model)
    models.command("verify")(verify_models)
    models.command("remove")(remove_model)
    app.add_typer(models, name="models")


def transcribe_command(
    recording: Annotated[list[Path], typer.Argument(help="The recording, or its parts in their order.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write the transcript.")],
    model: Annotated[str | None, typer.Option(help="Name or folder of the speech model.")] = None,
    engine: Annotated[
        EngineChoice, typer.Option(help="sphinx needs no model and is only rough.")
    ] = EngineChoice.whisper,
    speakers: Annotated[int | None, typer.Option(min=1, max=30, help=SPEAKERS)] = None,
    exactly: Annotated[int | None, typer.Option(min=1, max=30, help=EXACTLY)] = None,
    vocabulary: Annotated[str, typer.Option(help="Names that will be said, separated by commas.")] = "",
) -> None:
    """Turn a recording into text with times and speakers; a second call goes on where the first stopped.

    Example: onrecord transcribe meeting.m4a --out transcript.json --speakers 6
    """
    from transcribe.join import join_transcripts

    many = people(speakers, exactly)
    names = tuple(n.strip() for n in vocabulary.split(",") if n.strip())
    parts: list[Transcript] = []
    for part in recording:
        parts.append(_hear(part, out, model, engine, many, exactly is not None, names))
    _write(parts[0] if len(parts) == 1 else join_transcripts(parts), out)
    for part in recording:
        _journal(out, part).unlink(missing_ok=True)
    say.result(str(out))


def _hear(
    part: Path,
    out: Path,
    model: str | None,
    engine: EngineChoice,
    speakers: int | None,
    exact: bool,
    names: tuple[str, ...],
) -> Transcript:
    from transcribe import transcribe

    with say.progress(f"Hearing {part.name}", 0) as shown:
        heard = transcribe(
            part,
            engine=engine.value,
            model=model,
            speakers=speakers,
            exact=exact,
            vocabulary=names,
            journal=_journal(out, part),
            progress=shown,
        )
    tell_about(heard)
    return heard


def people(speakers: int | None, exactly: int | None) -> int | None:
    """Return how many people were given, by either option; both together are refused."""
    if speakers is not None and exactly is not None:
        raise typer.BadParameter("give --speakers or --exactly, not both", param_hint="--exactly")
    return speakers if exactly is None else exactly


def tell_about(heard: Transcript) -> None:
    """Say on standard error what the person should know of a transcript."""
    if heard.engine.rough:
        say.note("This transcript is rough: the recogniser without a model misses and mistakes many words.")
    if not heard.turns:
        say.note("No words could be heard in this recording; the transcript says so for every second of it.")
    for entry in heard.unheard:
        if entry.why in ("damaged", "not reached") and entry.end_s - entry.start_s >= 1:
            what = "could not be read" if entry.why == "damaged" else "was not reached"
            say.note(f"{clock(entry.start_s)} to {clock(entry.end_s)} {what}.")


def _journal(out: Path, part: Path) -> Path:
    return out.with_name(f".{out.name}.{part.stem}.hearing.jsonl")


def _write(heard: Transcript, out: Path) -> None:
    from casefile.files import write_private
    from casefile.wire import dump, transcript_to_plain

    write_private(out, dump(transcript_to_plain(heard)))


# --- models ----------------------------------------------------------------------------------


def list_models() -> None:
    """List the speech models, and which are on this computer.

    Example: onrecord models list
    """
    from transcribe.models import KNOWN, installed, known, models_folder

    there = installed()
    for model in KNOWN:
        mark = "here" if model.name in there else "    "
        say.result(f"{mark}  {model.name:16} {model.megabytes:5} MB  {model.about}")
    for name in there:
        if known(name) is None:
            say.result(f"here  {name:16}           copied here by hand")
    say.note(f"They lie in {models_folder()}. `onrecord models suit` measures which suits this computer.")


def suit_models() -> None:
    """Measure on this computer what each model would take for an hour of sound; needs half a minute, fetches nothing.

    Example: onrecord models suit
    """
    from transcribe import machine
    from transcribe.models import installed
    from transcribe.models_suit import advise, measure

    with say.progress("Measuring", 0) as shown:

        def tell(done: int, total: int) -> None:
            shown.total = total
            shown.advance_to(done)

        found = measure(progress=tell)
    there = installed()
    for suit in found:
        verdict = "suits" if suit.suits else "too slow" if suit.fits else "too little free memory"
        here = ", here" if suit.model.name in there else ""
        say.result(f"{suit.model.name:16} {suit.minutes:6.1f} min for an hour of sound  {verdict}{here}")
    best = advise(found)
    say.note(f"Measured just now with {machine.cores()} cores and {machine.free_memory_mb()} MB free.")
    if best is not None:
        say.note(
            f"Best here: {best.model.name} ({best.model.about}). Fetch it: onrecord models fetch {best.model.name}"
        )


def fetch_model(
    name: Annotated[str, typer.Argument(help="The model's name, as `onrecord models list` has it.")],
) -> None:
    """Fetch a speech model once; a broken fetch goes on where it stopped.

    Example: onrecord models fetch small.en
    """
    from transcribe.models_fetch import fetch_model as fetch

    with say.progress(f"Fetching {name}", 0) as shown:
        begun = False

        def tell(done: int, total: int) -> None:
            nonlocal begun
            shown.total = total
            if not begun:
                shown.start_from(done)
                begun = True
            shown.advance_to(done, f"{done >> 20} of {total >> 20} MB")

        folder = fetch(name, progress=tell)
    say.result(str(folder))


def verify_models(
    name: Annotated[str | None, typer.Argument(help="One model; all of them if left out.")] = None,
) -> None:
    """Check the files of the fetched models against their checksums.

    Example: onrecord models verify
    """
    from casefile.errors import ModelError
    from transcribe.models import damaged_files, installed, missing_model, models_folder, read_manifest

    there = installed()
    if name is not None and name not in there:
        raise missing_model(name)
    bad = []
    for one in [name] if name else there:
        folder = models_folder() / one
        wrong = damaged_files(folder)
        state = (
            f"damaged: {', '.join(wrong)}"
            if wrong
            else "whole"
            if read_manifest(folder)
            else "copied here, no checksums"
        )
        say.result(f"{one}: {state}")
        bad += [one] if wrong else []
    if bad:
        raise ModelError(
            f"Damaged: {', '.join(bad)}.",
            next_step=f"Run `onrecord models remove {bad[0]}`, then `onrecord models fetch {bad[0]}`.",
        )


def remove_model(name: Annotated[str, typer.Argument(help="The model's name.")]) -> None:
    """Delete a speech model from this computer.

    Example: onrecord models remove small.en
    """
    from transcribe.models import remove_model as remove

    say.result(f"{name} removed, {remove(name) >> 20} MB freed.")
