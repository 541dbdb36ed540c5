"""The text of an RTF file: paragraphs in order with what marks them out.

Read by its own grammar, since readers that give plain text alone lose bold questions, tables and comments, and keep
what was struck out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import Doubt, Remark
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.decoding import read_bytes
from intervjukit.formats.guard import DEEPEST, MOST_TEXT
from intervjukit.formats.paragraphs import Paragraph

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)|\\", re.S
)
_SKIPPED = frozenset(
    b"fonttbl colortbl info pict object header headerl headerr headerf footer footerl footerr footerf footnote "
    b"fldinst bkmkstart bkmkend listtable listoverridetable revtbl rsidtbl generator pntext nonshppict nonesttables "
    b"filetbl atnid atndate atnref sp xe tc".split()
)
"""Groups whose words are no part of the text; so are all unknown ones that are marked as such (\\*)."""
_STARRED = frozenset((b"annotation", b"atnauthor", b"shpinst"))
_SIGNS: Mapping[bytes, str] = {
    b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"emspace": "\u2003", b"enspace": "\u2002",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip
_ESCAPED: Mapping[bytes, str] = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"{": "{", b"}": "}", b"\\": "\\"}
_CHARSETS: Mapping[int, str] = {
    0: "cp1252", 77: "mac_roman", 161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 238: "cp1250", 255: "cp850",
}  # fmt: skip
_CODE_PAGES = frozenset((437, 850, 852, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257))


def read_rtf(path: Path) -> tuple[list[Paragraph], list[Doubt]]:
    """Return the paragraphs of an RTF file, tables included, and doubts on what it may hide.

    Deleted and hidden text is left out, comments come with their paragraph. Raises FileError.
    """
    reader = _Reader()
    try:
        reader.read(read_bytes(path, MOST_TEXT))
        paragraphs = [replace(p, text=text) for p in reader.paragraphs if (text := normalise(p.text).strip())]
    except _TooDeepError:
        raise FileError(
            f"{path.name} öppnas inte: den är nästlad djupare än {DEEPEST} nivåer.",
            fix="Öppna den i Word och spara den som .docx.",
        ) from None
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    if not paragraphs:
        raise FileError(f"{path.name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return paragraphs, list(_doubts(reader))


class _TooDeepError(Exception):
    """More groups within one another than any document has."""


@dataclass(frozen=True, slots=True)
class _State:
    """What holds within a group: where its words go (a key of the reader's words, "" for nowhere), and how."""

    into: str = "text"
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int = -1
    fallback: int = 1
    """How many signs after a Unicode number repeat it for old readers."""


class _Reader:
    """Walks the tokens of a file and gathers its paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.seen: set[str] = set()
        self.whole = False
        self._state, self._stack = _State(), list[_State]()
        self._words: dict[str, list[str]] = {"text": [], "annotation": [], "atnauthor": [], "stylesheet": []}
        self._bold: set[bool] = set()
        self._remarks: list[Remark] = []
        self._heading = self._in_table = self._starred = False
        self._headings: set[int] = set()
        self._style = 0
        self._table, self._row, self._cell = 0, 0, 1
        self._code_page, self._fonts, self._defining = "cp1252", dict[int, str](), -1
        self._bytes = bytearray()
        self._skip = 0
        self._high = 0

    def read(self, data: bytes) -> None:
        """Take in the whole file."""
        place = 0
        while not self.whole and (match := _TOKEN.match(data, place)):
            place = match.end()
            word, number, coded, escaped, brace, text = match.groups()
            if coded is not None:
                self._coded(int(coded, 16))
                continue
            self._flush()
            if word == b"bin":
                place += max(0, int(number or 0))
            elif word is not None:
                self._control(word, None if number is None else int(number))
            elif brace is not None:
                self._group(brace)
            elif escaped is not None:
                self._escape(escaped)
            elif text is not None:
                self._text(text)
        self._flush()
        self._end()

    # --- groups and control words ---------------------------------------------------------------------

    def _group(self, brace: bytes) -> None:
        self._skip, self._starred = 0, False
        if brace == b"{":
            self._stack.append(self._state)
            if len(self._stack) > DEEPEST:
                raise _TooDeepError
            return
        closed = self._state
        self._state = self._stack.pop() if self._stack else closed
        if closed.into == "annotation" != self._state.into:
            said, author = ("".join(self._words[key]) for key in ("annotation", "atnauthor"))
            if said.strip():
                self._remarks.append(Remark(normalise(squeeze(author)), normalise(said).strip()))
            self._words["annotation"], self._words["atnauthor"] = [], []
        if closed.into == "stylesheet":
            self._name_style()
        self.whole = not self._stack

    def _name_style(self) -> None:
        """Note whether the style whose group ends is a heading, by its name."""
        name = "".join(self._words["stylesheet"]).strip().lower()
        if name.startswith(("heading", "rubrik", "title", "subtitle")):
            self._headings.add(self._style)
        self._words["stylesheet"] = []

    def _escape(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in b"\r\n":
            self._end()
        else:
            self._add(_ESCAPED.get(sign, ""))

    def _control(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        self._destination(word, starred)
        if word in _SIGNS:
            self._add(_SIGNS[word])
        elif word == b"u":
            self._unicode((number or 0) & 0xFFFF)
            self._skip = self._state.fallback
        elif word in (b"par", b"sect", b"page", b"cell", b"nestcell", b"row"):
            self._end(word)
        elif word == b"b":
            self._state = replace(self._state, bold=number != 0)
        elif word == b"v":
            self._state = replace(self._state, hidden=number != 0)
        elif word == b"deleted":
            self._state = replace(self._state, deleted=number != 0)
        elif word == b"plain":
            self._state = replace(self._state, bold=False, hidden=False, deleted=False)
        elif word == b"pard":
            self._heading = self._in_table = False
        elif word == b"outlinelevel":
            self._heading = number is not None and number < 9
        elif word == b"intbl":
            self._in_table = True
        elif number is not None:
            self._numbered(word, number)
        elif word == b"mac":
            self._code_page = "mac_roman"

    def _destination(self, word: bytes, starred: bool) -> None:
        if word == b"footnote":
            self.seen.add("fotnoter")
        if word in _SKIPPED or (starred and word not in _STARRED and self._state.into != "stylesheet"):
            self._state = replace(self._state, into="")
        elif word in (b"annotation", b"atnauthor", b"stylesheet") and self._state.into:
            self._state = replace(self._state, into=word.decode(), hidden=False, deleted=False)

    def _numbered(self, word: bytes, number: int) -> None:
        if word == b"uc":
            self._state = replace(self._state, fallback=max(0, number))
        elif word == b"s":
            self._style, self._heading = number, number in self._headings
        elif word == b"f":
            self._state, self._defining = replace(self._state, font=number), number
        elif word == b"fcharset" and number in _CHARSETS:
            self._fonts[self._defining] = _CHARSETS[number]
        elif word == b"ansicpg" and number in _CODE_PAGES:
            self._code_page = f"cp{number}"

    # --- words ----------------------------------------------------------------------------------------

    def _coded(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(value)

    def _text(self, text: bytes) -> None:
        text, self._skip = text[self._skip :], max(0, self._skip - len(text))
        if text:
            self._bytes += text
            self._flush()

    def _unicode(self, value: int) -> None:
        if 0xD800 <= value < 0xDC00:
            self._high = value
        elif 0xDC00 <= value < 0xE000:
            self._add(chr(0x10000 + ((self._high - 0xD800) << 10) + value - 0xDC00) if self._high else "\ufffd")
            self._high = 0
        else:
            self._add(chr(value) if value else "")

    def _flush(self) -> None:
        """Decode the bytes gathered so far; what the font's code page lacks shows as the sign for lost letters."""
        if self._bytes:
            encoding = self._fonts.get(self._state.font, self._code_page)
            data, self._bytes = bytes(self._bytes), bytearray()
            self._add(data.decode(encoding, errors="replace"))

    def _add(self, text: str) -> None:
        state = self._state
        if not text or not state.into:
            return
        if state.hidden or state.deleted:
            self.seen.add("struken" if state.deleted else "dold")
            return
        self._words[state.into].append(text)
        if state.into == "text" and text.strip():
            self._bold.add(state.bold)

    def _end(self, word: bytes = b"par") -> None:
        """End a paragraph, and with it perhaps a table's cell or row."""
        if self._state.into == "annotation":
            self._words["annotation"].append("\n")
        if self._state.into != "text":
            return
        in_table = self._in_table or word in (b"cell", b"row")
        if in_table and not self._row:
            self._table, self._row, self._cell = self._table + 1, 1, 1
        elif not in_table:
            self._row = 0
        place = (self._table, self._row, self._cell) if in_table else (0, 0, 0)
        text = "".join(self._words["text"])
        if text.strip():
            self.paragraphs.append(
                Paragraph(text, self._bold == {True}, self._heading, *place, remarks=tuple(self._remarks))
            )
            self._remarks = []
        self._words["text"], self._bold = [], set()
        if word == b"cell":
            self._cell += 1
        elif word == b"row":
            self._row, self._cell = self._row + 1, 1


def _doubts(reader: _Reader) -> Iterator[Doubt]:
    if "struken" in reader.seen:
        yield Doubt(
            "spårade ändringar",
            "Dokumentet har spårade ändringar; infogad text togs med, struken text inte.",
            "Är det fel godkänner eller avvisar du ändringarna i Word och läser in filen på nytt.",
        )
    if "dold" in reader.seen:
        yield Doubt(
            "dold text",
            "Dokumentet har dold text, som inte lästes in.",
            "Ska den med gör du den synlig i Word (Teckensnitt, Dold) och läser in filen på nytt.",
        )
    if "fotnoter" in reader.seen:
        yield Doubt("fotnoter", "Dokumentets fotnoter lästes inte in.", "Skriv in dem som anteckningar.")
    if not reader.whole:
        yield Doubt(
            "avhuggen fil",
            "Filen tar slut mitt i; det kan saknas text sist.",
            "Jämför med originalet, och spara om filen från programmet den kom ifrån.",
        )
