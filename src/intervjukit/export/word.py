"""Word building blocks over python-docx: headings, quotes, captions, tables and figures that need no updating.

Fields (contents, caption numbers, page numbers) are real Word fields written with their results, so Word asks
nothing when the file is opened. Interview text is only ever inserted as text, never as markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from intervjukit.errors import FileError

INK = "1F3A5F"
GREY = "5B6570"
RULE = "C7D0DA"
BAND = "F2F5F9"
FONT = "Calibri"
LANGUAGE = "sv-SE"
PORTRAIT_CM = 16.0
LANDSCAPE_CM = 24.7

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_W = nsdecls("w")


def clean(text: str) -> str:
    """Return ``text`` without the characters XML cannot hold."""
    return _INVALID.sub("", text)


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


@dataclass
class _Counters:
    tables: int = 0
    figures: int = 0
    bookmarks: int = 0


@dataclass
class WordFile:
    """A Word document being built, top to bottom."""

    title: str
    subject: str = ""
    landscape: bool = False
    _counters: _Counters = field(default_factory=_Counters)
    _toc: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from a clean document with our own styles."""
        self._document = Document()
        _drop_stale_parts(self._document)
        _style(self._document)
        # looking a style up by name for every paragraph is slow in python-docx
        self._styles = {style.name: style.style_id for style in self._document.styles}
        properties = self._document.core_properties
        properties.title, properties.subject = clean(self.title), clean(self.subject)
        properties.author, properties.comments, properties.language = "Intervjukit", "", LANGUAGE
        properties.created = properties.modified = datetime.now(UTC).replace(microsecond=0)
        properties.last_modified_by = "Intervjukit"
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
        section.different_first_page_header_footer = True
        self._footer(section)

    @property
    def width(self) -> float:
        """The width of the text in cm."""
        return LANDSCAPE_CM if self.landscape else PORTRAIT_CM

    # --- text ---------------------------------------------------------------------------------------

    def heading(self, text: str, level: int = 1, *, listed: bool = True, new_page: bool = False) -> None:
        """Add a heading; levels 1 and 2 come into the contents unless ``listed`` is False."""
        paragraph = self._paragraph(f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page or None
        run = paragraph.add_run(clean(text))
        if listed and level <= 2:
            name = f"_Toc{900000 + len(self._toc)}"
            self._bookmark(run._r, run._r, name)
            self._toc.append((level, clean(text), name))

    def text(self, text: str, style: str = "Normal", *, keep: bool = False) -> None:
        """Add a paragraph in a style given by name; ``**bold**`` is not read, text is text."""
        paragraph = self._paragraph(style, text)
        paragraph.paragraph_format.keep_with_next = keep or None

    def lead(self, start: str, rest: str, style: str = "Normal", *, keep: bool = False) -> None:
        """Add a paragraph whose first words are bold."""
        paragraph = self._paragraph(style)
        paragraph.add_run(clean(start)).bold = True
        paragraph.add_run(clean(rest))
        paragraph.paragraph_format.keep_with_next = keep or None

    def bullets(self, items: Iterable[str]) -> None:
        """Add a list with one bullet per item."""
        for item in items:
            self._paragraph("List Bullet", item)

    def quote(self, text: str, who: str) -> None:
        """Add a respondent's words as a block quote with the respondent's code."""
        paragraph = self._paragraph("Quote")
        paragraph.add_run(f"”{clean(' '.join(text.split()))}”")
        paragraph.add_run(f"  {who}").font.color.rgb = RGBColor.from_string(GREY)

    # --- tables and figures -------------------------------------------------------------------------

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str | Cell]],
        *,
        describe: str = "",
    ) -> None:
        """Add a captioned table: header row repeated on every page, rows never split, numbers to the right.

        ``describe`` is the alternative text for screen readers; the caption is used when it is empty.
        """
        self._counters.tables += 1
        self._caption("Tabell", self._counters.tables, caption, above=True)
        scale = self.width / sum(column.width for column in columns)
        widths = [round(column.width * scale * 567) for column in columns]
        head = _row_xml([Cell(c.title, bold=True, fill=INK) for c in columns], columns, widths, header=True)
        body = [
            _row_xml([_as_cell(value, number) for value in row], columns, widths) for number, row in enumerate(rows)
        ]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        borders = (
            f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>'
            f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
        )
        self._append(_table_xml(sum(widths), borders, grid, head + "".join(body), caption, describe))
        self._paragraph("After Table")

    def quadrants(self, caption: str, fields: Sequence[tuple[str, str, Sequence[str]]]) -> None:
        """Add four tinted cells, two by two: (heading, hex colour, lines) each."""
        self._counters.tables += 1
        self._caption("Tabell", self._counters.tables, caption, above=True)
        width = round(self.width * 567 / 2)
        rows = ""
        for pair in (fields[:2], fields[2:]):
            cells = "".join(_quadrant_xml(name, fill, lines, width) for name, fill, lines in pair)
            rows += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="36" w:space="0" w:color="FFFFFF"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = f'<w:gridCol w:w="{width}"/><w:gridCol w:w="{width}"/>'
        describe = "Fyra rutor: " + ", ".join(name.lower() for name, _, _ in fields) + "."
        self._append(_table_xml(2 * width, borders, grid, rows, caption, describe, first_row=False))
        self._paragraph("After Table")

    def figure(self, png: bytes, caption: str, alt: str, *, width: float | None = None) -> None:
        """Add a picture with alternative text and a caption below it; ``width`` in cm."""
        self._counters.figures += 1
        paragraph = self._paragraph("Figure")
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width or self.width))
        shape._inline.docPr.set("descr", clean(alt))
        self._caption("Figur", self._counters.figures, caption, above=False)

    # --- parts of the document ----------------------------------------------------------------------

    def title_page(self, title: str, subtitle: str, lines: Sequence[str]) -> None:
        """Add the title page."""
        for _ in range(6):
            self._document.add_paragraph()
        self.text(title, "Title")
        self.text(subtitle, "Subtitle")
        for line in lines:
            self.text(line, "Cover")

    def contents(self, heading: str = "Innehåll") -> None:
        """Mark where the contents go; they are written by ``save`` when every heading is known."""
        paragraph = self._paragraph("TOC Heading", heading)
        paragraph.paragraph_format.page_break_before = True
        self._toc_place = self._paragraph("toc 1")

    def section(self, *, landscape: bool) -> None:
        """Start a new section on a new page, upright or lying."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        short, long = Cm(21), Cm(29.7)
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        self.landscape = landscape

    def save(self, path: Path) -> Path:
        """Write the file whole, or leave what was there.

        Raises FileError when it is open in Word or not allowed, or does not end in .docx.
        """
        if path.suffix.lower() != ".docx":
            raise FileError(f"”{path.name}” slutar inte på .docx.", fix="Ge rapporten ett namn som rapport.docx.")
        self._write_contents()
        part = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._document.save(str(part))
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise FileError(
                f"{path} går inte att skriva ({error.strerror}).",
                fix="Stäng filen i Word om den är öppen där, eller välj ett annat namn.",
            ) from error
        return path

    # --- inside -------------------------------------------------------------------------------------

    def _paragraph(self, style: str, text: str = "") -> Any:
        """Add a paragraph in a style given by name; Swedish templates have other ids for the same names."""
        paragraph = self._document.add_paragraph()
        paragraph._p.style = self._styles[style]
        if text:
            paragraph.add_run(clean(text))
        return paragraph

    def _append(self, xml: str) -> None:
        self._document.element.body._insert_tbl(parse_xml(xml))

    def _bookmark(self, first: Any, last: Any, name: str) -> None:
        self._counters.bookmarks += 1
        number = self._counters.bookmarks
        first.addprevious(parse_xml(f'<w:bookmarkStart {_W} w:id="{number}" w:name="{name}"/>'))
        last.addnext(parse_xml(f'<w:bookmarkEnd {_W} w:id="{number}"/>'))

    def _caption(self, label: str, number: int, text: str, *, above: bool) -> None:
        paragraph = self._paragraph("Caption")
        paragraph.paragraph_format.keep_with_next = above or None
        for xml in _field_xml(f"SEQ {label} \\* ARABIC", str(number), before=f"{label} "):
            paragraph._p.append(parse_xml(xml))
        paragraph.add_run(f". {clean(text)}")

    def _footer(self, section: Any) -> None:
        paragraph = section.footer.paragraphs[0]
        paragraph.style = self._document.styles["Footer"]
        for instruction, shown, before in (("PAGE", "2", "Sida "), ("NUMPAGES", "2", " av ")):
            for xml in _field_xml(instruction, shown, before=before):
                paragraph._p.append(parse_xml(xml))

    def _write_contents(self) -> None:
        """Write the contents as a real field with its result: one linked line per heading."""
        if not hasattr(self, "_toc_place"):
            return
        place = self._toc_place._p
        for index, (level, text, name) in enumerate(self._toc):
            begin = _TOC_BEGIN if index == 0 else ""
            end = _FIELD_END if index == len(self._toc) - 1 else ""
            style = self._styles[f"toc {level}"]
            place.addprevious(
                parse_xml(
                    f'<w:p {_W}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{begin}'
                    f'<w:hyperlink w:anchor="{name}" w:history="1">{_run_xml(text)}</w:hyperlink>{end}</w:p>'
                )
            )
        place.getparent().remove(place)


_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
_TOC_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\n \\h \\z \\u </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)


def _run_xml(text: str, properties: str = "") -> str:
    props = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'


def _field_xml(instruction: str, shown: str, *, before: str) -> list[str]:
    """Return the runs of a complex field with its result, after the words ``before``."""
    runs = [
        _run_xml(before),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        _run_xml(shown),
        _FIELD_END,
    ]
    return [run.replace("<w:r>", f"<w:r {_W}>", 1) for run in runs]


def _as_cell(value: str | Cell, number: int) -> Cell:
    cell = value if isinstance(value, Cell) else Cell(value)
    fill = cell.fill or (BAND if number % 2 else "")
    return Cell(cell.text, cell.bold, fill, cell.style)


def _row_xml(cells: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int], *, header: bool = False) -> str:
    mark = "<w:tblHeader/>" if header else ""
    out = [f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>"]
    for cell, column, width in zip(cells, columns, widths, strict=True):
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
        align = '<w:jc w:val="right"/>' if column.number else ""
        bold = "<w:b/>" if cell.bold else ""
        colour = '<w:color w:val="FFFFFF"/>' if header else ""
        out.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>')
        for line in cell.text.split("\n") or [""]:
            style = '<w:pStyle w:val="TableText"/>'
            out.append(f"<w:p><w:pPr>{style}{align}</w:pPr>{_run_xml(line, bold + colour) if line else ''}</w:p>")
        out.append("</w:tc>")
    out.append("</w:tr>")
    return "".join(out)


def _quadrant_xml(name: str, fill: str, lines: Sequence[str], width: int) -> str:
    style = "ListBullet" if lines else "TableText"
    form = f'<w:pPr><w:pStyle w:val="{style}"/><w:spacing w:before="0" w:after="40"/></w:pPr>'
    small = '<w:sz w:val="19"/>'
    items = "".join(f"<w:p>{form}{_run_xml(line, small)}</w:p>" for line in lines or ["–"])
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Heading2"/><w:spacing w:before="60" w:after="80"/></w:pPr>'
        f"{_run_xml(name)}</w:p>{items}</w:tc>"
    )


def _table_xml(
    width: int, borders: str, grid: str, rows: str, title: str, describe: str, *, first_row: bool = True
) -> str:
    def attribute(text: str) -> str:
        return escape(clean(text), {'"': "&quot;", "\n": " "})

    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
        f'<w:bottom w:w="45" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0000" w:firstRow="{int(first_row)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{attribute(title)}"/>'
        f'<w:tblDescription w:val="{attribute(describe or title)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


# --- styles ---------------------------------------------------------------------------------------------

# name: size, space before, space after, colour, bold, keep with next
_LOOK = {
    "Normal": (10.5, 0, 6, "", False, False),
    "Title": (30, 0, 6, INK, True, False),
    "Subtitle": (14, 0, 18, GREY, False, False),
    "Heading 1": (19, 22, 8, INK, True, True),
    "Heading 2": (14, 16, 5, INK, True, True),
    "Heading 3": (11.5, 10, 3, INK, True, True),
    "Caption": (9.5, 8, 4, GREY, True, False),
    "Quote": (9.5, 2, 6, "", False, False),
    "List Bullet": (10.5, 0, 3, "", False, False),
    "Footer": (8.5, 0, 0, GREY, False, False),
    "TOC Heading": (19, 0, 10, INK, True, True),
    "toc 1": (10.5, 6, 1, "", True, False),
    "toc 2": (10.5, 0, 1, "", False, False),
    "Cover": (10.5, 0, 2, GREY, False, False),
    "Figure": (10.5, 6, 2, "", False, True),
    "Table Text": (9, 0, 0, "", False, False),
    "Question": (10, 3, 0, "", False, False),
    "Follow Up": (9.5, 0, 2, GREY, False, False),
    "After Table": (6, 0, 4, "", False, False),
}
_INDENT_CM = {"Quote": 0.7, "toc 2": 0.6, "Follow Up": 0.5}


def _style(document: Any) -> None:
    """Give every style we use its own look, by name, and Swedish as the language everywhere."""
    names = {style.name for style in document.styles}
    for name, (size, before, after, colour, bold, keep) in _LOOK.items():
        if name not in names:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.bold, style.font.italic = bold or None, None
        if name in ("Title", "Subtitle"):
            style.font.bold = bold
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:cs"), FONT)
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = keep or None
        if name in _INDENT_CM:
            form.left_indent = Cm(_INDENT_CM[name])
    document.styles["Normal"].paragraph_format.line_spacing = 1.15
    document.styles["Table Text"].paragraph_format.line_spacing = 1.0
    document.styles["Quote"].font.italic = False
    for name in ("Title", "Heading 1"):
        properties = document.styles[name].element.get_or_add_pPr()
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)
    _set_language(document)


def _set_language(document: Any) -> None:
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    settings = document.settings.element
    theme = settings.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), LANGUAGE)


def _drop_stale_parts(document: Any) -> None:
    """Drop the template's copy of the styles for Word 2007 and its thumbnail, which are out of step."""
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del part.rels[key]
