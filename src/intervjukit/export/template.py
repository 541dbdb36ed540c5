"""Somebody else's Word template: opened, made ready, and filled in where it asks for it.

The report goes where the template says: into the content control tagged ``ik.rapport`` or in place of the paragraph
[[rapport]], else after what the template already holds. Small values go into content controls tagged ``ik.titel`` …
and in place of [[titel]] …; TAGS names them all. Nothing in a template is run, and no text is ever read as one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from intervjukit.errors import FileError, RuleError
from intervjukit.export.word_xml import clean, elements, run_xml

TAGS: Mapping[str, str] = {
    "rapport": "hela rapporten",
    "titel": "rapportens titel",
    "underrubrik": "vad för slags rapport det är",
    "studie": "studiens namn",
    "datum": "dagen då rapporten gjordes",
    "antal": "hur många som är intervjuade",
    "grupp": "grupperna, uppräknade",
    "intervjuer": "hur många intervjuer som är gjorda",
    "period": "när intervjuerna gjordes",
    "kodare": "vilka som har kodat",
}
"""What may be asked for in a template, by the tag after "ik." or the word within [[ ]], and what is put there."""
PLACE = "rapport"
_PREFIX = "ik."
_MARK = re.compile(r"\[\[\s*(\w+)\s*\]\]")
_MAIN = b"wordprocessingml.document.main+xml"
_OTHER_MAIN = b"wordprocessingml.template.main+xml"
_FORGOTTEN = "/attachedTemplate"
"""A link to another template: Word would fetch that one from where it says, perhaps from the internet."""


def open_template(path: Path) -> Any:
    """Return a .docx or .dotx as a document to write in. Raises FileError when it is damaged.

    The file must have been looked at by formats.guard first.
    """
    try:
        document = Document(io.BytesIO(_as_document(path)))
        _ = document.element.body, document.styles.element, document.settings.element
    except (OpcError, KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise FileError(
            f"Mallen {path.name} går inte att använda ({type(error).__name__}).",
            fix="Öppna den i Word, spara den på nytt som .dotx eller .docx och försök igen.",
        ) from error
    _let_go(document)
    return document


def _as_document(path: Path) -> bytes:
    """Return the file with its main part declared a document: python-docx opens no templates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.lower() == "[content_types].xml":
                data = data.replace(_OTHER_MAIN, _MAIN)
            new.writestr(entry.filename, data)
    return buffer.getvalue()


def _let_go(document: Any) -> None:
    settings = next(one.target_part for one in document.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.SETTINGS)
    for key, relation in [*settings.rels.items()]:
        if relation.reltype.endswith(_FORGOTTEN):
            del settings.rels[key]
    for link in document.settings.element.findall(qn("w:attachedTemplate")):
        document.settings.element.remove(link)


def last_picture(document: Any) -> int:
    """Return the highest number of a picture, wherever it stands: each is to have its own."""
    numbers = (picture.get("id") or "" for root in _roots(document) for picture in root.iter(qn("wp:docPr")))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


# --- where the report goes -------------------------------------------------------------------------------


def find_place(document: Any) -> Any:
    """Return the child of the body before which the report goes: what was the mark is emptied, not yet removed.

    Raises RuleError when there are two marks, or one where no report can be put.
    """
    body = document.element.body
    marks = [*_controls(body, PLACE), *(p for p in body.iter(qn("w:p")) if _is_mark(p))]
    tops = {_top(mark, body): mark for mark in marks}
    if len(tops) > 1:
        raise RuleError(
            "Mallen har mer än en plats för rapporten.",
            fix="Låt bara en innehållskontroll ik.rapport eller en [[rapport]] stå.",
        )
    for top, mark in tops.items():
        if top.tag == qn("w:tbl"):
            raise RuleError(
                "Mallens plats för rapporten ligger i en tabell.", fix="Sätt den i ett eget stycke utanför tabellen."
            )
        return _emptied(top, mark)
    if any(PLACE in map(str.lower, _MARK.findall(_text(paragraph))) for paragraph in body.iter(qn("w:p"))):
        raise RuleError("Mallens [[rapport]] står inne i ett stycke.", fix="Sätt det ensamt i ett eget stycke.")
    return body.get_or_add_sectPr()


def _is_mark(paragraph: Any) -> bool:
    found = _MARK.fullmatch(_text(paragraph).strip())
    return found is not None and found[1].lower() == PLACE


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _top(element: Any, body: Any) -> Any:
    while element.getparent() is not body:
        element = element.getparent()
    return element


def _emptied(top: Any, mark: Any) -> Any:
    """Return what to write before. A mark that stands alone goes; a paragraph that ends a section stays, empty."""
    if next(top.iter(qn("w:sectPr")), None) is not None:
        for run in [*mark.iter(qn("w:r"))]:
            run.getparent().remove(run)
        return top
    following = top.getnext()
    alone = _text(top).strip() == _text(mark).strip()
    gone = top if alone else mark
    gone.getparent().remove(gone)
    return following


# --- small values ----------------------------------------------------------------------------------------


def fill(document: Any, values: Mapping[str, str]) -> frozenset[str]:
    """Put ``values``, by the names in TAGS, where the template asks for them; return the names it asked for.

    Everywhere: in the text, in headers, footers and text boxes. A name the template asks for and ``values`` has
    not is left as it stands. To be done before anything is written in the document, so that only the template's own
    words are looked through; what is put in is not looked through either.
    """
    asked: set[str] = set()
    values = {name: clean(value) for name, value in values.items()}
    for root in _roots(document):
        for paragraph in root.iter(qn("w:p")):
            asked |= _fill_marks(paragraph, values)
        for name, value in values.items():
            for control in _controls(root, name):
                _fill_control(control, value)
                asked.add(name)
    return frozenset(asked)


def _roots(document: Any) -> Iterator[Any]:
    yield document.element.body
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield relation.target_part.element


def _controls(root: Any, name: str) -> Iterator[Any]:
    wanted = f"{_PREFIX}{name}"
    for tag in [*root.iter(qn("w:tag"))]:
        if str(tag.get(qn("w:val"))).lower() == wanted and tag.getparent().tag == qn("w:sdtPr"):
            yield tag.getparent().getparent()


def _fill_control(control: Any, value: str) -> None:
    """Put a text into a content control, in the looks of what stood there, and untie it from what it was bound to."""
    properties, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
    for name in ("w:showingPlcHdr", "w:dataBinding"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    if content is None:
        return
    holder = next(content.iter(qn("w:p")), content)
    looks = next((run.find(qn("w:rPr")) for run in holder.iter(qn("w:r"))), None)
    for other in [*holder]:
        if other.tag != qn("w:pPr"):
            holder.remove(other)
    (run,) = elements(run_xml(value))
    if looks is not None:
        for style in looks.findall(qn("w:rStyle")):  # the grey of a placeholder
            looks.remove(style)
        run.insert(0, looks)
    holder.append(run)
    for paragraph in [*content.iterchildren(qn("w:p"))][1:]:
        content.remove(paragraph)


def _fill_marks(paragraph: Any, values: Mapping[str, str]) -> set[str]:
    """Replace each [[name]] of a paragraph, though Word has split it between runs; return the names."""
    whole = _text(paragraph)
    asked: set[str] = set()
    for found in reversed([*_MARK.finditer(whole)]):
        name = found[1].lower()
        if name in values:
            _replace(paragraph, found.start(), found.end(), values[name])
            asked.add(name)
    return asked


def _replace(paragraph: Any, start: int, end: int, value: str) -> None:
    place = 0
    for text in paragraph.iter(qn("w:t")):
        held = text.text or ""
        first, last = max(start - place, 0), min(end - place, len(held))
        if first < last:
            text.text = held[:first] + value + held[last:]
            text.set(qn("xml:space"), "preserve")
            value = ""
        place += len(held)
