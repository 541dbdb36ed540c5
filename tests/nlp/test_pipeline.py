"""Indicators are found as written, inflected and as the end of compounds, and nowhere else."""

from __future__ import annotations

import inspect

import pytest

from intervjukit.nlp import pipeline
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher

MATCHER = IndicatorMatcher(
    {
        "intyg": ["läkarintyg", "korta intyg"],
        "vantan": ["väntetid", "stå i kö"],
        "stod": ["stöd av chefen", "stöd", "chefen"],
        "kontinuitet": ["hyrläkare"],
        "fhv": ["företagsläkare"],
        "party:vard": ["läkare", "hr-läkare"],
        "party:arbetsgivare": ["chefen"],
    }
)


def hits(text: str) -> list[Hit]:
    return MATCHER.hits(next(iter(MATCHER.docs([text]))))


def found(text: str) -> list[tuple[str, str, str]]:
    return [(hit.owner, text[hit.start : hit.end], hit.how) for hit in hits(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ett läkarintyg kom.", [("intyg", "läkarintyg", "ord")]),
        ("LÄKARINTYG kom.", [("intyg", "LÄKARINTYG", "ord")]),
        ("Läkarintygen kom.", [("intyg", "Läkarintygen", "böjning")]),
        ("Det korta intyget kom.", [("intyg", "korta intyget", "böjning")]),
        ("Jag stod i kö.", [("vantan", "stod i kö", "böjning")]),
        ("Tre månaders väntetider.", [("vantan", "väntetider", "böjning")]),
        ("En telefonväntetid på en timme.", [("vantan", "telefonväntetid", "led")]),
        ("Telefonväntetiderna växer.", [("vantan", "Telefonväntetiderna", "led")]),
        ("En ortopedläkare kom.", [("party:vard", "ortopedläkare", "led")]),
        ("Hr-läkaren kom.", [("party:vard", "Hr-läkaren", "böjning")]),
        ("Vi vann matchen.", []),
        ("", []),
    ],
)
def test_an_indicator_is_found_in_its_forms(text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert found(text) == wanted


def test_a_word_is_not_taken_for_the_compounds_that_end_in_it() -> None:
    assert found("Läkaren ringde.") == [("party:vard", "Läkaren", "böjning")]


def test_a_compound_the_code_book_has_itself_is_not_read_by_its_end() -> None:
    assert found("En hyrläkare kom.") == [("kontinuitet", "hyrläkare", "ord")]


def test_a_hit_inside_a_longer_one_of_the_same_owner_is_left_out() -> None:
    assert found("Jag fick stöd av chefen.") == [
        ("stod", "stöd av chefen", "ord"),
        ("party:arbetsgivare", "chefen", "ord"),
    ]


def test_offsets_are_code_points_also_after_emoji() -> None:
    text = "😀 Nja 👩‍👩‍👧 väntetiden å"
    assert [text[hit.start : hit.end] for hit in hits(text)] == ["väntetiden"]


def test_a_phrase_is_not_found_across_a_stop_or_a_line() -> None:
    assert found("Jag fick stöd. Av chefen.") == [
        ("stod", "stöd", "ord"),
        ("party:arbetsgivare", "chefen", "ord"),
        ("stod", "chefen", "ord"),
    ]
    assert all(text != "korta\nintyg" for _, text, _ in found("De var korta\nintyg kom"))


def test_no_regular_expression_is_matched_over_texts() -> None:
    source = inspect.getsource(pipeline)
    assert "REGEX" not in source
    assert "import re\n" not in source
