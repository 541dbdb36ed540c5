"""A corrected interview in the place of the one that was read in before, within one decision that can be undone.

The text under codings never changes: the corrected one is another row, what hangs on the old one is moved to it place
by place (the database checks every quote against the new text), and then the old one goes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript
from intervjukit.storage import schema
from intervjukit.storage.database import Database
from intervjukit.storage.interviews import Interviews
from intervjukit.storage.journal import Decision, forget_open

_ASIDE = 1_000_000
"""Added to the wave of the one that goes, while both are there: there is one interview per person and wave."""
_PARTS = (schema.turns, schema.turn_times, schema.doubts)


class ReplacementRows:
    """The steps of putting one interview in the place of another; each within a decision."""

    def __init__(self, database: Database, interviews: Interviews) -> None:
        """Work on ``database``; ``interviews`` saves the new one."""
        self._database, self._interviews = database, interviews

    def settled(self, transcript: int) -> list[tuple[int | None, str, str]]:
        """Return the doubts about an interview that are settled, as (turn, kind, message)."""
        d = schema.doubts.c
        query = select(d.turn, d.kind, d.message).where(d.transcript == transcript, d.settled == 1).order_by(d.id)
        return [(row.turn, row.kind, row.message) for row in self._database.rows(query)]

    def begin(self, decision: Decision, old: Transcript, new: Transcript, source_hash: str) -> int:
        """Put the old one aside, without the machine's open suggestions, and save the new one; return its id."""
        forget_open(decision, schema.suggestions.c.transcript == old.id)
        decision.update(schema.transcripts, {"id": old.id}, wave=old.wave + _ASIDE)
        self._forget_facts(decision, old, new)
        known = self._interviews.facts(new.respondent).get(new.respondent, {})
        number = self._interviews.save(decision, new, source_hash)
        decision.note_added(schema.transcripts, id=number)
        for part in _PARTS:
            decision.note_added(part, transcript=number)
        for name in new.facts:
            if name not in known:
                decision.note_added(schema.attributes, respondent=new.respondent, name=name)
        return number

    def _forget_facts(self, decision: Decision, old: Transcript, new: Transcript) -> None:
        """Remove the background facts that are to be renewed: with other waves, only those the new file states."""
        c = schema.transcripts.c
        others = select(func.count(c.id)).where(c.respondent == old.respondent, c.id != old.id)
        known = self._interviews.facts(old.respondent).get(old.respondent, {})
        for name in new.facts if self._database.scalar(others) else known:
            decision.delete_all(schema.attributes, respondent=old.respondent, name=name)

    def move(self, decision: Decision, table: str, number: int, transcript: int, span: Span, quote: str = "") -> None:
        """Move a coding, suggestion, blind place or the place of a memo to the new text; who made it and when stays."""
        owner = schema.metadata.tables[table]
        key = "memo" if table == "memo_spans" else "id"
        read: dict[str, Any] = {"quote": quote} if "quote" in owner.c else {}
        decision.update(owner, {key: number}, transcript=transcript, start=span.start, end=span.end, **read)

    def remove(self, decision: Decision, table: str, number: int) -> None:
        """Remove a suggestion with its facets, a blind place or the place of a memo."""
        if table == "suggestions":
            for row in self._database.rows(select(schema.codings.c.id).where(schema.codings.c.suggestion == number)):
                decision.update(schema.codings, {"id": row.id}, suggestion=None)
            decision.delete_all(schema.suggestion_facets, owner=number)
        decision.delete(schema.metadata.tables[table], {"memo" if table == "memo_spans" else "id": number})

    def retarget(self, decision: Decision, memo: int, transcript: int, text: str) -> None:
        """Let a memo be about the new interview."""
        decision.update(schema.memos, {"id": memo}, target="transcript", target_id=str(transcript), text=text)

    def settle(self, decision: Decision, transcript: int, doubt: tuple[int | None, str, str]) -> None:
        """Settle the doubt about the new interview that is like one settled before."""
        d = schema.doubts.c
        turn, kind, message = doubt
        same = select(d.id).where(d.transcript == transcript, d.turn == turn, d.kind == kind, d.message == message)
        for row in self._database.rows(same):
            decision.update(schema.doubts, {"id": row.id}, settled=1)

    def finish(self, decision: Decision, old: int, new: int) -> None:
        """Let what only names the interview name the new one, and remove the old one."""
        for row in self._database.rows(select(schema.drafts.c.id).where(schema.drafts.c.transcript == old)):
            decision.update(schema.drafts, {"id": row.id}, transcript=new)
        i = schema.identities.c
        for row in self._database.rows(select(i.guid).where(i.kind == "transcript", i.own == str(old))):
            decision.delete(schema.identities, {"kind": "transcript", "own": str(old)})
            decision.insert(
                schema.identities, {"kind": "transcript", "own": str(new), "guid": row.guid, **decision.stamp()}
            )
        for part in _PARTS:
            decision.delete_all(part, transcript=old)
        decision.delete(schema.transcripts, {"id": old})
