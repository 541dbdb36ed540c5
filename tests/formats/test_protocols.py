"""Guides: the shipped ones are sound, any guide survives writing, every fault names file, line and remedy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.protocol import KINDS, Condition, Protocol, Question, Scale, Section, Wave
from intervjukit.core.text import normalise
from intervjukit.errors import Fault, FaultyFileError
from intervjukit.formats.library import library, protocol_files
from intervjukit.formats.protocols import parse_protocol, protocol_yaml, read_protocol

SHIPPED = [path for name in ("halsoflodet", "rehsursen", "mall") for path in protocol_files(name)]
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "halsoflodet_guides.txt"
HERE = Path("guide.yaml")

ODD = [
    "no", "~", "1:30", "- streck", "# rem", "a # b", "Kön: hur?", "'", '"a" \'b\'', "\\n", "%", "@", "`", "!t", "&a",
    "*a", "[a, b]", "? a", "|", ">-", "ett\n\ntvå\ntre", " före", "efter ", "🙂 hej", "å\u00a0ä", "x" * 200,
    "ord " * 70 + "s", "lista0", "små bokstäver", "ß", "{", "}", "{ }",
]  # fmt: skip


def _without_placeholders(text: str) -> str:
    """A word in braces is a placeholder, which a finished guide does not hold."""
    return re.sub(r"\{(?=\w+\})", "(", normalise(text.replace("\0", "")))


TEXT = (st.sampled_from(ODD) | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=50)).map(
    _without_placeholders
)
SOME = TEXT.filter(lambda text: bool(text.strip()))
MAYBE = st.just("") | SOME
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
SCALES = st.tuples(st.integers(-5, 5), st.integers(1, 20), MAYBE, MAYBE).map(
    lambda s: Scale(s[0], s[0] + s[1], s[2], s[3])
)


def _question(draw: st.DrawFn, question_id: str, waves: list[int], before: list[Question]) -> Question:
    kind = draw(st.sampled_from(KINDS))
    asked = [question for question in before if question.choices]
    choices = draw(st.lists(SOME, min_size=2, max_size=3, unique=True)) if kind == "choice" else []
    condition = None
    if asked and draw(st.booleans()):
        chosen = draw(st.sampled_from(asked))
        condition = Condition(chosen.id, draw(st.sampled_from(chosen.choices)))
    return Question(
        id=question_id,
        kind=kind,
        text=draw(SOME),
        aim=draw(MAYBE),
        about=draw(st.none() | IDS),
        unit=draw(MAYBE),
        choices=tuple(choices),
        scale=draw(SCALES) if kind == "scale" else None,
        follow_ups=tuple(draw(st.lists(SOME, max_size=2))),
        waves=tuple(draw(st.lists(st.sampled_from(waves), unique=True))) if waves else (),
        condition=condition,
        variants=tuple(draw(st.lists(SOME, max_size=2))),
    )


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    waves = draw(st.lists(st.integers(1, 9), max_size=3, unique=True))
    questions: list[Question] = []
    for question_id in ids:
        questions.append(_question(draw, question_id, waves, questions))
    cut = draw(st.integers(0, len(questions)))
    parts = [part for part in (questions[:cut], questions[cut:]) if part]
    words = {form: draw(SOME) for form in ("person", "personen") if draw(st.booleans())}
    others = set(draw(st.lists(SOME, max_size=3))) - set(words.values())
    return Protocol(
        id=draw(IDS), title=draw(SOME), group=draw(SOME), group_name=draw(SOME), letter=draw(st.sampled_from("SCÅ")),
        party=draw(IDS), about=draw(MAYBE), introduction=draw(MAYBE), consent=tuple(draw(st.lists(SOME, max_size=2))),
        closing=draw(MAYBE),
        sections=tuple(Section(f"avsnitt{n}", draw(SOME), tuple(part)) for n, part in enumerate(parts)),
        waves=tuple(Wave(n, draw(SOME)) for n in waves), words=words, foreign_words=tuple(sorted(others)),
    )  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_guide_has_no_remark_and_reads_back_equal_when_written_whole(path: Path) -> None:
    protocol, faults = parse_protocol(path.read_text(encoding="utf-8"), path)
    assert faults == []
    text = protocol_yaml(protocol)
    again, faults = parse_protocol(text, HERE)
    assert faults == []
    assert again == protocol
    assert protocol_yaml(again) == text
    assert "{" not in "".join(question.text for question in protocol.questions())


def test_halsoflodet_has_a_guide_for_each_of_its_seven_groups() -> None:
    guides = [read_protocol(path) for path in protocol_files("halsoflodet")]
    assert {guide.letter for guide in guides} == set("SCHLRKG")
    for guide in guides:
        assert 15 <= len(list(guide.questions())) <= 30
        assert len({question.id for question in guide.questions()}) == len(list(guide.questions()))


def test_a_bank_question_takes_the_groups_own_words() -> None:
    guides = {guide.group: guide for guide in map(read_protocol, protocol_files("halsoflodet"))}
    texts = {group: guides[group].question("vanligaste_orsak").text for group in ("chefer", "handlaggare", "lakare")}
    assert "medarbetare" in texts["chefer"]
    assert "kund" in texts["handlaggare"]
    assert "patient" in texts["lakare"]


@settings(max_examples=50, deadline=None)
@given(protocols())
def test_any_guide_reads_back_equal_and_writes_the_same_bytes(protocol: Protocol) -> None:
    text = protocol_yaml(protocol)
    again, faults = parse_protocol(text, HERE)
    assert [fault for fault in faults if fault.level == "fel"] == []
    assert again == protocol
    assert protocol_yaml(again) == text


# --- faults ---------------------------------------------------------------------------------------------

BANK = """\
frågebank: prov
titel: Provbank
roller:
  chefer: {person: medarbetare, personen: medarbetaren}
  lakare: {person: patient}
frågor:
  - id: lange
    sort: tal
    fråga: Hur många år har du varit här?
  - id: kontakt
    fråga: Hur går första kontakten med {personen} till?
    formuleringar:
      chefer: Hur går det till när {personen} ringer?
    omgångar: [1]
  - id: val
    sort: val
    fråga: Vilket stämmer bäst?
    svar: [Ett, Två]
  - id: betyg
    sort: skala
    fråga: Vilken siffra ger du?
    skala: {från: 1, till: 10}
"""
GUIDE = """\
guide: prov
titel: Provguide
grupp: chefer
gruppnamn: Chefer
kod: C
part: arbetsgivare
bank: bank.yaml
omgångar:
  - id: 1
    namn: Maj
avsnitt:
  - id: a
    titel: Början
    frågor:
      - lange
      - kontakt
      - val
      - betyg
      - id: egen
        fråga: Berätta om en dag.
        villkor: {fråga: val, svar: Ett}
"""


def _faults(folder: Path, guide: str, bank: str = BANK) -> list[Fault]:
    (folder / "bank.yaml").write_text(bank, encoding="utf-8")
    (folder / "guide.yaml").write_text(guide, encoding="utf-8")
    try:
        read_protocol(folder / "guide.yaml")
    except FaultyFileError as error:
        return list(error.faults)
    return []


IN_GUIDE = {
    "missing key": ("titel: Provguide\n", "", 1, "saknar ”titel”", "titel: …"),
    "unknown key": ("gruppnamn: Chefer", "grupnamn: Chefer", 4, "inget fält ”grupnamn”", "Menade du ”gruppnamn”?"),
    "missing bank": ("bank: bank.yaml", "bank: banken.yaml", 7, "Frågebanken ”banken.yaml” finns inte", "samma mapp"),
    "bank elsewhere": ("bank: bank.yaml", "bank: ../bank.yaml", 7, "finns inte bredvid", "samma mapp"),
    "endless bank name": ("bank: bank.yaml", f"bank: {'b' * 300}", 7, "finns inte bredvid", "samma mapp"),
    "no bank at all": ("bank: bank.yaml\n", "", 14, "är bara ett id", "bank"),
    "unknown bank question": (
        "      - lange",
        "      - langa",
        15,
        "”langa” finns inte i frågebanken",
        "Menade du ”lange”?",
    ),
    "asked twice": (
        "      - val\n",
        "      - kontakt\n",
        17,
        "”kontakt” ställs två gånger (även rad 16)",
        "Ta bort den ena",
    ),
    "own id twice": (
        "    frågor:\n",
        "    frågor:\n      - {id: egen, fråga: Berätta om en natt.}\n",
        20,
        "Id:t ”egen” används för två frågor (även rad 15)",
        "Ge den ena ett annat id",
    ),
    "own id as in the bank": (
        "      - id: egen\n",
        "      - id: val\n",
        19,
        "Id:t ”val” används för två frågor (även rad 17)",
        "Ge den ena ett annat id",
    ),
    "bad wave": ("  - id: 1\n", "  - id: ett\n", 9, "heltal", "siffra"),
    "wave none": ("  - id: 1\n", "  - id: 0\n", 9, "Omgången kan inte ha numret 0", "från 1"),
    "wave twice": (
        "    namn: Maj\n",
        "    namn: Maj\n  - {id: 1, namn: Juni}\n",
        11,
        "Omgång 1 finns två gånger",
        "annat nummer",
    ),
    "wave superscript": ("  - id: 1\n", "  - id: ²\n", 9, "heltal", "siffra"),
    "condition on what is not": (
        "{fråga: val, svar: Ett}",
        "{fråga: vall, svar: Ett}",
        19,
        "Villkoret för egen",
        "sorten val",
    ),
    "condition on no answer": (
        "{fråga: val, svar: Ett}",
        "{fråga: val, svar: Tre}",
        19,
        "Villkoret för egen",
        "ett av dess svar",
    ),
    "condition half": ("{fråga: val, svar: Ett}", "{fråga: val}", 21, "saknar ”svar”", "svar: …"),
    "condition a text": ("{fråga: val, svar: Ett}", "val", 21, "”namn: värde”", "mall.yaml"),
    "no text": ("        fråga: Berätta om en dag.\n", "", 19, "Frågan egen saknar ”fråga”", "fråga: …"),
    "bad kind": (
        "        fråga: Berätta",
        "        sort: texter\n        fråga: Berätta",
        20,
        "”sort: texter”",
        "Menade du ”text”?",
    ),
    "own key in the wrong place": (
        "        fråga: Berätta",
        "        formuleringar: {}\n        fråga: Berätta",
        20,
        "inget fält ”formuleringar”",
        "Fälten är",
    ),
    "bad letter": ("kod: C", "kod: c1", 5, "kan inte inleda", "stora bokstäver"),
    "section twice": (
        "avsnitt:\n",
        "avsnitt:\n  - {id: a, titel: A}\n",
        13,
        "Avsnittet ”a” finns två gånger",
        "annat id",
    ),
}

IN_BANK = {
    "choice without answers": (
        "    svar: [Ett, Två]\n",
        "    svar: [Ett]\n",
        15,
        "val saknar svarsalternativ",
        "minst två",
    ),
    "scale missing": ("    skala: {från: 1, till: 10}\n", "", 19, "betyg saknar skala", "från: 1, till: 10"),
    "scale reversed": ("{från: 1, till: 10}", "{från: 10, till: 1}", 22, "slut ska vara större", "Byt plats"),
    "scale without end": ("{från: 1, till: 10}", "{från: 1, till: hög}", 22, "”till” ska vara ett heltal", "siffra"),
    "scale endless": ("{från: 1, till: 10}", "{från: 1, till: 999999}", 22, "fler än 100 steg", "sorten tal"),
    "bad kind": ("sort: tal", "sort: tall", 8, "”sort: tall” känns inte igen", "Menade du ”tal”?"),
    "unknown key": ("    sort: tal", "    sårt: tal", 8, "inget fält ”sårt”", "Menade du ”sort”?"),
    "doubled id": ("  - id: val\n", "  - id: lange\n", 15, "”lange” finns två gånger", "annat id"),
    "wave that is not": ("omgångar: [1]", "omgångar: [1, 3]", 10, "nämner en omgång som inte finns", "omgångar"),
    "unknown role form": ("{person: patient}", "{persn: patient}", 5, "inget fält ”persn”", "Menade du ”person”?"),
    "wordings a text": (
        "    formuleringar:\n      chefer: Hur går det till när {personen} ringer?\n",
        "    formuleringar: Hur?\n",
        12,
        "”namn: värde”",
        "mall.yaml",
    ),
}


@pytest.mark.parametrize("case", IN_GUIDE)
def test_a_fault_in_a_guide_has_the_guides_file_and_line(tmp_path: Path, case: str) -> None:
    old, new, line, message, fix = IN_GUIDE[case]
    assert _faults(tmp_path, GUIDE) == []
    assert GUIDE.count(old) == 1
    faults = _faults(tmp_path, GUIDE.replace(old, new))
    found = [f for f in faults if (f.file, f.line) == ("guide.yaml", line) and message in f.message and fix in f.fix]
    assert found, [str(fault) for fault in faults]


@pytest.mark.parametrize("case", IN_BANK)
def test_a_fault_in_a_bank_has_the_banks_file_and_line(tmp_path: Path, case: str) -> None:
    old, new, line, message, fix = IN_BANK[case]
    assert BANK.count(old) == 1
    faults = _faults(tmp_path, GUIDE, BANK.replace(old, new))
    found = [f for f in faults if (f.file, f.line) == ("bank.yaml", line) and message in f.message and fix in f.fix]
    assert found, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("    frågor:\n", "    fragor:\n", "”fragor”"), ("avsnitt:\n", "avsnit:\n", "”avsnit”")],
)
def test_questions_under_a_misspelt_key_are_told_once(tmp_path: Path, old: str, new: str, said: str) -> None:
    (fault,) = _faults(tmp_path, GUIDE.replace(old, new))
    assert said in fault.message and "Menade du" in fault.fix
    assert "Guiden har inga frågor." in str(_faults(tmp_path, GUIDE[: GUIDE.index("avsnitt:")])[0])


def test_a_banks_questions_under_a_misspelt_key_are_told_once(tmp_path: Path) -> None:
    faults = _faults(
        tmp_path, GUIDE.replace("        villkor: {fråga: val, svar: Ett}\n", ""), BANK.replace("\nfrågor", "\nfragor")
    )
    assert [(fault.file, fault.line) for fault in faults] == [("bank.yaml", 6)]


def test_a_remark_on_the_first_of_two_questions_of_one_id_stands_at_its_own_line(tmp_path: Path) -> None:
    own = "      - {id: egen, fråga: Är du inte trött?}\n"
    (tmp_path / "bank.yaml").write_text(BANK, encoding="utf-8")
    told = parse_protocol(GUIDE.replace("    frågor:\n", f"    frågor:\n{own}"), tmp_path / "guide.yaml")[1]
    assert {fault.line for fault in told if fault.level == "metod"} == {15}


def test_a_word_that_the_groups_role_lacks_is_told_at_the_question_in_the_bank(tmp_path: Path) -> None:
    bank = BANK.replace("      chefer: Hur går det till när {personen} ringer?", "      chefer: Hur {personens} dag?")
    faults = _faults(tmp_path, GUIDE, bank)
    assert [(f.file, f.line) for f in faults] == [("bank.yaml", 10)]
    assert "{personens}" in faults[0].message and "chefer" in faults[0].message


def test_a_missing_or_broken_bank_is_told_once_and_not_at_each_of_its_questions(tmp_path: Path) -> None:
    assert (
        len(
            _faults(
                tmp_path, GUIDE.replace("bank.yaml", "b.yaml").replace("        villkor: {fråga: val, svar: Ett}\n", "")
            )
        )
        == 1
    )
    broken = _faults(tmp_path, GUIDE.replace("kod: C", "kod: c"), BANK.replace("  - id: val", " - id: val"))
    assert [fault.file for fault in broken if "YAML" in fault.message] == ["bank.yaml"]
    assert any(fault.file == "guide.yaml" and fault.line == 5 for fault in broken)
    assert not any("finns inte i frågebanken" in fault.message for fault in broken)


def test_faults_in_bank_and_guide_come_together_each_once_and_in_order(tmp_path: Path) -> None:
    guide = GUIDE.replace("kod: C", "kod: c1").replace("- betyg", "- betyget").replace("titel: Provguide\n", "")
    bank = BANK.replace("sort: tal", "sort: tall").replace("    svar: [Ett, Två]\n", "")
    faults = _faults(tmp_path, guide, bank)
    places = [(fault.file, fault.line) for fault in faults]
    assert places == sorted(places)
    assert len(set(faults)) == len(faults)
    assert {("bank.yaml", 8), ("bank.yaml", 15), ("guide.yaml", 1), ("guide.yaml", 4), ("guide.yaml", 17)} <= set(
        places
    )


def test_a_wording_for_a_misspelt_group_is_told_though_it_stops_nothing(tmp_path: Path) -> None:
    bank = BANK.replace("      chefer: Hur går", "      cheferr: Hur går")
    assert _faults(tmp_path, GUIDE, bank) == []
    told = [f for f in parse_protocol(GUIDE, tmp_path / "guide.yaml")[1] if "cheferr" in f.message]
    assert [(f.file, f.line, f.level, f.fix) for f in told] == [("bank.yaml", 13, "metod", "Menade du ”chefer”?")]


def test_an_empty_wording_leaves_the_banks_own(tmp_path: Path) -> None:
    bank = BANK.replace("      chefer: Hur går det till när {personen} ringer?", "      chefer:")
    assert _faults(tmp_path, GUIDE, bank) == []
    question = read_protocol(tmp_path / "guide.yaml").question("kontakt")
    assert question.text == "Hur går första kontakten med medarbetaren till?"


def test_a_word_that_begins_a_question_gets_its_capital_and_nothing_else_is_changed(tmp_path: Path) -> None:
    bank = BANK.replace("      chefer: Hur går det till när {personen} ringer?", '      chefer: "{personen} då?"')
    assert _faults(tmp_path, GUIDE.replace("Berätta om", "berätta om"), bank) == []
    guide = read_protocol(tmp_path / "guide.yaml")
    assert guide.question("kontakt").text == "Medarbetaren då?"
    assert guide.question("egen").text == "berätta om en dag."


def test_a_guides_own_words_are_added_to_the_banks(tmp_path: Path) -> None:
    guide = GUIDE + "ord: {personens: medarbetarens}\nandras_ord: [klient]\n"
    assert _faults(tmp_path, guide) == []
    protocol = read_protocol(tmp_path / "guide.yaml")
    assert dict(protocol.words) == {
        "person": "medarbetare", "personen": "medarbetaren", "personens": "medarbetarens",
    }  # fmt: skip
    assert protocol.foreign_words == ("klient", "patient")


# --- method ---------------------------------------------------------------------------------------------


def _original(tmp_path: Path, wordings: list[str]) -> list[Fault]:
    if not REFERENCE.is_file():
        pytest.skip("den delade källan ../shared/reference/halsoflodet_guides.txt finns inte här")
    source = " ".join(REFERENCE.read_text(encoding="utf-8").split())
    for wording in wordings:
        assert wording in source, wording
    questions = "".join(f'      - {{id: q{n}, fråga: "{text}"}}\n' for n, text in enumerate(wordings))
    shutil.copy(library("protocols") / "halsoflodet" / "fragebank.yaml", tmp_path)
    guide = (
        "guide: gammal\ntitel: Chefer\ngrupp: chefer\ngruppnamn: Chefer\nkod: C\npart: arbetsgivare\n"
        f"bank: fragebank.yaml\navsnitt:\n  - id: a\n    titel: A\n    frågor:\n{questions}"
    )
    return parse_protocol(guide, tmp_path / "gammal.yaml")[1]


def test_the_known_slips_of_the_original_manager_guide_are_found_on_their_lines(tmp_path: Path) -> None:
    faults = _original(
        tmp_path,
        [
            "Finns det något som du kan se som hade underlättat för en patient att komma vidare?",
            "Har du haft kontakt med personalavdelningen?",
            "Får du respons på hur din anställde upplever kontakten med arbetsgivaren?",
            "Upplever du att du får tillräckligt med stöd och fortbildning från din chef/arbetsgivare",
            "Har du träffat sjukvården och/eller försäkringskassan för att diskutera anpassning?",
        ],
    )
    assert {fault.level for fault in faults} == {"metod"}
    assert {fault.file for fault in faults} == {"gammal.yaml"}

    def told(line: int) -> str:
        return " ".join(fault.message for fault in faults if fault.line == line)

    assert "Ordet ”patient” hör till en annan grupps guide" in told(12)
    assert "börjar med ”Har”" in told(13)
    assert "börjar med ”Får”" in told(14)
    assert "två saker på en gång" in told(15)
    assert "två saker på en gång" in told(16)


def test_open_questions_of_the_original_guides_are_left_alone(tmp_path: Path) -> None:
    faults = _original(
        tmp_path,
        ["Hur upplever du din arbetsbelastning?", "Hur ser er fortsatta kontakt ut?", "När fick du kontakt med dem?"],
    )
    assert faults == []
