"""Linear models: one weight per feature and target, fitted on examples and corrected by decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """One weight per feature and target, and a bias per target; one per dimension of meaning, once it is learned."""

    def __init__(self, targets: Sequence[str], weights: Floats, bias: Floats, meant: Floats | None = None) -> None:
        """Hold weights (features by targets), bias (targets) and the weights of meanings (dimensions by targets)."""
        self.targets = list(targets)
        self.weights, self.bias, self.meant = weights, bias, meant

    def scores(self, rows: sp.csr_matrix, meanings: Floats | None = None) -> Floats:
        """Return rows by targets: above 0 is yes, about 1 is sure. ``meanings`` are rows by dimensions."""
        scores = np.asarray(rows @ self.weights + self.bias)
        return scores if meanings is None or self.meant is None else scores + meanings @ self.meant

    def with_targets(self, targets: Sequence[str]) -> Linear:
        """Return the model with the ``targets`` it has not met added, which it always says no to."""
        new = [target for target in targets if target not in self.targets]
        weights = np.hstack([self.weights, np.zeros((self.weights.shape[0], len(new)), np.float32)])
        return Linear([*self.targets, *new], weights, np.r_[self.bias, np.full(len(new), -1.0, np.float32)])


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
    model: Linear,
    rows: sp.csr_matrix,
    decided: Mapping[int, Decided],
    caution: float,
    meanings: Floats | None = None,
) -> Linear:
    """Return the model with weights added by ridge regression on how far its scores were from the decisions.

    With ``meanings`` (rows by dimensions) likeness in meaning is added to likeness in words.
    """
    places = sorted(decided)
    goal = np.array([[_goal(decided[place], target) for target in model.targets] for place in places])
    known = rows[places]
    now = model.scores(known)
    miss = np.where((goal != 0) & (goal * now < 1), goal - now, 0.0)
    shares = _shares(known, caution, miss, None if meanings is None else meanings[places])
    weights = (model.weights + known.T @ shares).astype(np.float32)
    meant = None if meanings is None else (meanings[places].T @ shares).astype(np.float32)
    return Linear(model.targets, weights, model.bias, meant)


def _shares(known: sp.csr_matrix, caution: float, miss: Floats, meanings: Floats | None) -> Floats:
    """Return what each decided segment adds to the weights (ridge regression in its dual form): segments by targets.

    Likeness of all to all takes memory by their square, so of many segments it is never written down: conjugate
    gradients come as near as makes no difference.
    """
    if len(miss) <= _WRITTEN_DOWN:
        likeness = (known @ known.T).toarray()
        if meanings is not None:
            likeness = likeness + meanings @ meanings.T
        return np.asarray(np.linalg.solve(likeness + caution * np.eye(len(miss)), miss))
    shares, left, step = np.zeros_like(miss), miss.copy(), miss.copy()
    far = (left**2).sum(0)
    near = far * _NEAR**2
    while (far > near).any():
        times = known @ (known.T @ step) + caution * step
        if meanings is not None:
            times += meanings @ (meanings.T @ step)
        length = far / np.maximum((step * times).sum(0), _NOTHING)
        shares, left = shares + length * step, left - length * times
        before, far = far, (left**2).sum(0)
        step = left + step * (far / np.maximum(before, _NOTHING))
    return shares


def level(before: Linear, after: Linear, rows: sp.csr_matrix, meanings: Floats | None = None) -> Linear:
    """Return ``after`` saying yes to ``rows`` no more readily on the whole than ``before`` did.

    People code what is to be coded; that tells which segments are, but not that more of them are. What they turn
    down does tell that fewer are. ``meanings`` are those of some of the rows, 0 for the others.
    """
    risen = np.maximum((after.scores(rows) - before.scores(rows)).mean(0), 0)
    if meanings is not None and after.meant is not None:
        risen += np.maximum((meanings[meanings.any(1)] @ after.meant).mean(0), 0)
    return Linear(after.targets, after.weights, (after.bias - risen).astype(np.float32), after.meant)


def _goal(verdict: Decided, target: str) -> float:
    return 1.0 if target in verdict.yes else -1.0 if target in verdict.no else 0.0
