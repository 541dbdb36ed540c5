"""What the steering group works on: the SWOT and the measures, each line with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from intervjukit.boards import Board, Who, worded
from intervjukit.core.codebook import Codebook
from intervjukit.core.findings import Finding
from intervjukit.core.phrases import number_words
from intervjukit.core.swot import (
    FIELD_NAMES,
    FIELDS,
    Field,
    Key,
    Measure,
    MeasureDraft,
    SwotItem,
    choose_lines,
    draft_measures,
    draft_swot,
    place_before,
)
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.storage.journal import Decision
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd


def _known_field(field: Field) -> Field:
    if field not in FIELDS:
        raise RuleError(f"”{field}” är inget fält i SWOT.", fix=f"Välj något av: {', '.join(FIELDS)}.")
    return field


class Swot(Board):
    """The SWOT of a study: lines in four fields, each citing findings."""

    _title, _one, _many, _name = "SWOT", "rad", "rader", "swot"

    def __init__(self, store: Store, who: Who, codebook: Codebook, findings: Callable[[], list[Finding]]) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._findings = store, who, codebook, findings

    def items(self) -> list[SwotItem]:
        """Return the lines, by field and then in the order they were put."""
        return sorted(self._store.boards.swot_items(), key=lambda item: (FIELDS.index(item.field), item.place, item.id))

    def table(self) -> pd.DataFrame:
        """One row per line: id, field, text, n (respondents behind it), cites."""
        from intervjukit.analysis.tables import swot_table

        return swot_table(self.items())

    def proposed(self, *, at_least: int = 2, per_field: int = 8) -> list[SwotItem]:
        """Return the lines ``draft`` would add, none of them saved.

        A finding of at least ``at_least`` respondents that no line cites yet becomes a strength or weakness when
        the parties can influence it, otherwise an opportunity or a threat; the ``per_field`` heaviest of each are
        taken, and the heaviest of every party besides.
        """
        cited = {key for item in self.items() for key in item.cites}
        lines = choose_lines(self.possible(at_least=at_least), per_field=per_field)
        return [line for line in lines if line.cites[0] not in cited]

    def possible(self, *, at_least: int = 2) -> list[SwotItem]:
        """Return a line for every finding of at least ``at_least`` respondents, cited before or not."""
        return draft_swot(self._findings(), self._codebook, at_least=at_least)

    def draft(self, *, at_least: int = 2, per_field: int = 8, only: Collection[int] | None = None) -> int:
        """Add the proposed lines, or ``only`` those at these places (from 0); return how many were added."""
        with self._store.decide(self._who(), "draft_swot", "Utkast till SWOT") as decision:
            lines = self.proposed(at_least=at_least, per_field=per_field)
            new = [line for place, line in enumerate(lines) if only is None or place in only]
            for item in new:
                self._insert(decision, item)
            decision.summary = f"Utkast till {number_words(len(new), 'rad', 'rader')} i SWOT"
        return len(new)

    def _insert(self, decision: Decision, item: SwotItem) -> int:
        """Add a line last in its field, within a decision; return its id."""
        last = max((other.place for other in self.items() if other.field == item.field), default=0.0)
        number = self._store.boards.insert_swot_item(decision, item)
        if number <= last:
            self._store.boards.set_place(decision, number, last + 1)
        return number

    def add(self, field: Field, text: str, cites: Sequence[Key]) -> int:
        """Add a line that cites findings as (valence, code, party); return its id.

        Raises RuleError when it cites nothing, or a finding no respondent stands behind.
        """
        keys = tuple(dict.fromkeys((valence, code, party) for valence, code, party in cites))
        text = worded(text, "Raden")
        with self._store.decide(self._who(), "add_swot", f"Lade till ”{text}” i SWOT") as decision:
            item = SwotItem(_known_field(field), text, keys, self._people_behind(keys))
            return self._insert(decision, item)

    def cite(self, item_id: int, cites: Sequence[Key]) -> None:
        """Let a line rest on these findings instead, (valence, code, party). Raises NotFoundError and RuleError."""
        keys = tuple(dict.fromkeys((valence, code, party) for valence, code, party in cites))
        with self._store.decide(self._who(), "cite_swot", f"Ändrade fynden bakom rad {item_id} i SWOT") as decision:
            item = self._find(item_id)
            decision.summary = f"Ändrade fynden bakom ”{item.text}”"
            if set(keys) != set(item.cites):
                weight = self._people_behind(keys, kept=item.cites)
                self._store.boards.set_swot_cites(decision, item, keys)
                self._store.boards.update_row(decision, "swot_items", item.id, weight=weight)

    def _people_behind(self, keys: Sequence[Key], kept: Collection[Key] = ()) -> int:
        """Return how many respondents stand behind these findings.

        Raises RuleError when there is no finding, or one outside ``kept`` that nobody stands behind.
        """
        people: dict[Key, set[str]] = {key: set() for key in kept}
        for finding in self._findings():
            people.setdefault(finding.key, set()).update(finding.respondents)
        if not keys or any(key not in people for key in keys):
            raise RuleError(
                "En rad i SWOT måste bygga på minst ett fynd som någon intervjuad står bakom.",
                fix="Ange fynd som finns i study.findings(), som (slag, kod, part).",
            )
        return len(set().union(*(people[key] for key in keys)))

    def edit(self, item_id: int, *, text: str | None = None, field: Field | None = None) -> None:
        """Change a line's wording or field. Raises NotFoundError and RuleError."""
        with self._store.decide(self._who(), "edit_swot", f"Ändrade rad {item_id} i SWOT") as decision:
            item = self._find(item_id)
            values = {
                "text": item.text if text is None else worded(text, "Raden"),
                "field": item.field if field is None else _known_field(field),
            }
            if values != {"text": item.text, "field": item.field}:
                self._store.boards.update_row(decision, "swot_items", item.id, **values)

    def move(self, item_id: int, field: Field, *, before: int | None = None) -> None:
        """Put a line in a field, before another line there or last. Raises NotFoundError and RuleError."""
        with self._store.decide(self._who(), "move_swot", f"Flyttade rad {item_id} i SWOT") as decision:
            item = self._find(item_id)
            others = [other for other in self.items() if other.field == _known_field(field) and other.id != item.id]
            if before is not None and before not in {other.id for other in others}:
                raise RuleError(f"Rad {before} finns inte i det fältet.", fix="Välj en rad i fältet, eller ingen.")
            decision.summary = f"Flyttade ”{item.text}” till {FIELD_NAMES[field]}"
            if field != item.field:
                self._store.boards.update_row(decision, "swot_items", item.id, field=field)
            for number, place in place_before(others, item.id, before).items():
                self._store.boards.set_place(decision, number, place)

    def remove(self, item_id: int) -> None:
        """Take a line away; measures that cite it keep their other citations."""
        with self._store.decide(self._who(), "remove_swot", f"Tog bort rad {item_id} ur SWOT") as decision:
            item = self._find(item_id)
            decision.summary = f"Tog bort ”{item.text}” ur SWOT"
            self._store.boards.delete_swot_item(decision, item)

    def _find(self, item_id: int) -> SwotItem:
        for item in self.items():
            if item.id == item_id:
                return item
        raise NotFoundError(f"SWOT har ingen rad {item_id}.", fix="Se raderna med intervjukit swot.")


class Measures(Board):
    """The measures of a study: actions with a responsible party, each citing SWOT lines."""

    _title, _one, _many, _name = "Åtgärder", "åtgärd", "åtgärder", "measures"

    def __init__(self, store: Store, who: Who, codebook: Codebook, swot: Swot) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._swot = store, who, codebook, swot

    def items(self) -> list[Measure]:
        """Return the measures, by party in the code book's order and then in the order they were made."""
        parties = [value.id for facet in self._codebook.facets if facet.id == "party" for value in facet.values]
        order = {party: place for place, party in enumerate(parties)}
        return sorted(
            self._store.boards.measures(), key=lambda measure: (order.get(measure.party, len(order)), measure.id)
        )

    def table(self) -> pd.DataFrame:
        """One row per measure: id, text, party, due, follow_up, cites (ids of SWOT lines)."""
        from intervjukit.analysis.tables import measures_table

        return measures_table(self.items())

    def proposed(self, *, per_party: int = 4) -> list[MeasureDraft]:
        """Return the measures ``draft`` would add, none of them saved: the heaviest weaknesses no measure cites."""
        cited = {item for measure in self.items() for item in measure.cites}
        items = [item for item in self._swot.items() if item.id not in cited]
        return draft_measures(items, self._codebook, per_party=per_party)

    def unmet(self, *, at_least: int = 2) -> list[SwotItem]:
        """Return the weaknesses among the findings that no measure meets, as lines that could be drafted.

        They are bottlenecks of at least ``at_least`` respondents that the parties can influence, most first.
        """
        answered = {item for measure in self.items() for item in measure.cites}
        met = {key for item in self._swot.items() if item.id in answered for key in item.cites}
        return [
            line
            for line in self._swot.possible(at_least=at_least)
            if line.field == "svaghet" and line.cites[0] not in met
        ]

    def draft(self, *, per_party: int = 4, only: Collection[int] | None = None) -> int:
        """Add the proposed measures, or ``only`` those at these places (from 0); return how many were added."""
        with self._store.decide(self._who(), "draft_measures", "Utkast till åtgärder") as decision:
            proposed = self.proposed(per_party=per_party)
            drafts = [draft for place, draft in enumerate(proposed) if only is None or place in only]
            for draft in drafts:
                measure = Measure(draft.text, draft.party, tuple(item.id for item in draft.items))
                self._store.boards.insert_measure(decision, measure)
            decision.summary = f"Utkast till {number_words(len(drafts), 'åtgärd', 'åtgärder')}"
        return len(drafts)

    def add(self, text: str, party: str, cites: Sequence[int], *, due: str = "", follow_up: str = "") -> int:
        """Add a measure for ``party`` citing SWOT lines by id; return its id. Raises RuleError, NotFoundError."""
        self._codebook.facet("party").value(party)
        text = worded(text, "Åtgärden")
        with self._store.decide(self._who(), "add_measure", f"Lade till åtgärden ”{text}”") as decision:
            measure = Measure(text, party, self._lines(cites), due, follow_up)
            return self._store.boards.insert_measure(decision, measure)

    def cite(self, measure_id: int, cites: Sequence[int]) -> None:
        """Let a measure answer these SWOT lines instead, by id. Raises NotFoundError and RuleError."""
        with self._store.decide(self._who(), "cite_measure", f"Ändrade åtgärd {measure_id}") as decision:
            measure = self._find(measure_id)
            decision.summary = f"Ändrade vilka rader ”{measure.text}” svarar mot"
            self._store.boards.set_measure_cites(decision, measure, self._lines(cites))

    def _lines(self, cites: Sequence[int]) -> tuple[int, ...]:
        """Return the ids of SWOT lines, each once. Raises RuleError when there is none, or one that is not there."""
        known, lines = {item.id for item in self._swot.items()}, dict.fromkeys(int(item) for item in cites)
        if not lines or set(lines) - known:
            raise RuleError(
                "En åtgärd måste bygga på minst en rad i SWOT som finns.",
                fix="Se radernas nummer i study.swot.",
            )
        return tuple(lines)

    def edit(self, measure_id: int, **values: str) -> None:
        """Change a measure's text, party, due or follow_up. Raises NotFoundError and RuleError."""
        if unknown := set(values) - {"text", "party", "due", "follow_up"}:
            raise RuleError(
                f"En åtgärd har inget fält ”{min(unknown)}”.", fix="Välj något av: text, party, due, follow_up."
            )
        if "party" in values:
            self._codebook.facet("party").value(values["party"])
        if "text" in values:
            values["text"] = worded(values["text"], "Åtgärden")
        with self._store.decide(self._who(), "edit_measure", f"Ändrade åtgärd {measure_id}") as decision:
            measure = self._find(measure_id)
            decision.summary = f"Ändrade ”{measure.text}”"
            if any(getattr(measure, name) != value for name, value in values.items()):
                self._store.boards.update_row(decision, "measures", measure.id, **values)

    def remove(self, measure_id: int) -> None:
        """Take a measure away."""
        with self._store.decide(self._who(), "remove_measure", f"Tog bort åtgärd {measure_id}") as decision:
            measure = self._find(measure_id)
            decision.summary = f"Tog bort ”{measure.text}”"
            self._store.boards.delete_measure(decision, measure)

    def _find(self, measure_id: int) -> Measure:
        for measure in self.items():
            if measure.id == measure_id:
                return measure
        raise NotFoundError(f"Åtgärd {measure_id} finns inte.", fix="Se åtgärderna med intervjukit measures.")
