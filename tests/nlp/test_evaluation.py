"""General words of evaluation tell success, hindrance and wish apart, on invented sentences and whole answers.

valences.tsv holds sentences made up for this: part a was there while the lists were written, part b was kept
back and judged at the end. ``before`` is what else was said in the answer.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from intervjukit.core.codebook import VALENCES
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.library import codebook_file
from intervjukit.nlp.cues import Judgement, judge_valence, said_valence
from intervjukit.nlp.evaluation import EvaluationMatcher
from intervjukit.nlp.pipeline import IndicatorMatcher

TABLE = Path(__file__).with_name("valences.tsv")
PIPELINE = IndicatorMatcher({"valence:flaskhals": ["krånglig"]})
GENERAL = EvaluationMatcher(PIPELINE.nlp)


def judged(text: str, asked: str = "", others: tuple[Judgement, ...] = ()) -> tuple[str, str]:
    doc = next(iter(PIPELINE.docs([text])))
    judgement = judge_valence(doc[:], [*PIPELINE.hits(doc), *GENERAL.hits(doc)], asked, others)
    return judgement.value, judgement.reason


class Shipped:
    """Judges sentences with the cues of the shipped code book."""

    def __init__(self) -> None:
        facets = {facet.id: facet.values for facet in read_codebook(codebook_file("halsoflodet")).facets}
        self.matcher = IndicatorMatcher({f"valence:{value.id}": value.indicators for value in facets["valence"]})
        self.general = EvaluationMatcher(self.matcher.nlp)

    def value(self, sentence: str, before: str) -> str:
        texts = [text for text in (sentence, before) if text]
        docs = [(doc[:], [*self.matcher.hits(doc), *self.general.hits(doc)]) for doc in self.matcher.docs(texts)]
        others = filter(None, (said_valence(words, hits) for words, hits in docs[1:]))
        return judge_valence(*docs[0], "", others).value


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped()


@pytest.mark.parametrize(("part", "floors"), [
    ("a", {"framgang": 1.0, "flaskhals": 1.0, "onskan": 1.0}),
    ("b", {"framgang": 0.94, "flaskhals": 1.0, "onskan": 0.78}),
])  # fmt: skip
def test_invented_sentences_get_their_valence(shipped: Shipped, part: str, floors: dict[str, float]) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["part"] == part:
                total[row["valence"]] += 1
                right[row["valence"]] += shipped.value(row["sentence"], row["before"]) == row["valence"]
    assert total.total() >= 40
    shares = {value: right[value] / total[value] for value in VALENCES}
    assert all(shares[value] >= floors[value] for value in VALENCES), shares


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("Det blev bra.", "framgang", "”bra” tyder på framgång"),
        ("Det blev inte bra.", "flaskhals", "”inte … bra” tyder på flaskhals"),
        ("Det blev inte bra förrän jag bytte läkare.", "flaskhals", "”inte … bra” tyder på flaskhals"),
        ("Det var inga problem.", "framgang", "”inga … problem” tyder på framgång"),
        ("Jag slapp vänta.", "framgang", "”slapp” tyder på framgång"),
        ("Det hade hjälpt.", "onskan", "”Det hade hjälpt” tyder på önskan"),
        ("Ett möte skulle underlätta.", "onskan", "”skulle … underlätta” tyder på önskan"),
        ("Då hade det gått snabbare.", "onskan", "”hade … snabbare” tyder på önskan"),
        ("Det hade jag god hjälp av.", "framgang", "”god” tyder på framgång"),
        ("Jag skulle börja jobba och det gick bra.", "framgang", "”bra” tyder på framgång"),
        ("Mötet var kort men bra, dyrt men tydligt.", "framgang", "”bra” tyder på framgång"),
        ("Mötet var bra men för kort.", "flaskhals", "”för kort” tyder på flaskhals"),
        ("Det var krångligt, men bra.", "flaskhals", "”krångligt” tyder på flaskhals"),
        ("Det vore bra och tydligt och lätt.", "onskan", "”vore” tyder på önskan"),
        ("Hade jag vetat det i maj.", "onskan", "”Hade” tyder på önskan"),
        ("Utan henne hade jag inte varit här.", "framgang", "”Utan … inte” tyder på framgång"),
    ],
)
def test_the_reason_names_the_word_that_decided(text: str, value: str, reason: str) -> None:
    assert judged(text) == (value, reason)


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
    assert judged(text)[0] == value


@pytest.mark.parametrize(
    "text",
    ["Jag fick be om hjälp.", "Man har behov av stöd.", "Det var för länge sedan.", "Bra fråga.", "Jag var med."],
)
def test_what_only_looks_like_an_evaluation_decides_nothing(text: str) -> None:
    assert judged(text) == ("flaskhals", "inget i meningen avgör slaget")


NOTHING = "Jag stod i kö."
GOOD = Judgement("framgang", 0.65, "”bra” tyder på framgång")
BAD = Judgement("flaskhals", 0.8, "”kaos” tyder på flaskhals")


def test_where_the_sentence_says_nothing_the_nearest_in_the_answer_decides() -> None:
    assert judged(NOTHING, others=(GOOD, BAD)) == ("framgang", "andra meningar i svaret tyder på framgång")
    assert judged(NOTHING, others=(BAD, GOOD)) == ("flaskhals", "andra meningar i svaret tyder på flaskhals")
    assert judged("Det var kaos.", others=(GOOD,)) == ("flaskhals", "”kaos” tyder på flaskhals")


def test_the_answer_weighs_more_than_the_question_and_the_question_more_than_nothing() -> None:
    assert judged(NOTHING, "framgang", (BAD,))[0] == "flaskhals"
    assert judged(NOTHING, "framgang") == ("framgang", "frågan gällde vad som har hjälpt")
    assert judged(NOTHING) == ("flaskhals", "inget i meningen avgör slaget")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Det var bra, jag stod i kö.", "framgang"),
        ("Det vore bra om jag stod i kö.", "onskan"),
        ("Det har varit bra, jag stod i kö.", "framgang"),
        ("Det hade varit bra om jag stod i kö.", "onskan"),
    ],
)
def test_a_wish_in_the_code_book_is_not_found_in_the_indicative(shipped: Shipped, said: str, value: str) -> None:
    assert shipped.value(said, "") == value
