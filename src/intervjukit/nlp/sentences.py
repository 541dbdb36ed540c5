"""Swedish sentences in speech: where one ends and the next begins, never across a turn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from intervjukit.core.text import Span
from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.grammar import SUBJECTS, SUBORDINATORS, finite
from intervjukit.nlp.speech import mended

# never the last word of a sentence
_OPEN = frozenset("t.ex bl.a p.g.a d.v.s dvs s.k fr.o.m t.o.m ca kl nr sid s kap resp inkl exkl jfr ev dr prof".split())
_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|\n+")
_LAST = re.compile(r"(?:(?<!\S)\w{1,2}\. )*\S*$")
_INITIAL = re.compile(r"(?:^|[A-ZÅÄÖ][^\W\d_]*\s|[A-ZÅÄÖ]\.\s?)[A-ZÅÄÖ]$")
_MONTH = re.compile(r"\b(?:jan|feb|apr|aug|sept?|okt|nov|dec|avd|mom|fig|tab)$", re.I)
_WORD = re.compile(r"\S+")
_EDGES = "\"'”’»«“()[]{}.,;:!?…–-"

# a stretch of more words than this is cut by its words: one without commas that does not begin and end as a written
# sentence, any without commas, and any
_SPOKEN_LONG, _PLAIN_LONG, _LONG = 14, 30, 45
_COMMA = re.compile("[,;:]")
_SHORTEST, _USUAL, _LONGEST = 6, 12, 25
_ODD = 0.08
"""What each word more or less than is usual costs, against what an opening is worth:"""
_NEW, _SUBJECT, _AND, _NOTHING = 1.0, 0.7, 0.6, -2.0
_OPENERS = frozenset("men så sedan fast alltså dock däremot tyvärr ja nej jo nu då sen plus eller".split())
_AFTER_AND = frozenset("sedan då så där nu det jag vi de man hon han den till plötsligt ibland".split())

_LEAST = 3
_CONTRAST = frozenset(["men", "fastän", "däremot", "medan"])
_JOINING = _CONTRAST | {"fast", "utan", "så", "för", "eller", "och"}
_CONDITIONS = frozenset("om när eftersom innan då trots sedan medan".split())


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of one turn as spans of ``text``, in order, trimmed of spaces, never empty.

    No break after an abbreviation, an ordinal or an initial, nor before a lower-case word when the stop
    may be any of these or the end of a quote. Speech that a machine wrote down without stops and commas is cut
    into stretches of 6 to 25 words, where a word such as "men" or a subject with its verb begins something new.
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
    """Yield a stretch whole, or cut by its words when it is too long to be one sentence."""
    stretch = text[start:end]
    if not stretch or stretch.isspace():
        return
    if stretch.count(" ") < _SPOKEN_LONG:
        begin = start + len(stretch) - len(stretch.lstrip())
        yield Span(begin, begin + len(stretch.strip()))
        return
    words = [found.span() for found in _WORD.finditer(text, start, end)]
    first = 0
    if _runs_on(text[words[0][0] : words[-1][1]], len(words)):
        for place in _cuts([_plain(text[at:to]) for at, to in words]):
            yield Span(words[first][0], words[place - 1][1])
            first = place
    yield Span(words[first][0], words[-1][1])


def _runs_on(stretch: str, words: int) -> bool:
    """Return whether a stretch of so many words is speech that runs on, and no sentence as one writes."""
    if words > _LONG or words <= _SPOKEN_LONG or _COMMA.search(stretch):
        return words > _LONG
    return words > _PLAIN_LONG or not (stretch[0].isupper() and stretch[-1] in ".!?…")


@lru_cache(REMEMBERED)
def _plain(written: str) -> str:
    """Return a word as standard Swedish spells it, in lower case and without the marks around it."""
    return mended(written.strip(_EDGES).lower())


def _cuts(words: Sequence[str]) -> list[int]:
    """Return the places to cut before: the best openings that leave 6 to 25 words between them.

    Every way of cutting is weighed, word by word (dynamic programming), so the cost is linear in the words.
    """
    openings = [*(_opening(words, place) for place in range(len(words))), 0.0]
    best = [0.0] + [-math.inf] * len(words)
    came = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        for begin in range(max(0, end - _LONGEST), max(1, end - _SHORTEST + 1)):
            score = best[begin] + openings[end] - abs(end - begin - _USUAL) * _ODD
            if score > best[end]:
                best[end], came[end] = score, begin
    cuts = []
    place = came[-1]
    while place:
        cuts.append(place)
        place = came[place]
    return cuts[::-1]


def _opening(words: Sequence[str], place: int) -> float:
    """Return how much it looks as if a sentence begins at a place in words without stops."""
    if place == 0:
        return 0.0
    before, word = words[place - 1], words[place]
    after, later = [*words[place + 1 : place + 3], "", ""][:2]
    if before in ("och", "att", "inte"):
        return _NOTHING
    if word != "och" and (before in SUBORDINATORS or before in _OPENERS):
        return _NOTHING
    if word == "och":
        return _AND + (0.1 if after in _AFTER_AND and (finite(later) or after != "det") else -1.2)
    if word in _OPENERS and (after in SUBJECTS or finite(after) or (word == "men" and after)):
        return _NEW
    if word in ("till", "i") and after in ("slut", "slutet", "början") and finite(later):
        return _NEW
    if word in SUBJECTS and finite(after) and not finite(before):
        return _SUBJECT
    return _NOTHING


def clauses(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the clauses of a sentence of ``text`` as spans, in order, trimmed, covering all of it.

    Cut before "men", "fast", "och sen", "så" and the like, after ";" and a dash, and where a comma joins two main
    clauses; only where both sides have at least three words and a finite verb each.
    """
    written = text[sentence.start : sentence.end].split()
    if len(written) < 2 * _LEAST:
        if written:
            yield sentence
        return
    words = [_plain(word) for word in written]
    joints = [place for place in range(_LEAST, len(words) - _LEAST + 1) if _may_join(written, words, place)]
    if not joints:
        yield sentence
        return
    spans = [found.span() for found in _WORD.finditer(text, sentence.start, sentence.end)]
    first = 0
    for place in joints:
        if _joins(written, words, place) and _whole(words[first:place]) and _whole(words[place:]):
            yield Span(spans[first][0], spans[place - 1][1])
            first = place
    yield Span(spans[first][0], spans[-1][1])


def _may_join(written: Sequence[str], words: Sequence[str], place: int) -> bool:
    return words[place] in _JOINING or written[place - 1][-1] in ",;–—-"


def _whole(words: Sequence[str]) -> bool:
    """Return whether a side can stand by itself: three words and a finite verb."""
    return sum(map(bool, words)) >= _LEAST and any(map(finite, words))


def _joins(written: Sequence[str], words: Sequence[str], place: int) -> bool:
    """Return whether a clause may begin at the word at ``place``."""
    previous, word = written[place - 1], words[place]
    if previous[-1] == ";" or previous in ("–", "—", "-"):
        return True
    after, later = words[place + 1], words[place + 2] if place + 2 < len(words) else ""
    paused = previous[-1] == ","
    opens = after in SUBJECTS or (finite(later) and not finite(after) and after != "att")
    if word in _CONTRAST:
        return after != "att" and (word != "medan" or paused)
    if word == "fast":
        return paused or after in SUBJECTS
    if word in ("utan", "så", "för", "eller"):
        return after in SUBJECTS and (paused or (finite(later) and word != "eller"))
    if word == "och":
        own = opens and (after != "det" or finite(later))
        return own or after in ("sedan", "då") or (paused and finite(after))
    return paused and (word in SUBJECTS or word == "sedan") and finite(after) and words[0] not in _CONDITIONS
