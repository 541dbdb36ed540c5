"""Words for numbers come from one table, and respondents are counted, never hits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.coding import Coding
from intervjukit.core.findings import (
    QUANTIFIERS,
    Contrast,
    Ranked,
    compare_groups,
    count_findings,
    leading,
    look_at_parties,
    quantifier,
    rank_factors,
)

ALL = [(n, total) for total in range(1, 41) for n in range(total + 1)]
ORDER = ["ingen", "en", "några", "flera", "hälften", "majoriteten", "samtliga"]


def test_half_is_never_said_of_an_odd_number_nor_of_anything_but_half() -> None:
    halves = [(n, total) for n, total in ALL if quantifier(n, total) == "hälften"]
    assert halves == [(n, 2 * n) for n in range(2, 21)]


@pytest.mark.parametrize("total", range(4, 41))
def test_more_respondents_never_get_a_smaller_word(total: int) -> None:
    places = [ORDER.index(quantifier(n, total)) for n in range(total + 1)]
    assert places == sorted(places)
    assert places[:2] == [0, 1]
    assert places[-1] == ORDER.index("samtliga")


@pytest.mark.parametrize(
    ("n", "total", "word"),
    [
        (1, 1, "den enda intervjuade"), (2, 2, "båda"), (3, 3, "samtliga"), (1, 2, "en av två"), (1, 3, "en av tre"),
        (2, 3, "två av tre"), (0, 1, "ingen"), (0, 3, "ingen"), (4, 9, "flera"), (5, 9, "majoriteten"), (2, 9, "några"),
        (3, 13, "några"), (3, 12, "flera"), (4, 8, "hälften"), (2, 4, "hälften"), (3, 4, "majoriteten"), (1, 33, "en"),
    ],
)  # fmt: skip
def test_the_words_of_known_cases(n: int, total: int, word: str) -> None:
    assert quantifier(n, total) == word


@pytest.mark.parametrize(("n", "total"), [(1, 0), (0, 0), (-1, 3), (4, 3)])
def test_no_word_is_given_for_an_impossible_number(n: int, total: int) -> None:
    with pytest.raises(ValueError, match=f"{n} av {total}"):
        quantifier(n, total)


Condition = Callable[[int, int], bool]


def printed_rule(rule: str) -> Condition:
    """Read a printed rule back as a condition on n of N."""
    plain = re.split(r"; (?:sägs bara|”båda”)", rule)[0]
    conditions = [condition(phrase) for phrase in re.split(r", men | men | och ", plain)]
    return lambda n, total: all(holds(n, total) for holds in conditions)


def condition(phrase: str) -> Condition:
    """Read one phrase of a printed rule; a phrase that is not known fails the test."""
    known: dict[str, Condition] = {
        "alla i gruppen": lambda n, total: n == total,
        "inte alla": lambda n, total: n < total,
        "fler än hälften": lambda n, total: 2 * n > total,
        "exakt hälften": lambda n, total: 2 * n == total,
        "färre än hälften": lambda n, total: 2 * n < total,
        "färre än för ”flera”": lambda n, total: (
            2 * n < total and not printed_rule(next(row.rule for row in QUANTIFIERS if row.word == "flera"))(n, total)
        ),
        "minst en fjärdedel": lambda n, total: 4 * n >= total,
        "minst två": lambda n, total: n >= 2,
        "minst tre": lambda n, total: n >= 3,
        "en person": lambda n, total: n == 1,
        "ingen person": lambda n, total: n == 0,
    }
    assert phrase in known, f"the printed rule says something this test cannot read: {phrase!r}"
    return known[phrase]


@pytest.mark.parametrize("total", range(4, 41))
def test_the_printed_table_gives_exactly_the_word_that_is_used(total: int) -> None:
    for n in range(total + 1):
        holding = [row.word for row in QUANTIFIERS[:-1] if printed_rule(row.rule)(n, total)]
        assert holding == [quantifier(n, total)]


def test_the_printed_rows_on_small_groups_are_true() -> None:
    all_row, small = QUANTIFIERS[0], QUANTIFIERS[-1]
    assert all(f"”{quantifier(n, n)}”" in all_row.rule for n in (1, 2))
    spelled = [quantifier(n, total) for total in (2, 3) for n in range(1, total)]
    assert ", ".join(spelled) == small.word
    assert "två eller tre" in small.rule


# --- counting -------------------------------------------------------------------------------------------

TOTALS = {"sjukskrivna": 4, "chefer": 4, "handlaggare": 2, "lakare": 4}
OWN = {"sjukskrivna": "individ", "chefer": "arbetsgivare", "handlaggare": "forsakringskassa", "lakare": "vard"}
LETTERS = {"sjukskrivna": "S", "chefer": "C", "handlaggare": "H", "lakare": "L"}


def coding(
    group: str, number: int, code: str = "vantetider", party: str = "vard", valence: str = "flaskhals", *, at: int = 0
) -> Coding:
    facets = {facet: value for facet, value in (("valence", valence), ("party", party)) if value}
    return Coding(0, number, f"{LETTERS[group]}{number:02}", group, at, at + 3, "att", code, facets)


def said(
    group: str, people: int, valence: str = "flaskhals", party: str = "vard", code: str = "vantetider"
) -> list[Coding]:
    return [coding(group, number, code, party, valence) for number in range(1, people + 1)]


CODINGS = st.lists(
    st.sampled_from(list(TOTALS)).flatmap(
        lambda group: st.builds(
            coding,
            st.just(group),
            st.integers(1, TOTALS[group]),
            st.sampled_from(["vantetider", "samverkan"]),
            st.sampled_from(["vard", "arbetsgivare", ""]),
            st.sampled_from(["flaskhals", "framgang", "onskan", ""]),
            at=st.integers(0, 50),
        )
    ),
    max_size=40,
)


@given(CODINGS)
def test_a_finding_counts_the_distinct_respondents_behind_it(codings: list[Coding]) -> None:
    findings = count_findings(codings, TOTALS)
    for finding in findings:
        behind = [
            c for c in codings
            if (c.valence, c.code, c.party, c.group) == (finding.valence, finding.code, finding.party, finding.group)
        ]  # fmt: skip
        assert Counter(map(id, finding.codings)) == Counter(map(id, behind))
        assert finding.n == len({c.respondent for c in behind}) == len(finding.respondents)
        assert 1 <= finding.n <= finding.total == TOTALS[finding.group]
        assert finding.quantifier == quantifier(finding.n, finding.total)
    assert sum(len(finding.codings) for finding in findings) == sum(bool(c.valence) for c in codings)
    assert len({(*f.key, f.group) for f in findings}) == len(findings)


@given(CODINGS, st.randoms(use_true_random=False))
def test_saying_it_again_or_in_another_order_changes_no_number(codings: list[Coding], random: object) -> None:
    mixed = [*codings, *codings]
    random.shuffle(mixed)  # type: ignore[attr-defined]

    def numbers(given: list[Coding]) -> list[tuple[object, ...]]:
        return [(*f.key, f.group, f.n, f.respondents) for f in count_findings(given, TOTALS)]

    assert numbers(mixed) == numbers(codings)
    assert rank_factors(mixed, TOTALS, "flaskhals") == rank_factors(codings, TOTALS, "flaskhals")
    assert look_at_parties(mixed, TOTALS, OWN) == look_at_parties(codings, TOTALS, OWN)
    as_set = {(c.kind, c.code, c.parties, c.sides) for c in compare_groups(mixed, TOTALS, OWN)}
    assert as_set == {(c.kind, c.code, c.parties, c.sides) for c in compare_groups(codings, TOTALS, OWN)}


def test_findings_come_with_most_people_first_and_then_the_largest_share() -> None:
    findings = count_findings([*said("sjukskrivna", 2), *said("handlaggare", 2), *said("chefer", 3)], TOTALS)
    assert [(f.group, f.n) for f in findings] == [("chefer", 3), ("handlaggare", 2), ("sjukskrivna", 2)]


def test_the_quotes_of_a_finding_stand_in_order_of_respondent_and_place() -> None:
    (finding,) = count_findings([coding("chefer", 2), coding("chefer", 1, at=9), coding("chefer", 1, at=3)], TOTALS)
    assert [(c.respondent, c.start) for c in finding.codings] == [("C01", 3), ("C01", 9), ("C02", 0)]


# --- ranking --------------------------------------------------------------------------------------------


def test_factors_named_by_as_many_share_their_place_and_the_next_place_is_skipped() -> None:
    codings = [
        *said("chefer", 4, code="a"), *said("chefer", 3, code="c"), *said("sjukskrivna", 3, code="b"),
        *said("chefer", 1, code="d"), *said("chefer", 1, code="d"), *said("chefer", 4, "framgang", code="d"),
    ]  # fmt: skip
    ranked = rank_factors(codings, TOTALS, "flaskhals")
    assert [(r.place, r.code, r.n, r.total) for r in ranked] == [
        ("1", "a", 4, 14), ("2=", "b", 3, 14), ("2=", "c", 3, 14), ("4", "d", 1, 14)
    ]  # fmt: skip


def test_a_factor_lists_its_groups_in_the_order_of_the_study() -> None:
    codings = [*said("lakare", 1), *said("sjukskrivna", 1, party="individ"), *said("chefer", 2)]
    assert rank_factors(codings, TOTALS, "flaskhals")[0].groups == ("sjukskrivna", "chefer", "lakare")
    assert rank_factors(codings, TOTALS, "framgang") == []


# --- perspectives ---------------------------------------------------------------------------------------


def test_a_view_counts_people_and_names_their_themes_most_first() -> None:
    codings = [
        *said("chefer", 1, code="avslag"), *said("chefer", 3), *said("chefer", 2, party="arbetsgivare"),
        *said("chefer", 1, party=""), *said("chefer", 1, valence=""),
    ]  # fmt: skip
    views = look_at_parties(codings, TOTALS, OWN)
    assert [(v.party, v.own, v.n, v.total, v.codes) for v in views] == [
        ("arbetsgivare", True, 2, 4, ("vantetider",)),
        ("vard", False, 3, 4, ("vantetider", "avslag")),
    ]


def contrasts(*given: list[Coding], totals: dict[str, int] = TOTALS) -> dict[str, Contrast]:
    return {c.kind: c for c in compare_groups([c for part in given for c in part], totals, OWN)}


def test_groups_of_two_parties_who_see_the_same_bottleneck_agree() -> None:
    found = contrasts(said("sjukskrivna", 2), said("lakare", 1))["samsyn"]
    assert (found.parties, found.sides) == (
        ("vard",),
        (("sjukskrivna", "flaskhals", 2, 4), ("lakare", "flaskhals", 1, 4)),
    )
    assert found.weight == 3


@pytest.mark.parametrize(
    "given",
    [
        [said("sjukskrivna", 1), said("lakare", 1)],
        [said("lakare", 4)],
        [said("sjukskrivna", 2), said("lakare", 2, "framgang")],
        [said("sjukskrivna", 2), said("lakare", 2, party="individ")],
        [said("sjukskrivna", 2), said("lakare", 2, code="avslag")],
        [said("sjukskrivna", 4, "onskan"), said("lakare", 4, "onskan")],
        [said("sjukskrivna", 2), said("lakare", 1), said("lakare", 1, "framgang")],
    ],
    ids=["too few", "one party", "opposite", "other party", "other theme", "wishes", "one group is split"],
)
def test_what_only_looks_like_agreement_is_none(given: list[list[Coding]]) -> None:
    assert "samsyn" not in contrasts(*given)


def test_a_bottleneck_to_some_and_a_success_to_others_is_a_contradiction() -> None:
    found = contrasts(said("sjukskrivna", 3), said("sjukskrivna", 1, "framgang"), said("lakare", 2, "framgang"))
    assert found["motsägelse"].sides == (("sjukskrivna", "flaskhals", 3, 4), ("lakare", "framgang", 2, 4))


@pytest.mark.parametrize(
    "given",
    [
        [said("sjukskrivna", 3), said("lakare", 1, "framgang")],
        [said("sjukskrivna", 3), said("lakare", 3, "onskan")],
        [said("sjukskrivna", 3), said("sjukskrivna", 2, "framgang")],
        [said("sjukskrivna", 2), said("sjukskrivna", 2, "framgang"), said("lakare", 2, "framgang")],
        [said("sjukskrivna", 3), said("lakare", 3, "framgang", party="individ")],
    ],
    ids=["one voice", "a wish", "within one group", "one group is split", "other party"],
)
def test_what_only_looks_like_contradiction_is_none(given: list[list[Coding]]) -> None:
    assert "motsägelse" not in contrasts(*given)


def test_a_bottleneck_that_only_others_see_is_a_blind_spot() -> None:
    found = contrasts(said("sjukskrivna", 2), said("chefer", 1), said("lakare", 4, "framgang"))["blind fläck"]
    assert (found.parties, [side[0] for side in found.sides]) == (("vard",), ["sjukskrivna", "chefer"])


@pytest.mark.parametrize(
    "given",
    [
        [said("sjukskrivna", 3), said("lakare", 1)],
        [said("sjukskrivna", 2)],
        [said("sjukskrivna", 3, party="samhalle")],
        [said("sjukskrivna", 4, "onskan")],
    ],
    ids=["one of their own sees it", "too few", "nobody's own party", "wishes"],
)
def test_what_only_looks_like_a_blind_spot_is_none(given: list[list[Coding]]) -> None:
    assert "blind fläck" not in contrasts(*given)


def test_a_party_that_was_not_interviewed_is_not_blind() -> None:
    without = {group: total for group, total in TOTALS.items() if group != "lakare"}
    assert "blind fläck" not in contrasts(said("sjukskrivna", 3), totals=without)
    assert "blind fläck" in contrasts(said("sjukskrivna", 3))


def test_two_parties_who_each_blame_the_other_point_at_each_other() -> None:
    found = contrasts(said("chefer", 2, party="vard"), said("lakare", 1, party="arbetsgivare"))["pekar på varandra"]
    assert found.parties == ("arbetsgivare", "vard")
    assert set(found.sides) == {("chefer", "flaskhals", 2, 4), ("lakare", "flaskhals", 1, 4)}


@pytest.mark.parametrize(
    "given",
    [
        [said("chefer", 1, party="vard"), said("lakare", 1, party="arbetsgivare")],
        [said("chefer", 3, party="vard"), said("lakare", 3, party="vard")],
        [said("chefer", 3, party="vard"), said("lakare", 3, party="arbetsgivare", code="avslag")],
        [said("chefer", 3, party="vard"), said("lakare", 3, "framgang", party="arbetsgivare")],
        [said("chefer", 3, party="vard"), said("lakare", 3, party="forsakringskassa")],
    ],
    ids=["too few", "one blames itself", "other theme", "a success", "a third party"],
)
def test_what_only_looks_like_pointing_at_each_other_is_not(given: list[list[Coding]]) -> None:
    assert "pekar på varandra" not in contrasts(*given)


def test_contrasts_of_a_kind_come_with_most_respondents_first() -> None:
    codings = [
        *said("sjukskrivna", 2, code="a"),
        *said("lakare", 1, code="a"),
        *said("sjukskrivna", 4),
        *said("lakare", 4),
    ]
    weights = [c.weight for c in compare_groups(codings, TOTALS, OWN) if c.kind == "samsyn"]
    assert weights == [8, 3]
    assert all(one >= two for one, two in pairwise(weights))


def test_the_first_rows_are_shown_with_whole_ties_only() -> None:
    ranked = [
        Ranked(rank, tied, code, n, 9, ())
        for rank, tied, code, n in [(1, False, "a", 5), (2, True, "b", 4), (2, True, "c", 4), (4, False, "d", 1)]
    ]
    assert [[row.code for row in leading(ranked, most)] for most in (0, 1, 2, 3, 4)] == [
        ["a"],
        ["a"],
        ["a"],
        ["a", "b", "c"],
        ["a", "b", "c", "d"],
    ]
    assert leading([], 3) == []


def test_a_contradiction_weighs_what_its_smaller_side_weighs() -> None:
    even = Contrast("motsägelse", "a", ("vard",), (("chefer", "flaskhals", 3, 4), ("lakare", "framgang", 3, 4)))
    lopsided = Contrast("motsägelse", "b", ("vard",), (("chefer", "flaskhals", 1, 4), ("lakare", "framgang", 4, 4)))
    assert (even.weight, even.people, lopsided.weight, lopsided.people) == (3, 6, 1, 5)
    agreed = Contrast("samsyn", "a", ("vard",), (("chefer", "flaskhals", 3, 4), ("lakare", "flaskhals", 2, 4)))
    assert agreed.weight == agreed.people == 5
