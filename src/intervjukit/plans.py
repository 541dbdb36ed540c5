"""How many are to be interviewed, and how many have been: the noun ``study.plan``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from intervjukit.boards import Board, Who
from intervjukit.core.account import Sample, sample
from intervjukit.core.choices import group_id
from intervjukit.core.naming import Named
from intervjukit.errors import RuleError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

MOST = 100_000
"""More than any interview study; a larger number is a slip of the finger."""


class Plan(Board):
    """The planned number of interviewed respondents per group, against how many they are."""

    _title, _one, _many, _name = "Plan", "grupp", "grupper", "plan"

    def __init__(self, store: Store, who: Who, study: Named) -> None:
        """Work on ``store`` for the coder ``who()``; the groups are those of ``study``."""
        self._store, self._who, self._study = store, who, study

    def set(self, group: str, number: int | None) -> None:
        """Plan to interview ``number`` in a group, given as id or name; None takes the plan away. Undoable.

        Raises NotFoundError for another group, RuleError for a number that cannot be.
        """
        self.set_all({group: number})

    def set_all(self, numbers: Mapping[str, int | None]) -> None:
        """Plan several groups as one decision, all or none; see ``set``."""
        known = {group_id(self._study.protocols, group): number for group, number in numbers.items()}
        for group, number in known.items():
            if number is not None and not 0 <= number <= MOST:
                raise RuleError(
                    f"{number} går inte att planera för gruppen {group}.", fix=f"Ange ett antal från 0 till {MOST}."
                )
        told = ", ".join(f"{group} {'ingen plan' if n is None else n}" for group, n in known.items())
        with self._store.decide(self._who(), "plan", f"Planerade antal intervjuade: {told}") as decision:
            for group, number in known.items():
                self._store.plans.set(decision, group, number)

    def items(self) -> list[Sample]:
        """Return one Sample per group, in the order of the guides."""
        return sample(self._study.protocols, self._store.plans.all(), self._store.interviews.people())

    def table(self) -> pd.DataFrame:
        """One row per group: group, planned (empty without a plan), interviewed, difference."""
        from intervjukit.analysis.study_tables import plan_table

        return plan_table(self.items())
