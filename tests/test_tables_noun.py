"""Every table at once: as DataFrames, as a workbook, as CSV files, all saying the same."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from intervjukit.errors import FileError
from intervjukit.study import Study

HOSTILE = '=HYPERLINK("http://x";"klicka") & <b>'


@pytest.fixture(scope="module")
def study(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """The example study with SWOT, measures, a plan and a memo that looks like a formula."""
    folder = Path(shutil.copytree(full_original, tmp_path_factory.mktemp("tabeller") / "studie"))
    with Study.open(folder, coder="MK") as made:
        made.swot.draft()
        made.measures.draft()
        made.plan.set_all({"chefer": 10, "lakare": 6})
        made.memos.add(HOSTILE)
        yield made


@pytest.fixture(scope="module")
def path(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of that study."""
    return study.tables.workbook(tmp_path_factory.mktemp("bok") / "tabeller.xlsx")


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    """The workbook, read again."""
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def files(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """The rows of every CSV file by its stem."""
    made = study.tables.csv(tmp_path_factory.mktemp("csv") / "ny")
    return {
        file.stem: list(csv.reader(file.read_text("utf-8-sig").splitlines(keepends=True), delimiter=";"))
        for file in made
    }


def test_the_workbook_has_a_sheet_per_table_after_one_that_explains_them(book: Workbook, study: Study) -> None:
    assert book.sheetnames[0] == "Läs mig"
    told = {row[0].value: row[2].value for row in book["Läs mig"].iter_rows(min_row=1) if len(row) > 2}
    for name in book.sheetnames[1:]:
        assert told[name] == book[name].max_row - 1
    frames = study.tables.all()
    empty = {name for name, frame in frames.items() if frame.empty}
    assert empty == {"scales", "suggestions"}
    assert len(book.sheetnames) - 1 == len(frames) - len(empty)


def test_heads_are_bold_frozen_filtered_and_swedish(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])
        assert not any("_" in cell.value for cell in sheet[1])
    assert [cell.value for cell in book["Plan"][1]] == ["Grupp", "Planerade", "Intervjuade", "Skillnad"]


def test_numbers_dates_and_times_are_of_their_own_kind(book: Workbook) -> None:
    plan = {row[0]: row[1:] for row in book["Plan"].iter_rows(min_row=2, values_only=True)}
    assert plan["Chefer"] == (10, 8, -2)
    assert plan["Kuratorer"] == (None, 3, None)
    first = next(book["Intervjuer"].iter_rows(min_row=2))
    assert isinstance(first[3].value, datetime) and first[3].number_format == "yyyy-mm-dd"
    assert isinstance(first[4].value, int)
    coded = next(book["Kodningar"].iter_rows(min_row=2, values_only=True))
    assert isinstance(coded[9], datetime)


def test_the_workbook_holds_what_the_tables_hold(book: Workbook, study: Study) -> None:
    rows = list(book["Fynd"].iter_rows(min_row=2, values_only=True))
    findings = study.findings()
    assert [row[4:6] for row in rows] == list(zip(findings["n"], findings["N"], strict=True))
    assert [row[9] for row in rows] == [" | ".join(quotes) for quotes in findings["quotes"]]
    themes = [study.codebook.code(code).name for code in findings["code"]]
    assert [row[1] for row in rows] == themes


def test_text_that_looks_like_a_formula_stays_text_everywhere(
    book: Workbook, files: dict[str, list[list[str]]]
) -> None:
    cell = next(cell for row in book["Anteckningar"].iter_rows(min_row=2) for cell in row if cell.value == HOSTILE)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert any(f"'{HOSTILE}" in row for row in files["anteckningar"])


def test_the_csv_files_say_what_the_workbook_says(book: Workbook, files: dict[str, list[list[str]]]) -> None:
    assert len(files) == len(book.sheetnames) - 1
    for sheet, rows in zip(book.worksheets[1:], files.values(), strict=True):
        assert rows == [[written(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]


def written(value: object, form: str) -> str:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return f"'{value}"
    if isinstance(value, datetime) and form == "yyyy-mm-dd":
        return value.date().isoformat()
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def test_libreoffice_opens_the_workbook_and_reads_the_same(path: Path, book: Workbook, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if not program or not (Path(program).resolve().parent / "libsclo.so").exists():
        pytest.skip("LibreOffice Calc behövs för att öppna arbetsboken")
    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    kind = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name in book.sheetnames[1:]:
        text = (tmp_path / f"{path.stem}-{name}.csv").read_text("utf-8-sig")
        read = list(csv.reader(text.splitlines(keepends=True), delimiter=";"))
        ours = [[shown(cell.value, cell.number_format) for cell in row] for row in book[name].iter_rows()]
        assert [[_TO_MINUTES.sub(r"\1", cell) for cell in row] for row in read] == ours, name


_TO_MINUTES = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d$")
"""Whether LibreOffice shows the seconds hangs on its settings."""


def shown(value: object, form: str) -> str:
    """Return a cell as LibreOffice shows it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if form == "yyyy-mm-dd" else f"{value:%Y-%m-%d %H:%M}"
    assert not isinstance(value, date)
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def test_csv_files_where_no_folder_can_be_are_refused(study: Study, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(FileError, match="går inte att skriva"):
        study.tables.csv(tmp_path / "fil")
    assert [left.name for left in tmp_path.iterdir()] == ["fil"]
