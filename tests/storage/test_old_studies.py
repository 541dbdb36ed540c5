"""A study saved by any released version opens for ever, with everything in it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from intervjukit.formats.intake import parsed_bank, shipped_bank
from intervjukit.storage import schema
from intervjukit.study import FILE, Study

STUDIES = Path(__file__).parents[1] / "studies"


SAVED = range(1, schema.VERSION + 1)


@pytest.fixture
def old_study(tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The study of format 1, copied: opening may migrate it."""
    return opened(shutil.copytree(STUDIES / "v1", tmp_path / "v1"))


@pytest.fixture
def second_study(tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The study of format 2, copied."""
    return opened(shutil.copytree(STUDIES / "v2", tmp_path / "v2"))


@pytest.fixture
def third_study(tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The study of format 3, copied."""
    return opened(shutil.copytree(STUDIES / "v3", tmp_path / "v3"))


def parts(sql: str) -> tuple[str, set[str], str]:
    """Return what stands before the parentheses of a CREATE statement, what it lists in any order, and the rest."""
    start, end = sql.index("("), sql.rindex(")")
    listed, depth = [""], 0
    for sign in sql[start + 1 : end]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            listed.append("")
        else:
            listed[-1] += sign
    return " ".join(sql[:start].split()), {" ".join(part.split()) for part in listed}, sql[end + 1 :].strip()


def made_of(folder: Path) -> dict[tuple[str, str], object]:
    """Return every table, index and trigger of a study with what it was made by; columns may stand in any order."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {(kind, name): parts(sql) if kind == "table" else " ".join(sql.split()) for kind, name, sql in rows}


@pytest.mark.parametrize("version", SAVED)
def test_every_version_has_a_saved_study_that_is_really_of_it(version: int) -> None:
    folder = STUDIES / f"v{version}"
    with (folder / FILE).open("rb") as file:
        header = file.read(100)
    assert int.from_bytes(header[60:64], "big") == version
    assert sorted(place.name for place in folder.iterdir()) == [FILE]


@pytest.mark.parametrize("version", SAVED)
def test_an_older_study_once_opened_is_made_of_exactly_what_a_new_one_is(
    version: int, tmp_path: Path, small_original: Path
) -> None:
    folder = Path(shutil.copytree(STUDIES / f"v{version}", tmp_path / "old"))
    Study.open(folder).close()
    assert made_of(folder) == made_of(small_original)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_a_table_made_in_another_way_is_seen() -> None:
    made = "CREATE TABLE t (a INT, b INT, CHECK (a IN (1, 2)))"
    assert parts(made) == parts("CREATE TABLE t (b INT, CHECK (a IN (1, 2)), a  INT)")
    for other in ("(a INT, b INT)", "(a INT, b TEXT, CHECK (a IN (1, 2)))", "(a INT, b INT, CHECK (a IN (2, 1)))"):
        assert parts(made) != parts(f"CREATE TABLE t {other}")


# --- format 1 ---------------------------------------------------------------------------------------


def test_everything_in_a_study_of_format_1_is_there(old_study: Study) -> None:
    assert old_study.name == "Sparad studie"
    assert list(old_study.protocols) == ["sjukskrivna", "chefer"]
    assert "vantetider" in old_study.codebook
    assert list(old_study.transcripts()["respondent"]) == ["C01", "S01"]
    assert old_study.transcript("S01").facts == {"Yrke": "kock"}
    assert old_study.transcript("S01").minutes == 12
    for coding in old_study._store.codings():
        assert old_study.transcript(coding.respondent).text[coding.start : coding.end] == coding.quote
    assert len(old_study.codings()) == 5
    assert sorted(old_study.suggestions(status=None)["status"].unique()) == ["changed", "open", "rejected"]
    waiting = old_study.findings(valence="flaskhals", party="vard").query("code == 'vantetider'")
    assert sorted(zip(waiting["group"], waiting["n"], strict=True)) == [("chefer", 1), ("sjukskrivna", 1)]
    assert list(old_study.memos.table()["text"]) == ["Väntan återkommer.", "Ångrad och gjord igen."]
    (line, *_), (measure,) = old_study.swot.items(), old_study.measures.items()
    assert line.cites == (("flaskhals", "vantetider", "vard"),) and line.weight == 2
    assert (measure.party, measure.due, measure.cites) == ("vard", "2027", (line.id,))


def test_the_decisions_of_a_study_of_format_1_can_be_undone_and_redone(old_study: Study) -> None:
    before = old_study._store.codings(), old_study.swot.items(), old_study.measures.items()
    steps = 0
    while old_study.history.undo():
        steps += 1
    assert steps == 12
    assert len(old_study.codings()) == len(old_study.swot.items()) == len(old_study.memos.table()) == 0
    while old_study.history.redo():
        steps -= 1
    assert steps == 0
    assert (old_study._store.codings(), old_study.swot.items(), old_study.measures.items()) == before


def test_new_decisions_can_be_made_in_a_study_of_format_1(old_study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    old_study.code("C01", "Jag ringer samma vecka", "arbetsplatskontakt", valence="framgang", party="arbetsgivare")
    book, bank = shipped_bank()
    assert old_study._store.banks() == {}, "so that it learns from the kit's, of which a part will do here"
    monkeypatch.setattr("intervjukit.learned.shipped_bank", lambda: (book, dict([*bank.items()][:1])))
    old_study.suggest()
    with closing(sqlite3.connect(old_study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


# --- format 2 ---------------------------------------------------------------------------------------


def test_what_people_said_in_a_study_of_format_2_is_there(second_study: Study) -> None:
    assert second_study.name == "Sparad studie 2"
    assert list(second_study.protocols) == ["sjuka", "chefer"]
    assert list(second_study.transcripts()["respondent"]) == ["C01", "S01", "S02"]
    assert second_study.transcript("S01").facts == {"Yrke": "kallskänka"}
    assert "Arbetskamraterna kom förbi." in second_study.transcript("S02").text
    codings = second_study._store.codings()
    assert len(codings) == 7
    for coding in codings:
        assert second_study.transcript(coding.respondent).text[coding.start : coding.end] == coding.quote
    assert {coding.coder for coding in codings} == {"AB", "MK"}
    assert list(second_study.memos.table()["text"]) == ["Väntan återkommer.", "Mitt i passet, inte efter."]


def test_the_bank_and_the_codes_that_are_gone_are_there_in_a_study_of_format_2(second_study: Study) -> None:
    assert [code.name for code in second_study.codebook] == ["Väntan", "Stöd", "Schema och vila", "Besked"]
    assert second_study._store.codes.former() == {"tillfallig": None, "pauser": "schema"}
    (bank,) = second_study._store.banks().items()
    assert bank[0] == "01.txt" and bank[1].count("{") == 10
    read = second_study.themes.taught(parsed_bank(dict([bank]), second_study.themes.ever()))
    assert {code for answer in read for said in answer.statements for code in said.codes} == {
        "vantan",
        "stod",
        "schema",
    }


def test_suggestions_and_blind_places_of_format_2_are_there(second_study: Study) -> None:
    made = second_study._store.suggestions()
    assert [one.status for one in made] == ["accepted", "changed", "rejected", *["open"] * 4]
    assert all({"code", "valence", "party"} == one.confidence.keys() for one in made)
    assert made[0].confidence == {"code": 0.846, "valence": 0.817, "party": 0.836}
    blind = second_study.agreement.blind_places()
    assert list(blind["status"]) == ["coded", "nothing", "open", "open"]
    assert set(blind["coder"]) == {"AB"}


def test_guides_being_filled_in_in_a_study_of_format_2_can_be_gone_on_with(second_study: Study) -> None:
    sheets = {sheet.respondent: sheet for sheet in second_study.drafts.all()}
    assert {name: bool(sheet.transcript) for name, sheet in sheets.items()} == {"S02": True, "C02": False, "C03": False}
    assert sheets["S02"].answers["ork"] == "7" and sheets["S02"].seconds == 1500
    assert sheets["C03"].answers == {"hjalp": "Att vi hjälps åt."}
    second_study.drafts.write(sheets["C02"].id, "hjalp", "Att vi är fler.")
    second_study.drafts.finish(sheets["C02"].id)
    assert "Vi har väntat på besked." in second_study.transcript("C02").text


def test_the_swot_of_a_study_of_format_2_keeps_its_order(second_study: Study) -> None:
    lines = [(line.field, line.text) for line in second_study.swot.items()]
    assert lines[:2] == [("styrka", "Läkaren har ingen tid"), ("styrka", "Stöd – Arbetsgivaren")]
    assert len(lines) == 5
    (measure,) = second_study.measures.items()
    assert (measure.party, measure.due, measure.cites) == ("vard", "2027", (second_study.swot.items()[0].id,))


def test_the_decisions_of_a_study_of_format_2_can_be_undone_and_redone(second_study: Study) -> None:
    def state() -> tuple[object, ...]:
        return (
            second_study._store.codings(),
            second_study._store.suggestions(),
            second_study.swot.items(),
            second_study.measures.items(),
            second_study._store.codes.former(),
            second_study.codebook,
        )

    before, steps = state(), 0
    while second_study.history.undo():
        steps += 1
    assert steps == 18
    assert set(second_study.codings()["coder"]) == {"AB"}, "only what another coder decided is left"
    assert [code.id for code in second_study.codebook] == ["vantan", "stod", "schema", "pauser"]
    assert len(second_study.swot.items()) == len(second_study.memos.table()) == 0
    while second_study.history.redo():
        steps -= 1
    assert steps == 0
    assert state() == before


def test_new_decisions_can_be_made_in_a_study_of_format_2(second_study: Study) -> None:
    second_study.code("C01", "frågar hur det är", "besked", valence="framgang", party="arbetsgivare")
    assert second_study.suggest(mode="complete") > 0
    with closing(sqlite3.connect(second_study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


# --- format 3 ---------------------------------------------------------------------------------------


def test_what_format_3_brought_is_there(third_study: Study) -> None:
    assert third_study.name == "Sparad studie 3"
    assert [(turn.begins, turn.ends) for turn in third_study.transcript("S02").turns][1] == (5.0, 12.25)
    assert {one.group: one.planned for one in third_study.plan.items()} == {"sjuka": None, "chefer": 3}
    memos = third_study._store.boards.memos()
    assert [(memo.text, memo.quote) for memo in memos] == [
        ("MK: Fråga hur många de var.", "Vi bytte pass med varandra. Ingen klagade."),
        ("Se efter i registret.", ""),
    ]
    made = third_study._store.suggestions()
    assert made and all(len(one.others) in (1, 2) and one.others[0][1] >= one.others[-1][1] for one in made)


def test_a_corrected_interview_and_another_programs_codings_are_there_in_a_study_of_format_3(
    third_study: Study,
) -> None:
    codings = third_study._store.codings()
    for coding in codings:
        assert third_study.transcript(coding.respondent).text[coding.start : coding.end] == coding.quote
    by_hand = {(coding.quote, coding.coder) for coding in codings if coding.suggestion is None}
    assert by_hand == {
        ("Schemat går inte att ändra", "MK"),
        ("Läkaren har nästan aldrig någon tid.", "MK"),
        ("Ingen visste var den fanns", "BL"),
    }
    project = third_study.exchange.project()
    assert {code.name: code.colour for code in project.codes}["Borttappat"] == "#AA3300"
    assert project == third_study.exchange.project()


def test_the_decisions_of_a_study_of_format_3_can_be_undone_and_redone(third_study: Study) -> None:
    def state() -> tuple[object, ...]:
        return third_study._store.codings(), third_study._transcripts(), third_study._store.boards.memos()

    before, steps = state(), 0
    while third_study.history.undo():
        steps += 1
    assert steps == 8
    assert "nästan" not in third_study.transcript("C01").text
    assert third_study._store.codings() == []
    while third_study.history.redo():
        steps -= 1
    assert steps == 0
    assert state() == before


def test_new_decisions_can_be_made_in_a_study_of_format_3(third_study: Study) -> None:
    third_study.code("S02", "schemat fick vara kort", "schema", valence="framgang", party="arbetsgivare")
    assert third_study.suggest(mode="complete") > 0
    with closing(sqlite3.connect(third_study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
