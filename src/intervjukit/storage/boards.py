"""What people make of an interview study: memos, the SWOT and the measures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Text, cast, func, select

from intervjukit.core.coding import Memo
from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision, Journal

if TYPE_CHECKING:
    from intervjukit.core.swot import Key, Measure, SwotItem

TARGETS: Mapping[str, Column[Any] | None] = {
    "coding": schema.codings.c.id,
    "code": schema.codes.c.id,
    "respondent": schema.respondents.c.code,
    "transcript": schema.transcripts.c.id,
    "study": None,
}
"""What a memo may be about, and the column that tells whether it exists."""


class BoardRows:
    """Memos, SWOT lines and measures in and out of one study's database."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Work on ``database`` and note what is done in ``journal``."""
        self._database, self._journal = database, journal

    def has(self, target: str, target_id: str) -> bool:
        """Return whether what a memo is about exists: a coding, code, respondent, transcript or the study."""
        column = TARGETS[target]
        if column is None:
            return target_id == ""
        found = select(func.count()).where(cast(column, Text) == target_id)
        return bool(self._database.scalar(found))

    def add_memo(self, who: str, target: str, target_id: str, memo: str, about: str) -> int:
        """Save a remark; return its id. ``about`` says for the history what it is about."""
        with self._journal.decide(who, "add_memo", f"Skrev en anteckning om {about}") as decision:
            return self.insert_memo(decision, Memo(0, target, target_id, memo, who, ""))

    def insert_memo(self, decision: Decision, memo: Memo) -> int:
        """Add a remark, on a place in a transcript if it has one, within a decision; return its id."""
        row = {"target": memo.target, "target_id": memo.target_id, "text": memo.text}
        number = decision.insert(schema.memos, {**row, "at": decision.at, "who": memo.author})
        if memo.start is not None:
            place = {"transcript": int(memo.target_id), "start": memo.start, "end": memo.end, "quote": memo.quote}
            decision.insert(schema.memo_spans, {"memo": number, **place, **decision.stamp()})
        return number

    def memos(self) -> list[Memo]:
        """Return every remark, oldest first."""
        m, p = schema.memos, schema.memo_spans
        query = select(m, p.c.start, p.c.end, p.c.quote).outerjoin(p, p.c.memo == m.c.id).order_by(m.c.id)
        return [
            Memo(row.id, row.target, row.target_id, row.text, row.who, row.at, row.start, row.end, row.quote or "")
            for row in self._database.rows(query)
        ]

    def delete_memo(self, decision: Decision, memo: Memo) -> None:
        """Remove a remark with its place, within a decision."""
        if memo.start is not None:
            decision.delete(schema.memo_spans, {"memo": memo.id})
        decision.delete(schema.memos, {"id": memo.id})

    def swot_items(self) -> list[SwotItem]:
        """Return the SWOT lines in the order they were made."""
        from intervjukit.core.swot import SwotItem

        cites: dict[int, list[tuple[str, str, str]]] = {}
        for row in self._database.rows(select(schema.swot_cites).order_by(*schema.swot_cites.primary_key)):
            cites.setdefault(row.item, []).append((row.valence, row.code, row.party))
        places = {row.item: row.place for row in self._database.rows(select(schema.swot_places))}
        rows = self._database.rows(select(schema.swot_items).order_by(schema.swot_items.c.id))
        return [
            SwotItem(
                row.field, row.text, tuple(cites.get(row.id, ())), row.weight, row.id, places.get(row.id, float(row.id))
            )
            for row in rows
        ]

    def insert_swot_item(self, decision: Decision, item: SwotItem) -> int:
        """Add a SWOT line with what it cites, within a decision; return its id."""
        row = {"field": item.field, "text": item.text, "weight": item.weight}
        number = decision.insert(schema.swot_items, {**row, **decision.stamp()})
        for key in item.cites:
            decision.insert(schema.swot_cites, {**_cite(number, key), **decision.stamp()})
        return number

    def set_swot_cites(self, decision: Decision, item: SwotItem, keys: Collection[Key]) -> None:
        """Let a SWOT line cite these findings instead, within a decision."""
        for key in item.cites:
            if key not in keys:
                decision.delete(schema.swot_cites, _cite(item.id, key))
        for key in keys:
            if key not in item.cites:
                decision.insert(schema.swot_cites, {**_cite(item.id, key), **decision.stamp()})

    def set_place(self, decision: Decision, item: int, place: float) -> None:
        """Say where in its field a SWOT line stands, within a decision; one never moved stands where its id does."""
        if self._moved(item):
            decision.update(schema.swot_places, {"item": item}, place=place, **decision.stamp())
        else:
            decision.insert(schema.swot_places, {"item": item, "place": place, **decision.stamp()})

    def _moved(self, item: int) -> bool:
        query = select(func.count()).where(schema.swot_places.c.item == item)
        return bool(self._database.scalar(query))

    def delete_swot_item(self, decision: Decision, item: SwotItem) -> None:
        """Remove a SWOT line, within a decision; measures keep their other citations."""
        for measure in self.measures():
            if item.id in measure.cites:
                decision.delete(schema.measure_cites, {"measure": measure.id, "item": item.id})
        for key in item.cites:
            decision.delete(schema.swot_cites, _cite(item.id, key))
        if self._moved(item.id):
            decision.delete(schema.swot_places, {"item": item.id})
        decision.delete(schema.swot_items, {"id": item.id})

    def measures(self) -> list[Measure]:
        """Return the measures in the order they were made."""
        from intervjukit.core.swot import Measure

        cites: dict[int, list[int]] = {}
        for row in self._database.rows(select(schema.measure_cites).order_by(*schema.measure_cites.primary_key)):
            cites.setdefault(row.measure, []).append(row.item)
        rows = self._database.rows(select(schema.measures).order_by(schema.measures.c.id))
        return [
            Measure(row.text, row.party, tuple(cites.get(row.id, ())), row.due, row.follow_up, row.id) for row in rows
        ]

    def insert_measure(self, decision: Decision, measure: Measure) -> int:
        """Add a measure with the SWOT lines it cites, within a decision; return its id."""
        row = {key: getattr(measure, key) for key in ("text", "party", "due", "follow_up")}
        number = decision.insert(schema.measures, {**row, **decision.stamp()})
        for item in measure.cites:
            decision.insert(schema.measure_cites, {"measure": number, "item": item, **decision.stamp()})
        return number

    def set_measure_cites(self, decision: Decision, measure: Measure, items: Collection[int]) -> None:
        """Let a measure cite these SWOT lines instead, within a decision."""
        for item in measure.cites:
            if item not in items:
                decision.delete(schema.measure_cites, {"measure": measure.id, "item": item})
        for item in items:
            if item not in measure.cites:
                decision.insert(schema.measure_cites, {"measure": measure.id, "item": item, **decision.stamp()})

    def delete_measure(self, decision: Decision, measure: Measure) -> None:
        """Remove a measure, within a decision."""
        for item in measure.cites:
            decision.delete(schema.measure_cites, {"measure": measure.id, "item": item})
        decision.delete(schema.measures, {"id": measure.id})

    def update_row(self, decision: Decision, table: str, row_id: int, **values: Any) -> None:
        """Change a SWOT line's, a measure's or a memo's own columns, within a decision."""
        decision.update(schema.metadata.tables[table], {"id": row_id}, **values, **decision.stamp())


def _cite(item: int, key: Key) -> dict[str, object]:
    """Return the row that says that a SWOT line cites a finding."""
    return {"item": item, **dict(zip(("valence", "code", "party"), key, strict=True))}
