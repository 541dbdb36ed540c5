"""Guides that are being filled in: every field as it was last written, kept until the interview is taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision, Journal, inserted_id, now

if TYPE_CHECKING:
    from intervjukit.core.sheet import Sheet

_OWN = ("group", "respondent", "wave", "date", "interviewer")


class DraftRows:
    """Sheets in and out of one study's database."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Work on ``database`` and note what is done in ``journal``."""
        self._database, self._journal = database, journal

    def insert(self, who: str, sheet: Sheet) -> int:
        """Save a new sheet without answers; return its id."""
        what = f"Började fylla i guiden för {sheet.respondent}"
        with self._journal.log(who, "begin_draft", what) as entry:
            row = {key: getattr(sheet, key) for key in _OWN}
            result = entry.connection.execute(insert(schema.drafts).values(**row, seconds=0, **entry.stamp()))
            return inserted_id(result)

    def all(self, **wanted: Any) -> list[Sheet]:
        """Return sheets with what is written in them, the latest begun first; ``wanted`` narrows by a column."""
        from intervjukit.core.sheet import Sheet

        d, a = schema.drafts, schema.draft_answers
        query = select(d).order_by(d.c.id.desc())
        for name, value in wanted.items():
            query = query.where(d.c[name] == value)
        with self._database.reading():
            rows = self._database.rows(query)
            answers: dict[int, dict[str, str]] = {}
            mine = select(a).where(a.c.draft.in_([row.id for row in rows])).order_by(a.c.draft, a.c.field)
            for row in self._database.rows(mine):
                answers.setdefault(row.draft, {})[row.field] = row.value
        keys = ("id", *_OWN, "seconds", "at", "who")
        return [
            Sheet(
                **{key: getattr(row, key) for key in keys},
                transcript=row.transcript or 0,
                answers=answers.get(row.id, {}),
            )
            for row in rows
        ]

    def write(self, who: str, draft: int, field: str, value: str) -> None:
        """Save what is written in a field; "" empties it. No line in the history: that would be one per pause."""
        a = schema.draft_answers
        with self._database.writing() as connection:
            connection.execute(delete(a).where(a.c.draft == draft, a.c.field == field))
            if value:
                row = {"draft": draft, "field": field, "value": value, "at": now(), "who": who}
                connection.execute(insert(a).values(**row))

    def set(self, draft: int, **values: Any) -> None:
        """Save a sheet's own columns: seconds, date, interviewer."""
        d = schema.drafts
        with self._database.writing() as connection:
            connection.execute(update(d).where(d.c.id == draft).values(**values))

    def latest(self, draft: int, field: str) -> tuple[str, str]:
        """Return who last wrote in a field, and when; empty texts when nobody has."""
        a = schema.draft_answers.c
        rows = self._database.rows(select(a.who, a.at).where(a.draft == draft, a.field == field))
        return (str(rows[0].who), str(rows[0].at)) if rows else ("", "")

    def delete(self, decision: Decision, sheet: Sheet) -> None:
        """Remove a sheet with all that is written in it, within a decision."""
        for field in sheet.answers:
            decision.delete(schema.draft_answers, {"draft": sheet.id, "field": field})
        decision.delete(schema.drafts, {"id": sheet.id})
