"""The rules, read from `rules/*.toml`: cues of the five kinds, and of what turns a cue's meaning.

Unknown keys, doubled ids and cues that do not compile are refused with the file and the rule named.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal, get_args

from casefile.records import Kind

Scope = Literal["negation", "hedge", "condition", "past", "reported", "habit"]
Direction = Literal["forward", "backward", "both", "terminate", "pseudo"]
Strength = Literal["sure", "fair", "weak"]
By = Literal["school", "family", "any"]
After = Literal["any", "request", "question", "proposal", "promise"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One cue and what it says.

    A rule of one of the five kinds finds; one of a scope kind turns what stands in its direction within the clause; one
    with direction "pseudo" undoes the hits of its kind that it covers.
    """

    id: str
    kind: Kind | Scope
    cue: str  # a regular expression over the view: lower case, marks kept
    why: str
    finds: tuple[str, ...]  # "parent: Can you? | school: Sure." where the turns before matter
    passes: tuple[str, ...]
    direction: Direction = "both"
    strength: Strength = "fair"
    by: By = "any"  # whose words these must be, where it is known who speaks
    after: After = "any"  # what the talk just before must hold
    within: Literal["clause", "sentence", "turn"] = "sentence"
    asked: Literal["any", "no", "only"] = "no"  # whether a question may carry it
    unless: tuple[Scope, ...] = ()  # scopes that undo it
    pattern: re.Pattern[str] = re.compile("")


_KEYS: Final = {f.name for f in fields(Rule)} - {"pattern"}


class RuleError(ValueError):
    """A rule file is not as it should be; names the file and the rule."""


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """Return every rule that ships, in order of file and place; raises RuleError."""
    folder = resources.files("extract") / "rules"
    rules: list[Rule] = []
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        rules += read_rules(file.read_text(encoding="utf8"), file=file.name)
    doubled = {r.id for r in rules if sum(r.id == other.id for other in rules) > 1}
    if doubled:
        raise RuleError(f"ids used twice: {', '.join(sorted(doubled))}")
    return tuple(rules)


def read_rules(text: str, *, file: str) -> tuple[Rule, ...]:
    """Return the rules of one file's text; `[words]` holds lists a cue may name as `{name}`. Raises RuleError."""
    plain = tomllib.loads(text)
    unknown = set(plain) - {"rule", "words"}
    if unknown:
        raise RuleError(f"{file}: unknown table {sorted(unknown)}")
    words = {name: "(?:" + "|".join(many) + ")" for name, many in plain.get("words", {}).items()}
    return tuple(_rule(raw, words, file) for raw in plain.get("rule", []))


def _rule(raw: dict[str, Any], words: dict[str, str], file: str) -> Rule:
    where = f"{file}: {raw.get('id', '?')}"
    if set(raw) - _KEYS:
        raise RuleError(f"{where}: unknown keys {sorted(set(raw) - _KEYS)}")
    missing = {"id", "kind", "cue", "why", "finds", "passes"} - set(raw)
    if missing:
        raise RuleError(f"{where}: lacks {sorted(missing)}")
    allowed = {"kind": (*KINDS, *SCOPES), "direction": get_args(Direction), "strength": get_args(Strength)}
    allowed |= {"by": get_args(By), "after": get_args(After), "asked": ("any", "no", "only")}
    for key, values in allowed.items():
        if raw.get(key, values[0]) not in values:
            raise RuleError(f"{where}: {key} is one of {', '.join(values)}")
    cue = raw["cue"]
    for name, pattern in words.items():
        cue = cue.replace("{" + name + "}", pattern)
    try:
        compiled = re.compile(cue)
    except re.error as wrong:
        raise RuleError(f"{where}: the cue does not compile: {wrong}") from wrong
    lists: dict[str, Any] = {k: tuple(raw[k]) for k in ("finds", "passes", "unless") if k in raw}
    values_: dict[str, Any] = raw | lists
    return Rule(**values_, pattern=compiled)
