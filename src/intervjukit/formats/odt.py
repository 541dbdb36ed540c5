"""The text of an OpenDocument file (LibreOffice): paragraphs in order with what marks them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import Doubt, Remark
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import check_open_document, opened_zip, read_part, too_deep
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.xml import parsed

_OF = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE, _OFFICE, _DRAW = (
    f"{{{_OF}{name}:1.0}}" for name in ("text", "table", "style", "office", "drawing")
)
_FO = f"{{{_OF}xsl-fo-compatible:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_GONE = frozenset(
    f"{_TEXT}{name}" for name in ("tracked-changes", "note", "table-of-content", "alphabetical-index", "bibliography")
)
_MANY_SPACES = 1_000
_MEND = "Öppna den i LibreOffice och spara den på nytt, eller som .docx."


def read_odt(path: Path) -> tuple[list[Paragraph], list[Doubt]]:
    """Return the paragraphs of an odt, tables and text boxes included, and doubts on what it may hide.

    Tracked insertions are kept and deletions left out; comments come with their paragraph. The file is checked by
    the guard first. Raises FileError.
    """
    check_open_document(path)
    with opened_zip(path, _MEND) as archive:
        content = read_part(path, archive, "content.xml")
        styles = read_part(path, archive, "styles.xml") if "styles.xml" in archive.namelist() else b""
    try:
        root, shared = parsed(content), parsed(styles) if styles else None
    except etree.LxmlError as error:
        if "depth" in str(error):
            raise too_deep(path) from error
        raise FileError(f"{path.name} är skadad och går inte att läsa.", fix=_MEND) from error
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise FileError(f"{path.name} är inget textdokument.", fix="Spara texten som .odt eller .docx.")
    try:
        paragraphs = [p for p in _Reader(_looks(root, shared)).paragraphs(body) if p.text]
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    if not paragraphs:
        raise FileError(f"{path.name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return paragraphs, list(_doubts(body))


@dataclass
class _Looks:
    """The styles that make text bold, hide it, or are headings, by name."""

    bold: dict[str, bool] = field(default_factory=dict)
    hidden: dict[str, bool] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)


def _looks(*roots: etree._Element | None) -> _Looks:
    """Return what the styles of the document and those shared by all say; a style has what its parent has."""
    looks, parents = _Looks(), {}
    for root in roots:
        for style in root.iter(f"{_STYLE}style") if root is not None else ():
            name, properties = style.get(f"{_STYLE}name") or "", style.find(f"{_STYLE}text-properties")
            parents[name] = style.get(f"{_STYLE}parent-style-name") or ""
            if properties is not None:
                weight, display = properties.get(f"{_FO}font-weight"), properties.get(f"{_TEXT}display")
                if weight:
                    looks.bold[name] = weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600)
                if display:
                    looks.hidden[name] = display == "none"
    for name in parents:
        above, seen = parents.get(name, ""), {name}
        while above and above not in seen:
            for told in (looks.bold, looks.hidden):
                if name not in told and above in told:
                    told[name] = told[above]
            seen.add(above)
            above = parents.get(above, "")
        if any(each.startswith(("Heading", "Title", "Subtitle")) for each in seen):
            looks.headings.add(name)
    return looks


@dataclass
class _Line:
    """A paragraph while it is read: its words, whether each is bold, its comments and what hangs on it."""

    parts: list[str] = field(default_factory=list)
    bold: set[bool] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    open: dict[str, tuple[Remark, int]] = field(default_factory=dict)

    def add(self, text: str | None, bold: bool) -> None:
        """Take in words."""
        if text:
            self.parts.append(text)
            if text.strip():
                self.bold.add(bold)


class _Reader:
    """Walks a document's body in reading order."""

    def __init__(self, looks: _Looks) -> None:
        self.looks = looks
        self.tables = 0

    def paragraphs(self, parent: etree._Element) -> Iterator[Paragraph]:
        """Yield the paragraphs under ``parent``, those of lists, sections, tables and text boxes included."""
        for child in parent:
            tag = child.tag
            if tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield from self._paragraph(child)
            elif tag == f"{_TABLE}table":
                yield from self._table(child)
            elif isinstance(tag, str) and tag not in _GONE:
                yield from self.paragraphs(child)

    def _table(self, table: etree._Element) -> Iterator[Paragraph]:
        self.tables += 1
        number = self.tables
        for row, tr in enumerate(_own(table, "table-row"), 1):
            for cell, tc in enumerate((c for c in tr if c.tag == f"{_TABLE}table-cell"), 1):
                for p in self.paragraphs(tc):
                    yield p if p.table else replace(p, table=number, row=row, cell=cell)

    def _paragraph(self, p: etree._Element) -> Iterator[Paragraph]:
        style = p.get(f"{_TEXT}style-name") or ""
        line = _Line()
        if not self.looks.hidden.get(style):
            self._words(p, self.looks.bold.get(style, False), line)
        text = normalise("".join(line.parts)).strip()
        remarks = (*line.remarks, *(remark for remark, _ in line.open.values()))
        heading = p.tag == f"{_TEXT}h" or style in self.looks.headings
        yield Paragraph(text, line.bold == {True}, heading, remarks=remarks)
        for box in line.boxes:
            yield from self.paragraphs(box)

    def _words(self, parent: etree._Element, bold: bool, line: _Line) -> None:
        line.add(_spaced(parent.text), bold)
        for child in parent:
            self._child(child, bold, line)
            line.add(_spaced(child.tail), bold)

    def _child(self, child: etree._Element, bold: bool, line: _Line) -> None:
        tag = child.tag
        if tag == f"{_TEXT}span":
            style = child.get(f"{_TEXT}style-name") or ""
            if not self.looks.hidden.get(style):
                self._words(child, self.looks.bold.get(style, bold), line)
        elif tag == f"{_TEXT}s":
            number = child.get(f"{_TEXT}c") or "1"
            line.parts.append(" " * min(int(number) if number.isdecimal() else 1, _MANY_SPACES))
        elif tag == f"{_TEXT}tab":
            line.parts.append("\t")
        elif tag == f"{_TEXT}line-break":
            line.parts.append("\n")
        elif tag == f"{_OFFICE}annotation":
            _begin_remark(child, line)
        elif tag == f"{_OFFICE}annotation-end":
            _end_remark(child, line)
        elif isinstance(tag, str) and tag.startswith(_DRAW):
            line.boxes.append(child)
        elif isinstance(tag, str) and tag not in _GONE:
            self._words(child, bold, line)


def _own(table: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield a table's own rows, those in row groups and headers too, but not those of tables inside it."""
    for child in table:
        if child.tag == f"{_TABLE}{name}":
            yield child
        elif child.tag in {f"{_TABLE}{group}" for group in ("table-header-rows", "table-row-group", "table-rows")}:
            yield from _own(child, name)


def _begin_remark(annotation: etree._Element, line: _Line) -> None:
    author = squeeze(annotation.findtext(f"{_DC}creator") or "")
    lines = (squeeze("".join(p.itertext())) for p in annotation.iter(f"{_TEXT}p"))
    text = normalise("\n".join(filter(None, lines)))
    if text:
        key = annotation.get(f"{_OFFICE}name") or f"#{len(line.open)}"
        line.open[key] = (Remark(normalise(author), text), len(line.parts))


def _end_remark(mark: etree._Element, line: _Line) -> None:
    if begun := line.open.pop(mark.get(f"{_OFFICE}name") or "", None):
        remark, place = begun
        line.remarks.append(replace(remark, quote=normalise("".join(line.parts[place:])).strip()))


def _spaced(text: str | None) -> str:
    """Return words with white space as OpenDocument counts it: any run of it is one space."""
    if not text:
        return ""
    words = " ".join(text.split(" ")) if "\n" not in text and "\t" not in text else squeeze(f"x{text}x")[1:-1]
    while "  " in words:
        words = words.replace("  ", " ")
    return words


def _doubts(body: etree._Element) -> Iterator[Doubt]:
    def there(*tags: str) -> bool:
        return next(body.iter(*(f"{_TEXT}{tag}" for tag in tags)), None) is not None

    if there("changed-region"):
        yield Doubt(
            "spårade ändringar",
            "Dokumentet har spårade ändringar; infogad text togs med, struken text inte.",
            "Är det fel godkänner eller avvisar du ändringarna och läser in filen på nytt.",
        )
    if there("note"):
        yield Doubt("fotnoter", "Dokumentets fotnoter lästes inte in.", "Skriv in dem som anteckningar.")
