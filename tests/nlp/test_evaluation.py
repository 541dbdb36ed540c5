"""General words of evaluation tell success, hindrance and wish apart, on invented sentences and whole answers.

valences.tsv holds sentences made up for this: part a was there while the lists were written, part b was kept
back and judged at the end. ``before`` is what else was said in the answer.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from intervjukit.core.codebook import VALENCES, Codebook
from intervjukit.core.coding import Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Role, Transcript
from intervjukit.nlp.cues import judge_valence
from intervjukit.nlp.evaluation import EvaluationMatcher
from intervjukit.nlp.pipeline import IndicatorMatcher
from intervjukit.nlp.suggester import IndicatorSuggester

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]
Answered = Callable[..., list[Suggestion]]
WAIT = "Jag stod i kö."
TALK = "Vi satt i ett rum på tredje våningen."
TABLE = Path(__file__).with_name("valences.tsv")
PIPELINE = IndicatorMatcher({"valence:flaskhals": ["krånglig"]})
GENERAL = EvaluationMatcher(PIPELINE.nlp)


def judged(text: str) -> tuple[str, str]:
    doc = next(iter(PIPELINE.docs([text])))
    judgement = judge_valence(doc[:], [*PIPELINE.hits(doc), *GENERAL.hits(doc)], "")
    return judgement.value, judgement.reason


@pytest.fixture
def answered(suggester: IndicatorSuggester, interview: Interview) -> Answered:
    def suggest(answer: str, question: str | None = None) -> list[Suggestion]:
        return suggester.suggest([interview([("respondent", answer, question)])])

    return suggest


@pytest.fixture(scope="module")
def everything(book: Codebook, guides: list[Protocol]) -> IndicatorSuggester:
    """Return a suggester with the shipped cues and one theme that every answer below touches."""
    code = replace(next(iter(book)), indicators=("apropå saken",))
    return IndicatorSuggester(replace(book, codes=(code,)), guides)


@pytest.mark.parametrize(("part", "floors"), [
    ("a", {"framgang": 0.94, "flaskhals": 0.94, "onskan": 0.92}),
    ("b", {"framgang": 0.88, "flaskhals": 0.94, "onskan": 0.71}),
])  # fmt: skip
def test_invented_sentences_get_their_valence(
    everything: IndicatorSuggester, interview: Interview, part: str, floors: dict[str, float]
) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["part"] == part:
                sentence = f"{row['sentence'][:-1]} apropå saken."
                said = f"{row['before']} {sentence}".strip()
                (found,) = everything.suggest([interview([("respondent", said, None)])])
                total[row["valence"]] += 1
                right[row["valence"]] += found.facets["valence"] == row["valence"]
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


@pytest.mark.parametrize(
    ("answer", "value", "said"),
    [
        (f"{WAIT} Det gick bra.", "framgang", "framgång"),
        (f"Det var bra. {TALK} {WAIT}", "framgang", "framgång"),
        (f"Det var bra. {TALK} {WAIT} Det var kaos.", "flaskhals", "flaskhals"),
        (f"Det var bra. {WAIT} Det var kaos.", "framgang", "framgång"),
        (f"{WAIT} Det vore bra med en plan.", "onskan", "önskan"),
    ],
)
def test_where_the_sentence_says_nothing_the_nearest_in_the_answer_decides(
    answered: Answered, answer: str, value: str, said: str
) -> None:
    (found,) = [suggestion for suggestion in answered(answer) if suggestion.code == "vantetider"]
    assert found.facets["valence"] == value
    assert f"andra meningar i svaret tyder på {said};" in found.reason


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Det var bra, jag stod i kö.", "framgang"),
        ("Det vore bra om jag stod i kö.", "onskan"),
        ("Det har varit bra, jag stod i kö.", "framgang"),
        ("Det hade varit bra om jag stod i kö.", "onskan"),
    ],
)
def test_a_wish_in_the_code_book_is_not_found_in_the_indicative(answered: Answered, said: str, value: str) -> None:
    assert {suggestion.facets["valence"] for suggestion in answered(said)} == {value}


def test_the_sentence_then_the_answer_then_the_question_decide_each_less_surely(answered: Answered) -> None:
    answers = ["Jag stod i kö, det var kaos.", f"{WAIT} Det var kaos.", WAIT]
    (own,), (other,), (asked,) = (answered(answer, "drar_ut") for answer in answers)
    (nothing,) = answered(WAIT)
    assert {found.facets["valence"] for found in (own, other, asked, nothing)} == {"flaskhals"}
    assert own.score > other.score > asked.score > nothing.score
    assert "”kaos” tyder på flaskhals" in own.reason
    assert "frågan gällde vad som drar ut på tiden" in asked.reason
    assert "inget i meningen avgör slaget" in nothing.reason


def test_the_answer_weighs_more_than_the_question(answered: Answered) -> None:
    (found,) = answered(f"{WAIT} Det var kaos.", "hjalpt")
    assert found.facets["valence"] == "flaskhals"
