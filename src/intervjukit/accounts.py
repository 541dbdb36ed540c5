"""How the study was done: the noun ``study.method``, behind the method appendix and the COREQ check list."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from typing import TYPE_CHECKING
from typing import Protocol as Shape

from intervjukit.asking import also_asked
from intervjukit.core.account import Account, Background, Change
from intervjukit.core.comparison import Comparison
from intervjukit.core.coreq import fill_in
from intervjukit.core.naming import Named
from intervjukit.core.report import PARTS
from intervjukit.errors import RuleError
from intervjukit.evaluation import Agreement
from intervjukit.storage.journal import Event
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

_CODEBOOK = frozenset(
    "adopt_codebook add_code change_code move_code merge_codes split_code remove_code change_compounds".split()
)
"""What is done to a code book, by its name in the history."""


class Compared(Named, Shape):
    """A study whose coders can be compared."""

    @property
    def agreement(self) -> Agreement:
        """How alike the coders are."""
        ...


class Method:
    """The sample against the plan, coders, agreement, suggestions and changes of the code book, all counted."""

    def __init__(self, store: Store, study: Compared) -> None:
        """Read from ``store`` and ``study``."""
        self._store, self._study = store, study

    def __repr__(self) -> str:
        known = sum(bool(answer.told) for answer in fill_in(self.account(), PARTS))
        return f"<Metod: {known} av 32 punkter i COREQ kan fyllas i av studien; se study.method.coreq()>"

    def account(self) -> Account:
        """Return how the study was done as plain objects."""
        return Account(
            tuple(self._store.interviews.all()),
            tuple(self._store.codings()),
            tuple(self._store.suggestions()),
            self._study.protocols,
            self._study.codebook,
            self._store.interviews.people(),
            self.background(),
        )

    def background(self) -> Background:
        """Return what the report has to know besides interviews and codings."""
        return Background(
            plan=self._store.plans.all(),
            changes=tuple(_standing(self._store.journal.events())),
            comparisons=tuple(self._comparisons()),
            notes=len(self._store.boards.memos()),
            doubts=len(self._store.interviews.doubts()),
            program=_program(),
            also=lambda: also_asked(self._store),
        )

    def coreq(self) -> pd.DataFrame:
        """One row per COREQ item: number, domain, topic, question, answer, in_report (where the full report tells it).

        The answer is "Fylls i av er" where only people know (Tong, Sainsbury & Craig 2007).
        """
        from intervjukit.analysis.study_tables import coreq_table

        return coreq_table(fill_in(self.account(), PARTS))

    def _comparisons(self) -> list[Comparison]:
        """Return one comparison per pair of coders who have coded the same interviews."""
        made = []
        for one, other in combinations(self._study.agreement.coders(), 2):
            try:
                made.append(self._study.agreement.between(one, other).comparison)
            except RuleError:  # they share no interview
                continue
        return made


def _program() -> str:
    """Return the program's name, with its version when it is installed and not just run."""
    try:
        return f"Intervjukit {version('intervjukit')}"
    except PackageNotFoundError:
        return "Intervjukit"


def _standing(events: list[Event]) -> list[Change]:
    """Return the changes of the code book that have not been undone, oldest first."""
    standing: dict[int, bool] = {}
    for event in events:
        standing[event.target or event.id] = event.kind != "undo"
    return [
        Change(event.at, event.who, event.summary)
        for event in events
        if event.kind == "do" and event.action in _CODEBOOK and standing[event.id]
    ]
