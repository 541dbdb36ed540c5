"""Text and places in it: Unicode code points, half-open, on text that was normalised once."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from intervjukit.errors import RuleError

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Every sign some system ends a line with; word processors use U+000B and U+000C inside a paragraph."""
_NOT_TEXT = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f\ufeff\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ALIKE = ('”“„»«"', "’‘'", "–—-\u2011")
"""Signs that keyboards, word processors and shells exchange for one another."""


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of a text, counted in Unicode code points."""

    start: int
    end: int


def mostly_same(one: Span, other: Span) -> bool:
    """Return whether two spans share at least half of the shorter one: how coders' spans are held to be the same."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start) > 0


def normalise(text: str) -> str:
    r"""Return ``text`` as it is stored: NFC, ``\n`` line ends, no byte order mark, no control characters.

    Raises RuleError for characters that no text file should hold (NUL, lone surrogates).
    """
    if text.replace("\n", "").isprintable():  # no other line end, no control character, nothing that text may not hold
        return unicodedata.normalize("NFC", text)
    for bad, name in (("\x00", "NUL-tecken"), ("\ufffe", "felvänd teckenordning")):
        if bad in text:
            raise RuleError(
                f"Texten innehåller {name} på plats {text.index(bad)}.",
                fix="Filen är troligen skadad eller ingen textfil; spara om den som UTF-8.",
            )
    if _SURROGATE.search(text):
        raise RuleError(
            "Texten innehåller halva tecken (ensamma surrogat).",
            fix="Filen är skadad; spara om den från originalet som UTF-8.",
        )
    return unicodedata.normalize("NFC", _NOT_TEXT.sub("", _BREAK.sub("\n", text)))


def squeeze(text: str) -> str:
    """Return ``text`` on one line with single spaces, trimmed."""
    return " ".join(text.split())


def find_quote(text: str, quote: str) -> list[Span]:
    """Return every place in ``text`` where ``quote`` stands exactly, also overlapping ones; [] when nowhere."""
    quote = normalise(quote)
    if not quote.strip():
        return []
    places = []
    at = text.find(quote)
    while at >= 0:
        places.append(Span(at, at + len(quote)))
        at = text.find(quote, at + 1)
    return places


def find_typed(text: str, quote: str) -> list[Span]:
    """Return every place where ``quote`` stands but for how it was typed, also overlapping ones; [] when nowhere.

    Quotation marks, apostrophes and dashes match any other of their kind, and a run of spaces, no-break spaces
    and line breaks any other; spaces around the quote count for nothing. The spans are exact.
    """
    words = squeeze(normalise(quote))
    if not words:
        return []
    pattern = re.compile(f"(?=({''.join(map(_as_typed, words))}))")
    return [Span(*found.span(1)) for found in pattern.finditer(text)]


def find_words(text: str, words: str) -> list[Span]:
    """Return every place where ``words`` stand, whatever their case and the blanks between them; [] for no words."""
    wanted = squeeze(words)
    if not wanted:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, normalise(wanted).split(" "))), re.IGNORECASE)
    return [Span(*found.span()) for found in pattern.finditer(text)]


def _as_typed(sign: str) -> str:
    if sign == " ":
        return r"\s+"
    alike = next((kind for kind in _ALIKE if sign in kind), "")
    return f"[{re.escape(alike)}]" if alike else re.escape(sign)


def check_span(text: str, span: Span, quote: str) -> None:
    """Raise RuleError unless ``span`` lies inside ``text``, holds a word and reads exactly ``quote``."""
    if not 0 <= span.start < span.end <= len(text):
        raise RuleError(
            f"Stället {span.start}–{span.end} ligger utanför texten, som har {len(text)} tecken.",
            fix="Ange start och slut inom texten.",
        )
    found = text[span.start : span.end]
    if found != quote:
        raise RuleError(
            f"Citatet stämmer inte med texten. Citat: ”{quote[:80]}”. Texten på platsen: ”{found[:80]}”.",
            fix="Markera stället på nytt; inget har ändrats.",
        )
    if not any(character.isalnum() for character in found):
        raise RuleError(
            f"Stället ”{found}” innehåller inget ord.",
            fix="Markera minst ett ord.",
        )
