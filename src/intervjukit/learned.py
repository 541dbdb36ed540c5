"""Learned: the suggester of one study, learned from its bank and code book and kept while they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.core.protocol import Protocol
from intervjukit.formats.intake import parsed_bank, shipped_bank
from intervjukit.storage.store import Store
from intervjukit.themes import Themes

if TYPE_CHECKING:
    from intervjukit.nlp.suggester import Decisions, Suggester


class Learned:
    """What the machine has learned for a study, made when it is first asked for and whenever the code book changes."""

    def __init__(
        self, store: Store, themes: Themes, protocols: Callable[[], Mapping[str, Protocol]], folder: Path
    ) -> None:
        """Learn from what ``store`` holds; a model that is the study's own is kept in ``folder``."""
        self._store, self._themes, self._protocols, self._folder = store, themes, protocols, folder
        self._made: tuple[tuple[object, ...], Suggester] | None = None

    def suggester(self) -> Suggester:
        """Return the suggester that has learned the bank, with the codes of today."""
        stamp = self._store.codes.stamp()
        if self._made is None or self._made[0] != stamp:
            self._made = (stamp, self._learn())
        return self._made[1]

    def _learn(self) -> Suggester:
        from intervjukit.formats.codebooks import codebook_yaml
        from intervjukit.nlp.suggester import Suggester

        themes, guides = self._themes, self._store.guides()
        own, written = self._store.banks(), self._store.codebook_yaml()
        book, (shipped, general) = themes.codebook(), shipped_bank()
        made_for, texts = (themes.ever(), own) if own or book.id == shipped.id else (shipped, general)
        common = written == codebook_yaml(shipped) and (texts or general) == general
        return Suggester.learned(
            book,
            self._protocols().values(),
            lambda: themes.taught(parsed_bank(texts or general, made_for)),
            cache=None if common else self._folder,
            of="\n".join([written, *guides, *(texts or general).values()]),
        )

    def decisions(self) -> Decisions:
        """Return what has been decided in the study: every coding, and the suggestions turned down."""
        from intervjukit.nlp.suggester import Decisions

        return Decisions(self._store.codings(), self._store.suggestions(status="rejected"))
