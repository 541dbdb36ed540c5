"""The append-only history: every decision with what it changed, undone and redone from there."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, CursorResult, Table, and_, delete, exc, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from intervjukit.errors import ConflictError, NotFoundError
from intervjukit.storage.database import Database
from intervjukit.storage.schema import codes, history, metadata, suggestion_facets, suggestions, transcripts

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
    """The changes of one decision, made and noted in the same transaction.

    ``summary`` is what the history will say; it may be worded until the decision is done.
    """

    def __init__(self, connection: Connection, who: str, summary: str) -> None:
        """Collect changes made by ``who`` from now on."""
        self.connection, self.who, self.summary, self.at = connection, who, summary, now()
        self.changes: list[dict[str, Any]] = []

    def stamp(self) -> Row:
        """Return who and when, for the row's own columns."""
        return {"at": self.at, "who": self.who}

    def insert(self, table: Table, row: Mapping[str, Any]) -> int:
        """Add a row and return its id (0 for a table without a number)."""
        full = _complete(table, row)
        numbered = "id" in full and full["id"] is None
        if numbered:
            del full["id"]
        result = self.connection.execute(insert(table).values(**full))
        if numbered:
            full["id"] = inserted_id(result)
        self._note(table, None, full)
        return int(full["id"]) if "id" in full and isinstance(full["id"], int) else 0

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

    def delete_all(self, table: Table, **values: Any) -> None:
        """Remove every row with these values, if there are any."""
        where = _where(table, values)
        rows = [dict(row) for row in self.connection.execute(select(table).where(where)).mappings()]
        self.connection.execute(delete(table).where(where))
        for row in rows:
            self._note(table, row, None)

    def note_added(self, table: Table, **values: Any) -> None:
        """Note the rows with these values as added by this decision: many of them, added in one statement."""
        for row in self.connection.execute(select(table).where(_where(table, values))).mappings():
            self._note(table, None, dict(row))

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
        """Give a Decision; its changes and their line in the history are saved together, or not at all.

        What is read meanwhile cannot be changed by anybody else. A decision that changes nothing leaves no line.
        """
        with self.database.writing() as connection:
            decision = Decision(connection, who, summary)
            yield decision
            if decision.changes:
                _write(decision, action, "do", None)

    @contextmanager
    def log(self, who: str, action: str, summary: str) -> Iterator[Decision]:
        """Give a Decision for work that is not undone (import, suggestions), noted as one line without changes."""
        with self.database.writing() as connection:
            decision = Decision(connection, who, summary)
            yield decision
            decision.changes.clear()
            _write(decision, action, "do", None)

    def events(self, since: int = 0) -> list[Event]:
        """Return the history after the event ``since``, oldest first."""
        with self.database.reading() as connection:
            return _events(connection, since=since)

    def revision(self) -> int:
        """Return the number of the latest event, 0 before the first."""
        return int(self.database.scalar(select(func.max(history.c.id))) or 0)

    def latest_about(self, table: str, number: int) -> Event | None:
        """Return the latest event that changed the row ``number`` of ``table``, None when there is none."""
        c = history.c
        query = select(*_EVENT, c.changes).where(c.changes.contains(f'"table": "{table}"')).order_by(c.id.desc())
        with self.database.reading() as connection:
            for *event, changes in connection.execute(query):
                about = [change for change in json.loads(changes) if change["table"] == table]
                if any((change["after"] or change["before"]).get("id") == number for change in about):
                    return Event(*event)
        return None

    def undo(self, who: str) -> Event | None:
        """Take back the latest decision of ``who`` that still stands; None when there is none.

        A decision on an interview that has been replaced is passed over. Raises ConflictError, and changes
        nothing, when somebody has changed the same thing since.
        """
        return self._step(who, "undo")

    def redo(self, who: str) -> Event | None:
        """Make the decision of ``who`` that was last undone again; None when there is none."""
        return self._step(who, "redo")

    def _step(self, who: str, kind: str) -> Event | None:
        with self.database.writing() as connection:
            done, undone = stacks(_events(connection, who), who)
            for target in reversed(done if kind == "undo" else undone):
                changes = _changes(connection, target, kind)
                if _suggested_since(connection, target):
                    changes = _without_open(changes)
                if _of_replaced(connection, changes):
                    continue  # its interview is gone, and with it what there was to take back
                step = Decision(connection, who, target.summary)
                for change in _standing(connection, changes):
                    _apply(step, change, target, kind)
                for change in _standing(connection, _forgotten(connection, target)):
                    _apply(step, change, target, kind)
                _write(step, target.action, kind, target.id)
                return target
        return None


def _of_replaced(connection: Connection, changes: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether changes are about an interview that another file has taken the place of.

    The decision that put a file in the place of another brings that other one back itself.
    """
    needed: set[int] = set()
    brought: set[int] = set()
    for change in changes:
        key = "id" if change["table"] == transcripts.name else "transcript"
        needed |= {row[key] for row in _rows(change) if row.get(key)} - brought
        if key == "id" and not change["before"]:
            brought.add(change["after"]["id"])
            needed.discard(change["after"]["id"])
    there = connection.execute(select(transcripts.c.id).where(transcripts.c.id.in_(needed))).scalars()
    return bool(needed - set(there))


def _suggested_since(connection: Connection, target: Event) -> bool:
    """Return whether open suggestions have been renewed since an event: they come and go beside the decisions."""
    renewed = history.c.action.in_(("suggest", "replace_transcript"))
    later = select(history.c.id).where(renewed, history.c.id > target.id).limit(1)
    return connection.execute(later).first() is not None


def _without_open(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the changes but those of suggestions that were open and stayed so, or went."""
    gone = {
        row["id"]
        for change in changes
        if change["table"] == "suggestions" and {each["status"] for each in _rows(change)} == {"open"}
        for row in _rows(change)
    }
    return _without(changes, gone)


def _without(changes: list[dict[str, Any]], gone: Collection[int]) -> list[dict[str, Any]]:
    """Return the changes but those of some suggestions and their facets."""
    owners = {"suggestions": "id", "suggestion_facets": "owner"}
    return [
        change
        for change in changes
        if change["table"] not in owners or _rows(change)[0][owners[change["table"]]] not in gone
    ]


def _standing(connection: Connection, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the changes but those that bring back open suggestions whose code or interview is gone since."""
    brought = {
        row["id"]: (row["code"], row["transcript"])
        for change in changes
        if change["table"] == "suggestions" and not change["before"] and (row := change["after"])["status"] == "open"
    }
    if not brought:
        return changes
    there = [
        {*connection.execute(select(table.c.id)).scalars()} | _new(changes, table) for table in (codes, transcripts)
    ]
    lost = {number for number, about in brought.items() if any(x not in t for x, t in zip(about, there, strict=True))}
    return _without(changes, lost)


def _new(changes: Iterable[Mapping[str, Any]], table: Table) -> set[Any]:
    """Return the ids of the rows of a table that changes bring."""
    return {change["after"]["id"] for change in changes if change["table"] == table.name and change["after"]}


def _forgotten(connection: Connection, target: Event) -> list[dict[str, Any]]:
    """Return what brings back the open suggestions that the latest undo or redo of an event removed on its way."""
    c = history.c
    latest = select(c.changes).where(c.target == target.id).order_by(c.id.desc()).limit(1)
    return _backwards(json.loads(connection.execute(latest).scalar() or "[]"))


def _rows(change: Mapping[str, Any]) -> list[Row]:
    return [row for row in (change["before"], change["after"]) if row]


def forget_open(decision: Decision, *about: ColumnElement[bool]) -> None:
    """Remove the open suggestions about a code or an interview that is about to go, within a decision."""
    open_ones = select(suggestions.c.id).where(suggestions.c.status == "open", *about)
    for number in decision.connection.execute(open_ones).scalars().all():
        decision.delete_all(suggestion_facets, owner=number)
        decision.delete(suggestions, {"id": number})


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that was just added."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _write(decision: Decision, action: str, kind: str, target: int | None) -> None:
    changes = json.dumps(decision.changes, ensure_ascii=False) if decision.changes else None
    row = {"action": action, "summary": decision.summary, "changes": changes, "kind": kind, "target": target}
    decision.connection.execute(insert(history).values(**row, **decision.stamp()))


_EVENT = (
    *(history.c[key] for key in ("id", "at", "who", "action", "summary", "kind", "target")),
    and_(history.c.changes.is_not(None), history.c.kind == "do").label("undoable"),
)


def _events(connection: Connection, who: str | None = None, since: int = 0) -> list[Event]:
    c = history.c
    query = select(*_EVENT).order_by(c.id)
    if who is not None:
        query = query.where(c.who == who)
    if since:
        query = query.where(c.id > since)
    return [Event(*row) for row in connection.execute(query)]


def _changes(connection: Connection, target: Event, kind: str) -> list[dict[str, Any]]:
    """Return the changes that undo, or redo, an event, in the order they are to be made."""
    stored = connection.execute(select(history.c.changes).where(history.c.id == target.id)).scalar_one()
    changes: list[dict[str, Any]] = json.loads(stored)
    return changes if kind == "redo" else _backwards(changes)


def _backwards(changes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what takes changes back, in the order it is to be made."""
    return [{**change, "before": change["after"], "after": change["before"]} for change in reversed(changes)]


def stacks(events: Iterable[Event], who: str) -> tuple[list[Event], list[Event]]:
    """Return what ``who`` has done and not undone, and what can be redone, the latest last."""
    events = [event for event in events if event.who == who]
    by_id = {event.id: event for event in events}
    done: list[Event] = []
    undone: list[Event] = []
    for event in events:
        if event.kind == "do":
            if event.undoable:
                done.append(event)
                undone.clear()
        elif (target := by_id[event.target or 0]).undoable:  # else a respondent has withdrawn, and it is forgotten
            taken, given = (done, undone) if event.kind == "undo" else (undone, done)
            given.append(target)
            taken.remove(target)
    return done, undone


def _given_or_default(column: Column[Any], row: Mapping[str, Any]) -> Any:
    if column.name in row or not isinstance(column.default, ScalarElementColumnDefault):
        return row.get(column.name)
    return column.default.arg


def _complete(table: Table, row: Mapping[str, Any]) -> Row:
    """Return a row with every column of the table today; what it lacks (noted by an older version) by default."""
    return {column.name: _given_or_default(column, row) for column in table.c}


def _key(table: Table, row: Row) -> Row:
    return {column.name: row[column.name] for column in table.primary_key}


def _where(table: Table, key: Row) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _load(connection: Connection, table: Table, key: Row) -> Row | None:
    row = connection.execute(select(table).where(_where(table, key))).mappings().first()
    return dict(row) if row else None


def _apply(step: Decision, change: Mapping[str, Any], target: Event, kind: str) -> None:
    """Make one stored change. Raises ConflictError when the row is not as the change found or left it.

    The step notes nothing of it, for that stands in the history, but the open suggestions that go with it.
    """
    connection = step.connection
    table = metadata.tables[change["table"]]
    before, after = (_complete(table, row) if row else None for row in (change["before"], change["after"]))
    key = _key(table, change["before"] or change["after"])
    if _load(connection, table, key) != before:
        raise _conflict(target, kind)
    try:
        if after is None and table is codes:
            forget_open(step, suggestions.c.code == key["id"])
        if after is None and table is transcripts:
            forget_open(step, suggestions.c.transcript == key["id"])
        if after is None:
            connection.execute(delete(table).where(_where(table, key)))
        elif before is None:
            connection.execute(insert(table).values(**after))
        else:
            connection.execute(update(table).where(_where(table, key)).values(**after))
    except exc.IntegrityError as error:  # something made since hangs on the row, or what it hung on is gone
        raise _conflict(target, kind) from error


def _conflict(target: Event, kind: str) -> ConflictError:
    verb = "ångras" if kind == "undo" else "göras om"
    return ConflictError(
        f"”{target.summary}” kan inte {verb}: samma sak, eller något som bygger på den, har ändrats sedan dess.",
        fix="Se historiken och gör ändringen för hand; inget har ändrats nu.",
    )
