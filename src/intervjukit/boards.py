"""The nouns a study gives out, each over the same store: additions, doubts, memos, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intervjukit.core.coding import Memo
from intervjukit.core.placing import requestioned
from intervjukit.core.protocol import Protocol
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.storage.boards import TARGETS
from intervjukit.storage.journal import Decision, stacks
from intervjukit.storage.journal import Event as Event  # for those who may not ask the store
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

Who = Callable[[], str]


def worded(text: str, what: str) -> str:
    """Return ``text`` trimmed. Raises RuleError when nothing is left."""
    if not text.strip():
        raise RuleError(f"{what} är tom.", fix="Skriv något.")
    return text.strip()


def quoted(text: str, most: int = 40) -> str:
    """Return the beginning of a quote in quotation marks, at most ``most`` characters and never half a word."""
    words = " ".join(text.split())
    if len(words) <= most:
        return f"”{words}”"
    kept = words[: most - 1]
    return f"”{kept.rpartition(' ')[0] or kept}…”"


class Board:
    """What one can look at in a notebook: a line that says what it is, and its table."""

    _title, _one, _many, _name = "", "rad", "rader", ""

    def table(self) -> pd.DataFrame:
        """Return what is in it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        number = len(self.table())
        if not number:
            return f"<{self._title}: inga {self._many}>"
        return f"<{self._title}: {number} {self._one if number == 1 else self._many}; se study.{self._name}.table()>"

    def _repr_html_(self) -> str:
        return f"<b>{self._title}</b>{self.table().to_html(index=False, max_rows=60)}"


Progress = Callable[[int, int, str], None]
"""Called with (done, in all, what is being done) during long work."""


class Doubts(Board):
    """What the reading of interviews was not sure of, for a person to settle."""

    _title, _one, _many, _name = "Tveksamheter", "tveksamhet kvar", "tveksamheter kvar", "doubts"

    def __init__(self, store: Store, who: Who, protocols: Mapping[str, Protocol]) -> None:
        """Work on ``store`` for the coder ``who()``; the guides tell which questions there are."""
        self._store, self._who, self._protocols = store, who, protocols

    def table(self) -> pd.DataFrame:
        """One row per unsettled doubt: id, respondent, turn, kind, message, fix."""
        from intervjukit.analysis.tables import doubts_table

        return doubts_table(self._store.interviews.doubts())

    def settle(self, *doubts: int, question: str | None = None) -> None:
        """Settle doubts: approve them as they stand or, for a question, say which guide question it was.

        ``question`` is the id of a question in the group's guide, or "följdfråga" for none of its own. Several
        are settled as one decision, all or none. Raises NotFoundError, and RuleError when a question is given
        and a doubt is not about one.
        """
        numbers = [int(number) for number in dict.fromkeys(doubts)]
        what = f"Avgjorde tveksamhet {numbers[0]}" if len(numbers) == 1 else f"Avgjorde {len(numbers)} tveksamheter"
        with self._store.decide(self._who(), "settle", what) as decision:
            about = [self._settle(decision, number, question) for number in numbers]
            decision.summary += f" om {', '.join(dict.fromkeys(about))}"

    def _settle(self, decision: Decision, number: int, question: str | None) -> str:
        """Settle one doubt within a decision and return the respondent it is about."""
        interviews = self._store.interviews
        found = interviews.doubt(number)
        if found is None:
            raise NotFoundError(f"Tveksamhet {number} finns inte.", fix="Se dem med intervjukit doubts.")
        transcript = interviews.all(id=found[0])[0]
        if question is not None:
            protocol = self._protocols[transcript.group]
            for turn, target in requestioned(transcript, found[1], question, protocol):
                interviews.set_question(decision, transcript.id, turn.seq, target)
        interviews.settle(decision, number)
        return transcript.respondent


_ABOUT = {
    "coding": "kodning",
    "code": "kod",
    "respondent": "person",
    "transcript": "intervju",
    "study": "studien",
}


class Memos(Board):
    """Remarks on codings, codes, respondents, transcripts or the study."""

    _title, _one, _many, _name = "Anteckningar", "anteckning", "anteckningar", "memos"

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def add(self, text: str, *, target: str = "study", target_id: str | int = "") -> int:
        """Save a remark; return its id. ``target`` is coding, code, respondent, transcript or study.

        Raises NotFoundError when the study has no such thing.
        """
        if target not in TARGETS:
            raise RuleError(
                f"En anteckning kan inte handla om ”{target}”.",
                fix=f"Välj något av: {', '.join(f'{key} ({_ABOUT[key]})' for key in TARGETS)}.",
            )
        text, about = worded(text, "Anteckningen"), str(target_id)
        if not self._store.boards.has(target, about):
            raise NotFoundError(
                f"Det anteckningen ska gälla finns inte i studien ({_ABOUT[target]} ”{about}”).",
                fix="Kontrollera numret eller koden.",
            )
        what = f"{_ABOUT[target]} {about}".strip()
        return self._store.boards.add_memo(self._who(), target, about, text, what)

    def edit(self, memo: int, text: str) -> None:
        """Word a remark in another way. Raises NotFoundError, and RuleError when nothing is left of it."""
        with self._store.decide(self._who(), "edit_memo", f"Ändrade anteckning {memo}") as decision:
            if self._find(memo).text != worded(text, "Anteckningen"):
                self._store.boards.update_row(decision, "memos", memo, text=worded(text, "Anteckningen"))

    def remove(self, memo: int) -> None:
        """Take a remark away; it can be undone. Raises NotFoundError."""
        with self._store.decide(self._who(), "remove_memo", f"Tog bort anteckning {memo}") as decision:
            found = self._find(memo)
            decision.summary += f", {quoted(found.text)}"
            self._store.boards.delete_memo(decision, found)

    def _find(self, number: int) -> Memo:
        for memo in self._store.boards.memos():
            if memo.id == number:
                return memo
        raise NotFoundError(f"Anteckning {number} finns inte.", fix="Se anteckningarna med intervjukit memos.")

    def table(self) -> pd.DataFrame:
        """One row per memo: id, target, target_id, text, author, at, quote (of a memo on a place in an interview)."""
        from intervjukit.analysis.tables import memos_table

        return memos_table(self._store.boards.memos())


class History(Board):
    """Every decision ever made in the study, and the way back and forth through one's own."""

    _title, _one, _many, _name = "Historik", "händelse", "händelser", "history"

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def events(self, *, since: int = 0) -> list[Event]:
        """Return the history after the event ``since``, oldest first."""
        return self._store.journal.events(since)

    def revision(self) -> int:
        """Return the number of the latest event, 0 before the first: another number means that something changed."""
        return self._store.journal.revision()

    def latest_about(self, table: str, number: int) -> Event | None:
        """Return the latest event about one row of "codings" or "suggestions" …; None when there is none."""
        return self._store.journal.latest_about(table, number)

    @staticmethod
    def next_steps(events: Iterable[Event], who: str) -> tuple[Event | None, Event | None]:
        """Return what undo and redo would take for ``who``, by the whole history ``events``; None for nothing."""
        done, undone = stacks(events, who)
        return (done[-1] if done else None, undone[-1] if undone else None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else change the study within the block: what is read there still holds when it is changed.

        All decisions made in it are saved together at its end, or none if it fails.
        """
        with self._store.database.writing():
            yield

    def table(self) -> pd.DataFrame:
        """One row per event: id, at, who, action, summary, kind (do, undo, redo), target, undoable."""
        from intervjukit.analysis.tables import history_table

        return history_table(self.events())

    def undo(self) -> Event | None:
        """Take back one's own latest decision; return it, None when there is none left.

        Raises ConflictError, changing nothing, when somebody has changed the same thing since.
        """
        return self._store.journal.undo(self._who())

    def redo(self) -> Event | None:
        """Make one's own last undone decision again; return it, None when there is none."""
        return self._store.journal.redo(self._who())
