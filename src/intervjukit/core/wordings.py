"""How a guide's questions may be worded: likeness between what was said and every question, by its words.

A text is a vector of letter groups and pairs of words, or of word stems for an answer, each weighed by how few
texts have it (tf-idf). A question is as like it as its two most similar wordings, and as all of its wordings
together. What no wording has counts in the length of what was said, so one word in common proves little. No
dictionary is needed.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import pairwise
from typing import NamedTuple

from intervjukit.core.protocol import Protocol, Question

NO_QUESTION = ""
"""Stands among the questions for what asks none of them: follow-ups and talk."""
_WORD = re.compile(r"[^\W\d_]+")
_STEM, _LETTERS = 6, 4
_COMMON = 0.1
"""The share of wordings beyond which what they have in common no longer tells the nearest one."""
_OTHERS = 0.3
"""How much the wordings of other groups that are asked the same weigh, the group's own being 1."""
_OTHERS_NEAR = 0.9
_LIKELY = 12
"""Of so many questions, the likeliest by all their wordings, the nearest ones are looked for."""
_ANSWER = 400
"""Characters of an answer that are looked at: what it is about is said early."""


class Heard(NamedTuple):
    """How a question has been put to somebody of a group, and the answer; ``question`` may be NO_QUESTION."""

    group: str
    question: str
    asked: str
    answer: str


class _Wording(NamedTuple):
    group: str
    question: str
    text: str
    weight: float


class _Index:
    """Texts of several groups, weighed against one another."""

    def __init__(self, wordings: Sequence[_Wording], features: Callable[[str], Counter[str]]) -> None:
        counted = [features(wording.text) for wording in wordings]
        seen = Counter(feature for counts in counted for feature in counts)
        self._features, self._rarest = features, math.log(1 + len(wordings))
        self._idf = {feature: math.log((1 + len(wordings)) / number) for feature, number in seen.items()}
        self.sums: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.vectors = [self._weighed(counts) for counts in counted]
        for wording, vector in zip(wordings, self.vectors, strict=True):
            total = self.sums[wording.group, wording.question]
            for feature, value in vector.items():
                total[feature] += wording.weight * value
        most = max(_COMMON * len(wordings), 3)
        self.telling = {feature for feature, number in seen.items() if number <= most}

    def vector(self, text: str) -> dict[str, float]:
        """Return what a text has, by weight; the vector's length is 1."""
        return self._weighed(self._features(text))

    def _weighed(self, counts: Mapping[str, int]) -> dict[str, float]:
        known = self._idf
        values = {feature: number * known.get(feature, self._rarest) for feature, number in counts.items()}
        length = math.hypot(*values.values()) or 1.0
        return {feature: value / length for feature, value in values.items()}


class _Profiles:
    """What all wordings of each question have together, for one group."""

    def __init__(self, index: _Index, group: str, questions: Iterable[str], others: float) -> None:
        self._holders: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        self._none = dict.fromkeys(questions, 0.0)
        for question in self._none:
            summed: defaultdict[str, float] = defaultdict(float)
            for (whose, which), total in index.sums.items():
                share = 1.0 if whose == group else others
                if which == question and share:
                    for feature, value in total.items():
                        summed[feature] += share * value
            length = math.hypot(*summed.values()) or 1.0
            for feature, value in summed.items():
                self._holders[feature].append((question, value / length))

    def likeness(self, vector: Mapping[str, float]) -> dict[str, float]:
        """Return the cosine of a text's vector and each question's, 0–1."""
        alike = self._none.copy()
        for feature, value in vector.items():
            for question, weight in self._holders.get(feature, ()):
                alike[question] += value * weight
        return alike


class Wordings:
    """The ways in which the questions of a study's guides are put and answered, learned when first asked for."""

    def __init__(self, protocols: Sequence[Protocol], heard: Iterable[Heard] = ()) -> None:
        """Know the guides' own wordings, and those ``heard`` elsewhere of questions with the same id."""
        self._own = [wording for protocol in protocols for wording in _own(protocol)]
        self._heard = list(heard)
        self._questions = {protocol.group: [question.id for question in protocol.questions()] for protocol in protocols}
        self._profiles: dict[tuple[str, bool], _Profiles] = {}

    def well_known(self, group: str) -> bool:
        """Return whether most questions of the group's guide have been heard; else only its own words tell."""
        questions = self._questions[group]
        return 2 * len(self._ever_heard.intersection(questions)) > len(questions)

    def asked(self, group: str, said: str) -> dict[str, float]:
        """Return how like words of the interviewer's are to each question of the group's guide, 0–1.

        NO_QUESTION is among the questions where the guide is well known.
        """
        vector = self._asked.vector(said)
        whole = self._profile(group, answers=False).likeness(vector)
        likely = {*nlargest(_LIKELY, whole, key=whole.__getitem__), *({NO_QUESTION} & whole.keys())}
        near = self._nearest(group, vector, likely)
        return {question: (near.get(question, 0.0) + value) / 2 for question, value in whole.items()}

    def answered(self, group: str, said: str) -> dict[str, float]:
        """Return how like an answer is to the answers to each question of the group's guide, 0–1."""
        return self._profile(group, answers=True).likeness(self._answers.vector(said[:_ANSWER]))

    def _profile(self, group: str, *, answers: bool) -> _Profiles:
        if (group, answers) not in self._profiles:
            questions = [*self._questions[group], *([NO_QUESTION] if self.well_known(group) else [])]
            index, others = (self._answers, 0.0) if answers else (self._asked, _OTHERS)
            self._profiles[group, answers] = _Profiles(index, group, questions, others)
        return self._profiles[group, answers]

    @cached_property
    def _ever_heard(self) -> frozenset[str]:
        return frozenset(each.question for each in self._heard)

    @cached_property
    def _wordings(self) -> list[_Wording]:
        told = dict.fromkeys(_Wording(each.group, each.question, each.asked, 1.0) for each in self._heard if each.asked)
        return [*self._own, *told]

    @cached_property
    def _asked(self) -> _Index:
        return _Index(self._wordings, _asked_features)

    @cached_property
    def _answers(self) -> _Index:
        said = (_Wording(each.group, each.question, each.answer[:_ANSWER], 1.0) for each in self._heard)
        return _Index([*(wording._replace(weight=1.0) for wording in self._own), *said], _stems)

    @cached_property
    def _holders(self) -> dict[str, dict[str, list[tuple[int, float]]]]:
        """Which wordings of each question have a feature, by number and with its value.

        Only features that tell wordings apart.
        """
        holders: dict[str, dict[str, list[tuple[int, float]]]] = {}
        for number, vector in enumerate(self._asked.vectors):
            question = self._wordings[number].question
            for feature in vector.keys() & self._asked.telling:
                holders.setdefault(feature, {}).setdefault(question, []).append((number, vector[feature]))
        return holders

    def _nearest(self, group: str, vector: Mapping[str, float], questions: Collection[str]) -> dict[str, float]:
        """Return the mean likeness to the two nearest wordings of each of these questions."""
        alike: defaultdict[int, float] = defaultdict(float)
        for feature, value in vector.items():
            holders = self._holders.get(feature, {})
            for question in holders.keys() & questions:
                for number, weight in holders[question]:
                    alike[number] += value * weight
        first = dict.fromkeys(questions, 0.0)
        second = first.copy()
        for number, value in alike.items():
            wording = self._wordings[number]
            share = value if wording.group == group else value * _OTHERS_NEAR
            if share > first[wording.question]:
                first[wording.question], second[wording.question] = share, first[wording.question]
            elif share > second[wording.question]:
                second[wording.question] = share
        return {question: (value + second[question]) / 2 for question, value in first.items()}


def _own(protocol: Protocol) -> Iterator[_Wording]:
    """Yield a guide's own words: the wording counts most; follow-ups and the aim say in other words what is asked."""

    def words_of(question: Question) -> Iterator[tuple[str, float]]:
        yield question.text, 4.0
        yield from ((text, 2.0) for text in question.variants)
        yield from ((text, 1.0) for text in (*question.follow_ups, question.aim) if text)

    for question in protocol.questions():
        yield from (_Wording(protocol.group, question.id, text, weight) for text, weight in words_of(question))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _asked_features(text: str) -> Counter[str]:
    """Count groups of four letters within words, and pairs of words."""
    words = _words(text)
    features = Counter(" ".join(pair) for pair in pairwise(["", *words]))
    for word in words:
        padded = f"<{word}>"
        features.update(padded[at : at + _LETTERS] for at in range(max(1, len(padded) - _LETTERS + 1)))
    return features


def _stems(text: str) -> Counter[str]:
    return Counter(word[:_STEM] for word in _words(text))
