"""A colleague at work in Word: adds, rewords and removes comments, and edits text, in a file that is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def run_of(document: Any, words: str) -> Run:
    """Return a run that holds exactly these words, split out of what surrounds them as Word does."""
    for element in document.element.body.iter(qn("w:p")):
        for run in Paragraph(element, document._body).runs:
            if words in run.text:
                return _split_out(run, words)
    raise AssertionError(f"{words!r} is in no run")


def _split_out(run: Run, words: str) -> Run:
    before, _, after = run.text.partition(words)
    made = [Run(deepcopy(run._r), run._parent) for _ in (before, words, after)]
    for piece, text in zip(made, (before, words, after), strict=True):
        piece.text = text
        run._r.addprevious(piece._r)
    run._r.getparent().remove(run._r)
    return made[1]


def comment(path: Path, words: str, text: str, author: str = "Björn Lund", initials: str = "BL") -> None:
    """Add a comment on words that stand in one run."""
    document = Document(str(path))
    document.add_comment(run_of(document, words), text=text, author=author, initials=initials)
    document.save(str(path))


def reword(path: Path, old: str, new: str) -> None:
    """Write something else in the first comment that reads ``old``."""
    document = Document(str(path))
    found = next(each for each in document.comments if each.text.strip() == old)
    found.paragraphs[0].runs[-1].text = new
    document.save(str(path))


def uncomment(path: Path, text: str) -> None:
    """Take away the first comment that reads ``text``."""
    document = Document(str(path))
    found = next(each for each in document.comments if each.text.strip() == text)
    number = str(found.comment_id)
    for name in ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference"):
        for mark in [e for e in document.element.body.iter(qn(name)) if e.get(qn("w:id")) == number]:
            gone = mark.getparent() if name == "w:commentReference" else mark
            gone.getparent().remove(gone)
    found._comment_elm.getparent().remove(found._comment_elm)
    document.save(str(path))


def type_over(path: Path, old: str, new: str) -> None:
    """Change the interview's own words."""
    document = Document(str(path))
    run_of(document, old).text = new
    document.save(str(path))


def change_part(path: Path, name: str, change: Callable[[str], str]) -> None:
    """Rewrite one part of a file, or add it when it is not there."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts.get(name, b"").decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)


def through_libreoffice(path: Path, folder: Path) -> Path:
    """Open a file in LibreOffice and save it as Word; the test is skipped where there is no LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice finns inte på den här datorn")
    folder.mkdir(exist_ok=True)
    profile = (folder / "profil").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir"]
    subprocess.run([*command, str(folder), str(path)], check=True, capture_output=True, timeout=180)
    return folder / path.name


def normalised(xml: str) -> str:
    """Return XML one element a line, without the dates."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+Z?", "…", xml).replace("><", ">\n<")
