"""Linear models: one weight per feature and target, fitted on examples and corrected by decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.floating]
_TOLERANCE = 0.01
"""How near the best weights are near enough: nearer takes longer and finds nothing more."""
_WRITTEN_DOWN = 2_000
"""Up to so many decided segments their likeness to one another is written down and solved for exactly."""
_NEAR, _NOTHING = 1e-4, 1e-30


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person's decisions said of a segment: targets that are so, and targets that are not."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


class Linear:
    """One weight per feature and target, and a bias per target; one per dimension of what has been read closely."""

    def __init__(self, targets: Sequence[str], weights: Floats, bias: Floats, closely: Floats | None = None) -> None:
        """Hold weights (features by targets), bias (targets) and those of close reading (dimensions by targets)."""
        self.targets = list(targets)
        self.weights, self.bias, self.closely = weights, bias, closely

    def scores(self, rows: sp.csr_matrix, read: Floats | None = None) -> Floats:
        """Return rows by targets: above 0 is yes, about 1 is sure. ``read`` is rows by dimensions."""
        scores = np.asarray(rows @ self.weights + self.bias)
        return scores if read is None or self.closely is None else scores + read @ self.closely

    def with_targets(self, targets: Sequence[str]) -> Linear:
        """Return the model with the ``targets`` it has not met added, which it always says no to."""
        new = [target for target in targets if target not in self.targets]
        weights = _wider(self.weights, len(new))
        closely = None if self.closely is None else _wider(self.closely, len(new))
        bias = np.r_[self.bias, np.full(len(new), -1.0, np.float32)]
        return Linear([*self.targets, *new], weights, bias, closely)

    def heeding(self, heads: Mapping[str, Floats], weight: Callable[[str], float]) -> Linear:
        """Return the model with what ``heads`` (dimensions, by target) tell added, so much of it for each target."""
        unknown = np.zeros_like(next(iter(heads.values())))
        closely = np.stack([weight(target) * heads.get(target, unknown) for target in self.targets], 1)
        return Linear(self.targets, self.weights, self.bias, closely)


def _wider(weights: Floats, by: int) -> Floats:
    return np.hstack([weights, np.zeros((len(weights), by), np.float32)])


def fitted(rows: sp.csr_matrix, labels: Sequence[str], strictness: float) -> Linear:
    """Return one classifier per label against the others; a single label gives no weights."""
    kinds = sorted(set(labels))
    if len(kinds) < 2:
        return Linear(kinds, np.zeros((rows.shape[1], len(kinds)), np.float32), np.zeros(len(kinds), np.float32))
    from sklearn.svm import LinearSVC  # heavy to import, and what has been learned before needs it not

    machine = LinearSVC(C=strictness, tol=_TOLERANCE, random_state=0).fit(rows, labels)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(kinds) == 2:
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return Linear([str(kind) for kind in machine.classes_], weights.astype(np.float32), bias.astype(np.float32))


def beside(models: Sequence[Linear], features: int) -> Linear:
    """Return several models as one."""
    weights = [model.weights for model in models] or [np.zeros((features, 0), np.float32)]
    bias = [model.bias for model in models] or [np.zeros(0, np.float32)]
    targets = [target for model in models for target in model.targets]
    return Linear(targets, np.hstack(weights), np.concatenate(bias))


def of_target(model: Linear, target: str) -> Linear:
    """Return a model's one target, never when it has not met it."""
    if target not in model.targets:
        return Linear([target], np.zeros((model.weights.shape[0], 1), np.float32), np.array([-1.0], np.float32))
    place = model.targets.index(target)
    return Linear([target], model.weights[:, [place]], model.bias[[place]])


def corrected(
    model: Linear, rows: sp.csr_matrix, decided: Mapping[int, Decided], caution: float, read: Floats | None = None
) -> Linear:
    """Return the model with weights added by ridge regression on how far its scores were from the decisions.

    What has been ``read`` closely (rows by dimensions) has its part in the scores; what is added is for the words.
    """
    places = sorted(decided)
    goal = np.array([[_goal(decided[place], target) for target in model.targets] for place in places])
    known = rows[places]
    now = model.scores(known, None if read is None else read[places])
    miss = np.where((goal != 0) & (goal * now < 1), goal - now, 0.0)
    weights = (model.weights + known.T @ _shares(known, caution, miss)).astype(np.float32)
    return Linear(model.targets, weights, model.bias, model.closely)


def _shares(known: sp.csr_matrix, caution: float, miss: Floats) -> Floats:
    """Return what each decided segment adds to the weights (ridge regression in its dual form): segments by targets.

    Likeness of all to all takes memory by their square, so of many segments it is never written down: conjugate
    gradients come as near as makes no difference.
    """
    if len(miss) <= _WRITTEN_DOWN:
        return np.asarray(np.linalg.solve((known @ known.T).toarray() + caution * np.eye(len(miss)), miss))
    shares, left, step = np.zeros_like(miss), miss.copy(), miss.copy()
    far = (left**2).sum(0)
    near = far * _NEAR**2
    while (far > near).any():
        times = known @ (known.T @ step) + caution * step
        length = far / np.maximum((step * times).sum(0), _NOTHING)
        shares, left = shares + length * step, left - length * times
        before, far = far, (left**2).sum(0)
        step = left + step * (far / np.maximum(before, _NOTHING))
    return shares


def level(before: Linear, after: Linear, rows: sp.csr_matrix) -> Linear:
    """Return ``after`` saying yes to ``rows`` no more readily on the whole than ``before`` did.

    People code what is to be coded; that tells which segments are, but not that more of them are. What they turn
    down does tell that fewer are.
    """
    risen = np.maximum((after.scores(rows) - before.scores(rows)).mean(0), 0)
    return Linear(after.targets, after.weights, (after.bias - risen).astype(np.float32), after.closely)


def _goal(verdict: Decided, target: str) -> float:
    return 1.0 if target in verdict.yes else -1.0 if target in verdict.no else 0.0
