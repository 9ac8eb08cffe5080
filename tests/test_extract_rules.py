"""Every rule finds what it says it finds and passes what it says it passes."""

from __future__ import annotations

import pytest

from extract.match import Before, hits_in
from extract.rules import KINDS, Rule, RuleError, load_rules, read_rules
from extract.talk import before_turn
from extract.view import view_of

RULES = load_rules()
PLAIN = '[[rule]]\nid = "a"\nkind = "denial"\nwhy = ""\nfinds = []\npasses = []\n'


def fires(rule: Rule, said: str) -> bool:
    """Tell whether a rule fires on the last line of `said` ("parent: Can you? | school: Sure.")."""
    lines = [line.partition(": ") if ": " in line else ("", "", line) for line in said.split(" | ")]
    sides = [{"parent": "family", "school": "school"}.get(who, "unknown") for who, _, _ in lines]
    views = [view_of(text.strip()) for _, _, text in lines]
    before = before_turn(views, sides, len(lines) - 1) if len(lines) > 1 else Before()
    side = sides[-1] if sides[-1] != "unknown" else "unknown"
    if rule.kind in KINDS and rule.direction != "pseudo":
        return any(h.rule.id == rule.id for h in hits_in(views[-1], side=side, before=before))
    return bool(rule.pattern.search(views[-1].text))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_finds_and_passes_what_it_says(rule: Rule) -> None:
    assert rule.finds
    assert rule.passes
    for said in rule.finds:
        assert fires(rule, said), said
    for said in rule.passes:
        assert not fires(rule, said), said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f'{PLAIN}cue = "("', "does not compile"),
        (
            '[[rule]]\nid = "a"\nkind = "denial"\ncue = "x"\nwhy = ""\nfinds = []\npasses = []\ncolour = 1',
            "unknown keys",
        ),
        ('[[rule]]\nid = "a"\nkind = "nonsense"\ncue = "x"\nwhy = ""\nfinds = []\npasses = []', "kind is one of"),
        ('[[rule]]\nid = "a"\nkind = "denial"\ncue = "x"', "lacks"),
        ("[[rules]]", "unknown table"),
    ],
)
def test_a_wrong_rule_file_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(RuleError, match=named) as wrong:
        read_rules(text, file="odd.toml")
    assert "odd.toml" in str(wrong.value)
