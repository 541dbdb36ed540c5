"""Who tells is not what is told of, in text that retells what people said; in transcripts nothing changes."""

from __future__ import annotations

import pytest

from intervjukit.nlp.retold import names_of, tellers
from intervjukit.nlp.segments import Answer, Segmenter

TELLS = [
    ("Chefer", "Flera chefer berättade att läkaren aldrig ringde.", "chefer"),
    ("Chefer", "Det beskrevs av några chefer som svårt.", "chefer"),
    ("Personliga handläggare", "Om vården berättade handläggarna att personliga skäl vägde tungt.", "handläggarna"),
    ("Sjukskrivna", "De sjukskrivna som fått plan menar att den hjälpte.", "sjukskrivna"),
    ("Sjukgymnaster och fysioterapeuter", "Sjukgymnasterna ansåg att remissen kom sent.", "Sjukgymnasterna"),
]
TELLS_NOT = [
    ("sjukskrivna", "Läkaren berättade att det skulle ta tid."),
    ("Chefer", "Chefer har för mycket att göra."),
    ("chefer", "Jag tycker att vi chefer får för lite stöd i det här och att ingen vet vad som gäller."),
    ("sjukskrivna", ""),
]


@pytest.mark.parametrize(("group", "text", "who"), TELLS)
def test_those_who_tell_are_found_by_their_groups_name(group: str, text: str, who: str) -> None:
    assert [text[span.start : span.end] for span in tellers(text, names_of(group))] == [who]


@pytest.mark.parametrize(("group", "text"), TELLS_NOT)
def test_others_and_those_it_is_about_are_left(group: str, text: str) -> None:
    assert tellers(text, names_of(group)) == []
    assert tellers(text, ()) == []


def test_an_indicator_that_only_names_who_tells_speaks_for_nothing(segmenter: Segmenter) -> None:
    told = "Flera chefer berättade att läkaren aldrig ringde. Chefen ringde."
    retold, said = segmenter.segments([Answer(told, "chefer")])
    assert "party:arbetsgivare" not in {hit.owner for hit in retold.hits} | retold.segment.rules.keys()
    assert told[retold.segment.start : retold.segment.end] == "Flera chefer berättade att läkaren aldrig ringde."
    assert "party:arbetsgivare" in said.segment.rules
    (other,) = segmenter.segments([Answer("Flera chefer berättade att läkaren aldrig ringde.", "lakare")])
    assert "party:arbetsgivare" in other.segment.rules
