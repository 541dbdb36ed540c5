"""Which words follow each other: runs of two and three base forms, and patterns that only the commonest words make.

A turn of phrase says what no word of it does: "det dröjde innan", "hade jag velat". A run of four words in which all
but the commonest are left open ("det tog _ innan") is heard also where its other words are new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from intervjukit.nlp.linear import Floats

Numbers = npt.NDArray[np.int64]
_RARE = 5
"""Words said fewer times than this, and runs in fewer texts, are not kept."""
_COMMONEST = 250
"""How many words have names in patterns."""
_EDGE, _OPEN, _UNKNOWN = 0, _COMMONEST + 1, -1
"""Numbers beside those of the words: before the first word and after the last, in patterns, and anywhere else."""
_NOTHING = 1e-9


class _Kind(NamedTuple):
    """Runs of ``length`` words; in a ``pattern`` all but the commonest are left open. Each text's weigh ``weight``."""

    length: int
    pattern: bool
    weight: float


_KINDS = (_Kind(2, False, 1.2), _Kind(3, False, 0.6), _Kind(4, True, 0.6))
_LONGEST = max(kind.length for kind in _KINDS)


class Runs:
    """Describes texts by their runs of words, each weighted by how rare it is where it was fitted.

    A run is kept as one number: its words' own numbers are its digits. So a text costs no more than its words do.
    """

    def __init__(self, words: Iterable[str] = (), known: Sequence[tuple[Numbers, Floats]] = ()) -> None:
        """Know ``words``, the commonest first, and per kind of run the numbers in order, with how rare each is."""
        self._words = {word: number for number, word in enumerate(words, 1)}
        self._known = known or [(np.zeros(0, np.int64), np.zeros(0, np.float32)) for _ in _KINDS]

    def __len__(self) -> int:
        """Return how many runs are known."""
        return sum(len(numbers) for numbers, _ in self._known)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what has been learned as plain arrays; ``of_arrays`` makes the same of them."""
        kept = {f"{part}{at}": its for at, both in enumerate(self._known) for part, its in zip("nr", both, strict=True)}
        return {"words": np.array(list(self._words), dtype=str)} | kept

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Runs:
        """Return the runs that ``arrays`` was made of. Raises KeyError when something is missing."""
        known = [(arrays[f"n{at}"], arrays[f"r{at}"]) for at in range(len(_KINDS))]
        return cls(arrays["words"].tolist(), known)

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]]) -> Runs:
        """Return what knows the runs that stand in at least five of ``texts`` (each its words as base forms)."""
        times = Counter(chain.from_iterable(texts))
        usual = [word for word, count in times.items() if count >= _RARE]
        runs = cls(sorted(usual, key=lambda word: (-times[word], word)))
        return cls(runs._words, [_common(numbers, of, len(texts)) for numbers, of in runs._numbers(texts)])

    def rows(self, texts: Sequence[Sequence[str]]) -> sp.csr_matrix:
        """Return texts by runs; the runs of each kind are of the same length together in every text that has any."""
        blocks = []
        for kind, (numbers, of), (known, rarity) in zip(_KINDS, self._numbers(texts), self._known, strict=True):
            places = np.searchsorted(known, numbers)
            found = np.flatnonzero(np.append(known, -1)[places] == numbers)
            shape = (len(texts), len(known))
            rows = sp.csr_matrix((rarity[places[found]], (of[found], places[found])), shape=shape)
            lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(1)).ravel())
            blocks.append(sp.diags(kind.weight / np.maximum(lengths, _NOTHING)) @ rows)
        return sp.hstack(blocks, dtype=np.float32).tocsr()

    def _numbers(self, texts: Sequence[Sequence[str]]) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield for each kind the runs of all texts as numbers, and which text each stands in."""
        sizes = np.array([len(text) + 2 for text in texts], np.int64)  # with an edge on either side
        ends = np.cumsum(sizes)
        beyond = np.full(_LONGEST, len(texts))  # room after the last word: no run goes on there
        of = np.r_[np.repeat(np.arange(len(texts)), sizes), beyond]
        inside = of < len(texts)
        inside[ends - 1] = inside[ends - sizes] = False
        known, words = self._words, np.full(len(of), _EDGE)
        words[inside] = np.fromiter((known.get(word, _UNKNOWN) for text in texts for word in text), np.int64)
        patterns = np.where((words == _UNKNOWN) | (words > _COMMONEST), _OPEN, words)
        for length, pattern, _ in _KINDS:
            its, base = (patterns, _OPEN + 1) if pattern else (words, len(known) + 1)
            runs = np.lib.stride_tricks.sliding_window_view(its, length)
            first, last = of[: len(runs)], of[length - 1 :]
            whole = (first == last) & (first < len(texts)) & (runs != _UNKNOWN).all(1)
            yield runs[whole] @ base ** np.arange(length), first[whole]


def _common(numbers: Numbers, of: Numbers, texts: int) -> tuple[Numbers, Floats]:
    """Return the runs that stand in enough of so many texts, in order, and how rare each is."""
    order = np.lexsort((of, numbers))
    numbers, of = numbers[order], of[order]
    new = np.r_[True, (np.diff(numbers) != 0) | (np.diff(of) != 0)][: len(numbers)]
    every, counts = np.unique(numbers[new], return_counts=True)
    kept = counts >= _RARE
    return every[kept], (np.log((1 + texts) / (1 + counts[kept])) + 1).astype(np.float32)
