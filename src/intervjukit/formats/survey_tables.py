"""Survey answers as files: Excel workbooks and CSV as Swedish Excel writes it, to a table of cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.survey import Cell, Table, letter, written
from intervjukit.core.text import squeeze
from intervjukit.errors import Fault, FaultyFileError, FileError
from intervjukit.formats.decoding import decode, read_bytes
from intervjukit.formats.guard import DAMAGE, MOST_NODES, OLE, ZIP, XmlChecker, head_of, opened_zip

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

ENDINGS = (".xlsx", ".csv")
MOST_ROWS, MOST_COLUMNS = 100_000, 500
MOST_SHEET_NODES = 20 * MOST_NODES
"""Elements and attributes in a workbook: each cell has five, and only one row is held at a time."""
_TOP = 15
"""Rows among which the heads are looked for."""
_HEAD_SHARE = 0.6
_FIX = "Öppna filen i Excel, spara den som .xlsx och försök igen; eller spara bladet som CSV."
_ERRORS = frozenset("#REF! #DIV/0! #VALUE! #N/A #NAME? #NUM! #NULL!".split())
_DECIMAL = re.compile(r"-?\d{1,15},\d{1,10}")
_Row = tuple[int, list[Cell]]


def read_table(path: Path, *, sheet: str = "", head_row: int = 0) -> Table:
    """Return the rows of a survey file (.xlsx or .csv) under their heads.

    ``sheet`` names a sheet, otherwise the one with most rows is taken; ``head_row`` is the row of the heads,
    otherwise the first that is filled nearly as wide as the table. Raises FileError, and FaultyFileError with every
    cell that cannot be read.
    """
    head = head_of(path, 8)
    if head.startswith(ZIP):
        name, rows = _read_workbook(path, sheet)
    elif head.startswith(OLE):
        raise FileError(f"{path.name} är ett gammalt Excel-ark (.xls) eller skyddat med lösenord.", fix=_FIX)
    else:
        name, rows = "", list(_read_csv(path))
    return _under_heads(path.name, name, rows, head_row)


def _under_heads(file: str, sheet: str, rows: Sequence[_Row], head_row: int) -> Table:
    widths = [sum(bool(written(cell)) for cell in cells) for _, cells in rows]
    if len(rows) > MOST_ROWS or max(map(len, (cells for _, cells in rows)), default=0) > MOST_COLUMNS:
        raise FileError(
            f"{file} är för stor; högst {MOST_ROWS} rader och {MOST_COLUMNS} kolumner.", fix="Dela upp den."
        )
    if not any(widths):
        raise FileError(f"{file} har inga svar.", fix="Kontrollera att rätt fil och blad valdes.")
    least = max(1, _HEAD_SHARE * max(widths[:_TOP]))
    at = next((n for n, (row, _) in enumerate(rows) if row == head_row), None)
    if at is None:
        if head_row:
            raise FileError(f"{file} har ingen rad {head_row}.", fix="Rätta ”rubrikrad”.")
        at = next(n for n, width in enumerate(widths) if width >= least)
    heads = _heads(rows, at)
    body = [(row, tuple(cells[: len(heads)] + [None] * (len(heads) - len(cells)))) for row, cells in rows[at + 1 :]]
    filled = tuple((row, cells) for row, cells in body if any(written(cell) for cell in cells))
    if not filled:
        raise FileError(f"{file} har rubriker men inga svar.", fix="Kontrollera att rätt fil och blad valdes.")
    return Table(file, sheet, heads, rows[at][0], filled, len(body) - len(filled))


def _heads(rows: Sequence[_Row], at: int) -> tuple[str, ...]:
    """Return a head for each column: its own, one merged over several above it, or its letter; no two alike."""
    own = rows[at][1]
    above = rows[at - 1][1] if at and rows[at - 1][0] == rows[at][0] - 1 else []
    over = _spread(above)
    last = max((place for _, cells in rows[at:] for place, cell in enumerate(cells) if written(cell)), default=-1)
    heads, seen = [], Counter[str]()
    for place in range(last + 1):
        told = squeeze(written(own[place])) if place < len(own) else ""
        head = told or (over[place] if place < len(over) else "") or f"Kolumn {letter(place)}"
        seen[head] += 1
        heads.append(head if seen[head] == 1 else f"{head} ({seen[head]})")
    return tuple(heads)


def _spread(above: Sequence[Cell]) -> list[str]:
    """Return what stands above each column, a head merged over several above each of them; a lone title is none."""
    told = [squeeze(written(cell)) for cell in above]
    if not any(told[1:]):
        return []
    spread, last = [], ""
    for head in told:
        last = head or last
        spread.append(last)
    return spread


# --- Excel ----------------------------------------------------------------------------------------------


def _read_workbook(path: Path, wanted: str) -> tuple[str, list[_Row]]:
    """Return the name and the rows of a sheet; only values, a row at a time."""
    formulas = _check_workbook(path)
    try:
        with closing(_opened(path, values=True)) as book:
            sheet = _chosen(path, book, wanted)
            rows = list(_rows(sheet))
            name = str(sheet.title)
        if formulas:
            with closing(_opened(path, values=False)) as book:
                _refuse_unknown(path, rows, list(_rows(book[name])))
    except (*DAMAGE, SyntaxError, TypeError, AttributeError, IndexError, AssertionError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path.name} är skadad och går inte att läsa ({type(error).__name__}).", fix=_FIX) from error
    _refuse_errors(path, rows)
    return name, rows


def _check_workbook(path: Path) -> bool:
    """Refuse what is unsafe or no workbook; return whether any sheet has formulas."""
    formulas = False
    with opened_zip(path, _FIX) as archive:
        names = {entry.filename.lower() for entry in archive.infolist()}
        if "xl/workbook.xml" not in names:
            raise FileError(f"{path.name} är inget Excel-ark.", fix="Spara svaren som .xlsx eller CSV.")
        checker = XmlChecker(path, archive, MOST_SHEET_NODES)
        for entry in archive.infolist():
            if entry.filename.lower().endswith((".xml", ".rels")):
                checker.check(entry)
                if entry.filename.lower().startswith("xl/worksheets/"):
                    formulas = formulas or _holds(archive, entry, b"<f")
    return formulas


def _holds(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, mark: bytes) -> bool:
    tail = b""
    with archive.open(entry) as file:
        while block := file.read(1 << 18):
            if any(mark + end in tail + block for end in (b">", b" ", b"/")):
                return True
            tail = block[-len(mark) :]
    return False


def _opened(path: Path, *, values: bool) -> Any:
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that are not read here
        return load_workbook(path, read_only=True, data_only=values, keep_links=False)


def _chosen(path: Path, book: Any, wanted: str) -> ReadOnlyWorksheet:
    """Return the sheet of that name, else the visible one with most rows."""
    sheets = {str(sheet.title): sheet for sheet in book.worksheets}
    if wanted:
        if wanted in sheets:
            return sheets[wanted]  # type: ignore[no-any-return]
        raise FileError(f"{path.name} har inget blad ”{wanted}”.", fix=f"Välj något av: {', '.join(sheets)}.")
    if not sheets:
        raise FileError(f"{path.name} har inga blad med celler.", fix=_FIX)
    shown = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"] or [*sheets.values()]
    if len(shown) > 1:
        return max(shown, key=lambda sheet: sum(1 for _, cells in _rows(sheet) if any(map(written, cells))))  # type: ignore[no-any-return]
    return shown[0]  # type: ignore[no-any-return]


def _rows(sheet: Any) -> Iterator[_Row]:
    """Yield a sheet's rows with their numbers; what the file says of its size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_ROWS + _TOP:
            return
        yield number, [_plain(cell) for cell in cells[: MOST_COLUMNS + 1]]


def _plain(cell: Any) -> Cell:
    return cell if cell is None or isinstance(cell, str | int | float | date) else str(cell)


def _refuse_unknown(path: Path, values: Sequence[_Row], formulas: Sequence[_Row]) -> None:
    """Refuse formulas whose result the file does not hold: it was never opened in a program that counts."""
    faults = [
        Fault(
            path.name, row, f"Cell {letter(place)}{row} har en formel utan uträknat värde.", "Öppna och spara i Excel."
        )
        for (row, known), (_, written_as) in zip(values, formulas, strict=False)
        for place, cell in enumerate(written_as)
        if isinstance(cell, str) and cell.startswith("=") and place < len(known) and known[place] is None
    ]
    if faults:
        raise FaultyFileError(path.name, faults)


def _refuse_errors(path: Path, rows: Sequence[_Row]) -> None:
    faults = [
        Fault(path.name, row, f"Cell {letter(place)}{row} visar felet {cell}.", "Rätta formeln, eller töm cellen.")
        for row, cells in rows
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and cell in _ERRORS
    ]
    if faults:
        raise FaultyFileError(path.name, faults)


# --- CSV ------------------------------------------------------------------------------------------------


def _read_csv(path: Path) -> Iterator[_Row]:
    """Yield the rows of a CSV file; numbers with a decimal comma are numbers, all else is text."""
    text, _ = decode(read_bytes(path), path.name)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep="):  # Excel's own note on the separator
        separator, text, skipped = first.strip()[4:5] or ";", rest, 1
    else:
        separator = _separator(text)
    if "\x00" in text:
        raise FileError(f"{path.name} är ingen textfil.", fix=_FIX)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    csv.field_size_limit(10_000_000)
    after = 0
    try:
        for values in reader:
            line, after = skipped + after + 1, reader.line_num
            yield line, [_number(value) for value in values]
    except csv.Error as error:
        told = ("Raden går inte att läsa; ett citattecken är troligen inte stängt.", "Rätta citattecknen.")
        raise FaultyFileError(path.name, [Fault(path.name, skipped + reader.line_num, *told)]) from error


def _separator(text: str) -> str:
    """Return the separator that gives the first rows most nearly the same number of fields."""

    def evenness(mark: str) -> tuple[float, int]:
        rows = [
            row for row, _ in zip(csv.reader(io.StringIO(text, newline=""), delimiter=mark), range(50), strict=False)
        ]
        width, number = Counter(len(row) for row in rows if row).most_common(1)[0]
        return (number / len(rows) if width > 1 else 0.0, width)

    try:
        return max(";\t,", key=evenness)
    except (csv.Error, IndexError):
        return ";"


def _number(value: str) -> Cell:
    value = value.strip()
    if _DECIMAL.fullmatch(value):
        return float(value.replace(",", "."))
    return value or None
