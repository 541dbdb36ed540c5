"""Places are found again in a corrected text, and what is not certain is said to be so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.realignment import Placed, Realignment
from intervjukit.core.text import Span, squeeze

WORDS = st.lists(st.sampled_from("vi väntar på besked från kassan 😀 e\u0301 och, det tog tid.".split()), max_size=30)
TEXTS = WORDS.map(" ".join)


def placed(old: str, new: str, quote: str) -> tuple[str, str]:
    """What became of a quote: its fate, and the words that stand there now."""
    start = old.index(quote)
    found = Realignment(old, new).place(Span(start, start + len(quote)))
    return found.fate, new[slice(*found.span)] if found.span else ""


@pytest.mark.parametrize(
    ("old", "new", "quote", "fate", "now"),
    [
        (
            "Vi väntar länge på besked.",
            "Nå, vi väntar. Vi väntar länge på besked.",
            "väntar länge",
            "placed",
            "väntar länge",
        ),
        ("Vi väntar åtta månader på svar.", "Vi väntar nio månader på svar.", "åtta månader", "changed", "nio månader"),
        ("Det var en vänntetid.", "Det var en väntetid.", "vänntetid", "changed", "väntetid"),
        ("En två tre fyra fem sex.", "En två fem sex.", "tre fyra", "lost", ""),
        (
            "Vi väntar. Vi väntar. Sen kom han.",
            "Vi väntar. Sen kom han.",
            "Vi väntar. Sen kom",
            "placed",
            "Vi väntar. Sen kom",
        ),
        ("Hon ringde  mig\tsen.", "Hon ringde mig sen.", "ringde  mig\tsen", "placed", "ringde mig sen"),
        (
            "Ja. Nej. Jag vet inte alls.",
            "Jag vet inte alls. Ja. Nej.",
            "Jag vet inte alls",
            "placed",
            "Jag vet inte alls",
        ),
        ("arbetsgivaren ringde aldrig", "arbetsgivarna ringde aldrig", "arbetsgiv", "placed", "arbetsgiv"),
    ],
)
def test_a_place_is_found_changed_or_lost(old: str, new: str, quote: str, fate: str, now: str) -> None:
    assert placed(old, new, quote) == (fate, now)


def test_what_was_put_in_beside_a_place_is_no_part_of_it() -> None:
    assert placed("en två tre", "en och två samt tre", "två") == ("placed", "två")


def test_a_lost_place_is_not_found_in_words_that_only_sound_alike() -> None:
    assert placed("Ja. Det tog tid på Kassan. Nej.", "Nej. Så var det med det. Ja, vet du.", "Ja") == ("lost", "")


@settings(max_examples=60)
@given(TEXTS, st.data())
def test_an_unchanged_text_leaves_every_place_where_it_is(text: str, data: st.DataObject) -> None:
    text = text or "ord"
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert Realignment(text, text).place(span) == Placed("placed", span, 1.0)


@settings(max_examples=60)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_edits_outside_a_place_never_change_its_quote(before: str, after: str, other: str, another: str) -> None:
    quote = "just precis de här orden"
    old, new = f"{before} {quote} {after}", f"{other} {quote} {another}"
    start = len(before) + 1
    found = Realignment(old, new).place(Span(start, start + len(quote)))
    assert (found.fate, found.span) == ("placed", Span(len(other) + 1, len(other) + 1 + len(quote)))


@settings(max_examples=60)
@given(TEXTS, TEXTS, TEXTS, st.data())
def test_correcting_twice_never_invents_anything(one: str, two: str, three: str, data: st.DataObject) -> None:
    one = one or "ord"
    start = data.draw(st.integers(0, len(one) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(one))))
    first = Realignment(one, two).place(span)
    if first.span is None:
        assert (first.fate, first.alike < 0.5) == ("lost", True)
        return
    assert 0 <= first.span.start < first.span.end <= len(two)
    second = Realignment(two, three).place(first.span)
    for fate, place, text in ((first.fate, first.span, two), (second.fate, second.span, three)):
        assert fate == "lost" or place is not None
        if place is not None and (first.fate, fate) == ("placed", "placed"):
            assert squeeze(text[slice(*place)]) == squeeze(one[slice(*span)])


def test_a_long_text_with_no_word_of_its_own_is_still_aligned() -> None:
    old = "ja nej " * 2_000
    found = Realignment(old, "kanske " + old).place(Span(70, 84))
    assert found.fate == "placed"
