"""The blind sample: places a coder decides on without suggestions, and the threshold it has given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select

from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision

if TYPE_CHECKING:
    from intervjukit.core.blind import BlindPlace, BlindStatus

_LEAST = "least_complete"


def on_open_blind() -> ColumnElement[bool]:
    """Return whether a suggestion of the outer query is open and touches a place that is still to be coded blind."""
    s, b = schema.suggestions.c, schema.blind.c
    touches = (b.transcript == s.transcript, b.start < s.end, s.start < b.end, b.status == "open")
    return exists(select(b.id).where(*touches).correlate(schema.suggestions)) & (s.status == "open")


class BlindRows:
    """Blind places in and out of one study's database."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def places(self, coder: str | None = None) -> list[BlindPlace]:
        """Return the blind places in reading order, of one coder or of all."""
        from intervjukit.core.blind import BlindPlace

        b, t, r = schema.blind.c, schema.transcripts, schema.respondents
        quote = func.substr(t.c.text, b.start + 1, b.end - b.start).label("quote")
        query = (
            select(schema.blind, quote, t.c.respondent, r.c.group)
            .join(t, t.c.id == b.transcript)
            .join(r, r.c.code == t.c.respondent)
            .order_by(t.c.respondent, t.c.wave, b.start, b.id)
        )
        if coder is not None:
            query = query.where(b.coder == coder)
        keys = ("transcript", "start", "end", "quote", "coder", "status", "id", "respondent", "group")
        return [BlindPlace(**{key: getattr(row, key) for key in keys}) for row in self._database.rows(query)]

    def insert(self, decision: Decision, places: Iterable[BlindPlace]) -> None:
        """Add places to be coded blind, within a decision."""
        for place in places:
            row = {key: getattr(place, key) for key in ("transcript", "start", "end", "coder", "status")}
            decision.insert(schema.blind, {**row, **decision.stamp()})

    def settle(self, decision: Decision, place: BlindPlace, status: BlindStatus) -> None:
        """Say what a blind place turned out to be, within a decision."""
        decision.update(schema.blind, {"id": place.id}, status=status, **decision.stamp())

    def least(self) -> float | None:
        """Return the calibrated threshold of the complete mode, None before any calibration."""
        c = schema.study.c
        found = self._database.scalar(select(c.value).where(c.name == _LEAST))
        return None if found is None else float(found)

    def set_least(self, decision: Decision, least: float) -> None:
        """Keep a calibrated threshold, within a decision."""
        row = {"value": repr(least), **decision.stamp()}
        if self.least() is None:
            decision.insert(schema.study, {"name": _LEAST, **row})
        else:
            decision.update(schema.study, {"name": _LEAST}, **row)
