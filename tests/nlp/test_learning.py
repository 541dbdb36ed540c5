"""What is learned from a bank is kept as plain numbers, made anew when they do not fit, and never needed twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.protocol import Protocol
from intervjukit.formats.banks import read_bank
from intervjukit.nlp.cache import CACHE, cache_folder
from intervjukit.nlp.learning import examples, first_model
from intervjukit.nlp.model import CodingModel
from intervjukit.nlp.segments import Segmenter

BANK = """
chefer | - | | {kollegor/flaskhals/kollegor/- Kollegorna muttrade.} {chefsstod/framgang/arbetsgivare/- Jag ringde henne.} Vi är tolv.
lakare | - | | {vantetider/flaskhals/vard/- Kön är ett halvår.} Jag har varit här i nio år. {kollegor/onskan/kollegor/- Ett tack!}
"""  # noqa: E501 – one answer per line


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test keep its models where it says."""
    monkeypatch.delenv(CACHE, raising=False)


@pytest.fixture(scope="module")
def bank(book: Codebook) -> list[BankAnswer]:
    return read_bank("b", BANK * 3, book)


def never() -> list[BankAnswer]:
    raise AssertionError("the bank was asked for")


def same(one: CodingModel, other: CodingModel) -> bool:
    ours, theirs = one.arrays(), other.arrays()
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[key], theirs[key]) for key in ours)


def test_a_segment_has_the_coding_it_shares_most_with(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer]
) -> None:
    made = examples(book, segmenter, bank)[:6]
    assert [e.codes for e in made] == [("kollegor",), ("chefsstod",), (), ("vantetider",), (), ("kollegor",)]
    assert [e.codable for e in made] == [True, True, False, True, False, True]


def test_codes_of_another_code_book_still_teach_what_is_codable(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer]
) -> None:
    other = Codebook("b", "B", facets=book.facets[:1])
    made = examples(other, segmenter, bank)[:3]
    assert [(e.codable, e.codes, dict(e.facets)) for e in made] == [
        (True, (), {"valence": "flaskhals"}),
        (True, (), {"valence": "framgang"}),
        (False, (), {}),
    ]


def test_what_the_bank_does_not_teach_is_taught_by_names_and_indicators(
    segmenter: Segmenter, bank: list[BankAnswer]
) -> None:
    values = (FacetValue("vard", "Barnpsykiatrin", indicators=("bup",)), FacetValue("hem", "Hemmet"))
    party = Facet("party", "Part", values=(*values, FacetValue("skola", "Skolan"), FacetValue("elev", "Eleven")))
    codes = (
        Code("kamrater", "Kamrater", "Vänner.", indicators=("ensam på rasten",)),
        Code("moten", "Möten", "Samtal."),
    )
    made = examples(Codebook("skola", "Skolan", facets=(party,), codes=codes), segmenter, bank)
    theirs, own = made[:-8], made[-8:]
    assert any(e.codable for e in theirs) and all(not e.codes and not e.facets for e in theirs)
    assert [(e.segment.text, e.codes, dict(e.facets)) for e in own] == [
        ("Kamrater", ("kamrater",), {}),
        ("ensam på rasten", ("kamrater",), {}),
        ("Möten", ("moten",), {}),
        ("Barnpsykiatrin", (), {"party": "vard"}),
        ("bup", (), {"party": "vard"}),
        ("Hemmet", (), {"party": "hem"}),
        ("Skolan", (), {"party": "skola"}),
        ("Eleven", (), {"party": "elev"}),
    ]


def test_the_model_is_fitted_once_and_the_same_when_it_is_fetched(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer], tmp_path: Path
) -> None:
    fitted = first_model(book, segmenter, lambda: bank, tmp_path, "a")
    assert same(fitted, first_model(book, segmenter, never, tmp_path, "a"))
    assert same(fitted, CodingModel.fit(examples(book, segmenter, bank)))
    with pytest.raises(AssertionError, match="asked for"):
        first_model(book, segmenter, never, tmp_path, "another bank")


def test_a_group_by_another_name_is_learned_anew_since_it_may_be_who_tells(
    book: Codebook, guides: list[Protocol], bank: list[BankAnswer], tmp_path: Path
) -> None:
    renamed = [replace(guide, group_name=f"{guide.group_name} i norr") for guide in guides]
    first_model(book, Segmenter(book, guides), lambda: bank, tmp_path, "a")
    first_model(book, Segmenter(book, renamed), lambda: bank, tmp_path, "a")
    assert len(list(tmp_path.glob("modell-*"))) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 damaged", b"not an archive"])
def test_a_damaged_file_is_made_anew(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer], tmp_path: Path, damage: bytes
) -> None:
    fitted = first_model(book, segmenter, lambda: bank, tmp_path, "a")
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert same(fitted, first_model(book, segmenter, lambda: bank, tmp_path, "a"))
    assert same(fitted, first_model(book, segmenter, never, tmp_path, "a"))


def test_nothing_that_could_run_is_ever_read(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer], tmp_path: Path
) -> None:
    first_model(book, segmenter, lambda: bank, tmp_path, "a")
    (file,) = tmp_path.iterdir()
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiU" for name in arrays)


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    book: Codebook, segmenter: Segmenter, bank: list[BankAnswer], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    model = first_model(book, segmenter, lambda: bank, tmp_path / "file", "a")
    assert "code:kollegor" in model.content.targets


def test_the_cache_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    assert cache_folder() == tmp_path
