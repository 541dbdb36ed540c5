"""Looks at a file before anything opens it: size, entries, paths and XML; refuses what could do harm."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from intervjukit.errors import FileError

# --- the limits, all of them (docs/decisions/0013-reading.md says why) ---------------------------------------
MOST_FILE = 100 << 20
"""Bytes in a file."""
MOST_TEXT = 20 << 20
"""Bytes in a text file (.txt, .vtt, .srt, .json, .rtf)."""
MOST_CHARACTERS = 10_000_000
"""Characters in one interview: fifty times the longest that people hold."""
MOST_TURNS = 50_000
"""Utterances in one interview."""
MOST_ENTRIES = 5_000
"""Entries in a zip."""
MOST_PART = 100 << 20
"""Bytes in one entry, unpacked."""
MOST_TOTAL = 200 << 20
"""Bytes in all entries of a document, unpacked."""
MOST_FOLDER = 2 << 30
"""Bytes in all entries of a zip of interviews, unpacked."""
MOST_RATIO = 200
"""How many times larger an entry above 1 MB may become when it is unpacked."""
MOST_NODES = 1_000_000
"""Elements and attributes (nodes) in a document's XML."""
DEEPEST = 256
"""Levels of elements in XML (the parser's own limit) and of groups in RTF."""
MOST_PAGES = 2_000
"""Pages in a PDF."""
MOST_PDF_SECONDS = 60
"""CPU seconds for one PDF."""
MOST_FILES = 10_000
"""Files in a folder of interviews, folders in it included."""

_LEAST_NODE = 4
"""Bytes that an element or attribute takes at least."""
OLE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
FORM_SIGN = b"ikf_"
"""What the name of every place in the kit's own forms begins with (core.form.mark)."""
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
)
"""What the standard library raises on damaged archives."""

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_DOCUMENT = "/relationships/officeDocument"
_OTHER_KINDS = (
    ("macroEnabled", "den innehåller makron (.docm)"),
    ("spreadsheetml", "den är ett Excel-ark, inte ett Word-dokument"),
    ("presentationml", "den är en PowerPoint-presentation, inte ett Word-dokument"),
)
_AS_DOCX = "Öppna dokumentet i Word, kopiera texten till ett nytt dokument och spara det som .docx."
_MEND = "Öppna den i Word, låt Word laga den och spara igen, eller hämta en ny kopia."


@dataclass(frozen=True, slots=True)
class WordParts:
    """Where a checked Word file keeps its text, styles and comments: names of entries in the archive.

    ``form`` tells whether FORM_SIGN stands in its text.
    """

    document: str
    styles: str | None
    comments: str | None = None
    form: bool = False


def head_of(path: Path, number: int = 8) -> bytes:
    """Return the first bytes of a file. Raises FileError for what is no plain file, too large or unreadable."""
    try:
        if path.is_dir():
            raise FileError(f"{path.name} är en mapp, inte en fil.", fix="Ange en fil.")
        if not path.exists():
            raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
        if not path.is_file():
            raise FileError(f"{path.name} är ingen vanlig fil.", fix="Ange en fil som ligger på disken.")
        size = path.stat().st_size
        if size > MOST_FILE:
            raise _refuse(path, f"den är större än {MOST_FILE >> 20} MB")
        with path.open("rb") as file:
            return file.read(number)
    except OSError as error:
        raise FileError(
            f"{path.name} går inte att läsa ({error.strerror}).",
            fix="Stäng filen i andra program och kontrollera att du har rätt till den.",
        ) from error


def check_word_file(path: Path) -> WordParts:
    """Return where the text is if ``path`` is a plain, sound docx; otherwise raise FileError saying why not.

    The limits stand at the top of this module. No document type is let through: no entity can expand, nothing
    outside the file is fetched.
    """
    head = head_of(path)
    if head.startswith(OLE):
        raise FileError(
            f"{path.name} är ett gammalt Word-dokument (.doc) eller skyddat med lösenord.",
            fix="Öppna det i Word och spara det som .docx utan lösenord.",
        )
    if not head.startswith(ZIP):
        raise FileError(
            f"{path.name} är inget Word-dokument, fast namnet slutar på {path.suffix}.",
            fix="Kontrollera filen; är det ren text, döp om den till .txt.",
        )
    seen = path.stat()
    return _checked_word_file(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)


@lru_cache(maxsize=16)
def _checked_word_file(path: Path, *_: int) -> WordParts:
    """Check a file once, though more than one reader asks; it is known by its place, time, size and number."""
    with opened_zip(path, _AS_DOCX) as archive:
        names = [entry.filename.lower() for entry in archive.infolist()]
        if any(name.endswith("vbaproject.bin") for name in names):
            raise _refuse(path, "den innehåller makron (.docm)")
        checker = XmlChecker(path, archive)
        kinds, relations = _Kinds(), _Kinds()
        for entry in archive.infolist():
            name = entry.filename.lower()
            if name == "[content_types].xml":
                checker.read(entry, kinds.start)
            elif name == "_rels/.rels":
                checker.read(entry, relations.start)
        document = _document_part(path, archive, kinds, relations)
        form = False
        for entry in archive.infolist():
            if entry.filename == document:
                form = checker.check(entry, FORM_SIGN)
            elif _is_xml(entry.filename, kinds):
                checker.check(entry)
        styles, comments = (_beside(archive, document, name) for name in ("styles.xml", "comments.xml"))
        return WordParts(document, styles, comments, form)


def check_open_document(path: Path) -> None:
    """Check that ``path`` is a plain, sound odt with its text in content.xml; otherwise raise FileError."""
    fix = "Öppna dokumentet i LibreOffice eller Word och spara det som .docx."
    with opened_zip(path, fix) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _refuse(path, "den är skyddad med lösenord", "Öppna den och spara den utan lösenord.")
        if "content.xml" not in names:
            raise _refuse(path, "den saknar dokumenttext", fix)
        checker = XmlChecker(path, archive)
        for entry in archive.infolist():
            if entry.filename in ("content.xml", "styles.xml", "meta.xml"):
                checker.check(entry)


@contextmanager
def opened_zip(path: Path, fix: str, *, most: int = MOST_TOTAL) -> Iterator[zipfile.ZipFile]:
    """Give a zip whose entries are within the limits; nothing is unpacked. What breaks later is told as damage.

    Raises FileError, with ``fix`` as what to do about a zip that is refused.
    """
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_entries(path, archive, fix, most)
            yield archive
    except DAMAGE as error:
        raise FileError(f"{path.name} är skadad och går inte att öppna ({type(error).__name__}).", fix=_MEND) from error


def read_part(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry's content, never more than it said it would be."""
    with archive.open(name) as file:
        data = file.read(MOST_PART + 1)
    if len(data) > MOST_PART:
        raise _too_large(path)
    return data


def _check_directory(path: Path) -> None:
    """Refuse by size and by the number of entries, before the zip is opened."""
    head_of(path)
    entries, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            entries += (tail + block).count(b"PK\x01\x02")
            tail = block[-3:]
    if entries > 4 * MOST_ENTRIES:  # files put inside the file have entries of their own
        raise _refuse(path, f"den innehåller fler än {MOST_ENTRIES} delar")


def _check_entries(path: Path, archive: zipfile.ZipFile, fix: str, most: int) -> None:
    entries = archive.infolist()
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise _refuse(path, f"den innehåller {len(entries)} delar, fler än {MOST_ENTRIES}", fix)
    if not all(names):
        raise _refuse(path, "en del i den saknar namn", fix)
    if len({name.lower() for name in names}) != len(names):
        raise _refuse(path, "den innehåller två delar med samma namn", fix)
    total = 0
    for entry, name in zip(entries, names, strict=True):
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise _refuse(path, "den pekar på filer utanför sig själv", fix)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refuse(path, "den är packad på ett sätt som inte läses", fix)
        if entry.flag_bits & 1:
            raise _refuse(path, "den är krypterad", "Spara den utan lösenord.")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise _refuse(path, "den innehåller en länk till en annan fil", fix)
        total += entry.file_size
        too_dense = entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        if entry.file_size > MOST_PART or total > most or too_dense:
            raise _too_large(path, fix)


class XmlChecker:
    """Reads the XML of a file's parts without building anything, and refuses what could do harm."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, most: int = MOST_NODES) -> None:
        """Check parts of ``archive``, read from ``path``; all of them together have at most ``most`` nodes."""
        self.path, self.archive, self.most = path, archive, most
        self.nodes = 0
        # an element takes four bytes at least and an attribute five: most files are too small to need counting
        self.counted = sum(entry.file_size for entry in archive.infolist()) > _LEAST_NODE * most

    def check(self, entry: zipfile.ZipInfo, sign: bytes = b"") -> bool:
        """Read through one part; how deep it is nested is left to the parser that builds the tree.

        Return whether ``sign`` stands in it, if there is one to look for.
        """
        left, seen, tail = MOST_PART, False, b""
        prolog: expat.XMLParserType | None = self._prolog(entry)
        with self.archive.open(entry) as file:
            while block := file.read(1 << 18):
                left -= len(block)
                if left < 0:
                    raise _too_large(self.path)
                if self.counted:
                    # each element has a "<" of its own and each attribute a "=": never fewer than there are nodes
                    self.nodes += len(block) - len(block.translate(None, b"<=")) - block.count(b"</")
                if self.nodes > self.most:
                    raise _refuse(self.path, "den har orimligt många element")
                prolog = prolog and self._parse(entry, prolog, block)
                if sign and not seen:
                    seen, tail = sign in tail + block, block[-len(sign) :]
        if prolog:
            raise self._damaged(entry)
        return seen

    def _prolog(self, entry: zipfile.ZipInfo) -> expat.XMLParserType:
        """Return a parser that refuses a document type and stops at the first element."""

        def refuse(*_: object) -> None:
            raise _refuse(self.path, f"{entry.filename} har en dokumenttyp (DTD), som kan dölja skadlig kod")

        def stop(*_: object) -> None:
            raise _RootSeenError

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
        return parser

    def _parse(self, entry: zipfile.ZipInfo, parser: expat.XMLParserType, block: bytes) -> expat.XMLParserType | None:
        try:
            parser.Parse(block, False)
        except _RootSeenError:
            return None
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
            raise self._damaged(entry) from error
        return parser

    def read(self, entry: zipfile.ZipInfo, start: Callable[[str, dict[str, str]], None]) -> None:
        """Check one part and tell ``start`` of each element in it. Raises FileError when it is no XML."""
        self.check(entry)
        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        try:
            parser.Parse(read_part(self.path, self.archive, entry.filename), True)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
            raise self._damaged(entry) from error

    def _damaged(self, entry: zipfile.ZipInfo) -> FileError:
        return FileError(f"{self.path.name} är skadad: {entry.filename} går inte att läsa.", fix=_MEND)


class _RootSeenError(Exception):
    """The part's first element has come: no document type can come after it."""


def too_deep(path: Path) -> FileError:
    """Return the error for a part nested deeper than the limit."""
    return _refuse(path, f"den är nästlad djupare än {DEEPEST} nivåer")


class _Kinds:
    """What [Content_Types].xml or .rels says: part name, or ending, or relation, to kind."""

    def __init__(self) -> None:
        self.overrides: dict[str, str] = {}
        self.endings: dict[str, str] = {}
        self.relations: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in one element."""
        tag = name.rpartition(":")[2]
        kind = attributes.get("ContentType", "")
        if tag == "Override":
            self.overrides[attributes.get("PartName", "").lstrip("/").lower()] = kind
        elif tag == "Default":
            self.endings[attributes.get("Extension", "").lower()] = kind
        elif tag == "Relationship" and attributes.get("TargetMode") != "External":
            self.relations.setdefault(attributes.get("Type", ""), attributes.get("Target", ""))

    def of(self, name: str) -> str:
        """Return the declared kind of a part, "" when none is declared."""
        name = name.lower()
        return self.overrides.get(name) or self.endings.get(name.rpartition(".")[2], "")


def _is_xml(name: str, kinds: _Kinds) -> bool:
    kind = kinds.overrides.get(name.lower(), "")
    return name.lower().endswith((".xml", ".rels")) or kind.endswith(("+xml", "/xml"))


def _document_part(path: Path, archive: zipfile.ZipFile, kinds: _Kinds, relations: _Kinds) -> str:
    """Return the entry that holds the text: where the relations point, else the usual place."""
    for kind in kinds.overrides.values():
        for mark, why in _OTHER_KINDS:
            # a chart in a document keeps its numbers in a sheet; only the main part tells what the file is
            if mark in kind and kind.endswith("main+xml"):
                raise _refuse(path, why)
    targets = [target for kind, target in relations.relations.items() if kind.endswith(_DOCUMENT)]
    names = {entry.filename.lower(): entry.filename for entry in archive.infolist()}
    for target in [*targets, "word/document.xml"]:
        found = names.get(target.lstrip("/").lower())
        if found and kinds.of(found) in (_MAIN, _TEMPLATE, "", "application/xml", "text/xml"):
            return found
    raise _refuse(path, "den saknar dokumenttext och är något annat än ett Word-dokument")


def _beside(archive: zipfile.ZipFile, document: str, name: str) -> str | None:
    wanted = f"{document.rpartition('/')[0]}/{name}".lstrip("/").lower()
    return next((e.filename for e in archive.infolist() if e.filename.lower() == wanted), None)


def _refuse(path: Path, why: str, fix: str = _AS_DOCX) -> FileError:
    return FileError(f"{path.name} öppnas inte: {why}.", fix=fix)


def _too_large(path: Path, fix: str = _AS_DOCX) -> FileError:
    return _refuse(path, "den blir orimligt stor när den packas upp", fix)
