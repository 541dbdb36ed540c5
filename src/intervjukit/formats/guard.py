"""Looks at a Word file before anything opens it: size, entries, paths and XML; refuses what could do harm."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from intervjukit.errors import FileError

MOST_FILE = 100 << 20
MOST_ENTRIES = 5_000
MOST_NODES = 1_000_000
MOST_PART = 100 << 20
MOST_TOTAL = 200 << 20
MOST_RATIO = 200
DEEPEST = 250

_OLE = b"\xd0\xcf\x11\xe0"
_DAMAGE = (
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


_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_DOCUMENT = "/relationships/officeDocument"
_OTHER_KINDS = (
    ("macroEnabled", "den innehåller makron (.docm)"),
    ("spreadsheetml", "den är ett Excel-ark, inte ett Word-dokument"),
    ("presentationml", "den är en PowerPoint-presentation, inte ett Word-dokument"),
)


@dataclass(frozen=True, slots=True)
class WordParts:
    """Where a checked Word file keeps its text and its styles: names of entries in the archive."""

    document: str
    styles: str | None


def check_word_file(path: Path) -> WordParts:
    """Return where the text is if ``path`` is a plain, sound docx; otherwise raise FileError saying why not.

    Limits: 100 MB as a file, 5,000 entries, 100 MB a part and 200 MB in all unpacked, 200:1 compression above
    1 MB, one million XML elements and attributes, 250 levels, and no document type (no entity can expand,
    nothing outside the file is fetched).
    """
    try:
        _check_file(path)
        with zipfile.ZipFile(path) as archive:
            _check_entries(path, archive)
            checker = _XmlChecker(path, archive)
            kinds, parts = _Kinds(), _Kinds()
            for entry in archive.infolist():
                name = entry.filename.lower()
                if name == "[content_types].xml":
                    checker.check(entry, kinds)
                elif name == "_rels/.rels":
                    checker.check(entry, parts)
            document = _document_part(path, archive, kinds, parts)
            for entry in archive.infolist():
                if _is_xml(entry.filename, kinds) or entry.filename == document:
                    checker.check(entry)
            return WordParts(document, _beside(archive, document, "styles.xml"))
    except _DAMAGE as error:
        raise FileError(
            f"{path.name} är skadad och går inte att öppna ({type(error).__name__}).",
            fix="Öppna den i Word, låt Word laga den och spara igen, eller hämta en ny kopia.",
        ) from error


def _check_file(path: Path) -> None:
    """Refuse by size, by the first bytes, and by the number of entries, before the zip is opened."""
    head = _head(path)
    if head.startswith(_OLE):
        raise FileError(
            f"{path.name} är ett gammalt Word-dokument (.doc) eller skyddat med lösenord.",
            fix="Öppna det i Word och spara det som .docx utan lösenord.",
        )
    if not head.startswith(b"PK\x03\x04"):
        raise FileError(
            f"{path.name} är inget Word-dokument, fast namnet slutar på {path.suffix}.",
            fix="Kontrollera filen; är det ren text, döp om den till .txt.",
        )
    if path.stat().st_size > MOST_FILE:
        raise _refuse(path, f"den är större än {MOST_FILE >> 20} MB")
    entries, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            entries += (tail + block).count(b"PK\x01\x02")
            tail = block[-3:]
    if entries > 4 * MOST_ENTRIES:  # files put inside the file have entries of their own
        raise _refuse(path, f"den innehåller fler än {MOST_ENTRIES} delar")


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


def _document_part(path: Path, archive: zipfile.ZipFile, kinds: _Kinds, parts: _Kinds) -> str:
    """Return the entry that holds the text: where the relations point, else the usual place."""
    for kind in kinds.overrides.values():
        for mark, why in _OTHER_KINDS:
            # a chart in a document keeps its numbers in a sheet; only the main part tells what the file is
            if mark in kind and kind.endswith("main+xml"):
                raise _refuse(path, why)
    targets = [target for kind, target in parts.relations.items() if kind.endswith(_DOCUMENT)]
    names = {entry.filename.lower(): entry.filename for entry in archive.infolist()}
    for target in [*targets, "word/document.xml"]:
        found = names.get(target.lstrip("/").lower())
        if found and kinds.of(found) in (_MAIN, _TEMPLATE, "", "application/xml", "text/xml"):
            return found
    raise _refuse(path, "den saknar dokumenttext och är något annat än ett Word-dokument")


def _beside(archive: zipfile.ZipFile, document: str, name: str) -> str | None:
    wanted = f"{document.rpartition('/')[0]}/{name}".lstrip("/").lower()
    return next((e.filename for e in archive.infolist() if e.filename.lower() == wanted), None)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _refuse(path: Path, why: str) -> FileError:
    return FileError(
        f"{path.name} öppnas inte: {why}.",
        fix="Öppna dokumentet i Word, kopiera texten till ett nytt dokument och spara det som .docx.",
    )


def _check_entries(path: Path, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise _refuse(path, f"den innehåller {len(entries)} delar, fler än {MOST_ENTRIES}")
    if len({name.lower() for name in names}) != len(names):
        raise _refuse(path, "den innehåller två delar med samma namn")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(path, "den innehåller makron (.docm)")
    total = 0
    for entry, name in zip(entries, names, strict=True):
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise _refuse(path, "den pekar på filer utanför sig själv")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refuse(path, "den är packad på ett sätt som Word inte använder")
        if entry.flag_bits & 1:
            raise _refuse(path, "den är krypterad")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise _refuse(path, "den innehåller en länk till en annan fil")
        total += entry.file_size
        too_dense = entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        if entry.file_size > MOST_PART or total > MOST_TOTAL or too_dense:
            raise _refuse(path, "den blir orimligt stor när den packas upp")


_SOUND: dict[tuple[int, bytes] | None, int] = {}
"""Parts already found sound, by size and SHA-256, with their number of elements and attributes."""


class _XmlChecker:
    """Reads the XML of a file's parts without building anything, and refuses what could do harm."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self.archive = path, archive
        self.nodes = 0

    def check(self, entry: zipfile.ZipInfo, kinds: _Kinds | None = None) -> None:
        """Read one part; ``kinds`` takes in its elements.

        A part that was found sound in another file (files of one template share most parts) is not read again.
        """
        known = None if kinds else (entry.file_size, self._hash(entry))
        if known in _SOUND:
            self._count(_SOUND[known])
            return
        before = self.nodes
        self._read(entry, kinds)
        if known and len(_SOUND) < MOST_ENTRIES:
            _SOUND[known] = self.nodes - before

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise _refuse(self.path, "den har orimligt många element")

    def _hash(self, entry: zipfile.ZipInfo) -> bytes:
        total, left = hashlib.sha256(), MOST_PART
        with self.archive.open(entry) as file:
            while block := file.read(1 << 16):
                left -= len(block)
                if left < 0:
                    raise _refuse(self.path, "den blir orimligt stor när den packas upp")
                total.update(block)
        return total.digest()

    def _read(self, entry: zipfile.ZipInfo, kinds: _Kinds | None) -> None:
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._count(1 + len(attributes))
            if depth > DEEPEST:
                raise _refuse(self.path, f"{entry.filename} är nästlad djupare än {DEEPEST} nivåer")
            if kinds:
                kinds.start(name, attributes)

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1

        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = self._doctype(entry)
        self._feed(parser, entry)

    def _doctype(self, entry: zipfile.ZipInfo) -> Callable[..., None]:
        def refuse(*_: object) -> None:
            raise _refuse(self.path, f"{entry.filename} har en dokumenttyp (DTD), som kan dölja skadlig kod")

        return refuse

    def _feed(self, parser: expat.XMLParserType, entry: zipfile.ZipInfo) -> None:
        left = MOST_PART
        try:
            with self.archive.open(entry) as file:
                while block := file.read(1 << 16):
                    left -= len(block)
                    if left < 0:
                        raise _refuse(self.path, "den blir orimligt stor när den packas upp")
                    parser.Parse(block, False)
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise FileError(
                f"{self.path.name} är skadad: {entry.filename}, rad {error.lineno}, går inte att läsa.",
                fix="Öppna den i Word, låt Word laga den och spara igen.",
            ) from error
