"""Looks at a Word file before anything opens it: size, entries, paths and XML; refuses what could do harm."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from intervjukit.errors import FileError

MOST_ENTRIES = 5_000
MOST_PART = 100 << 20
MOST_TOTAL = 200 << 20
MOST_RATIO = 200
DEEPEST = 250

_OLE = b"\xd0\xcf\x11\xe0"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
)


def check_word_file(path: Path) -> None:
    """Return quietly if ``path`` is a plain, sound docx; otherwise raise FileError saying what is wrong.

    Limits: 5,000 entries, 100 MB a part and 200 MB in all unpacked, 200:1 compression above 1 MB, XML 250
    levels deep and without a document type (no entity can expand, nothing outside the file is fetched).
    """
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
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(path, archive)
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(path, archive, entry)
    except _DAMAGE as error:
        raise FileError(
            f"{path.name} är skadad och går inte att öppna ({type(error).__name__}).",
            fix="Öppna den i Word, låt Word laga den och spara igen, eller hämta en ny kopia.",
        ) from error


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
    if len(set(names)) != len(names):
        raise _refuse(path, "den innehåller två delar med samma namn")
    if "word/document.xml" not in names:
        raise _refuse(path, "den saknar dokumenttext och är något annat än ett Word-dokument")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(path, "den innehåller makron (.docm)")
    total = 0
    for entry, name in zip(entries, names, strict=True):
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise _refuse(path, "den pekar på filer utanför sig själv")
        if entry.flag_bits & 1:
            raise _refuse(path, "den är krypterad")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise _refuse(path, "den innehåller en länk till en annan fil")
        total += entry.file_size
        too_dense = entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        if entry.file_size > MOST_PART or total > MOST_TOTAL or too_dense:
            raise _refuse(path, "den blir orimligt stor när den packas upp")


def _check_xml(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _refuse(path, f"{entry.filename} är nästlad djupare än {DEEPEST} nivåer")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise _refuse(path, f"{entry.filename} har en dokumenttyp (DTD), som kan dölja skadlig kod")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    left = MOST_PART
    try:
        with archive.open(entry) as file:
            while block := file.read(1 << 16):
                left -= len(block)
                if left < 0:
                    raise _refuse(path, "den blir orimligt stor när den packas upp")
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileError(
            f"{path.name} är skadad: {entry.filename}, rad {error.lineno}, går inte att läsa.",
            fix="Öppna den i Word, låt Word laga den och spara igen.",
        ) from error
