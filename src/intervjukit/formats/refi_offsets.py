"""Where a selection of another program is: every program counts in its own way, so the texts are asked.

REFI-QDA says "Unicode codepoint" and "first and last character", and nothing about line ends or byte order marks.
Found in files: code points or UTF-16 units, CRLF counted as one or two, a byte order mark counted or not, the end
exclusive or inclusive. Every way that makes a difference is tried on every selection of a project: people select
whole words, and many programs keep the words beside the numbers.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from intervjukit.core.text import Span, normalise, squeeze

_QUOTED, _OUTSIDE = 3, -10
_CLEAR = 0.2
"""How many points a selection the best way must be ahead of the next to be sure."""
_SHORTEST_QUOTE = 4
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_CRLF = re.compile("\r\n")


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to count: in UTF-16 units, with CRLF as one, with the byte order mark, with the last character."""

    utf16: bool = False
    crlf_one: bool = False
    mark: bool = False
    inclusive: bool = False

    def told(self, differs: Sequence[bool]) -> str:
        """Return in Swedish how this counts, as to the fields that ``differs`` says matter in the texts at hand."""
        ways = (
            "UTF-16-enheter" if self.utf16 else "hela tecken (kodpunkter)",
            "CRLF som ett" if self.crlf_one else "CRLF som två",
            "BOM räknas" if self.mark else "BOM räknas inte",
            "sista tecknet ingår" if self.inclusive else "slutet ingår inte",
        )
        return ", ".join(way for way, may in zip(ways, differs, strict=True) if may)


@dataclass(frozen=True, slots=True)
class RawText:
    """A source's text as it stands in the file, without its byte order mark; ``mark`` says that it had one.

    ``rebuilt`` is a text that was made from a Word file: the numbers were counted in another one.
    """

    text: str
    mark: bool = False
    rebuilt: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """A selection as it stands in the file: where it begins and ends by its program, and the name it has there."""

    source: str
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The convention found, how sure ("säkert", "troligt", "osäkert") and a sentence on it in Swedish, "" for none."""

    convention: Convention
    sure: str = ""
    sentence: str = ""


class Ruler:
    """Measures one text by one convention."""

    def __init__(self, raw: RawText, convention: Convention) -> None:
        """Prepare ``text``, in which the places found are counted in code points."""
        self.text = raw.text.replace("\r\n", "\n") if convention.crlf_one else raw.text
        self._shift = 1 if convention.mark and raw.mark else 0
        self._inclusive = convention.inclusive
        self._wide = [
            found.start() + n for n, found in enumerate(_WIDE.finditer(self.text) if convention.utf16 else ())
        ]
        self._breaks = [found.start() for found in _CRLF.finditer(self.text)]

    def place(self, pointer: Pointer) -> Span | None:
        """Return the stretch a selection means, None when it lies outside the text, is empty or halves a sign."""
        start, end = self._at(pointer.start), self._at(pointer.end + self._inclusive)
        if start is None or end is None or not 0 <= start < end <= len(self.text):
            return None
        return Span(start, end)

    def without_cr(self, span: Span) -> tuple[int, int]:
        """Return a place with each CRLF counted as one, so that places of different conventions can be compared."""
        start, end = (place - bisect_left(self._breaks, place) for place in span)
        return (start, end)

    def _at(self, offset: int) -> int | None:
        unit = offset - self._shift
        before = bisect_left(self._wide, unit)
        if before and self._wide[before - 1] == unit - 1:
            return None  # between the two halves of one sign
        return unit - before


class Rulers:
    """The texts of one project with their rulers, each made once."""

    def __init__(self, texts: Mapping[str, RawText]) -> None:
        """Measure these texts, by the guid of their source."""
        self.texts = texts
        self._made: dict[tuple[str, Convention], Ruler] = {}

    def of(self, source: str, way: Convention) -> Ruler:
        """Return the ruler of a source's text by a convention."""
        key = (source, way)
        if key not in self._made:
            self._made[key] = Ruler(self.texts[source], way)
        return self._made[key]


def find_convention(rulers: Rulers, pointers: Sequence[Pointer], first: Convention) -> Verdict:
    """Return how the pointers count, by all texts together; ``first`` holds when nothing tells them apart.

    The texts of the pointers must be those that the program counted in (not rebuilt).
    """
    differs = _differs(rulers.texts)
    ways = _ways(first, differs)
    results = {way: _tried(way, rulers, pointers) for way in ways}
    best = max(ways, key=lambda way: results[way].points)
    if not pointers:
        return Verdict(best)
    found = results[best]
    others = [result for result in results.values() if result.spans != found.spans]
    next_best = max(others, key=lambda result: (result.points, result.whole), default=None)
    sure = "säkert" if next_best is None or found.points - next_best.points >= _CLEAR * len(pointers) else "troligt"
    if 2 * found.whole < len(pointers) or (next_best and next_best.points == found.points):
        sure = "osäkert"
    beaten = f", {next_best.whole} med det näst bästa sättet att räkna" if next_best else ""
    why = f"{found.whole} av {len(pointers)} markeringar börjar och slutar vid hela ord{beaten}"
    check = " Jämför några citat med originalet." if sure == "osäkert" else ""
    return Verdict(best, sure, f"Ställena räknas så här: {best.told(differs)} ({sure}: {why}).{check}")


@dataclass(frozen=True, slots=True)
class _Trial:
    points: int
    whole: int
    spans: tuple[tuple[int, int] | None, ...]


def _differs(texts: Mapping[str, RawText]) -> tuple[bool, ...]:
    """Return which fields of a convention can make a difference in these texts."""
    raws = [raw for raw in texts.values() if not raw.rebuilt]
    return (
        any(_WIDE.search(raw.text) for raw in raws),
        any("\r\n" in raw.text for raw in raws),
        any(raw.mark for raw in raws),
        True,
    )


def _ways(first: Convention, differs: Sequence[bool]) -> list[Convention]:
    """Return the conventions that can differ, ``first`` foremost."""
    preferred = (first.utf16, first.crlf_one, first.mark, first.inclusive)
    choices = [(want, not want) if may else (want,) for want, may in zip(preferred, differs, strict=True)]
    return [Convention(*way) for way in product(*choices)]


def _tried(way: Convention, rulers: Rulers, pointers: Sequence[Pointer]) -> _Trial:
    """Return how well a convention fits, and the places it gives."""
    points = whole = 0
    spans: list[tuple[int, int] | None] = []
    for pointer in pointers:
        ruler = rulers.of(pointer.source, way)
        if span := ruler.place(pointer):
            begins, ends = _begins(ruler.text, span.start), _ends(ruler.text, span.end)
            points += begins + ends + says(ruler.text, span, pointer.name)
            whole += begins and ends
            spans.append(ruler.without_cr(span))
        else:
            points += _OUTSIDE
            spans.append(None)
    return _Trial(points, whole, tuple(spans))


def _begins(text: str, at: int) -> bool:
    return not text[at].isspace() and (at == 0 or not (text[at - 1].isalnum() and text[at].isalnum()))


def _ends(text: str, at: int) -> bool:
    return not text[at - 1].isspace() and (at == len(text) or not (text[at - 1].isalnum() and text[at].isalnum()))


def says(text: str, span: Span, name: str) -> int:
    """Return how much a selection's name says of what stands there: 3 all of it, 1 its beginning, 0 nothing.

    A name that was cut tells less: the whole of another place may begin with it too.
    """
    said = text[span.start : span.end]
    if said == name:
        return _QUOTED
    wanted, found = _same(name), _same(said)
    if found == wanted:
        return _QUOTED
    cut = wanted.rstrip(".… ")  # "" for a name that is none
    return int(len(cut) >= _SHORTEST_QUOTE and len(cut) < len(found) and found.startswith(cut))


def by_quote(rulers: Rulers, pointer: Pointer, settled: Convention) -> tuple[Ruler, Span] | None:
    """Return where a selection's whole name stands by another way to count, or by itself; None when it is nowhere.

    Some programs count each selection a little differently (QualCoder guesses per emoji).
    """
    wanted = _same(pointer.name)
    if len(wanted) < _SHORTEST_QUOTE:
        return None
    for way in (Convention(*each) for each in product((False, True), repeat=4)):
        ruler = rulers.of(pointer.source, way)
        span = ruler.place(pointer)
        if span and _same(ruler.text[span.start : span.end]) == wanted:
            return ruler, span
    ruler = rulers.of(pointer.source, settled)
    at = ruler.text.find(pointer.name)
    if at >= 0 and ruler.text.find(pointer.name, at + 1) < 0:
        return ruler, Span(at, at + len(pointer.name))
    return None


def _same(words: str) -> str:
    """Return words as they are compared: on one line, and in one form whatever their accents are made of."""
    return squeeze(unicodedata.normalize("NFC", words))


class Places:
    """Turns places in a text as it stands in a file into places in the same text normalised."""

    def __init__(self, text: str, wanted: Iterable[int]) -> None:
        """Know where each of the places ``wanted`` (code points in ``text``) comes to be."""
        self._same = normalise(text) == text
        self._found: dict[int, int] = {}
        if not self._same:
            self._count(text, sorted(set(wanted)))

    def __getitem__(self, place: int) -> int:
        return place if self._same else self._found[place]

    def _count(self, text: str, wanted: Sequence[int]) -> None:
        """Normalise the text piece by piece, each beginning where nothing can melt together with what is before."""
        last = done = 0
        for place in wanted:
            safe = place
            while safe > last and not _apart(text, safe):
                safe -= 1
            done += len(normalise(text[last:safe]))
            last = safe
            self._found[place] = done + len(normalise(text[safe:place]))


def _apart(text: str, at: int) -> bool:
    if at >= len(text):
        return True
    return text[at] < "\x80" and not (text[at] == "\n" and text[at - 1] == "\r")
