"""Negation in Swedish word order, and who and what decides the valence and the party of a sentence."""

from __future__ import annotations

import pytest

from intervjukit.nlp.cues import judge_party, judge_valence, negated
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher

MATCHER = IndicatorMatcher(
    {
        "valence:flaskhals": ["hinder", "krånglig", "jobbig", "fungerade inte", "orkade inte"],
        "valence:framgang": ["stöd", "nöjd", "gick bra", "skönt att", "hjälpte mig", "fungerade bra"],
        "valence:onskan": ["borde", "hade velat"],
    }
)


def negation(text: str, cue: str) -> str:
    doc = next(iter(MATCHER.docs([text])))
    start = text.lower().index(cue)
    return negated(doc[:], start, start + len(cue))


def valence(text: str, asked: str = "") -> str:
    doc = next(iter(MATCHER.docs([text])))
    return judge_valence(doc[:], MATCHER.hits(doc), asked).value


@pytest.mark.parametrize(
    ("text", "cue", "word"),
    [
        ("Jag fick inte stöd.", "stöd", "inte"),
        ("Jag fick aldrig något stöd.", "stöd", "aldrig"),
        ("Det fanns inget stöd alls.", "stöd", "inget"),
        ("Ingen gav mig stöd.", "stöd", "Ingen"),
        ("Jag gick hem utan stöd.", "stöd", "utan"),
        ("Jag gick tillbaka utan att få stöd.", "stöd", "utan"),
        ("Stöd fick jag inte.", "stöd", "inte"),
        ("Stöd har jag aldrig fått.", "stöd", "aldrig"),
        ("Nöjd är jag int.", "nöjd", "int"),
        ("Det gick bra, men stöd fick jag inte.", "stöd", "inte"),
        ("Jag tror inte att det gick bra.", "gick bra", "inte"),
        ("Jag fick stöd.", "stöd", ""),
        ("Jag fick inte bara stöd.", "stöd", ""),
        ("Det var inte minst stöd från chefen.", "stöd", ""),
        ("Stöd fick jag inte förrän i maj.", "stöd", ""),
        ("Jag kunde inte sova, stöd fick jag.", "stöd", ""),
        ("Jag sov inte men stöd fick jag.", "stöd", ""),
        ("Stöd fick jag, inte pengar.", "stöd", ""),
        ("Skönt att jag inte behövde jobba.", "skönt att", ""),
        ("Det gick bra när chefen inte var där.", "gick bra", ""),
        ("Det var inte chefen utan stöd från laget.", "stöd", ""),
        ("Jag orkade aldrig ringa den där dagen och sen kom stöd.", "stöd", ""),
        ("Stöd.", "stöd", ""),
    ],
)
def test_a_negation_is_found_before_and_after_within_the_clause(text: str, cue: str, word: str) -> None:
    assert negation(text, cue) == word


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
        ("Ingen ringde.", "flaskhals"),
        ("Chefen ringde.", "flaskhals"),
    ],
)
def test_the_valence_is_what_the_cues_say_after_negation(text: str, wanted: str) -> None:
    assert valence(text) == wanted


@pytest.mark.parametrize("asked", ["flaskhals", "framgang", "onskan"])
def test_without_a_cue_the_question_decides(asked: str) -> None:
    assert valence("Chefen ringde på fredagar.", asked) == asked


def test_a_cue_and_a_bare_negation_weigh_more_than_the_question() -> None:
    assert valence("Det var ett hinder.", "framgang") == "flaskhals"
    assert valence("Ingen ringde.", "framgang") == "flaskhals"
    assert valence("Inte bara chefen ringde.", "framgang") == "framgang"


def test_the_reason_quotes_the_negation_with_the_cue() -> None:
    doc = next(iter(MATCHER.docs(["Jag är inte nöjd."])))
    judgement = judge_valence(doc[:], MATCHER.hits(doc), "")
    assert judgement.reason == "”inte … nöjd” tyder på flaskhals"


def test_cues_that_disagree_leave_the_valence_less_sure() -> None:
    docs = list(MATCHER.docs(["Det var krångligt.", "Det var krångligt, det gick bra.", "Chefen ringde."]))
    sure, torn, guessed = (judge_valence(doc[:], MATCHER.hits(doc), "").confidence for doc in docs)
    assert 1 >= sure > torn > guessed > 0


def test_a_valence_the_program_does_not_know_is_left_out() -> None:
    doc = next(iter(MATCHER.docs(["Det gick bra."])))
    assert judge_valence(doc[:], [Hit("valence:blandat", "gick", 4, 8, "ord")], "framgang").value == "framgang"


NAMES = {"vard": "Vården", "arbetsgivare": "Arbetsgivaren"}
CARE = Hit("party:vard", "läkare", 0, 6, "ord")
BOSS = Hit("party:arbetsgivare", "chefen", 40, 46, "ord")


@pytest.mark.parametrize(
    ("hits", "near", "about", "usual", "party", "says"),
    [
        ([CARE, BOSS], 10, "individ", "individ", "vard", "”läkare” pekar på parten Vården"),
        ([CARE, BOSS], 38, "individ", "individ", "arbetsgivare", "”chefen” pekar på parten Arbetsgivaren"),
        ([], 0, "vard", "arbetsgivare", "vard", "frågan handlade om parten Vården"),
        ([], 0, None, "arbetsgivare", "arbetsgivare", "temat gäller oftast parten Arbetsgivaren"),
        ([], 0, None, "", "kassa", "den som talar hör till parten kassa"),
    ],
)
def test_the_party_is_the_one_named_then_asked_about_then_usual_then_the_speakers_own(
    hits: list[Hit], near: int, about: str | None, usual: str, party: str, says: str
) -> None:
    judgement = judge_party(hits, near, about, usual, "kassa", NAMES)
    assert (judgement.value, judgement.reason) == (party, says)


def test_the_less_direct_the_sign_of_a_party_the_less_sure_it_is() -> None:
    given = [([CARE], "vard", "vard"), ([], "vard", "vard"), ([], None, "vard"), ([], None, "")]
    sure = [judge_party(hits, 0, about, usual, "vard", NAMES).confidence for hits, about, usual in given]
    assert sure == sorted(set(sure), reverse=True)
