"""Word building blocks over python-docx: headings, quotes, captions, tables and figures that need no updating.

Fields (contents, caption numbers, references, page numbers) are real Word fields written with their results, so Word
asks nothing when the file is opened. Interview text is only ever inserted as text, never as markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError
from intervjukit.export import layout, template
from intervjukit.export.base import base_document
from intervjukit.export.contents import LEVELS, Contents, Marks, Ref, Words, headings, own_place
from intervjukit.export.look import BAND, GREY, INK, LANGUAGE, LOOKS, RULE, adopt, own_ids
from intervjukit.export.pages import TWIPS_PER_CM, Pages
from intervjukit.export.word_xml import (
    Cell,
    Column,
    TableForm,
    as_cell,
    clean,
    elements,
    field_runs,
    fitted,
    paragraph_xml,
    quadrants_xml,
    table_xml,
)

DEEPEST = 5
_APPENDIX = re.compile(r"(Bilaga \d+)\. ")
_BELOW = {"table": 8, "List Bullet": 6}
"""Points of space above what follows a table or a list."""

__all__ = ["BAND", "GREY", "INK", "RULE", "Cell", "Column", "Ref", "WordFile", "Words", "clean"]


@dataclass
class _Frame:
    """How the part being written is set into the whole: see WordFile.part."""

    name: str = ""
    title: str = ""
    text: str = ""
    deeper: int = 0
    flowing: bool = False
    begun: bool = False


class WordFile:
    """A Word document being built, top to bottom, in our own base or in somebody's template."""

    def __init__(
        self,
        title: str,
        subject: str = "",
        *,
        template_file: Path | None = None,
        values: Mapping[str, str] | None = None,
        made: datetime | None = None,
    ) -> None:
        """Start from a clean document with our own styles, or from a template that formats.guard has looked at.

        ``values`` are put where the template asks for them (see template.TAGS), before anything else is written: no
        text of an interview is ever looked through for marks. ``made`` is written as the time the file was made; now
        when it is None. Raises FileError and RuleError for a template that cannot be used.
        """
        self.title, self.subject = title, subject
        self._made = (made or datetime.now(UTC)).replace(microsecond=0, tzinfo=None)
        self._counts = {"Tabell": 0, "Figur": 0}
        self._unlisted: list[Any] = []
        self._frame = _Frame()
        self._level = 0
        self._turning = self._fresh = False
        self._last_style = ""
        self._document = template.open_template(template_file) if template_file else base_document()
        self._styles, self._ink = adopt(self._document) if template_file else (own_ids(), INK)
        self.asked = template.fill(self._document, values or {}) if template_file else frozenset()
        """The names of the values that the template had a place for."""
        body = self._document.element.body
        self._toc_place = own_place(body)
        self._marks = Marks(body)
        self._last_picture = template.last_picture(self._document)
        self._pages = Pages(template.find_place(self._document))
        if template_file is None:
            self._running_head()
        self._describe()

    def _describe(self) -> None:
        properties = self._document.core_properties
        properties.title, properties.subject = clean(self.title)[:255], clean(self.subject)[:255]
        properties.author = properties.author or "Intervjukit"
        properties.comments, properties.language = "", LANGUAGE
        properties.created = properties.modified = self._made
        properties.last_modified_by = "Intervjukit"

    @property
    def landscape(self) -> bool:
        """Whether pages lie down here."""
        return self._pages.lay_before if self._turning else self._pages.landscape

    @property
    def width(self) -> float:
        """The width of the text in cm."""
        self._turn_back()
        return self._pages.width / TWIPS_PER_CM

    # --- text ---------------------------------------------------------------------------------------

    def heading(
        self, text: str, level: int = 1, *, listed: bool = True, new_page: bool = False, name: str = ""
    ) -> None:
        """Add a heading; levels 1 and 2 come into the contents unless ``listed`` is False.

        With a ``name`` it can be referred to; an appendix is referred to by its number.
        """
        text, opening = self._framed(text, level)
        self._level = min(level + self._frame.deeper, DEEPEST)
        fresh = self._fresh or self._pages.last is None
        paragraph = self._paragraph(f"Heading {self._level}")
        if new_page and not fresh and not self._frame.flowing:
            paragraph.paragraph_format.page_break_before = True
        appendix = _APPENDIX.match(text)
        shown = appendix[1] if appendix else clean(text)
        start = paragraph.add_run(shown)._r
        if appendix:
            paragraph.add_run(clean(text[len(shown) :]))
        self._marks.name(name or (self._frame.name if level == 1 else ""), shown, start, start)
        if not listed:
            self._unlisted.append(paragraph._p)
        if opening:
            self.text(opening)

    def _framed(self, text: str, level: int) -> tuple[str, str]:
        """Return a part's first heading as its frame words it, and what stands below; an appendix keeps its number."""
        if level > 1 or self._frame.begun:
            return text, ""
        self._frame.begun = True
        appendix = _APPENDIX.match(text)
        number = appendix[0] if appendix else ""
        return f"{number}{self._frame.title}" if self._frame.title else text, self._frame.text

    def text(self, text: Words, style: str = "Normal", *, keep: bool = False) -> None:
        """Add a paragraph in a style given by name; ``**bold**`` is not read, text is text.

        To refer to something, give pieces: ``["Se ", word.refer("guider"), "."]``.
        """
        paragraph = self._paragraph(style, keep=keep)
        self._marks.write(paragraph._p, text)

    def lead(self, start: str, rest: Words, style: str = "Normal", *, keep: bool = False) -> None:
        """Add a paragraph whose first words are bold."""
        paragraph = self._paragraph(style, keep=keep)
        paragraph.add_run(clean(start)).bold = True
        if rest:
            self._marks.write(paragraph._p, rest)

    def refer(self, name: str, otherwise: str = "", *, capital: bool = False) -> Ref:
        """Return a reference to put among the pieces of a text: "tabell 3", "bilaga 2", "Figur 1" with ``capital``.

        ``name`` is that of a table, figure or heading, or the id of an appendix (core.report.PARTS); what is
        written later can be referred to. ``otherwise`` stands there when the document has no such thing.
        """
        return Ref(name, otherwise, capital)

    def bullets(self, items: Iterable[Words]) -> None:
        """Add a list with one bullet per item."""
        for item in items:
            self.text(item, "List Bullet")

    def quote(self, text: str, who: str) -> None:
        """Add a respondent's words as a block quote with the respondent's code."""
        paragraph = self._paragraph("Quote")
        paragraph.add_run(f"”{clean(' '.join(text.split()))}”")
        paragraph.add_run(f"  {clean(who)}").font.color.rgb = RGBColor.from_string(GREY)

    # --- tables and figures -------------------------------------------------------------------------

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str | Cell]],
        *,
        describe: str = "",
        name: str = "",
    ) -> None:
        """Add a captioned table: header row repeated on every page, rows never split, numbers to the right.

        ``describe`` is the alternative text for screen readers; the caption is used when it is empty. With a
        ``name`` the table can be referred to. Columns share the width of the text as their widths say, but none
        becomes narrower than its longest word while others have room.
        """
        self._caption("Tabell", caption, above=True, name=name)
        cells = [[as_cell(value, number) for value in row] for number, row in enumerate(rows)]
        form = TableForm(self._styles, self._ink, fitted(columns, cells, self._pages.width))
        self._append(table_xml(columns, cells, form, caption, describe))

    def quadrants(self, caption: str, fields: Sequence[tuple[str, str, Sequence[str]]], *, name: str = "") -> None:
        """Add four tinted cells, two by two: (heading, hex colour, lines) each, a level below the last heading."""
        if self._last_style == "Normal":  # what introduces the four goes with them to the next page
            Paragraph(self._pages.last, self._document._body).paragraph_format.keep_with_next = True
        self._caption("Tabell", caption, above=True, name=name)
        form = TableForm(self._styles, self._ink, [self._pages.width // 2] * 2)
        describe = "Fyra rutor: " + ", ".join(title.lower() for title, _, _ in fields) + "."
        heading = f"Heading {min(self._level + 1, DEEPEST)}"
        self._append(quadrants_xml(fields, form, heading, caption, describe))

    def figure(self, png: bytes, caption: str, alt: str, *, width: float | None = None, name: str = "") -> None:
        """Add a picture with alternative text and a caption below it; ``width`` in cm, that of the text at most."""
        paragraph = self._paragraph("Figure")
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(min(width or self.width, self.width)))
        shape._inline.docPr.set("descr", clean(alt))
        self._last_picture += 1
        shape._inline.docPr.set("id", str(self._last_picture))
        self._caption("Figur", caption, above=False, name=name)

    # --- parts of the document ----------------------------------------------------------------------

    @contextmanager
    def part(
        self, name: str = "", *, title: str = "", text: str = "", deeper: int = 0, flowing: bool = False
    ) -> Iterator[None]:
        """Set what is written within into the whole, without its writer having to know.

        Its first heading can be referred to by ``name``, is worded ``title`` if that is given, and followed by
        ``text``. Its headings stand ``deeper`` levels down; when ``flowing`` it begins where it is and not on a new
        page. What lies down is followed by pages as they were.
        """
        self._frame, before = _Frame(name, title, text, deeper, flowing), self._frame
        yield
        self._frame = before
        self._turning = self._pages.landscape != self._pages.lay_before

    def title_page(self, title: str, subtitle: str, lines: Sequence[str]) -> None:
        """Add the title page."""
        self.text(title, "Title")
        self.text(subtitle, "Subtitle")
        for line in lines:
            self.text(line, "Cover")

    def masthead(self, title: str, lines: Sequence[str]) -> None:
        """Add a title at the top of the page, with lines below it, for what has no title page."""
        paragraph = self._paragraph("Title")
        paragraph.paragraph_format.space_before = Pt(0)
        paragraph.add_run(clean(title)).font.size = Pt(21)
        for line in lines:
            self.text(line, "Cover")
        self._fresh = True

    def contents(self, heading: str = "Innehåll") -> None:
        """Mark where the contents go; they are written by ``save``.

        A template's own contents keep their place, and are written anew whether this is called or not.
        """
        if self._toc_place is None:
            self._paragraph("TOC Heading", heading).paragraph_format.page_break_before = True
            self._toc_place = self._paragraph("toc 1")._p

    def section(self, *, landscape: bool) -> None:
        """Start a new section on a new page: lying, or as the document's pages otherwise are."""
        self._turning = False
        self._pages.turn(landscape=landscape or self._pages.lay_before)
        self._fresh = True

    def save(self, path: Path, *, page_numbers: bool = False) -> Path:
        """Write the file whole, or leave what was there.

        ``page_numbers`` gives the contents page numbers, as LibreOffice lays the pages out; without LibreOffice
        there are none (see layout.available). Raises FileError when the file is open in Word or not allowed, or
        does not end in .docx.
        """
        if path.suffix.lower() != ".docx":
            raise FileError(f"”{path.name}” slutar inte på .docx.", fix="Ge rapporten ett namn som rapport.docx.")
        self._finish()
        with whole_file(path) as part:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(part, page_numbers=page_numbers and layout.available())
        return path

    def _finish(self) -> None:
        self._turning = False  # nothing more comes
        last = self._pages.last
        if last is not None and last.tag == qn("w:tbl"):
            self._paragraph("After Table")
        self._pages.finish()
        self._marks.resolve()

    def _write(self, part: Path, *, page_numbers: bool) -> None:
        if self._toc_place is None:
            self._document.save(str(part))
            return
        levels = {self._styles[f"Heading {level}"]: level for level in range(1, LEVELS + 1)}
        body = self._document.element.body
        found = headings(body, levels, self._unlisted, self._marks)
        restarts = any(one.get(qn("w:start")) for one in body.iter(qn("w:pgNumType")))  # then pages have other numbers
        contents = Contents(self._toc_place, self._styles, Pages(self._toc_place).width)
        if page_numbers and not restarts:
            contents.hold(found)
            self._document.save(str(part))
            contents.write(found, layout.heading_pages(part, [heading.text for heading in found]))
        else:
            contents.write(found, None)
        self._document.save(str(part))

    # --- inside -------------------------------------------------------------------------------------

    def _turn_back(self) -> None:
        if self._turning:
            self.section(landscape=False)

    def _paragraph(self, style: str, text: str = "", *, keep: bool = False) -> Paragraph:
        """Add a paragraph in a style given by name; Swedish templates have other ids for the same names.

        With ``keep`` it stays on the page of what follows.
        """
        self._turn_back()
        space = _BELOW.get(self._last_style, 0)
        if LOOKS[style].before >= space or style in ("After Table", self._last_style):
            space = 0
        made = parse_xml(paragraph_xml(self._styles[style], keep=keep, before=20 * space))
        paragraph = Paragraph(self._pages.add(made), self._document._body)
        self._last_style, self._fresh = style, False
        if text:
            paragraph.add_run(clean(text))
        return paragraph

    def _append(self, xml: str) -> None:
        self._turn_back()
        self._pages.add(parse_xml(xml))
        self._last_style = "table"

    def _caption(self, label: str, text: str, *, above: bool, name: str) -> None:
        paragraph = self._paragraph("Caption", keep=above)
        self._counts[label] += 1
        number = self._counts[label]
        start = paragraph.add_run(f"{label} ")._r
        for run in elements(field_runs(f"SEQ {label} \\* ARABIC", str(number))):
            paragraph._p.append(run)
        self._marks.name(name, f"{label} {number}", start, paragraph._p[-1])
        paragraph.add_run(f". {clean(text)}")

    def _running_head(self) -> None:
        """Write the title at the top and "Sida 2 av 9" at the foot of all pages but the first."""
        section = self._document.sections[0]
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        head._p.style, foot._p.style = self._styles["Header"], self._styles["Footer"]
        head.add_run(clean(self.title))
        for before, instruction in (("Sida ", "PAGE"), (" av ", "NUMPAGES")):
            foot.add_run(before)
            for run in elements(field_runs(instruction, "2")):
                foot._p.append(run)
