"""The models behind the suggestions: is this something to code, and then which code, slag, part and skede.

A linear model is fitted on examples (the bank of utterances, the code book's own). What a study's coders decide is
learned on top of it as a correction: ridge regression on what the model got wrong, so it works from the first decision,
does not depend on their order, and a segment nobody has decided on says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from intervjukit.nlp.features import Features, Segment

Floats = npt.NDArray[np.floating]
CODABLE = "codable"
CODE = "code"
_STRICT_SPOTS, _STRICT_CONTENT = 0.1, 0.2
_LONGER, _USUAL, _LONG = 0.02, 11, 25
"""How much each word above or below the usual length adds to there being something to code, up to a length.

The bank cannot teach it: its writers were told to let length tell nothing. In natural talk it tells a little."""
_COUNTED, _SMOOTH = 0.1, 0.1
"""How much word counts add to the margins, and what is added to every count."""
_CAUTION_SPOTS, _CAUTION_CONTENT = 15.0, 5.0
"""How many decisions it takes to move a score half-way (ridge penalty): whether there is something, and what it is."""


_SURE, _EVEN = 2.2, -0.2
_SPREAD, _SPREAD_OF_CODES = 1.6, 2.7
"""From scores to chances, fitted on the example study and the held-back part of the bank."""


@dataclass(frozen=True, slots=True)
class Example:
    """A segment and what a coder gave it.

    Something can be ``codable`` without codes: in examples made for another code book.
    """

    segment: Segment
    codable: bool = False
    codes: tuple[str, ...] = ()
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person's decisions said of a segment: targets that are so, and targets that are not."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


def certainty(scores: Floats) -> Floats:
    """Return how likely scores of yes or no are to mean yes (0–1)."""
    return np.asarray(1 / (1 + np.exp(-(_SURE * scores + _EVEN))))


def score_of(likely: Floats) -> Floats:
    """Return the scores that are as likely as ``likely`` (0–1) to mean yes."""
    return np.asarray((np.log(likely / (1 - likely)) - _EVEN) / _SURE)


def chances(scores: Floats, facet: str = "") -> Floats:
    """Return how likely each value of a facet (or each code, for ``CODE``) is: rows of scores to rows that add to 1."""
    if not scores.shape[1]:
        return scores
    spread = _SPREAD_OF_CODES if facet == CODE else _SPREAD
    grown = np.exp(spread * (scores - scores.max(1, keepdims=True)))
    return np.asarray(grown / grown.sum(1, keepdims=True))


class Linear:
    """One weight per feature and target, and a bias per target."""

    def __init__(self, targets: Sequence[str], weights: Floats, bias: Floats) -> None:
        """Hold weights (features by targets) and bias (targets)."""
        self.targets = list(targets)
        self.weights, self.bias = weights, bias

    def scores(self, rows: sp.csr_matrix) -> Floats:
        """Return rows by targets: above 0 is yes, about 1 is sure."""
        return np.asarray(rows @ self.weights + self.bias)

    def with_targets(self, targets: Sequence[str]) -> Linear:
        """Return the model with the ``targets`` it has not met added, which it always says no to."""
        new = [target for target in targets if target not in self.targets]
        weights = np.hstack([self.weights, np.zeros((self.weights.shape[0], len(new)), np.float32)])
        return Linear([*self.targets, *new], weights, np.r_[self.bias, np.full(len(new), -1.0, np.float32)])


def _fit(rows: sp.csr_matrix, labels: Sequence[str], strictness: float) -> Linear:
    """Return one classifier per label against the others; a single label gives no weights."""
    kinds = sorted(set(labels))
    if len(kinds) < 2:
        return Linear(kinds, np.zeros((rows.shape[1], len(kinds)), np.float32), np.zeros(len(kinds), np.float32))
    from sklearn.svm import LinearSVC  # heavy to import, and what has been learned before needs it not

    machine = LinearSVC(C=strictness, random_state=0).fit(rows, labels)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(kinds) == 2:
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return Linear([str(kind) for kind in machine.classes_], weights.astype(np.float32), bias.astype(np.float32))


def _beside(models: Sequence[Linear], features: int) -> Linear:
    """Return several models as one."""
    weights = [model.weights for model in models] or [np.zeros((features, 0), np.float32)]
    bias = [model.bias for model in models] or [np.zeros(0, np.float32)]
    targets = [target for model in models for target in model.targets]
    return Linear(targets, np.hstack(weights), np.concatenate(bias))


class CodingModel:
    """Scores segments: ``spots`` says whether there is something to code, ``content`` what it is."""

    def __init__(self, features: Features, spots: Linear, content: Linear) -> None:
        """Put together a model; see ``fit``."""
        self.features, self.spots, self.content = features, spots, content

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that the model has learned as plain arrays; ``of_arrays`` makes the same model of them."""
        models = {
            f"{name}_{part}": np.array(getattr(model, part))
            for name, model in (("spots", self.spots), ("content", self.content))
            for part in ("targets", "weights", "bias")
        }
        return models | self.features.arrays()

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> CodingModel:
        """Return the model that ``arrays`` was made of. Raises KeyError when something is missing."""
        spots, content = (
            Linear([str(t) for t in arrays[f"{name}_targets"]], arrays[f"{name}_weights"], arrays[f"{name}_bias"])
            for name in ("spots", "content")
        )
        return cls(Features.of_arrays(arrays), spots, content)

    @classmethod
    def fit(cls, examples: Sequence[Example]) -> CodingModel:
        """Return a model of ``examples``, which stand in the order they were said."""
        segments = [example.segment for example in examples]
        features = Features().fit(segments)
        own = features.rows(segments)
        around = (own + features.near(own, segments)).tocsr()
        coded = [place for place, example in enumerate(examples) if example.codable]
        yes = [CODABLE if example.codable else "" for example in examples]
        spots = _only(_fit(own, yes, _STRICT_SPOTS), CODABLE)
        rows = around[coded]
        codes = [(row, code) for row, place in enumerate(coded) for code in examples[place].codes]
        models = [_labelled(rows, codes, CODE)]
        for facet in sorted({facet for place in coded for facet in examples[place].facets}):
            given = [(row, examples[place].facets.get(facet, "")) for row, place in enumerate(coded)]
            models.append(_labelled(rows, [(row, value) for row, value in given if value], facet))
        return cls(features, spots, _beside(models, own.shape[1]))

    def rows(self, segments: Sequence[Segment]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Return segments by features: their own, and with what the segments beside them say."""
        own = self.features.rows(segments)
        return own, (own + self.features.near(own, segments)).tocsr()


class Reading:
    """Segments as the model sees them, with its scores; ``learn`` corrects the model from decisions on them."""

    def __init__(self, segments: Sequence[Segment], model: CodingModel) -> None:
        """Score ``segments``, which stand in the order they were said."""
        self.segments, self.features = segments, model.features
        self.own, self.around = model.rows(segments)
        self.spots, self.content = model.spots, model.content
        lengths = np.array([len(segment.text.split()) for segment in segments], np.float32)
        self._longer = _LONGER * (np.minimum(lengths, _LONG) - _USUAL)
        self.rescore()

    def rescore(self) -> None:
        """Work out the scores anew: ``codable`` per segment, ``scores`` per segment and target of the content."""
        self.codable = self.spots.scores(self.own)[:, 0] + self._longer
        self.scores = self.content.scores(self.around)

    def learn(self, decided: Mapping[int, Decided]) -> None:
        """Correct the models by decisions on some of the segments, given by their place.

        A target that no decision speaks of keeps its score; a code the model has not met begins at "no".
        """
        if decided:
            met = {target for verdict in decided.values() for target in verdict.yes | verdict.no} - {CODABLE}
            self.content = self.content.with_targets(sorted(met))
            self.spots = _level(self.spots, _corrected(self.spots, self.own, decided, _CAUTION_SPOTS), self.own)
            self.content = _corrected(self.content, self.around, decided, _CAUTION_CONTENT)
            self.rescore()

    def facet(self, facet: str) -> tuple[list[str], Floats]:
        """Return the values of a facet (or the codes, for ``CODE``) and the segments' scores on them."""
        places = [place for place, target in enumerate(self.content.targets) if target.startswith(f"{facet}:")]
        return [self.content.targets[place].partition(":")[2] for place in places], self.scores[:, places]


def _corrected(model: Linear, rows: sp.csr_matrix, decided: Mapping[int, Decided], caution: float) -> Linear:
    """Return the model with weights added by ridge regression on how far its scores were from the decisions."""
    places = sorted(decided)
    goal = np.array([[_goal(decided[place], target) for target in model.targets] for place in places])
    known = rows[places]
    now = model.scores(known)
    miss = np.where((goal != 0) & (goal * now < 1), goal - now, 0.0)
    likeness = (known @ known.T).toarray()
    added = known.T @ np.linalg.solve(likeness + caution * np.eye(len(places)), miss)
    return Linear(model.targets, (model.weights + added).astype(np.float32), model.bias)


def _level(before: Linear, after: Linear, rows: sp.csr_matrix) -> Linear:
    """Return ``after`` saying yes to ``rows`` no more readily on the whole than ``before`` did.

    People code what is to be coded; that tells which segments are, but not that more of them are. What they turn
    down does tell that fewer are.
    """
    risen = np.maximum((after.scores(rows) - before.scores(rows)).mean(0), 0)
    return Linear(after.targets, after.weights, (after.bias - risen).astype(np.float32))


def _goal(verdict: Decided, target: str) -> float:
    return 1.0 if target in verdict.yes else -1.0 if target in verdict.no else 0.0


def _only(model: Linear, target: str) -> Linear:
    """Return a model's one target, never when it has not met it."""
    if target not in model.targets:
        return Linear([target], np.zeros((model.weights.shape[0], 1), np.float32), np.array([-1.0], np.float32))
    place = model.targets.index(target)
    return Linear([target], model.weights[:, [place]], model.bias[[place]])


def _labelled(rows: sp.csr_matrix, labels: Sequence[tuple[int, str]], facet: str) -> Linear:
    if not labels:
        return Linear([], np.zeros((rows.shape[1], 0), np.float32), np.zeros(0, np.float32))
    said = rows[[row for row, _ in labels]]
    model = _fit(said, [label for _, label in labels], _STRICT_CONTENT)
    weights = model.weights + _COUNTED * _log_shares(said, [label for _, label in labels], model.targets)
    return Linear([f"{facet}:{value}" for value in model.targets], weights, model.bias)


def _log_shares(rows: sp.csr_matrix, labels: Sequence[str], kinds: Sequence[str]) -> Floats:
    """Return how much commoner each feature is under each label than under the labels on average (log shares).

    Naive Bayes: it judges each word by itself and so knows rare words that a support vector machine has no use for.
    """
    own = np.array([[label == kind for kind in kinds] for label in labels], np.float32)
    counts = np.asarray(rows.T @ own) + _SMOOTH
    shares = np.log(counts / counts.sum(0, keepdims=True))
    return np.asarray(shares - shares.mean(1, keepdims=True), np.float32)
