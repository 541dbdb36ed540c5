"""Where places in a text are to be found when the text has been corrected.

Words are aligned between the words that stand once in both texts (patience diff), so that a long interview costs little
more than a short one; what is left between them by difflib. A place is never moved in silence: each comes with what
became of it and how much of it is still the same.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from intervjukit.core.text import Span, find_quote, squeeze

Fate = Literal["placed", "changed", "lost"]

LEAST_ALIKE = 0.5
"""A place less than this like what it was is lost."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_MOST_COMPARED = 250_000
"""Pairs of words: a stretch with more of them and no word to hold on to is not compared word by word."""
_MOST_SPELLED, _LEAST_SPELLED = 200, 3
"""Stretches up to so many characters are compared by letter; runs shorter than the other say nothing."""
_CONTEXT, _ENOUGH_CONTEXT = 40, 12
"""Characters looked at on either side of a place, and how many of them must agree for it to be the same place."""
_ENOUGH_WORDS = 3
"""A quote with so many words that stands once in both texts is the same one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a place: "placed" (the same words), "changed" (others, to be looked at) or "lost".

    ``alike`` is the share of its characters that are the same before and after, 0–1; ``span`` is None when lost.
    """

    fate: Fate
    span: Span | None
    alike: float


class _Block(NamedTuple):
    """A stretch that reads the same in both texts: where it begins in each, and how many characters it has."""

    old: int
    new: int
    length: int

    @property
    def ends(self) -> tuple[int, int]:
        """Where it ends in the old and in the new text."""
        return self.old + self.length, self.new + self.length


@dataclass(frozen=True)
class Realignment:
    """An old text held against a new one."""

    old: str
    new: str

    @cached_property
    def _blocks(self) -> list[_Block]:
        """The stretches that are the same, in order, between an empty one before the texts and one after."""
        if self.old == self.new:
            same = [_Block(0, 0, len(self.old))]
        else:
            same = _spelled(self.old, self.new, _widened(self.old, self.new, _worded(self.old, self.new)))
        return [_Block(0, 0, 0), *same, _Block(len(self.old), len(self.new), 0)]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.old for block in self._blocks]

    def place(self, span: Span) -> Placed:
        """Return what became of a place in the old text."""
        aligned = self._aligned(span)
        words = squeeze(self.old[span.start : span.end])
        if aligned and squeeze(self.new[aligned.start : aligned.end]) == words:
            return Placed("placed", aligned, 1.0)
        if again := self._again(span):
            return Placed("placed", again, 1.0)
        alike = self._alike(span, aligned) if aligned else 0.0
        if aligned and alike >= LEAST_ALIKE:
            return Placed("changed", aligned, alike)
        return Placed("lost", None, alike)

    def _touched(self, span: Span) -> list[_Block]:
        """Return the blocks that share a character with a place in the old text."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        near = self._blocks[first : bisect_left(self._starts, span.end)]
        return [block for block in near if block.ends[0] > span.start]

    def _aligned(self, span: Span) -> Span | None:
        """Return what stands where the place stood, None when none of it is left."""
        if not self._touched(span):
            return None
        start, end = self._start(span.start), self._end(span.end)
        while _inside_word(self.new, start) and not _inside_word(self.old, span.start):
            start -= 1
        while _inside_word(self.new, end) and not _inside_word(self.old, span.end):
            end += 1
        return Span(start, end) if start < end else None

    def _start(self, at: int) -> int:
        """Return where what begins at ``at`` begins now; what was put in just before it is no part of it."""
        number = bisect_right(self._starts, at) - 1
        block = self._blocks[number]
        if at < block.ends[0] or number + 1 == len(self._blocks):
            return block.new + at - block.old
        return self._between(at, block, self._blocks[number + 1])

    def _end(self, at: int) -> int:
        """Return where what ends at ``at`` ends now; what was put in just after it is no part of it."""
        number = bisect_left(self._starts, at) - 1
        block = self._blocks[number]
        if at <= block.ends[0]:
            return block.new + at - block.old
        return self._between(at, block, self._blocks[number + 1])

    @staticmethod
    def _between(at: int, before: _Block, after: _Block) -> int:
        """Return a place in what has been replaced: as far into the new words as ``at`` is into the old ones."""
        (old, new), old_end, new_end = before.ends, after.old, after.new
        return new + round((at - old) * (new_end - new) / (old_end - old))

    def _alike(self, span: Span, into: Span) -> float:
        """Return the share of the characters of both that are the same."""
        kept = 0
        for block in self._touched(span):
            shift = block.new - block.old
            start = max(span.start, block.old, into.start - shift)
            kept += max(0, min(span.end, block.ends[0], into.end - shift) - start)
        return 2 * kept / (span.end - span.start + into.end - into.start)

    def _again(self, span: Span) -> Span | None:
        """Return where the same words stand now: the only place there is, or one with the same words around it."""
        quote = self.old[span.start : span.end]
        places = find_quote(self.new, quote)
        if not places:
            return None
        if len(places) == 1 and len(quote.split()) >= _ENOUGH_WORDS and len(find_quote(self.old, quote)) == 1:
            return places[0]
        agreeing = {place: self._agreeing(span, place) for place in places}
        best = max(places, key=agreeing.__getitem__)
        return best if agreeing[best] >= _ENOUGH_CONTEXT else None

    def _agreeing(self, span: Span, place: Span) -> int:
        """Return how many characters on either side of two places agree; where both texts end all agree."""
        before = _common(self.old[: span.start][::-1], self.new[: place.start][::-1])
        return before + _common(self.old[span.end :], self.new[place.end :])


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _common(one: str, other: str) -> int:
    one, other = one[:_CONTEXT], other[:_CONTEXT]
    agree = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return _CONTEXT if agree == len(one) == len(other) else agree


# --- the stretches that are the same ----------------------------------------------------------------------


def _worded(old: str, new: str) -> Iterator[_Block]:
    """Yield the words that are the same; those in a row, with the same between them, as one block."""
    ones, others = ([found.span() for found in _TOKEN.finditer(text)] for text in (old, new))
    block: _Block | None = None
    for i, j in _pairs([old[s:e] for s, e in ones], [new[s:e] for s, e in others]):
        (start, end), at = ones[i], others[j][0]
        if block and old[block.ends[0] : start] == new[block.ends[1] : at]:
            block = block._replace(length=end - block.old)
            continue
        if block:
            yield block
        block = _Block(start, at, end - start)
    if block:
        yield block


def _pairs(ones: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Return which words are the same, as pairs of numbers that both rise."""
    found: list[tuple[int, int]] = []
    work = [(0, len(ones), 0, len(others))]
    while work:
        i, i_end, j, j_end = work.pop()
        while i < i_end and j < j_end and ones[i] == others[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and ones[i_end - 1] == others[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            found.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        anchors = _rising(_once_in_both(ones[i:i_end], others[j:j_end]))
        if anchors:
            found += [(i + a, j + b) for a, b in anchors]
            ends = [(i - 1, j - 1), *found[-len(anchors) :], (i_end, j_end)]
            work += [(a + 1, a_end, b + 1, b_end) for (a, b), (a_end, b_end) in pairwise(ends)]
        elif (i_end - i) * (j_end - j) <= _MOST_COMPARED:
            matcher = difflib.SequenceMatcher(None, ones[i:i_end], others[j:j_end], autojunk=False)
            found += [(i + a + n, j + b + n) for a, b, size in matcher.get_matching_blocks() for n in range(size)]
    return sorted(found)


def _once_in_both(ones: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    counted = Counter(others)
    once = {word for word, number in Counter(ones).items() if number == 1 and counted[word] == 1}
    at = {word: place for place, word in enumerate(others) if word in once}
    return [(place, at[word]) for place, word in enumerate(ones) if word in once]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of the pairs whose second numbers rise as the first ones do."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(last[pile - 1] if pile else -1)
        tops[pile : pile + 1], last[pile : pile + 1] = [place], [number]
    run = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _widened(old: str, new: str, blocks: Iterator[_Block]) -> list[_Block]:
    """Return the blocks with the blanks around them that are the same, too."""
    found = [_Block(0, 0, 0)]
    for block in [*blocks, _Block(len(old), len(new), 0)]:
        start, there = found[-1].ends
        gap, other = old[start : block.old], new[there : block.new]
        ahead = _same_blanks(gap, other)
        back = _same_blanks(gap[ahead:][::-1], other[ahead:][::-1])
        found[-1] = found[-1]._replace(length=found[-1].length + ahead)
        found.append(_Block(block.old - back, block.new - back, block.length + back))
    return [block for block in found if block.length]


def _same_blanks(one: str, other: str) -> int:
    """Return how many blanks, the same in both, two texts begin with."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b or not a.isspace()),
        min(len(one), len(other)),
    )


def _spelled(old: str, new: str, blocks: Sequence[_Block]) -> list[_Block]:
    """Return the blocks and, in what is short between them, the runs of letters that are the same."""
    found = list(blocks)
    for before, after in pairwise([_Block(0, 0, 0), *blocks, _Block(len(old), len(new), 0)]):
        (start, there), end, there_end = before.ends, after.old, after.new
        if not (0 < end - start <= _MOST_SPELLED and 0 < there_end - there <= _MOST_SPELLED):
            continue
        matcher = difflib.SequenceMatcher(None, old[start:end], new[there:there_end], autojunk=False)
        found += [
            _Block(start + a, there + b, size) for a, b, size in matcher.get_matching_blocks() if size >= _LEAST_SPELLED
        ]
    return sorted(found)
