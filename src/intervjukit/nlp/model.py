"""The models behind the suggestions: is this something to code, and then which code, slag, part and skede.

A linear model is fitted on examples (the bank of utterances, the code book's own). What a study's coders decide is
learned on top of it as a correction: ridge regression on what the model got wrong, so it works from the first decision,
does not depend on their order, and a segment nobody has decided on says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from intervjukit.nlp.features import Features, Segment, words
from intervjukit.nlp.joining import JOINED, Links, known_pairs
from intervjukit.nlp.linear import Decided, Floats, Linear, beside, corrected, fitted, level, of_target
from intervjukit.nlp.swedish import USUAL, Words

if TYPE_CHECKING:
    from intervjukit.nlp.reader import Read

Bools = npt.NDArray[np.bool_]
Weights = tuple[float, ...]
CODABLE = "codable"
CODE = "code"
_SLAG = "valence"
TOLD_CODES = 3
"""How many codes are told of a place, the proposed ones first: each of them is one key away."""
ALSO = 0.35
"""A second code is proposed when it is at least this likely."""
_STRICT_SPOTS, _STRICT_CONTENT, _STRICT_JOINS = 0.1, 0.1, 0.1
_COUNTED, _SMOOTH = 0.1, 0.1
"""How much word counts add to the margins, and what is added to every count."""
_CAUTION_SPOTS, _CAUTION_CONTENT = 15.0, 2.0
"""How many decisions it takes to move a score half-way (ridge penalty): what is to be coded, and as what."""
_BY_WORDS, _CLOSELY = (1.4, 0.6, 1.8, -2.2, -1.3), (0.75, 0.4, 2.25, -1.8, -1.2)
"""How a segment's score, length, clear codes and place in the interview make it likely that there is something to code,
and how likely it is without any: by its words, and when it has been read closely too.

The bank cannot teach the last three: its writers were told to let length tell nothing, and real talk is less clear than
theirs. Fitted on four sets of interviews (``bench/quality.py calibration``), which agree on all but the last, how much
the coder codes: there the middle one counts."""
_READ = {CODABLE: 0.59, JOINED: 1.0}
_READ_CONTENT = 0.3
"""How much what has been read closely tells beside the words: of whether there is something to code and whether the
same point goes on (see ``_GOES_ON``), and of every code and value."""
_GOES_ON, _GOES_ON_CLOSELY = (2.55, 0.0, 1.6, 2.05, -2.3), (1.1, 0.65, 1.75, 1.7, -1.4)
"""How two segments in a row make it likely that they are of one passage: how the second begins and how long they are,
that the reader thinks so, that they have the same code, and the same slag; and how likely it is without: by the words,
and read closely. Fitted on the same four sets (``bench/quality.py joined``)."""
_USUAL, _RARELY = 0.4, 0.5
"""How much it weighs which values are usual with a code, and how often any two are taken to have been together."""
_FEW = 8
"""Of a segment with fewer words than this its context would tell more than the segment itself, so it is heeded less."""
_NEAR = 0.8
"""From what share of what counts (by the words) a segment's turn is read closely."""
_LEAST = 1e-6
"""What a chance is never taken to be under, nor nearer to 1."""
_MODELS = ("spots", "content", "joins")
_SPREAD, _SPREAD_OF_CODES = 1.6, 2.0
"""From scores to chances of values and codes, fitted on the same four sets."""


@dataclass(frozen=True, slots=True)
class Example:
    """A segment and what a coder gave it.

    Something can be ``codable`` without codes: in examples made for another code book. ``passage`` tells which
    segments are of the same passage of the same turn.
    """

    segment: Segment
    codable: bool = False
    passage: int = 0
    codes: tuple[str, ...] = ()
    facets: Mapping[str, str] = field(default_factory=dict)


def _read_weight(target: str) -> float:
    """Return how much what has been read closely tells of a target, beside the words."""
    return _READ.get(target, _READ_CONTENT)


def chances(scores: Floats, facet: str = "") -> Floats:
    """Return how likely each value of a facet (or each code, for ``CODE``) is: rows of scores to rows that add to 1."""
    if not scores.shape[1]:
        return scores
    spread = _SPREAD_OF_CODES if facet == CODE else _SPREAD
    grown = np.exp(spread * (scores - scores.max(1, keepdims=True)))
    return np.asarray(grown / grown.sum(1, keepdims=True))


def told(codes: Floats) -> Floats:
    """Return how likely one of the codes that are told of a place is to be right, by rows of the codes' scores."""
    return np.asarray(np.sort(chances(codes, CODE), 1)[:, -TOLD_CODES:].sum(1))


def heeded(lengths: Floats) -> Floats:
    """Return how much what is read of segments with so many words is heeded (0–1)."""
    return np.asarray(np.minimum(1, lengths / _FEW))


def _likely(codable: Floats, lengths: Floats, among: Floats, early: Floats, closely: Bools) -> Floats:
    """Return how likely it is that there is something to code in segments, which have been read ``closely`` or not."""
    known = (codable, np.log1p(lengths), np.log(np.maximum(among, _LEAST)), early, np.ones_like(codable))
    return _logistic(known, closely, _CLOSELY, _BY_WORDS)


def _logistic(known: Sequence[Floats], closely: Bools, when_read: Weights, else_: Weights) -> Floats:
    """Return how likely something is (0–1) by what is known, each weighed as it is for what has been read or not."""
    weighed = (its * np.where(closely, *weights) for its, *weights in zip(known, when_read, else_, strict=True))
    return np.asarray(1 / (1 + np.exp(-sum(weighed))))


class CodingModel:
    """Scores segments: ``spots`` says whether there is something to code, ``content`` what, ``joins`` how far."""

    def __init__(
        self,
        features: Features,
        spots: Linear,
        content: Linear,
        links: Links,
        joins: Linear,
        usual: Floats,
        read: Read | None = None,
    ) -> None:
        """Put together a model; see ``fit``. ``usual`` counts how often the content's targets stand together.

        ``read`` is what reads closely, in a model that heeds it.
        """
        self.features, self.spots, self.content = features, spots, content
        self.links, self.joins, self.usual, self.read = links, joins, usual, read

    def closely(self, read: Read) -> CodingModel:
        """Return the model heeding what ``read`` reads too."""
        spots, content, joins = (
            its.heeding(read.heads, _read_weight) for its in (self.spots, self.content, self.joins)
        )
        return CodingModel(self.features, spots, content, self.links, joins, self.usual, read)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that the model has learned as plain arrays; ``of_arrays`` makes the same model of them."""
        models = {
            f"{name}_{part}": np.array(getattr(getattr(self, name), part))
            for name in _MODELS
            for part in ("targets", "weights", "bias")
        }
        others = {"links": np.array(list(self.links.names), dtype=str), "usual": self.usual}
        return models | others | self.features.arrays()

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], swedish: Words = USUAL) -> CodingModel:
        """Return the model that ``arrays`` was made of. Raises KeyError when something is missing."""
        spots, content, joins = (
            Linear([str(t) for t in arrays[f"{name}_targets"]], arrays[f"{name}_weights"], arrays[f"{name}_bias"])
            for name in _MODELS
        )
        links = Links(arrays["links"].tolist())
        return cls(Features.of_arrays(arrays, swedish), spots, content, links, joins, arrays["usual"])

    @classmethod
    def fit(cls, examples: Sequence[Example], swedish: Words = USUAL) -> CodingModel:
        """Return a model of ``examples``, which stand in the order they were said, with the study's own compounds."""
        segments = [example.segment for example in examples]
        features = Features(swedish)
        own = features.fit(segments)
        around = (own + features.near(own, segments)).tocsr()
        coded = [place for place, example in enumerate(examples) if example.codable]
        yes = [CODABLE if example.codable else "" for example in examples]
        spots = of_target(_weighed(own, yes, _STRICT_SPOTS), CODABLE)
        rows = around[coded]
        codes = [(row, code) for row, place in enumerate(coded) for code in examples[place].codes]
        models = [_labelled(rows, codes, CODE)]
        for facet in sorted({facet for place in coded for facet in examples[place].facets}):
            given = [(row, examples[place].facets.get(facet, "")) for row, place in enumerate(coded)]
            models.append(_labelled(rows, [(row, value) for row, value in given if value], facet))
        content = beside(models, own.shape[1])
        return cls(features, spots, content, *_joins(examples), _together(examples, content.targets))

    def rows(self, segments: Sequence[Segment]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Return segments by features: their own, and with what the segments beside them say."""
        own = self.features.rows(segments)
        return own, (own + self.features.near(own, segments)).tocsr()


class Reading:
    """Segments as the model sees them, with its scores; ``learn`` corrects the model from decisions on them."""

    def __init__(self, segments: Sequence[Segment], model: CodingModel) -> None:
        """Score ``segments``, which stand in the order they were said, each turn whole."""
        self.segments, self._model, self.features = segments, model, model.features
        self.own, self.around = model.rows(segments)
        self._links = model.joins.scores(model.links.rows(segments))[:, 0]
        self.spots, self.content = model.spots, model.content
        self.read: Floats | None = None  # 0 for the segments that nobody has asked to have read closely
        self.lengths = np.array([len(words(segment.text)) for segment in segments], np.float32)
        self.early = np.array([segment.early for segment in segments], np.float32)
        self._closely = np.zeros(len(segments), bool)
        self.rescore()

    def rescore(self) -> None:
        """Work out the scores anew, per segment: ``codable``, and ``scores`` by target of the content.

        ``among`` is how likely one of the three likeliest codes is to be right, if there is something to code.
        """
        self.codable = self.spots.scores(self.own, self.read)[:, 0]
        self.scores = self.content.scores(self.around, self.read)
        self.among = told(self.facet(CODE)[1])

    def goes_on(self) -> Floats:
        """Return how likely the segment after each one is to make the same point, if both are codable (0–1)."""
        return _logistic(self.pairs(), self._closely[:-1], _GOES_ON_CLOSELY, _GOES_ON)

    def pairs(self) -> list[Floats]:
        """Return what tells whether each segment and the next make the same point, in the order of ``_GOES_ON``."""
        closely, one = self._model.joins.closely, np.ones_like(self._links)[:-1]
        read = 0 * one if self.read is None or closely is None else self.read[1:] @ closely[:, 0]
        same = ((its[:-1] * its[1:]).sum(1) for its in (chances(self.facet(kind)[1], kind) for kind in (CODE, _SLAG)))
        return [self._links[:-1], read, *same, one]

    def likely(self) -> Floats:
        """Return how likely it is that there is something to code in each segment (0–1)."""
        return _likely(self.codable, self.lengths, self.among, self.early, self._closely)

    def worth(self) -> Floats:
        """Return how likely each segment is to hold something to code, and one of the codes told to be right."""
        return np.asarray(self.likely() * self.among)

    def read_scores(self, places: Sequence[int]) -> Floats:
        """Return the part of segments' scores that is read closely: first of ``codable``, then by target of content."""
        parts = [its.closely for its in (self.spots, self.content) if its.closely is not None]
        if self.read is None or not parts:
            return np.zeros((len(places), 1 + len(self.content.targets)), np.float32)
        return np.asarray(self.read[places] @ np.hstack(parts))

    def likely_with(self, places: npt.NDArray[np.intp], codable: Floats, among: Floats, lengths: Floats) -> Floats:
        """Return how likely it would be that there is something to code in segments, were this known of them."""
        return _likely(codable, lengths, among, self.early[places], self._closely[places])

    def learn(self, decided: Mapping[int, Decided]) -> None:
        """Correct the models by decisions on some of the segments, given by their place.

        A target that no decision speaks of keeps its score; a code the model has not met begins at "no". How far a
        passage goes is not learned: where two codings meet, one suggestion over both still saves the reader time.
        """
        if decided:
            self._read_turns_of(np.array(sorted(decided)))
            met = {target for verdict in decided.values() for target in verdict.yes | verdict.no} - {CODABLE}
            self.content = self.content.with_targets(sorted(met))
            spots = corrected(self.spots, self.own, decided, _CAUTION_SPOTS, self.read)
            self.spots = level(self.spots, spots, self.own)
            self.content = corrected(self.content, self.around, decided, _CAUTION_CONTENT, self.read)
            self.rescore()

    def read_closely(self, least: float) -> None:
        """Read the turns in which the words nearly make a segment count (be worth ``least``).

        For the others it would take long and change nothing. Does nothing in a model that does not read.
        """
        self._read_turns_of(np.flatnonzero(self.worth() >= _NEAR * least))
        self.rescore()

    def _read_turns_of(self, places: npt.NDArray[np.intp]) -> None:
        if not self._model.read:
            return
        turns = np.array([segment.turn for segment in self.segments])
        its = np.flatnonzero(np.isin(turns, turns[places]))
        rows = self._model.read.rows([self.segments[place] for place in its.tolist()])
        known = np.zeros((len(self.segments), rows.shape[1]), np.float32) if self.read is None else self.read.copy()
        known[its] = rows * heeded(self.lengths[its])[:, None]
        self.read, self._closely = known, self._closely.copy()  # a copy of this reading may have the others
        self._closely[its] = True

    def learned(self) -> CodingModel:
        """Return the model as it has been corrected."""
        its = self._model
        return CodingModel(self.features, self.spots, self.content, its.links, its.joins, its.usual, its.read)

    def facet(self, facet: str) -> tuple[list[str], Floats]:
        """Return the values of a facet (or the codes, for ``CODE``) and the segments' scores on them."""
        places = [place for place, target in enumerate(self.content.targets) if target.startswith(f"{facet}:")]
        return [self.content.targets[place].partition(":")[2] for place in places], self.scores[:, places]

    def passages(self, passages: Sequence[Sequence[int]], facets: Sequence[str]) -> dict[str, tuple[list[str], Floats]]:
        """Return the codes (``CODE``) and each facet's values, with how likely each is in each of some passages.

        A passage is segments in a row; each tells by its length. Values usual with the likely codes are likelier.
        """
        places = [place for passage in passages for place in passage]
        ends = np.cumsum([0, *map(len, passages)])
        lengths = sp.csr_matrix((self.lengths[places], places, ends), shape=(len(passages), len(self.segments)))
        shares = sp.diags(1 / np.maximum(np.asarray(lengths.sum(1)).ravel(), 1)) @ lengths
        told = {}
        for facet in (CODE, *facets):
            values, scores = self.facet(facet)
            told[facet] = values, chances(np.asarray(shares @ scores), facet)
        for facet in facets:
            values, likely = told[facet]
            likely = likely * (told[CODE][1] @ self._usual(facet)) ** _USUAL
            told[facet] = values, likely / np.maximum(likely.sum(1, keepdims=True), _LEAST)
        return told

    def _usual(self, facet: str) -> Floats:
        """Return codes by values of a facet: how likely each value is where a code is, by the examples."""
        rows, columns = (
            [place for place, target in enumerate(self.content.targets) if target.startswith(f"{kind}:")]
            for kind in (CODE, facet)
        )
        known, counts = self._model.usual, np.full((len(rows), len(columns)), _RARELY)
        for row, code in enumerate(rows):
            for column, value in enumerate(columns):
                if max(code, value) < len(known):  # else met first in decisions
                    counts[row, column] += known[code, value]
        return np.asarray(counts / np.maximum(counts.sum(1, keepdims=True), _LEAST))


def _joins(examples: Sequence[Example]) -> tuple[Links, Linear]:
    """Return what tells whether two coded segments in a row are of one passage; never, when no example shows it.

    Only turns with some passage of several segments count: many writers of banks make each sentence its own.
    """
    segments = [example.segment for example in examples]
    turns = [segment.turn for segment in segments]
    passages = [(turns[place], its.passage) if its.codable else None for place, its in enumerate(examples)]
    known = known_pairs(passages, turns)
    several = {turns[place] for place, same in known.items() if same}
    pairs = {place: same for place, same in known.items() if turns[place] in several}
    links = Links.fit(segments, pairs)
    same = [JOINED if joined else "" for joined in pairs.values()]
    return links, of_target(fitted(links.rows(segments)[list(pairs)], same, _STRICT_JOINS), JOINED)


def _together(examples: Sequence[Example], targets: Sequence[str]) -> Floats:
    """Return how often each pair of targets (rows, columns) is said of the same example."""
    places = {target: place for place, target in enumerate(targets)}
    counts = np.zeros((len(targets), len(targets)), np.float32)
    for example in examples:
        given = [f"{CODE}:{code}" for code in example.codes] + [f"{f}:{v}" for f, v in example.facets.items() if v]
        its = [places[target] for target in given if target in places]
        counts[np.ix_(its, its)] += 1
    return counts


def _labelled(rows: sp.csr_matrix, labels: Sequence[tuple[int, str]], facet: str) -> Linear:
    if not labels:
        return Linear([], np.zeros((rows.shape[1], 0), np.float32), np.zeros(0, np.float32))
    model = _weighed(rows[[row for row, _ in labels]], [label for _, label in labels], _STRICT_CONTENT)
    return Linear([f"{facet}:{value}" for value in model.targets], model.weights, model.bias)


def _weighed(rows: sp.csr_matrix, labels: Sequence[str], strictness: float) -> Linear:
    """Return one classifier per label against the others: a support vector machine with word counts on its margins."""
    model = fitted(rows, labels, strictness)
    return Linear(model.targets, model.weights + _COUNTED * _log_shares(rows, labels, model.targets), model.bias)


def _log_shares(rows: sp.csr_matrix, labels: Sequence[str], kinds: Sequence[str]) -> Floats:
    """Return how much commoner each feature is under each label than under the labels on average (log shares).

    Naive Bayes: it judges each word by itself and so knows rare words that a support vector machine has no use for.
    """
    own = np.array([[label == kind for kind in kinds] for label in labels], np.float32)
    counts = np.asarray(rows.T @ own) + _SMOOTH
    shares = np.log(counts / counts.sum(0, keepdims=True))
    return np.asarray(shares - shares.mean(1, keepdims=True), np.float32)
