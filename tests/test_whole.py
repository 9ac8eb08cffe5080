"""What holds for the project as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cli.main import build

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".html", ".css", ".js", ".j2", ".csv", ".cfg", ".typ", ""}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def commands() -> dict[str, object]:
    found = dict(get_command(build()).commands)  # type: ignore[attr-defined]
    assert len(found) >= 8
    return found


def test_imports_keep_their_direction() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_command_has_help_with_an_example() -> None:
    every = dict(commands())
    for group, command in commands().items():
        every |= {f"{group} {name}": inner for name, inner in getattr(command, "commands", {}).items()}
    assert len(every) > len(commands())
    assert [name for name, command in every.items() if f"onrecord {name}" not in (command.help or "")] == []  # type: ignore[attr-defined]


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert [name for name in commands() if f"onrecord {name}" not in readme] == []


def test_help_loads_no_heavy_library() -> None:
    heavy = "numpy spacy dateparser av faster_whisper ctranslate2 onnxruntime starlette docx typst jinja2"
    script = (
        f"import sys; from cli.main import build; build(); print(sorted(set('{heavy}'.split()) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_machine_or_a_registry() -> None:
    # The words are put together here, so that this file does not name them either.
    paths = "|".join("/" + name + "/" for name in ("work", "farm", "root", "Users"))
    hosts = "|".join(
        re.escape(a + b) for a, b in (("pypi", ".org"), ("debian", ".org"), ("npmjs", ".org"), ("pythonhosted", ".org"))
    )
    leak = re.compile(rf"(?<![\w:/.~-])(?:{paths})|{hosts}")
    looked, found = 0, []
    for path in tracked():
        if path.suffix in TEXT and path.is_file():
            looked += 1
            found += [
                f"{path.name}: {m.group()}" for m in leak.finditer(path.read_text(encoding="utf8", errors="replace"))
            ]
    assert looked > 50
    assert found == []


def test_no_tracked_file_is_needlessly_large() -> None:
    large = [
        f"{p.relative_to(ROOT)} {p.stat().st_size >> 10} KiB"
        for p in tracked()
        if p.is_file() and p.stat().st_size > 25 << 20
    ]
    assert large == []


@pytest.mark.parametrize("wrong", [["run"], ["nonsense"], ["run", "a.m4a", "--date", "soon"]])
def test_a_wrong_command_line_leaves_with_2(wrong: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "cli", *wrong], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""


def test_every_model_is_opened_with_telemetry_off() -> None:
    opened = [p for p in ROOT.glob("*/*.py") if p.parent.name != "tests"]
    opened = [p for p in opened if re.search(r"InferenceSession\(|get_vad_model\(", p.read_text(encoding="utf8"))]
    assert len(opened) >= 3
    assert [p.name for p in opened if "disable_telemetry_events" not in p.read_text(encoding="utf8")] == []
