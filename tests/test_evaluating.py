"""The commands evaluate and blind, and the files they write."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

from intervjukit.analysis.agreement import AgreementTables
from intervjukit.cli import cli
from intervjukit.study import Study

FILES = ("S09.txt", "C01.docx", "L05.vtt", "R04.txt")
DECISIONS = Path(__file__).parents[1] / "examples" / "halsoflodet" / "kodningar.csv"


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "100"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.fixture(scope="module")
def two_coders(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a study that MK has coded whole and BL in part, with other codes for a few; only to be read."""
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("kommando") / "studie"))
    with DECISIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in FILES]
    for coder in ("MK", "BL"):
        path = folder.parent / f"{coder}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        with Study.open(folder, coder=coder) as study:
            study.add_codings(path)
        rows = [row | {"code": "avslag"} if place % 6 == 0 else row for place, row in enumerate(rows) if place % 4]
    return folder


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_two_coders_are_compared_in_words_and_a_table(two_coders: Path) -> None:
    shown = run("evaluate", two_coders, "--coder", "MK", "--against", "BL").output
    assert "• MK och BL har båda kodat 4 intervjuer" in shown
    assert "Krippendorffs alfa" in shown and "Sparat" not in shown
    assert max(map(len, shown[shown.index("Grupp  ") :].splitlines())) <= 130
    assert "Sjukskrivna" in shown and "Läkare" in shown


def test_the_disagreements_are_written_for_excel(two_coders: Path, tmp_path: Path) -> None:
    path = tmp_path / "skillnader.csv"
    run("evaluate", two_coders, "--coder", "MK", "--against", "BL", "--table", "disagreements", "--csv", path)
    rows = table_of(path)
    assert len(rows) > 10
    assert {row["Skiljer i"] for row in rows} >= {"tema", "stället"}
    only_one = [row for row in rows if row["Skiljer i"] == "stället"]
    assert all(row["Tema"] and not row["Tema (BL)"] for row in only_one)
    shown = run("evaluate", two_coders, "--coder", "MK", "--against", "BL", "--table", "disagreements").output
    assert "Avslag" in shown


@pytest.mark.parametrize("which", ["codes", "facets", "course"])
def test_each_table_can_be_shown(two_coders: Path, which: str) -> None:
    shown = run("evaluate", two_coders, "--coder", "MK", "--against", "BL", "--table", which).output
    expected = {"codes": "Väntetider", "facets": "Flaskhals", "course": "--by order"}
    assert expected[which] in shown


def test_the_suggestions_are_tried_and_the_files_are_sound(two_coders: Path, tmp_path: Path) -> None:
    docx, png, table = (tmp_path / name for name in ("bilaga.docx", "figur.png", "teman.csv"))
    shown = run(
        "evaluate", two_coders, "--coder", "MK", "--docx", docx, "--png", png, "--csv", table, "--table", "codes"
    ).output
    assert "Inför varje grupp har programmet bara lärt sig av de andra gruppernas intervjuer." in shown
    assert "Då räknas 1 tryck för varje visat förslag, som godtas med något av de tre teman som visas" in shown
    assert png.read_bytes().startswith(b"\x89PNG")
    rows = table_of(table)
    assert {"Tema", "Ställen MK", "Ställen programmet", "F1", "Kappa", "Alfa", "Bland tre"} <= set(rows[0])
    assert list(OpenXmlValidator().validate(str(docx)).errors) == []


def test_what_cannot_be_compared_is_told_with_a_remedy(two_coders: Path, small_folder: Path) -> None:
    assert "XX har inte kodat något" in run("evaluate", two_coders, "--coder", "XX", code=1).stderr
    assert "Ange med --coder" in run("evaluate", two_coders, "--against", "BL", code=2).stderr
    assert "färre än två intervjuer" in run("evaluate", small_folder, code=1).stderr
    taken = small_folder / "figur.png"
    taken.write_bytes(b"min egen")
    assert "finns redan" in run("evaluate", two_coders, "--png", taken, code=1).stderr
    assert taken.read_bytes() == b"min egen"


def test_the_blind_sample_is_drawn_listed_and_settled(small_folder: Path) -> None:
    assert "Inget blint urval är draget." in run("blind", small_folder).output
    assert "Fel: Det är inte sagt vem" in run("blind", small_folder, "--draw", code=1).stderr
    assert "Drog 8 ställen." in run("blind", small_folder, "--draw", "--per-group", 2, "--coder", "MK").output
    assert "0 av 8 ställen är avgjorda." in run("blind", small_folder).output
    done = run("blind", small_folder, "--done", 1, "--done", 2, "--coder", "MK").output
    assert "Avgjorda: 0 kodade, 2 utan något att koda." in done and "2 av 8 ställen är avgjorda." in done
    result = run("blind", small_folder, "--result").output
    assert "2 av 8 ställen är avgjorda utan förslag: på 0 fanns något att koda." in result
    assert "minst 19 kodade" in run("blind", small_folder, "--calibrate", "--coder", "MK", code=1).stderr


def test_the_blind_sample_is_written_for_excel(small_folder: Path, tmp_path: Path) -> None:
    run("blind", small_folder, "--draw", "--per-group", 1, "--coder", "MK")
    run("blind", small_folder, "--csv", tmp_path / "urval.csv")
    rows = table_of(tmp_path / "urval.csv")
    assert len(rows) == 4 and {row["Läge"] for row in rows} == {"öppet"} and rows[0]["Ställe"]


# --- the appendix ---------------------------------------------------------------------------------------


@pytest.fixture
def compared(two_coders: Path, opened: Callable[..., Study]) -> tuple[Study, AgreementTables]:
    study = opened(two_coders, coder=None)
    return study, study.agreement.between("MK", "BL")


def test_the_appendix_holds_the_figures_the_disagreements_and_the_method(
    compared: tuple[Study, AgreementTables], tmp_path: Path
) -> None:
    study, made = compared
    path = study.agreement.appendix(made, tmp_path / "bilaga.docx")
    assert list(OpenXmlValidator().validate(str(path)).errors) == []
    document = Document(str(path))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert headings == [
        "Överensstämmelse: MK och BL",
        "Per grupp",
        "Per tema",
        "Där kodarna skiljer sig",
        "Så är det räknat",
    ]
    paragraphs = " ".join(p.text for p in document.paragraphs)
    assert all(line in paragraphs for line in made.told)
    groups, codes, *_ = document.tables
    assert [cell.text for cell in groups.rows[-1].cells][:3] == [
        "Alla",
        str(made.spans["one"][0]),
        str(made.spans["other"][0]),
    ]
    assert len(codes.rows) == len(made.codes) + 1
    assert document.tables[-1].rows[1].cells[0].text == made.disagreements["respondent"].iloc[0]
    (picture,) = document.element.body.iter(qn("wp:docPr"))
    assert "Krippendorffs alfa" in picture.get("descr")


def test_the_figure_says_its_numbers_in_words(compared: tuple[Study, AgreementTables]) -> None:
    chart = compared[1].chart()
    assert chart.png.startswith(b"\x89PNG")
    for row in compared[1].codes.query("enough and alpha == alpha").itertuples():
        assert str(row.name) in chart.alt
