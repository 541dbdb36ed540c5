"""Which guide question an interviewer asked, though in other words: similarity first, then the order."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intervjukit.core.protocol import Protocol, Question

_WORD = re.compile(r"[^\W\d_]+")
_STOP = frozenset(
    """och att det som en ett i på av för med den de du din ditt dina dig har hade hur vad när är var om så
    till från eller men jag vi ni er ert era kan skulle vill där här sig sin sina då nu man kring åt ut upp in
    lite berätta beskriv blir blev bli gör göra vara vilken vilka vilket någon något några ser såg ur""".split()
)

CLEAR = 0.30
"""The least likeness of a match beyond doubt, when the guide also uses this share of the words said."""
KNOWN = 0.5
POSSIBLE = 0.17
"""The least likeness of a match at all."""


@dataclass(frozen=True, slots=True)
class Match:
    """The question a turn most likely asks, how alike they are (0–1), and whether that is beyond doubt."""

    question: str
    score: float
    clear: bool


def _grams(text: str) -> Counter[str]:
    """Count the words' stems (first six letters) and their letter trigrams; stop words are left out."""
    grams: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        if word in _STOP:
            continue
        grams[word[:6]] += 2
        padded = f"<{word}>"
        grams.update(padded[i : i + 4] for i in range(len(padded) - 3))
    return grams


class Aligner:
    """Finds the guide's question behind an interviewer's words."""

    def __init__(self, protocol: Protocol) -> None:
        """Weigh every question's wording, follow-ups and aim against the other questions of the guide."""
        self.questions = list(protocol.questions())
        texts = [_grams(self._words_of(question)) for question in self.questions]
        seen = Counter(gram for grams in texts for gram in grams)
        self._idf = {gram: math.log(1 + len(texts) / count) for gram, count in seen.items()}
        self._vectors = [self._weigh(grams) for grams in texts]

    @staticmethod
    def _words_of(question: Question) -> str:
        # the wording counts most; follow-ups and the aim say in other words what is asked for
        return " ".join([question.text, question.text, *question.variants, *question.follow_ups, question.aim])

    def _weigh(self, grams: Counter[str]) -> dict[str, float]:
        vector = {gram: (1 + math.log(count)) * self._idf[gram] for gram, count in grams.items() if gram in self._idf}
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        return {gram: value / length for gram, value in vector.items()}

    def scores(self, text: str) -> list[float]:
        """Return the cosine similarity of ``text`` to each question of the guide, in the guide's order."""
        asked = self._weigh(_grams(text))
        return [sum(value * vector.get(gram, 0.0) for gram, value in asked.items()) for vector in self._vectors]

    def _known(self, text: str) -> float:
        """Return the share of the words that the guide uses too; one word in common proves little."""
        stems = [word[:6] for word in _WORD.findall(text.lower()) if word not in _STOP]
        return sum(stem in self._idf for stem in stems) / max(1, len(stems))

    def align(self, asked: Sequence[str]) -> list[Match | None]:
        """Return, for each thing the interviewer says in turn, its question, or None for a follow-up.

        A question is asked about once, and mostly in the guide's order: the best path through the
        similarities, with a small price for going backwards, so jumps are possible but must be earned.
        """
        table = [self.scores(text) for text in asked]
        best: dict[int, tuple[float, list[int | None]]] = {-1: (0.0, [])}
        for row in table:
            step: dict[int, tuple[float, list[int | None]]] = {}
            for last, (total, path) in best.items():
                _offer(step, last, total, [*path, None])
                for place, score in enumerate(row):
                    if score >= POSSIBLE and place not in path:
                        _offer(step, place, total + score - POSSIBLE * 0.8 - _jump(last, place), [*path, place])
            best = dict(sorted(step.items(), key=lambda entry: -entry[1][0])[:40])
        _, path = max(best.values(), key=lambda entry: entry[0])
        return [self._match(said, row, place) for said, row, place in zip(asked, table, path, strict=True)]

    def _match(self, said: str, row: Sequence[float], place: int | None) -> Match | None:
        if place is None:
            return None
        clear = row[place] >= CLEAR and row[place] >= max(row) - 0.02 and self._known(said) >= KNOWN
        return Match(self.questions[place].id, round(row[place], 3), clear)


def _jump(last: int, place: int) -> float:
    """Return the price of asking ``place`` after ``last``: nothing forwards, a little backwards."""
    if place > last:
        return min(0.03, 0.004 * (place - last - 1))
    return 0.06


def _offer(step: dict[int, tuple[float, list[int | None]]], place: int, total: float, path: list[int | None]) -> None:
    if place not in step or step[place][0] < total:
        step[place] = (total, path)
