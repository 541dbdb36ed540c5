"""The text of a Word file as a reader needs it: paragraphs in order with what marks them out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from lxml import etree

from intervjukit.core.text import normalise
from intervjukit.core.transcript import Doubt
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import check_word_file

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr"})
_OFF = ("0", "false", "off")
_WRAPPERS = frozenset(
    f"{_W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")
)


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

    Tracked insertions are kept and deletions left out; hidden text and the prompts of unfilled controls are
    left out; what was left out is told. The file is checked by the guard first. Raises FileError.
    """
    parts = check_word_file(path)
    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read(parts.document), _PARSER)
            styles = _styles(archive.read(parts.styles) if parts.styles else b"")
    except etree.LxmlError as error:
        raise FileError(
            f"{path.name} är skadad och går inte att läsa.",
            fix="Öppna den i Word, låt Word laga den och spara igen.",
        ) from error
    body = root.find(f"{_W}body")
    if body is None and root.find(f"{_STRICT}body") is not None:
        raise FileError(
            f"{path.name} är sparad som ”Strict Open XML”, som inte läses.",
            fix="Spara den i Word som vanligt Word-dokument (.docx).",
        )
    if body is None:
        raise FileError(f"{path.name} saknar dokumenttext.", fix="Öppna den i Word och spara om den.")
    try:
        paragraphs = [p for p in _Reader(styles).paragraphs(body) if p.text]
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    if not paragraphs:
        raise FileError(f"{path.name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return paragraphs, list(_doubts(body, styles))


def _on(properties: etree._Element | None, name: str) -> bool | None:
    """Return whether a property such as bold is on, None when nothing is said of it."""
    mark = properties.find(f"{_W}{name}") if properties is not None else None
    return None if mark is None else mark.get(f"{_W}val") not in _OFF


@dataclass
class _Styles:
    """What the styles say: which are headings, which are bold and which hide their text."""

    headings: set[str] = field(default_factory=set)
    bold: dict[str, bool] = field(default_factory=dict)
    hidden: dict[str, bool] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        """Take in styles.xml. Headings are found by name, since Swedish Word calls the id Rubrik1."""
        based: dict[str, str] = {}
        found = [(style.get(f"{_W}styleId") or "", style) for style in root.iter(f"{_W}style")]
        for key, style in found:
            name, base = style.find(f"{_W}name"), style.find(f"{_W}basedOn")
            shown = (name.get(f"{_W}val") or "").lower() if name is not None else ""
            if shown.startswith(("heading", "rubrik", "title", "subtitle")):
                self.headings.add(key)
            if base is not None:
                based[key] = base.get(f"{_W}val") or ""
            for told, into in (("b", self.bold), ("vanish", self.hidden)):
                if (value := _on(style.find(f"{_W}rPr"), told)) is not None:
                    into[key] = value
        for key, _ in found:
            for into in (self.bold, self.hidden):
                self._inherit(key, based, into)

    @staticmethod
    def _inherit(key: str, based: dict[str, str], into: dict[str, bool]) -> None:
        seen, above = {key}, based.get(key)
        while key not in into and above and above not in seen:
            if above in into:
                into[key] = into[above]
            seen.add(above)
            above = based.get(above)


@lru_cache(maxsize=8)
def _styles(xml: bytes) -> _Styles:
    """Return what a styles.xml says; files of one template share it."""
    styles = _Styles()
    if xml:
        styles.read(etree.fromstring(xml, _PARSER))
    return styles


def _style(element: etree._Element, kind: str) -> str:
    style = element.find(f"{_W}{kind}Pr/{_W}{kind}Style")
    return (style.get(f"{_W}val") or "") if style is not None else ""


class _Reader:
    """Walks a document's body in reading order."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.tables = 0

    def paragraphs(self, parent: etree._Element) -> Iterator[Paragraph]:
        """Yield the paragraphs under ``parent``, those of tables and text boxes included, each once."""
        for child in _children(parent):
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)

    def _table(self, table: etree._Element) -> Iterator[Paragraph]:
        self.tables += 1
        number = self.tables
        rows = [tr for tr in _children(table) if tr.tag == f"{_W}tr" and tr.find(f"{_W}trPr/{_W}del") is None]
        for row, tr in enumerate(rows, 1):
            cells = [tc for tc in _children(tr) if tc.tag == f"{_W}tc"]
            for cell, tc in enumerate(cells, 1):
                for found in self.paragraphs(tc):
                    # a table inside a cell keeps its own place
                    yield found if found.table else replace(found, table=number, row=row, cell=cell)

    def _paragraph(self, p: etree._Element) -> Iterator[Paragraph]:
        style = _style(p, "p")
        parts: list[str] = []
        boxes: list[etree._Element] = []
        bold: set[bool] = set()
        for run in _runs(p):
            boxes += _boxes(run)
            properties, own = run.find(f"{_W}rPr"), _style(run, "r")
            if self._said(properties, "vanish", own, style, self.styles.hidden):
                continue
            text = "".join(_characters(run))
            parts.append(text)
            if text.strip():
                bold.add(self._said(properties, "b", own, style, self.styles.bold))
        text = normalise("".join(parts)).strip()
        yield Paragraph(text, bold == {True}, style in self.styles.headings)
        for box in boxes:
            yield from self.paragraphs(box)

    @staticmethod
    def _said(properties: etree._Element | None, name: str, own: str, style: str, styles: dict[str, bool]) -> bool:
        said = _on(properties, name)
        return styles.get(own, styles.get(style, False)) if said is None else said


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands in ``parent``, looking through wrappers: insertions, controls, alternatives."""
    for child in parent:
        if child.tag in _GONE or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}sdt":
            if _on(child.find(f"{_W}sdtPr"), "showingPlcHdr"):
                continue
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _children(content)
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            if choice is not None:
                yield from _children(choice)
        elif child.tag in _WRAPPERS:
            yield from _children(child)
        else:
            yield child


def _runs(p: etree._Element) -> Iterator[etree._Element]:
    return (child for child in _children(p) if child.tag == f"{_W}r")


def _boxes(run: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes anchored in a run, outermost only, the newer form where there are two."""
    for child in run:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _characters(run: etree._Element) -> Iterator[str]:
    for node in run:
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag in (f"{_W}tab", f"{_W}ptab"):
            yield "\t"
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif node.tag == f"{_W}noBreakHyphen":
            yield "-"


def _doubts(body: etree._Element, styles: _Styles) -> Iterator[Doubt]:
    def there(*tags: str) -> bool:
        return any(next(body.iter(f"{_W}{tag}"), None) is not None for tag in tags)

    def hides() -> bool:
        hidden = {key for key, value in styles.hidden.items() if value}
        used = (s.get(f"{_W}val") for s in body.iter(f"{_W}pStyle", f"{_W}rStyle"))
        return any(m.get(f"{_W}val") not in _OFF for m in body.iter(f"{_W}vanish")) or not hidden.isdisjoint(used)

    if there("ins", "del", "moveFrom"):
        yield Doubt(
            "spårade ändringar",
            "Dokumentet har spårade ändringar; infogad text togs med, struken text inte.",
            "Är det fel godkänner eller avvisar du ändringarna i Word och läser in filen på nytt.",
        )
    if hides():
        yield Doubt(
            "dold text",
            "Dokumentet har dold text, som inte lästes in.",
            "Ska den med gör du den synlig i Word (Teckensnitt, Dold) och läser in filen på nytt.",
        )
    if there("commentReference", "commentRangeStart"):
        yield Doubt("kommentarer", "Dokumentets kommentarer lästes inte in.", "Skriv in dem som anteckningar.")
    if there("footnoteReference", "endnoteReference"):
        yield Doubt("fotnoter", "Dokumentets fotnoter lästes inte in.", "Skriv in dem som anteckningar.")
    if there("altChunk"):
        yield Doubt(
            "inbäddat dokument",
            "Ett annat dokument är inbäddat i filen och lästes inte in.",
            "Öppna filen i Word, spara den och läs in den på nytt.",
        )
    if there("txbxContent"):
        yield Doubt(
            "textruta",
            "Dokumentet har textrutor; deras text står efter stycket där rutan är förankrad.",
            "Läs igenom texten.",
        )
