"""On which page a heading falls: only a layout program knows, so LibreOffice is asked when it is on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 120
"""Seconds LibreOffice is waited for; a report of fifty pages takes about ten."""
_PDF = 'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}'


def available() -> bool:
    """Return whether LibreOffice is on the machine."""
    return _program() is not None


def _program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def heading_pages(document: Path, headings: Sequence[str]) -> list[int] | None:
    """Return the page of each heading, from 1, as LibreOffice lays the document out.

    None when that is not to be known: LibreOffice is missing, fails or takes too long, or lays out other headings.
    Nothing leaves the machine; LibreOffice works in a folder and with settings of its own.
    """
    program = _program()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="intervjukit-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy = folder / "rapport.docx"
        shutil.copy(document, copy)
        profile = f"-env:UserInstallation={(folder / 'lo').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", _PDF, "--outdir", str(folder), str(copy)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            return _matched(headings, list(_outline(copy.with_suffix(".pdf"))))
        except (OSError, subprocess.SubprocessError):
            return None


def _outline(pdf: Path) -> Iterator[tuple[str, int]]:
    """Yield the headings of a PDF as its outline has them, each with its page from 1."""
    from pypdf import PdfReader

    with PdfReader(pdf) as reader:
        for entry in _flat(reader.outline):
            page = reader.get_destination_page_number(entry)
            if page is not None and page >= 0:
                yield " ".join(str(entry.title).split()), page + 1


def _flat(entries: Sequence[Any]) -> Iterator[Any]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def _matched(headings: Sequence[str], outline: Sequence[tuple[str, int]]) -> list[int] | None:
    """Return the pages in order of the headings; the outline may hold more, and number them ("2.1 Metod")."""
    pages, place = [], 0
    for heading in headings:
        while place < len(outline) and not outline[place][0].endswith(heading):
            place += 1
        if place == len(outline):
            return None
        pages.append(outline[place][1])
        place += 1
    return pages
