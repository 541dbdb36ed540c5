"""Which guide question an interviewer asked, though in other words: likeness first, then the order of the guide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from intervjukit.core.protocol import Protocol
from intervjukit.core.wordings import NO_QUESTION, Wordings

HEARD, UNHEARD = (0.07, 0.25), (0.1, 0.3)
"""The least score of a match, and of one beyond doubt: to a well-known guide, and to one known by its own words."""
APART = 0.05
"""The least by which a match beyond doubt is before every other question."""
_TALK = 0.6
"""How much it speaks against every question that the words are like follow-ups and talk."""
_SKIPPED, _MOST_SKIPPED = 0.012, 5
"""The price of each question passed over, and how many are counted."""
_BACKWARDS = 0.06
_PATHS = 40
_PART = 0.2
"""The least score of each half of what is said for two questions to have been asked at once."""
_JOINT = re.compile(r"(?<=[?.])\s+|,?\s+(?=(?:och|eller|samt)\s)")


@dataclass(frozen=True, slots=True)
class Match:
    """The question a turn most likely asks, how likely (0–1), and whether that is beyond doubt."""

    question: str
    score: float
    clear: bool


class _Path(NamedTuple):
    """A way through the questions so far: its score, what has been asked (a bit each), its last step, those before."""

    total: float
    asked: int
    place: int | None = None
    before: _Path | None = None


class Aligner:
    """Finds the guide's question behind an interviewer's words."""

    def __init__(self, protocol: Protocol, wordings: Wordings) -> None:
        """Know the guide's questions by their ``wordings``."""
        self.group = protocol.group
        self.questions = [question.id for question in protocol.questions()]
        self._wordings = wordings
        self._least, self._clear = HEARD if self._wordings.well_known(self.group) else UNHEARD

    def scores(self, said: str, answer: str = "") -> list[float]:
        """Return for each question, in the guide's order, how likely it is the one asked: −1 to 2, mostly 0 to 1."""
        asked = self._wordings.asked(self.group, said)
        answered = self._wordings.answered(self.group, answer) if answer else {}
        usual = sum(answered.values()) / max(1, len(answered)) + _TALK * asked.get(NO_QUESTION, 0.0)
        return [asked[question] + answered.get(question, 0.0) - usual for question in self.questions]

    def align(self, asked: Sequence[str], answers: Sequence[str] = ()) -> list[Match | None]:
        """Return, for each thing the interviewer says in turn, its question, or None for a follow-up.

        ``answers`` are what was said to each. A question is asked about once, and mostly in the guide's order: the
        best path through the scores, with a small price for questions passed over and for going backwards, so
        jumps are possible but must be earned.
        """
        table = [self.scores(said, answer) for said, answer in zip_longest(asked, answers, fillvalue="")]
        path = _best_path(table, self._least)
        return [None if place is None else self._match(row, place) for row, place in zip(table, path, strict=True)]

    def _match(self, row: Sequence[float], place: int) -> Match:
        others = max((score for other, score in enumerate(row) if other != place), default=0.0)
        clear = row[place] >= self._clear and row[place] >= others + APART
        return Match(self.questions[place], round(min(1.0, row[place]), 3), clear)

    def asked_too(self, said: str, question: str, among: set[str]) -> str:
        """Return the question of ``among`` that is put in the same breath as ``question``, "" for none."""
        if not among:
            return ""
        found = [
            (min(one[question], other[second]), second)
            for one, other in self._halves(said)
            for second in among
            if one[question] == max(one.values()) and other[second] == max(other.values())
        ]
        best = max(found, default=(0.0, ""))
        return best[1] if best[0] >= _PART else ""

    def _halves(self, said: str) -> Iterator[tuple[Mapping[str, float], Mapping[str, float]]]:
        """Yield the likeness of what stands before and after each place where one question may end, and vice versa."""
        for joint in _JOINT.finditer(said):
            parts = said[: joint.start()], said[joint.end() :]
            if all(len(part.split()) > 1 for part in parts):
                one, other = (self._wordings.asked(self.group, part) for part in parts)
                yield one, other
                yield other, one


def _best_path(table: Sequence[Sequence[float]], least: float) -> tuple[int | None, ...]:
    """Return the place of the question that each row asks, None for none, so that the whole is likeliest."""
    best: dict[int, _Path] = {-1: _Path(0.0, 0)}
    for row in table:
        step: dict[int, _Path] = {}
        possible = [(place, score) for place, score in enumerate(row) if score >= least]
        for last, path in best.items():
            _offer(step, last, _Path(path.total, path.asked, None, path))
            for place, score in possible:
                if not path.asked >> place & 1:
                    total = path.total + score - least - _jump(last, place)
                    _offer(step, place, _Path(total, path.asked | 1 << place, place, path))
        best = dict(sorted(step.items(), key=lambda entry: -entry[1].total)[:_PATHS])
    return tuple(_steps(max(best.values(), key=lambda path: path.total)))[::-1]


def _steps(path: _Path) -> Iterator[int | None]:
    """Yield the steps of a path, the last one first."""
    while path.before is not None:
        yield path.place
        path = path.before


def _jump(last: int, place: int) -> float:
    """Return the price of asking ``place`` after ``last``."""
    passed = min(_MOST_SKIPPED, abs(place - last) - 1)
    return _SKIPPED * passed + (0.0 if place > last else _BACKWARDS)


def _offer(step: dict[int, _Path], place: int, path: _Path) -> None:
    if place not in step or step[place].total < path.total:
        step[place] = path
