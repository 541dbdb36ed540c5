"""Whose interview it is, when, how long, and what was asked: told, or doubted aloud, never guessed in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.interview import Assembler, read_date, read_minutes, read_wave
from intervjukit.core.protocol import Protocol, Question, Section, Wave
from intervjukit.core.transcript import RawInterview, Transcript, Utterance
from intervjukit.errors import FileError
from intervjukit.nlp.wordings import LearnedWordings


def guide(group: str, name: str, letter: str, *questions: Question) -> Protocol:
    return Protocol(group, name, group, name, letter, "individ", sections=(Section("s", "Allt", questions),))


WAIT = Question("vantan", "text", "Hur länge väntade du på vården?", variants=("Hur lång var väntetiden?",))
BOSS = Question("chefen", "text", "Vilket stöd fick du av chefen?", follow_ups=("Vad gjorde chefen?",))
MONEY = Question("ekonomi", "text", "Hur har ekonomin påverkats av sjukskrivningen?")
GUIDES = [
    guide("sjukskrivna", "Sjukskrivna", "S", WAIT, BOSS, MONEY),
    guide("sjukgymnaster", "Sjukgymnaster", "SG", WAIT),
    guide("chefer", "Chefer", "C", MONEY),
]
TALK = (
    Utterance("I", "Hur länge fick du vänta på vården?", "interviewer"),
    Utterance("R", "Tre månader.", "respondent"),
)
KNOWN = {"kod": "S01", "datum": "2026-02-11"}


def assemble(facts: dict[str, str], *utterances: Utterance, guides: list[Protocol] = GUIDES) -> Transcript:
    return Assembler(guides, LearnedWordings(guides)).assemble(RawInterview(facts, utterances or TALK), "fil.txt")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026-02-11", "2026-02-11"),
        ("2026-2-1 kl. 10", "2026-02-01"),
        ("2026/02/11", "2026-02-11"),
        ("11/2 2026", "2026-02-11"),
        ("11/2-2026", "2026-02-11"),
        ("11.2.2026", "2026-02-11"),
        ("den 11 februari 2026", "2026-02-11"),
        ("11 feb. 2026", "2026-02-11"),
        ("3:e MARS 2026", "2026-03-03"),
        ("onsdag 4 maj 2026", "2026-05-04"),
        ("29 februari 2028", "2028-02-29"),
        ("29 februari 2026", ""),
        ("31/13 2026", ""),
        ("11/2", ""),
        ("våren 2026", ""),
        ("12026-02-11", ""),
        ("", ""),
    ],
)
def test_a_date_is_read_as_swedes_write_it(written: str, date: str) -> None:
    assert read_date(written) == date


@given(st.dates())
def test_every_date_is_read_back_from_its_common_forms(date: object) -> None:
    iso = f"{date}"
    year, month, day = (int(part) for part in iso.split("-"))
    if year >= 1000:
        assert read_date(iso) == read_date(f"{day}/{month} {year}") == read_date(f"{day}.{month}.{year}") == iso


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("52", 52), ("52 min", 52), ("ca 50 minuter", 50), ("1 h 5 min", 65), ("1 timme", 60), ("en timme", 60),
        ("1 timme och 10 minuter", 70), ("1,5 timmar", 90), ("1 tim 20", 80), ("00:47:12", 47), ("01:02:10", 62),
        ("1:05", 65), ("47:12", 47), ("1h", 60), ("en stund", None), ("", None),
    ],
)  # fmt: skip
def test_a_length_is_read_in_minutes(written: str, minutes: int | None) -> None:
    assert read_minutes(written) == minutes


@pytest.mark.parametrize(
    ("written", "wave"), [("2", 2), ("omgång 2 av 3", 2), ("Andra omgången", 2), ("0", None), ("sista", None)]
)
def test_a_wave_is_read(written: str, wave: int | None) -> None:
    assert read_wave(written) == wave


@pytest.mark.parametrize(
    ("facts", "group", "respondent"),
    [
        ({"kod": "S01"}, "sjukskrivna", "S01"),
        ({"kod": "SG02"}, "sjukgymnaster", "SG02"),
        ({"kod": "Intervju C03"}, "chefer", "C03"),
        ({"kod": "C03", "grupp": "chefer"}, "chefer", "C03"),
        ({"kod": "C03", "grupp": " CHEFER "}, "chefer", "C03"),
        ({"kod": "SG1", "grupp": "Sjukgymnaster"}, "sjukgymnaster", "SG1"),
    ],
)
def test_group_and_respondent_are_told_from_the_facts(facts: dict[str, str], group: str, respondent: str) -> None:
    transcript = assemble(facts)
    assert (transcript.group, transcript.respondent) == (group, respondent)


@pytest.mark.parametrize("written", ["U01", "Intervju U01", "U01 (omtag)"])
def test_a_code_that_is_no_other_groups_comes_in_with_a_doubt_that_says_what_does_not_fit(written: str) -> None:
    transcript = assemble({**KNOWN, "kod": written, "grupp": "Sjukskrivna"})
    assert (transcript.group, transcript.respondent) == ("sjukskrivna", "U01")
    [doubt] = [each for each in transcript.doubts if each.kind == "kod"]
    assert doubt.message == "Koden U01 börjar inte på S, som koderna i gruppen Sjukskrivna."
    assert "godtar" in doubt.fix


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"kod": "S01", "grupp": "lokförare"}, "gruppen ”lokförare” finns inte"),
        ({"kod": "S01", "grupp": "chefer"}, "S01 hör till gruppen sjukskrivna och passar inte gruppen chefer"),
        ({"grupp": "chefer"}, r"kod saknas\. Skriv"),
        ({"kod": "Anna", "grupp": "chefer"}, r"kod saknas \(läst: ”Anna”\)\. Skriv"),
        ({"kod": "X01"}, "vilken grupp intervjun hör till; koden ”X01” säger det inte"),
        ({"kod": "s01"}, "vilken grupp"),
        ({"kod": "S01 C02"}, "vilken grupp"),
        ({}, "vilken grupp"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_file_and_a_remedy(facts: dict[str, str], says: str) -> None:
    with pytest.raises(FileError, match=says) as caught:
        assemble(facts)
    assert caught.value.problem.startswith("fil.txt: ")
    assert "Skriv" in caught.value.fix


def test_facts_about_the_interview_become_its_own_and_the_rest_are_kept() -> None:
    transcript = assemble({**KNOWN, "längd": "1 h 5 min", "intervjuare": "MK", "omgång": "2", "Ålder": "47"})
    assert (transcript.date, transcript.minutes, transcript.interviewer, transcript.wave) == ("2026-02-11", 65, "MK", 2)
    assert transcript.facts == {"Ålder": "47"}
    assert transcript.doubts == ()


@pytest.mark.parametrize(
    ("facts", "kind", "says"),
    [
        ({"kod": "S01"}, "datum", "står inte i filen"),
        ({**KNOWN, "datum": "i våras"}, "datum", "”i våras” går inte att tolka"),
        ({**KNOWN, "längd": "en stund"}, "längd", "”en stund”"),
        ({**KNOWN, "omgång": "sista"}, "omgång", "1 antas"),
    ],
)
def test_a_fact_that_is_not_clear_is_a_doubt(facts: dict[str, str], kind: str, says: str) -> None:
    (doubt,) = assemble(facts).doubts
    assert doubt.kind == kind
    assert says in doubt.message
    assert doubt.fix.startswith("Skriv")


def test_a_wave_the_guide_does_not_have_is_a_doubt() -> None:
    guides = [replace(GUIDES[0], waves=(Wave(1, "Före"), Wave(2, "Efter")))]
    assert [doubt.kind for doubt in assemble({**KNOWN, "omgång": "3"}, guides=guides).doubts] == ["omgång"]
    assert assemble({**KNOWN, "omgång": "2"}, guides=guides).doubts == ()


def test_turns_know_their_place_role_and_question() -> None:
    said = (
        Utterance("", "Bakgrund", "note"),
        Utterance("I", "Hej och välkommen.", "interviewer"),
        Utterance("R", "Tack 😀.", "respondent"),
        Utterance("I", "Hur lång var väntetiden på vården?", "interviewer"),
        Utterance("R", "Tre månader.", "respondent"),
        Utterance("I", "Oj.", "interviewer"),
        Utterance("", "(telefonen ringer)", "note"),
        Utterance("R", "Ja.", None),
        Utterance("I", "Vilket stöd fick du av chefen?", "interviewer"),
        Utterance("R", "Inget.", "respondent"),
    )
    transcript = assemble(KNOWN, *said)
    assert [transcript.turn_text(turn) for turn in transcript.turns] == [utterance.text for utterance in said]
    assert [turn.seq for turn in transcript.turns] == list(range(1, 11))
    assert [turn.question for turn in transcript.turns] == [
        None, None, None, "vantan", "vantan", "vantan", None, "vantan", "chefen", "chefen"
    ]  # fmt: skip
    assert [turn.seq for turn in transcript.answers()] == [3, 5, 8, 10]


@given(
    st.lists(st.tuples(st.sampled_from(["interviewer", "respondent", "note", None]), st.text("aå😀 ?\n", min_size=1)))
)
def test_turns_never_overlap_and_hold_exactly_what_was_said(said: list[tuple[object, str]]) -> None:
    utterances = tuple(Utterance("X", text, role) for role, text in said)  # type: ignore[arg-type]
    transcript = Assembler(GUIDES, LearnedWordings(GUIDES)).assemble(RawInterview(KNOWN, utterances), "fil.txt")
    assert [transcript.turn_text(turn) for turn in transcript.turns] == [text for _, text in said]
    assert all(one.end + 2 == two.start for one, two in zip(transcript.turns, transcript.turns[1:], strict=False))


def test_a_question_before_the_first_of_the_guides_is_doubted_and_what_is_asked_later_is_not() -> None:
    said = (
        Utterance("I", "Hej och välkommen.", "interviewer"),
        Utterance("R", "Tack.", "respondent"),
        Utterance("I", "Vem är du?", "interviewer"),
        Utterance("R", "Kurt.", "respondent"),
        Utterance("I", "Berätta om katten.", "interviewer"),
        Utterance("R", "Den är grå?", "respondent"),
        *TALK,
        Utterance("I", "Vem är katten?", "interviewer"),
    )
    transcript = assemble(KNOWN, *said)
    assert [(doubt.kind, doubt.turn) for doubt in transcript.doubts] == [("fråga", 3), ("fråga", 5)]
    assert "”Vem är du?” liknar ingen av guidens frågor" in transcript.doubts[0].message
    assert [turn.question for turn in transcript.turns] == [None] * 6 + ["vantan"] * 3


def test_a_question_that_is_not_clearly_one_of_the_guides_is_doubted_at_its_turn() -> None:
    vague = Utterance("I", "Och pengarna då, med tanke på sjukskrivningen, hur har det gått ihop hemma?", "interviewer")
    transcript = assemble(KNOWN, vague, Utterance("R", "Sådär.", "respondent"))
    (doubt,) = transcript.doubts
    assert (doubt.kind, doubt.turn, transcript.turns[1].question) == ("fråga", 1, "ekonomi")
    assert MONEY.text in doubt.message
    assert vague.text in doubt.message
