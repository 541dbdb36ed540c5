"""Whether a sentence goes on with the point that the one before it makes: a coder takes one to three of them as one.

How it begins tells most ("Hon …" and "Det …" go on, "Men …" and "Fast …" begin anew), and how long the two are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain, pairwise

import scipy.sparse as sp

from intervjukit.nlp.features import Segment, by_name, words

JOINED = "joined"
"""The target: the next segment makes the same point as this one."""
_SECOND = 0.5
"""How much a sentence's second word says, beside its first."""
_RARE = 3


class Links:
    """Describes how each segment is followed by the next one in its turn."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know the features ``names``."""
        self.names = {str(name): place for place, name in enumerate(names)}

    @classmethod
    def fit(cls, segments: Sequence[Segment], pairs: Iterable[int]) -> Links:
        """Return links that know what is found at least three times where ``pairs`` (places) go over to the next."""
        found = Counter(name for place in pairs for name in _link(segments[place].text, segments[place + 1].text))
        return cls(sorted(name for name, times in found.items() if times >= _RARE))

    def rows(self, segments: Sequence[Segment]) -> sp.csr_matrix:
        """Return segments by features; a segment that ends its turn has an empty row."""
        followed = (_link(one.text, other.text) if one.turn == other.turn else {} for one, other in pairwise(segments))
        return by_name(chain(followed, [{}] * bool(segments)), self.names)


def _link(first: str, second: str) -> Mapping[str, float]:
    """Return the features of two sentences in a row: lengths, and how the second begins ("" is always 1)."""
    before, after = len(words(first)), words(second)
    told = {"": 1.0, "before": math.log1p(before), "after": math.log1p(len(after))}
    return told | {f"1 {word}": 1.0 for word in after[:1]} | {f"2 {word}": _SECOND for word in after[1:2]}


def known_pairs(passages: Sequence[Hashable | None], turns: Sequence[int]) -> dict[int, bool]:
    """Return for each coded segment followed by another in its turn whether they are of one passage.

    ``passages`` tells which passage each segment is of, None for none.
    """
    return {
        place: passages[place] == passages[place + 1]
        for place in range(len(passages) - 1)
        if turns[place] == turns[place + 1] and passages[place] is not None and passages[place + 1] is not None
    }
