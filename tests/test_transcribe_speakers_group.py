"""Windows of sound become people: with made-up vectors whose people are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from transcribe.sound import Span
from transcribe.speakers_group import NOBODY, Windows, follow, group, join_alike, lasting, middles, numbered
from transcribe.speakers_lay import lay_windows, speech_spans

HOP_S = 0.5
FAR = 1.1  # noise of a far voice: two windows of one person then agree at some 0.45


def meeting(people: NDArray[np.int_], *, noise: float = FAR, seed: int = 1) -> Windows:
    """Return windows in which these people speak one after the other, in noise that lasts about as long as a window."""
    chance = np.random.default_rng(seed)
    voices = np.linalg.qr(chance.normal(size=(64, 64)))[0][: people.max() + 1]
    rough = chance.normal(size=(len(people) + 2, 64)) / 8
    smooth = (rough[:-2] + rough[1:-1] + rough[2:]) / np.sqrt(3)  # neighbours share sound
    vectors = voices[people] + noise * smooth
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Windows(vectors, np.arange(len(people)) * HOP_S + 0.8, np.ones(len(people)), 1.55)


def told(windows: Windows, *, most: int | None = None, least: float = 4) -> NDArray[np.intp]:
    labels = group(windows, apart=0.58, least=4)
    labels = join_alike(windows, labels, alike=0.74, known_alike=0.66)
    labels = numbered(labels, windows.weights, least)
    labels = join_alike(windows, labels, alike=0.74, known_alike=0.66, most=most)
    return numbered(labels, windows.weights, 0)


def turns_of(count: int, length: int, seed: int = 5) -> NDArray[np.int_]:
    chance = np.random.default_rng(seed)
    return np.repeat(np.concatenate([np.arange(count), chance.integers(0, count, length // 12)]), 12)[:length]


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_far_voices_are_counted(count: int) -> None:
    people = turns_of(count, 400)
    labels = told(meeting(people))
    assert labels.max() + 1 == count
    known = labels != NOBODY
    assert known.mean() > 0.9
    for voice in range(count):  # every group is one person
        assert len(set(people[known & (labels == voice)])) == 1


def test_the_count_does_not_grow_with_the_length() -> None:
    once = turns_of(7, 900)
    hours = np.tile(once, 9)  # more than an hour, grouped in several parts
    assert told(meeting(hours), least=0.008 * len(hours)).max() + 1 == 7


def test_no_more_people_than_asked_for_and_the_likest_are_joined() -> None:
    people = turns_of(5, 600)
    windows = meeting(people)
    labels = told(windows, most=3)
    assert labels.max() + 1 == 3
    for person in range(5):  # nobody is torn apart by it
        theirs = labels[(people == person) & (labels != NOBODY)]
        assert np.bincount(theirs).max() / len(theirs) > 0.95


def test_a_cough_is_nobody() -> None:
    people = np.concatenate([np.zeros(60, int), np.ones(60, int), np.full(2, 2), np.zeros(30, int)])
    labels = told(meeting(people))
    assert labels.max() + 1 == 2
    assert set(labels[120:122]) <= {NOBODY, 0, 1}


def test_who_never_speaks_for_a_while_is_nobody() -> None:
    labels = np.array([0, 0, 0, 0, 2, 1, 1, 2, 1, 1, 1, 2])
    assert lasting(labels, np.ones(12), 3).tolist() == [0, 0, 0, 0, -1, 1, 1, -1, 1, 1, 1, -1]
    assert lasting(labels, np.ones(12), 9).tolist() == labels.tolist()
    assert lasting(np.array([-1, 0, 0]), np.ones(3), 2).tolist() == [-1, 0, 0]


def test_groups_are_counted_without_gaps_and_one_always_stays() -> None:
    weights = np.ones(6)
    assert numbered(np.array([4, 4, NOBODY, 7, 7, 7]), weights, 2).tolist() == [0, 0, NOBODY, 1, 1, 1]
    assert numbered(np.array([4, 4, NOBODY, 7, 7, 7]), weights, 3).tolist() == [NOBODY] * 3 + [0] * 3
    assert numbered(np.array([4, 4, 4, 7, 7, 7]), weights, 99).max() == 0
    assert numbered(np.full(3, NOBODY), np.ones(3), 1).tolist() == [0, 0, 0]


def test_short_windows_weigh_less_in_a_middle() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]])
    windows = Windows(vectors, np.array([1.0, 2.0]), np.array([1.0, 0.25]), 1.0)
    assert middles(windows, np.zeros(2, np.intp))[0] == pytest.approx([0.970, 0.243], abs=0.001)


def test_a_change_of_voice_has_its_price() -> None:
    scores = np.array([[0.5, 0.1]] * 5 + [[0.2, 0.4]] * 2 + [[0.5, 0.1]] * 5)  # a wobble worth 0.4 in all
    assert follow(scores, switch=1.0).tolist() == [0] * 12
    assert follow(scores, switch=0.1).tolist() == [0] * 5 + [1] * 2 + [0] * 5


def test_speech_begins_and_ends_where_the_detector_says() -> None:
    probabilities = np.zeros(400, np.float32)
    probabilities[100:150] = 0.9
    probabilities[153:156] = 0.2  # a pause of a tenth of a second
    probabilities[156:180] = 0.5
    probabilities[300:302] = 0.9  # too short to be a word
    spans = speech_spans(probabilities, 400 * 0.032)
    assert [(round(s.start_s, 2), round(s.end_s, 2)) for s in spans] == [(3.10, 5.86)]
    assert speech_spans(np.zeros(0, np.float32), 0.0) == ()


def test_windows_cover_every_span_in_order() -> None:
    spans = (Span(0.0, 0.3), Span(2.0, 3.3), Span(5.0, 11.0))
    laid = lay_windows(spans, length_s=1.6, shortest_s=0.8, hop_s=0.5)
    assert laid[:2] == ((0.0, 0.8), (pytest.approx(2.05), pytest.approx(1.2)))
    long = laid[2:]
    assert long[0][0] == 5.0
    assert long[-1][0] + 1.6 == pytest.approx(11.0)
    gaps = np.diff([s for s, _ in long])
    assert gaps.max() <= 0.5
    assert list(laid) == sorted(laid)
