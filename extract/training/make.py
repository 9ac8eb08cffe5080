"""Reads annotated scripts (scripts/*.txt) and, as a command, checks them and says what is in them.

    python -m extract.training.make [NAME ...] [--out FOLDER]     --out also writes them as meeting files

A script:
    # meeting_id: a01_ssd_reading        # date: 2026-10-14      # setting: one line       # style: clean | asr
    # no_school: 2026-11-25, 2026-11-26  # named: winter break=2026-12-21; end of quarter=2026-10-16
    # person: Dana Ruiz | parent         (one line each; a turn may use the first name, if it is the only one)
    Dana: I'd like the reading evaluation. <<r1 REQUEST action="evaluate reading" topic="evaluation">>
    Lamar: We're not going to do that. <<d1 DENIAL owner="Lamar Bell" action="refused a reading evaluation" ...
        ... topic="evaluation" links=r1 notice=refusal about=evaluation>>     (one line in the script)
    Lamar: I'll send the scores Friday. <<c1 COMMITMENT owner="Lamar Bell" action="send the scores" due="Friday" ...
        ... topic="records" date=2026-10-16>>
    Dana: Which Friday?  <<+c1>>         a turn needed to understand c1, not carrying it
    Lamar: This one, the sixteenth. <<c1>>   a further turn that carries c1
Keys: owner action topic due date condition links (comma between ids) status (active retracted superseded fulfilled)
status_turn=here; notice (refusal proposed_change refusal_504 softer none) and about (identification evaluation
placement fape) on a DENIAL or a changing AGREEMENT. Every DENIAL needs a link to a REQUEST and a notice.
README.md says what each kind is.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
TYPES: Final = ("AGREEMENT", "COMMITMENT", "DEFERRAL", "DENIAL", "REQUEST")
STATUS: Final = {"active", "retracted", "superseded", "fulfilled"}
NOTICE: Final = {"refusal", "proposed_change", "refusal_504", "softer", "none"}
NOTICES_ASKED: Final = ("refusal", "proposed_change", "refusal_504")
KEYS: Final = {"due": "deadline_text", "date": "deadline_date"} | {
    k: k for k in ("owner", "action", "topic", "condition", "status", "notice", "about", "links", "status_turn")
}
NEEDED: Final = ("meeting_id", "date", "setting", "style")


class Script:
    """One script as it is read: its head, people, turns, items, and what is wrong with it."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.people: list[dict[str, str]] = []
        self.turns: list[dict[str, str]] = []
        self.gold: dict[str, dict[str, Any]] = {}
        self.errors: list[str] = []

    def read_line(self, number: int, line: str) -> None:
        """Take one line in."""
        if line.startswith("#"):
            key, _, value = (part.strip() for part in line[1:].partition(":"))
            if key == "person":
                name, _, role = value.partition("|")
                self.people.append({"name": name.strip(), "role": role.strip()})
            else:
                self.head[key] = value
            return
        who, said, text = line.partition(":")
        names = [p["name"] for p in self.people]
        full = [n for n in names if n == who.strip()] or [n for n in names if who.strip() in n.split()]
        if not said or len(full) != 1:
            self.errors.append(f"line {number}: who speaks? {line[:50]}")
            return
        self.turns.append({"speaker": full[0], "text": re.sub(r"\s*<<.*?>>", "", text).strip()})
        for mark in re.findall(r"<<(.*?)>>", text):
            self._read_mark(number, mark)

    def _read_mark(self, number: int, mark: str) -> None:
        try:
            name, *parts = shlex.split(mark)
        except ValueError as error:
            self.errors.append(f"line {number}: {error}")
            return
        beside, name, here = name.startswith("+"), name.lstrip("+"), len(self.turns) - 1
        item = self.gold.setdefault(name, {"id": name, "turns": [], "anchors": [], "type": None, "line": number})
        if parts and parts[0] in TYPES:
            if item["type"]:
                self.errors.append(f"line {number}: {name} defined twice")
            item.update(dict.fromkeys(("owner", "action", "topic", "deadline_text", "deadline_date", "condition")))
            item.update({"type": parts.pop(0), "links": item.get("links", []), "status": "active"})
        for key, equals, value in (p.partition("=") for p in parts):
            if not equals or key not in KEYS:
                self.errors.append(f"line {number}: what is {key!r}?")
            elif key == "links":
                item["links"] = item.get("links", []) + [v.strip() for v in value.split(",") if v.strip()]
            else:
                item[KEYS[key]] = here if key == "status_turn" else value
        item["turns"].append(here)
        if not beside:
            item["anchors"].append(here)


def build(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return a script as a meeting file's content, and what is wrong with it."""
    script = Script()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            script.read_line(number, line.strip())
    script.errors += [f"no # {key}:" for key in NEEDED if not script.head.get(key)]
    _check(script)
    for item in script.gold.values():  # links run both ways
        for link in item.get("links", []):
            other = script.gold.get(link, {}).setdefault("links", [])
            if item["id"] not in other:
                other.append(item["id"])
    return _meeting(script), script.errors


def _check(script: Script) -> None:
    names = {p["name"] for p in script.people} | {"IEP team", "504 team"}
    for item in script.gold.values():
        where = f"{item['id']} (line {item.pop('line')})"
        if not item["type"]:
            script.errors.append(f"{where}: never defined")
            item.update({"links": [], "status": "active", "owner": None, "deadline_date": None, "topic": None})
            continue
        owners = [o.strip() for o in (item["owner"] or "").split(";") if o.strip()]
        wrong = [f"owner {o} is nobody here" for o in owners if o not in names]
        wrong += [f"link {link}" for link in item["links"] if link not in script.gold]
        wrong += ["no turn carries it"] * (not item["anchors"]) + ["no action"] * (not item["action"])
        wrong += ["no such status"] * (item["status"] not in STATUS)
        wrong += ["no owner"] * (item["type"] in ("COMMITMENT", "DENIAL") and not owners)
        if item["type"] == "DENIAL":
            answers = [i for i in item["links"] if script.gold.get(i, {}).get("type") == "REQUEST"]
            wrong += ["a denial answers a request (links=)"] * (not answers)
            wrong += [f"notice= one of {sorted(NOTICE)}"] * (item.get("notice") not in NOTICE)
        wrong += _due_errors(item, script.head.get("date", ""))
        script.errors += [f"{where}: {w}" for w in wrong]


def _due_errors(item: dict[str, Any], held_on: str) -> list[str]:
    if not item["deadline_date"]:
        return []
    try:
        due = datetime.date.fromisoformat(item["deadline_date"])
        late = due < datetime.date.fromisoformat(held_on)
    except ValueError as error:
        return [str(error)]
    return ["due before the meeting"] * late + ["date without due="] * (not item["deadline_text"])


def _meeting(script: Script) -> dict[str, Any]:
    head, named = script.head, (part.partition("=") for part in script.head.get("named", "").split(";"))
    items = sorted(script.gold.values(), key=lambda g: (g["anchors"] or g["turns"] or [0])[0])
    active = [g for g in items if g.get("status") == "active"]
    return {
        "meeting_date": head.get("date"),
        **{key: head.get(key) for key in ("meeting_id", "setting", "style")},
        "calendar": {
            "no_school": [d.strip() for d in head.get("no_school", "").split(",") if d.strip()],
            "named": {k.strip(): v.strip() for k, _, v in named if v},
        },
        "participants": script.people,
        "turns": script.turns,
        "gold": items,
        "expected_followup": [
            {"kind": g["type"], "gold": [g["id"]], "text": g.get("action")}
            for g in active
            if g["type"] != "REQUEST" or not g["links"]
        ],
        "expected_pwn": [_notice(g, script.gold) for g in active if g.get("notice") in NOTICES_ASKED],
    }


def _notice(item: dict[str, Any], gold: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": item["notice"],
        "topic": item["topic"],
        "text": item.get("action"),
        "request": [i for i in item["links"] if gold.get(i, {}).get("type") == "REQUEST"],
        "denial" if item["type"] == "DENIAL" else "agreement": item["id"],
    }


def main() -> None:
    """Check the scripts the command line names, all if it names none; exits 1 where one has errors."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("names", nargs="*")
    ask.add_argument("--out", type=Path)
    asked = ask.parse_args()
    total, bad = collections.Counter[str](), 0
    for path in sorted((HERE / "scripts").glob("*.txt")):
        if asked.names and not path.stem.startswith(tuple(asked.names)):
            continue
        meeting, errors = build(path)
        count = collections.Counter(g["type"] for g in meeting["gold"]) + collections.Counter(
            turns=len(meeting["turns"])
        )
        print(*(f"{path.name}: {error}" for error in errors), f"{path.name}: {dict(count)}", sep="\n")
        bad += bool(errors)
        total += count
        if asked.out and not errors:
            asked.out.mkdir(exist_ok=True)
            text = json.dumps(meeting, indent=1, ensure_ascii=False) + "\n"
            (asked.out / f"{path.stem}.json").write_text(text, encoding="utf-8")
    print(f"all: {dict(total)}, {bad} scripts with errors")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
