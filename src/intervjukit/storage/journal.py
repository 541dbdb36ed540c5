"""The append-only history: every decision with what it changed, undone and redone from there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, and_, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from intervjukit.errors import ConflictError, NotFoundError
from intervjukit.storage.database import Database
from intervjukit.storage.schema import history, metadata

Row = dict[str, Any]


def now() -> str:
    """Return the time as it is stored: ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history. ``kind`` is "do", "undo" or "redo"; ``target`` the event undone or redone."""

    id: int
    at: str
    who: str
    action: str
    summary: str
    kind: str
    target: int | None
    undoable: bool


class Decision:
    """The changes of one decision, made and noted in the same transaction."""

    def __init__(self, connection: Connection, who: str) -> None:
        """Collect changes made by ``who`` from now on."""
        self.connection, self.who, self.at = connection, who, now()
        self.changes: list[dict[str, Any]] = []

    def stamp(self) -> Row:
        """Return who and when, for the row's own columns."""
        return {"at": self.at, "who": self.who}

    def insert(self, table: Table, row: Mapping[str, Any]) -> int:
        """Add a row and return its id (0 for a table without one)."""
        result = self.connection.execute(insert(table).values(**row))
        full = dict(row)
        if "id" in table.c:
            full["id"] = inserted_id(result)
        self._note(table, None, _load(self.connection, table, _key(table, full)))
        return int(full.get("id", 0))

    def update(self, table: Table, key: Row, **values: Any) -> None:
        """Change a row. Raises NotFoundError when it is gone."""
        before = self._current(table, key)
        self.connection.execute(update(table).where(_where(table, key)).values(**values))
        self._note(table, before, _load(self.connection, table, key))

    def delete(self, table: Table, key: Row) -> None:
        """Remove a row. Raises NotFoundError when it is gone."""
        before = self._current(table, key)
        self.connection.execute(delete(table).where(_where(table, key)))
        self._note(table, before, None)

    def _current(self, table: Table, key: Row) -> Row:
        row = _load(self.connection, table, key)
        if row is None:
            raise NotFoundError(
                f"Det som skulle ändras finns inte kvar ({table.name} {next(iter(key.values()))}).",
                fix="Hämta listan på nytt; någon annan kan ha tagit bort det.",
            )
        return row

    def _note(self, table: Table, before: Row | None, after: Row | None) -> None:
        self.changes.append({"table": table.name, "before": before, "after": after})


class Journal:
    """Writes decisions with their history, and undoes and redoes them."""

    def __init__(self, database: Database) -> None:
        """Keep the history of ``database``."""
        self.database = database

    @contextmanager
    def decide(self, who: str, action: str, summary: str) -> Iterator[Decision]:
        """Give a Decision; its changes and their line in the history are saved together, or not at all."""
        with self.database.writing() as connection:
            decision = Decision(connection, who)
            yield decision
            _write(connection, decision, action, summary, "do", None)

    @contextmanager
    def log(self, who: str, action: str, summary: str) -> Iterator[Connection]:
        """Give a connection for work that is no decision to undo (import, suggestions), noted as one line."""
        with self.database.writing() as connection:
            yield connection
            decision = Decision(connection, who)
            _write(connection, decision, action, summary, "do", None)

    def events(self) -> list[Event]:
        """Return the whole history, oldest first."""
        with self.database.reading() as connection:
            return _events(connection)

    def undo(self, who: str) -> Event | None:
        """Take back the latest decision of ``who`` that still stands; None when there is none.

        Raises ConflictError, and changes nothing, when somebody has changed the same thing since.
        """
        return self._step(who, "undo")

    def redo(self, who: str) -> Event | None:
        """Make the decision of ``who`` that was last undone again; None when there is none."""
        return self._step(who, "redo")

    def _step(self, who: str, kind: str) -> Event | None:
        with self.database.writing() as connection:
            events = _events(connection)
            done, undone = _stacks(events, who)
            stack = done if kind == "undo" else undone
            if not stack:
                return None
            target = stack[-1]
            stored = connection.execute(select(history.c.changes).where(history.c.id == target.id)).scalar_one()
            changes = json.loads(stored)
            if kind == "undo":
                changes = [{**c, "before": c["after"], "after": c["before"]} for c in reversed(changes)]
            for change in changes:
                _apply(connection, change, target)
            decision = Decision(connection, who)
            _write(connection, decision, target.action, target.summary, kind, target.id)
            return target


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that was just added."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _write(
    connection: Connection, decision: Decision, action: str, summary: str, kind: str, target: int | None
) -> None:
    changes = json.dumps(decision.changes, ensure_ascii=False) if decision.changes else None
    connection.execute(
        insert(history).values(
            **decision.stamp(), action=action, summary=summary, changes=changes, kind=kind, target=target
        )
    )


def _events(connection: Connection) -> list[Event]:
    c = history.c
    rows = connection.execute(
        select(c.id, c.at, c.who, c.action, c.summary, c.kind, c.target, c.changes.is_not(None).label("undoable"))
        .select_from(history)
        .order_by(c.id)
    )
    return [Event(*row) for row in rows]


def _stacks(events: list[Event], who: str) -> tuple[list[Event], list[Event]]:
    """Return what ``who`` has done and not undone, and what can be redone, the latest last."""
    by_id = {event.id: event for event in events}
    done: list[Event] = []
    undone: list[Event] = []
    for event in events:
        if event.who != who:
            continue
        if event.kind == "undo":
            undone.append(by_id[event.target or 0])
            done.remove(undone[-1])
        elif event.kind == "redo":
            done.append(by_id[event.target or 0])
            undone.remove(done[-1])
        elif event.undoable:
            done.append(event)
            undone.clear()
    return done, undone


def _key(table: Table, row: Row) -> Row:
    return {column.name: row[column.name] for column in table.primary_key}


def _where(table: Table, key: Row) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _load(connection: Connection, table: Table, key: Row) -> Row | None:
    row = connection.execute(select(table).where(_where(table, key))).mappings().first()
    return dict(row) if row else None


def _apply(connection: Connection, change: Mapping[str, Any], target: Event) -> None:
    table = metadata.tables[change["table"]]
    before, after = change["before"], change["after"]
    key = _key(table, before or after)
    if _load(connection, table, key) != before:
        raise ConflictError(
            f"”{target.summary}” kan inte ångras eller göras om: samma sak har ändrats sedan dess.",
            fix="Se historiken och gör ändringen för hand; inget har ändrats nu.",
        )
    if after is None:
        connection.execute(delete(table).where(_where(table, key)))
    elif before is None:
        connection.execute(insert(table).values(**after))
    else:
        connection.execute(update(table).where(_where(table, key)).values(**after))
