"""The text of a Word file as a reader needs it: paragraphs in order with what marks them out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from intervjukit.core.text import normalise
from intervjukit.core.transcript import Doubt
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import check_word_file

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: ``heading`` from its style, ``bold`` when every word is, ``row`` and ``cell`` in a table."""

    text: str
    bold: bool = False
    heading: bool = False
    table: int = 0
    row: int = 0
    cell: int = 0


def read_word_text(path: Path) -> tuple[list[Paragraph], list[Doubt]]:
    """Return the paragraphs of a docx, tables included, and doubts on what Word can hide in it.

    Tracked insertions are kept and deletions left out; hidden text is left out; both are told. The file is
    checked by the guard first. Raises FileError.
    """
    check_word_file(path)
    with zipfile.ZipFile(path) as archive:
        body = etree.fromstring(archive.read("word/document.xml"), _PARSER).find(f"{_W}body")
        headings = _heading_styles(archive)
        comments = "word/comments.xml" in archive.namelist()
    if body is None:
        raise FileError(f"{path.name} saknar dokumenttext.", fix="Öppna den i Word och spara om den.")
    try:
        paragraphs = [p for p in _walk(body, headings, _Place()) if p.text.strip()]
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    if not paragraphs:
        raise FileError(f"{path.name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return paragraphs, list(_doubts(body, comments))


@dataclass
class _Place:
    tables: int = 0


def _heading_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the ids of heading styles, found by name: Swedish Word calls the id Rubrik1."""
    if "word/styles.xml" not in archive.namelist():
        return set()
    styles = etree.fromstring(archive.read("word/styles.xml"), _PARSER)
    found = set()
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        shown = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if shown.startswith(("heading", "rubrik", "title", "subtitle")):
            found.add(style.get(f"{_W}styleId") or "")
    return found


def _walk(parent: etree._Element, headings: set[str], place: _Place) -> Iterator[Paragraph]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child, headings)
        elif child.tag == f"{_W}tbl":
            place.tables += 1
            yield from _table(child, headings, place.tables)
        elif child.tag in (f"{_W}sdt", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            content = child.find(f"{_W}sdtContent") if child.tag == f"{_W}sdt" else child
            if content is not None:
                yield from _walk(content, headings, place)


def _table(table: etree._Element, headings: set[str], number: int) -> Iterator[Paragraph]:
    for row, tr in enumerate(table.iter(f"{_W}tr"), 1):
        for cell, tc in enumerate(tr.iter(f"{_W}tc"), 1):
            for p in tc.iter(f"{_W}p"):
                found = _paragraph(p, headings)
                yield Paragraph(found.text, found.bold, found.heading, number, row, cell)


def _paragraph(p: etree._Element, headings: set[str]) -> Paragraph:
    style = p.find(f"{_W}pPr/{_W}pStyle")
    parts: list[str] = []
    plain = bold = 0
    for run in p.iter(f"{_W}r"):
        if _dropped(run):
            continue
        text = "".join(_characters(run))
        parts.append(text)
        if text.strip():
            mark = run.find(f"{_W}rPr/{_W}b")
            is_bold = mark is not None and mark.get(f"{_W}val") not in ("0", "false")
            bold, plain = bold + is_bold, plain + (not is_bold)
    heading = style is not None and style.get(f"{_W}val") in headings
    return Paragraph(normalise("".join(parts)).strip(), bool(bold and not plain), heading)


def _dropped(run: etree._Element) -> bool:
    if run.find(f"{_W}rPr/{_W}vanish") is not None:
        return True
    return any(a.tag in (f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback") for a in run.iterancestors())


def _characters(run: etree._Element) -> Iterator[str]:
    for node in run:
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag == f"{_W}tab":
            yield "\t"
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif node.tag == f"{_W}noBreakHyphen":
            yield "-"


def _doubts(body: etree._Element, comments: bool) -> Iterator[Doubt]:
    def there(*tags: str) -> bool:
        return any(next(body.iter(f"{_W}{tag}"), None) is not None for tag in tags)

    if there("ins", "del", "moveFrom"):
        yield Doubt(
            "spårade ändringar",
            "Dokumentet har spårade ändringar; infogad text togs med och struken lämnades.",
            "Är det fel, godkänn eller avvisa ändringarna i Word och läs in filen på nytt.",
        )
    if there("vanish"):
        yield Doubt(
            "dold text",
            "Dokumentet har dold text, som inte lästes in.",
            "Ska den med, gör den synlig i Word (Teckensnitt, Dold) och läs in filen på nytt.",
        )
    if comments:
        yield Doubt("kommentarer", "Dokumentets kommentarer lästes inte in.", "Skriv in dem som anteckningar.")
    if there("txbxContent"):
        yield Doubt(
            "textruta",
            "Dokumentet har textrutor; deras text står där rutan är förankrad.",
            "Läs igenom texten.",
        )
