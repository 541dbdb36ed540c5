"""Learned: the suggester of one study, learned from its bank and code book and kept while they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.closely import CloseReading
from intervjukit.core.protocol import Protocol
from intervjukit.formats.intake import parsed_bank, shipped_bank
from intervjukit.storage.store import Store
from intervjukit.themes import Themes

if TYPE_CHECKING:
    from intervjukit.boards import Progress
    from intervjukit.nlp.suggester import Decisions, Suggester


READING = "svaren läses"
"""What is being done while answers are read closely, for progress."""


class Learned:
    """What the machine has learned for a study, made when it is first asked for and whenever the code book changes."""

    def __init__(
        self,
        store: Store,
        themes: Themes,
        protocols: Callable[[], Mapping[str, Protocol]],
        folder: Path,
        close_reading: CloseReading,
    ) -> None:
        """Learn from what ``store`` holds; a model that is the study's own is kept in ``folder``."""
        self._store, self._themes, self._protocols, self._folder = store, themes, protocols, folder
        self._close_reading = close_reading
        self._progress: Progress | None = None
        self._made: tuple[tuple[object, ...], Suggester] | None = None

    def suggester(self, progress: Progress | None = None) -> Suggester:
        """Return the suggester that has learned the bank, with the codes of today.

        ``progress`` is told how far it has come when it reads answers closely, which takes long.
        """
        self._progress = progress
        stamp = (self._store.codes.stamp(), self._close_reading.wanted())
        if self._made is None or self._made[0] != stamp:
            self._made = (stamp, self._learn())
        return self._made[1]

    def _learn(self) -> Suggester:
        from intervjukit.nlp.suggester import Suggester

        themes, own = self._themes, self._store.banks()
        book, (shipped, general) = themes.codebook(), shipped_bank()
        made_for, texts = (themes.ever(), own) if own or book.id == shipped.id else (shipped, general)
        common = book == shipped and (texts or general) == general
        return Suggester.learned(
            book,
            self._protocols().values(),
            lambda: themes.taught(parsed_bank(texts or general, made_for)),
            cache=None if common else self._folder,
            of="\n".join((texts or general).values()),
            read=self._close_reading.read(self._tell),
        )

    def _tell(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total, READING)

    def decisions(self) -> Decisions:
        """Return what has been decided in the study: every coding, and the suggestions turned down."""
        from intervjukit.nlp.suggester import Decisions

        return Decisions(self._store.codings(), self._store.suggestions(status="rejected"))
