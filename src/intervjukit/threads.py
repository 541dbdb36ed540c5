"""The red thread through findings, SWOT and measures: the noun ``study.thread``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Protocol as Shape

from intervjukit.boards import Board
from intervjukit.core.codebook import Codebook
from intervjukit.core.findings import FEWEST_AGREEING, count_findings
from intervjukit.core.protocol import Protocol
from intervjukit.core.thread import Thread, follow
from intervjukit.errors import RuleError
from intervjukit.planning import Measures, Swot
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.analysis.charts import Chart


class Planned(Shape):
    """What the thread is drawn through."""

    @property
    def codebook(self) -> Codebook:
        """The code book in force."""
        ...

    @property
    def protocols(self) -> Mapping[str, Protocol]:
        """The guides by group."""
        ...

    @property
    def swot(self) -> Swot:
        """The SWOT."""
        ...

    @property
    def measures(self) -> Measures:
        """The measures."""
        ...


class RedThread(Board):
    """From each bottleneck to SWOT line, measure, responsible party and follow-up, with the gaps named."""

    _title, _one, _many, _name = "Den röda tråden", "rad", "rader", "thread"

    def __init__(self, store: Store, study: Planned) -> None:
        """Read from ``store`` and ``study``."""
        self._store, self._study = store, study

    def whole(self, *, at_least: int = FEWEST_AGREEING) -> Thread:
        """Return the thread as plain objects; see ``core.thread``. Raises RuleError for a number below 1."""
        if at_least < 1:
            raise RuleError(f"Minst {at_least} personer går inte.", fix="Ange 1 eller mer.")
        totals = self._store.interviews.people()
        own = {group: protocol.party for group, protocol in self._study.protocols.items()}
        findings = count_findings(self._store.codings(), totals)
        return follow(findings, self._study.swot.items(), self._study.measures.items(), totals, own, at_least=at_least)

    def table(self, *, at_least: int = FEWEST_AGREEING) -> pd.DataFrame:
        """One row per strand: code, party, n, N, field, line, measure, responsible, due, follow_up, gaps.

        Bottlenecks that at least ``at_least`` respondents name, most first, and those a SWOT line cites. Empty
        where the thread breaks; ``gaps`` lists what is missing.
        """
        from intervjukit.analysis.study_tables import thread_table

        return thread_table(self.whole(at_least=at_least))

    def chart(self, *, at_least: int = FEWEST_AGREEING) -> Chart:
        """Draw how many bottlenecks lead from party over SWOT to a responsible party, and how many to none."""
        from intervjukit.analysis.flows import thread_chart

        return thread_chart(self.whole(at_least=at_least), self._study.codebook)
