"""A workbook takes any text there is and gives it back, or says that it was cut."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from intervjukit.errors import FileError
from intervjukit.export.workbook import CUT, MOST, Sheet, plain, write_workbook


def read(path: Path, name: str = "Blad") -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[name].iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize("text", ["=1+1", "+46 70", "-3", "@SUM(A1)", "#N/A", "\t=1", "{=1}", "TRUE", "1e5", "007"])
def test_text_that_looks_like_something_else_is_text(text: str, tmp_path: Path) -> None:
    path = write_workbook("T", [Sheet("Blad", "", ["a"], [[text]])], tmp_path / "b.xlsx")
    cell = openpyxl.load_workbook(path)["Blad"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == (text[0] in "=+-@\t")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=25))
def test_any_text_comes_back_as_it_was(texts: list[str], tmp_path: Path) -> None:
    rows = [[text, "|"] for text in texts]
    path = write_workbook("T", [Sheet("Blad", "", ["a", "b"], rows)], tmp_path / "b.xlsx")
    kept = [text.replace("\ufffe", "").replace("\uffff", "") for text in texts]
    assert [str(row[0] or "") for row in read(path)] == kept


def test_what_excel_would_read_as_an_escape_shows_as_written(tmp_path: Path) -> None:
    text = "a_x0041_b _X0041_ _x41_"
    ((shown,),) = read(write_workbook("T", [Sheet("Blad", "", ["a"], [[text]])], tmp_path / "b.xlsx"))
    assert shown == text


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert plain("a\x00b\x0bc\ud800d\r\ne\rf\tg") == ("abcd\ne\nf\tg", False)


@pytest.mark.parametrize("letter", ["a", "å", "😀"])
def test_a_text_longer_than_excel_takes_is_cut_and_told_about(letter: str, tmp_path: Path) -> None:
    path = write_workbook("T", [Sheet("Blad", "", ["a"], [[letter * 40_000], ["kort"]])], tmp_path / "b.xlsx")
    long, short = (str(row[0]) for row in read(path))
    assert len(long.encode("utf-16-le")) // 2 in (MOST - 1, MOST)
    assert long.endswith(CUT) and set(long.removesuffix(CUT)) == {letter}
    assert short == "kort"
    told = " ".join(str(cell) for row in read(path, "Läs mig") for cell in row)
    assert "1 text var längre" in told


def test_a_text_of_exactly_the_most_excel_takes_is_whole() -> None:
    assert plain("x" * MOST) == ("x" * MOST, False)


def test_cells_keep_their_kind_and_columns_get_a_sensible_width(tmp_path: Path) -> None:
    rows = [[3, 2.5, date(2026, 2, 5), datetime(2026, 2, 5, 13, 30), None, "ord " * 50]]
    path = write_workbook("T", [Sheet("Blad", "", list("abcdef"), rows)], tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(path)["Blad"]
    values = [cell.value for cell in sheet[2]]
    assert values == [3, 2.5, datetime(2026, 2, 5), datetime(2026, 2, 5, 13, 30), None, "ord " * 50]
    assert [round(sheet.column_dimensions[letter].width) for letter in "AF"] == [8, 61]
    assert sheet["F2"].alignment.wrap_text


def test_a_workbook_of_another_kind_or_over_an_open_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"slutar inte på \.xlsx"):
        write_workbook("T", [], tmp_path / "tabeller.xls")
    blocked = tmp_path / "upptagen.xlsx"
    blocked.mkdir()
    with pytest.raises(FileError, match="går inte att skriva"):
        write_workbook("T", [Sheet("Blad", "", ["a"], [["x"]])], blocked)
    assert [left.name for left in tmp_path.iterdir()] == ["upptagen.xlsx"]


def test_the_file_says_what_it_is_and_links_to_its_sheets(tmp_path: Path, openxml_validator: OpenXmlValidator) -> None:
    path = write_workbook("Prov & <b>", [Sheet("Röda tråden", "Om", ["a"], [["x"]])], tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    assert (book.properties.title, book.properties.creator) == ("Prov & <b>", "Intervjukit")
    links = [cell.hyperlink for row in book["Läs mig"].iter_rows() for cell in row if cell.hyperlink]
    assert [link.location for link in links] == ["'Röda tråden'!A1"]
    assert list(openxml_validator.validate(str(path)).errors) == []
