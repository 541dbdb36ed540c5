"""What a study holds, loaded and saved as core objects. Every SQL statement is in this package."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, true, update

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.phrases import number_words
from intervjukit.errors import FileError
from intervjukit.storage import schema
from intervjukit.storage.blind import BlindRows, on_open_blind
from intervjukit.storage.boards import BoardRows
from intervjukit.storage.codes import CodeRows
from intervjukit.storage.database import Database
from intervjukit.storage.drafts import DraftRows
from intervjukit.storage.interviews import Interviews
from intervjukit.storage.journal import Decision, Journal
from intervjukit.storage.narrowing import facets_of, narrow
from intervjukit.storage.plans import PlanRows
from intervjukit.storage.surveys import SurveyRows

Guide = tuple[str, str, str]
"""An adopted guide: (group, title, YAML)."""
Keep = Callable[[], Collection[int]]
"""Tells which suggestions are not to be touched."""


class Store:
    """The live state of one study: interviews, boards, codes, drafts and, here, code book, suggestions, codings."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``; its history is ``journal``."""
        self.database = database
        self.journal = Journal(database)
        self.interviews = Interviews(database, self.journal)
        self.boards = BoardRows(database, self.journal)
        self.blind = BlindRows(database)
        self.codes = CodeRows(database)
        self.drafts = DraftRows(database, self.journal)
        self.plans = PlanRows(database)
        self.surveys = SurveyRows(database, self.journal)

    # --- the study itself ---------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path,
        who: str,
        name: str,
        guides: Sequence[Guide],
        codebook: Codebook,
        yaml: str,
        banks: Mapping[str, str],
    ) -> Store:
        """Make a study file with its guides, code book (``yaml`` as written) and bank: whole, or not at all."""

        def fill(database: Database) -> None:
            draft = cls(database)
            draft._save_guides(who, name, guides)
            draft.adopt_codebook(who, codebook, yaml)
            draft._save_banks(who, banks)

        return cls(Database.create(path, fill))

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open a study file and verify that every coding still reads as its text does. Raises FileError."""
        store = cls(Database.open(path))
        try:
            wrong = store._wrong_quotes()
        except BaseException:
            store.close()
            raise
        if wrong:
            store.close()
            number = "En kodning" if wrong == 1 else f"{wrong} kodningar"
            raise FileError(
                f"{number} i {path} stämmer inte längre med texten.",
                fix="Hämta studien från en säkerhetskopia; filen har ändrats av något annat program.",
            )
        return store

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def decide(self, who: str, action: str, summary: str) -> AbstractContextManager[Decision]:
        """Give a Decision on this study (see Journal.decide)."""
        return self.journal.decide(who, action, summary)

    def _wrong_quotes(self) -> int:
        """Return how many codings do not read as their text, or have lost it."""
        # not in SQL, whose substr counts its way to every place from the beginning of the text
        c, t = schema.codings.c, schema.transcripts.c
        with self.database.reading() as connection:
            texts = {row.id: row.text for row in connection.execute(select(t.id, t.text))}
            places = connection.execute(select(c.transcript, c.start, c.end, c.quote))
            return sum(number not in texts or texts[number][start:end] != quote for number, start, end, quote in places)

    @property
    def name(self) -> str:
        """The study's name."""
        c = schema.study.c
        return str(self.database.scalar(select(c.value).where(c.name == "name")))

    def _save_guides(self, who: str, name: str, guides: Sequence[Guide]) -> None:
        with self.journal.log(who, "create", f"Skapade studien {name}") as entry:
            stamp = entry.stamp()
            entry.connection.execute(insert(schema.study).values(name="name", value=name, **stamp))
            rows = [
                {"group": group, "title": title, "yaml": yaml, "place": place, **stamp}
                for place, (group, title, yaml) in enumerate(guides)
            ]
            entry.connection.execute(insert(schema.protocols), rows)

    def guides(self) -> list[str]:
        """Return the adopted guides as YAML, in the order they were adopted."""
        c = schema.protocols.c
        return [str(row.yaml) for row in self.database.rows(select(c.yaml).order_by(c.place))]

    def adopt_codebook(self, who: str, codebook: Codebook, yaml: str) -> None:
        """Take ``codebook`` as the study's own; codes and facet values in use must still be there."""
        with self.journal.log(who, "adopt_codebook", f"Antog kodboken {codebook.title}") as entry:
            connection, stamp = entry.connection, entry.stamp()
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

    def _save_banks(self, who: str, banks: Mapping[str, str]) -> None:
        if banks:
            with self.journal.log(who, "adopt_bank", "Antog kodbokens yttrandebank") as entry:
                rows = [{"name": name, "text": text, **entry.stamp()} for name, text in banks.items()]
                entry.connection.execute(insert(schema.banks), rows)

    def banks(self) -> dict[str, str]:
        """Return the texts of the bank of utterances by file name, in order of name."""
        c = schema.banks.c
        return {str(row.name): str(row.text) for row in self.database.rows(select(c.name, c.text).order_by(c.name))}

    def codebook_yaml(self) -> str:
        """Return the code book in force as YAML, "" when none is adopted."""
        c = schema.codebooks.c
        return str(self.database.scalar(select(c.yaml).order_by(c.id.desc()).limit(1)) or "")

    # --- suggestions --------------------------------------------------------------------------------

    def replace_suggestions(self, who: str, suggestions: Sequence[Suggestion], keep: Keep | None = None) -> int:
        """Put new open suggestions in place of the old open ones; decided ones stay. Return how many are open.

        A suggestion like one already decided (same place and code) is left out; one like an old open one gets its
        id, so whoever had that one in hand may still decide on it. The ids ``keep`` returns stay as they are.
        """
        s, f = schema.suggestions, schema.suggestion_facets
        with self.journal.log(who, "suggest", "") as entry:
            connection = entry.connection
            kept = set(keep() if keep else ())
            rows = connection.execute(select(s.c.id, s.c.status, *(s.c[key] for key in _PLACE))).all()
            gone = {tuple(row[2:]): row.id for row in rows if row.status == "open" and row.id not in kept}
            stay = {tuple(row[2:]) for row in rows if row.status != "open" or row.id in kept}
            leaving = [s.c.status == "open", s.c.id.not_in(kept)]
            connection.execute(delete(f).where(f.c.owner.in_(select(s.c.id).where(*leaving))))
            connection.execute(delete(s).where(*leaving))
            fresh = {place: x for x in suggestions if (place := _place_of(x)) not in stay}
            _insert_suggestions(entry, [x for place, x in fresh.items() if place not in gone])
            _insert_suggestions(entry, [replace(x, id=gone[place]) for place, x in fresh.items() if place in gone])
            entry.summary = f"Föreslog {number_words(len(fresh), 'kodning', 'kodningar')}"
        return len(fresh) + len([row for row in rows if row.status == "open" and row.id in kept])

    def suggestions(self, **wanted: object) -> list[Suggestion]:
        """Return suggestions with their facets; ``wanted`` narrows by a column (id, status, code).

        Open ones on places that are to be coded blind are not among them.
        """
        return self._suggestions(~on_open_blind(), wanted)

    def suggestions_of(self, code: str) -> list[Suggestion]:
        """Return every suggestion of a code, also those hidden for who is to code blind."""
        return self._suggestions(true(), {"code": code})

    def _suggestions(self, shown: ColumnElement[bool], wanted: Mapping[str, object]) -> list[Suggestion]:
        s, t, r = schema.suggestions, schema.transcripts, schema.respondents
        own = [s.c[key] for key in _SUGGESTION_COLUMNS]
        query = (
            select(s.c.id, s.c.status, s.c.confidence, s.c.others, t.c.source, t.c.respondent, r.c.group, *own)
            .join(t, t.c.id == s.c.transcript)
            .join(r, r.c.code == t.c.respondent)
            .where(shown)
            .order_by(t.c.respondent, t.c.wave, s.c.start, s.c.id)
        )
        facets = facets_of(self.database, schema.suggestion_facets, s, wanted)
        rows = self.database.rows(narrow(query, s, wanted))
        some = any(row.confidence is not None for row in rows)
        sure = facets_of(self.database, schema.suggestion_facets, s, wanted, column="confidence") if some else {}
        return [
            Suggestion(
                **dict(zip(_SUGGESTION_COLUMNS, own, strict=True)),
                facets=facets.get(id_, {}),
                respondent=who,
                id=id_,
                status=status,
                confidence={"code": first, **sure.get(id_, {})} if first is not None else {},
                others=tuple((code, float(likely)) for code, _, likely in _pairs(others)),
                group=group,
                source=source,
            )
            for id_, status, first, others, source, who, group, *own in rows
        ]

    # --- codings ------------------------------------------------------------------------------------

    def codings(self, **wanted: object) -> list[Coding]:
        """Return codings with their facets, by respondent and place; ``wanted`` narrows by a column."""
        c, t, r = schema.codings, schema.transcripts, schema.respondents
        before, after = (c.c.start, c.c.end, c.c.quote, c.c.code), (c.c.coder, c.c.at, c.c.suggestion)
        query = (
            select(c.c.id, c.c.transcript, t.c.respondent, r.c.group, *before, *after)
            .join(t, t.c.id == c.c.transcript)
            .join(r, r.c.code == t.c.respondent)
            .order_by(t.c.respondent, c.c.transcript, c.c.start, c.c.end, c.c.id)
        )
        facets = facets_of(self.database, schema.coding_facets, c, wanted)
        rows = self.database.rows(narrow(query, c, wanted))
        return [  # by place and not by name, for there may be tens of thousands
            Coding(id_, transcript, who, group, start, end, quote, code, facets.get(id_, {}), coder, at, suggestion)
            for id_, transcript, who, group, start, end, quote, code, coder, at, suggestion in rows
        ]

    def recent_codes(self, coder: str, most: int) -> list[str]:
        """Return the codes this coder has used, the latest first, at most ``most``."""
        c = schema.codings.c
        query = select(c.code).where(c.coder == coder).group_by(c.code).order_by(func.max(c.at).desc(), c.code)
        return [str(row.code) for row in self.database.rows(query.limit(most))]

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

    def set_facets(self, decision: Decision, coding: int, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Change a coding's facet values within a decision."""
        for facet in before:
            if after.get(facet) != before[facet]:
                decision.delete(schema.coding_facets, {"owner": coding, "facet": facet})
        for facet, value in after.items():
            if before.get(facet) != value:
                row = {"owner": coding, "facet": facet, "value": value}
                decision.insert(schema.coding_facets, {**row, **decision.stamp()})

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


_PLACE = ("transcript", "start", "end", "code")
_AT_A_TIME = 1_000
"""How many suggestions are written at a time: as rows they take more memory than as they are."""
_SUGGESTION_COLUMNS = ("transcript", "start", "end", "quote", "code", "score", "reason", "suggester", "version")


def _place_of(suggestion: Suggestion) -> tuple[object, ...]:
    return tuple(getattr(suggestion, key) for key in _PLACE)


def _pairs(others: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield (code, ":", how likely) of what a suggestion's row says of other codes."""
    return (each.partition(":") for each in (others or "").split())


def _insert_suggestions(entry: Decision, suggestions: Sequence[Suggestion]) -> None:
    """Add open suggestions: all of them with ids of their own, or none with any."""
    for first in range(0, len(suggestions), _AT_A_TIME):
        _insert_some(entry, suggestions[first : first + _AT_A_TIME])


def _insert_some(entry: Decision, suggestions: Sequence[Suggestion]) -> None:
    s = schema.suggestions
    rows = [
        {
            **{key: getattr(x, key) for key in _SUGGESTION_COLUMNS},
            **({"id": x.id} if x.id else {}),
            "confidence": x.confidence.get("code"),
            "others": " ".join(f"{code}:{likely:g}" for code, likely in x.others),
            "status": "open",
            **entry.stamp(),
        }
        for x in suggestions
    ]
    added = entry.connection.execute(insert(s).returning(s.c.id, sort_by_parameter_order=True), rows)
    facets = [
        {
            "owner": number,
            "facet": facet,
            "value": value,
            "confidence": suggestion.confidence.get(facet),
            **entry.stamp(),
        }
        for number, suggestion in zip(added.scalars(), suggestions, strict=True)
        for facet, value in suggestion.facets.items()
    ]
    if facets:
        entry.connection.execute(insert(schema.suggestion_facets), facets)


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
