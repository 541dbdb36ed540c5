"""A Word form as blocks: every paragraph with all that is typed in it, and the places of the form it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from intervjukit.core.form import Place, control_id, place_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = frozenset(
    f"{_W}{name}" for name in "del moveFrom pPr rPr sdtPr sdtEndPr tblPr tblGrid trPr tcPr sectPr".split()
)
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF = ("0", "false", "off")

Named = tuple[Place, str]


@dataclass
class Piece:
    """A stretch of a paragraph: its words, and the field it stands in, told by "tag" or by "id"."""

    place: Named | None
    anchor: str
    ticked: bool = False
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(self.words)


@dataclass
class Block:
    """A paragraph: its pieces, the places whose bookmarks begin in it and how far in, its cell, and its pictures."""

    table: int = 0
    row: int = 0
    cell: int = 0
    pieces: list[Piece] = field(default_factory=list)
    marks: list[tuple[Named, int]] = field(default_factory=list)
    pictures: int = 0
    comments: list[str] = field(default_factory=list)
    length: int = 0

    @property
    def text(self) -> str:
        """Its words, in fields and between them."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class _Around:
    """What an element stands in: a field, a cell of a table."""

    place: Named | None = None
    anchor: str = ""
    ticked: bool = False
    table: int = 0
    row: int = 0
    cell: int = 0


class Walker:
    """Walks a part in reading order and gives every paragraph with all that is typed in it."""

    def __init__(self, root: etree._Element) -> None:
        names = {bookmark.get(f"{_W}name", "") for bookmark in root.iter(f"{_W}bookmarkStart")}
        self._by_id = {str(control_id(name)): name for name in names if place_of(name)}
        self.tagged = any(place_of(tag.get(f"{_W}val", "")) for tag in root.iter(f"{_W}tag"))
        self.places = self.tagged or bool(self._by_id)
        self._tables = 0
        self._waiting: list[Named] = []
        self.commented: dict[str, list[str]] = {}
        """The words that each comment is on, by its number."""
        self._commenting: dict[str, None] = {}
        self.blocks: list[Block] = []
        self._children(root, _Around(), None)

    def _children(self, parent: etree._Element, around: _Around, block: Block | None) -> None:
        row = cell = 0
        for child in parent:
            if not isinstance(child.tag, str) or child.tag in _GONE:
                continue
            if child.tag == f"{_W}tr":
                row += 1
                if child.find(f"{_W}trPr/{_W}del") is None:
                    self._children(child, _Around(table=around.table, row=row), None)
            elif child.tag == f"{_W}tc":
                cell += 1
                self._children(child, _Around(around.place, around.anchor, False, around.table, around.row, cell), None)
            else:
                self._one(child, around, block)

    def _one(self, child: etree._Element, around: _Around, block: Block | None) -> None:
        tag = child.tag
        if tag == f"{_W}p":
            self._paragraph(child, around)
        elif tag == f"{_W}tbl":
            self._tables += 1
            self._children(child, _Around(table=self._tables), None)
        elif tag == f"{_W}sdt":
            self._control(child, around, block)
        elif tag == f"{_W}bookmarkStart":
            self._bookmark(child, block)
        elif tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            self._children(child if choice is None else choice, around, block)
        elif tag in _SIGNS or tag == f"{_W}sym" or etree.QName(tag).localname == "t":
            self._say(_words(child), around, block)
        elif tag == f"{_W}commentRangeStart":
            self._commenting[child.get(f"{_W}id", "")] = None
        elif tag == f"{_W}commentRangeEnd":
            self._commenting.pop(child.get(f"{_W}id", ""), None)
        elif block is not None and tag == f"{_W}commentReference":
            block.comments.append(child.get(f"{_W}id", ""))
        else:
            if block is not None and etree.QName(tag).localname in ("blip", "imagedata"):
                block.pictures += 1
            self._children(child, around, block)

    def _paragraph(self, p: etree._Element, around: _Around) -> None:
        block = Block(around.table, around.row, around.cell)
        block.marks = [(named, 0) for named in self._waiting]
        self._waiting = []
        self.blocks.append(block)
        self._comment("\n")
        self._children(p, around, block)

    def _bookmark(self, start: etree._Element, block: Block | None) -> None:
        named = place_of(start.get(f"{_W}name", ""))
        if named and block is not None:
            block.marks.append((named, block.length))
        elif named:
            self._waiting.append(named)

    def _control(self, sdt: etree._Element, around: _Around, block: Block | None) -> None:
        properties, content = sdt.find(f"{_W}sdtPr"), sdt.find(f"{_W}sdtContent")
        if properties is not None:
            for name, anchor in ((_value(properties, "tag"), "tag"), (self._by_id.get(_value(properties, "id")), "id")):
                if named := place_of(name or ""):
                    ticked = any(one.get(f"{_W14}val") not in _OFF for one in properties.iter(f"{_W14}checked"))
                    around = _Around(named, anchor, ticked, around.table, around.row, around.cell)
                    break
        if content is not None:
            self._children(content, around, block)

    def _say(self, words: str, around: _Around, block: Block | None) -> None:
        if block is None:  # no program writes words outside a paragraph, but then they are words all the same
            block = Block(around.table, around.row, around.cell)
            self.blocks.append(block)
        last = block.pieces[-1] if block.pieces else None
        if last is None or (last.place, last.anchor) != (around.place, around.anchor):
            last = Piece(around.place, around.anchor, around.ticked)
            block.pieces.append(last)
        last.words.append(words)
        block.length += len(words)
        self._comment(words)

    def _comment(self, words: str) -> None:
        """Keep words that comments which have begun, and not ended, are on."""
        for number in self._commenting:
            self.commented.setdefault(number, []).append(words)


def _value(properties: etree._Element, name: str) -> str:
    found = properties.find(f"{_W}{name}")
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _words(node: etree._Element) -> str:
    if node.tag == f"{_W}sym":
        code = node.get(f"{_W}char", "")
        return chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""
    return _SIGNS.get(node.tag) or node.text or ""
