"""The page's HTML: Jinja templates with escaping on, and what each of them needs."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casefile.files import write_private
from review import plain
from review.views import shown_people

if TYPE_CHECKING:
    from review.server import Page

THEMES = ("auto", "light", "dark")


class Shell:
    """The templates and the page's own few settings."""

    def __init__(self, folder: Path, shown: Page) -> None:
        self.shown = shown
        self.jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.jinja.filters["clock"] = plain.clock
        self.jinja.filters.update(day=plain.day, people=shown_people, due_words=plain.due_words)
        self.jinja.globals.update(kinds=plain.KIND_WORDS, kind_help=plain.KIND_HELP, abouts=plain.ABOUT_WORDS)

    def render(self, name: str, values: dict[str, Any]) -> str:
        """Return a template filled in."""
        base = {"csrf": self.shown.keys.csrf, "settings": self.settings(), "version": version("onrecord")}
        return self.jinja.get_template(name).render(base | values)

    def settings(self) -> dict[str, Any]:
        """Return the page's settings, the usual ones where none were made."""
        usual = {"theme": "auto", "keys": True, "speed": 1.0}
        try:
            kept = json.loads(self.shown.stages.settings.read_text("utf8"))
        except (OSError, ValueError):
            return usual
        return usual | {k: v for k, v in kept.items() if k in usual} if isinstance(kept, dict) else usual

    def change_settings(self, theme: str | None, keys: bool | None, speed: float | None) -> None:
        """Keep changed settings."""
        new = self.settings()
        if theme in THEMES:
            new["theme"] = theme
        if keys is not None:
            new["keys"] = keys
        if speed is not None:
            new["speed"] = min(2.0, max(0.5, speed))
        self.shown.stages.settings.parent.mkdir(parents=True, exist_ok=True)
        write_private(self.shown.stages.settings, json.dumps(new))


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
    """Return a template as an answer."""
    shell: Shell = request.app.state.shell
    return HTMLResponse(shell.render(name, {"room": None, "step": ""} | values), status_code=status)


@cache
def glossary() -> tuple[dict[str, str], ...]:
    """Return the words a school uses and what they mean, the longer first so that they are found first."""
    with (Path(__file__).parent / "glossary.csv").open(encoding="utf8", newline="") as file:
        rows = [{"term": r["term"], "meaning": r["expansion"]} for r in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda r: -len(r["term"])))
