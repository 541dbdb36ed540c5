"""Close reading: whether a study's answers are read in their context too, the noun ``study.close_reading``."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.errors import Notice
from intervjukit.formats.suggesting import CLOSELY, FILE, close_reading
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    from intervjukit.core.codebook import Codebook
    from intervjukit.nlp.reader import Read

OFF = "INTERVJUKIT_NARLASNING"
"""The environment variable that, when it is "nej", keeps studies that do not say themselves from being read."""
CODEBOOK = "halsoflodet"
"""The code book the reader has been fitted for, by its id."""
MOST = 250_000
"""A study of up to so many characters, some 45,000 words, is read closely unless it says no.

That takes a minute on one core, or on two slow ones (``bench/suggest.py closely``)."""
_OTHER_BOOK = (
    f"{FILE} ber om närläsning, men den finns bara för kodboken {CODEBOOK}. Förslagen görs efter orden, som vanligt. "
    "Ta bort raden, så slutar det här meddelandet."
)


class CloseReading:
    """Whether suggestions come of whole answers and not only of their words: förslag.yaml says so, or the study's size.

    A small study is read closely unless it says no; a large one only when it says yes.
    """

    def __init__(self, store: Store, codebook: Callable[[], Codebook], folder: Path) -> None:
        """Look in ``folder`` for what the study says, and keep there what has been read."""
        self._store, self._codebook, self._folder = store, codebook, folder

    def __repr__(self) -> str:
        return f"<Närläsning: {'på' if self.wanted() else self.notice() or 'av'}>"

    def wanted(self) -> bool:
        """Return whether the study is to be read closely. Raises FaultyFileError with every fault in förslag.yaml."""
        said = close_reading(self._folder)
        return self._is_known() and (not _off() and self._store.interviews.size() <= MOST if said is None else said)

    def notice(self) -> str:
        """Return what to tell the user, in Swedish: that suggestions are by the words alone, and why; else ""."""
        said = close_reading(self._folder)
        if said and not self._is_known():
            return _OTHER_BOOK
        if said is None and not _off() and self._is_known() and not self.wanted():
            return (
                f"Studien är så stor att förslagen görs efter orden. Skriv ”{CLOSELY}: ja” i {FILE} i studiens mapp så "
                "läses svaren också i sitt sammanhang. Det ger bättre förslag, och tar omkring "
                f"{self._minutes()} minuter första gången. Skriv ”nej”, så slutar det här meddelandet."
            )
        return ""

    def read(self, progress: Callable[[int, int], None]) -> Read | None:
        """Return what reads closely, None when it is not wanted; warns when that may come as a surprise (Notice).

        ``progress`` is called with (answers read, answers in all).
        """
        if not self.wanted():
            if told := self.notice():
                warnings.warn(told, Notice, stacklevel=2)
            return None
        from intervjukit.nlp.reader import Read, shipped

        return Read(shipped(), self._folder, progress, self._store.codes.former())

    def _is_known(self) -> bool:
        return self._codebook().id == CODEBOOK

    def _minutes(self) -> int:
        return ceil(self._store.interviews.size() / MOST)


def _off() -> bool:
    return os.environ.get(OFF, "").strip().lower() == "nej"
