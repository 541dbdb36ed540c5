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


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person's decisions said of a segment: targets that are so, and targets that are not."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


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


def corrected(model: Linear, rows: sp.csr_matrix, decided: Mapping[int, Decided], caution: float) -> Linear:
    """Return the model with weights added by ridge regression on how far its scores were from the decisions."""
    places = sorted(decided)
    goal = np.array([[_goal(decided[place], target) for target in model.targets] for place in places])
    known = rows[places]
    now = model.scores(known)
    miss = np.where((goal != 0) & (goal * now < 1), goal - now, 0.0)
    likeness = (known @ known.T).toarray()
    added = known.T @ np.linalg.solve(likeness + caution * np.eye(len(places)), miss)
    return Linear(model.targets, (model.weights + added).astype(np.float32), model.bias)


def level(before: Linear, after: Linear, rows: sp.csr_matrix) -> Linear:
    """Return ``after`` saying yes to ``rows`` no more readily on the whole than ``before`` did.

    People code what is to be coded; that tells which segments are, but not that more of them are. What they turn
    down does tell that fewer are.
    """
    risen = np.maximum((after.scores(rows) - before.scores(rows)).mean(0), 0)
    return Linear(after.targets, after.weights, (after.bias - risen).astype(np.float32))


def _goal(verdict: Decided, target: str) -> float:
    return 1.0 if target in verdict.yes else -1.0 if target in verdict.no else 0.0
