"""SWOT by the steering group's rule: what the parties can influence, and what they cannot."""

from __future__ import annotations

import pytest

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.coding import Coding
from intervjukit.core.findings import Finding, count_findings
from intervjukit.core.swot import FIELD_NAMES, FIELDS, SwotItem, choose_lines, draft_measures, draft_swot, field_of

BOOK = Codebook(
    "b",
    "B",
    facets=(
        Facet(
            "party",
            "Part",
            values=(
                FacetValue("arbetsgivare", "Arbetsgivaren"),
                FacetValue("vard", "Vården"),
                FacetValue("kollegor", "Kollegorna", responsible="arbetsgivare"),
                FacetValue("samhalle", "Samhället", influenceable=False),
            ),
        ),
    ),
    codes=(
        Code("ko", "Köer", "Väntan", headings={"flaskhals": "Lång väntan"}, measure="Korta köerna"),
        Code("stod", "Stöd", "Stöd"),
        Code("lag", "Lagar", "Lagar", influenceable=False),
    ),
)
TOTALS = {"chefer": 8, "lakare": 6}


def findings(*said: tuple[str, str, str, str, int]) -> list[Finding]:
    """Return findings where (valence, code, party, group) is said by so many."""
    return count_findings(
        [
            Coding(0, 1, f"{group[0].upper()}{n:02}", group, 0, 3, "att", code, {"valence": valence, "party": party})
            for valence, code, party, group, people in said
            for n in range(1, people + 1)
        ],
        TOTALS,
    )


@pytest.mark.parametrize(
    ("valence", "influenceable", "field"),
    [
        ("framgang", True, "styrka"),
        ("framgang", False, "mojlighet"),
        ("flaskhals", True, "svaghet"),
        ("flaskhals", False, "hot"),
        ("onskan", True, None),
        ("onskan", False, "mojlighet"),
        ("annat", False, None),
        ("annat", True, None),
    ],
)
def test_a_finding_goes_to_its_field(valence: str, influenceable: bool, field: str | None) -> None:
    assert field_of(valence, influenceable) == field


def test_each_field_has_a_name() -> None:
    assert tuple(FIELD_NAMES) == FIELDS


def test_a_line_cites_its_finding_and_counts_the_respondents_of_all_groups() -> None:
    (line,) = draft_swot(
        findings(("flaskhals", "ko", "vard", "chefer", 2), ("flaskhals", "ko", "vard", "lakare", 3)), BOOK
    )
    assert line == SwotItem("svaghet", "Lång väntan – Vården", (("flaskhals", "ko", "vard"),), 5)


@pytest.mark.parametrize(("people", "lines"), [(1, 0), (2, 1), (3, 1)])
def test_a_line_needs_two_respondents(people: int, lines: int) -> None:
    assert len(draft_swot(findings(("flaskhals", "ko", "vard", "chefer", people)), BOOK)) == lines


def test_how_many_a_line_needs_can_be_chosen() -> None:
    three = findings(("flaskhals", "ko", "vard", "chefer", 3))
    assert len(draft_swot(three, BOOK, at_least=3)) == 1
    assert draft_swot(three, BOOK, at_least=4) == []


@pytest.mark.parametrize(
    ("code", "party", "field"),
    [("ko", "vard", "svaghet"), ("lag", "vard", "hot"), ("ko", "samhalle", "hot"), ("lag", "samhalle", "hot")],
)
def test_both_the_theme_and_the_party_must_be_open_to_influence(code: str, party: str, field: str) -> None:
    (line,) = draft_swot(findings(("flaskhals", code, party, "chefer", 2)), BOOK)
    assert line.field == field


def test_a_finding_without_a_party_and_a_wish_the_parties_can_meet_make_no_line() -> None:
    assert draft_swot(findings(("flaskhals", "ko", "", "chefer", 5), ("onskan", "ko", "vard", "chefer", 5)), BOOK) == []


def test_lines_come_by_field_and_then_with_the_heaviest_first() -> None:
    lines = draft_swot(
        findings(
            ("flaskhals", "lag", "vard", "chefer", 4),
            ("flaskhals", "ko", "vard", "chefer", 2),
            ("flaskhals", "stod", "vard", "chefer", 3),
            ("onskan", "lag", "vard", "chefer", 2),
            ("framgang", "stod", "vard", "chefer", 2),
            ("framgang", "ko", "vard", "chefer", 2),
        ),
        BOOK,
    )
    assert [(line.field, line.weight, line.text) for line in lines] == [
        ("styrka", 2, "Köer – Vården"),
        ("styrka", 2, "Stöd – Vården"),
        ("svaghet", 3, "Stöd – Vården"),
        ("svaghet", 2, "Lång väntan – Vården"),
        ("mojlighet", 2, "Lagar – Vården"),
        ("hot", 4, "Lagar – Vården"),
    ]


def test_every_line_cites_only_findings_that_are_there() -> None:
    found = findings(("flaskhals", "ko", "vard", "chefer", 4), ("framgang", "lag", "samhalle", "lakare", 4))
    assert {key for line in draft_swot(found, BOOK) for key in line.cites} == {finding.key for finding in found}


def weakness(code: str, party: str, weight: int, *more: tuple[str, str, str]) -> SwotItem:
    return SwotItem("svaghet", f"{code} {party}", (("flaskhals", code, party), *more), weight)


def test_a_measure_answers_a_weakness_at_the_party_where_it_lies() -> None:
    lines = [weakness("stod", "vard", 2), weakness("ko", "vard", 5), weakness("ko", "arbetsgivare", 1)]
    others = [SwotItem(field, "x", (("flaskhals", "ko", "vard"),), 9) for field in FIELDS if field != "svaghet"]
    drafts = draft_measures([*others, *lines], BOOK)
    assert [(draft.party, draft.text, draft.items) for draft in drafts] == [
        ("arbetsgivare", "Korta köerna", (lines[2],)),
        ("vard", "Korta köerna", (lines[1],)),
        ("vard", "Ta fram en åtgärd för stöd", (lines[0],)),
    ]


def test_a_line_that_cites_a_theme_twice_backs_its_measure_once() -> None:
    line = weakness("ko", "vard", 3, ("onskan", "ko", "vard"))
    (draft,) = draft_measures([line], BOOK)
    assert draft.items == (line,)


def test_each_party_gets_its_heaviest_measures_only() -> None:
    lines = [weakness("ko", "vard", 2), weakness("stod", "vard", 3), weakness("ko", "arbetsgivare", 1)]
    assert [(d.party, d.items[0].weight) for d in draft_measures(lines, BOOK, per_party=1)] == [
        ("arbetsgivare", 1),
        ("vard", 3),
    ]


def test_without_weaknesses_there_are_no_measures() -> None:
    assert draft_measures([], BOOK) == []


def test_the_heaviest_lines_are_chosen_and_the_heaviest_of_every_party_besides() -> None:
    lines = [
        weakness("ko", "vard", 9),
        weakness("stod", "vard", 8),
        weakness("lag", "vard", 7),
        weakness("ko", "arbetsgivare", 3),
        weakness("stod", "arbetsgivare", 2),
    ]
    chosen = choose_lines(lines, per_field=2)
    assert [item.weight for item in chosen] == [9, 8, 3]


def test_a_measure_goes_to_the_party_that_answers_for_the_one_it_concerns() -> None:
    (draft,) = draft_measures([weakness("stod", "kollegor", 4)], BOOK)
    assert draft.party == "arbetsgivare"
    assert [item.cites[0][2] for item in draft.items] == ["kollegor"]
