"""Likeness in meaning, for a study that asks for it: the noun ``study.meaning``."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.errors import Notice
from intervjukit.formats.suggesting import FILE, MEANING, by_meaning

if TYPE_CHECKING:
    from intervjukit.nlp.embeddings import Kept

_MISSING = (
    f"{FILE} ber om likhet i betydelse, men tillägget är inte installerat. Förslagen görs efter orden, som vanligt. "
    'Installera det med pip install "intervjukit[embeddings]" (finns inte för Windows), eller ta bort raden.'
)


class Likeness:
    """Whether suggestions look at what sentences mean and not only at their words; förslag.yaml says so."""

    def __init__(self, folder: Path) -> None:
        """Look in ``folder`` for what the study asks, and keep there what has been worked out."""
        self._folder = folder

    def __repr__(self) -> str:
        if not self.asked():
            return f"<Betydelse: av; skriv ”{MEANING}: ja” i {FILE} i studiens mapp>"
        return f"<Betydelse: {self.notice() or 'på'}>"

    def asked(self) -> bool:
        """Return whether the study asks for it. Raises FaultyFileError with every fault in förslag.yaml."""
        return by_meaning(self._folder)

    def notice(self) -> str:
        """Return what to tell the user, in Swedish: that it is asked for but not to be had; else ""."""
        if not self.asked():
            return ""
        from intervjukit.nlp.embeddings import installed

        return "" if installed() else _MISSING

    def embedder(self, progress: Callable[[int, int], None]) -> Kept | None:
        """Return what encodes, None when it is not asked for; warns when it is but cannot be had (Notice).

        ``progress`` is called with (sentences encoded, sentences in all).
        """
        if not self.asked():
            return None
        from intervjukit.nlp.embeddings import Kept, installed

        if found := installed():
            return Kept(found, self._folder, progress)
        warnings.warn(_MISSING, Notice, stacklevel=2)
        return None
