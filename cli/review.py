"""`onrecord review`, and `onrecord` alone: the page, or the review in the terminal."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from cli import say, settings


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(review)


def review(
    case: Annotated[Path | None, typer.Argument(help="The case folder; by default the one last worked on.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the page's address.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The page's port; 0 takes a free one.")] = 0,
    plain: Annotated[bool, typer.Option("--plain", help="Review here in the terminal, without the page.")] = False,
) -> None:
    """Listen to what was found, and keep, mend or drop each one.

    Opens a page on this computer that only you can reach; nothing leaves the computer.

    Example: onrecord review --plain
    """
    if plain:
        _in_terminal(settings.case_folder(case))
        return
    known = settings.load().cases
    none_yet = case is None and not any(known.glob("*/case.db"))
    open_page(None if none_yet else settings.case_folder(case), browser=not no_browser, port=port)


def open_page(case: Path | None = None, *, browser: bool = True, port: int = 0) -> None:
    """Serve the page until it is told to stop; its address is printed alone on a line of standard output."""
    from cli.page import stages
    from review.server import Page

    page = Page(stages(), opened=case, port=port)
    say.result(page.address())
    where = "is open in your browser" if browser else "waits at this address"
    say.note(f"On the Record {where}. Keep this window; Ctrl-C or the page's menu stops it.")
    if browser:
        _show(page.address())
    with contextlib.suppress(KeyboardInterrupt):
        page.run()
    say.note("Stopped. Everything you decided is kept. To go on: onrecord review" + (f" {case}" if case else ""))


def _show(address: str) -> None:
    """Open the browser beside the server: it asks for the page as soon as it is up."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _in_terminal(folder: Path) -> None:
    import sys
    import tempfile

    from rich.console import Console

    from casefile.store import CaseStore
    from cli.clock import now
    from review.desk import Desk
    from review.sound import find_player
    from review.terminal import TerminalReview

    with CaseStore.open(folder) as store, tempfile.TemporaryDirectory(prefix="onrecord-") as scratch:
        player = find_player(store.sound(), clip=_clip, folder=Path(scratch))
        desk = Desk(store, by="parent (terminal)", now=now)
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
        TerminalReview(desk, console=console, ask=_ask, player=player).run()


def _clip(recording: Path, start_s: float, end_s: float, target: Path) -> Path:
    from review.sounds import write_stretch
    from transcribe.audio import open_sound

    return write_stretch(recording, start_s, end_s, target, open_sound)


def _ask(question: str) -> str:
    return input(question)
