"""Drafts: guides filled in live, during an interview. Every change is saved; done, a draft becomes a transcript."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from intervjukit.boards import Board, Who
from intervjukit.core.interview import read_date
from intervjukit.core.protocol import Protocol
from intervjukit.core.sheet import (
    Sheet,
    check_wave,
    next_respondent,
    respondent_code,
    transcript_of,
    written,
)
from intervjukit.core.text import normalise, squeeze
from intervjukit.errors import ConflictError, NotFoundError, RuleError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_DAY = 24 * 60 * 60


class Drafts(Board):
    """The guides being filled in: begin, write, finish, remove.

    What is written is on disk when ``write`` returns, without a line in the history; that an interview was begun,
    finished or taken away has one.
    """

    _title, _one, _many, _name = "Ifyllda guider", "guide", "guider", "drafts"

    def __init__(self, store: Store, who: Who, protocols: Callable[[], Mapping[str, Protocol]]) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._protocols = store, who, protocols

    def all(self) -> list[Sheet]:
        """Return every sheet, the latest begun first."""
        return self._store.drafts.all()

    def table(self) -> pd.DataFrame:
        """One row per filled-in guide: id, group, respondent, wave, date, interviewer, minutes, answers, done."""
        from intervjukit.analysis.codes import drafts_table

        return drafts_table(self.all())

    def sheet(self, draft: int) -> Sheet:
        """Return one sheet with what is written in it. Raises NotFoundError."""
        if found := self._store.drafts.all(id=int(draft)):
            return found[0]
        raise NotFoundError(f"Utkast {draft} finns inte.", fix="Någon kan ha tagit bort det; se listan under Guide.")

    def latest(self, draft: int, field: str) -> tuple[str, str]:
        """Return who last wrote in a field, and when; empty texts when it is empty."""
        return self._store.drafts.latest(draft, field)

    def free(self, group: str) -> str:
        """Return the first respondent code of a group that nobody has. Raises NotFoundError."""
        known = [row.respondent for row in self._store.interviews.tallies()]
        return next_respondent(self._guide(group), known + [sheet.respondent for sheet in self.all()])

    def fact_names(self, group: str) -> list[str]:
        """Return what the background facts of a group's respondents are called, the most usual first."""
        people = {row.respondent for row in self._store.interviews.tallies() if row.group == group}
        facts = self._store.interviews.facts()
        names = Counter(name for person in sorted(people) for name in facts.get(person, ()))
        return [name for name, _ in names.most_common()]

    def begin(self, group: str, respondent: str = "", *, wave: int = 1, interviewer: str = "", day: str = "") -> Sheet:
        """Begin an interview by its guide and return the empty sheet; without a code the first free one is taken.

        ``day`` is the date, today when it is not given. Raises RuleError when that person has an interview or a
        draft in that wave, or the code is not one of the group's; NotFoundError.
        """
        with self._store.database.writing():
            guide = self._guide(group)
            code = respondent_code(guide, respondent) if respondent.strip() else self.free(group)
            check_wave(guide, wave)
            sheet = Sheet(0, guide.group, code, wave, _day(day), squeeze(normalise(interviewer)) or self._who())
            self._refuse_taken(sheet)
            return self.sheet(self._store.drafts.insert(self._who(), sheet))

    def _guide(self, group: str) -> Protocol:
        guides = self._protocols()
        if group in guides:
            return guides[group]
        raise NotFoundError(f"Gruppen ”{group}” finns inte i studien.", fix=f"Välj någon av: {', '.join(guides)}.")

    def _refuse_taken(self, sheet: Sheet) -> None:
        which = f" i omgång {sheet.wave}" if sheet.wave > 1 or self._guide(sheet.group).waves else ""
        if self._store.interviews.all(respondent=sheet.respondent, wave=sheet.wave):
            raise RuleError(
                f"{sheet.respondent} har redan en intervju{which}.",
                fix=f"Välj en annan kod, till exempel {self.free(sheet.group)}.",
            )
        others = self._store.drafts.all(respondent=sheet.respondent, wave=sheet.wave)
        if any(not other.transcript for other in others):
            raise RuleError(
                f"{sheet.respondent} har redan ett utkast{which}.", fix="Fortsätt på det, eller välj en annan kod."
            )

    # --- while it goes on ---------------------------------------------------------------------------

    def write(self, draft: int, field: str, value: str, *, expected: str | None = None) -> str:
        """Save what is written in a field of a sheet, and return it as it was saved; "" empties the field.

        With ``expected`` it is refused with ConflictError when something else stands there now. Raises RuleError
        for what the question cannot have, and when the sheet is done; NotFoundError.
        """
        with self._store.database.writing():
            sheet = self._open(draft)
            saved = written(self._guide(sheet.group), sheet.wave, field, value)
            before = sheet.answers.get(field, "")
            if expected is not None and expected != before:
                raise ConflictError("Någon annan har skrivit i samma fält.", fix="Se vad som står där nu.")
            if saved != before:
                self._store.drafts.write(self._who(), sheet.id, field, saved)
        return saved

    def spend(self, draft: int, seconds: int) -> int:
        """Say how long an interview has gone on, and return it; it never becomes shorter by another tab's clock."""
        with self._store.database.writing():
            sheet = self._open(draft)
            longest = max(sheet.seconds, min(int(seconds), _LONGEST_DAY))
            if longest != sheet.seconds:
                self._store.drafts.set(sheet.id, seconds=longest)
        return longest

    def set(self, draft: int, *, day: str | None = None, minutes: int | None = None) -> Sheet:
        """Correct the date or the length of an interview. Raises RuleError, NotFoundError."""
        with self._store.database.writing():
            sheet = self._open(draft)
            if minutes is not None and not 0 <= minutes * 60 <= _LONGEST_DAY:
                raise RuleError(f"{minutes} minuter kan inte stämma.", fix="Skriv hur många minuter samtalet tog.")
            values = {} if minutes is None else {"seconds": minutes * 60}
            changed: dict[str, object] = {**values, **({} if day is None else {"date": _day(day)})}
            if changed:
                self._store.drafts.set(sheet.id, **changed)
            return self.sheet(draft)

    def _open(self, draft: int) -> Sheet:
        sheet = self.sheet(draft)
        if sheet.transcript:
            raise RuleError(
                f"Intervjun med {sheet.respondent} är redan klar.",
                fix="Läs den bland intervjuerna; öppna den igen för att ändra.",
            )
        return sheet

    # --- done ---------------------------------------------------------------------------------------

    def finish(self, draft: int) -> int:
        """Make a sheet a transcript of the study and return its id: every answer tied to its question.

        Values are background facts too. Raises RuleError when nothing is answered, or the person has an interview
        in that wave.
        """
        with self._store.database.writing():
            sheet = self._open(draft)
            transcript = transcript_of(sheet, self._guide(sheet.group))
            seal = hashlib.sha256(f"draft {sheet.id} {sheet.at}\n{transcript.text}".encode()).hexdigest()
            number = self._store.interviews.add(self._who(), transcript, seal)
            self._store.drafts.set(sheet.id, transcript=number)
        return number

    def remove(self, draft: int) -> None:
        """Take a sheet away; it can be undone. Raises NotFoundError."""
        with self._store.decide(self._who(), "remove_draft", "") as decision:
            sheet = self.sheet(draft)
            decision.summary = f"Tog bort utkastet för {sheet.respondent}"
            self._store.drafts.delete(decision, sheet)


def _day(given: str) -> str:
    """Return a date as ISO, today for "". Raises RuleError."""
    if not given.strip():
        return date.today().isoformat()
    if found := read_date(given):
        return found
    raise RuleError(f"”{given}” är inget datum.", fix="Skriv det som ÅÅÅÅ-MM-DD.")
