"""What a study holds, loaded and saved as core objects. Every SQL statement is in this package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Memo, Suggestion
from intervjukit.core.swot import Measure, SwotItem
from intervjukit.core.transcript import Doubt, Transcript, Turn
from intervjukit.errors import FileError, RuleError
from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision, Journal, inserted_id, now


class Store:
    """The live state of one study."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``; its history is ``journal``."""
        self.database = database
        self.journal = Journal(database)

    # --- the study itself ---------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, who: str, name: str, guides: Sequence[tuple[str, str, str]]) -> Store:
        """Make a study file with its guides, given as (group, title, YAML)."""
        store = cls(Database.create(path))
        with store.journal.log(who, "create", f"Skapade studien {name}") as connection:
            stamp = {"at": now(), "who": who}
            connection.execute(insert(schema.study).values(name="name", value=name, **stamp))
            rows = [
                {"group": group, "title": title, "yaml": yaml, "place": place, **stamp}
                for place, (group, title, yaml) in enumerate(guides)
            ]
            connection.execute(insert(schema.protocols), rows)
        return store

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open a study file and verify that every coding still reads as its text does. Raises FileError."""
        store = cls(Database.open(path))
        if wrong := store._wrong_quotes():
            store.close()
            raise FileError(
                f"{wrong} kodningar i {path} stämmer inte längre med texten.",
                fix="Hämta studien från en säkerhetskopia; filen har ändrats av något annat program.",
            )
        return store

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def _wrong_quotes(self) -> int:
        c, t = schema.codings.c, schema.transcripts.c
        found = func.substr(t.text, c.start + 1, c.end - c.start)
        wrong = select(func.count()).where(c.transcript == t.id, found != c.quote)
        with self.database.reading() as connection:
            return int(connection.execute(wrong).scalar_one())

    @property
    def name(self) -> str:
        """The study's name."""
        c = schema.study.c
        return str(self._scalar(select(c.value).where(c.name == "name")))

    def guides(self) -> list[str]:
        """Return the adopted guides as YAML, in the order they were adopted."""
        return [
            str(row[0]) for row in self._rows(select(schema.protocols.c.yaml).order_by(schema.protocols.c.place))
        ]

    def adopt_codebook(self, who: str, codebook: Codebook, yaml: str) -> None:
        """Take ``codebook`` as the study's own; codes and facet values in use must still be there."""
        with self.journal.log(who, "adopt_codebook", f"Antog kodboken {codebook.title}") as connection:
            stamp = {"at": now(), "who": who}
            connection.execute(insert(schema.codebooks).values(name=codebook.id, yaml=yaml, **stamp))
            _replace(
                connection,
                schema.codes,
                [{"id": code.id, "name": code.name, **stamp} for code in codebook],
            )
            _replace(
                connection,
                schema.facet_values,
                [
                    {"facet": facet.id, "value": value.id, "name": value.name, **stamp}
                    for facet in codebook.facets
                    for value in facet.values
                ],
            )

    def codebook_yaml(self) -> str:
        """Return the code book in force as YAML, "" when none is adopted."""
        c = schema.codebooks.c
        return str(self._scalar(select(c.yaml).order_by(c.id.desc()).limit(1)) or "")

    # --- transcripts --------------------------------------------------------------------------------

    def has_source(self, source_hash: str) -> str | None:
        """Return the respondent whose transcript was read from a file with this hash, None if none was."""
        c = schema.transcripts.c
        found = self._scalar(select(c.respondent).where(c.source_hash == source_hash))
        return str(found) if found else None

    def add_transcript(self, who: str, transcript: Transcript, source_hash: str) -> int:
        """Save a transcript with its respondent, turns and doubts, all or nothing; return its id."""
        what = f"Läste in {transcript.respondent} från {transcript.source}"
        with self.journal.log(who, "add_transcript", what) as connection:
            stamp = {"at": now(), "who": who}
            self._save_respondent(connection, transcript, stamp)
            row = {
                key: getattr(transcript, key)
                for key in ("respondent", "wave", "date", "minutes", "interviewer", "source", "text")
            }
            taken = schema.transcripts.c
            if connection.execute(
                select(taken.id).where(taken.respondent == transcript.respondent, taken.wave == transcript.wave)
            ).first():
                raise RuleError(
                    f"{transcript.respondent} har redan en intervju i omgång {transcript.wave}.",
                    fix="Rätta koden i filen, eller ange en annan omgång.",
                )
            result = connection.execute(insert(schema.transcripts).values(**row, source_hash=source_hash, **stamp))
            number = inserted_id(result)
            connection.execute(
                insert(schema.turns),
                [
                    {
                        "transcript": number,
                        "seq": turn.seq,
                        "role": turn.role,
                        "label": turn.label,
                        "start": turn.start,
                        "end": turn.end,
                        "question": turn.question,
                        **stamp,
                    }
                    for turn in transcript.turns
                ],
            )
            if transcript.doubts:
                connection.execute(
                    insert(schema.doubts),
                    [
                        {
                            "transcript": number,
                            "turn": doubt.turn,
                            "kind": doubt.kind,
                            "message": doubt.message,
                            "fix": doubt.fix,
                            "settled": 0,
                            **stamp,
                        }
                        for doubt in transcript.doubts
                    ],
                )
        return number

    def _save_respondent(self, connection: Connection, transcript: Transcript, stamp: Mapping[str, str]) -> None:
        c = schema.respondents.c
        group = connection.execute(select(c.group).where(c.code == transcript.respondent)).scalar()
        if group is None:
            connection.execute(
                insert(schema.respondents).values(code=transcript.respondent, group=transcript.group, **stamp)
            )
        elif group != transcript.group:
            raise RuleError(
                f"{transcript.respondent} hör till gruppen {group}, men filen säger {transcript.group}.",
                fix="Rätta koden eller gruppen i filen.",
            )
        known = set(
            connection.execute(
                select(schema.attributes.c.name).where(schema.attributes.c.respondent == transcript.respondent)
            ).scalars()
        )
        fresh = [(name, value) for name, value in transcript.facts.items() if name not in known]
        for place, (name, value) in enumerate(fresh, len(known)):
            row = {"respondent": transcript.respondent, "name": name, "value": value, "place": place}
            connection.execute(insert(schema.attributes).values(**row, **stamp))

    def transcripts(self) -> list[Transcript]:
        """Return every transcript with its turns, by respondent and wave."""
        t, r = schema.transcripts, schema.respondents
        rows = self._rows(
            select(t, r.c.group).join(r, r.c.code == t.c.respondent).order_by(t.c.respondent, t.c.wave)
        )
        turns: dict[int, list[Turn]] = {}
        for row in self._rows(select(schema.turns).order_by(schema.turns.c.transcript, schema.turns.c.seq)):
            turns.setdefault(row.transcript, []).append(
                Turn(row.seq, row.role, row.label, row.start, row.end, row.question)
            )
        facts = self.attributes()
        return [
            Transcript(
                respondent=row.respondent,
                group=row.group,
                text=row.text,
                turns=tuple(turns.get(row.id, ())),
                wave=row.wave,
                date=row.date,
                minutes=row.minutes,
                interviewer=row.interviewer,
                source=row.source,
                facts=facts.get(row.respondent, {}),
                id=row.id,
            )
            for row in rows
        ]

    def attributes(self) -> dict[str, dict[str, str]]:
        """Return each respondent's background facts."""
        found: dict[str, dict[str, str]] = {}
        for row in self._rows(select(schema.attributes).order_by(schema.attributes.c.place)):
            found.setdefault(row.respondent, {})[row.name] = row.value
        return found

    def doubts(self) -> list[tuple[int, str, Doubt]]:
        """Return the unsettled doubts as (id, respondent, doubt)."""
        d, t = schema.doubts.c, schema.transcripts.c
        rows = self._rows(
            select(d.id, t.respondent, d.kind, d.message, d.fix, d.turn)
            .join_from(schema.doubts, schema.transcripts, t.id == d.transcript)
            .where(d.settled == 0)
            .order_by(t.respondent, d.turn, d.id)
        )
        return [(row.id, row.respondent, Doubt(row.kind, row.message, row.fix, row.turn)) for row in rows]

    def settle_doubt(self, who: str, doubt_id: int) -> None:
        """Mark a doubt as looked at."""
        with self.journal.decide(who, "settle", f"Avgjorde tveksamhet {doubt_id}") as decision:
            decision.update(schema.doubts, {"id": doubt_id}, settled=1, **decision.stamp())

    def set_question(self, who: str, transcript: int, seq: int, question: str | None) -> None:
        """Say which question a turn belongs to."""
        with self.journal.decide(who, "set_question", f"Kopplade replik {seq} till {question}") as decision:
            decision.update(
                schema.turns, {"transcript": transcript, "seq": seq}, question=question, **decision.stamp()
            )

    # --- suggestions --------------------------------------------------------------------------------

    def replace_suggestions(self, who: str, suggestions: Sequence[Suggestion]) -> int:
        """Put new open suggestions in place of the old open ones; decided ones stay. Return how many.

        A suggestion like one already decided (same place and code) is left out.
        """
        s, f = schema.suggestions, schema.suggestion_facets
        with self.journal.log(who, "suggest", f"Föreslog {len(suggestions)} kodningar") as connection:
            connection.execute(delete(s).where(s.c.status == "open"))
            decided = {
                tuple(row)
                for row in connection.execute(
                    select(s.c.transcript, s.c.start, s.c.end, s.c.code).where(s.c.status != "open")
                )
            }
            fresh = [x for x in suggestions if (x.transcript, x.start, x.end, x.code) not in decided]
            stamp = {"at": now(), "who": who}
            rows = [
                {**{key: getattr(x, key) for key in _SUGGESTION_COLUMNS}, "status": "open", **stamp} for x in fresh
            ]
            if rows:
                added = connection.execute(insert(s).returning(s.c.id, sort_by_parameter_order=True), rows)
                facets = [
                    {"owner": number, "facet": facet, "value": value}
                    for number, suggestion in zip(added.scalars(), fresh, strict=True)
                    for facet, value in suggestion.facets.items()
                ]
                if facets:
                    connection.execute(insert(f), facets)
        return len(fresh)

    def suggestions(self, **wanted: object) -> list[Suggestion]:
        """Return suggestions with their facets; ``wanted`` narrows by a column (id, status, code)."""
        s = schema.suggestions
        query = (
            select(s, schema.transcripts.c.respondent)
            .join(schema.transcripts, schema.transcripts.c.id == s.c.transcript)
            .order_by(schema.transcripts.c.respondent, s.c.start, s.c.id)
        )
        facets = self._facets(schema.suggestion_facets)
        return [
            Suggestion(
                **{key: getattr(row, key) for key in (*_SUGGESTION_COLUMNS, "id", "status", "respondent")},
                facets=facets.get(row.id, {}),
            )
            for row in self._rows(_narrow(query, s, wanted))
        ]

    # --- codings ------------------------------------------------------------------------------------

    def codings(self, **wanted: object) -> list[Coding]:
        """Return codings with their facets, by respondent and place; ``wanted`` narrows by a column."""
        c, t, r = schema.codings, schema.transcripts, schema.respondents
        query = (
            select(c, t.c.respondent, r.c.group)
            .join(t, t.c.id == c.c.transcript)
            .join(r, r.c.code == t.c.respondent)
            .order_by(t.c.respondent, c.c.transcript, c.c.start, c.c.end, c.c.id)
        )
        facets = self._facets(schema.coding_facets)
        return [
            Coding(
                id=row.id,
                transcript=row.transcript,
                respondent=row.respondent,
                group=row.group,
                start=row.start,
                end=row.end,
                quote=row.quote,
                code=row.code,
                facets=facets.get(row.id, {}),
                coder=row.coder,
                at=row.at,
                suggestion=row.suggestion,
            )
            for row in self._rows(_narrow(query, c, wanted))
        ]

    def _facets(self, table: Table) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for row in self._rows(select(table)):
            found.setdefault(row.owner, {})[row.facet] = row.value
        return found

    def insert_coding(self, decision: Decision, coding: Coding) -> int:
        """Add a coding within a decision; return its id."""
        number = decision.insert(
            schema.codings,
            {
                **{key: getattr(coding, key) for key in ("transcript", "start", "end", "quote", "code", "coder")},
                "suggestion": coding.suggestion,
                **decision.stamp(),
            },
        )
        self.set_facets(decision, number, {}, coding.facets)
        return number

    def set_facets(
        self, decision: Decision, coding: int, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        """Change a coding's facet values within a decision."""
        for facet in before:
            if after.get(facet) != before[facet]:
                decision.delete(schema.coding_facets, {"owner": coding, "facet": facet})
        for facet, value in after.items():
            if before.get(facet) != value:
                decision.insert(schema.coding_facets, {"owner": coding, "facet": facet, "value": value})

    def update_coding(self, decision: Decision, coding: Coding, **values: Any) -> None:
        """Change a coding's own columns within a decision."""
        decision.update(schema.codings, {"id": coding.id}, **values, **decision.stamp())

    def delete_coding(self, decision: Decision, coding: Coding) -> None:
        """Remove a coding and its facets within a decision."""
        self.set_facets(decision, coding.id, coding.facets, {})
        decision.delete(schema.codings, {"id": coding.id})

    def decide_suggestion(self, decision: Decision, suggestion: Suggestion, status: str) -> None:
        """Say what became of a suggestion, within a decision."""
        by = None if status == "open" else decision.who
        decision.update(
            schema.suggestions,
            {"id": suggestion.id},
            status=status,
            decided_by=by,
            decided_at=decision.at if by else None,
        )

    # --- memos, SWOT, measures ----------------------------------------------------------------------

    def add_memo(self, who: str, target: str, target_id: str, memo: str) -> int:
        """Save a remark; return its id."""
        with self.journal.decide(who, "add_memo", f"Skrev en anteckning om {target} {target_id}") as decision:
            row = {"target": target, "target_id": target_id, "text": memo}
            return decision.insert(schema.memos, {**row, **decision.stamp()})

    def memos(self) -> list[Memo]:
        """Return every remark, oldest first."""
        rows = self._rows(select(schema.memos).order_by(schema.memos.c.id))
        return [Memo(row.id, row.target, row.target_id, row.text, row.who, row.at) for row in rows]

    def swot_items(self) -> list[SwotItem]:
        """Return the SWOT lines in the order they were made."""
        cites: dict[int, list[tuple[str, str, str]]] = {}
        for row in self._rows(select(schema.swot_cites).order_by(*schema.swot_cites.primary_key)):
            cites.setdefault(row.item, []).append((row.valence, row.code, row.party))
        rows = self._rows(select(schema.swot_items).order_by(schema.swot_items.c.id))
        return [SwotItem(row.field, row.text, tuple(cites.get(row.id, ())), row.weight, row.id) for row in rows]

    def insert_swot_item(self, decision: Decision, item: SwotItem) -> int:
        """Add a SWOT line with what it cites, within a decision; return its id."""
        row = {"field": item.field, "text": item.text, "weight": item.weight}
        number = decision.insert(schema.swot_items, {**row, **decision.stamp()})
        for valence, code, party in item.cites:
            decision.insert(schema.swot_cites, {"item": number, "valence": valence, "code": code, "party": party})
        return number

    def delete_swot_item(self, decision: Decision, item: SwotItem) -> None:
        """Remove a SWOT line, within a decision; measures keep their other citations."""
        for measure in self.measures():
            if item.id in measure.cites:
                decision.delete(schema.measure_cites, {"measure": measure.id, "item": item.id})
        for valence, code, party in item.cites:
            decision.delete(schema.swot_cites, {"item": item.id, "valence": valence, "code": code, "party": party})
        decision.delete(schema.swot_items, {"id": item.id})

    def measures(self) -> list[Measure]:
        """Return the measures in the order they were made."""
        cites: dict[int, list[int]] = {}
        for row in self._rows(select(schema.measure_cites)):
            cites.setdefault(row.measure, []).append(row.item)
        rows = self._rows(select(schema.measures).order_by(schema.measures.c.id))
        return [
            Measure(row.text, row.party, tuple(cites.get(row.id, ())), row.due, row.follow_up, row.id)
            for row in rows
        ]

    def insert_measure(self, decision: Decision, measure: Measure) -> int:
        """Add a measure with the SWOT lines it cites, within a decision; return its id."""
        row = {key: getattr(measure, key) for key in ("text", "party", "due", "follow_up")}
        number = decision.insert(schema.measures, {**row, **decision.stamp()})
        for item in measure.cites:
            decision.insert(schema.measure_cites, {"measure": number, "item": item})
        return number

    def delete_measure(self, decision: Decision, measure: Measure) -> None:
        """Remove a measure, within a decision."""
        for item in measure.cites:
            decision.delete(schema.measure_cites, {"measure": measure.id, "item": item})
        decision.delete(schema.measures, {"id": measure.id})

    def update_row(self, decision: Decision, table: str, row_id: int, **values: Any) -> None:
        """Change a SWOT line's or a measure's own columns, within a decision."""
        decision.update(schema.metadata.tables[table], {"id": row_id}, **values, **decision.stamp())

    # --- helpers ------------------------------------------------------------------------------------

    @contextmanager
    def decide(self, who: str, action: str, summary: str) -> Iterator[Decision]:
        """Give a Decision on this study (see Journal.decide)."""
        with self.journal.decide(who, action, summary) as decision:
            yield decision

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(query))

    def _scalar(self, query: Select[Any]) -> Any:
        with self.database.reading() as connection:
            return connection.execute(query).scalar()


_SUGGESTION_COLUMNS = (
    "transcript",
    "start",
    "end",
    "quote",
    "code",
    "score",
    "reason",
    "suggester",
    "version",
)


def _narrow(query: Select[Any], table: Table, wanted: Mapping[str, object]) -> Select[Any]:
    for name, value in wanted.items():
        query = query.where(table.c[name] == value)
    return query


def _replace(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make a small table hold exactly ``rows``; a row still in use cannot go (foreign key)."""
    wanted = {tuple(row[c.name] for c in table.primary_key): dict(row) for row in rows}
    keys = [tuple(row) for row in connection.execute(select(*table.primary_key))]
    for key in keys:
        where = [column == value for column, value in zip(table.primary_key, key, strict=True)]
        if key not in wanted:
            connection.execute(delete(table).where(*where))
        else:
            connection.execute(update(table).where(*where).values(**wanted.pop(key)))
    if wanted:
        connection.execute(insert(table), list(wanted.values()))
