"""Coding in the margin: what a comment says, in words a colleague may write without knowing the program.

One line is one coding, "kod: väntetider, flaskhals, vård" or only "Väntetider": a code and values of facets in any
order, by id or name, spelled as well as can be expected. What is no coding is a memo.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.text import Span, squeeze

TURN, END = "ik_replik_", "ik_slut"
"""Bookmarks in a file with comments: where the words of a turn begin (with its number), and where the last one ends."""
PROPERTY = "Intervjukit"
"""The file's own properties that say what went out are called so, with a number after it."""
_PER_PROPERTY = 240
"""Word keeps no more than 255 characters in one."""
_PREFIX = re.compile(r"\s*(?:kod|koder|kodning)\s*[:=]\s*", re.IGNORECASE)
_APART = re.compile(r"[,;/|]")
_BLANKS = re.compile(r"[\W_]+")
_NOT_IN_WORD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and a comment therefore loses on its way."""
_CODE = "code"
_Meaning = tuple[str, str]
"""What a word may mean: (_CODE, a code's id) or (a facet, a value's id)."""
_ALIKE, _CLEARLY = 0.8, 0.06
"""How like a name what is written must be, and by how much more than the next one's."""
_FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody has made of a place, as it goes out in a comment. ``key`` is "k17" for coding 17, "m5" for memo 5.

    ``at`` is when, as ISO time in UTC.
    """

    key: str
    span: Span
    quote: str
    text: str
    author: str
    at: str

    @property
    def fingerprint(self) -> str:
        """What tells whether the comment is still as it went out."""
        return fingerprint(self.author, self.quote, self.text)


@dataclass(frozen=True, slots=True)
class Note:
    """A comment as it stands in a file: ``span`` is in the file's own text, None when no words are marked."""

    author: str
    initials: str
    text: str
    span: Span | None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Commented:
    """What a commented interview holds: the text as it stands in the file now, its comments, and what went out.

    ``study`` tells which study it went out from, ``sent`` is the fingerprint of every mark that went out, by key;
    ``respondent`` is "" when the file does not say.
    """

    source: str
    study: str
    respondent: str
    wave: int
    text: str
    notes: tuple[Note, ...]
    sent: Mapping[str, str] = field(default_factory=dict)


class Label(NamedTuple):
    """What a line of a comment says: a code and values of facets."""

    code: str
    facets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a comment says: codings, a memo, and the faults of lines that are meant as codings but cannot be read."""

    labels: tuple[Label, ...] = ()
    memo: str = ""
    faults: tuple[str, ...] = ()


def fingerprint(author: str, quote: str, text: str) -> str:
    """Return six characters that tell one comment on one quote from another; blanks do not count."""
    told = "\n".join(squeeze(_NOT_IN_WORD.sub("", each)) for each in (author, quote, text))
    return hashlib.sha256(told.encode()).hexdigest()[:6]


def pack(study: str, respondent: str, wave: int, marks: Iterable[Mark]) -> list[str]:
    """Return whose interview goes out, from which study and with which marks, as short texts to keep in the file."""
    sent = {mark.key: mark.fingerprint for mark in marks}
    told = json.dumps([study, respondent, wave, sent], ensure_ascii=False, separators=(",", ":"))
    return [told[at : at + _PER_PROPERTY] for at in range(0, len(told), _PER_PROPERTY)]


def unpack(texts: Iterable[str]) -> tuple[str, str, int, dict[str, str]]:
    """Return what ``pack`` was given, with fingerprints by key for marks; ("", "", 0, {}) when it cannot be told."""
    try:
        study, respondent, wave, sent = json.loads("".join(texts))
        return str(study), str(respondent), int(wave), {str(key): str(value) for key, value in sent.items()}
    except (ValueError, TypeError, AttributeError):
        return "", "", 0, {}


def label_text(coding: Coding, codebook: Codebook) -> str:
    """Return a coding in the study's own names: "Väntetider, Flaskhals, Vården"."""
    names = {code.id: code.name for code in codebook}
    facets = [facet.id for facet in codebook.facets]
    ordered = sorted(coding.facets.items(), key=lambda item: facets.index(item[0]) if item[0] in facets else 99)
    parts = [(names.get(coding.code, coding.code), coding.code)]
    parts += [(codebook.value_name(facet, value), value) for facet, value in ordered]
    return ", ".join(key if _APART.search(name) else name for name, key in parts)


class Wordings:
    """Reads what comments say by one code book."""

    def __init__(self, codebook: Codebook) -> None:
        """Know the code book's codes and values by every name they have."""
        self._meanings: dict[str, list[_Meaning]] = {}
        self._names: dict[_Meaning, str] = {}
        self._labels: dict[str, Label | None] = {}
        for code in codebook:
            self._learn((_CODE, code.id), code.name)
        for facet in codebook.facets:
            for value in facet.values:
                self._learn((facet.id, value.id), value.name)
        self._longest = 1.5 * max(map(len, self._meanings), default=0)

    def _learn(self, meaning: _Meaning, name: str) -> None:
        self._names[meaning] = name
        for written in {_folded(meaning[1]), _folded(name)}:
            self._meanings.setdefault(written, []).append(meaning)

    def read(self, text: str) -> Wording:
        """Return what a comment says.

        A line that begins with "kod:" is a coding or a fault. The others are codings if every one of them can be read
        so, otherwise a memo; "Ansvar?" asks and decides nothing.
        """
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        marked = [line for line in lines if _PREFIX.match(line)]
        free = [line for line in lines if line not in marked]
        said = [_PREFIX.sub("", line, count=1) for line in marked]
        if all(self._label(line) for line in free) and not any("?" in line for line in free):
            said, free = said + free, []
        labels = [self._label(line) for line in said]
        faults = tuple(self._why(line) for line, label in zip(said, labels, strict=True) if label is None)
        return Wording(tuple(label for label in labels if label), "\n".join(free), faults)

    def _label(self, line: str) -> Label | None:
        """Return what a line says, None when it cannot be read."""
        if line not in self._labels:
            self._labels[line] = _chosen([self._meant(word) for word in _words(line)])
        return self._labels[line]

    def _why(self, line: str) -> str:
        """Return why a line that is meant as a coding cannot be read."""
        words = _words(line)
        if not words:
            return "Efter ”kod:” står ingen kod."
        if unknown := [self._unknown(word) for word in words if not self._meant(word)]:
            return " ".join(unknown)
        codes = [key for word in words for kind, key in self._meant(word) if kind == _CODE]
        if not codes:
            return f"”{line}” säger ingen kod."
        if len(set(codes)) > 1:
            return f"”{line}” säger fler än en kod; skriv en kod per rad."
        return f"”{line}” säger två saker av samma sort."

    def _meant(self, word: str) -> list[_Meaning]:
        """Return what a word may mean: what is called so or, if nothing is, what is clearly nearest."""
        folded = _folded(word)
        if folded in self._meanings or not _FEWEST_LETTERS <= len(folded) <= self._longest:
            return self._meanings.get(folded, [])
        near = difflib.get_close_matches(folded, self._meanings, n=3, cutoff=_ALIKE)
        if not near:
            return []
        rivals = [name for name in near[1:] if not set(self._meanings[name]) & set(self._meanings[near[0]])]
        best, *rest = (difflib.SequenceMatcher(None, name, folded).ratio() for name in (near[0], *rivals))
        return self._meanings[near[0]] if all(best - other >= _CLEARLY for other in rest) else []

    def _unknown(self, word: str) -> str:
        near = difflib.get_close_matches(_folded(word), self._meanings, n=3, cutoff=0.5)
        names = dict.fromkeys(self._names[self._meanings[name][0]] for name in near)
        hint = f" Menade du {' eller '.join(f'”{name}”' for name in names)}?" if names else ""
        return f"”{word}” finns inte i kodboken.{hint}"


def _words(line: str) -> list[str]:
    return [word.strip() for word in _APART.split(line) if word.strip()]


def _chosen(meant: Sequence[Sequence[_Meaning]]) -> Label | None:
    """Return how to read the words: if in several ways, one where the first word is the code. None when in none."""
    ways = [dict(way) for way in _ways(meant)]
    if not ways:
        return None
    best = next((way for way in ways if (_CODE, way[_CODE]) in meant[0]), ways[0])
    return Label(best.pop(_CODE), best)


def _ways(meant: Sequence[Sequence[_Meaning]]) -> Iterator[tuple[_Meaning, ...]]:
    """Yield every way to read the words: exactly one of them the code, and no two values of one facet."""

    def spread(place: int, taken: tuple[_Meaning, ...]) -> Iterator[tuple[_Meaning, ...]]:
        if place == len(meant):
            if any(kind == _CODE for kind, _ in taken):
                yield taken
            return
        for meaning in meant[place]:
            if meaning[0] not in (kind for kind, _ in taken):
                yield from spread(place + 1, (*taken, meaning))

    if len(meant) <= 1 + len({kind for meanings in meant for kind, _ in meanings}):
        yield from spread(0, ())


def _folded(written: str) -> str:
    """Return a name without case, accents, dots and dashes: "Väntetider." and "vantetider" are the same."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _BLANKS.sub(" ", bare).strip()
