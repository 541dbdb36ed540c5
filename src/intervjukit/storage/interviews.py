"""The interviews a study holds: respondents, transcripts with their turns, and the doubts their reading left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Table, func, insert, select

from intervjukit.core.transcript import Doubt, Transcript, Turn
from intervjukit.errors import RuleError
from intervjukit.storage import schema
from intervjukit.storage.blind import on_open_blind
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision, Journal, inserted_id
from intervjukit.storage.narrowing import narrow

_OWN_COLUMNS = ("respondent", "wave", "date", "minutes", "interviewer", "source", "text")
_TURN_COLUMNS = ("seq", "role", "label", "start", "end", "question")
_TIME_COLUMNS = ("seq", "begins", "ends")
_DOUBT_COLUMNS = ("kind", "message", "fix", "turn")


class Interviews:
    """Transcripts in and out of one study's database."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Work on ``database`` and note what is done in ``journal``."""
        self._database, self._journal = database, journal

    def of_source(self, source_hash: str) -> str | None:
        """Return the respondent whose transcript was read from a file with this hash, None if none was."""
        c = schema.transcripts.c
        found = self._database.scalar(select(c.respondent).where(c.source_hash == source_hash))
        return str(found) if found else None

    def add(self, who: str, transcript: Transcript, source_hash: str) -> int:
        """Save a transcript with its respondent, turns and doubts, all or nothing; return its id.

        Raises RuleError when the respondent has an interview in that wave, or belongs to another group.
        """
        what = f"Läste in {transcript.respondent} från {transcript.source}"
        with self._journal.log(who, "add_transcript", what) as entry:
            if self.same(transcript):
                raise RuleError(
                    f"{transcript.respondent} har redan en intervju i omgång {transcript.wave}.",
                    fix="Läs in den med --replace om den här filen ska gälla i stället. "
                    "Gäller den någon annan, eller en annan omgång, rättar du det i filen.",
                )
            return self.save(entry, transcript, source_hash)

    def save(self, entry: Decision, transcript: Transcript, source_hash: str) -> int:
        """Add a transcript with its respondent, turns and doubts, within a decision; return its id."""
        connection, stamp = entry.connection, entry.stamp()
        self._save_respondent(connection, transcript, stamp)
        row = {key: getattr(transcript, key) for key in _OWN_COLUMNS}
        result = connection.execute(insert(schema.transcripts).values(**row, source_hash=source_hash, **stamp))
        number = inserted_id(result)
        _insert_parts(connection, schema.turns, _TURN_COLUMNS, transcript.turns, number, stamp)
        timed = [turn for turn in transcript.turns if turn.begins is not None]
        _insert_parts(connection, schema.turn_times, _TIME_COLUMNS, timed, number, stamp)
        _insert_parts(connection, schema.doubts, _DOUBT_COLUMNS, transcript.doubts, number, stamp)
        return number

    def same(self, transcript: Transcript) -> int | None:
        """Return the id of the interview with that respondent in that wave, None when there is none."""
        c = schema.transcripts.c
        query = select(c.id).where(c.respondent == transcript.respondent, c.wave == transcript.wave)
        found = self._database.scalar(query)
        return None if found is None else int(found)

    def _save_respondent(self, connection: Connection, transcript: Transcript, stamp: Mapping[str, str]) -> None:
        c = schema.respondents.c
        group = self._database.scalar(select(c.group).where(c.code == transcript.respondent))
        if group is None:
            connection.execute(
                insert(schema.respondents).values(code=transcript.respondent, group=transcript.group, **stamp)
            )
        elif group != transcript.group:
            raise RuleError(
                f"{transcript.respondent} hör till gruppen {group}, men filen säger {transcript.group}.",
                fix="Rätta koden eller gruppen i filen.",
            )
        known = self.facts(transcript.respondent).get(transcript.respondent, {})
        fresh = [(name, value) for name, value in transcript.facts.items() if name not in known]
        a = schema.attributes.c
        last = self._database.scalar(select(func.max(a.place)).where(a.respondent == transcript.respondent))
        for place, (name, value) in enumerate(fresh, 0 if last is None else last + 1):
            row = {"respondent": transcript.respondent, "name": name, "value": value, "place": place}
            connection.execute(insert(schema.attributes).values(**row, **stamp))

    def all(self, **wanted: object) -> list[Transcript]:
        """Return transcripts with their turns, by respondent and wave; ``wanted`` narrows by a column."""
        t, r, u, v = schema.transcripts, schema.respondents, schema.turns, schema.turn_times
        query = select(t, r.c.group).join(r, r.c.code == t.c.respondent).order_by(t.c.respondent, t.c.wave)
        with self._database.reading() as connection:
            rows = list(connection.execute(narrow(query, t, wanted)))
            said = (v.c.transcript == u.c.transcript) & (v.c.seq == u.c.seq)
            columns = [u.c[key] for key in ("transcript", *_TURN_COLUMNS)]
            mine = select(*columns, v.c.begins, v.c.ends).outerjoin(v, said)
            mine = mine.where(u.c.transcript.in_(narrow(select(t.c.id), t, wanted)))
            turns: dict[int, list[Turn]] = {}
            for number, *own in connection.execute(mine.order_by(u.c.transcript, u.c.seq)):
                turns.setdefault(number, []).append(Turn(*own))
        facts = self.facts(*({row.respondent for row in rows} if wanted else ()))
        return [
            Transcript(
                **{key: getattr(row, key) for key in (*_OWN_COLUMNS, "group", "id")},
                turns=tuple(turns.get(row.id, ())),
                facts=facts.get(row.respondent, {}),
            )
            for row in rows
        ]

    def facts(self, *respondents: str) -> dict[str, dict[str, str]]:
        """Return the background facts of these respondents, or of all, as they were read."""
        query = select(schema.attributes).order_by(schema.attributes.c.place)
        if respondents:
            query = query.where(schema.attributes.c.respondent.in_(respondents))
        found: dict[str, dict[str, str]] = {}
        for row in self._database.rows(query):
            found.setdefault(row.respondent, {})[row.name] = row.value
        return found

    def people(self) -> dict[str, int]:
        """Return the number of interviewed respondents per group, in the order of the guides."""
        t, r, p = schema.transcripts, schema.respondents, schema.protocols
        rows = self._database.rows(
            select(r.c.group, func.count(r.c.code.distinct()))
            .join_from(r, t, t.c.respondent == r.c.code)
            .join(p, p.c.group == r.c.group)
            .group_by(r.c.group, p.c.place)
            .order_by(p.c.place)
        )
        return {str(group): int(n) for group, n in rows}

    def count(self) -> int:
        """Return the number of interviews."""
        return int(self._database.scalar(select(func.count()).select_from(schema.transcripts)))

    def size(self) -> int:
        """Return the number of characters in all the interviews."""
        return int(self._database.scalar(select(func.sum(func.length(schema.transcripts.c.text)))) or 0)

    def tallies(self) -> list[Row[Any]]:
        """Return one row per interview without its text: its facts, and how much is done and left on it.

        Columns as the transcripts', group, and the numbers codings, suggestions (open), decided and doubts (open).
        """
        t, r = schema.transcripts.c, schema.respondents.c
        c, s, d = schema.codings.c, schema.suggestions.c, schema.doubts.c
        own = [t[key] for key in ("id", "respondent", "wave", "date", "minutes", "interviewer", "source", "at")]
        counts = (
            _number_of(c.id, c.transcript == t.id).label("codings"),
            _number_of(s.id, s.transcript == t.id, s.status == "open", ~on_open_blind()).label("suggestions"),
            _number_of(s.id, s.transcript == t.id, s.status != "open").label("decided"),
            _number_of(d.id, d.transcript == t.id, d.settled == 0).label("doubts"),
        )
        query = select(*own, r.group, *counts).join_from(schema.transcripts, schema.respondents, r.code == t.respondent)
        return self._database.rows(query.order_by(t.respondent, t.wave))

    def texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of these interviews by id."""
        t = schema.transcripts.c
        rows = self._database.rows(select(t.id, t.text).where(t.id.in_(list(numbers))))
        return {int(number): str(text) for number, text in rows}

    # --- doubts -------------------------------------------------------------------------------------

    def doubts(self, **wanted: object) -> list[tuple[int, str, Doubt]]:
        """Return the unsettled doubts as (id, respondent, doubt); ``wanted`` narrows by a column (transcript)."""
        d, t = schema.doubts.c, schema.transcripts.c
        query = (
            select(d.id, t.respondent, d.kind, d.message, d.fix, d.turn)
            .join_from(schema.doubts, schema.transcripts, t.id == d.transcript)
            .where(d.settled == 0)
            .order_by(t.respondent, t.wave, d.turn, d.id)
        )
        rows = self._database.rows(narrow(query, schema.doubts, wanted))
        return [(row.id, row.respondent, Doubt(row.kind, row.message, row.fix, row.turn)) for row in rows]

    def doubt(self, number: int) -> tuple[int, Doubt] | None:
        """Return an unsettled doubt as (id of its transcript, doubt), None when there is none."""
        d = schema.doubts.c
        rows = self._database.rows(select(schema.doubts).where(d.id == number, d.settled == 0))
        return (rows[0].transcript, Doubt(*(getattr(rows[0], key) for key in _DOUBT_COLUMNS))) if rows else None

    def settle(self, decision: Decision, number: int) -> None:
        """Mark a doubt as looked at, within a decision."""
        decision.update(schema.doubts, {"id": number}, settled=1, **decision.stamp())

    def set_question(self, decision: Decision, transcript: int, seq: int, question: str | None) -> None:
        """Say which question a turn belongs to, within a decision."""
        decision.update(schema.turns, {"transcript": transcript, "seq": seq}, question=question, **decision.stamp())


def _number_of(column: ColumnElement[int], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return a count of the rows that belong to the row of the outer query."""
    return select(func.count(column)).where(*where).correlate(schema.transcripts).scalar_subquery()


def _insert_parts(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    parts: Iterable[object],
    transcript: int,
    stamp: Mapping[str, str],
) -> None:
    """Save a transcript's turns or doubts in one statement."""
    rows: list[dict[str, Any]] = [
        {**{key: getattr(part, key) for key in columns}, "transcript": transcript, **stamp} for part in parts
    ]
    if rows:
        connection.execute(insert(table), rows)
