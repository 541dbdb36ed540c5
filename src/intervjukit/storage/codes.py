"""The study's codes and code book while it is being worked on: what is used, and how it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.journal import Decision

if TYPE_CHECKING:
    from intervjukit.core.codebook import Code
    from intervjukit.core.coding import Suggestion


class CodeRows:
    """Codes and the code book in and out of one study's database."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def stamp(self) -> tuple[Any, ...]:
        """Return what tells the code book in force from every other one there has been."""
        c = schema.codebooks.c
        rows = self._database.rows(select(c.id, c.at, c.who).order_by(c.id.desc()).limit(1))
        return tuple(rows[0]) if rows else ()

    def tallies(self) -> dict[str, tuple[int, frozenset[str]]]:
        """Return for each code in use how many codings it has, and the respondents who said them."""
        c, t = schema.codings.c, schema.transcripts.c
        rows = self._database.rows(
            select(c.code, t.respondent, func.count())
            .join_from(schema.codings, schema.transcripts, t.id == c.transcript)
            .group_by(c.code, t.respondent)
        )
        found: dict[str, tuple[int, frozenset[str]]] = {}
        for code, respondent, number in rows:
            codings, people = found.get(code, (0, frozenset[str]()))
            found[code] = codings + int(number), people | {respondent}
        return found

    def uses(self, code: str) -> dict[str, int]:
        """Return what hangs on a code and how much of each: codings, decided (suggestions), cites, memos."""
        s, m = schema.suggestions.c, schema.memos.c
        counts = {
            "codings": select(func.count()).where(schema.codings.c.code == code),
            "decided": select(func.count()).where(s.code == code, s.status != "open"),
            "cites": select(func.count()).where(schema.swot_cites.c.code == code),
            "memos": select(func.count()).where(m.target == "code", m.target_id == code),
        }
        return {what: int(self._database.scalar(query)) for what, query in counts.items()}

    def former(self) -> dict[str, str | None]:
        """Return the codes there have been: what each one is now, None for one that was taken away."""
        c = schema.former_codes.c
        return {str(row.id): row.now for row in self._database.rows(select(c.id, c.now))}

    # --- within a decision --------------------------------------------------------------------------

    def save_book(self, decision: Decision, yaml: str) -> None:
        """Put another text in place of the code book in force."""
        number = self.stamp()[0]
        decision.update(schema.codebooks, {"id": number}, yaml=yaml, **decision.stamp())

    def insert(self, decision: Decision, code: Code) -> None:
        """Add a code."""
        decision.insert(schema.codes, {"id": code.id, "name": code.name, **decision.stamp()})

    def rename(self, decision: Decision, code: Code) -> None:
        """Give a code the name it has in the code book."""
        decision.update(schema.codes, {"id": code.id}, name=code.name, **decision.stamp())

    def delete(self, decision: Decision, code: str, now: str | None) -> None:
        """Remove a code that nothing hangs on any longer; ``now`` is the code it has become part of."""
        c = schema.former_codes.c
        for row in self._database.rows(select(c.id).where(c.now == code)):
            decision.update(schema.former_codes, {"id": row.id}, now=now, **decision.stamp())
        decision.insert(schema.former_codes, {"id": code, "now": now, **decision.stamp()})
        decision.delete(schema.codes, {"id": code})

    def move_suggestion(self, decision: Decision, suggestion: Suggestion, code: str) -> None:
        """Let a suggestion propose another code; who decided on it stays."""
        decision.update(schema.suggestions, {"id": suggestion.id}, code=code)

    def delete_suggestion(self, decision: Decision, suggestion: Suggestion) -> None:
        """Remove an open suggestion."""
        for facet in suggestion.facets:
            decision.delete(schema.suggestion_facets, {"owner": suggestion.id, "facet": facet})
        decision.delete(schema.suggestions, {"id": suggestion.id})

    def move_cites(self, decision: Decision, code: str, into: str) -> int:
        """Let SWOT lines cite ``into`` where they cite ``code``; return how many citations there were."""
        c = schema.swot_cites.c
        rows = self._database.rows(select(schema.swot_cites).where(c.code == code))
        known = {tuple(row) for row in self._database.rows(select(c.item, c.valence, c.party).where(c.code == into))}
        for row in rows:
            key = {"item": row.item, "valence": row.valence, "party": row.party}
            decision.delete(schema.swot_cites, {**key, "code": code})
            if (row.item, row.valence, row.party) not in known:
                decision.insert(schema.swot_cites, {**key, "code": into, **decision.stamp()})
        return len(rows)

    def move_memos(self, decision: Decision, target: str, old: str | int, new: str | int) -> None:
        """Let memos be about another code, or another coding."""
        m = schema.memos.c
        for row in self._database.rows(select(m.id).where(m.target == target, m.target_id == str(old))):
            decision.update(schema.memos, {"id": row.id}, target_id=str(new))
