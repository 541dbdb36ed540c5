"""A commented interview come back as Word: its text as it stands now, and what every comment says of which words.

The bookmark where a turn's words begin is trusted, and the paragraph; where a bookmark ends is not, since LibreOffice
moves it. Tracked insertions count as text, deletions do not.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lxml import etree

from intervjukit.core.comments import END, PROPERTY, TURN, Commented, Note, unpack
from intervjukit.core.text import Span, normalise
from intervjukit.core.transcript import SEPARATOR
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import check_word_file, opened_zip, read_part
from intervjukit.formats.xml import parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_P, _T, _ID, _NAME = f"{_W}p", f"{_W}t", f"{_W}id", f"{_W}name"
_BEGIN, _OVER, _REFERENCE = f"{_W}commentRangeStart", f"{_W}commentRangeEnd", f"{_W}commentReference"
_BOOKMARK = f"{_W}bookmarkStart"
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
_UNREAD = frozenset(
    {f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr", f"{_W}txbxContent"}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_MOVED_AWAY = f"{_W}moveFrom"
_MEND = "Öppna den i Word, låt Word laga den och spara igen."


def read_commented(path: Path) -> Commented:
    """Return what a file written by ``comments write`` holds now. Raises FileError."""
    parts = check_word_file(path)
    with opened_zip(path, _MEND) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        folder = parts.document.lower().rpartition("/")[0]
        wanted = (f"{folder}/comments.xml", f"{folder}/commentsextended.xml", "docprops/custom.xml")
        try:
            body = parsed(read_part(path, archive, parts.document)).find(f"{_W}body")
            comments, threads, properties = (_tree(path, archive, names.get(name.lstrip("/"))) for name in wanted)
        except etree.LxmlError as error:
            raise FileError(f"{path.name} är skadad och går inte att läsa.", fix=_MEND) from error
    reading = _Reading()
    if body is not None:
        reading.read(body)
    if not reading.turns:
        raise FileError(
            f"{path.name} är ingen intervju som programmet har skrivit ut för kommentarer.",
            fix="Skriv ut den med comments write, och kommentera i den filen.",
        )
    try:
        text, places = reading.normalised()
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    notes = [] if comments is None else _notes(comments, places, _Threads.of(threads))
    notes.sort(key=lambda note: note.span or Span(len(text), len(text)))
    study, respondent, wave, sent = unpack(_own_properties(properties))
    return Commented(path.name, study, respondent, wave, text, tuple(notes), sent)


def _tree(path: Path, archive: zipfile.ZipFile, name: str | None) -> etree._Element | None:
    return parsed(read_part(path, archive, name)) if name else None


def _own_properties(root: etree._Element | None) -> list[str]:
    """Return the texts of the file's properties that are ours, in order."""
    found: dict[int, str] = {}
    for each in root.iter(f"{_CUSTOM}property") if root is not None else ():
        name, _, number = (each.get("name") or "").partition(" ")
        if name == PROPERTY and number.isdigit():
            found[int(number)] = "".join(each.itertext())
    return [found[number] for number in sorted(found)]


# --- the text -------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """The interview's text so far, and where comments begin, end and stand in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    turns: int = 0
    within: bool = False
    listening: bool = False
    begins: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)

    def read(self, body: etree._Element) -> None:
        """Read a whole document."""
        for element in _walk(body):
            tag = element.tag
            if tag == _T and self.listening:
                self._add(element.text or "")
            elif tag in _SIGNS and self.listening:
                self._add(_SIGNS[tag])
            elif tag == _P:
                self._paragraph(element)
            elif tag == _BOOKMARK:
                self._bookmark(element.get(_NAME) or "")
            elif tag == _BEGIN:
                self.begins.setdefault(element.get(_ID) or "", self.length)
            elif tag == _OVER:
                self.ends[element.get(_ID) or ""] = self.length

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _paragraph(self, paragraph: etree._Element) -> None:
        """Go on in another paragraph: one without a turn of its own goes on with what was said before it."""
        begins = any((mark.get(_NAME) or "").startswith((TURN, END)) for mark in paragraph.iter(_BOOKMARK))
        self.listening = self.within and not begins
        if self.listening:
            self._add("\n")

    def _bookmark(self, name: str) -> None:
        if name.startswith(TURN):
            if self.turns:
                self._add(SEPARATOR)
            self.turns += 1
            self.within = self.listening = True
        elif name == END:
            self.within = self.listening = False

    def normalised(self) -> tuple[str, dict[str, Span]]:
        """Return the text as texts are stored, and the place of each comment by its id. Raises RuleError."""
        text = "".join(self.parts)
        places = {key: Span(begin, self.ends[key]) for key, begin in self.begins.items() if key in self.ends}
        if text.isascii() or (unicodedata.is_normalized("NFC", text) and normalise(text) == text):
            return text, places
        edges = sorted({0, len(text), *(edge for place in places.values() for edge in place)})
        at, whole = {0: 0}, ""
        for start, end in pairwise(edges):
            whole += normalise(text[start:end])
            at[end] = len(whole)
        return whole, {key: Span(at[place.start], at[place.end]) for key, place in places.items()}


def _walk(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that count, in reading order; of text that is moved away only the comments' edges."""
    for child in parent:
        if child.tag == _MOVED_AWAY:
            yield from child.iter(_BEGIN, _OVER)
        elif child.tag not in _UNREAD:
            yield child
            yield from _walk(child)


# --- the comments ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Threads:
    """Which comments answer which, and which are resolved, by the ids of their paragraphs (commentsExtended)."""

    answers: dict[str, str] = field(default_factory=dict)
    resolved: frozenset[str] = frozenset()

    @classmethod
    def of(cls, root: etree._Element | None) -> _Threads:
        """Read commentsExtended.xml, if there is one."""
        found = list(root.iter(f"{_W15}commentEx")) if root is not None else []
        keys = [(each, each.get(f"{_W15}paraId") or "") for each in found]
        answers = {key: parent for each, key in keys if (parent := each.get(f"{_W15}paraIdParent"))}
        return cls(answers, frozenset(key for each, key in keys if each.get(f"{_W15}done") in ("1", "true")))


def _notes(root: etree._Element, places: dict[str, Span], threads: _Threads) -> list[Note]:
    """Return the comments in the file's order; an answer stands where the comment it answers does."""
    found = [(comment, _paragraph_ids(comment)) for comment in root.iter(f"{_W}comment")]
    owner = {key: comment.get(_ID) or "" for comment, keys in found for key in keys}
    notes = []
    for comment, keys in found:
        asked = next((owner.get(threads.answers[key], "") for key in keys if key in threads.answers), "")
        span = places.get(comment.get(_ID) or "") or places.get(asked)
        notes.append(
            Note(
                author=(comment.get(f"{_W}author") or "").strip(),
                initials=(comment.get(f"{_W}initials") or "").strip(),
                text="\n".join(_paragraph_text(p) for p in comment.iter(_P)).strip(),
                span=span if span and span.start < span.end else None,
                resolved=not threads.resolved.isdisjoint(keys),
            )
        )
    return notes


def _paragraph_ids(comment: etree._Element) -> list[str]:
    return [key for p in comment.iter(_P) if (key := p.get(f"{_W14}paraId"))]


def _paragraph_text(paragraph: etree._Element) -> str:
    return normalise("".join(e.text or "" if e.tag == _T else _SIGNS.get(e.tag, "") for e in _walk(paragraph)))
