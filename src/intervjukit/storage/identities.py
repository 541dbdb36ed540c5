"""What things are called outside the study, and many codings and memos taken in at once with the names they have.

GUIDs that things were read in with are kept in ``identities``; the colours of codes, which the code book has no place
for, stand in ``study`` as "colour:<code>".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select

from intervjukit.core.coding import Coding, Memo
from intervjukit.storage import schema
from intervjukit.storage.database import Database, add_many
from intervjukit.storage.journal import Decision

Row = dict[str, Any]
Name = tuple[str, str]
"""What a thing is in the study: its kind ("code", "coding", "transcript" …) and its own id."""
_COLOUR = "colour:"
_SPAN = ("transcript", "start", "end", "quote")


class Identities:
    """GUIDs and colours in and out of one study's database."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def guids(self) -> dict[Name, str]:
        """Return the GUIDs that are kept, by kind and own id."""
        c = schema.identities.c
        return {(row.kind, row.own): row.guid for row in self._database.rows(select(c.kind, c.own, c.guid))}

    def born(self) -> tuple[str, str, str]:
        """Return what tells this study from every other: when, by whom and with which words it was made."""
        c = schema.history.c
        rows = self._database.rows(select(c.at, c.who, c.summary).order_by(c.id).limit(1))
        return (rows[0].at, rows[0].who, rows[0].summary) if rows else ("", "", "")

    def colours(self) -> dict[str, str]:
        """Return the colours that are kept (#RRGGBB) by code id."""
        c = schema.study.c
        rows = self._database.rows(select(c.name, c.value).where(c.name.startswith(_COLOUR)))
        return {row.name.removeprefix(_COLOUR): row.value for row in rows}

    def hashes(self) -> dict[int, str]:
        """Return the hashes of the files that transcripts were read from, by transcript id."""
        c = schema.transcripts.c
        return {row.id: row.source_hash for row in self._database.rows(select(c.id, c.source_hash))}

    # --- within a decision --------------------------------------------------------------------------

    def keep(self, decision: Decision, names: Mapping[Name, str]) -> None:
        """Keep GUIDs; what has one already keeps that, and a GUID stays with the one that had it first."""
        known = self.guids()
        taken = {(kind, guid) for (kind, _), guid in known.items()}
        rows = []
        for (kind, own), guid in names.items():
            if (kind, own) not in known and (kind, guid) not in taken:
                taken.add((kind, guid))
                rows.append({"kind": kind, "own": own, "guid": guid, **decision.stamp()})
        _add(decision, schema.identities, rows)

    def colour(self, decision: Decision, colours: Mapping[str, str]) -> None:
        """Keep the colours of codes that have none kept."""
        known = self.colours()
        rows = [
            {"name": f"{_COLOUR}{code}", "value": colour, **decision.stamp()}
            for code, colour in colours.items()
            if code not in known
        ]
        _add(decision, schema.study, rows)

    def add_codings(self, decision: Decision, codings: Sequence[Coding]) -> list[int]:
        """Add codings with the coders and times they have; return their ids, in the same order."""
        rows = [
            {
                **{key: getattr(coding, key) for key in (*_SPAN, "code", "coder")},
                "suggestion": None,
                "at": coding.at,
                "who": coding.coder,
            }
            for coding in codings
        ]
        numbers = _add_numbered(decision, schema.codings, rows)
        facets = [
            {"owner": number, "facet": facet, "value": value, "at": coding.at, "who": coding.coder}
            for number, coding in zip(numbers, codings, strict=True)
            for facet, value in coding.facets.items()
        ]
        _add(decision, schema.coding_facets, facets)
        return numbers

    def add_memos(self, decision: Decision, memos: Sequence[Memo]) -> list[int]:
        """Add memos, on places too, with the authors and times they have; return their ids, in the same order."""
        rows = [
            {"target": m.target, "target_id": m.target_id, "text": m.text, "at": m.at, "who": m.author} for m in memos
        ]
        numbers = _add_numbered(decision, schema.memos, rows)
        places = [
            {
                "memo": number,
                "transcript": int(memo.target_id),
                "start": memo.start,
                "end": memo.end,
                "quote": memo.quote,
                "at": memo.at,
                "who": memo.author,
            }
            for number, memo in zip(numbers, memos, strict=True)
            if memo.start is not None
        ]
        _add(decision, schema.memo_spans, places)
        return numbers


def _add(decision: Decision, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        add_many(decision.connection, table, rows)
        _note(decision, table, rows)


def _add_numbered(decision: Decision, table: Table, rows: Sequence[Row]) -> list[int]:
    if not rows:
        return []
    connection = decision.connection
    last = connection.execute(select(func.max(table.c.id))).scalar() or 0
    add_many(connection, table, rows)  # one by one with RETURNING takes five times as long
    numbers = list(connection.execute(select(table.c.id).where(table.c.id > last).order_by(table.c.id)).scalars())
    _note(decision, table, [{"id": number, **row} for number, row in zip(numbers, rows, strict=True)])
    return numbers


def _note(decision: Decision, table: Table, rows: Iterable[Row]) -> None:
    decision.changes += [{"table": table.name, "before": None, "after": row} for row in rows]
