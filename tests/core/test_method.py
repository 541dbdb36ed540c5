"""Slips are found where they are, and, as important, not where they are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from intervjukit.core.method import LONGEST, review, slips_in
from intervjukit.core.protocol import Protocol, Question, Section

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "halsoflodet_guides.txt"
LABELS = Path(__file__).with_name("reference_slips.csv")
PATIENT = ("patient", "patienten", "patientens", "patienter", "patienterna", "patienternas")
CUSTOMER = ("kund", "kunden", "kunder", "kunderna", "kundernas")

DOUBLE = [
    "Hur upplever du chefens stöd och vårdens bemötande?",
    "Hur ofta ses ni och vad pratar ni om?",
    "När ringde chefen? Vad sa chefen då?",
    "Vilken hjälp fick du av läkaren och/eller kuratorn?",
    "Hur väljer du behandling/program?",
    "Hur fungerar samarbetet med läkaren eller kuratorn?",
    "Hur upplever du samarbetet med vården, ser du några skillnader?",
    "Får du tillräckligt med stöd och fortbildning?",
    "Hur upplever du stödet och kontakten mellan dig och din chef?",
    "Hur ser du på patient- och personalomsättningen?",
    "Vilka möten har du varit på, samt hur gick de?",
    "Beskriv lokalerna och arbetstempot.",
]
SINGLE = [
    "Hur ser kontakten mellan dig och din chef ut?",
    "Hur fungerar samarbetet mellan vården och Försäkringskassan?",
    "Vad gjorde du och chefen vid det mötet?",
    "När någon i gruppen blir sjuk, vad brukar du göra då?",
    "Vilken kontakt har du haft med en rehabkoordinator, om någon?",
    "Hur fungerar hälso- och sjukvården för den som är stressad?",
    "Vilka för- och nackdelar ser du?",
    "Vilka behandlare har du träffat (läkare/kurator/psykolog)?",
    "Vilken/vilka behandlingar rekommenderas?",
    "Hur går det till när han/hon kommer tillbaka?",
    "Hur har det blivit mer och mer?",
    "Hur beskriver du tiden för den som har ont i nacke och rygg?",
    "Berätta om vägen fram och tillbaka till arbetet.",
    "Vad händer när en medarbetare är sjukskriven på grund av stress och utmattning?",
    "Om du tänker tillbaka, vad var det första som hände?",
    "Vad ska hända härnäst, tror du?",
]
LEADING = [
    "Visst var väntan lång?",
    "Håller du med om att kassan är svår att nå?",
    "Tycker du inte att chefen borde ha ringt?",
    "Det var väl jobbigt?",
    "Du fick vänta länge, eller hur?",
    "Hur dåligt fungerade samarbetet?",
    "Varför fungerar inte samarbetet med vården?",
    "De flesta tycker att väntan är lång. Hur var det för dig?",
    "Vad är problemet med Försäkringskassan?",
    "Hur ser du på ditt ansvar, som ju är ditt eget?",
    "Får du tillräckligt stöd?",
    "Vilka brister ser du hos vården?",
]
NEUTRAL = [
    "Hur fungerade samarbetet?",
    "Vad betydde väntan för dig?",
    "Hur stor är din grupp?",
    "Hur mår de som väl kommer tillbaka?",
    "Varför valde ni det upplägget?",
    "Hur många av dina medarbetare är sjukskrivna?",
    "Vad hände när du väl var tillbaka?",
    "Vad har dragit ut på tiden, om något har gjort det?",
    "Alla möten du har varit på, hur gick de till?",
    "Vilka svar får du när du ringer?",
]
CLOSED = [
    "Har du kontakt med läkaren?",
    "Är anledningen arbetsrelaterad?",
    "Finns det något som hade underlättat?",
    "Kan du se något som drar ut på tiden?",
    "Träffar du någon gång arbetsgivaren?",
    "Var det någon annan som märkte det?",
    "Och har du fått någon hjälp?",
    "Vi går vidare till vården. Fick du någon hjälp där?",
    "- Upplever du att stödet räcker?",
    "Märktes det på jobbet?",
    "Litade du på läkaren?",
]
OPEN = [
    "Hur går den första kontakten till?",
    "Var träffas ni?",
    "När du blev sjuk, vad hände då?",
    "Kan du berätta om mötet?",
    "Skulle du vilja beskriva en vanlig dag?",
    "Berätta om din väg tillbaka.",
    "Vad gör ni i vardagen?",
    "Varför du? Hur gick det till?",
    "Tänk på ditt senaste möte. Vem tog upp frågan?",
    "Beskriv en gång när det stannade av.",
]
ROLE = [
    ("Hur mår patienten?", "patienten"),
    ("Vad skulle hjälpa en patient?", "patient"),
    ("Hur ser patientens dag ut?", "patientens"),
    ("Vad säger dina patienter?", "patienter"),
    ("PATIENTERNA då, vad säger de?", "patienterna"),
    ("Hur når du kunden?", "kunden"),
    ("Hur många kunder har du?", "kunder"),
    ("Hur ser patient- och personalflödet ut?", "patient"),
]
OWN = [
    "Hur mår medarbetaren?",
    "Vad kunde ni göra?",
    "Hur ser patientsäkerheten ut?",
    "Vad säger de sjukskrivna?",
    "Hur fungerar kundtjänsten?",
    "Vilket tålamod krävs, hur patienta är ni?",
    "Vad är kundernöjdhet?",
    "Hur ser personalflödet ut?",
]
LONG = "Hur " + "ofta " * (LONGEST - 1) + "då?"


def kinds(text: str, *, open_question: bool = True) -> set[str]:
    return {slip.kind for slip in slips_in(text, open_question=open_question, foreign_words=PATIENT + CUSTOMER)}


@pytest.mark.parametrize("text", DOUBLE)
def test_a_question_about_two_things_is_flagged(text: str) -> None:
    assert "dubbelfråga" in kinds(text)


@pytest.mark.parametrize("text", SINGLE)
def test_a_question_about_one_thing_is_not_taken_for_two(text: str) -> None:
    assert "dubbelfråga" not in kinds(text)


@pytest.mark.parametrize("text", LEADING)
def test_a_leading_question_is_flagged(text: str) -> None:
    assert "ledande" in kinds(text)


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_neutral_question_is_not_called_leading(text: str) -> None:
    assert "ledande" not in kinds(text)


@pytest.mark.parametrize("text", CLOSED)
def test_an_open_question_to_answer_with_yes_or_no_is_flagged(text: str) -> None:
    assert "ja/nej" in kinds(text)


@pytest.mark.parametrize("text", OPEN)
def test_an_open_question_and_a_polite_request_are_not_called_closed(text: str) -> None:
    assert "ja/nej" not in kinds(text)


@pytest.mark.parametrize("text", CLOSED)
def test_a_question_that_wants_a_short_answer_may_be_closed(text: str) -> None:
    assert "ja/nej" not in kinds(text, open_question=False)


@pytest.mark.parametrize(("text", "word"), ROLE)
def test_another_groups_word_is_flagged_and_named(text: str, word: str) -> None:
    slips = [s for s in slips_in(text, open_question=True, foreign_words=PATIENT + CUSTOMER) if s.kind == "fel roll"]
    assert [f"”{word}”" in slip.message for slip in slips] == [True]


@pytest.mark.parametrize("text", OWN)
def test_words_that_only_look_like_another_groups_are_left_alone(text: str) -> None:
    assert "fel roll" not in kinds(text)


@pytest.mark.parametrize("extra", range(1, 9))
def test_a_question_is_too_long_from_the_first_word_beyond_the_limit(extra: int) -> None:
    assert "lång" not in kinds(LONG.replace("ofta ", "", extra))
    assert "lång" in kinds("Du " * extra + LONG)


def test_a_question_of_exactly_the_limit_is_not_too_long() -> None:
    at_limit = "Hur " + "ofta " * (LONGEST - 2) + "då?"
    assert (len(at_limit.split()), "lång" in kinds(at_limit)) == (LONGEST, False)


@pytest.mark.parametrize("text", [*DOUBLE, *LEADING, *CLOSED, LONG, ROLE[0][0]])
def test_every_slip_quotes_the_question_and_says_what_to_do(text: str) -> None:
    for slip in slips_in(text, open_question=True, foreign_words=PATIENT):
        assert text[:60] in slip.message
        assert slip.fix.endswith(".")


def test_follow_ups_may_be_short_and_closed_but_neither_lead_nor_use_anothers_word() -> None:
    question = Question(
        "a", "text", "Hur går det till?", follow_ups=("Har du ett exempel?", "Det är väl bra?", "Vad säger patienten?")
    )
    guide = Protocol(
        "g", "Chefer", "chefer", "Chefer", "C", "arbetsgivare",
        sections=(Section("s", "Allt", (question,)),), foreign_words=PATIENT,
    )  # fmt: skip
    assert [(text, slip.kind) for _, text, slip in review(guide)] == [
        ("Det är väl bra?", "ledande"),
        ("Vad säger patienten?", "fel roll"),
    ]


def test_the_published_guides_slips_are_found_at_the_lines_where_people_found_them() -> None:
    """Forty questions labelled by hand; the lines are given, never the sentences.

    Measured 2026-11: precision 1.00, recall 1.00 (before the rules were mended 0.90 and 0.84). The rules were
    written with these guides at hand, so the tables above are the better measure of false alarms.
    """
    if not REFERENCE.exists():
        pytest.skip("the published guides are not beside the repository")
    lines = REFERENCE.read_text(encoding="utf-8").split("\n")
    foreign = {"sjukskrivna": PATIENT + CUSTOMER, "chefer": PATIENT + CUSTOMER, "handlaggare": PATIENT}
    right = wrong = missed = 0
    with LABELS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            text = " ".join(line.strip() for line in lines[int(row["first"]) - 1 : int(row["last"])])
            found = slips_in(text, open_question=True, foreign_words=foreign.get(row["group"], CUSTOMER))
            got, want = {slip.kind.replace(" ", "_") for slip in found}, set(row["slips"].split())
            right, wrong, missed = right + len(got & want), wrong + len(got - want), missed + len(want - got)
    assert right + missed == 32
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.95
