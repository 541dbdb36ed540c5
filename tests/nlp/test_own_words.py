"""What a study says of its own words holds for all their forms, and changes nothing else.

The table was written by hand: how a word is written in a code book, forms of it with their parts, words that only look
like it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.codebook import Code, Codebook, compound
from intervjukit.formats.banks import read_bank
from intervjukit.nlp import swedish
from intervjukit.nlp.features import Features, Segment
from intervjukit.nlp.learning import examples, first_model
from intervjukit.nlp.model import CodingModel
from intervjukit.nlp.pipeline import IndicatorMatcher
from intervjukit.nlp.segments import Answer, Segmenter
from intervjukit.nlp.swedish import USUAL, Words

TABLE = """
vård + kö | vård|kö vård|kön vård|köer vård|köerna vård|köernas vård|kös | vårdköp vårdkök vård köer
rehab + koordinator | rehab|koordinator rehab|koordinatorns rehab|koordinatorer rehab|koordinatorernas | rehabkurser
rehab + koordinatorn | rehab|koordinator rehab|koordinatorn rehab|koordinatorns rehab|koordinatorerna | koordinatorn
vård + lots | vård|lots vård|lotsen vård|lotsens vård|lotsar vård|lotsarnas | vårdlos vårdlokal
friska + team | friska|team friska|teamet friska|teamets friska|teamen | friskteam friskaste
bil + drulle | bil|drulle bil|drullen bil|drullar bil|drullarna | bild bildram
puls + rum | puls|rum puls|rummet puls|rummens | pulsram
kropps + nyckel | kropps|nyckel kropps|nyckeln kropps|nycklar kropps|nycklarnas | kroppsnypa
Fin + sam | fin|sam Fin|sam FIN|SAM | samfin
u + sväng | u|sväng u|svängen u|svängarna | svängen usel
bo + trygg + prov | bo|trygg|prov bo|trygg|provet bo|trygg|provens | botrygg botryggprovning
förväntan | förväntan förväntans Förväntan | väntan livsförväntan
rehabkompass | rehabkompass rehabkompassen rehabkompassens | kompass
"""
ROWS = [[cell.strip() for cell in row.split(" | ")] for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_said_of_a_word_holds_for_its_forms_and_for_no_other_word(row: list[str]) -> None:
    own = Words([compound(row[0])])
    for written in row[1].split():
        parts = tuple(written.lower().split("|"))
        assert own.keys("".join(parts)).parts == (parts if len(parts) > 1 else ()), written
    assert len({own.lemma(written.replace("|", "")) for written in row[1].split()}) == 1
    for word in row[2].split():
        assert own.own(word) is None, word
        assert (own.keys(word), own.lemma(word)) == (USUAL.keys(word), USUAL.lemma(word))


def test_the_words_are_read_in_another_way_without_the_study() -> None:
    assert USUAL.keys("bildrulle").parts == ("bild", "rulle")
    assert USUAL.keys("rehabkompassen").parts == ("rehab", "kompassen")
    assert USUAL.own("vårdkö") is None


def test_spoken_spellings_are_forms_too() -> None:
    own = Words([("vård", "läkaren")])
    assert own.keys("Vårdläkaren").parts == ("vård", "läkaren")
    assert Words([("förväntan",), ("nån", "stans")]).own("nånstans") is None  # is read as "någonstans"


def test_of_two_entries_each_holds_for_its_own_word() -> None:
    own = Words([("bil", "drulle"), ("bild", "ram"), ("vårdkö",)])
    assert own.keys("bildrullarna").parts == ("bil", "drullarna")
    assert own.keys("bildramen").parts == ("bild", "ramen")
    assert own.keys("vårdköerna").parts == ()


WORDS = st.sampled_from([form.replace("|", "") for row in ROWS for form in f"{row[1]} {row[2]}".split()])
EVERY = Words(compound(row[0]) for row in ROWS)


@given(WORDS | st.text(max_size=12))
def test_a_key_is_its_own_key_and_parts_joined_are_the_word(word: str) -> None:
    assert EVERY.lemma(EVERY.lemma(word)) == EVERY.lemma(word)
    found = EVERY.keys(word)
    if EVERY.own(word) and found.parts:
        assert "".join(found.parts) == found.form


def test_without_own_words_the_function_is_the_usual_one() -> None:
    assert Words().lemma is swedish.lemma


# --- indicators -------------------------------------------------------------------------------------

OWNERS = {"ko": ["kö"], "vantan": ["väntan"], "lots": ["vårdlots"], "lotsar": ["lots"], "drulle": ["drulle"]}
SAID = "Vårdköerna växte. Min förväntan var hög, väntan lång, och vårdlotsen en bildrulle."


def found(*written: str, owners: dict[str, list[str]] = OWNERS) -> list[tuple[str, str, str]]:
    matcher = IndicatorMatcher(owners, Words(map(compound, written)), model="")
    (doc,) = matcher.docs([SAID])
    return [(hit.owner, hit.quote, hit.how) for hit in matcher.hits(doc)]


def test_indicators_are_found_in_words_as_the_study_reads_them() -> None:
    drulle = ("drulle", "bildrulle", "led")
    usual = [("vantan", "förväntan", "led"), ("vantan", "väntan", "ord"), ("lots", "vårdlotsen", "böjning"), drulle]
    assert found() == usual
    assert found("vård + kö") == [("ko", "Vårdköerna", "led"), *usual]
    assert found("förväntan") == usual[1:]
    assert found("bild + rulle") == usual[:-1]
    assert found("bil + drulle") == usual


def test_a_word_the_code_book_has_itself_is_not_read_by_its_end_though_the_study_splits_it() -> None:
    assert ("lots", "vårdlotsen", "böjning") in found("vård + lots")
    assert not any(owner == "lotsar" for owner, _, _ in found("vård + lots"))


def test_of_several_joints_the_longest_end_that_is_an_indicator_counts() -> None:
    owners = {"rulle": ["rulle"], "drulle": ["drulle"], "lang": ["ildrulle"]}
    assert found("b + il + drulle", owners=owners) == [("lang", "bildrulle", "led")]


# --- features and the model -------------------------------------------------------------------------


def test_the_features_of_a_word_are_those_of_its_own_parts() -> None:
    said = [Segment(number, 0, 0, "Bildrullen kom försent.") for number in range(5)]
    for words, part in ((USUAL, "+rullen"), (Words([("bil", "drulle")]), "+drullen")):
        features = Features(words)
        features.fit(said)
        assert part in features.words.places
        again = Features.of_arrays(features.arrays(), words)
        assert (again.rows(said) != features.rows(said)).nnz == 0


BOOK = Codebook("b", "B", codes=(Code("vantan", "Väntan", "Att vänta.", indicators=("väntan", "kö")),))
OWN = Codebook("b", "B", codes=BOOK.codes, compounds=(("vård", "kö"), ("förväntan",)))
BANK = "\n".join(
    [
        "a | - | | {vantan Vårdköerna var långa.} Bilen stod ute.",
        "a | - | | {vantan Det var en lång väntan.} Min förväntan var hög.",
    ]
    * 5
)


def test_the_segmenter_reads_as_the_code_book_says() -> None:
    (usual,), (own,) = ([*Segmenter(book, []).segments([Answer("Vårdköerna.", "a")])] for book in (BOOK, OWN))
    assert "code:vantan" not in usual.segment.rules
    assert own.segment.rules["code:vantan"] > 0.3


def test_a_model_that_is_fetched_reads_as_the_one_that_was_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INTERVJUKIT_CACHE", raising=False)
    segmenter, bank = Segmenter(OWN, []), read_bank("b", BANK, OWN)
    fitted, fetched = (first_model(OWN, segmenter, lambda: bank, tmp_path, "x") for _ in range(2))
    places = [one.segment for one in segmenter.segments([Answer("Vårdköerna. Min förväntan.", "a")])]
    assert len(list(tmp_path.iterdir())) == 1
    assert (fitted.features.rows(places) != fetched.features.rows(places)).nnz == 0


def test_a_model_of_own_words_that_are_never_said_is_the_usual_one() -> None:
    unheard = Codebook("b", "B", codes=BOOK.codes, compounds=(("puls", "rum"), ("kompass",)))
    made = [
        CodingModel.fit(examples(book, segmenter, read_bank("b", BANK, book)), segmenter.swedish).arrays()
        for book in (BOOK, unheard)
        for segmenter in [Segmenter(book, [])]
    ]
    assert made[0].keys() == made[1].keys()
    assert all(np.array_equal(made[0][name], made[1][name]) for name in made[0])
