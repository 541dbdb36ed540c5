"""The text of a PDF that holds text: lines joined to paragraphs again, without headers, footers and page numbers."""

from __future__ import annotations

import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from intervjukit.core.text import normalise
from intervjukit.core.transcript import Doubt
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.guard import DAMAGE, MOST_CHARACTERS, MOST_PAGES, MOST_PDF_SECONDS, head_of
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.speakers import facts_in, mark_of, speaker_labels
from intervjukit.formats.teaching import Teaching

_BOLD = re.compile(r"bold|black|heavy|demi", re.I)
_PAGE_NUMBER = re.compile(r"[-–]?\s*(?:sid(?:a|an|nr)?\.?\s*)?\d{1,4}(?:\s*(?:\(|/|av)\s*\d{1,4}\s*\)?)?\s*[-–]?", re.I)
_HYPHENS = ("-", "\u00ad", "\u2010")
_JOINED_WORDS = frozenset("och eller samt respektive till som än men".split())
_ENDED = re.compile(r"[.?!:…][”\"’')»]*$")
_AROUND = 2
"""How many lines at the top and at the bottom of a page may be header and footer."""
_FULL = 0.85
"""The share of the longest lines that a line broken by the page's width must fill."""
_GAP = 1.35
"""How much larger than usual the step to the next line is between paragraphs."""


_STUMBLES = (TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, MemoryError)
"""What pypdf raises, beside DAMAGE, where a file is not as it takes it to be."""


class _Piece(NamedTuple):
    """Some text as pypdf gives it: how high on the page it stands, and the name of its font."""

    text: str
    height: float
    font: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    height: float
    bold: bool


def read_pdf(path: Path) -> tuple[list[Paragraph], list[Doubt]]:
    """Return the paragraphs of a PDF and the doubts its lack of structure leaves.

    Raises FileError for a PDF without text (scanned), with a password, damaged, or beyond the limits.
    """
    head_of(path)
    pages = _pages(path)
    if not any(pages):
        raise FileError(
            f"{path.name} saknar text; den är troligen inskannad.",
            fix="Låt ett program för textigenkänning (OCR) göra text av den, eller skriv ut den som Word-dokument.",
        )
    empty = [str(number) for number, lines in enumerate(pages, 1) if not lines]
    paragraphs = _paragraphs(_without_margins(pages))
    return paragraphs, [_told(), *([_pictures(empty)] if empty else [])]


def _pages(path: Path) -> list[list[_Line]]:
    """Return the lines of each page."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        try:
            return [_lines_of(pieces) for pieces in _pieces(path, file)]
        except RuleError as error:
            raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Tell what pypdf raises on a damaged file as damage: its own errors, and what its code stumbles on."""
    from pypdf.errors import DependencyError, PyPdfError

    try:
        yield
    except DependencyError as error:
        raise _locked(path) from error
    except (*DAMAGE, *_STUMBLES, PyPdfError) as error:
        raise FileError(
            f"{path.name} är skadad och går inte att läsa ({type(error).__name__}).",
            fix="Skapa PDF:en på nytt, eller spara originalet som Word-dokument (.docx).",
        ) from error


def _pieces(path: Path, file: BinaryIO) -> Iterator[list[_Piece]]:
    """Yield the pieces of text of each page, within the limits."""
    from pypdf import PdfReader

    with _damage_told(path):
        reader = PdfReader(file)
        locked = reader.is_encrypted and not reader.decrypt("")
        number = 0 if locked else len(reader.pages)
    if locked:
        raise _locked(path)
    if number > MOST_PAGES:
        raise FileError(f"{path.name} har fler än {MOST_PAGES} sidor.", fix="Dela upp den i en fil per intervju.")
    latest, left = time.process_time() + MOST_PDF_SECONDS, MOST_CHARACTERS

    def watch(*_: object) -> None:
        if time.process_time() > latest:
            raise FileError(
                f"{path.name} är för invecklad; den tog längre än {MOST_PDF_SECONDS} sekunder att läsa.",
                fix="Spara originalet som Word-dokument (.docx).",
            )

    for place in range(number):
        pieces: list[_Piece] = []

        def take(
            text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float, to: list[_Piece] = pieces
        ) -> None:
            name = str(font.get("/BaseFont", "")) if font else ""
            to.append(_Piece(text, tm[4] * cm[1] + tm[5] * cm[3] + cm[5], name))

        with _damage_told(path):
            reader.pages[place].extract_text(visitor_text=take, visitor_operand_before=watch)
        left -= sum(len(piece.text) for piece in pieces)
        if left < 0:
            raise FileError(f"{path.name} har orimligt mycket text.", fix="Dela upp den i en fil per intervju.")
        yield pieces


def _lines_of(pieces: Sequence[_Piece]) -> list[_Line]:
    """Return a page's lines from top to bottom, as the file has them, with their height and whether all is bold."""
    lines: list[_Line] = []
    words, height, bold = "", 0.0, set[bool]()
    for piece in [*pieces, _Piece("\n", 0.0, "")]:
        for place, text in enumerate(piece.text.split("\n")):
            if place:
                if clean := normalise(words).strip():
                    lines.append(_Line(clean, height, bold == {True}))
                words, bold = "", set()
            if text.strip():
                height = piece.height if not bold else height
                bold.add(bool(_BOLD.search(piece.font)))
            words += text
    return lines


# --- what is in the margins -----------------------------------------------------------------------------


def _without_margins(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Leave out page numbers, and what recurs at the top or bottom of at least half of the pages."""
    seen = Counter(key for lines in pages for key in {_key(line) for line in _outer(lines)})
    often = max(2, (len(pages) + 1) // 2)
    kept = []
    for lines in pages:
        outer = {id(line) for line in _outer(lines)}
        kept.append([line for line in lines if id(line) not in outer or not _marginal(line, seen, often)])
    return kept


def _outer(lines: Sequence[_Line]) -> list[_Line]:
    return list(lines) if len(lines) <= 2 * _AROUND else [*lines[:_AROUND], *lines[-_AROUND:]]


def _key(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _marginal(line: _Line, seen: Counter[str], often: int) -> bool:
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    return seen[_key(line)] >= often and not mark_of(line.text)


# --- lines to paragraphs --------------------------------------------------------------------------------


def _paragraphs(pages: Sequence[list[_Line]]) -> list[Paragraph]:
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    marks = [mark_of(line.text) for line in lines]
    labels = speaker_labels(marks, facts_in(line.text for line in lines[:20]), Teaching())
    width = statistics.quantiles([len(line.text) for line in lines], n=20)[-1] if len(lines) > 1 else 0
    # paragraphs set apart by space make larger steps than the lines within them
    steps = [a.height - b.height for page in pages for a, b in pairwise(page) if a.height > b.height]
    usual = statistics.quantiles(steps, n=10)[0] if len(steps) > 1 else 0.0
    together: list[list[_Line]] = []
    for line, mark in zip(lines, marks, strict=True):
        begins = bool(mark and mark.label in labels) or not together
        if begins or _breaks(together[-1][-1], line, width, usual):
            together.append([line])
        else:
            together[-1].append(line)
    return [Paragraph(_joined([line.text for line in each]), all(line.bold for line in each)) for each in together]


def _breaks(before: _Line, after: _Line, width: float, usual: float) -> bool:
    """Return whether a new paragraph begins between two lines."""
    if before.bold != after.bold:
        return True
    step = before.height - after.height
    if usual and step > _GAP * usual:
        return True
    would_fit = len(before.text) + 1 + len(after.text.split(" ", 1)[0]) <= _FULL * width
    return would_fit and (bool(_ENDED.search(before.text)) or len(before.text) < width / 2)


def _joined(lines: Sequence[str]) -> str:
    """Return lines as running text, words that were broken at a line's end whole again."""
    text = lines[0]
    for line in lines[1:]:
        first = re.match(r"\w*", line)
        if not text.endswith(_HYPHENS) or (first and first[0] in _JOINED_WORDS) or text.endswith((" -", " –")):
            text = f"{text} {line}"
        elif line[0].islower():
            text = text[:-1] + line
        else:
            text += line
    return text


def _told() -> Doubt:
    return Doubt(
        "pdf",
        "En PDF säger inte var stycken och ord slutar; rader och avstavade ord har fogats ihop.",
        "Läs igenom texten. Finns originalet som Word-dokument är det säkrare att läsa in det.",
    )


def _pictures(pages: Sequence[str]) -> Doubt:
    listed = ", ".join(pages[:10])
    return Doubt(
        "pdf",
        f"Sidor utan text: {listed}. De kan vara inskannade.",
        "Saknas något av intervjun låter du ett program för textigenkänning (OCR) läsa sidorna.",
    )


def _locked(path: Path) -> FileError:
    return FileError(f"{path.name} är skyddad med lösenord.", fix="Spara en kopia utan lösenord.")
