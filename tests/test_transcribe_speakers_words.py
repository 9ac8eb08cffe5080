"""Voices are given to words, and lines are cut where the voice changes, not more often."""

from __future__ import annotations

from casefile.records import Turn, Word
from transcribe.speakers_table import Spoken
from transcribe.speakers_words import give_voices

WORD_S = 0.3


def said(text: str, start_s: float = 0.0, pauses: dict[int, float] | None = None) -> Turn:
    """Return a turn of words of 0.3 s each, with longer pauses before some of them."""
    words, at = [], start_s
    for n, word in enumerate(text.split()):
        at += (pauses or {}).get(n, 0.0)
        words.append(Word(start_s=at, end_s=at + WORD_S, text=word, probability=0.9))
        at += WORD_S
    return Turn(text=text, start_s=start_s, end_s=at, words=tuple(words))


def spoken(*stretches: tuple[float, float, int], margin: float = 0.4) -> tuple[Spoken, ...]:
    return tuple(Spoken(start_s=a, end_s=b, voice=v, margin=margin) for a, b, v in stretches)


def shown(turns: tuple[Turn, ...]) -> list[tuple[str | None, str]]:
    return [(t.speaker, t.text) for t in turns]


def test_a_line_is_cut_where_another_person_goes_on() -> None:
    turn = said("We will send the draft by Friday. Thank you that helps us a lot.")
    made = give_voices([turn], spoken((0, 2.1, 3), (2.1, 4.2, 0)))
    assert shown(made) == [("S1", "We will send the draft by Friday."), ("S2", "Thank you that helps us a lot.")]
    assert [w for t in made for w in t.words] == list(turn.words)
    assert (made[0].start_s, made[-1].end_s) == (turn.start_s, turn.end_s)


def test_a_wobble_inside_a_sentence_cuts_nothing() -> None:
    turn = said("We will send the draft of the plan to you by Friday.")
    made = give_voices([turn], spoken((0, 1.2, 0), (1.2, 1.8, 1), (1.8, 4, 0)))
    assert shown(made) == [("S1", turn.text)]
    assert not made[0].several_voices


def test_a_short_answer_between_pauses_is_a_line_of_its_own() -> None:
    turn = said("Can you come on Monday? Yes. Good then we meet at nine.", pauses={5: 0.4, 6: 0.4})
    made = give_voices([turn], spoken((0, 1.5, 0), (1.8, 2.4, 1), (2.5, 5, 0)))
    assert shown(made) == [("S1", "Can you come on Monday?"), ("S2", "Yes."), ("S1", "Good then we meet at nine.")]


def test_a_cut_moves_to_the_end_of_the_sentence() -> None:
    turn = said("That is our offer for this year. Then I want it in writing please.")
    made = give_voices([turn], spoken((0, 1.8, 0), (1.8, 5, 1)))  # heard one word too early
    assert shown(made) == [("S1", "That is our offer for this year."), ("S2", "Then I want it in writing please.")]


def test_a_line_with_much_of_another_voice_has_several_voices_and_is_less_sure() -> None:
    turn = said("no but we have to look at that first of all")
    made = give_voices([turn], spoken((0, 0.9, 0), (0.9, 1.8, 1), (1.8, 3.1, 0)))
    assert [(t.speaker, t.several_voices) for t in made] == [("S1", True)]
    assert made[0].speaker_confidence is not None
    assert made[0].speaker_confidence <= 0.6


def test_where_no_voice_is_nobody_is_named() -> None:
    made = give_voices([said("Thank you.", 50.0), said("We agree.", 100.0)], spoken((100, 101, 4)))
    assert shown(made) == [(None, "Thank you."), ("S1", "We agree.")]
    assert made[0].speaker_confidence is None


def test_confidence_follows_the_margin() -> None:
    turn = said("We agree to that.")
    sure, torn = (give_voices([turn], spoken((0, 2, 0), margin=m))[0].speaker_confidence for m in (0.4, 0.05))
    assert sure is not None
    assert torn is not None
    assert sure > 0.95
    assert torn < 0.55


def test_labels_count_from_the_first_line_and_are_the_same_again() -> None:
    turns = [said("Good morning.", 10.0), said("Hello.", 20.0), said("So let us begin.", 30.0)]
    voices = spoken((0, 5, 9), (10, 11, 4), (20, 21, 2), (30, 32, 4))
    assert [t.speaker for t in give_voices(turns, voices)] == ["S1", "S2", "S1"]
    assert give_voices(turns, voices) == give_voices(turns, voices)


def test_a_line_without_word_times_goes_to_who_speaks_most_of_it() -> None:
    turn = Turn(text="A typed line.", start_s=0.0, end_s=10.0)
    made = give_voices([turn], spoken((0, 2, 0), (2, 10, 1)))
    assert (made[0].speaker, made[0].several_voices) == ("S1", False)
    assert give_voices([Turn(text="No times.")], spoken((0, 2, 0)))[0].speaker is None


def test_doubt_stays_with_every_part_of_a_cut_line() -> None:
    from dataclasses import replace

    turn = replace(said("We will send the draft by Friday. Thank you that helps us a lot."), doubt="a reason")
    assert [t.doubt for t in give_voices([turn], spoken((0, 2.1, 3), (2.1, 4.2, 0)))] == ["a reason"] * 2
