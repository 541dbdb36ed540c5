"""What kind of file it is, by what it holds and not by its name alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from intervjukit.core.transcript import Doubt
from intervjukit.errors import FileError
from intervjukit.formats.guard import MOST_TEXT, OLE, ZIP, head_of

Kind = Literal["word", "odt", "rtf", "pdf", "zip", "text"]
"""The kinds that a file's first bytes tell; what kind of text it is, its words tell (``text_kind``)."""
TextKind = Literal["vtt", "srt", "json", "plain"]

NAMES: Mapping[str, str] = {
    "word": "ett Word-dokument (.docx)",
    "odt": "ett OpenDocument-dokument (.odt)",
    "rtf": "ett RTF-dokument (.rtf)",
    "pdf": "en PDF (.pdf)",
    "zip": "en zip-fil (.zip)",
    "vtt": "textning (.vtt)",
    "srt": "textning (.srt)",
    "json": "en utskrift från Whisper (.json)",
    "plain": "ren text (.txt)",
}
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "word": (".docx", ".dotx"),
    "odt": (".odt", ".ott"),
    "rtf": (".rtf", ".doc"),  # Word itself has written RTF under the name .doc
    "pdf": (".pdf",),
    "zip": (".zip",),
    "vtt": (".vtt",),
    "srt": (".srt",),
    "json": (".json",),
}
ENDINGS = (".docx", ".odt", ".rtf", ".txt", ".md", ".vtt", ".srt", ".json", ".pdf")
"""The endings by which a file in a folder is taken for an interview."""
_OTHER_TEXT = frozenset(ending for endings in _ENDINGS.values() for ending in endings)

_AS_DOCX = "Öppna den i programmet den kom ifrån och spara som Word-dokument (.docx)."
_FOREIGN = (
    (b"\x89PNG", "en bild", "Skriv ut texten, eller låt ett program för textigenkänning (OCR) läsa bilden."),
    (b"\xff\xd8\xff", "en bild", "Skriv ut texten, eller låt ett program för textigenkänning (OCR) läsa bilden."),
    (b"ID3", "en ljudfil", "Skriv ut intervjun först."),
    (b"RIFF", "en ljudfil", "Skriv ut intervjun först."),
    (b"OggS", "en ljudfil", "Skriv ut intervjun först."),
    (b"7z\xbc\xaf", "en 7z-fil", "Packa upp den först."),
    (b"Rar!", "en RAR-fil", "Packa upp den först."),
    (b"\x1f\x8b", "en gz-fil", "Packa upp den först."),
    (b"SQLite format 3", "en databas", "Välj en fil med en intervju."),
)
_SRT = re.compile(r"\s*\d+[ \t]*\n\d{1,2}:\d\d:\d\d[,.]\d{1,3} *--> *\d")
_SEGMENTS = re.compile(r'"(?:segments|transcription|utterances)"\s*:\s*\[|^\s*\[\s*\{')
_LABELS = re.compile(r"^\**[^\W\d_][\w .]{0,29}\**:|^\*\*[^*\n]+\?\*\*$", re.M)
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)", re.I)


def kind_of(path: Path) -> Kind:
    """Return the kind of a file by its first bytes. Raises FileError, saying what to do, for kinds nobody can read.

    A zip is opened only to see the names in it.
    """
    head = head_of(path, 1024)
    if not head:
        raise FileError(f"{path.name} är tom.", fix="Kontrollera att rätt fil sparades.")
    if head.startswith(OLE):
        raise FileError(
            f"{path.name} är ett gammalt Word-dokument (.doc) eller skyddat med lösenord.",
            fix="Öppna det i Word och spara det som .docx utan lösenord.",
        )
    if head.startswith(ZIP):
        return _zipped(path, head)
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if b"%PDF-" in head:
        return "pdf"
    for start, what, fix in _FOREIGN:
        if head.startswith(start):
            raise FileError(f"{path.name} är {what}, inte en utskrift.", fix=fix)
    if head[4:8] == b"ftyp":
        raise FileError(f"{path.name} är en ljud- eller filmfil, inte en utskrift.", fix="Skriv ut intervjun först.")
    return "text"


def _zipped(path: Path, head: bytes) -> Kind:
    """Return what a zip is: its first entry mostly tells, else the names in it, else its own name."""
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return "odt"
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, RuntimeError):
        names = set()  # a damaged one; its reader says so
    if "content.xml" in names:
        return "odt"
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise FileError(f"{path.name} är ett Pages-dokument.", fix=_AS_DOCX)
    lower = {name.lower() for name in names}
    if "[content_types].xml" in lower or any(name.startswith(("word/", "xl/", "ppt/")) for name in lower):
        return "word"
    if not names:
        ending = path.suffix.lower()
        return "odt" if ending in _ENDINGS["odt"] else "zip" if ending == ".zip" else "word"
    return "zip" if path.suffix.lower() not in _ENDINGS["word"] else "word"


def text_kind(name: str, text: str) -> TextKind:
    """Return what kind of text a decoded file holds. Raises FileError for a web page."""
    start = text[:2000]
    if start.lstrip().startswith("WEBVTT"):
        return "vtt"
    if _SRT.match(start):
        return "srt"
    if start.lstrip().startswith(("{", "[{")) and '"' in start:
        return "json"
    if _PAGE.match(start):
        raise FileError(f"{name} är en webbsida.", fix="Öppna den i Word och spara den som Word-dokument (.docx).")
    return "plain"


def holds_talk(path: Path) -> bool:
    """Return whether a file of a loose kind (.md, .json) is an interview by what it holds, not read to its end."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_TEXT).decode("utf-8", errors="replace")
    except OSError:
        return True  # its reader says what is wrong
    if path.suffix.lower() == ".json":
        return bool(_SEGMENTS.search(text))
    return len(_LABELS.findall(text[:200_000])) > 1


def wrong_ending(path: Path, kind: str) -> list[Doubt]:
    """Return a doubt when a file's name says another kind than what it holds."""
    ending = path.suffix.lower()
    if ending in _ENDINGS.get(kind, ()) or (kind == "plain" and ending not in _OTHER_TEXT):
        return []
    right = ".txt" if kind == "plain" else _ENDINGS[kind][0]
    called = f"slutar på {ending}" if ending else "saknar ändelse"
    message = f"Filen är {NAMES[kind]}, fast namnet {called}; den lästes som det den är."
    return [Doubt("filändelse", message, f"Är texten rätt är allt bra. Låt gärna namnet sluta på {right}.")]
