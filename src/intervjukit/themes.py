"""Themes: the code book while it is being worked on. Every change is one decision, undone like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from intervjukit.boards import Board, Who
from intervjukit.core import recoding
from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.placing import sign
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.formats.intake import parsed_codebook
from intervjukit.storage.journal import Decision
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

_USES = (
    ("codings", "kodning", "kodningar"),
    ("cites", "rad i SWOT", "rader i SWOT"),
    ("decided", "avgjort förslag", "avgjorda förslag"),
    ("memos", "anteckning", "anteckningar"),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A code with how much it is used: ``codings``, the ``respondents``, and both with all codes ``below`` it."""

    code: Code
    codings: int
    respondents: int
    below: tuple[str, ...]
    codings_below: int
    respondents_below: int


class Themes(Board):
    """The codes of a study: add, change, rename, move, merge, split and remove them.

    Each verb is saved whole as one decision; undo brings back the code book, the codes, and every coding, suggestion
    and citation that came along. A code keeps its id for life: only its name is changed.
    """

    _title, _one, _many, _name = "Kodbok", "kod", "koder", "themes"

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who
        self._read: tuple[tuple[object, ...], Codebook] | None = None

    # --- as it is -----------------------------------------------------------------------------------

    def codebook(self) -> Codebook:
        """Return the code book in force, also when another tab, coder or program has just changed it."""
        stamp = self._store.codes.stamp()
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, parsed_codebook(self._store.codebook_yaml()))
        return self._read[1]

    def all(self) -> list[Theme]:
        """Return every code with its use, in the order of the code book."""
        book, used = self.codebook(), self._store.codes.tallies()
        nothing: tuple[int, frozenset[str]] = (0, frozenset())
        made = []
        for code in book:
            under = recoding.below(book, code.id)
            own, whole = used.get(code.id, nothing), [used.get(each, nothing) for each in (code.id, *under)]
            people = frozenset[str]().union(*(people for _, people in whole))
            made.append(Theme(code, own[0], len(own[1]), tuple(under), sum(n for n, _ in whole), len(people)))
        return made

    def table(self) -> pd.DataFrame:
        """One row per code: id, name, parent, respondents, codings, definition."""
        from intervjukit.analysis.codes import themes_table

        return themes_table((theme.code, theme.respondents, theme.codings) for theme in self.all())

    def codings(self, code: str) -> list[Coding]:
        """Return the codings of one code, by respondent and place. Raises NotFoundError."""
        return self._store.codings(code=self.codebook().code(code).id)

    # --- new, changed, moved ------------------------------------------------------------------------

    def add(
        self, name: str, definition: str, *, parent: str | None = None, code_id: str = "", **values: object
    ) -> Code:
        """Add a code and return it; ``values`` as for ``change``. Raises RuleError, NotFoundError."""
        with self._store.decide(self._who(), "add_code", "") as decision:
            book = self.codebook()
            code = self._new(book, name, definition, parent, code_id)
            after = recoding.changed(recoding.added(book, code), code.id, **values)
            decision.summary = f"Lade till koden {after.code(code.id).name}"
            return self._save(decision, after, new=code.id).code(code.id)

    def _new(self, book: Codebook, name: str, definition: str, parent: str | None, code_id: str = "") -> Code:
        """Return a new code with an id that no code has or has had. Raises RuleError."""
        taken = {*(code.id for code in book), *self._store.codes.former()}
        named = code_id or recoding.new_id(name, taken)
        if code_id and (code_id in taken or recoding.new_id(code_id, ()) != code_id):
            raise RuleError(
                f"”{code_id}” kan inte vara id{', det är upptaget' if code_id in taken else ''}.",
                fix="Använd a–z, siffror och understreck, eller utelämna id.",
            )
        return Code(named, name, definition, parent=parent)

    def change(self, code: str, **values: object) -> Code:
        """Change a code and return it. Raises RuleError, NotFoundError.

        ``values`` are name, definition, when, limits (Limit), examples (Example), indicators, influenceable,
        headings (by valence) and measure.
        """
        with self._store.decide(self._who(), "change_code", "") as decision:
            book = self.codebook()
            before = book.code(code)
            after = recoding.changed(book, code, **values)
            now = after.code(code)
            if now == before:
                return now
            fields = [said for name, said in recoding.FIELDS.items() if getattr(now, name) != getattr(before, name)]
            decision.summary = f"Ändrade koden {before.name}: {', '.join(fields)}"
            if now.name != before.name:
                decision.summary = f"Bytte namn på koden {before.name} till {now.name}"
                self._store.codes.rename(decision, now)
            return self._save(decision, after).code(code)

    def rename(self, code: str, name: str) -> Code:
        """Give a code another name, everywhere; its id stays. Raises RuleError, NotFoundError."""
        return self.change(code, name=name)

    def move(self, code: str, parent: str | None) -> Code:
        """Put a code under another one, or topmost with None. Raises RuleError when it would go in a circle."""
        with self._store.decide(self._who(), "move_code", "") as decision:
            book = self.codebook()
            after = recoding.moved(book, code, parent)
            now = after.code(code)
            if now == book.code(code):
                return now
            where = f"under {after.code(parent).name}" if parent else "överst"
            decision.summary = (
                f"Flyttade koden {now.name} till {where}" if not parent else (f"Lade koden {now.name} {where}")
            )
            return self._save(decision, after).code(code)

    # --- merged, split, removed ---------------------------------------------------------------------

    def merge(self, code: str, into: str) -> int:
        """Make a code part of another, with its codings, suggestions, citations and memos; return how many codings.

        The other keeps its name, definition and limits, and takes over examples and indicators. Where a coder has
        given the same stretch both codes, one coding is left. Raises RuleError, NotFoundError.
        """
        with self._store.decide(self._who(), "merge_codes", "") as decision:
            merged = recoding.merged(self.codebook(), code, into)
            number = self._merge_codings(decision, code, into)
            self._merge_suggestions(decision, code, into)
            self._store.codes.move_cites(decision, code, into)
            self._store.codes.move_memos(decision, "code", code, into)
            self._store.codes.delete(decision, code, into)
            told = "1 kodning" if number == 1 else f"{number} kodningar"
            decision.summary = f"Slog ihop koden {merged.gone.name} med {merged.into.name}: {told}"
            self._save(decision, merged.book)
        return number

    def _merge_codings(self, decision: Decision, code: str, into: str) -> int:
        moving, there = self._store.codings(code=code), self._store.codings(code=into)
        kept = {sign(coding): coding for coding in there}
        for coding in moving:
            moved = replace(coding, code=into)
            same = kept.setdefault(sign(moved), moved)
            if same is moved:
                self._store.update_coding(decision, coding, code=into)
                continue
            self._store.codes.move_memos(decision, "coding", coding.id, same.id)
            self._store.delete_coding(decision, coding)
        return len(moving)

    def _merge_suggestions(self, decision: Decision, code: str, into: str) -> None:
        """Let every suggestion propose the other code; an open one like another of the same place goes."""
        rows = self._store.suggestions_of(into)
        taken = {_place(one) for one in rows}
        for one in self._store.suggestions_of(code):
            if one.status == "open" and _place(one) in taken:
                self._store.codes.delete_suggestion(decision, one)
                continue
            if _place(one) in taken:
                doubled = [other for other in rows if other.status == "open" and _place(other) == _place(one)]
                for other in doubled:
                    self._store.codes.delete_suggestion(decision, other)
                    rows.remove(other)
            self._store.codes.move_suggestion(decision, one, into)
            taken.add(_place(one))

    def split(
        self, code: str, codings: Iterable[int], name: str, definition: str, *, parent: str | None = None
    ) -> Code:
        """Make a new code of some of a code's codings and return it; it stands beside the old one, or in ``parent``.

        What the machine proposed stays as it was. Raises RuleError, NotFoundError when a coding is not the code's.
        """
        with self._store.decide(self._who(), "split_code", "") as decision:
            book = self.codebook()
            old = book.code(code)
            mine = {coding.id: coding for coding in self._store.codings(code=code)}
            chosen = list(dict.fromkeys(int(number) for number in codings))
            if not chosen:
                raise RuleError("Inga kodningar är valda.", fix="Välj de kodningar som ska få den nya koden.")
            if missing := [number for number in chosen if number not in mine]:
                raise NotFoundError(
                    f"Kodning {missing[0]} har inte koden ”{old.name}”.", fix="Hämta kodningarna på nytt och välj igen."
                )
            new = self._new(book, name, definition, old.parent if parent is None else parent)
            after = recoding.added(book, new)
            told = "1 kodning" if len(chosen) == 1 else f"{len(chosen)} kodningar"
            decision.summary = f"Delade koden {old.name}: {told} till {after.code(new.id).name}"
            self._store.codes.insert(decision, after.code(new.id))
            for number in chosen:
                self._store.update_coding(decision, mine[number], code=new.id)
            return self._save(decision, after).code(new.id)

    def remove(self, code: str) -> None:
        """Take away a code that is not used. Raises RuleError saying what it is used for, NotFoundError."""
        with self._store.decide(self._who(), "remove_code", "") as decision:
            book = self.codebook()
            name = book.code(code).name
            uses = self._store.codes.uses(code)
            if used := [f"{uses[key]} {one if uses[key] == 1 else many}" for key, one, many in _USES if uses[key]]:
                raise RuleError(
                    f"Koden ”{name}” används: {', '.join(used)}.",
                    fix="Slå ihop den med en annan kod i stället, så följer allt med.",
                )
            after = recoding.removed(book, code)
            for one in self._store.suggestions_of(code):
                self._store.codes.delete_suggestion(decision, one)
            self._store.codes.delete(decision, code, None)
            decision.summary = f"Tog bort koden {name}"
            self._save(decision, after)

    # --- words --------------------------------------------------------------------------------------

    def read_as(self, *written: str, only: bool = False) -> None:
        """Let the machine read words as they are written: "vård + kö", or "förväntan" for one that stays whole.

        It holds for all forms of the word, from the next time suggestions are made. With ``only`` nothing is said
        any more of other words. Raises RuleError.
        """
        self._read_words("Sade hur ord är sammansatta", partial(recoding.read_as, only=only), written)

    def read_as_usual(self, *words: str) -> None:
        """Take back what was said of how words are made. Raises NotFoundError, RuleError."""
        self._read_words("Läser ord som vanligt igen", recoding.read_as_usual, words)

    def _read_words(
        self, what: str, change: Callable[[Codebook, Iterable[str]], Codebook], words: Sequence[str]
    ) -> None:
        with self._store.decide(self._who(), "change_compounds", f"{what}: {', '.join(words)}") as decision:
            book = self.codebook()
            after = change(book, words)
            if after != book:
                self._save(decision, after)

    # --- saved --------------------------------------------------------------------------------------

    def _save(self, decision: Decision, book: Codebook, *, new: str = "") -> Codebook:
        """Save a code book within a decision and return it as it will be read. Raises RuleError if that differs."""
        from intervjukit.formats.codebooks import codebook_yaml

        if new:
            self._store.codes.insert(decision, book.code(new))
        yaml = codebook_yaml(book)
        read = None
        with suppress(Exception):
            read = parsed_codebook(yaml)
        if read != book:
            raise RuleError("Texten har tecken som inte kan sparas i en kodbok.", fix="Skriv om den för hand.")
        self._store.codes.save_book(decision, yaml)
        return book

    def taught(self, answers: Sequence[BankAnswer]) -> list[BankAnswer]:
        """Return a bank's answers with the codes of today: what was merged is called as it is now."""
        former = self._store.codes.former()
        if not former:
            return list(answers)

        def now(codes: Sequence[str]) -> tuple[str, ...]:
            named = (former.get(code, code) for code in codes)
            return tuple(dict.fromkeys(code for code in named if code))

        return [
            replace(answer, statements=tuple(replace(said, codes=now(said.codes)) for said in answer.statements))
            for answer in answers
        ]

    def ever(self) -> Codebook:
        """Return the code book with every code there has been, to read what was written before a merge."""
        book = self.codebook()
        gone = [code for code in self._store.codes.former() if code not in book]
        return replace(book, codes=(*book.codes, *(Code(code, code, code) for code in gone)))


def _place(suggestion: Suggestion) -> tuple[int, int, int]:
    return (suggestion.transcript, suggestion.start, suggestion.end)
