"""`onrecord`: the commands, each in the module of its stage."""

from __future__ import annotations

import importlib
import sys

import typer

from casefile.errors import CaseError
from cli import say

# In the order of the work; a module adds its commands to the app.
MODULES = ("run", "hear", "find", "review", "letters", "post", "voices")


def build() -> typer.Typer:
    """Return the app with every command."""
    app = typer.Typer(
        name="onrecord",
        help="What was promised and refused at an IEP or 504 meeting, from your own recording. "
        "Everything stays on this computer but what you send. Not legal advice.",
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in MODULES:
        importlib.import_module(f"cli.{name}").register(app)

    @app.callback(invoke_without_command=True)
    def open_page(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            from cli.review import open_page

            open_page()

    return app


def main() -> None:
    """Run the command line; leaves with 1 and one plain message where the user can mend the cause."""
    sys.stdout.reconfigure(encoding="utf8") if hasattr(sys.stdout, "reconfigure") else None
    try:
        build()()
    except CaseError as error:
        say.trouble(error)
        sys.exit(1)
    except KeyboardInterrupt:
        say.note("Stopped. What is done is kept; the same command goes on from here.")
        sys.exit(130)


if __name__ == "__main__":
    main()
