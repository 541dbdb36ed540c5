"""A respondent who withdraws: every row about that person goes, and every trace of those rows in the history.

The one place where the history is changed. What others said, and what was decided on it, stays and can still be undone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from intervjukit.core.text import squeeze
from intervjukit.storage import schema
from intervjukit.storage.database import history_may_change
from intervjukit.storage.journal import Decision, Row

GONE = "Rensat: gällde en person som är borttagen ur studien"
"""What stands in the history in place of what was about the person."""
_WORDS = 3
"""How many words a quote in the history must have to be somebody's, and not the name of a thing."""
_QUOTED = re.compile("”([^”…]+)…?”")
_OF_TRANSCRIPT = ("turns", "turn_times", "doubts", "codings", "suggestions", "blind", "memo_spans")
_ORDER = (
    *("memo_spans", "memos", "coding_facets", "suggestion_facets", "codings", "suggestions", "blind", "draft_answers"),
    *("drafts", "doubts", "turn_times", "turns", "transcripts", "attributes", "respondents", "identities"),
)
"""The tables that hold something about a person; what refers to a row goes before it."""
_TELLING = frozenset("id respondent code transcript owner draft target target_id kind own".split())
"""The columns that tell whom a row is about."""
_AT_A_TIME = 100
"""How many lines of the history are held at a time: each may have thousands of changes."""


@dataclass
class Traces:
    """All there is, and has been, about a respondent: ids by table, files and texts."""

    respondent: str
    ids: dict[str, set[int]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    def holds(self, table: str, row: Row) -> bool:
        """Return whether a row is about the respondent; then it is remembered by its id."""
        about = self._about(table, row)
        if about and "id" in row:
            self.ids.setdefault(table, set()).add(row["id"])
        if about and table == "transcripts":
            self.files |= {row["source"]} - {""}
            self.texts.append(squeeze(row["text"]))
        return about

    def _about(self, table: str, row: Row) -> bool:
        if table in ("transcripts", "respondents", "attributes", "drafts"):
            return self.respondent in (row.get("respondent"), row.get("code"))
        if table in _OF_TRANSCRIPT:
            return self._has("transcripts", row["transcript"])
        if table in ("coding_facets", "suggestion_facets"):
            return self._has("codings" if table == "coding_facets" else "suggestions", row["owner"])
        if table == "draft_answers":
            return self._has("drafts", row["draft"])
        if table == "memos":
            return self._named(row["target"], row["target_id"])
        return table == "identities" and self._named(row["kind"], row["own"])

    def _named(self, kind: str, own: str) -> bool:
        """Return whether a kind of thing and its id name something about the respondent."""
        return own == self.respondent if kind == "respondent" else own.isdecimal() and self._has(f"{kind}s", int(own))

    def _has(self, table: str, number: int) -> bool:
        return number in self.ids.get(table, ())

    def told_in(self, summary: str) -> bool:
        """Return whether a line of the history names the respondent, a file or words of the interviews."""
        quotes = [words.strip() for words in _QUOTED.findall(summary) if len(words.split()) >= _WORDS]
        return (
            re.search(rf"(?<!\w){re.escape(self.respondent)}(?!\w)", summary) is not None
            or any(file in summary for file in self.files)
            or any(quote in text for quote in quotes for text in self.texts)
        )


def traces_of(connection: Connection, respondent: str) -> Traces:
    """Return all there is about a respondent in the tables and in the history, also of what is gone since."""
    traces = Traces(respondent)
    past: dict[str, list[Row]] = defaultdict(list)
    for line in _history(connection):
        for each in _changes(line["changes"]):
            past[each["table"]] += (_telling(each["table"], row) for row in _rows(each))
    for name in reversed(_ORDER):  # what is referred to is known before what refers to it
        for row in (*_stored(connection, schema.metadata.tables[name]), *past[name]):
            traces.holds(name, row)
    return traces


def _history(connection: Connection) -> Iterator[Row]:
    """Yield the lines of the history, which may be changed meanwhile."""
    number = schema.history.c.id
    last = connection.execute(select(func.max(number))).scalar() or 0
    for first in range(1, last + 1, _AT_A_TIME):
        some = select(schema.history).where(number.between(first, first + _AT_A_TIME - 1)).order_by(number)
        yield from map(dict, connection.execute(some).mappings().all())


def _stored(connection: Connection, table: Table) -> list[Row]:
    """Return the rows of a table, what does not tell whom they are about left out."""
    wanted = [column for column in table.c if column.primary_key or _tells(table.name, column.name)]
    names = [column.name for column in wanted]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(select(*wanted))]


def _telling(table: str, row: Row) -> Row:
    return {column: value for column, value in row.items() if _tells(table, column)}


def _tells(table: str, column: str) -> bool:
    return column in _TELLING or table == "transcripts"


def withdraw(decision: Decision, traces: Traces, book: Callable[[str], str]) -> None:
    """Remove all rows about the respondent, and their traces in the history, within a decision.

    ``book`` gives a code book's text without the respondent's words.
    """
    connection = decision.connection
    for name in _ORDER:
        table = schema.metadata.tables[name]
        for row in _stored(connection, table):
            if traces.holds(name, row):
                connection.execute(delete(table).where(*(column == row[column.name] for column in table.primary_key)))
    for number, yaml in connection.execute(select(schema.codebooks.c.id, schema.codebooks.c.yaml)).all():
        _change(connection, schema.codebooks, number, yaml=(yaml, book(yaml)))
    with history_may_change(connection):
        for line in _history(connection):
            changes = _changes(line["changes"])
            kept = [_read_over(each, book) for each in changes if not _concerns(traces, each)]
            named = traces.told_in(line["summary"]) or (changes and not kept)
            values = {"summary": (line["summary"], GONE if named else line["summary"])}
            if kept != changes:
                values["changes"] = (line["changes"], json.dumps(kept, ensure_ascii=False) if kept else None)
            _change(connection, schema.history, line["id"], **values)


def _change(connection: Connection, table: Any, number: int, **values: tuple[Any, Any]) -> None:
    """Change what differs in a row: (before, after) by column."""
    fresh = {name: after for name, (before, after) in values.items() if before != after}
    if fresh:
        connection.execute(update(table).where(table.c.id == number).values(**fresh))


def _changes(stored: str | None) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = json.loads(stored or "[]")
    return changes


def _rows(change: Mapping[str, Any]) -> Iterable[Row]:
    return [row for row in (change["before"], change["after"]) if row]


def _concerns(traces: Traces, change: Mapping[str, Any]) -> bool:
    return any(traces.holds(change["table"], row) for row in _rows(change))


def _read_over(change: dict[str, Any], book: Callable[[str], str]) -> dict[str, Any]:
    """Return a change of the code book without the respondent's words in it; any other as it is."""
    if change["table"] != schema.codebooks.name:
        return change
    clean = {key: row and {**row, "yaml": book(row["yaml"])} for key, row in change.items() if key != "table"}
    return {"table": change["table"], **clean}
