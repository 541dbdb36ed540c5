"""Tables as an Excel workbook: typed cells, heads that stay and filter, and never a formula out of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from intervjukit.core.naming import Value
from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError

MOST = 32_767
"""Characters Excel takes in a cell, counted as UTF-16 does."""
CUT = " … (avkortat)"
FIRST = "Läs mig"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\n")
_INK, _RULE = "#1F3A5F", "#C7D0DA"
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "text_wrap": True, "bottom": 1, "bottom_color": _RULE}
_NARROWEST, _WIDEST = 7, 60
_DATE, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: the sheet's name, what it tells, the heads and the rows."""

    name: str
    about: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]


def write_workbook(title: str, sheets: Iterable[Sheet], path: Path) -> Path:
    """Write one sheet per table, after one that explains them, and return ``path``: complete, or as it was.

    Raises FileError when it does not end in .xlsx, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileError(f"”{path.name}” slutar inte på .xlsx.", fix="Ge arbetsboken ett namn som tabeller.xlsx.")
    from xlsxwriter.exceptions import FileCreateError

    with whole_file(path, FileCreateError) as part:
        path.parent.mkdir(parents=True, exist_ok=True)
        book = _Book(title, part)
        for sheet in sheets:
            book.add(sheet)
        book.close()
    return path


def plain(text: str) -> tuple[str, bool]:
    """Return text as a cell can hold it, without control characters, and whether it had to be cut."""
    kept = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = kept.encode("utf-16-le")
    if len(units) <= 2 * MOST:
        return kept, False
    return units[: 2 * (MOST - len(CUT))].decode("utf-16-le", "ignore") + CUT, True


class _Book:
    """A workbook being written to a file."""

    def __init__(self, title: str, path: Path) -> None:
        from xlsxwriter import Workbook

        self._book = Workbook(str(path))
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        self._book.set_properties({"title": plain(title)[0], "author": "Intervjukit", "created": now})
        self._title, self._made, self._cut = title, now.date(), 0
        self._first = self._book.add_worksheet(FIRST)
        self._told: list[tuple[str, str, int]] = []
        self._forms: dict[tuple[tuple[str, object], ...], Any] = {}

    def add(self, sheet: Sheet) -> None:
        """Write a table as a sheet of its own."""
        page, widths = self._book.add_worksheet(sheet.name), _widths(sheet)
        _for_print(page)
        for place, (head, width) in enumerate(zip(sheet.heads, widths, strict=True)):
            page.set_column(place, place, width)
            self._cell(page, 0, place, head, **_HEAD)
        for number, row in enumerate(sheet.rows, 1):
            for place, value in enumerate(row):
                self._cell(page, number, place, value, text_wrap=widths[place] == _WIDEST)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
        self._told.append((sheet.name, sheet.about, len(sheet.rows)))

    def close(self) -> None:
        """Write the first sheet, which tells about the others, and the file."""
        page = self._first
        _for_print(page)
        for place, width in enumerate((22, 90, 9)):
            page.set_column(place, place, width)
        self._cell(page, 0, 0, self._title, bold=True)
        self._cell(page, 1, 0, "Sammanställd")
        self._cell(page, 1, 1, self._made, align="left")
        notes = self._notes()
        for row, line in enumerate(notes, 2):
            self._cell(page, row, 1, line, text_wrap=True)
        top = len(notes) + 3
        for place, head in enumerate(("Blad", "Vad det visar", "Rader")):
            self._cell(page, top, place, head, **_HEAD)
        for row, (name, about, rows) in enumerate(self._told, top + 1):
            page.write_url(row, 0, f"internal:'{name}'!A1", self._form(underline=1, font_color=_INK), name)
            self._cell(page, row, 1, about, text_wrap=True)
            self._cell(page, row, 2, rows)
        self._book.close()

    def _notes(self) -> list[str]:
        lines = [
            "Allt räknas i personer, aldrig i hur många gånger något har sagts. Personer står med sin kod.",
            "I små grupper kan enskilda kännas igen på sina svar; tänk på det innan arbetsboken sprids.",
        ]
        if self._cut:
            cells = "1 text" if self._cut == 1 else f"{self._cut} texter"
            lines.append(f"{cells} var längre än Excel tar emot och är avkortade; de står hela i CSV-filerna.")
        return lines

    def _cell(self, page: Any, row: int, place: int, value: Value, **look: object) -> None:
        """Write a cell of the value's own type; text is text even when it looks like a formula or an error."""
        if isinstance(value, str):
            text, cut = plain(value)
            self._cut += cut
            page.write_string(row, place, text, self._form(quote_prefix=text.startswith(_FORMULA), **look))
        elif isinstance(value, date):
            form = _TIME if isinstance(value, datetime) else _DATE
            page.write_datetime(row, place, value, self._form(num_format=form, **look))
        elif isinstance(value, float):
            page.write_number(row, place, value, self._form(num_format="0.00", **look))
        elif value is not None:
            page.write_number(row, place, value, self._form(**look))

    def _form(self, **look: object) -> Any:
        """Return a cell format, the same one for the same look."""
        key = tuple(sorted(look.items()))
        if key not in self._forms:
            self._forms[key] = self._book.add_format({"valign": "top", **look})
        return self._forms[key]


def _for_print(page: Any) -> None:
    """Let a sheet print on A4 lying down, as wide as the page, with its heads on every page."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _widths(sheet: Sheet) -> list[float]:
    """Return each column's width in characters: enough for its head's words and nine cells of ten."""
    return [_width(head, [_length(row[place]) for row in sheet.rows]) for place, head in enumerate(sheet.heads)]


def _width(head: str, lengths: Sequence[int]) -> float:
    usual = sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
    filter_button = 3
    return min(max(_NARROWEST, usual + 2, max(map(len, head.split() or [""])) + filter_button), _WIDEST)


def _length(value: Value) -> int:
    if isinstance(value, datetime):
        return len(_TIME)
    return len(str(value)) if value is not None else 0
