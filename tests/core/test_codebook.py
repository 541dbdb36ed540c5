"""The code book answers for its codes and facets, and says what there is when asked for what there is not."""

from __future__ import annotations

import pytest

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue, compound
from intervjukit.errors import NotFoundError, RuleError

BOOK = Codebook(
    "b",
    "B",
    facets=(
        Facet("valence", "Slag", values=(FacetValue("flaskhals", "Flaskhals"), FacetValue("framgang", "Framgång"))),
        Facet("party", "Part", values=(FacetValue("vard", "Vården"),)),
    ),
    codes=(
        Code("vantetider", "Väntetider", "Köer", headings={"flaskhals": "Lång väntan"}),
        Code("avslag", "Avslag", "Nej"),
    ),
)


def test_a_code_is_found_by_its_id() -> None:
    assert BOOK.code("avslag").name == "Avslag"
    assert ("avslag" in BOOK, "kaffe" in BOOK, len(BOOK), [code.id for code in BOOK]) == (
        True, False, 2, ["vantetider", "avslag"]
    )  # fmt: skip


@pytest.mark.parametrize(("asked", "hint"), [("vantetid", "Menade du vantetider"), ("xyz", "Se kodboken")])
def test_a_code_that_is_not_there_is_refused_with_the_nearest(asked: str, hint: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        BOOK.code(asked)
    assert asked in caught.value.problem
    assert hint in caught.value.fix


def test_facets_are_kept_in_the_books_order_without_empty_values() -> None:
    assert list(BOOK.check_facets({"party": "vard", "valence": "flaskhals"}).items()) == [
        ("valence", "flaskhals"),
        ("party", "vard"),
    ]
    assert BOOK.check_facets({"party": "", "valence": "framgang"}) == {"valence": "framgang"}


@pytest.mark.parametrize(
    ("facets", "fix"),
    [({"party": "kyrkan"}, "Välj något av: vard"), ({"färg": "röd"}, "Facetterna är: valence, party")],
)
def test_a_value_outside_the_closed_list_is_refused(facets: dict[str, str], fix: str) -> None:
    with pytest.raises(RuleError) as caught:
        BOOK.check_facets(facets)
    assert fix in caught.value.fix


def test_names_and_headings_fall_back_on_what_there_is() -> None:
    assert BOOK.code("vantetider").heading("flaskhals") == "Lång väntan"
    assert BOOK.code("vantetider").heading("framgang") == "Väntetider"
    assert [BOOK.value_name("party", "vard"), BOOK.value_name("party", "x"), BOOK.value_name("y", "x")] == [
        "Vården", "x", "x"
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["vård+kö", " vård +kö ", "vård  +  kö"])
def test_blanks_around_the_joint_do_not_matter(written: str) -> None:
    assert compound(written) == ("vård", "kö")


@pytest.mark.parametrize("written", ["", "+", "vård +", "+ kö", "vård ++ kö", "lång kö", "vård|kö", "vård-kö", "v4"])
def test_what_is_no_word_is_refused_with_the_value_and_what_to_write(written: str) -> None:
    with pytest.raises(RuleError, match="går inte att läsa som ett ord") as caught:
        compound(written)
    assert f"”{written}”" in caught.value.problem and "vård + kö" in caught.value.fix
