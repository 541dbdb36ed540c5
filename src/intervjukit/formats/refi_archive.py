"""What is in a .qdpx archive: looked through by the guard before anything is read, and never unpacked on the disk."""

from __future__ import annotations

import codecs
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from intervjukit.errors import FileError
from intervjukit.formats.guard import head_of, opened_zip, read_part
from intervjukit.formats.refi_offsets import RawText

_SCHEMES = ("internal://", "relative://", "absolute://")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AGAIN = "Exportera projektet på nytt som REFI-QDA-projekt (.qdpx), utan lösenord, ljud och film."


class Archive:
    """The files of a .qdpx by their names in small letters."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        """Read from an archive the guard has looked through."""
        self.path, self._zip = path, archive
        self._names = {_plain(entry.filename): entry.filename for entry in archive.infolist() if not entry.is_dir()}

    def project(self) -> bytes:
        """Return the project's XML: project.qde, or the only .qde there is (ATLAS.ti names it after the project).

        Raises FileError.
        """
        found = [name for name in self._names if name.endswith(".qde")]
        named = [name for name in found if PurePosixPath(name).name == "project.qde"] or found
        if len(named) != 1:
            why = "innehåller flera projekt" if named else "innehåller inget REFI-QDA-projekt (project.qde saknas)"
            raise FileError(f"{self.path.name} {why}.", fix=_AGAIN)
        return self._read(named[0])

    def file(self, path: str) -> bytes | None:
        """Return the file a source points to, None when it is not in the archive; nothing outside is ever opened."""
        for scheme in _SCHEMES:
            path = path.removeprefix(scheme)
        path = _plain(path)
        name = PurePosixPath(path).name
        inside = [each for each in self._names if PurePosixPath(each).name == name]
        for wanted in (f"sources/{name}", path, *(inside if len(inside) == 1 else ())):
            if wanted in self._names:
                return self._read(wanted)
        return None

    def _read(self, name: str) -> bytes:
        return read_part(self.path, self._zip, self._names[name])


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Give the archive of a .qdpx. Raises FileError for what is missing, damaged or unreasonable."""
    head_of(path)
    if not zipfile.is_zipfile(path):
        raise FileError(f"{path.name} är skadad eller ingen .qdpx-fil.", fix=_AGAIN)
    with opened_zip(path, _AGAIN) as archive:
        yield Archive(path, archive)


def raw_text(data: bytes) -> RawText:
    """Return a plain text file as it stands. Raises ValueError when it is no text.

    The standard says UTF-8; UTF-16 with a mark and cp1252 are met.
    """
    if data.startswith(_WIDE_MARKS):
        return RawText(data.decode("utf-16"), mark=True)
    mark = data.startswith(codecs.BOM_UTF8)
    try:
        return RawText(data.removeprefix(codecs.BOM_UTF8).decode(), mark)
    except UnicodeDecodeError:
        return RawText(data.decode("cp1252"))


def word_text(data: bytes) -> RawText:
    """Return the text of a Word file that is all there is of a source, rebuilt. Raises FileError."""
    from intervjukit.formats.word_text import read_word_text

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "källa.docx"
        file.write_bytes(data)
        return RawText("\n".join(paragraph.text for paragraph in read_word_text(file)[0]), rebuilt=True)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()
