"""The nouns a study gives out: its SWOT, measures, memos and history, each over the same store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from intervjukit.core.codebook import Codebook
from intervjukit.core.findings import Finding
from intervjukit.core.swot import FIELDS, Field, Key, Measure, SwotItem, draft_measures, draft_swot
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.storage.journal import Event
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

Who = Callable[[], str]


class Swot:
    """The SWOT of a study: lines in four fields, each citing findings."""

    def __init__(self, store: Store, who: Who, codebook: Codebook, findings: Callable[[], list[Finding]]) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._findings = store, who, codebook, findings

    def items(self) -> list[SwotItem]:
        """Return the lines, by field and then in the order they were made."""
        return sorted(self._store.swot_items(), key=lambda item: (FIELDS.index(item.field), item.id))

    def table(self) -> pd.DataFrame:
        """One row per line: id, field, text, n (respondents behind it), cites."""
        from intervjukit.analysis.tables import swot_table

        return swot_table(self.items())

    def draft(self, *, at_least: int = 2, per_field: int = 8) -> int:
        """Add drafted lines for findings that no line cites yet; return how many were added.

        A finding of at least ``at_least`` respondents becomes a strength or weakness when the parties can
        influence it, otherwise an opportunity or a threat; the ``per_field`` heaviest of each are taken.
        """
        cited = {key for item in self.items() for key in item.cites}
        drafted: dict[str, list[SwotItem]] = {field: [] for field in FIELDS}
        for item in draft_swot(self._findings(), self._codebook, at_least=at_least):
            drafted[item.field].append(item)
        new = [item for items in drafted.values() for item in items[:per_field] if item.cites[0] not in cited]
        with self._store.decide(self._who(), "draft_swot", f"Utkast till {len(new)} rader i SWOT") as decision:
            for item in new:
                self._store.insert_swot_item(decision, item)
        return len(new)

    def add(self, field: Field, text: str, cites: Sequence[Key]) -> int:
        """Add a line that cites findings as (valence, code, party); return its id.

        Raises RuleError when it cites nothing, or a finding no respondent stands behind.
        """
        if field not in FIELDS:
            raise RuleError(f"”{field}” är inget fält i SWOT.", fix=f"Välj något av: {', '.join(FIELDS)}.")
        people: dict[Key, set[str]] = {}
        for finding in self._findings():
            people.setdefault(finding.key, set()).update(finding.respondents)
        if not cites or any(key not in people for key in cites):
            raise RuleError(
                "En rad i SWOT måste bygga på minst ett fynd som någon respondent står bakom.",
                fix="Ange fynd som finns i study.findings(), som (slag, kod, part).",
            )
        item = SwotItem(field, text, tuple(cites), len(set().union(*(people[key] for key in cites))))
        with self._store.decide(self._who(), "add_swot", f"La till ”{text}” i SWOT") as decision:
            return self._store.insert_swot_item(decision, item)

    def edit(self, item_id: int, *, text: str | None = None, field: Field | None = None) -> None:
        """Change a line's wording or field."""
        item = self._find(item_id)
        if field is not None and field not in FIELDS:
            raise RuleError(f"”{field}” är inget fält i SWOT.", fix=f"Välj något av: {', '.join(FIELDS)}.")
        with self._store.decide(self._who(), "edit_swot", f"Ändrade ”{item.text}” i SWOT") as decision:
            values = {"text": text or item.text, "field": field or item.field}
            self._store.update_row(decision, "swot_items", item_id, **values)

    def remove(self, item_id: int) -> None:
        """Take a line away; measures that cite it keep their other citations."""
        item = self._find(item_id)
        with self._store.decide(self._who(), "remove_swot", f"Tog bort ”{item.text}” ur SWOT") as decision:
            self._store.delete_swot_item(decision, item)

    def _find(self, item_id: int) -> SwotItem:
        for item in self.items():
            if item.id == item_id:
                return item
        raise NotFoundError(f"SWOT har ingen rad {item_id}.", fix="Se raderna med intervjukit swot.")


class Measures:
    """The measures of a study: actions with a responsible party, each citing SWOT lines."""

    def __init__(self, store: Store, who: Who, codebook: Codebook, swot: Swot) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._swot = store, who, codebook, swot

    def items(self) -> list[Measure]:
        """Return the measures, by party in the code book's order and then in the order they were made."""
        order = [value.id for value in self._codebook.facet("party").values]
        return sorted(self._store.measures(), key=lambda measure: (order.index(measure.party), measure.id))

    def table(self) -> pd.DataFrame:
        """One row per measure: id, text, party, due, follow_up, cites (ids of SWOT lines)."""
        from intervjukit.analysis.tables import measures_table

        return measures_table(self.items())

    def draft(self, *, per_party: int = 4) -> int:
        """Add a drafted measure per weakness that no measure cites yet, the heaviest; return how many."""
        cited = {item for measure in self.items() for item in measure.cites}
        items = [item for item in self._swot.items() if item.id not in cited]
        drafts = draft_measures(items, self._codebook, per_party=per_party)
        with self._store.decide(self._who(), "draft_measures", f"Utkast till {len(drafts)} åtgärder") as decision:
            for draft in drafts:
                measure = Measure(draft.text, draft.party, tuple(item.id for item in draft.items))
                self._store.insert_measure(decision, measure)
        return len(drafts)

    def add(self, text: str, party: str, cites: Sequence[int], *, due: str = "", follow_up: str = "") -> int:
        """Add a measure for ``party`` citing SWOT lines by id; return its id. Raises RuleError."""
        self._codebook.facet("party").value(party)
        known = {item.id for item in self._swot.items()}
        if not cites or set(cites) - known:
            raise RuleError(
                "En åtgärd måste bygga på minst en rad i SWOT som finns.",
                fix="Se radernas nummer i study.swot.",
            )
        with self._store.decide(self._who(), "add_measure", f"La till åtgärden ”{text}”") as decision:
            return self._store.insert_measure(decision, Measure(text, party, tuple(cites), due, follow_up))

    def edit(self, measure_id: int, **values: str) -> None:
        """Change a measure's text, party, due or follow_up."""
        measure = self._find(measure_id)
        if unknown := set(values) - {"text", "party", "due", "follow_up"}:
            raise RuleError(f"En åtgärd har inget fält ”{unknown.pop()}”.", fix="text, party, due, follow_up.")
        if "party" in values:
            self._codebook.facet("party").value(values["party"])
        with self._store.decide(self._who(), "edit_measure", f"Ändrade ”{measure.text}”") as decision:
            self._store.update_row(decision, "measures", measure_id, **values)

    def remove(self, measure_id: int) -> None:
        """Take a measure away."""
        measure = self._find(measure_id)
        with self._store.decide(self._who(), "remove_measure", f"Tog bort ”{measure.text}”") as decision:
            self._store.delete_measure(decision, measure)

    def _find(self, measure_id: int) -> Measure:
        for measure in self.items():
            if measure.id == measure_id:
                return measure
        raise NotFoundError(f"Åtgärd {measure_id} finns inte.", fix="Se åtgärderna med intervjukit measures.")


class Memos:
    """Remarks on codings, codes, respondents, transcripts or the study."""

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def add(self, text: str, *, target: str = "study", target_id: str | int = "") -> int:
        """Save a remark; return its id. ``target`` is coding, code, respondent, transcript or study."""
        if not text.strip():
            raise RuleError("Anteckningen är tom.", fix="Skriv något.")
        return self._store.add_memo(self._who(), target, str(target_id), text)

    def table(self) -> pd.DataFrame:
        """One row per memo: id, target, target_id, text, author, at."""
        from intervjukit.analysis.tables import memos_table

        return memos_table(self._store.memos())


class History:
    """Every decision ever made in the study, and the way back and forth through one's own."""

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def events(self) -> list[Event]:
        """Return the whole history, oldest first."""
        return self._store.journal.events()

    def table(self) -> pd.DataFrame:
        """One row per event: id, at, who, action, summary, kind (do, undo, redo), target, undoable."""
        import dataclasses

        import pandas as pd

        columns = [field.name for field in dataclasses.fields(Event)]
        frame = pd.DataFrame([dataclasses.asdict(event) for event in self.events()], columns=columns)
        return frame.astype({"target": "Int64"})

    def undo(self) -> Event | None:
        """Take back one's own latest decision; return it, None when there is none left.

        Raises ConflictError, changing nothing, when somebody has changed the same thing since.
        """
        return self._store.journal.undo(self._who())

    def redo(self) -> Event | None:
        """Make one's own last undone decision again; return it, None when there is none."""
        return self._store.journal.redo(self._who())
