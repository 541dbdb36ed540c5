"""What the models see of a stretch of talk: its words in several keys, what stands around it, and what was asked.

Everything about a word is worked out once for each word type and summed over where it is said, so the cost grows
with the vocabulary and hardly with the text, and a linear model's weights fall on words that a person can read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from intervjukit.nlp.linear import Floats
from intervjukit.nlp.runs import Runs
from intervjukit.nlp.speech import mended
from intervjukit.nlp.swedish import USUAL, Words

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
NEAR = 0.3
"""How much of the neighbouring segments' words counts for a segment."""
_ASKED, _CIRCUMSTANCE, _RULES = 0.6, 0.3, 0.6
_RARE = 5
_NGRAMS = range(4, 6)
_KEYS = ("words", "letters", "asked")
_RUNS = "runs_"
_NOTHING = 1e-9
"""The length of a text none of whose features is known."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a respondent's turn that may be coded, with what surrounds it.

    ``turn`` tells which segments stand in the same turn; ``circumstances`` are what is known beside the words
    (group, question, the party it is about, first or last in the answer …), ``rules`` how strongly each
    indicator, cue or sign speaks (0–1). ``early`` is 1 where an interview begins and 0 from its first fifth on.
    """

    turn: int
    start: int
    end: int
    text: str
    asked: str = ""
    circumstances: tuple[str, ...] = ()
    rules: Mapping[str, float] = field(default_factory=dict)
    early: float = 0.0


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, spoken forms mended ("nån" is "någon")."""
    return [mended(low) for low in WORD.findall(text.lower())]


def as_written(text: str) -> dict[str, str]:
    """Return how each of a text's words is written in it: the first place stands for all."""
    written: dict[str, str] = {}
    for word in WORD.findall(text):
        written.setdefault(mended(word.lower()), word)
    return written


def _lexical(swedish: Words, word: str) -> list[str]:
    """Return the keys under which forms of a word meet: form, lemma and the parts of a compound."""
    return list(dict.fromkeys([word, swedish.lemma(word), *(f"+{part}" for part in swedish.keys(word).parts)]))


def _letters(swedish: Words, word: str) -> list[str]:
    """Return the runs of four and five letters in a word, its edges marked with spaces.

    They tell what an unknown word may be made of. Where the study says it, each part has its own, and a word that
    stays whole has none.
    """
    parts = swedish.keys(word).parts if swedish.own(word) else (word,)
    return [run for part in parts for run in _runs(f" {part} ")]


def _runs(edged: str) -> list[str]:
    return [edged[i : i + n] for n in _NGRAMS for i in range(max(0, len(edged) - n + 1))] or [edged]


class Said:
    """The word types of some texts, and how often each is said: ``counts`` is texts by types."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        """Count the words of each text."""
        place: dict[str, int] = {}
        columns: list[int] = []
        ends = [0]
        for text in texts:
            columns += [place.setdefault(word, len(place)) for word in text]
            ends.append(len(columns))
        shape = (len(ends) - 1, len(place))
        self.counts = sp.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)
        self.counts.sum_duplicates()
        self.types = list(place)


class Keys:
    """One way of describing words, each key weighted by how rare it is where it was fitted."""

    def __init__(self, analyse: Callable[[str], list[str]]) -> None:
        """Describe words with ``analyse``."""
        self._analyse = analyse
        self.places: dict[str, int] = {}
        self.rarity = np.zeros(0, np.float32)

    def fit(self, said: Said) -> Keys:
        """Learn the keys that are said in at least five texts, and how rare each is."""
        every = sorted({key for word in said.types for key in self._analyse(word)})
        self.keep(every, np.ones(len(every)))
        counts = np.asarray((said.counts @ self.of_types(said.types) > 0).sum(0)).ravel()
        kept = np.flatnonzero(counts >= _RARE)
        rarity = np.log((1 + said.counts.shape[0]) / (1 + counts[kept])) + 1
        return self.keep([every[place] for place in kept], rarity)

    def keep(self, keys: Iterable[str], rarity: Floats) -> Keys:
        """Take keys and their rarity from an earlier fit."""
        self.places = {str(key): place for place, key in enumerate(keys)}
        self.rarity = np.asarray(rarity, np.float32)
        return self

    def of_types(self, types: Sequence[str]) -> sp.csr_matrix:
        """Return word types by keys, weighted."""
        places = self.places
        rows = [sorted({places[key] for key in self._analyse(word) if key in places}) for word in types]
        columns = np.fromiter((column for row in rows for column in row), np.int32)
        ends = np.cumsum([0, *map(len, rows)])
        return sp.csr_matrix((self.rarity[columns], columns, ends), shape=(len(types), len(places)))

    def rows(self, said: Said) -> sp.csr_matrix:
        """Return texts by keys, each row of length 1 (or 0 when none of its keys is known)."""
        rows = (said.counts @ self.of_types(said.types)).tocsr()
        return (sp.diags(1 / _lengths(rows)) @ rows).tocsr()


def _lengths(rows: sp.csr_matrix) -> Floats:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(1), np.float32).ravel())
    return np.maximum(lengths, np.float32(_NOTHING))


class Features:
    """Turns segments into rows of numbers, the same way every time once it has been fitted."""

    def __init__(self, swedish: Words = USUAL) -> None:
        """Make features that know nothing yet but the keys that ``swedish`` gives words."""
        self._swedish, lexical, letters = swedish, partial(_lexical, swedish), partial(_letters, swedish)
        self.words, self.letters, self.asked = Keys(lexical), Keys(letters), Keys(lexical)
        self.runs = Runs()
        self.names: dict[str, int] = {}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what has been learned as plain arrays."""
        kept = {"names": np.array(list(self.names), dtype=str)}
        for name in _KEYS:
            keys: Keys = getattr(self, name)
            kept |= {f"{name}_keys": np.array(list(keys.places), dtype=str), f"{name}_rarity": keys.rarity}
        return kept | {f"{_RUNS}{name}": its for name, its in self.runs.arrays().items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], swedish: Words = USUAL) -> Features:
        """Return the features that ``arrays`` was made of, with the same ``swedish``."""
        features = cls(swedish)
        for name in _KEYS:
            getattr(features, name).keep(arrays[f"{name}_keys"].tolist(), arrays[f"{name}_rarity"])
        features.runs = Runs.of_arrays(
            {name.removeprefix(_RUNS): its for name, its in arrays.items() if name.startswith(_RUNS)}
        )
        features.names = {name: place for place, name in enumerate(arrays["names"].tolist())}
        return features

    def fit(self, segments: Sequence[Segment]) -> sp.csr_matrix:
        """Learn the keys, circumstances and rules of ``segments``, and return their rows."""
        heard = _heard(segments, self._swedish)
        self.words.fit(heard.words)
        self.letters.fit(heard.words)
        self.runs = Runs.fit(heard.base)
        self.asked.fit(heard.asked)
        named = {name for segment in segments for name in (*segment.circumstances, *segment.rules)}
        self.names = {name: place for place, name in enumerate(sorted(named))}
        return self._rows(segments, heard)

    def rows(self, segments: Sequence[Segment]) -> sp.csr_matrix:
        """Return segments by features, in float32."""
        return self._rows(segments, _heard(segments, self._swedish))

    def _rows(self, segments: Sequence[Segment], heard: _Heard) -> sp.csr_matrix:
        runs, asked = self.runs.rows(heard.base), _ASKED * self.asked.rows(heard.asked)
        parts = [self.words.rows(heard.words), self.letters.rows(heard.words), runs, self._named(segments), asked]
        return sp.hstack(parts, dtype=np.float32).tocsr()

    def near(self, rows: sp.csr_matrix, segments: Sequence[Segment]) -> sp.csr_matrix:
        """Return what the segments beside each one say, for adding to ``rows``."""
        said = len(self.words.places) + len(self.letters.places) + len(self.runs)
        only = sp.diags(np.r_[np.full(said, NEAR), np.zeros(rows.shape[1] - said)].astype(np.float32))
        return (neighbours(segments) @ rows @ only).tocsr()

    def _named(self, segments: Sequence[Segment]) -> sp.csr_matrix:
        return by_name(
            (
                dict.fromkeys(segment.circumstances, _CIRCUMSTANCE)
                | {name: _RULES * strength for name, strength in segment.rules.items()}
                for segment in segments
            ),
            self.names,
        )


def by_name(found: Iterable[Mapping[str, float]], names: Mapping[str, int]) -> sp.csr_matrix:
    """Return what has been found as rows, each value in the column that ``names`` gives; other names are left out."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for its in found:
        known = {names[name]: value for name, value in its.items() if name in names}
        columns += known.keys()
        values += known.values()
        ends.append(len(columns))
    return sp.csr_matrix((np.array(values, np.float32), columns, ends), shape=(len(ends) - 1, len(names)))


class _Heard(NamedTuple):
    """What is said in some segments: words, their base forms in order, and the interviewer's words before."""

    words: Said
    base: Sequence[Sequence[str]]
    asked: Said


def _heard(segments: Sequence[Segment], swedish: Words) -> _Heard:
    said, lemma = [words(segment.text) for segment in segments], swedish.lemma
    base = [[lemma(word) for word in its] for its in said]
    return _Heard(Said(said), base, Said(words(segment.asked) for segment in segments))


def neighbours(segments: Sequence[Segment]) -> sp.csr_matrix:
    """Return segments by segments: 1 where one stands next to the other in the same turn."""
    beside = [i for i in range(len(segments) - 1) if segments[i].turn == segments[i + 1].turn]
    after = [i + 1 for i in beside]
    shape = (len(segments), len(segments))
    return sp.csr_matrix((np.ones(2 * len(beside), np.float32), (beside + after, after + beside)), shape=shape)


class Shares:
    """What each word of some texts adds to their scores by itself, whatever stands around it."""

    def __init__(self, features: Features, texts: Sequence[str], weights: Floats) -> None:
        """Prepare for ``texts``, given the weights of features by targets."""
        said = Said(words(text) for text in texts)
        self.types, self._counts = np.array(said.types, dtype=object), said.counts
        middle = len(features.words.places)
        self._blocks = []
        for block, its in ((features.words, weights[:middle]), (features.letters, weights[middle:])):
            rows = block.of_types(said.types)
            lengths = _lengths((said.counts @ rows).tocsr())
            squares = np.asarray(rows.multiply(rows).sum(1)).ravel()
            self._blocks.append((np.asarray(rows @ its[: rows.shape[1]]), squares, lengths))

    def of(self, text: int) -> tuple[npt.NDArray[Any], Floats]:
        """Return the word types of a text, and what each adds: words by targets."""
        inside = slice(*self._counts.indptr[text : text + 2])
        types, times = self._counts.indices[inside], self._counts.data[inside, None]
        return self.types[types], np.sum([its[types] * times / lengths[text] for its, _, lengths in self._blocks], 0)

    def heaviest(self, targets: Sequence[npt.NDArray[np.intp]], worth: Floats, most: int) -> npt.NDArray[np.intp]:
        """Return the words that speak most for each text's own ``targets`` (arrays of one per text), heaviest first.

        What a word adds counts times its ``worth``. Texts by ``most`` places in ``types``; -1 where there are no more.
        """
        per_text = np.diff(self._counts.indptr)
        text, types = np.repeat(np.arange(len(per_text)), per_text), self._counts.indices
        weight = np.zeros(len(types))
        for its in targets:
            added = sum(block[types, its[text]] / lengths[text] for block, _, lengths in self._blocks)
            weight += np.maximum(added * self._counts.data, 0)
        weight *= worth[types]
        ordered = np.lexsort((types, -weight, text))  # one text after the other: each keeps its stretch
        rank = np.arange(len(types)) - np.repeat(self._counts.indptr[:-1], per_text)
        taken = (rank < most) & (weight[ordered] > 0)
        found = np.full((len(per_text), most), -1)
        found[text[taken], rank[taken]] = types[ordered[taken]]
        return found

    def without(self, words: npt.NDArray[np.intp], targets: Sequence[int]) -> Floats:
        """Return how the scores change when a text's first word of ``words`` goes, the first two, and so on.

        Texts by words by targets. What is left weighs more when there is less of it, for a text's features have the
        same length in all. Words are taken to share no features, so it is an estimate.
        """
        texts = np.arange(len(words))[:, None]
        times = np.where(words < 0, 0, np.asarray(self._counts[texts, words].todense()))
        changes = np.zeros((*words.shape, len(targets)))
        for added, squares, lengths in self._blocks:
            its = added[:, targets]
            whole = (self._counts @ its / lengths[:, None])[:, None]
            kept = whole - np.cumsum(its[words] * (times / lengths[:, None])[..., None], axis=1)
            length = np.maximum(self._counts.power(2) @ squares, _NOTHING)[:, None]
            left = 1 - np.cumsum(squares[words] * times**2, axis=1) / length
            grown = np.where(left > _NOTHING, 1 / np.sqrt(np.maximum(left, _NOTHING)), 0)
            changes += kept * grown[..., None] - whole
        return changes
