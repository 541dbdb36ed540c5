"""A coder's decisions as CSV, and tables for Swedish Excel."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.errors import Fault, FaultyFileError, FileError, IntervjukitError
from intervjukit.formats.decisions import DecisionRow, read_decisions, write_table
from intervjukit.formats.library import library

ROWS = [
    DecisionRow(2, "S01.docx", "Det tog tid, tyckte jag; länge.", "vantetider", {"valence": "flaskhals"}),
    DecisionRow(3, "S02.txt", "Hon sa ”nej”.", "bemotande", {"valence": "onskan", "party": "vard"}),
]
COMMA = (
    "file,quote,code,valence,party\n"
    'S01.docx,"Det tog tid, tyckte jag; länge.",vantetider,flaskhals,\n'
    "S02.txt,Hon sa ”nej”.,bemotande,onskan,vard\n"
)
SEMICOLON = (
    "File;Quote;Code;Valence;Party\r\n"
    'S01.docx;"Det tog tid, tyckte jag; länge.";vantetider;flaskhals;\r\n'
    "S02.txt;Hon sa ”nej”.;bemotande;onskan;vard\r\n"
)


def _read(tmp_path: Path, content: str | bytes) -> list[DecisionRow]:
    path = tmp_path / "beslut.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_decisions(path)


@pytest.mark.parametrize("content", [COMMA, SEMICOLON], ids=["comma", "semicolon"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_both_separators_and_every_encoding_give_the_same_rows(tmp_path: Path, content: str, encoding: str) -> None:
    assert _read(tmp_path, content.encode(encoding)) == ROWS


def test_excels_note_on_the_separator_is_passed_by_and_lines_stay_right(tmp_path: Path) -> None:
    assert [row.line for row in _read(tmp_path, "sep=;\r\n" + SEMICOLON)] == [3, 4]


def test_the_example_studys_decisions_are_all_read() -> None:
    path = library("examples") / "halsoflodet" / "kodningar.csv"
    rows = read_decisions(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(rows) == sum(1 for _ in csv.DictReader(file)) > 600
    assert all(row.facets["valence"] for row in rows)


def test_a_respondents_code_does_instead_of_a_file(tmp_path: Path) -> None:
    assert _read(tmp_path, "respondent,quote,code\nS01,Hej,k\n") == [DecisionRow(2, "S01", "Hej", "k", {})]


def test_quotes_over_several_lines_keep_the_line_they_begin_on(tmp_path: Path) -> None:
    rows = _read(tmp_path, 'file,quote,code\na,"ett\ntvå ""tre""",k\n\n b , fyra ,k\n')
    assert [(row.line, row.source, row.quote) for row in rows] == [(2, "a", 'ett\ntvå "tre"'), (5, "b", "fyra")]


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("file,quote\na,b\n", 1, "Kolumnen code saknas"),
        ("quote,code\na,b\n", 1, "file eller respondent saknas"),
        ("hej\n", 1, "quote, code saknas"),
        ("file,quote,code,code\n", 1, "”code” finns två gånger"),
        ("file,quote,code\na,b,c\na,b\n", 3, "2 fält, inte 3"),
        ("file,quote,code\na,b, då,c\n", 2, "4 fält, inte 3"),
        ('file,quote,code\na,"x\ny",c\na,b\n', 4, "2 fält, inte 3"),
        ("file,quote,code\n,b,c\n", 2, "vilken intervju"),
        ("file,quote,code\na,,c\n", 2, "saknar quote"),
        ("file,quote,code\na,b,\n", 2, "saknar code"),
        ("file,quote,code\na,b," + "x" * 140_000 + "\n", 2, "citattecken"),
    ],
)
def test_a_faulty_line_is_told_with_its_number(tmp_path: Path, content: str, line: int, told: str) -> None:
    with pytest.raises(FaultyFileError) as caught:
        _read(tmp_path, content)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [("beslut.csv", line)]
    assert told in caught.value.faults[0].message and caught.value.faults[0].fix


def test_every_faulty_line_comes_at_once(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError) as caught:
        _read(tmp_path, "file,quote,code\na,b\na,b,c\na,b,c,d\n,b,c\n")
    assert [fault.line for fault in caught.value.faults] == [2, 4, 5]


@pytest.mark.parametrize("content", [b"", b"a\0b", b"\x89PNG" + bytes(range(1, 30)) * 9])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileError):
        _read(tmp_path, content)
    with pytest.raises(FileError, match="finns inte"):
        read_decisions(tmp_path / "saknas.csv")
    with pytest.raises(FileError, match="mapp"):
        read_decisions(tmp_path)


# --- tables out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_can_be_a_formula_not_even_in_the_header(tmp_path: Path, start: str) -> None:
    path = tmp_path / "t.csv"
    write_table(path, [f"{start}h"], [[f"{start}1+1"], ["vanlig - text"]])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [[f"'{start}h"], [f"'{start}1+1"], ["vanlig - text"]]


def test_a_table_is_written_as_swedish_excel_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, ["ord", "antal"], [["å; ö", -3], ['"x"', 0.5], [None, float("nan")], [True, -1.25]])
    assert path.read_bytes() == (
        b"\xef\xbb\xbf" + 'ord;antal\r\n"å; ö";-3\r\n"""x""";0,5\r\n;\r\nTrue;-1,25\r\n'.encode()
    )


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="går inte att skriva"):
        write_table(tmp_path / "finns inte" / "t.csv", ["a"], [])


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe"), min_size=1, max_size=30
).filter(lambda t: t == t.strip() != "")


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS | WORDS.map("=".__add__) | WORDS.map("- ".__add__), min_size=1, max_size=5))
def test_quotes_written_as_a_table_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, quotes: list[str]
) -> None:
    from intervjukit.core.text import normalise

    quotes = [text for quote in quotes if (text := normalise(quote).strip()) and not text.startswith("'")] or ["x"]
    path = tmp_path_factory.getbasetemp() / "t.csv"
    write_table(path, ["file", "quote", "code"], [["S01.txt", quote, "k"] for quote in quotes])
    assert [row.quote for row in read_decisions(path)] == quotes


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_mutated_table_raises_nothing_but_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray(data.draw(st.sampled_from([COMMA, SEMICOLON])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=5) | st.sampled_from([b'"', b"\n", b";", b","])
        )
    path = tmp_path_factory.getbasetemp() / "mutant.csv"
    path.write_bytes(bytes(raw))
    try:
        assert isinstance(read_decisions(path), list)
    except IntervjukitError as error:
        assert error.problem and error.fix


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    faults = [Fault("kodningar.csv", line, "Intervjun finns inte.", "Läs in den.") for line in range(2, 102)]
    error = FaultyFileError("kodningar.csv", faults)
    assert error.faults == tuple(faults)
    assert "kodningar.csv har 100 fel" in error.problem
    assert "rad 41:" in error.problem
    assert "rad 42:" not in error.problem
    assert "… och 60 till" in error.problem
