"""What the cues of a code book, with the negations that turn them, say of a sentence's valence."""

from __future__ import annotations

import pytest

from intervjukit.nlp.cues import Judgement, said_valence
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher

MATCHER = IndicatorMatcher(
    {
        "valence:flaskhals": ["hinder", "krånglig", "jobbig", "fungerade inte", "orkade inte"],
        "valence:framgang": ["stöd", "nöjd", "gick bra", "skönt att", "hjälpte mig", "fungerade bra"],
        "valence:onskan": ["borde", "hade velat"],
    }
)


def judged(text: str) -> Judgement | None:
    doc = next(iter(MATCHER.docs([text])))
    return said_valence(doc[:], MATCHER.hits(doc))


def said(text: str) -> Judgement:
    judgement = judged(text)
    assert judgement is not None
    return judgement


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jag är nöjd med chefen.", "framgang"),
        ("Jag är inte nöjd med chefen.", "flaskhals"),
        ("Stöd fick jag inte av chefen.", "flaskhals"),
        ("Jag fick inte bara stöd utan pengar.", "framgang"),
        ("Jag gick dit utan att få stöd.", "flaskhals"),
        ("Skönt att jag inte behövde jobba.", "framgang"),
        ("Det var ett hinder.", "flaskhals"),
        ("Det var inget hinder.", "framgang"),
        ("Det var inte så krångligt.", "framgang"),
        ("Jag fick inte veta något den veckan och det var jobbigt.", "flaskhals"),
        ("Det fungerade inte.", "flaskhals"),
        ("Chefen borde ringa.", "onskan"),
        ("Jag önskar att chefen ringde.", "onskan"),
        ("Jag hade velat att det gick bra.", "onskan"),
        ("Det var krångligt och jobbigt, det gick bra ändå.", "flaskhals"),
    ],
)
def test_the_valence_is_what_the_cues_say_after_negation(text: str, wanted: str) -> None:
    assert said(text).value == wanted


@pytest.mark.parametrize(
    "text", ["Chefen ringde på fredagar.", "Ingen ringde.", "Inte bara chefen ringde.", "Vi pratade aldrig.", "…"]
)
def test_a_sentence_without_a_cue_says_nothing_even_when_it_negates(text: str) -> None:
    assert judged(text) is None


def test_cues_that_disagree_leave_the_valence_less_sure() -> None:
    sure, torn = said("Det var krångligt."), said("Det var krångligt, det gick bra.")
    assert 1 >= sure.confidence > torn.confidence > 0


def test_a_valence_the_program_does_not_know_is_left_out() -> None:
    doc = next(iter(MATCHER.docs(["Det gick till."])))
    unknown = Hit("valence:blandat", "gick", 4, 8, "ord")
    assert said_valence(doc[:], [unknown]) is None
    known = Hit("valence:framgang", "till", 9, 13, "ord")
    judgement = said_valence(doc[:], [unknown, known])
    assert judgement == Judgement("framgang", 0.8)
