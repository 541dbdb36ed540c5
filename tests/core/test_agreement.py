"""Matching of places and the measures of agreement, on examples worked by hand and examples in print."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from intervjukit.core.agreement import (
    Counts,
    Matching,
    Passage,
    actions_saved,
    alpha,
    among_likeliest,
    interval,
    kappa,
    label_counts,
    macro_f1,
    marks,
    match,
    micro_f1,
    passages,
    turned_down,
    within_reach,
    work_saved,
)
from intervjukit.core.coding import Coding
from intervjukit.core.text import Span, mostly_same


def place(start: int, end: int, *codes: str, transcript: int = 1, likely: Sequence[str] = ()) -> Passage:
    return Passage(transcript, Span(start, end), frozenset(codes), likely=tuple(likely))


def places_of(found: Sequence[Passage]) -> list[tuple[int, int]]:
    return [tuple(passage.span) for passage in found]  # type: ignore[misc]


# --- places ---------------------------------------------------------------------------------------------


def test_codings_of_exactly_the_same_place_are_one_passage() -> None:
    made = [
        Coding(3, 1, "S01", "sjukskrivna", 5, 9, "ord", "vantetider", {"valence": "flaskhals"}),
        Coding(4, 1, "S01", "sjukskrivna", 5, 9, "ord", "bemotande", {"valence": "framgang", "party": "vard"}),
        Coding(5, 1, "S01", "sjukskrivna", 5, 10, "ord!", "avslag"),
    ]
    first, second = passages(made)
    assert (first.codes, first.codings) == ({"vantetider", "bemotande"}, (3, 4))
    assert first.facets == {"valence": {"flaskhals", "framgang"}, "party": {"vard"}}
    assert (second.codes, second.values("valence")) == ({"avslag"}, frozenset())


def test_places_are_the_same_from_half_of_the_shorter_on() -> None:
    ones = [place(0, 10)]
    assert match(ones, [place(5, 40)]).counts == Counts(1, 0, 0)
    assert match(ones, [place(6, 40)]).counts == Counts(0, 1, 1)
    assert match(ones, [place(0, 10, transcript=2)]).counts == Counts(0, 1, 1)


def test_a_long_place_over_two_is_paired_with_the_one_it_shares_most_with() -> None:
    found = match([place(0, 10), place(11, 31)], [place(0, 31)])
    assert [places_of(pair) for pair in found.pairs] == [[(11, 31), (0, 31)]]
    assert places_of(found.only_one) == [(0, 10)]
    assert found.only_other == ()


def test_of_two_that_share_as_much_the_one_of_like_length_is_paired() -> None:
    found = match([place(10, 20)], [place(0, 40), place(10, 21)])
    assert places_of(found.pairs[0]) == [(10, 20), (10, 21)]


def test_spans_are_scored_as_worked_by_hand() -> None:
    ones = [place(0, 10), place(20, 30), place(40, 50), place(60, 70)]
    others = [place(0, 9), place(22, 30), place(80, 90)]
    counts = match(ones, others).counts
    assert counts == Counts(both=2, only_other=1, only_one=2)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.recall == pytest.approx(1 / 2)
    assert counts.f1 == pytest.approx(4 / 7)
    assert counts.per_true == pytest.approx(3 / 4)


spans = st.lists(
    st.tuples(st.integers(1, 2), st.integers(0, 60), st.integers(1, 20)).map(
        lambda made: place(made[1], made[1] + made[2], transcript=made[0])
    ),
    max_size=8,
    unique_by=lambda made: (made.transcript, made.span),
)


@given(spans, spans)
def test_pairs_are_the_same_place_one_to_one_and_nothing_is_lost(ones: list[Passage], others: list[Passage]) -> None:
    found = match(ones, others)
    assert all(a.transcript == b.transcript and mostly_same(a.span, b.span) for a, b in found.pairs)
    key = lambda passage: (passage.transcript, passage.span)  # noqa: E731
    assert sorted([*(a for a, _ in found.pairs), *found.only_one], key=key) == sorted(ones, key=key)
    assert sorted([*(b for _, b in found.pairs), *found.only_other], key=key) == sorted(others, key=key)
    left = product(found.only_one, found.only_other)
    assert not any(a.transcript == b.transcript and mostly_same(a.span, b.span) for a, b in left)


@given(spans)
def test_a_coding_agrees_with_itself(ones: list[Passage]) -> None:
    found = match(ones, ones)
    assert found.pairs == tuple((one, one) for one in ones)


def test_what_was_turned_down_is_what_the_coder_did_not_give() -> None:
    right, half, wrong = place(0, 5, "a"), place(10, 15, "a", "b"), place(20, 25, "c")
    found = match([place(0, 5, "a"), place(10, 15, "b")], [right, half, wrong])
    assert turned_down(found) == [place(10, 15, "a"), wrong]


# --- labels ---------------------------------------------------------------------------------------------

PAIRS = [
    (place(0, 1, "a"), place(0, 1, "a", likely="abc")),
    (place(2, 3, "a", "b"), place(2, 3, "b", likely="bca")),
    (place(4, 5, "c"), place(4, 5, "a", likely="abd")),
    (place(6, 7, "c"), place(6, 7, "c", "b", likely="cba")),
]


def test_labels_are_counted_as_by_hand() -> None:
    counted = label_counts(PAIRS, lambda passage: passage.codes)
    assert counted == {"a": Counts(1, 1, 1), "b": Counts(1, 1, 0), "c": Counts(1, 0, 1)}
    assert micro_f1(counted) == pytest.approx(6 / 10)
    assert macro_f1(counted) == pytest.approx((1 / 2 + 2 / 3 + 2 / 3) / 3)


def test_the_right_codes_among_the_three_likeliest() -> None:
    assert among_likeliest(PAIRS) == pytest.approx(4 / 5)
    assert among_likeliest(PAIRS, most=1) == pytest.approx(3 / 5)
    assert among_likeliest([]) is None


labels = st.frozensets(st.sampled_from("abcd"), max_size=3)


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=12))
def test_micro_and_macro_are_those_of_scikit_learn(given_pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    pairs = [(place(0, 1, *one), place(0, 1, *other)) for one, other in given_pairs]
    counted = label_counts(pairs, lambda passage: passage.codes)
    used = sorted(counted)
    true, said = ([[label in pair[side] for label in "abcd"] for pair in given_pairs] for side in (0, 1))
    if used:
        per_label = dict(zip("abcd", f1_score(true, said, average=None, zero_division=0), strict=True))
        assert micro_f1(counted) == pytest.approx(f1_score(true, said, average="micro", zero_division=0))
        assert macro_f1(counted) == pytest.approx(sum(per_label[label] for label in used) / len(used))
    else:
        assert micro_f1(counted) is None and macro_f1(counted) is None


# --- beyond chance --------------------------------------------------------------------------------------


def test_kappa_is_that_of_cohens_own_example() -> None:
    """Cohen (1960), table 2: 200 patients, three diagnoses, kappa .492."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    ratings = [(row, column) for row in range(3) for column in range(3) for _ in range(table[row][column])]
    assert len(ratings) == 200
    assert kappa(ratings) == pytest.approx(0.492, abs=0.0005)


def test_kappa_of_two_by_two_worked_by_hand() -> None:
    """20 both yes, 15 both no, 5 and 10 differ: .70 agreed, .50 by chance."""
    ratings = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert kappa(ratings) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_kappa_is_that_of_scikit_learn(ratings: list[tuple[int, int]]) -> None:
    if len({value for pair in ratings for value in pair}) > 1:
        ones, others = zip(*ratings, strict=True)
        assert kappa(ratings) == pytest.approx(cohen_kappa_score(ones, others))
    else:
        assert kappa(ratings) is None


def test_alpha_of_two_observers_and_binary_data_is_krippendorffs() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A: alpha .095."""
    meg, owen = "0100000010", "1110010000"
    assert alpha(list(zip(meg, owen, strict=True))) == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_two_observers_and_nominal_data_is_krippendorffs() -> None:
    """The same, section B: five categories, alpha .692."""
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert alpha(list(zip(ben, gerry, strict=True))) == pytest.approx(0.692, abs=0.0005)


def test_alpha_of_four_observers_with_gaps_is_krippendorffs() -> None:
    """The same, section C: four observers, missing data, nominal alpha .743."""
    rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    units = [[value for value in column if value != "."] for column in zip(*rows, strict=True)]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)


@given(st.lists(st.lists(st.integers(0, 2), max_size=4), max_size=15))
def test_alpha_is_at_most_one_and_does_not_depend_on_who_is_who(units: list[list[int]]) -> None:
    found = alpha(units)
    assert found is None or found <= 1
    assert alpha([unit[::-1] for unit in units]) == pytest.approx(found)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=20))
def test_complete_agreement_is_one_and_constant_values_say_nothing(values: list[int]) -> None:
    expected = None if len(set(values)) == 1 else pytest.approx(1.0)
    assert alpha([(value, value) for value in values]) == expected
    assert kappa([(value, value) for value in values]) == expected


def test_units_get_the_codes_of_the_passages_that_are_mostly_the_same() -> None:
    units = [(1, Span(0, 10)), (1, Span(11, 21)), (2, Span(0, 10))]
    assert marks(units, [place(0, 21, "a"), place(12, 20, "b")]) == [{"a"}, {"a", "b"}, set()]


# --- work -----------------------------------------------------------------------------------------------


def test_actions_saved_as_worked_by_hand() -> None:
    assert actions_saved(shown=12, accepted=8, true=10) == pytest.approx(1 - (12 + 3 * 2) / 30)
    assert actions_saved(shown=40, accepted=5, true=10) == pytest.approx(1 - (40 + 15) / 30)
    assert actions_saved(0, 0, 10) == 0
    assert actions_saved(3, 0, 0) is None


def test_work_saved_as_worked_by_hand() -> None:
    """The last of two true ones stands third of ten: seven need not be read."""
    scores = [0.9, 0.8, 0.7, *[0.1] * 7]
    assert work_saved(scores, [True, False, True, *[False] * 7]) == pytest.approx(0.7 - 0.05)
    assert work_saved([0.5] * 10, [True, *[False] * 9]) == pytest.approx(-0.05)
    assert work_saved([0.5], [False]) is None


def test_one_in_twenty_may_be_missed() -> None:
    true = [True] * 19 + [False] * 20 + [True]
    assert work_saved([1 - place / 40 for place in range(40)], true) == pytest.approx(21 / 40 - 0.05)


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 gives .2553 to .3662, 0 of 20 .0000 to .1611."""
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.00005)
    assert interval(0, 20) == pytest.approx((0.0, 0.1611), abs=0.00005)
    assert interval(0, 0) is None


def test_a_matching_can_be_narrowed_to_a_group() -> None:
    found = Matching(((place(0, 5), place(0, 5)),), (place(0, 5, transcript=2),), (place(7, 9, transcript=2),))
    assert found.of(lambda passage: passage.transcript == 2).counts == Counts(0, 1, 1)


def test_a_proposal_reaches_as_many_codes_as_it_proposes_whether_shown_or_told_beside() -> None:
    told = place(0, 5, "a", likely="abc")
    assert [within_reach([(place(0, 5, code), told)]) for code in "abd"] == [1, 1, 0]
    assert within_reach([(place(0, 5, "a", "b"), place(0, 5, "c", likely="cab"))]) == 1
    assert within_reach([(place(0, 5, "a", "b"), place(0, 5, "c", "a", likely="cab"))]) == 2
    assert within_reach([(place(0, 5, "a"), place(0, 5, "a"))]) == 1
