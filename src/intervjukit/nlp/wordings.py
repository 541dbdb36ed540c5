"""How a guide's questions may be worded: likeness between what was said and every question, by its words.

A text is a vector of letter groups and pairs of words, or of word stems for an answer, each weighed by how few
texts have it (tf-idf). A question is as like it as its two most similar wordings, and as all of its wordings
together. What no wording has counts in the length of what was said, so one word in common proves little. No
dictionary is needed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.wordings import NO_QUESTION, Heard
from intervjukit.nlp.cache import kept_arrays

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Features = Callable[[str], list[str]]
MADE_BY = "1"
"""Changes when the same bank would be taken apart in another way."""
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


class _Counts(NamedTuple):
    """What texts have: text ``texts[i]`` has feature ``features[i]`` ``numbers[i]`` times; texts in order."""

    texts: Ints
    features: Ints
    numbers: Ints


class _Texts(NamedTuple):
    """Texts taken apart: the group and the question of each, what their features are called, and what they have."""

    groups: list[str]
    questions: list[str]
    names: list[str]
    counts: _Counts

    @classmethod
    def of(cls, texts: Sequence[tuple[str, str, str]], features: Features) -> _Texts:
        """Take apart texts, each with its group and its question."""
        names: dict[str, int] = {}
        counts = _counted((text for _, _, text in texts), features, names)
        return cls([group for group, _, _ in texts], [question for _, question, _ in texts], [*names], counts)

    def arrays(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        """Yield all of it as plain arrays with their names; ``of_arrays`` makes the same of them."""
        for name, listed in zip(("groups", "questions", "names"), self[:3], strict=True):
            yield name, np.frombuffer("".join(f"{each}\n" for each in listed).encode(), np.uint8)
        for name, numbers in zip(_Counts._fields, self.counts, strict=True):
            yield name, numbers.astype(np.int32)

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], kind: str) -> _Texts:
        """Return what ``arrays`` was made of, their names beginning with ``kind``. Raises KeyError."""
        groups, questions, names = (
            bytes(arrays[kind + name]).decode().split("\n")[:-1] for name in ("groups", "questions", "names")
        )
        counts = _Counts(*(arrays[kind + name].astype(np.int64) for name in _Counts._fields))
        return cls(groups, questions, names, counts)


class Listened(NamedTuple):
    """What a bank has heard, taken apart: the wordings of questions, and the answers."""

    asked: _Texts
    answers: _Texts

    @classmethod
    def to(cls, heard: Iterable[Heard]) -> Listened:
        """Take apart what has been heard; a wording that is the same counts once."""
        heard = list(heard)
        asked = list(dict.fromkeys((each.group, each.question, each.asked) for each in heard if each.asked))
        answers = [(each.group, each.question, each.answer[:_ANSWER]) for each in heard]
        return cls(_Texts.of(asked, _asked_features), _Texts.of(answers, _stems))

    @classmethod
    def kept(
        cls, texts: Sequence[str], heard: Callable[[Sequence[str]], Iterable[Heard]], cache: Path | None
    ) -> Listened:
        """Return what is ``heard`` in the texts of a bank; taken apart once and then kept, as ``kept_arrays`` tells."""
        sign = hashlib.sha256(MADE_BY.encode())
        for text in texts:
            sign.update(b"\0" + text.encode())
        return kept_arrays(
            cache, f"fragor-{sign.hexdigest()[:24]}", cls.of_arrays, lambda: cls.to(heard(texts)), cls.arrays
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all of it as plain arrays; ``of_arrays`` makes the same of them."""
        sides = zip(self._fields, self, strict=True)
        return {f"{kind}_{name}": array for kind, texts in sides for name, array in texts.arrays()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Listened:
        """Return what ``arrays`` was made of. Raises KeyError when something is missing."""
        return cls(*(_Texts.of_arrays(arrays, f"{kind}_") for kind in cls._fields))


class _Wording(NamedTuple):
    group: str
    question: str
    text: str
    weight: float


class _Index:
    """Texts of several groups, weighed against one another.

    Text ``texts[i]`` has feature ``features[i]`` with the weight ``values[i]``, in the order of the features.
    """

    def __init__(self, heard: _Texts, own: Sequence[_Wording], features: Features) -> None:
        self._features = features
        self._names = {name: number for number, name in enumerate(heard.names)}
        more = _counted((wording.text for wording in own), features, self._names)
        self.groups = np.array([*heard.groups, *(wording.group for wording in own)], dtype=object)
        self._numbers: dict[str, int] = {}
        questions = (*heard.questions, *(wording.question for wording in own))
        self._questions = np.array([self._numbers.setdefault(each, len(self._numbers)) for each in questions], np.int64)
        self.size = size = len(questions)
        features_of = np.concatenate([heard.counts.features, more.features])
        order = np.argsort(features_of, kind="stable")
        self.features = features_of[order]
        self.texts = np.concatenate([heard.counts.texts, more.texts + len(heard.questions)])[order]
        numbers = np.concatenate([heard.counts.numbers, more.numbers])[order]
        self.having = np.bincount(self.features, minlength=len(self._names))
        self._rarest, self._idf = float(np.log(1 + size)), np.log((1 + size) / np.maximum(1, self.having))
        self.values = numbers * self._idf[self.features]
        lengths = np.sqrt(np.bincount(self.texts, self.values**2, minlength=size))
        self.values /= lengths[self.texts]

    def vector(self, text: str) -> tuple[Ints, Floats]:
        """Return what a text has that is known, and by what weight; with what is not, the vector's length is 1."""
        counts = Counter(self._features(text))
        known = {self._names[name]: number for name, number in counts.items() if name in self._names}
        features = np.fromiter(known.keys(), np.int64, len(known))
        values = np.fromiter(known.values(), np.float64, len(known)) * self._idf[features]
        unknown = sum(number**2 for name, number in counts.items() if name not in self._names)
        length = np.sqrt(values @ values + unknown * self._rarest**2) or 1.0
        return features, values / length

    def columns(self, questions: Sequence[str]) -> Ints:
        """Return for each text the place of its question among these, −1 for none of them."""
        places = np.full(len(self._numbers) + 1, -1)
        places[[self._numbers.get(question, -1) for question in questions]] = np.arange(len(questions))
        places[-1] = -1
        return places[self._questions]

    def profile(self, questions: Sequence[str], shares: Floats) -> npt.NDArray[np.float32]:
        """Return what each question's texts have together, each text by its share: features × questions.

        Each column's length is 1.
        """
        columns = self.columns(questions)
        shares = np.where(columns < 0, 0.0, shares)
        among = np.flatnonzero(shares[self.texts])
        texts = self.texts[among]
        places = self.features[among] * len(questions) + columns[texts]
        shape = len(self._names), len(questions)
        summed = np.bincount(places, self.values[among] * shares[texts], minlength=shape[0] * shape[1]).reshape(shape)
        lengths = np.sqrt(np.einsum("ij,ij->j", summed, summed))
        return (summed / np.where(lengths, lengths, 1.0)).astype(np.float32)


class _Nearest:
    """The wordings of a group's questions, to find those most like a text; only features that tell them apart."""

    def __init__(self, index: _Index, group: str, questions: Sequence[str]) -> None:
        columns = index.columns(questions)
        order = np.argsort(columns, kind="stable")
        order = order[np.searchsorted(columns[order], 0) :]
        self._questions = len(questions)
        self._columns = columns[order]
        self._asked, self._firsts = np.unique(self._columns, return_index=True)
        self._sizes = np.diff(self._firsts, append=len(order))
        self._shares = np.where(index.groups[order] == group, 1.0, _OTHERS_NEAR)
        numbers = np.full(index.size, -1)
        numbers[order] = np.arange(len(order))
        telling = index.having <= max(_COMMON * index.size, 3)
        among = np.flatnonzero(telling[index.features] & (numbers[index.texts] >= 0))
        self._holders = numbers[index.texts[among]].astype(np.int32)
        self._weights = index.values[among].astype(np.float32)
        self._starts = np.searchsorted(index.features[among], np.arange(len(index.having) + 1))

    def likeness(self, features: Ints, values: Floats) -> Floats:
        """Return the mean likeness of a text to the two nearest wordings of each question."""
        starts = self._starts[features]
        lengths = self._starts[features + 1] - starts
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        weights = self._weights[places] * np.repeat(values, lengths)
        alike = np.bincount(self._holders[places], weights, minlength=len(self._columns)) * self._shares
        first = np.maximum.reduceat(alike, self._firsts)
        best = np.flatnonzero(alike == np.repeat(first, self._sizes))
        alike[best[np.searchsorted(best, self._firsts)]] = 0.0
        near = np.zeros(self._questions)
        near[self._asked] = (first + np.maximum.reduceat(alike, self._firsts)) / 2
        return near


class LearnedWordings:
    """The ways in which the questions of a study's guides are put and answered, learned when first asked for."""

    def __init__(self, protocols: Sequence[Protocol], heard: Listened | Iterable[Heard] = ()) -> None:
        """Know the guides' own wordings, and those ``heard`` elsewhere of questions with the same id."""
        self._own = [wording for protocol in protocols for wording in _own(protocol)]
        self._heard = heard if isinstance(heard, Listened) else Listened.to(heard)
        self._questions = {protocol.group: [question.id for question in protocol.questions()] for protocol in protocols}
        self._profiles: dict[tuple[str, bool], npt.NDArray[np.float32]] = {}
        self._nearest: dict[str, _Nearest] = {}

    def well_known(self, group: str) -> bool:
        """Return whether most questions of the group's guide have been heard; else only its own words tell."""
        questions = self._questions[group]
        return 2 * len(self._ever_heard.intersection(questions)) > len(questions)

    def asked(self, group: str, said: str) -> dict[str, float]:
        """Return how like words of the interviewer's are to each question of the group's guide, 0–1.

        NO_QUESTION is among the questions where the guide is well known.
        """
        questions = self._places(group)
        if not questions:
            return {}
        features, values = self._asked.vector(said)
        whole = values @ self._profile(group, answers=False)[features]
        if group not in self._nearest:
            self._nearest[group] = _Nearest(self._asked, group, questions)
        near = self._nearest[group].likeness(features, values)
        unlikely = np.argsort(-whole, kind="stable")[_LIKELY:]
        near[[place for place in unlikely if questions[place] != NO_QUESTION]] = 0.0
        return dict(zip(questions, ((near + whole) / 2).tolist(), strict=True))

    def answered(self, group: str, said: str) -> dict[str, float]:
        """Return how like an answer is to the answers to each question of the group's guide, 0–1."""
        features, values = self._answers.vector(said[:_ANSWER])
        whole = values @ self._profile(group, answers=True)[features]
        return dict(zip(self._places(group), whole.tolist(), strict=True))

    def _places(self, group: str) -> list[str]:
        return [*self._questions[group], *([NO_QUESTION] if self.well_known(group) else [])]

    def _profile(self, group: str, *, answers: bool) -> npt.NDArray[np.float32]:
        if (group, answers) not in self._profiles:
            index, others = (self._answers, 0.0) if answers else (self._asked, _OTHERS)
            shares = np.where(index.groups == group, 1.0, others)
            if not answers:
                shares[index.size - len(self._own) :] *= [wording.weight for wording in self._own]
            self._profiles[group, answers] = index.profile(self._places(group), shares)
        return self._profiles[group, answers]

    @cached_property
    def _ever_heard(self) -> frozenset[str]:
        return frozenset(self._heard.answers.questions)

    @cached_property
    def _asked(self) -> _Index:
        return _Index(self._heard.asked, self._own, _asked_features)

    @cached_property
    def _answers(self) -> _Index:
        return _Index(self._heard.answers, self._own, _stems)


def _own(protocol: Protocol) -> Iterator[_Wording]:
    """Yield a guide's own words: the wording counts most; follow-ups and the aim say in other words what is asked."""

    def words_of(question: Question) -> Iterator[tuple[str, float]]:
        yield question.text, 4.0
        yield from ((text, 2.0) for text in question.variants)
        yield from ((text, 1.0) for text in (*question.follow_ups, question.aim) if text)

    for question in protocol.questions():
        yield from (_Wording(protocol.group, question.id, text, weight) for text, weight in words_of(question))


def _counted(texts: Iterable[str], features: Features, names: dict[str, int]) -> _Counts:
    """Count what texts have; features that are new are added to ``names`` with their numbers."""
    found: list[int] = []
    lengths: list[int] = []
    for text in texts:
        before = len(found)
        found += [names.setdefault(name, len(names)) for name in features(text)]
        lengths.append(len(found) - before)
    size = max(1, len(names))
    places = np.repeat(np.arange(len(lengths)), lengths) * size + np.array(found, np.int64)
    places, numbers = np.unique(places, return_counts=True)
    return _Counts(places // size, places % size, numbers)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[str, ...]:
    """Return the groups of four letters within a word."""
    padded = f"<{word}>"
    return tuple(padded[at : at + _LETTERS] for at in range(max(1, len(padded) - _LETTERS + 1)))


def _asked_features(text: str) -> list[str]:
    """Return the groups of letters within words, and pairs of words."""
    words = _words(text)
    features = [" ".join(pair) for pair in pairwise(["", *words])]
    for word in words:
        features += _letters(word)
    return features


def _stems(text: str) -> list[str]:
    return [word[:_STEM] for word in _words(text)]
