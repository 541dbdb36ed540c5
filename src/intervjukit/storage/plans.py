"""How many are to be interviewed in each group."""

from __future__ import annotations

from sqlalchemy import select

from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision


class PlanRows:
    """Planned numbers in and out of one study's database."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def all(self) -> dict[str, int]:
        """Return the planned number per group; a group without a plan is not in it."""
        rows = self._database.rows(select(schema.plans).order_by(schema.plans.c.group))
        return {str(row.group): int(row.number) for row in rows}

    def set(self, decision: Decision, group: str, number: int | None) -> None:
        """Plan a number for a group within a decision, or with None no number."""
        key, row = {"group": group}, {"number": number, **decision.stamp()}
        planned = self.all().get(group)
        if number == planned:
            return
        if number is None:
            decision.delete(schema.plans, dict(key))
        elif planned is None:
            decision.insert(schema.plans, {**key, **row})
        else:
            decision.update(schema.plans, dict(key), **row)
