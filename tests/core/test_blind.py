"""The blind sample: fair draws, a threshold that keeps its promise, and a careful sentence about anchoring."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.blind import Anchoring, BlindPlace, draw, fewest_coded, group_threshold, threshold

PLACES = {group: [BlindPlace(n, 0, 5, "orden") for n in range(count)] for group, count in (("a", 50), ("b", 7))}


def test_as_many_as_asked_are_drawn_of_each_group_or_all_it_has() -> None:
    drawn = draw(PLACES, 30, seed=4)
    assert [sum(place in PLACES[group] for place in drawn[:30]) for group in ("a",)] == [30]
    assert drawn[30:] == PLACES["b"]
    assert [place.transcript for place in drawn[:30]] == sorted({place.transcript for place in drawn[:30]})


def test_the_same_seed_draws_the_same_whatever_the_other_groups_are() -> None:
    assert draw(PLACES, 10, seed=4)[:10] == draw({"a": PLACES["a"]}, 10, seed=4)
    assert draw(PLACES, 10, seed=4) != draw(PLACES, 10, seed=5)


def test_every_place_is_as_likely() -> None:
    times = [0] * 10
    for seed in range(2000):
        for place in draw({"a": PLACES["a"][:10]}, 3, seed):
            times[place.transcript] += 1
    assert all(500 < n < 700 for n in times), times


def test_the_threshold_has_the_correction_for_a_finite_sample() -> None:
    """Of 39 coded places two may be missed, of 19 to 38 one, of 18 none: then everything is shown."""
    scores = [place / 100 for place in range(1, 40)]
    assert threshold(scores, [True] * 39) == 0.02
    assert threshold(scores[:19], [True] * 19) == 0.01
    assert threshold(scores[:18], [True] * 18) == 0.0
    assert threshold(scores, [True] * 39, recall=0.5) == 0.2
    assert fewest_coded() == 19 and fewest_coded(0.9) == 9


def test_places_with_nothing_to_code_do_not_move_the_threshold() -> None:
    scores = [place / 100 for place in range(1, 40)]
    assert threshold([*scores, 0.001, 0.9], [*[True] * 39, False, False]) == threshold(scores, [True] * 39)


@given(st.integers(19, 60), st.integers(0, 10_000))
def test_no_more_are_missed_than_the_promise_allows(coded: int, seed: int) -> None:
    chance = Random(seed)
    scores = [chance.random() for _ in range(coded)]
    least = threshold(scores, [True] * coded)
    assert sum(score < least for score in scores) / (coded + 1) <= 0.05


def test_new_places_are_found_as_promised_on_average() -> None:
    """Drawn 4,000 times: a new place from the same source is shown in 95 % or slightly more."""
    chance, shown = Random(1), 0
    for _ in range(4000):
        *scores, new = [chance.betavariate(2, 1) for _ in range(31)]
        shown += new >= threshold(scores, [True] * 30)
    assert 0.95 <= shown / 4000 <= 0.98


def test_a_group_that_is_harder_lowers_the_threshold_when_it_has_enough() -> None:
    scores = [0.8] * 60 + [0.1] * 20
    groups = ["a"] * 60 + ["b"] * 20
    assert group_threshold(scores, [True] * 80, groups) == 0.1
    few = [*scores[:60], *[0.1] * 3]
    assert group_threshold(few, [True] * 63, groups[:63]) == 0.1
    assert group_threshold(few[:62], [True] * 62, groups[:62]) == 0.8


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Anchoring(90, 100, 40, 100), "verkar styra"),
        (Anchoring(50, 100, 48, 100), "kan vara en slump"),
        (Anchoring(40, 100, 90, 100), "snarare tvärtom"),
        (Anchoring(4, 4, 1, 100), "för lite underlag"),
        (Anchoring(0, 0, 0, 0), "för lite underlag"),
    ],
)
def test_anchoring_is_told_only_when_chance_does_not_explain_it(made: Anchoring, words: str) -> None:
    assert words in made.told()


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """Newcombe (1998), Statistics in Medicine 17: 56 of 70 against 48 of 80 gives .0524 to .3339 (method 10)."""
    assert Anchoring(56, 70, 48, 80).likely_range == pytest.approx((0.0524, 0.3339), abs=0.00005)
