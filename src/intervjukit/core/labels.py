"""A transcript's text with the speakers' labels written out, as other programs need to see it, and the way back.

Here a label is a fact about a turn and no part of the text; another program shows nothing but the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise

from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript, Turn


class Labelled:
    """A text with labels put in, and places in it turned to and fro."""

    def __init__(self, text: str, labels: Iterable[tuple[int, str]]) -> None:
        """Put each label in before the character at its place, in the order of the places."""
        labels = [(at, label) for at, label in labels if label]
        cuts = [0, *(at for at, _ in labels), len(text)]
        words = ["", *(label for _, label in labels)]
        self.text = "".join(word + text[start:end] for word, start, end in zip(words, cuts[:-1], cuts[1:], strict=True))
        self._at = [at for at, _ in labels]
        self._added = [0, *accumulate(len(label) for _, label in labels)]
        self._before = [at + added for at, added in zip(self._at, self._added[:-1], strict=True)]

    @classmethod
    def read(cls, shown: str, cuts: Iterable[tuple[int, int]]) -> tuple[Labelled, str]:
        """Return a labelled text that is read back, and the plain text in it; ``cuts`` as ``cuts`` gives them."""
        pieces, labels, place, plain = [], [], 0, 0
        for at, length in cuts:
            pieces.append(shown[place : place + at - plain])
            place += at - plain
            labels.append((at, shown[place : place + length]))
            place, plain = place + length, at
        text = "".join([*pieces, shown[place:]])
        return cls(text, labels), text

    def cuts(self) -> list[tuple[int, int]]:
        """Return where each label stands in the plain text, and its length."""
        return [(at, after - before) for at, (before, after) in zip(self._at, pairwise(self._added), strict=True)]

    def shown(self, span: Span) -> Span:
        """Return where a stretch of the plain text stands among the labels; none at its ends is part of it."""
        start = span.start + self._added[bisect_right(self._at, span.start)]
        return Span(start, span.end + self._added[bisect_left(self._at, span.end)])

    def own(self, span: Span) -> Span:
        """Return where a stretch of the labelled text stands in the plain one; what covers a label loses it."""
        return Span(self._own(span.start), self._own(span.end))

    def _own(self, place: int) -> int:
        number = bisect_right(self._before, place)
        if not number:
            return place
        return max(self._at[number - 1], place - self._added[number])


def labelled(transcript: Transcript) -> Labelled:
    """Return a transcript's text with its labels; one that stands in the text already is not written twice."""
    return Labelled(transcript.text, ((turn.start, _missing_label(transcript.text, turn)) for turn in transcript.turns))


def _missing_label(text: str, turn: Turn) -> str:
    """Return what is to be written before a turn's words: nothing when something stands there on its line."""
    line = text[text.rfind("\n", 0, turn.start) + 1 : turn.start]
    return f"{turn.label}: " if turn.label and not line.strip() else ""
