"""What a recogniser may have made up is marked with a reason, and kept."""

from __future__ import annotations

import pytest

from casefile.records import Turn, Word
from transcribe.inventions import GUESSED, LOOP, NO_VOICE, PHANTOM, TOO_FAST, is_loop, mark_inventions
from transcribe.sound import Span


def said(text: str, start_s: float = 10.0, *, word_s: float = 0.3, probability: float = 0.9) -> Turn:
    words = tuple(
        Word(start_s=start_s + i * word_s, end_s=start_s + (i + 1) * word_s, text=w, probability=probability)
        for i, w in enumerate(text.split())
    )
    return Turn(text=text, start_s=words[0].start_s, end_s=words[-1].end_s, words=words)


TALK = (Span(0.0, 60.0),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Thank you for watching!", PHANTOM),
        ("Thanks for watching.", PHANTOM),
        ("Subtitles by the Amara.org community", PHANTOM),
        ("Please subscribe to my channel.", PHANTOM),
        ("Transcription by CastingWords", PHANTOM),
        ("♪♪", PHANTOM),
        ("[Music]", PHANTOM),
        ("I don't know. I don't know. I don't know. I don't know.", LOOP),
        ("No no no no no no no no", LOOP),
        # said at meetings, and not to be doubted
        ("Thank you for coming today.", None),
        ("We watch him closely in speech, and thank you for asking.", None),
        ("No, no, no, we never agreed to that.", None),
        ("He uses captions in class, and the captions help.", None),
        ("He was transcribing his notes by hand.", None),
        ("Music is on Tuesdays.", None),
        ("We will subscribe to the reading program.", None),
        ("Thank you.", None),
        ("He did it again and again and again.", None),
    ],
)
def test_known_inventions_are_doubted_and_talk_is_not(text: str, reason: str | None) -> None:
    (made,) = mark_inventions([said(text)], TALK)
    assert made.doubt == reason
    assert made.text == text


def test_words_over_silence_are_doubted_and_kept() -> None:
    turns = [said("We will send it Friday.", 10.0), said("Thank you.", 40.0), said("Right, and then we meet.", 70.0)]
    made = mark_inventions(turns, (Span(9.5, 12.0), Span(70.2, 80.0)))
    assert [t.doubt for t in made] == [None, NO_VOICE, None]
    assert [t.text for t in made] == [t.text for t in turns]


def test_without_knowing_where_voices_are_only_the_words_are_judged() -> None:
    assert mark_inventions([said("We agree.")])[0].doubt is None
    assert mark_inventions([said("We agree.")], ())[0].doubt == NO_VOICE


def test_the_same_line_three_times_over_is_a_loop_but_short_answers_repeat() -> None:
    looped = [said("We will look into that.", float(t)) for t in (10, 14, 18)]
    assert {t.doubt for t in mark_inventions(looped, TALK)} == {LOOP}
    assert {t.doubt for t in mark_inventions(looped[:2], TALK)} == {None}
    assert {t.doubt for t in mark_inventions([said("Okay.", float(t)) for t in (10, 12, 14)], TALK)} == {None}


def test_guesses_and_impossible_haste_are_doubted() -> None:
    assert mark_inventions([said("We made that up here.", probability=0.2)], TALK)[0].doubt == GUESSED
    assert (
        mark_inventions([said("one two three four five six seven eight nine", word_s=0.05)], TALK)[0].doubt == TOO_FAST
    )
    assert mark_inventions([said("Thank you.", probability=0.05 + 0.3)], (Span(10.3, 60.0),))[0].doubt == PHANTOM


def test_the_recognisers_own_doubt_stays() -> None:
    turn = Turn(text="Thank you for watching!", start_s=1.0, end_s=2.0, doubt="its own reason")
    assert mark_inventions([turn], TALK)[0].doubt == "its own reason"


def test_a_long_list_is_no_loop() -> None:
    assert not is_loop("Ten minutes on Monday, ten minutes on Tuesday, twenty minutes on Thursday with the aide.")
    assert is_loop("and the goal is the goal is the goal is the goal is met")
