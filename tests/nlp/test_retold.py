"""Who tells is not what is told of, in text that retells what people said; in transcripts nothing changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.text import Span
from intervjukit.nlp.retold import tellers, without
from intervjukit.nlp.segments import Answer, Segmenter
from intervjukit.nlp.swedish import lemma

TELLS = [
    ("chefer", "Flera chefer berättade att läkaren aldrig ringde.", "Flera  berättade att läkaren aldrig ringde."),
    ("chefer", "Det beskrevs av några chefer som svårt.", "Det beskrevs av några  som svårt."),
    ("handläggare", "Om vården berättade handläggarna att allt tog tid.", "Om vården berättade  att allt tog tid."),
    ("sjukskrivna", "De sjukskrivna som fått plan menar att den hjälpte.", "De  som fått plan menar att den hjälpte."),
]
TELLS_NOT = [
    ("sjukskrivna", "Läkaren berättade att det skulle ta tid."),
    ("chefer", "Chefer har för mycket att göra."),
    ("chefer", "Jag tycker att vi chefer får för lite stöd i det här och att ingen vet vad som gäller."),
    ("sjukskrivna", ""),
]


@pytest.mark.parametrize(("group", "text", "left"), TELLS)
def test_those_who_tell_are_found_by_their_groups_name(group: str, text: str, left: str) -> None:
    assert without(text, tellers(text, {lemma(group)})) == left


@pytest.mark.parametrize(("group", "text"), TELLS_NOT)
def test_others_and_those_it_is_about_are_left(group: str, text: str) -> None:
    assert tellers(text, {lemma(group)}) == []
    assert tellers(text, ()) == []


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_what_is_left_is_the_text_but_for_the_places(text: str, cuts: list[int]) -> None:
    ends = sorted({min(cut, len(text)) for cut in cuts})
    spans = [Span(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)]
    inside = {place for span in spans for place in range(span.start, span.end)}
    assert without(text, spans) == "".join(letter for place, letter in enumerate(text) if place not in inside)


def test_an_indicator_that_only_names_who_tells_speaks_for_nothing(segmenter: Segmenter) -> None:
    told = "Flera chefer berättade att läkaren aldrig ringde. Chefen ringde."
    retold, said = segmenter.segments([Answer(told, "chefer")])
    assert "party:arbetsgivare" not in {hit.owner for hit in retold.hits} | retold.segment.rules.keys()
    assert told[retold.segment.start : retold.segment.end] == "Flera chefer berättade att läkaren aldrig ringde."
    assert "party:arbetsgivare" in said.segment.rules
    (other,) = segmenter.segments([Answer("Flera chefer berättade att läkaren aldrig ringde.", "lakare")])
    assert "party:arbetsgivare" in other.segment.rules
