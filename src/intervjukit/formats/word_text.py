"""The text of a Word file as a reader needs it: paragraphs in order with what marks them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lxml import etree

from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import Doubt, Remark
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import check_word_file, opened_zip, read_part, too_deep
from intervjukit.formats.paragraphs import Paragraph as Paragraph
from intervjukit.formats.xml import parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr"})
_OFF = ("0", "false", "off")
_WRAPPERS = frozenset(
    f"{_W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")
)
_P, _R, _T, _TABLE, _VAL = f"{_W}p", f"{_W}r", f"{_W}t", f"{_W}tbl", f"{_W}val"
_RUN_PROPERTIES, _BOX = f"{_W}rPr", f"{_W}txbxContent"
_BOLD, _VANISH = f"{_W}b", f"{_W}vanish"
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SIMPLE = (_R, _BOLD, _T, *_SIGNS)
_BEGIN, _END, _REFERENCE = f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}commentReference"
_SPECIAL = (
    *_GONE - {f"{_W}pPr", _RUN_PROPERTIES},
    *_WRAPPERS - {f"{_W}ins", f"{_W}hyperlink"},
    *(f"{_W}{name}" for name in ("sdt", "vanish", "rStyle", "pict", "object", "drawing", "txbxContent")),
    *(f"{_MC}AlternateContent", _BEGIN, _END, _REFERENCE),
)
"""What a paragraph is not simple with."""
_MARKS = (f"{_W}pStyle", _BOLD, *_SIGNS)
"""What makes a simple paragraph more than its words."""
_MEND = "Öppna den i Word, låt Word laga den och spara igen."


def read_word_text(path: Path) -> tuple[list[Paragraph], list[Doubt]]:
    """Return the paragraphs of a docx, tables included, and doubts on what Word can hide in it.

    Tracked insertions are kept and deletions left out; hidden text and the prompts of unfilled controls are
    left out; what was left out is told. Comments come with the paragraph they begin in. The file is checked by
    the guard first. Raises FileError.
    """
    parts = check_word_file(path)
    with opened_zip(path, _MEND) as archive:
        document, styles, comments = (
            read_part(path, archive, name) if name else b"" for name in (parts.document, parts.styles, parts.comments)
        )
    try:
        root, looks, remarks = parsed(document), _styles(styles), _comments(comments)
    except etree.LxmlError as error:
        if "depth" in str(error):
            raise too_deep(path) from error
        raise FileError(f"{path.name} är skadad och går inte att läsa.", fix=_MEND) from error
    body = _body(path, root)
    try:
        paragraphs = [p for p in _Reader(looks, remarks, body).paragraphs(body) if p.text]
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    if not paragraphs:
        raise FileError(f"{path.name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return paragraphs, list(_doubts(body, looks))


def _body(path: Path, root: etree._Element) -> etree._Element:
    body = root.find(f"{_W}body")
    if body is not None:
        return body
    if root.find(f"{_STRICT}body") is not None:
        raise FileError(
            f"{path.name} är sparad som ”Strict Open XML”, som inte läses.",
            fix="Spara den i Word som vanligt Word-dokument (.docx).",
        )
    raise FileError(f"{path.name} saknar dokumenttext.", fix="Öppna den i Word och spara om den.")


def _on(properties: etree._Element | None, name: str) -> bool | None:
    """Return whether a property such as bold is on, None when nothing is said of it."""
    mark = properties.find(f"{_W}{name}") if properties is not None else None
    return None if mark is None else mark.get(_VAL) not in _OFF


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
            shown = (name.get(_VAL) or "").lower() if name is not None else ""
            if shown.startswith(("heading", "rubrik", "title", "subtitle")):
                self.headings.add(key)
            if base is not None:
                based[key] = base.get(_VAL) or ""
            for told, into in (("b", self.bold), ("vanish", self.hidden)):
                if (value := _on(style.find(_RUN_PROPERTIES), told)) is not None:
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
        styles.read(parsed(xml))
    return styles


def _comments(xml: bytes) -> dict[str, Remark]:
    """Return the comments of a comments.xml by their ids; empty ones are left out."""
    found: dict[str, Remark] = {}
    for comment in parsed(xml).iter(f"{_W}comment") if xml else ():
        lines = ("".join(t.text or "" for t in p.iter(_T)) for p in comment.iter(_P))
        text = "\n".join(line.strip() for line in lines if line.strip())
        if text:
            author = squeeze(comment.get(f"{_W}author") or "")
            found[comment.get(f"{_W}id") or ""] = Remark(author, text)
    return found


def _style(element: etree._Element, kind: str) -> str:
    """Return the style a paragraph ("p") or run ("r") names among its properties, which come first."""
    if len(element) and element[0].tag == f"{_W}{kind}Pr":
        style = element[0].find(f"{_W}{kind}Style")
        return (style.get(_VAL) or "") if style is not None else ""
    return ""


class _Reader:
    """Walks a document's body in reading order."""

    def __init__(self, styles: _Styles, comments: dict[str, Remark], body: etree._Element) -> None:
        self.styles, self.comments = styles, comments
        self.special = {p for node in body.iter(*_SPECIAL) for p in node.iterancestors(_P)}
        """The paragraphs with more in them than runs of text."""
        self.marked = {p for node in body.iter(*_MARKS) for p in node.iterancestors(_P)}
        """The paragraphs with a style, with bold runs, or with signs between the words."""
        self.tables = 0
        self._open: dict[str, list[str]] = {}
        """The comments whose range has begun and not ended, with the words in it so far."""

    def paragraphs(self, parent: etree._Element) -> Iterator[Paragraph]:
        """Yield the paragraphs under ``parent``, those of tables and text boxes included, each once."""
        for child in _children(parent):
            if child.tag == _P:
                yield from self._paragraph(child)
            elif child.tag == _TABLE:
                yield from self._table(child)
            elif child.tag == _BEGIN:
                self._open.setdefault(child.get(f"{_W}id") or "", [])

    def _table(self, table: etree._Element) -> Iterator[Paragraph]:
        self.tables += 1
        number = self.tables
        rows = [tr for tr in _children(table) if tr.tag == f"{_W}tr" and tr.find(f"{_W}trPr/{_W}del") is None]
        for row, tr in enumerate(rows, 1):
            cells = [tc for tc in _children(tr) if tc.tag == f"{_W}tc"]
            for cell, tc in enumerate(cells, 1):
                for p in self.paragraphs(tc):
                    # a table inside a cell keeps its own place
                    yield p if p.table else Paragraph(p.text, p.bold, p.heading, number, row, cell, p.remarks)

    def _paragraph(self, p: etree._Element) -> Iterator[Paragraph]:
        style = _style(p, "p") if p in self.marked else ""
        if p in self.special or self._open or self.styles.hidden.get(style):
            yield from self._whole(p, style)
        elif p in self.marked:
            yield self._simple(p, style)
        else:
            yield Paragraph(normalise("".join(p.itertext(_T, with_tail=False))).strip())

    def _simple(self, p: etree._Element, style: str) -> Paragraph:
        """Return a paragraph that has nothing but runs of text and signs."""
        parts: list[str] = []
        bold: set[bool] = set()
        usual = heavy = self.styles.bold.get(style, False)
        for node in p.iter(*_SIMPLE):
            tag = node.tag
            if tag == _T:
                text = node.text or ""
                parts.append(text)
                if text.strip():
                    bold.add(heavy)
            elif tag == _R:
                heavy = usual
            elif tag == _BOLD:
                heavy = node.get(_VAL) not in _OFF
            else:
                parts.append(_SIGNS[tag])
        return Paragraph(normalise("".join(parts)).strip(), bold == {True}, style in self.styles.headings)

    def _whole(self, p: etree._Element, style: str) -> Iterator[Paragraph]:
        parts: list[str] = []
        boxes: list[etree._Element] = []
        bold: set[bool] = set()
        ended: dict[str, str] = {}
        for child in _children(p):
            if child.tag == _R:
                text = self._run(child, style, boxes, bold, ended)
                parts.append(text)
                for words in self._open.values():
                    words.append(text)
            elif child.tag == _BEGIN:
                self._open.setdefault(child.get(f"{_W}id") or "", [])
            elif child.tag == _END and (key := child.get(f"{_W}id") or "") in self._open:
                ended[key] = "".join(self._open.pop(key))
        text = normalise("".join(parts)).strip()
        yield Paragraph(text, bold == {True}, style in self.styles.headings, remarks=self._remarks(ended, text))
        for box in boxes:
            yield from self.paragraphs(box)

    def _run(
        self, run: etree._Element, style: str, boxes: list[etree._Element], bold: set[bool], ended: dict[str, str]
    ) -> str:
        """Return a run's text, "" for a hidden one; text boxes, whether it is bold and comments go into the others."""
        own, properties = "", None
        parts: list[str] = []
        for node in run:
            tag = node.tag
            if tag == _T:
                parts.append(node.text or "")
            elif tag in _SIGNS:
                parts.append(_SIGNS[tag])
            elif tag == _RUN_PROPERTIES:
                own, properties = _style(run, "r"), node
            elif tag == _REFERENCE:
                ended.setdefault(node.get(f"{_W}id") or "", "")
            elif len(node) and tag not in _GONE:
                boxes += [node] if tag == _BOX else _boxes(node)
        looks = {node.tag: node.get(_VAL) not in _OFF for node in properties} if properties is not None else {}
        if looks.get(_VANISH, self._styled(own, style, self.styles.hidden)):
            return ""
        text = "".join(parts)
        if text.strip():
            bold.add(looks.get(_BOLD, self._styled(own, style, self.styles.bold)))
        return text

    def _remarks(self, ended: dict[str, str], text: str) -> tuple[Remark, ...]:
        """Return the comments on a paragraph: those that ended in it, and those that run on past it, once each."""
        if not (ended or self._open) or not text:
            return ()
        ended |= {key: "".join(words) for key, words in self._open.items() if "".join(words).strip()}
        for key in ended:
            self._open.pop(key, None)
        found = (
            (self.comments.pop(key), normalise(words).strip()) for key, words in ended.items() if key in self.comments
        )
        return tuple(Remark(remark.author, normalise(remark.text), words) for remark, words in found)

    @staticmethod
    def _styled(own: str, style: str, styles: dict[str, bool]) -> bool:
        """Return what a run's own style says, else its paragraph's."""
        return styles.get(own, styles.get(style, False)) if styles else False


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands in ``parent``, looking through wrappers: insertions, controls, alternatives."""
    for child in parent:
        tag = child.tag
        if tag in (_R, _P):
            yield child
        elif tag in _GONE or not isinstance(tag, str):
            continue
        elif tag == f"{_W}sdt":
            if _on(child.find(f"{_W}sdtPr"), "showingPlcHdr"):
                continue
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _children(content)
        elif tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            if choice is not None:
                yield from _children(choice)
        elif tag in _WRAPPERS:
            yield from _children(child)
        else:
            yield child


def _boxes(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes in part of a run, outermost only, the newer form where there are two."""
    for child in parent:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _GONE:
            yield from _boxes(child)


def _doubts(body: etree._Element, styles: _Styles) -> Iterator[Doubt]:
    def there(*tags: str) -> bool:
        return next(body.iter(*(f"{_W}{tag}" for tag in tags)), None) is not None

    def hides() -> bool:
        hidden = {key for key, value in styles.hidden.items() if value}
        if any(mark.get(_VAL) not in _OFF for mark in body.iter(f"{_W}vanish")):
            return True
        used = (style.get(_VAL) for style in body.iter(f"{_W}pStyle", f"{_W}rStyle")) if hidden else ()
        return not hidden.isdisjoint(used)

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
