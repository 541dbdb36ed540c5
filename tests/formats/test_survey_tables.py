"""Survey files as people's programs write them: the same cells from Excel and every kind of CSV, and clear refusals."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from intervjukit.core.survey import written
from intervjukit.errors import FaultyFileError, FileError
from intervjukit.formats.survey_tables import read_table

ROWS = [["Kod", "Hur nöjd, totalt?", "Betyg"], ["S01", "Kön var lång;\nmycket lång", 4.5], ["S02", None, 3]]


def workbook(path: Path, *rows: list[Any], **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.active.title = "Svar"
    for row in rows:
        book["Svar"].append(row)
    for name, own in sheets.items():
        sheet = book.create_sheet(name)
        for row in own:
            sheet.append(row)
    book.save(path)
    return path


def shown(path: Path) -> list[list[str]]:
    table = read_table(path)
    return [list(table.heads), *([written(cell) for cell in cells] for _, cells in table.rows)]


AS_READ = [["Kod", "Hur nöjd, totalt?", "Betyg"], ["S01", "Kön var lång;\nmycket lång", "4,5"], ["S02", "", "3"]]
CSV = 'Kod;Hur nöjd, totalt?;Betyg\r\nS01;"Kön var lång;\nmycket lång";4,5\r\nS02;;3\r\n'


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode("utf-8"),
        CSV.encode("utf-8-sig"),
        CSV.encode("cp1252"),
        CSV.encode("mac_roman"),
        CSV.encode("utf-16"),
        f"sep=;\r\n{CSV}".encode("cp1252"),
        CSV.replace("lång;", "l|ng;").replace(";", "\t").replace("l|ng\t", "lång;").encode(),
        'Kod,"Hur nöjd, totalt?",Betyg\nS01,"Kön var lång;\nmycket lång","4,5"\nS02,,3\n'.encode(),
        f"{CSV};;\r\n\r\n;;\r\n".encode(),
    ],
    ids=["utf-8", "utf-8-sig", "cp1252", "mac", "utf-16", "sep", "tabs", "commas", "empty rows"],
)
def test_csv_is_read_alike_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "svar.csv").write_bytes(data)
    assert shown(tmp_path / "svar.csv") == AS_READ


def test_excel_gives_the_same_table_with_its_row_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "svar.xlsx", *ROWS[:2], [], [None, " "], ROWS[2])
    table = read_table(path)
    assert shown(path) == AS_READ
    assert ([row for row, _ in table.rows], table.head_row, table.empty, table.sheet) == ([2, 5], 1, 2, "Svar")


def test_titles_and_merged_heads_above_are_understood(tmp_path: Path) -> None:
    rows = [
        ["Uppföljning våren 2026"],
        ["", "Bemötande", "", "Övrigt"],
        ["Kod", "Chefen", None, "Fritt"],
        ["S01", 1, 2, "Bra"],
    ]
    assert shown(workbook(tmp_path / "svar.xlsx", *rows))[0] == ["Kod", "Chefen", "Bemötande", "Fritt"]


def test_heads_that_are_alike_or_missing_get_names_of_their_own(tmp_path: Path) -> None:
    path = workbook(tmp_path / "svar.xlsx", ["Kod", "Svar", "Svar", None], ["S01", "a", "b", "c"])
    assert read_table(path).heads == ("Kod", "Svar", "Svar (2)", "Kolumn D")


def test_the_sheet_with_most_rows_is_taken_unless_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "svar.xlsx", ["Läs mig"], Data=[["Kod"], ["S01"], ["S02"]], Mer=[["X"], ["1"]])
    assert read_table(path).sheet == "Data"
    assert read_table(path, sheet="Mer").heads == ("X",)
    with pytest.raises(FileError, match=r"inget blad ”Annat”.*Svar, Data, Mer"):
        read_table(path, sheet="Annat")


def test_dates_and_yes_and_no_keep_their_meaning(tmp_path: Path) -> None:
    path = workbook(tmp_path / "svar.xlsx", ["A", "B", "C"], [date(2026, 3, 1), datetime(2026, 3, 1, 9, 5), True])
    assert shown(path)[1] == ["2026-03-01", "2026-03-01 09:05", "ja"]


def test_a_formula_without_its_value_is_named_by_its_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "svar.xlsx", ["Kod", "Summa"], ["S01", "=1+1"], ["S02", "=A1"])
    with pytest.raises(FaultyFileError) as told:
        read_table(path)
    assert [fault.line for fault in told.value.faults] == [2, 3]
    assert "Cell B2 har en formel" in str(told.value)


def test_the_errors_of_formulas_are_named_by_their_cells(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match=r"Cell B2 visar felet #REF!"):
        read_table(workbook(tmp_path / "svar.xlsx", ["Kod", "Summa"], ["S01", "#REF!"]))


def rewritten(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {entry: old.read(entry) for entry in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, data in parts.items():
            new.writestr(entry, change(data) if entry == name else data)
    return path


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        (SHEET, lambda data: BOMB + data, "DTD"),
        ("xl/styles.xml", lambda data: BOMB + data, "DTD"),
        (SHEET, lambda data: data[: len(data) // 2], "skadad"),
        ("xl/workbook.xml", lambda data: b"<nothing/>", "inga blad|skadad"),
        (SHEET, lambda data: data + b" " * (30 << 20), "orimligt stor"),
    ],
)
def test_unsafe_and_damaged_workbooks_are_refused_in_words(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes], says: str
) -> None:
    with pytest.raises(FileError, match=says):
        read_table(rewritten(workbook(tmp_path / "svar.xlsx", *ROWS), name, change))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "tom"),
        (b"Kod;Svar\r\n", "rubriker men inga svar"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"\.xls"),
        (b"PK\x03\x04" + b"\0" * 100, "skadad"),
        (b"\x01\x02\x03\xff" * 50, "ingen textfil"),
    ],
)
def test_what_is_no_table_of_answers_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "svar.csv").write_bytes(data)
    with pytest.raises(FileError, match=says):
        read_table(tmp_path / "svar.csv")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(st.sampled_from('ab;,\t"\n\råä=1'), max_size=200).map(str.encode))
def test_no_bytes_make_anything_but_a_table_or_our_own_error(tmp_path_factory: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("s") / "svar.csv"
    path.write_bytes(data)
    try:
        table = read_table(path)
    except FileError:
        return
    assert all(len(cells) == len(table.heads) for _, cells in table.rows)
