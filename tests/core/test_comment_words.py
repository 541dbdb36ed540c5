"""What comments say: codes and values by any name, in any order; what is no coding is a memo."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.coding import Coding
from intervjukit.core.comments import Label, Mark, Wording, Wordings, fingerprint, label_text, pack, unpack
from intervjukit.core.text import Span
from intervjukit.formats.intake import shipped_bank

BOOK = shipped_bank()[0]
READER = Wordings(BOOK)


@pytest.mark.parametrize(
    ("text", "code", "facets"),
    [
        ("kod: vantetider, flaskhals, vård", "vantetider", {"valence": "flaskhals", "party": "vard"}),
        ("Väntetider", "vantetider", {}),
        ("KOD=vård; väntetidr; Flaskhals", "vantetider", {"valence": "flaskhals", "party": "vard"}),
        ("kontakt med arbetsplatsen", "arbetsplatskontakt", {}),
        ("kod: Samverkan, Mellan parterna", "samverkan", {"party": "samverkan"}),
        ("vantetider, samverkan", "vantetider", {"party": "samverkan"}),
        ("flaskhals, kollegor", "kollegor", {"valence": "flaskhals"}),
        ("kollegor, behandling", "kollegor", {"phase": "behandling"}),
        ("kod: ansvra", "ansvar", {}),
        ("tidiga_signaler", "tidiga_signaler", {}),
    ],
)
def test_a_line_is_read_as_people_write_it(text: str, code: str, facets: dict[str, str]) -> None:
    found = READER.read(text)
    assert (found.labels, found.memo, found.faults) == ((Label(code, facets),), "", ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kod: xyz", "”xyz” finns inte i kodboken."),
        ("kod: rehab", "Menade du ”Rehabplan”"),
        ("kod: flaskhals", "säger ingen kod"),
        ("kod: ansvar, kunskap", "en kod per rad"),
        ("kod: ansvar, flaskhals, framgång", "två saker av samma sort"),
        ("kod:", "står ingen kod"),
    ],
)
def test_what_is_meant_as_a_coding_and_cannot_be_read_is_a_fault(text: str, told: str) -> None:
    found = READER.read(text)
    assert found.labels == () and len(found.faults) == 1
    assert told in found.faults[0]


@pytest.mark.parametrize(
    "text", ["Det här är viktigt", "Ansvar?", "Bra, eller?", "vård", "ansvar, fast inte bara", "ab"]
)
def test_anything_else_is_a_memo(text: str) -> None:
    assert READER.read(text) == Wording(memo=text)


def test_one_line_is_one_coding_and_the_rest_a_memo() -> None:
    found = READER.read("kod: ansvar\nFundera på det här\nkod: kunskap, önskan")
    assert [label.code for label in found.labels] == ["ansvar", "kunskap"]
    assert found.memo == "Fundera på det här"
    assert [label.code for label in READER.read("Ansvar\n\nKunskap").labels] == ["ansvar", "kunskap"]


def test_two_names_as_near_are_not_guessed_between() -> None:
    book = Codebook("x", "X", codes=(Code("stod_a", "Stödet", ""), Code("stod_b", "Stöden", "")))
    (fault,) = Wordings(book).read("kod: Stödes").faults
    assert "”Stödet” eller ”Stöden”" in fault or "”Stöden” eller ”Stödet”" in fault


@settings(max_examples=60)
@given(st.sampled_from(BOOK.codes), st.data())
def test_what_goes_out_is_read_back_as_it_was(code: Code, data: st.DataObject) -> None:
    facets = {
        facet.id: value.id
        for facet in BOOK.facets
        if (value := data.draw(st.sampled_from([None, *facet.values]), label=facet.id))
    }
    coding = Coding(1, 1, "S01", "", 0, 3, "ord", code.id, facets)
    assert READER.read(label_text(coding, BOOK)).labels == (Label(code.id, facets),)


def test_a_name_with_a_comma_goes_out_as_its_id() -> None:
    facet = Facet("party", "Part", values=(FacetValue("v", "Vård, omsorg"),))
    book = Codebook("x", "X", facets=(facet,), codes=(Code("stod", "Stöd och hjälp", ""),))
    coding = Coding(1, 1, "S01", "", 0, 3, "ord", "stod", {"party": "v"})
    assert label_text(coding, book) == "Stöd och hjälp, v"
    assert Wordings(book).read("Stöd och hjälp, v").labels == (Label("stod", {"party": "v"}),)


def test_what_went_out_is_told_from_what_was_changed() -> None:
    marks = [Mark(f"k{n}", Span(0, 3), "och så", "Ansvar", "MK", "2026-03-05T10:00:00") for n in range(300)]
    packed = pack("abc", "S01", 2, marks)
    assert max(map(len, packed)) <= 255 and len(packed) > 1
    assert unpack(packed) == ("abc", "S01", 2, {mark.key: fingerprint("MK", "och  så", "Ansvar") for mark in marks})
    assert marks[0].fingerprint != fingerprint("MK", "och så", "Ansvar!")
    for broken in ([], packed[:1], ["{}"], ["[1]"], ['["a","b",1,[]]']):
        assert unpack(broken) == ("", "", 0, {})
