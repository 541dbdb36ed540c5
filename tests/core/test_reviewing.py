"""The order of the review queue: likely first, spread over interviews, codes and groups, the same every time."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.coding import Suggestion
from intervjukit.core.reviewing import BATCH, review_order


def suggestion(transcript: int, start: int, code: str, score: float, group: str = "chefer") -> Suggestion:
    return Suggestion(start, start + 5, "orden", code, {}, score, "", "prov", "1", transcript, group=group)


rows = st.builds(
    suggestion,
    st.integers(1, 4),
    st.integers(0, 6).map(lambda place: 10 * place),
    st.sampled_from(["ansvar", "ekonomi", "kunskap"]),
    st.floats(0, 1),
    st.sampled_from(["chefer", "lakare"]),
)


@given(st.lists(rows, max_size=80), st.randoms())
def test_every_suggestion_comes_once_and_always_in_the_same_order(given: list[Suggestion], chance: object) -> None:
    given = list({(one.transcript, one.start, one.code): one for one in given}.values())
    ordered = review_order(given)
    assert sorted(map(repr, ordered)) == sorted(map(repr, given))
    chance.shuffle(given)  # type: ignore[attr-defined]
    assert review_order(given) == ordered


@given(st.lists(rows, max_size=60))
def test_suggestions_on_one_place_follow_each_other(given: list[Suggestion]) -> None:
    given = list({(one.transcript, one.start, one.code): one for one in given}.values())
    places = [(one.transcript, one.start) for one in review_order(given)]
    changes = 1 + sum(one != other for one, other in pairwise(places)) if places else 0
    assert changes == len(set(places))


def test_the_likeliest_comes_first_and_no_interview_fills_a_batch() -> None:
    talkative = [suggestion(1, 10 * place, "ansvar", 0.9 - place / 1000) for place in range(60)]
    others = [suggestion(2 + place, 0, f"kod{place}", 0.6, "lakare") for place in range(10)]
    first = review_order([*others, *talkative])[:BATCH]
    assert first[0] == talkative[0]
    assert all(one in first for one in others)


def test_unlikely_ones_are_not_brought_forward_by_being_rare() -> None:
    likely = [suggestion(1 + place % 5, place, "ansvar", 0.8) for place in range(100)]
    unlikely = suggestion(99, 0, "ekonomi", 0.01, "sjukgymnast")
    assert review_order([unlikely, *likely])[-1] == unlikely
