"""`onrecord transcript`, `voices`, `export` and `clip`: who said what, put right and handed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import CaseError
from casefile.seconds import clock
from cli import say, settings

if TYPE_CHECKING:
    from casefile.records import Transcript, Turn
    from casefile.store import CaseStore
    from review.desk import Desk

CaseOption = Annotated[Path | None, typer.Option("--case", help="The case folder; by default the one last worked on.")]
BY = "parent (terminal)"


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(transcript)
    app.command()(export)
    app.command()(clip)
    voices = typer.Typer(
        help="The voices of a case, and people known by a sample of theirs.\n\n"
        'Example: onrecord voices name S1 "Dana Ruiz"',
        no_args_is_help=True,
    )
    voices.command("list")(list_voices)
    voices.command("name")(name_voice)
    voices.command("merge")(merge_voices)
    voices.command("several")(several_people)
    voices.command("learn")(learn_voice)
    voices.command("suggest")(suggest_names)
    voices.command("forget")(forget_voice)
    app.add_typer(voices, name="voices")


# --- the transcript --------------------------------------------------------------------------


def transcript(
    case: Annotated[Path | None, typer.Argument(help="The case folder; by default the one last worked on.")] = None,
    find: Annotated[str | None, typer.Option("--find", help="Only lines with these words.")] = None,
    voice: Annotated[str | None, typer.Option("--voice", help="Only lines of this voice or person.")] = None,
    doubted: Annotated[bool, typer.Option("--doubted", help="Only lines that may not have been said.")] = False,
    line: Annotated[int | None, typer.Option("--line", min=1, help="The line that --say or --move is about.")] = None,
    correct: Annotated[str | None, typer.Option("--say", help="What the line really says.")] = None,
    move: Annotated[str | None, typer.Option("--move", help="Whose line it is: S2, a name, new or nobody.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last change.")] = False,
) -> None:
    """Show what was said, search it, and put lines right. What was heard is never lost.

    Example: onrecord transcript --find "speech minutes"

    Example: onrecord transcript --line 41 --say "We will send the IEP by Friday."
    """
    if (correct is not None or move is not None) != (line is not None):
        raise typer.BadParameter("--line goes with --say or --move.")
    with _desk(case) as desk:
        if undo:
            undone = desk.undo()
            say.note("Nothing to take back." if undone is None else f"Taken back: {undone.act.replace('_', ' ')}.")
        if line is not None:
            _put_right(desk, line - 1, correct, move)
        shown = _as_left(desk)
        chosen = [line - 1] if line is not None else _chosen(shown, find, voice, doubted)
        for number in chosen:
            say.result(_shown(number, shown.turns[number]))
        if not chosen:
            say.note("No line fits." if shown.turns else "Nothing was said in this recording, as far as was heard.")


def _put_right(desk: Desk, turn: int, correct: str | None, move: str | None) -> None:
    heard = _as_left(desk)
    if turn >= len(heard.turns):
        raise CaseError(
            f"There is no line {turn + 1}; the last is {len(heard.turns)}.",
            next_step="See the lines: `onrecord transcript`.",
        )
    if correct is not None:
        desk.correct_line(turn, correct)
    if move is not None:
        desk.move_lines([turn], "new" if move == "new" else None if move == "nobody" else _label(desk, move))


def _chosen(shown: Transcript, find: str | None, voice: str | None, doubted: bool) -> list[int]:
    wanted = " ".join(find.lower().split()) if find else None
    return [
        number
        for number, turn in enumerate(shown.turns)
        if (wanted is None or wanted in " ".join(turn.text.lower().split()))
        and (voice is None or (turn.speaker or "").lower() == voice.lower())
        and (not doubted or turn.doubt)
    ]


def _shown(number: int, turn: Turn) -> str:
    marks = [f"in doubt: {turn.doubt}"] if turn.doubt else []
    if turn.several_voices:
        marks.append("several voices")
    elif turn.speaker and (turn.speaker_confidence or 1.0) < 0.7:
        marks.append("voice unsure")
    if turn.heard is not None:
        marks.append(f"heard: {turn.heard}")
    at = "--:--" if turn.start_s is None else clock(turn.start_s)
    said = f"{number + 1:>5}  {at:>7}  {turn.speaker or '?'}: {turn.text}"
    return said + (f"  [{'; '.join(marks)}]" if marks else "")


# --- voices ----------------------------------------------------------------------------------


def list_voices(case: CaseOption = None) -> None:
    """List the voices of the case with lines to know them by, and the people whose voice is kept.

    Example: onrecord voices list
    """
    from review.voices import samples, voices
    from transcribe.voices import known_voices

    with _desk(case) as desk:
        heard = _heard(desk)
        for voice in voices(heard, desk.decisions()):
            several = ", several people" if voice.several else ""
            name = voice.name or "not named"
            lines = f"{len(voice.turns)} {'line' if len(voice.turns) == 1 else 'lines'}"
            say.result(f"{voice.label}  {name}{several}  {lines}, {voice.spoken_s:.0f} s")
            for number in samples(heard, voice):
                say.result(_shown(number, heard.turns[number]))
    for known in known_voices(_folder()):
        say.result(f"kept: {known.name}")


def name_voice(
    voice: Annotated[str, typer.Argument(help="The voice: S1, or the name it has.")],
    name: Annotated[str, typer.Argument(help='Whose it is; "" takes the name away.')],
    case: CaseOption = None,
) -> None:
    """Name a voice once: every line, finding and letter then has the name.

    Example: onrecord voices name S2 "Dana Ruiz"
    """
    with _desk(case) as desk:
        label = _label(desk, voice)
        desk.name_voice(label, name)
        say.note(f"{label} is {name} now." if name.strip() else f"{label} has no name now.")


def merge_voices(
    voice: Annotated[str, typer.Argument(help="The voice that is no other person: S4.")],
    into: Annotated[str, typer.Argument(help="The voice it belongs to: S1, or a name.")],
    case: CaseOption = None,
) -> None:
    """Take two voices for one person's. `onrecord transcript --undo` takes it back.

    Example: onrecord voices merge S4 S1
    """
    with _desk(case) as desk:
        one, other = _label(desk, voice), _label(desk, into)
        desk.merge_voices(one, other)
        say.note(f"{one} and {other} are one person now.")


def several_people(
    voice: Annotated[str, typer.Argument(help="The voice under which more than one person is heard.")],
    no: Annotated[bool, typer.Option("--no", help="It is one person after all.")] = False,
    case: CaseOption = None,
) -> None:
    """Say that a voice is several people: nobody is quoted by it. Then move its lines with `transcript --line --move`.

    Example: onrecord voices several S3
    """
    with _desk(case) as desk:
        desk.several_people(_label(desk, voice), not no)


def learn_voice(
    name: Annotated[str, typer.Argument(help="Whose voice it is.")],
    sample: Annotated[Path, typer.Argument(help="A recording of some 10 seconds in which they speak alone.")],
) -> None:
    """Keep a person's voice on this computer, to suggest their name in later recordings.

    It stays in a file only you can read; `onrecord voices forget NAME` deletes it.

    Example: onrecord voices learn "Dana Ruiz" dana.m4a
    """
    from transcribe.audio import open_sound
    from transcribe.voices import keep_voice
    from transcribe.voices import learn_voice as learn

    with open_sound(sample) as sound:
        kept = keep_voice(_folder(), learn(name, sound.samples))
    say.note(f"The voice of {name} is kept in {kept}.")


def suggest_names(
    case: CaseOption = None,
    take: Annotated[bool, typer.Option("--take", help="Give these names.")] = False,
) -> None:
    """Say which voices of the case are like the people whose voice is kept. Names nobody without --take.

    Example: onrecord voices suggest
    """
    from transcribe.audio import open_sound
    from transcribe.voices import known_voices
    from transcribe.voices import suggest_names as suggest

    with _desk(case) as desk:
        heard, recording = _heard(desk), _recording(desk.store)
        with open_sound(recording) as sound:
            found = suggest(heard.turns, sound.samples, known_voices(_folder()))
        for one in found:
            say.result(f"{one.voice}  {one.name}  likeness {one.likeness:.2f}, ahead by {one.margin:.2f}")
            if take:
                desk.name_voice(one.voice, one.name)
        if not found:
            say.note("No voice of this recording is clearly one of the people kept.")


def forget_voice(name: Annotated[str, typer.Argument(help="Whose voice is to be deleted.")]) -> None:
    """Delete a person's voice from this computer.

    Example: onrecord voices forget "Dana Ruiz"
    """
    from transcribe.voices import forget_voice as forget

    forget(_folder(), name)
    say.note(f"The voice of {name} is deleted.")


# --- handing on ------------------------------------------------------------------------------


def export(
    to: Annotated[list[Path], typer.Argument(help="Files to write: .txt .srt .vtt .csv .docx .json")],
    case: CaseOption = None,
) -> None:
    """Write the transcript, with names and times, in the form each file name ends in.

    Example: onrecord export meeting.docx meeting.srt
    """
    from transcribe.export import export as write

    with _desk(case) as desk:
        shown = _as_left(desk)
    for target in to:
        write(shown, target)
        say.result(str(target))


def clip(
    what: Annotated[str, typer.Argument(help="A finding's id, a line (line 41), or a stretch (12:30-12:48).")],
    to: Annotated[Path | None, typer.Option("--to", help="The file: .m4a or .wav; by default beside the case.")] = None,
    pad: Annotated[float, typer.Option("--pad", min=0, max=30, help="Seconds before and after.")] = 0.5,
    as_is: Annotated[bool, typer.Option("--as-is", help="Leave the level as it was recorded.")] = False,
    case: CaseOption = None,
) -> None:
    """Cut a stretch out of the recording: a finding, a line, or from one time to another.

    Example: onrecord clip 12:30-12:48 --to promise.m4a
    """
    from cli.spans import span_of
    from transcribe.clip import cut_clip

    with _desk(case) as desk:
        recording = _recording(desk.store)
        start_s, end_s, name = span_of(what, desk.findings(), desk.transcript())
        target = to or desk.store.folder / f"{name}.m4a"
    first, last = cut_clip(recording, start_s, end_s, target, padding_s=pad, even=not as_is)
    say.note(f"{last - first:.2f} seconds, from {first:.2f} s of the recording on.")
    say.result(str(target))


# --- the case --------------------------------------------------------------------------------


class _desk:
    """Opens a case for reading and deciding."""

    def __init__(self, case: Path | None) -> None:
        self._folder = settings.case_folder(case)

    def __enter__(self) -> Desk:
        from casefile.store import CaseStore
        from cli.clock import now
        from review.desk import Desk

        self._store = CaseStore.open(self._folder)
        return Desk(self._store, by=BY, now=now)

    def __exit__(self, *gone: object) -> None:
        self._store.close()


def _as_left(desk: Desk) -> Transcript:
    shown = desk.transcript()
    if shown is None:
        raise _unheard()
    return shown


def _heard(desk: Desk) -> Transcript:
    heard = desk.as_heard()
    if heard is None:
        raise _unheard()
    return heard


def _unheard() -> CaseError:
    return CaseError("Nothing was heard in this case yet.", next_step="Let it be heard: `onrecord run RECORDING`.")


def _recording(store: CaseStore) -> Path:
    sound = store.sound()
    if sound is None:
        raise CaseError("There is no recording in this case.", next_step="Add it: `onrecord run RECORDING`.")
    return sound


def _label(desk: Desk, voice: str) -> str:
    """Return the label of a voice given by label or by name."""
    from review.voices import voices

    known = voices(_heard(desk), desk.decisions())
    for one in known:
        if voice.lower() in (one.label.lower(), (one.name or "").lower()):
            return one.label
    raise CaseError(
        f"There is no voice {voice} in this case.",
        next_step=f"The voices are {', '.join(v.label for v in known) or 'not told apart'}: `onrecord voices list`.",
    )


def _folder() -> Path:
    return settings.load().home / "voices"
