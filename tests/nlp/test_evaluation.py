"""General words of evaluation tell success, hindrance and wish apart, on invented sentences.

valences.tsv holds sentences made up for this: part a was there while the lists were written, part b was kept
back and judged at the end. Where ``valence`` is empty only the talk around the sentence told what it was.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from intervjukit.core.codebook import VALENCES
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.library import codebook_file
from intervjukit.nlp.cues import Judgement, said_valence
from intervjukit.nlp.pipeline import IndicatorMatcher

Shares = dict[str, float]

with Path(__file__).with_name("valences.tsv").open(encoding="utf-8", newline="") as _file:
    TABLE = list(csv.DictReader(_file, delimiter="\t"))
PIPELINE = IndicatorMatcher({"valence:flaskhals": ["krånglig"]})


def judged(text: str, matcher: IndicatorMatcher = PIPELINE) -> Judgement | None:
    doc = next(iter(matcher.docs([text])))
    return said_valence(doc[:], [*doc._.indicators, *doc._.evaluations])


def said(text: str) -> Judgement:
    judgement = judged(text)
    assert judgement is not None
    return judgement


@pytest.fixture(scope="module")
def shipped() -> Callable[[str], str]:
    """Return the valence of a sentence by the cues of the shipped code book, "" when it says nothing."""
    facets = {facet.id: facet.values for facet in read_codebook(codebook_file("halsoflodet")).facets}
    matcher = IndicatorMatcher({f"valence:{value.id}": value.indicators for value in facets["valence"]})

    def valence(sentence: str) -> str:
        judgement = judged(sentence, matcher)
        return judgement.value if judgement else ""

    return valence


# measured now, in number of sentences: right, of those where a cue is found, of all that say something.
# part a: framgang 16 of 16 of 16, flaskhals 15 of 15 of 16, onskan 13 of 13 of 13
# part b: framgang 15 of 15 of 16, flaskhals 15 of 15 of 16, onskan 11 of 12 of 13
@pytest.mark.parametrize(("part", "of_found", "of_all"), [
    ("a", {"framgang": 1, "flaskhals": 1, "onskan": 1}, {"framgang": 1, "flaskhals": 15 / 16, "onskan": 1}),
    ("b", {"framgang": 1, "flaskhals": 1, "onskan": 11 / 12},
     {"framgang": 15 / 16, "flaskhals": 15 / 16, "onskan": 11 / 13}),
])  # fmt: skip
def test_invented_sentences_get_their_valence(
    shipped: Callable[[str], str], part: str, of_found: Shares, of_all: Shares
) -> None:
    for value in VALENCES:
        given = [shipped(row["sentence"]) for row in TABLE if (row["part"], row["valence"]) == (part, value)]
        right, found = given.count(value), len(given) - given.count("")
        assert len(given) >= 13
        assert right / found >= of_found[value], (value, given)
        assert right / len(given) >= of_all[value], (value, given)


def test_invented_sentences_that_say_nothing_themselves_get_no_valence(shipped: Callable[[str], str]) -> None:
    silent = [row["sentence"] for row in TABLE if not row["valence"]]
    assert len(silent) == 6
    assert [sentence for sentence in silent if shipped(sentence)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Det blev bra.", "framgang"),
        ("Det blev inte bra.", "flaskhals"),
        ("Det blev inte bra förrän jag bytte läkare.", "flaskhals"),
        ("Det var inga problem.", "framgang"),
        ("Jag slapp vänta.", "framgang"),
        ("Det hade hjälpt.", "onskan"),
        ("Ett möte skulle underlätta.", "onskan"),
        ("Då hade det gått snabbare.", "onskan"),
        ("Det hade jag god hjälp av.", "framgang"),
        ("Jag skulle börja jobba och det gick bra.", "framgang"),
        ("Mötet var kort men bra, dyrt men tydligt.", "framgang"),
        ("Mötet var bra men för kort.", "flaskhals"),
        ("Det var krångligt, men bra.", "flaskhals"),
        ("Det vore bra och tydligt och lätt.", "onskan"),
        ("Hade jag vetat det i maj.", "onskan"),
        ("Utan henne hade jag inte varit här.", "framgang"),
    ],
)
def test_the_word_that_decides_is_the_one_that_governs(text: str, value: str) -> None:
    assert said(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jag fick hjälp.", "framgang"),
        ("Stöd fick jag.", "framgang"),
        ("Stöd fick jag inte.", "flaskhals"),
        ("Jag fick inget stöd.", "flaskhals"),
        ("Jag fick dåligt stöd.", "flaskhals"),
        ("Om jag hade fått hjälp i tid.", "onskan"),
    ],
)
def test_support_is_a_success_only_when_it_was_got(text: str, value: str) -> None:
    assert said(text).value == value


@pytest.mark.parametrize(
    "text",
    ["Jag fick be om hjälp.", "Man har behov av stöd.", "Det var för länge sedan.", "Bra fråga.", "Jag var med."],
)
def test_what_only_looks_like_an_evaluation_says_nothing(text: str) -> None:
    assert judged(text) is None


def test_a_general_word_is_less_sure_than_a_cue_of_the_code_book_and_surer_than_two_that_disagree() -> None:
    own, general, torn = said("Det var krångligt."), said("Det var dåligt."), said("Det var dåligt, men bra.")
    assert own.confidence > general.confidence > torn.confidence


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Det var bra, jag stod i kö.", "framgang"),
        ("Det vore bra om jag stod i kö.", "onskan"),
        ("Det har varit bra, jag stod i kö.", "framgang"),
        ("Det hade varit bra om jag stod i kö.", "onskan"),
    ],
)
def test_a_wish_in_the_code_book_is_not_found_in_the_indicative(
    shipped: Callable[[str], str], sentence: str, value: str
) -> None:
    assert shipped(sentence) == value
