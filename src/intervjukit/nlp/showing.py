"""What is worth showing: sentences in a row that make the same point, when it is likely enough that it is one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np

from intervjukit.nlp.features import words
from intervjukit.nlp.model import Reading

MOST_SENTENCES = 3
Mode = Literal["economical", "complete"]


class Limits(NamedTuple):
    """From what something is shown.

    A sentence counts when it is at least this likely that there is something to code in it and that one of the codes
    told is right; a passage is shown when there is likely enough something to code ``anywhere`` in it. Two sentences
    in a row are of one passage when they are likelier than this to make ``the_same_point``.
    """

    least: float
    anywhere: float
    the_same_point: float

    def of_one(self, sentences: int) -> float:
        """Return how likely each of some sentences must be, all alike, for a passage of them to be shown."""
        return 1 - float((1 - self.anywhere) ** (1 / sentences))


LIMITS: Mapping[Mode, Limits] = {"economical": Limits(0.2, 0.5, 0.5), "complete": Limits(0.08, 0.0, 0.8)}
"""Per mode. A decision costs one key, what was missed three. When all is to be found sentences are kept apart more:
one proposal over two passages would hide one of them."""


def passages(reading: Reading, limits: Limits, taken: Collection[int]) -> list[tuple[int, ...]]:
    """Return the places of the segments to be shown, those of a passage together; ``taken`` ones are not."""
    nothing = 1 - reading.likely()
    return [
        passage for passage in _in_a_row(reading, limits, taken) if 1 - nothing[list(passage)].prod() >= limits.anywhere
    ]


def _in_a_row(reading: Reading, limits: Limits, taken: Collection[int]) -> Iterator[tuple[int, ...]]:
    passage: tuple[int, ...] = ()
    goes_on, segments = reading.goes_on(), reading.segments
    for place in np.flatnonzero(reading.worth() >= limits.least).tolist():
        if place in taken or not words(segments[place].text):
            continue
        follows = passage and passage[-1] == place - 1 and segments[place].turn == segments[place - 1].turn
        if follows and goes_on[place - 1] > limits.the_same_point and len(passage) < MOST_SENTENCES:
            passage = (*passage, place)
        else:
            if passage:
                yield passage
            passage = (place,)
    if passage:
        yield passage
