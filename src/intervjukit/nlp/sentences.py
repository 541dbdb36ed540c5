"""Swedish sentences in speech: where one ends and the next begins, never across a turn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intervjukit.core.text import Span

_ABBREVIATIONS = frozenset(
    """t.ex bl.a p.g.a m.m o.s.v osv d.v.s dvs m.fl f.d fr.o.m t.o.m s.k ca kl nr st tel sid kap resp inkl exkl
    jfr ev evt bl o dyl etc dr prof min tim mån kr vard""".split()
)
_END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s|$)|\n+")
_LONG = 45
_BREATH = re.compile(r",?\s+(?=(?:men|så|sen|och då|och sen|för att|alltså|fast)\s)", re.I)


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of one turn as spans of ``text``, trimmed of spaces.

    No break after an abbreviation, an ordinal or before a lower-case word. A stretch of more than 45 words
    without a stop (machine transcripts) is cut before "men", "så", "sen" and the like.
    """
    start = 0
    for found in _END.finditer(text):
        if "\n" not in found[0] and not _breaks(text, found.start(), found.end()):
            continue
        yield from _pieces(text, start, found.end())
        start = found.end()
    yield from _pieces(text, start, len(text))


def _breaks(text: str, stop: int, end: int) -> bool:
    after = text[end:].lstrip()[:1]
    mark = text[stop:end]
    if mark.startswith("."):
        word = re.search(r"[\w.]*$", text[max(0, stop - 12) : stop])
        last = word[0].lower() if word else ""
        if last.rstrip(".") in _ABBREVIATIONS or (last.isdigit() and after.islower()):
            return False
    return not after.islower() or mark[0] in "!?"


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if len(text[start:end].split()) <= _LONG or any(mark in text[start:end] for mark in ".!?…"):
        yield Span(start, end)
        return
    begin = start
    for breath in _BREATH.finditer(text, start, end):
        if len(text[begin : breath.start()].split()) >= 8 and len(text[breath.end() : end].split()) >= 4:
            yield Span(begin, breath.start())
            begin = breath.end()
    yield Span(begin, end)
