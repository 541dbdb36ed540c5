"""The commands for coding by comments: what a coordinator types, and is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commenting import comment, reword, type_over, uncomment
from intervjukit.cli import cli
from intervjukit.formats.library import library
from intervjukit.study import Study

QUOTE = "Jag svarade på mejl klockan fyra på morgonen"
S09 = library("examples") / "halsoflodet" / "intervjuer" / "S09.txt"


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def coded(small_folder: Path) -> Path:
    with Study.open(small_folder, coder="MK") as study:
        study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    return small_folder


def test_a_colleagues_comments_are_shown_first_and_saved_when_told(coded: Path, tmp_path: Path) -> None:
    file = tmp_path / "S09.docx"
    told = run("comments", "write", coded, file, "--respondent", "S09", "--codebook").stdout
    assert told.startswith(f"Skrev 1 intervju: {file}.\nLäs in dem igen med: ")
    comment(file, "växthus", "kod: ekonomi, önskan")
    comment(file, "Jag springer orientering", "Fråga mer om det")
    reword(file, "Arbetsbelastning, Flaskhals", "Ansvar")
    told = run("comments", "read", coded, file, "--from", "BL", "--coder", "MK").stdout
    assert told == (
        "S09.docx (S09): 0 kommentarer är som de gick ut.\n"
        "  Nya kodningar: 2\n"
        "    ”växthus”: Ekonomi, Önskan (BL)\n"
        f"    ”{QUOTE}”: Ansvar (BL)\n"
        "  Nya anteckningar: 1\n"
        "    ”Jag springer orientering”: Fråga mer om det (BL)\n"
        "Inget är sparat. Kör igen med --yes när det ser rätt ut.\n"
    )
    with Study.open(coded) as study:
        assert len(study.codings()) == 1
    told = run("comments", "read", coded, file, "--from", "BL", "--coder", "MK", "--yes").stdout
    assert told.endswith("Sparade 3 ändringar. Ångra med undo.\n")
    assert "Inget nytt att spara." in run("comments", "read", coded, file, "--from", "BL", "--coder", "MK").stdout
    run("undo", coded, "--coder", "MK")
    with Study.open(coded) as study:
        assert len(study.codings()) == 1


def test_what_is_gone_is_removed_only_when_told(coded: Path, tmp_path: Path) -> None:
    file = tmp_path / "S09.docx"
    run("comments", "write", coded, file, "--respondent", "S09")
    uncomment(file, "Arbetsbelastning, Flaskhals")
    told = run("comments", "read", coded, file, "--coder", "MK", "--yes").stdout
    assert "Kodningar vars kommentar är borta: 1" in told
    assert told.endswith("ta bort det med --remove.\nInget nytt att spara.\n")
    run("comments", "read", coded, file, "--coder", "MK", "--yes", "--remove")
    with Study.open(coded) as study:
        assert len(study.codings()) == 0


def test_strangers_faults_and_edited_text_are_told(coded: Path, tmp_path: Path) -> None:
    file = tmp_path / "S09.docx"
    run("comments", "write", coded, file, "--respondent", "S09")
    comment(file, "växthus", "Ekonomi")
    told = run("comments", "read", coded, file, "--coder", "MK", "--yes", code=1).stderr
    assert "”Björn Lund” (BL)" in told and '--as "Björn Lund=BL"' in told
    type_over(file, "Fyrtiofem. ", "Fyrtiosex. ")
    told = run("comments", "read", coded, file, "--coder", "MK", "--as", "Björn Lund=BL", "--yes").stdout
    assert "Texten är ändrad i filen." in told and "Sparade 1 ändring." in told
    comment(file, "Jag springer orientering", "kod: ufo", "MK", "MK")
    told = run("comments", "read", coded, file, "--coder", "MK", "--as", "Björn Lund=BL", "--yes", code=1).stderr
    assert "En kommentar går inte att läsa som kodning:" in told and "”ufo” finns inte i kodboken." in told
    run("comments", "read", coded, file, "--coder", "MK", "--as", "Björn", code=2)
    assert "vem som bestämmer" in run("comments", "read", coded, file, code=1).stderr


def test_every_interview_is_written_to_a_folder(coded: Path, tmp_path: Path) -> None:
    told = run("comments", "write", coded, tmp_path / "ut", "--blank").stdout
    assert told.startswith("Skrev 4 intervjuer: ")
    assert "finns redan" in run("comments", "write", coded, tmp_path / "ut", code=1).stderr
    run("comments", "write", coded, tmp_path / "ut", "--force")


def test_help_is_in_swedish_and_names_both_commands() -> None:
    told = run("comments", "--help").stdout
    assert "Koda med kommentarer i Word" in told and "read" in told and "write" in told
    assert "Usage" not in told and "Commands" not in told


def test_a_replaced_interview_tells_what_became_of_its_codings(coded: Path, tmp_path: Path) -> None:
    file = tmp_path / "S09 rättad.txt"
    file.write_text(S09.read_text("utf-8").replace("klockan fyra på", "klockan fem på"), encoding="utf-8")
    with Study.open(coded, coder="MK") as study:
        study.code("S09", "Bussen, mycket.", "ansvar")
        study.code("S09", "Vi var två som körde", "kunskap")
    text = file.read_text("utf-8").replace("Vi var två som körde, och så blev det en", "Det var en")
    file.write_text(text, encoding="utf-8")
    told = run("add-transcripts", coded, file, "--replace").stdout
    assert "S09: 1 ställe följde med till den rättade texten." in told
    assert (
        f"  1 ställe att se över, där något är ändrat:\n    kodning ”{QUOTE}” → ”{QUOTE.replace('fyra', 'fem')}”"
        in told
    )
    assert (
        "  1 ställe finns inte kvar och sparades som anteckningar:\n    kodning ”Vi var två som körde”: kod: Kun"
        in told
    )
