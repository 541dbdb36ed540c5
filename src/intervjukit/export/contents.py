"""The table of contents and the cross references: real Word fields, written with their results when all is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from intervjukit.export.word_xml import FIELD_END, W, elements, field_begin, field_runs, run_xml

LEVELS = 2
_UNKNOWN_PAGE = "00"
"""Holds the width of a page number while pages are being counted."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a table, figure, appendix or chapter by the name it was given: "tabell 3", "bilaga 2".

    ``otherwise`` stands there when the document has no such thing.
    """

    name: str
    otherwise: str = ""
    capital: bool = False


Words = str | Sequence[str | Ref]
"""Running text: as it is, or in pieces with references among them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the contents: its level, its text, and the bookmark it stands in."""

    level: int
    text: str
    mark: str


class Marks:
    """The bookmarks of a document, and what is written where they are referred to."""

    def __init__(self, body: Any) -> None:
        """Number on from the bookmarks the document has."""
        numbers = [str(mark.get(qn("w:id"))) for mark in body.iter(qn("w:bookmarkStart"))]
        self._last = max((int(number) for number in numbers if number.isdecimal()), default=0)
        self._shown: dict[str, str] = {}
        self._waiting: list[tuple[Any, Ref]] = []

    def around(self, first: Any, last: Any, name: str) -> None:
        """Put a bookmark around siblings."""
        self._last += 1
        first.addprevious(parse_xml(f'<w:bookmarkStart {W} w:id="{self._last}" w:name="{name}"/>'))
        last.addnext(parse_xml(f'<w:bookmarkEnd {W} w:id="{self._last}"/>'))

    def name(self, name: str, shown: str, first: Any, last: Any) -> None:
        """Let a place be referred to by ``name`` as ``shown``, which is the text from ``first`` to ``last``."""
        if name and name not in self._shown:
            self._shown[name] = shown
            self.around(first, last, _bookmark(name))

    def write(self, paragraph: Any, words: Words) -> None:
        """Add running text to a paragraph; references get their text when the document is finished."""
        for piece in filter(None, [words] if isinstance(words, str) else words):
            run = elements(run_xml(piece if isinstance(piece, str) else ""))[0]
            paragraph.append(run)
            if isinstance(piece, Ref):
                self._waiting.append((run, piece))

    def resolve(self) -> None:
        """Write every reference: a field with its result, or plain words where there is nothing to refer to."""
        for run, ref in self._waiting:
            shown = self._shown.get(ref.name)
            if shown is None:
                runs = run_xml(ref.otherwise) if ref.otherwise else ""
            else:
                case = "" if ref.capital else " \\* Lower"
                runs = field_runs(f"REF {_bookmark(ref.name)} \\h{case}", shown if ref.capital else shown.lower())
            for part in elements(runs):
                run.addprevious(part)
            run.getparent().remove(run)
        self._waiting.clear()


def _bookmark(name: str) -> str:
    """Return a name that Word takes for a bookmark: a letter first, no signs, at most forty characters."""
    return re.sub(r"\W", "_", f"ik_{name}")[:40]


# --- the contents ----------------------------------------------------------------------------------------


def headings(body: Any, levels: Mapping[str, int], unlisted: Sequence[Any], marks: Marks) -> list[Heading]:
    """Return the document's headings in order, each in a bookmark; ``levels`` are style ids with their level."""
    found: list[Heading] = []
    hidden = set(unlisted)
    path, value = f"{qn('w:pPr')}/{qn('w:pStyle')}", qn("w:val")
    for paragraph in [*body.iter(qn("w:p"))]:
        style = paragraph.find(path)
        level = levels.get(style.get(value), 0) if style is not None else 0
        if not level or paragraph in hidden:
            continue
        if text := " ".join("".join(t.text or "" for t in paragraph.iter(qn("w:t"))).split()):
            runs = [child for child in paragraph if child.tag != qn("w:pPr")]
            name = f"_Toc{900000 + len(found)}"
            marks.around(runs[0], runs[-1], name)
            found.append(Heading(level, text, name))
    return found


def own_place(body: Any) -> Any:
    """Return a paragraph in place of the contents that a template brings, None when it brings none."""
    for instruction in body.iter(qn("w:instrText"), qn("w:fldSimple")):
        told = instruction.text or instruction.get(qn("w:instr")) or ""
        if told.split()[:1] == ["TOC"]:
            return _cleared(next(instruction.iterancestors(qn("w:p"))))
    return None


def _cleared(first: Any) -> Any:
    """Take away the paragraphs of a field that begins in ``first``; return an empty one that stands there.

    None, and nothing is taken away, when the field's end is not found beside it.
    """
    held, depth = [], 0
    for paragraph in [first, *first.itersiblings()]:
        kinds = [str(char.get(qn("w:fldCharType"))) for char in paragraph.iter(qn("w:fldChar"))]
        depth += kinds.count("begin") - kinds.count("end")
        held.append(paragraph)
        if depth <= 0:
            break
    if depth > 0 or any(next(paragraph.iter(qn("w:sectPr")), None) is not None for paragraph in held):
        return None
    place = parse_xml(f"<w:p {W}/>")
    first.addprevious(place)
    for paragraph in held:
        paragraph.getparent().remove(paragraph)
    return place


class Contents:
    """The list itself, from the paragraph that holds its place."""

    def __init__(self, place: Any, styles: Mapping[str, str], width: int) -> None:
        """Stand where the paragraph ``place`` stands; ``width`` of the text in twips."""
        self._lines: list[Any] = [place]
        self._styles, self._width = styles, width

    def write(self, found: Sequence[Heading], pages: Sequence[int] | None) -> None:
        """Write one linked line per heading, with its page where ``pages`` are known; can be done again."""
        lines = [self._line(found, number, pages) for number in range(len(found))] or [parse_xml(f"<w:p {W}/>")]
        for line in lines:
            self._lines[0].addprevious(line)
        for old in self._lines:
            old.getparent().remove(old)
        self._lines = lines

    def hold(self, found: Sequence[Heading]) -> None:
        """Write the lines as they will be when pages are known."""
        self.write(found, [0] * len(found))

    def _line(self, found: Sequence[Heading], number: int, pages: Sequence[int] | None) -> Any:
        heading = found[number]
        switches = "\\h \\z \\u" if pages else "\\n \\h \\z \\u"
        begin = "" if number else field_begin(f'TOC \\o "1-{LEVELS}" {switches}')
        end = FIELD_END if number == len(found) - 1 else ""
        tab, page = "", ""
        if pages:
            tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{self._width}"/></w:tabs>'
            shown = str(pages[number] or _UNKNOWN_PAGE)
            page = f"<w:r><w:tab/></w:r>{field_runs(_pageref(heading), shown)}"
        style = self._styles[f"toc {heading.level}"]
        return parse_xml(
            f'<w:p {W}><w:pPr><w:pStyle w:val="{style}"/>{tab}</w:pPr>{begin}'
            f'<w:hyperlink w:anchor="{heading.mark}" w:history="1">{run_xml(heading.text)}{page}</w:hyperlink>'
            f"{end}</w:p>"
        )


def _pageref(heading: Heading) -> str:
    return f"PAGEREF {heading.mark} \\h"
