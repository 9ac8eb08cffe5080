"""The templates: the program's own, and the user's folder that goes before them."""

from __future__ import annotations

import hashlib
import os
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import jinja2
import platformdirs
from jinja2.sandbox import SandboxedEnvironment

from casefile.files import telling
from draft.errors import LetterError

SUFFIX = ".j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template file."""

    name: str  # "followup"
    text: str
    own: bool  # the program's own, not the user's

    @property
    def version(self) -> str:
        """Id and version: the name, and what tells this text from any other."""
        return f"{self.name}@{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    @property
    def file(self) -> str:
        """The file's name, for messages."""
        return f"{self.name}{SUFFIX}"


def user_folder() -> Path:
    """Return the folder of the user's own templates: beside the cases, where ONRECORD_HOME or the system has them."""
    home = os.environ.get("ONRECORD_HOME") or platformdirs.user_data_dir("onrecord", appauthor=False)
    return Path(home).expanduser() / "templates"


def find_template(name: str, folder: Path | None) -> Template:
    """Return the template in the user's `folder`, else the program's own; raises LetterError for an unknown name."""
    if folder and (own := folder / f"{name}{SUFFIX}").is_file():
        with telling(own):
            try:
                return Template(name=name, text=own.read_text(encoding="utf-8-sig"), own=False)
            except UnicodeDecodeError as wrong:
                raise LetterError(
                    f"{own.name} is not plain text in UTF-8.", next_step='Save it again as "UTF-8" text.'
                ) from wrong
    return Template(name=name, text=_own_text(name), own=True)


@lru_cache
def _own_text(name: str) -> str:
    file = resources.files("draft").joinpath("templates", f"{name}{SUFFIX}")
    if not re.fullmatch(r"_?[a-z0-9_-]+", name) or not file.is_file():
        raise LetterError(f'There is no letter "{name}".', next_step="`onrecord letter --help` lists the letters.")
    return file.read_text(encoding="utf8")


def template_names() -> tuple[str, ...]:
    """Return the names of the program's own templates; parts that others include start with "_"."""
    names = (f.name.removesuffix(SUFFIX) for f in resources.files("draft").joinpath("templates").iterdir())
    return tuple(sorted(n for n in names if not n.startswith(("_", "."))))


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Return the words of the program's own templates: what a letter may say without a source."""
    folder = resources.files("draft").joinpath("templates")
    texts = (f.read_text(encoding="utf8") for f in folder.iterdir() if f.name.endswith(SUFFIX))
    return frozenset(w for t in texts for w in re.findall(r"[\w’']+", _TAGS.sub(" ", t))) | _PLANS


_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PLANS = frozenset(["IEP", "Section", "DESE"])  # written by the program, not by a template


def render(template: Template, values: Mapping[str, object], folder: Path | None) -> str:
    """Return the template filled with `values`; raises LetterError with the file and line where it breaks."""
    try:
        return _environment(folder).get_template(template.file).render(values)
    except jinja2.TemplateSyntaxError as wrong:
        raise _broken(wrong.name or template.file, wrong.lineno, str(wrong.message)) from wrong
    except LetterError as wrong:
        raise _broken(template.file, _line(wrong), wrong.what) from wrong
    except Exception as wrong:  # whatever a changed template can do wrong: a template is somebody's text
        raise _broken(template.file, _line(wrong), str(wrong)) from wrong


_ONLY_TAGS = re.compile(r"\s*(?:\{%(?!-?\s*include).*?%\}|\{#.*?#\})*\s*")


def _whole_lines(text: str) -> str:
    """Return a template in which only a line made of nothing but tags vanishes; any other keeps its line break.

    Jinja's trim_blocks would join a line that ends in a tag to the next one without a space.
    """
    lines = text.splitlines()
    return "\n".join(
        line if _ONLY_TAGS.fullmatch(line) or line.endswith(("-%}", "+%}")) else re.sub(r"%\}$", "+%}", line)
        for line in (line.rstrip() for line in lines)
    )


@lru_cache(maxsize=4)
def _environment(folder: Path | None) -> SandboxedEnvironment:
    def load(file: str) -> tuple[str, str, Callable[[], bool]]:
        name = file.removesuffix(SUFFIX)
        text = find_template(name, folder).text
        return (
            _whole_lines(text),
            file,
            lambda: find_template(name, folder).text == text,
        )  # a changed file is read again

    return SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # a template makes plain words; each form escapes them for itself
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _line(wrong: BaseException) -> int | None:
    lines = [f.lineno for f in traceback.extract_tb(wrong.__traceback__) if f.filename.endswith(SUFFIX)]
    return lines[-1] if lines else None


def _broken(file: str, line: int | None, why: str) -> LetterError:
    where = f", line {line}" if line else ""
    return LetterError(
        f"The template {file}{where} does not work: {why.rstrip('.')}.",
        next_step="Mend that line, or move your file out of the templates folder to use the program's own.",
    )
