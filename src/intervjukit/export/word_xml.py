"""Tables, fields and runs as WordprocessingML, written in one go: a table of thousands of rows is built in a second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from intervjukit.export.look import BAND, RULE

W = nsdecls("w")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PADDED = '<w:tcMar><w:left w:w="160" w:type="dxa"/><w:right w:w="120" w:type="dxa"/></w:tcMar>'
_SMALL, _DARK = '<w:sz w:val="19"/>', '<w:color w:val="1A1A1A"/><w:sz w:val="24"/>'
_WORDS = re.compile(r"[^ \n\t–-]+")
_CELL_SIDES, _LETTER = 220, 108
"""Twips: what a cell keeps free at its sides, and a letter of 9 points in a wide font."""
FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def clean(text: str) -> str:
    """Return ``text`` without the characters XML cannot hold, and with line feeds alone at the ends of its lines."""
    return _INVALID.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def attribute(text: str) -> str:
    """Return ``text`` as it may stand within the quotation marks of an XML attribute, on one line."""
    return escape(clean(text), {'"': "&quot;", "\n": " "})


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: one paragraph per line; ``fill`` is a hex colour; ``style`` a paragraph style by name."""

    text: str
    bold: bool = False
    fill: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: heading, width in cm, and whether its cells are numbers (set to the right)."""

    title: str
    width: float
    number: bool = False


@dataclass(frozen=True)
class TableForm:
    """What a table takes from its document: style ids by name, the ink, and each column's width in twips."""

    styles: dict[str, str]
    ink: str
    widths: Sequence[int]


def run_xml(text: str, properties: str = "") -> str:
    """Return a run; ``properties`` are its rPr's children. A line feed is a line break."""
    props = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    return f"<w:r>{props}{'<w:br/>'.join(lines)}</w:r>"


def paragraph_xml(style: str, *, keep: bool, before: int) -> str:
    """Return an empty paragraph in the style with that id, ``before`` twips below what precedes it (0: as styled)."""
    near = "<w:keepNext/>" if keep else ""
    space = f'<w:spacing w:before="{before}"/>' if before else ""
    return f"<w:p {W}><w:pPr><w:pStyle w:val={quoteattr(style)}/>{near}{space}</w:pPr></w:p>"


def field_begin(instruction: str) -> str:
    """Return the runs that begin a complex field: its result follows, and then FIELD_END."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field_runs(instruction: str, shown: str) -> str:
    """Return the runs of a complex field that already shows its result."""
    return f"{field_begin(instruction)}{run_xml(shown)}{FIELD_END}"


def elements(runs: str) -> list[Any]:
    """Return runs written as XML as elements to put into a paragraph."""
    return [*parse_xml(f"<w:p {W}>{runs}</w:p>")]


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    """Return the columns' widths in twips: shares of ``width``, but room for the longest word where there is any."""
    scale = width / sum(column.width for column in columns)
    wished = [column.width * scale for column in columns]
    least = [
        _CELL_SIDES
        + _LETTER * max(map(len, _WORDS.findall("\n".join([c.title, *(row[n].text for row in rows)]))), default=1)
        for n, c in enumerate(columns)
    ]
    short = sum(max(0.0, need - has) for need, has in zip(least, wished, strict=True))
    spare = sum(max(0.0, has - need) for need, has in zip(least, wished, strict=True))
    share = min(1.0, spare / short) if short else 0.0
    taken = short * share / spare if spare else 0.0
    return [
        round(has + (need - has) * (share if need > has else taken)) for need, has in zip(least, wished, strict=True)
    ]


def table_xml(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], form: TableForm, title: str, describe: str
) -> str:
    """Return a table: header row repeated on every page, rows never split, thin rules between them.

    The header and the first row stay with the second: no page ends in a table of one row.
    """
    head = _row_xml([Cell(c.title, bold=True, fill=form.ink) for c in columns], columns, form, header=True)
    body = "".join(_row_xml(row, columns, form, keep=not at and len(rows) > 1) for at, row in enumerate(rows))
    borders = (
        f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{form.ink}"/>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{form.ink}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
    )
    return _whole_table(form.widths, borders, head + body, title, describe)


def as_cell(value: str | Cell, number: int) -> Cell:
    """Return what a writer gave as a cell; every other row is tinted."""
    cell = value if isinstance(value, Cell) else Cell(value)
    return Cell(cell.text, cell.bold, cell.fill or (BAND if number % 2 else ""), cell.style)


def _row_xml(
    cells: Sequence[Cell], columns: Sequence[Column], form: TableForm, *, header: bool = False, keep: bool = False
) -> str:
    near = "<w:keepNext/>" if header or keep else ""
    mark = "<w:tblHeader/>" if header else ""
    out = [f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>"]
    for cell, column, width in zip(cells, columns, form.widths, strict=True):
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
        align = '<w:jc w:val="right"/>' if column.number else ""
        look = ("<w:b/>" if cell.bold else "") + ('<w:color w:val="FFFFFF"/>' if header else "")
        style = f'<w:pStyle w:val="{form.styles[cell.style or "Table Text"]}"/>'
        out.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>')
        for line in clean(cell.text).split("\n"):
            out.append(f"<w:p><w:pPr>{style}{near}{align}</w:pPr>{run_xml(line, look) if line else ''}</w:p>")
        out.append("</w:tc>")
    out.append("</w:tr>")
    return "".join(out)


def quadrants_xml(
    fields: Sequence[tuple[str, str, Sequence[str]]], form: TableForm, heading: str, title: str, describe: str
) -> str:
    """Return four tinted cells, two by two, each beginning with a heading in the style named ``heading``."""
    rows = ""
    for pair in (fields[:2], fields[2:]):
        cells = "".join(_quadrant_xml(name, fill, lines, form, heading) for name, fill, lines in pair)
        rows += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="36" w:space="0" w:color="FFFFFF"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return _whole_table(form.widths, borders, rows, title, describe, header=False)


def _quadrant_xml(name: str, fill: str, lines: Sequence[str], form: TableForm, heading: str) -> str:
    style = form.styles["List Bullet" if lines else "Table Text"]
    look = f'<w:pPr><w:pStyle w:val="{style}"/><w:spacing w:before="0" w:after="40"/></w:pPr>'
    items = "".join(f"<w:p>{look}{run_xml(line, _SMALL)}</w:p>" for line in lines or ["–"])
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{form.widths[0]}" w:type="dxa"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>{_PADDED}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{form.styles[heading]}"/><w:spacing w:before="60" w:after="80"/></w:pPr>'
        f"{run_xml(name, _DARK)}</w:p>{items}</w:tc>"
    )


def _whole_table(
    widths: Sequence[int], borders: str, rows: str, title: str, describe: str, *, header: bool = True
) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
        f'<w:bottom w:w="45" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0000" w:firstRow="{int(header)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{attribute(title)}"/>'
        f'<w:tblDescription w:val="{attribute(describe or title)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
