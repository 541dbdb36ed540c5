"""Where a document grows, and the sections it grows in: paper, margins, upright or lying."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

TWIPS_PER_CM = 567
_W = nsdecls("w")
_ONCE = ("w:headerReference", "w:footerReference", "w:titlePg", "w:pgNumType")
"""What the first of several sections says for all of them."""


class Pages:
    """The place in a document where new content goes, before ``end``, and the section that it falls in."""

    def __init__(self, end: Any) -> None:
        """Grow before ``end``: a child of the body, its own section properties included."""
        self.end = end
        self._section = _section_of(end)
        self.landscape = self.lay_before = self._lying

    @property
    def _lying(self) -> bool:
        size = self._section.find(qn("w:pgSz"))
        return size is not None and size.get(qn("w:orient")) == "landscape"

    @property
    def width(self) -> int:
        """The width of the text, or of one of its columns, in twips; that of A4 where the section does not say."""
        size, margins = self._section.find(qn("w:pgSz")), self._section.find(qn("w:pgMar"))
        paper = _number(size, "w", 11906)
        text = paper - sum(_number(margins, side, default) for side, default in _SIDES.items())
        columns = self._section.find(qn("w:cols"))
        many = max(1, _number(columns, "num", 1))
        return max(TWIPS_PER_CM, (text - (many - 1) * _number(columns, "space", 720)) // many)

    def add(self, element: Any) -> Any:
        """Put an element last, and return it."""
        self.end.addprevious(element)
        return element

    @property
    def last(self) -> Any:
        """What stands last, None at the beginning of the document."""
        return self.end.getprevious()

    def turn(self, *, landscape: bool) -> None:
        """End the section here and go on in a new one on a new page, upright or lying."""
        closing = deepcopy(self._section)
        for key in [*closing.attrib]:
            del closing.attrib[key]
        self._closing_paragraph().append(closing)
        for name in _ONCE:
            for old in self._section.findall(qn(name)):
                self._section.remove(old)
        for old in self._section.findall(qn("w:type")):
            old.set(qn("w:val"), "nextPage")
        self._lay(landscape)

    def _closing_paragraph(self) -> Any:
        """Return the properties of the paragraph that is to end the section: the last one, or one made for it."""
        last = self.last
        if last is None or last.tag != qn("w:p") or last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            form = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
            last = self.add(parse_xml(f"<w:p {_W}>{form}</w:p>"))
        return last.get_or_add_pPr()

    def _lay(self, landscape: bool) -> None:
        size = self._section.get_or_add_pgSz()
        if landscape != self._lying:
            width, height = size.get(qn("w:w"), "11906"), size.get(qn("w:h"), "16838")
            size.set(qn("w:w"), height)
            size.set(qn("w:h"), width)
        if landscape:
            size.set(qn("w:orient"), "landscape")
        else:
            size.attrib.pop(qn("w:orient"), None)
        self.landscape = landscape

    def finish(self) -> None:
        """Lay what comes after the place as it lay before."""
        follows = self.end.tag != qn("w:sectPr")
        if follows and self.landscape != self.lay_before:
            self.turn(landscape=self.lay_before)


_SIDES = {"left": 1440, "right": 1440, "gutter": 0}


def _number(element: Any, name: str, default: int) -> int:
    """Return an attribute as a whole number of twips; Word may write 1417.5."""
    value = element.get(qn(f"w:{name}")) if element is not None else None
    try:
        return round(float(value)) if value is not None else default
    except ValueError:
        return default


def _section_of(element: Any) -> Any:
    """Return the properties of the section that ``element`` stands in: in the body, or within a content control."""
    while element.getparent().tag != qn("w:body"):
        element = element.getparent()
    for place in (element, *element.itersiblings()):
        if place.tag == qn("w:sectPr"):
            return place
        found = next(place.iter(qn("w:sectPr")), None)
        if found is not None:
            return found
    body = element.getparent()
    return body.get_or_add_sectPr()
