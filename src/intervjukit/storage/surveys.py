"""The surveys a study has taken in: many respondents at once, and which of their answers are on a scale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Journal

if TYPE_CHECKING:
    from intervjukit.core.survey_answers import Known, ScaleQuestion
    from intervjukit.core.transcript import Transcript

_KEY = "enkät "
_OWN = ("respondent", "wave", "date", "minutes", "interviewer", "source", "text")
_TURN = ("seq", "role", "label", "start", "end", "question")
_DOUBT = ("kind", "message", "fix", "turn")
Row = dict[str, Any]


class SurveyRows:
    """Surveys in and out of one study's database."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Work on ``database`` and note what is done in ``journal``."""
        self._database, self._journal = database, journal

    def known(self) -> Known:
        """Return who is in the study, and in which waves each has been heard."""
        from intervjukit.core.survey_answers import Known

        r, t = schema.respondents.c, schema.transcripts.c
        waves: dict[str, set[int]] = {}
        for row in self._database.rows(select(t.respondent, t.wave)):
            waves.setdefault(str(row.respondent), set()).add(int(row.wave))
        groups = {str(code): str(group) for code, group in self._database.rows(select(r.code, r.group))}
        return Known(groups, {code: frozenset(heard) for code, heard in waves.items()})

    def taken(self) -> list[dict[str, Any]]:
        """Return what is noted of each survey, in the order they came: title, file, hash, answers, scales."""
        c = schema.study.c
        rows = self._database.rows(select(c.name, c.value).where(c.name.startswith(_KEY)).order_by(c.at, c.name))
        return [json.loads(row.value) for row in rows]

    def scales(self) -> list[ScaleQuestion]:
        """Return every question that is answered on a scale in any survey, each once."""
        from intervjukit.core.survey_answers import ScaleQuestion

        found = (ScaleQuestion(**scale) for survey in self.taken() for scale in survey["scales"])
        return list(dict.fromkeys(found))

    def add(self, who: str, transcripts: Sequence[tuple[str, Transcript]], about: Mapping[str, Any]) -> None:
        """Save (hash of the source, transcript) of a whole survey, and what is noted of it: all or nothing.

        The respondents' codes and waves must be free; an attribute that is known keeps its value.
        """
        what = f"Läste in enkäten {about['title']} från {about['file']}: {len(transcripts)} svar"
        with self._journal.log(who, "add_survey", what) as entry:
            connection, stamp = entry.connection, entry.stamp()
            _save_respondents(connection, [transcript for _, transcript in transcripts], stamp)
            rows = [
                {**{key: getattr(transcript, key) for key in _OWN}, "source_hash": source_hash, **stamp}
                for source_hash, transcript in transcripts
            ]
            saved = insert(schema.transcripts).returning(schema.transcripts.c.id, sort_by_parameter_order=True)
            numbers = [int(number) for number in connection.execute(saved, rows).scalars()]
            for table, columns, part in ((schema.turns, _TURN, "turns"), (schema.doubts, _DOUBT, "doubts")):
                parts = (
                    {**{key: getattr(each, key) for key in columns}, "transcript": number, **stamp}
                    for number, (_, transcript) in zip(numbers, transcripts, strict=True)
                    for each in getattr(transcript, part)
                )
                _insert(connection, table, parts)
            noted = json.dumps({**about, "answers": len(transcripts)}, ensure_ascii=False)
            name = f"{_KEY}{len(self.taken()) + 1}"
            connection.execute(insert(schema.study).values(name=name, value=noted, **stamp))


def _save_respondents(connection: Connection, transcripts: Sequence[Transcript], stamp: Mapping[str, str]) -> None:
    r, a = schema.respondents.c, schema.attributes.c
    known = {str(code) for code in connection.execute(select(r.code)).scalars()}
    had: dict[str, dict[str, int]] = {}
    for row in connection.execute(select(a.respondent, a.name, a.place)):
        had.setdefault(row.respondent, {})[row.name] = row.place
    groups = {each.respondent: each.group for each in transcripts if each.respondent not in known}
    _insert(connection, schema.respondents, ({"code": code, "group": group, **stamp} for code, group in groups.items()))
    rows: list[Row] = []
    for transcript in transcripts:
        own = had.setdefault(transcript.respondent, {})
        for name, value in transcript.facts.items():
            if name not in own:
                own[name] = max(own.values(), default=-1) + 1
                rows.append(
                    {"respondent": transcript.respondent, "name": name, "value": value, "place": own[name], **stamp}
                )
    _insert(connection, schema.attributes, rows)


def _insert(connection: Connection, table: Any, rows: Iterable[Row]) -> None:
    if found := list(rows):
        connection.execute(insert(table), found)
