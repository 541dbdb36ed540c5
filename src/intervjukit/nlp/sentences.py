"""Swedish sentences in speech: where one ends and the next begins, never across a turn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intervjukit.core.text import Span

# never the last word of a sentence
_OPEN = frozenset("t.ex bl.a p.g.a d.v.s dvs s.k fr.o.m t.o.m ca kl nr sid s kap resp inkl exkl jfr ev dr prof".split())
_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|\n+")
_LAST = re.compile(r"(?:(?<!\S)\w{1,2}\. )*\S*$")
_INITIAL = re.compile(r"(?:^|[A-ZÅÄÖ][^\W\d_]*\s|[A-ZÅÄÖ]\.\s?)[A-ZÅÄÖ]$")
_MONTH = re.compile(r"\b(?:jan|feb|apr|aug|sept?|okt|nov|dec|avd|mom|fig|tab)$", re.I)
_LONG = 45
_SHORTEST = 8
_BREATH = re.compile(r"\s+(?=(?:men|så|sen|och då|och sen|för att|alltså|fast)\s)", re.I)
_WORD = re.compile(r"\S+")


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of one turn as spans of ``text``, in order, trimmed of spaces, never empty.

    No break after an abbreviation, an ordinal or an initial, nor before a lower-case word when the stop
    may be any of these or the end of a quote. A stretch of more than 45 words without a stop (machine
    transcripts) is cut before "men", "så", "sen" and the like.
    """
    start = 0
    for found in _ENDS.finditer(text):
        if "\n" in found[0] or _breaks(text, start, found):
            yield from _pieces(text, start, found.end())
            start = found.end()
    yield from _pieces(text, start, len(text))


def _breaks(text: str, begin: int, found: re.Match[str]) -> bool:
    """Return whether the stop ``found`` ends the sentence that begins at ``begin``."""
    stop, mark = found.start(), found[0]
    after = text[found.end() : found.end() + 40].lstrip()[:1]
    quoted = mark[-1] in "\"'”’»"
    if mark[0] in "!?":
        return not (quoted and after.islower())
    if mark[0] == "…" or len(mark.rstrip("\"'”’»)]")) > 1:
        return not after.islower()
    before = text[max(begin, stop - 40) : stop]
    last = _last_word(before)
    if last.lower() in _OPEN or (_INITIAL.search(before) and after.isupper()):
        return False
    if last.isdigit() and before.strip() == last:
        return False  # "1. Jag ville ha hjälp."
    if after.isdigit() and _MONTH.search(before):
        return False
    return not after.islower() or (text[begin:stop].lstrip()[:1].islower() and not _shortened(last))


def _last_word(before: str) -> str:
    """Return the last word, with the parts of a spaced abbreviation drawn together ("t. ex" is "t.ex")."""
    found = _LAST.search(before)
    return found[0].replace(" ", "").lstrip("(\"'”’»[") if found else ""


def _shortened(last: str) -> bool:
    """Return whether a word before a full stop is a number or looks cut short ("m.m", "bl", "tel")."""
    return not last or last.isdigit() or "." in last or len(last) < 4 or last.lower() in ("resp", "inkl", "exkl")


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a stretch whole, or cut where the speaker draws breath when it is too long."""
    words = [found.span() for found in _WORD.finditer(text, start, end)]
    if not words:
        return
    begin, last = words[0][0], words[-1][1]
    if len(words) > _LONG:
        breaths = {found.end() for found in _BREATH.finditer(text, begin, last)}
        first = 0
        for place, (at, _) in enumerate(words):
            if at in breaths and place - first >= _SHORTEST and len(words) - place >= _SHORTEST // 2:
                yield Span(begin, words[place - 1][1])
                begin, first = at, place
    yield Span(begin, last)
