"""simplemma's Swedish dictionary, opened once: every word form that it has, with its base form.

simplemma unpacks a million forms each time it is started, which takes a second. So they are kept unpacked in the user's
cache folder, in a file that is mapped into memory and shared by every process on the machine.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

import numpy as np
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY, DefaultDictionaryFactory

from intervjukit.nlp.cache import REMEMBERED, cache_folder

_LAYOUT = 2
_MARK = f"intervjukit {_LAYOUT} {sys.byteorder}".encode()


class Unpacked(Mapping[str, str]):
    """A dictionary in a file: its forms lie in drawers by their checksum, each as a line break, form, tab and base.

    There are as many drawers as forms, so that hardly more than one lies in each. Before them stand a mark, how many
    drawers there are and where each begins, counted from the first (uint32).
    """

    def __init__(self, file: Path) -> None:
        """Map ``file`` into memory. Raises OSError or ValueError when it is missing or not whole."""
        with file.open("rb") as opened:
            self._data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        before = len(_MARK) + 4
        if self._data[: len(_MARK)] != _MARK or len(self._data) < before:
            raise ValueError(f"{file} is no dictionary")
        self._drawers = int.from_bytes(self._data[len(_MARK) : before], sys.byteorder)
        self._begins = memoryview(self._data)[before : before + 4 * (self._drawers + 1)].cast("I")
        self._first = before + 4 * (self._drawers + 1)
        if not self._drawers or len(self._data) != self._first + self._begins[self._drawers]:
            raise ValueError(f"{file} is not whole")

    @staticmethod
    def write(forms: Mapping[str, str], file: Path) -> None:
        """Write forms with their base forms to ``file``, whole or not at all. Raises OSError."""
        drawers = len(forms)
        filed = sorted((crc32(form.encode()) % drawers, f"\n{form}\t{base}".encode()) for form, base in forms.items())
        sizes = np.bincount([drawer for drawer, _ in filed], [len(line) for _, line in filed], drawers)
        begins = np.r_[0, np.cumsum(sizes)].astype(np.uint32)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as out:
                out.write(_MARK + drawers.to_bytes(4, sys.byteorder) + begins.tobytes())
                out.writelines(line for _, line in filed)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def __getitem__(self, form: str) -> str:
        wanted = form.encode()
        drawer = crc32(wanted) % self._drawers
        held = self._data[self._first + self._begins[drawer] : self._first + self._begins[drawer + 1]]
        _, found, after = held.partition(b"\n" + wanted + b"\t")
        if not found:
            raise KeyError(form)
        return after.partition(b"\n")[0].decode()

    def __iter__(self) -> Iterator[str]:
        lines = self._data[self._first :].split(b"\n")[1:]
        return (line.partition(b"\t")[0].decode() for line in lines)

    def __len__(self) -> int:
        return self._data[self._first :].count(b"\n")


def _opened(lang: str) -> Mapping[str, str]:
    """Return simplemma's dictionary, unpacked in the cache folder if that can be; else as simplemma reads it."""
    file = cache_folder() / f"ordbok-{lang}-{version('simplemma')}-{_LAYOUT}.bin"
    with contextlib.suppress(OSError, ValueError):
        return Unpacked(file)
    with contextlib.suppress(OSError, ValueError):
        Unpacked.write(DefaultDictionaryFactory(cache_max_size=1).get_dictionary(lang), file)
        return Unpacked(file)
    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(lang)


class Dictionary(Mapping[str, str]):
    """The dictionary with its latest answers remembered."""

    def __init__(self, lang: str) -> None:
        """Open the dictionary of a language."""
        self._packed = _opened(lang)
        self._answer = lru_cache(REMEMBERED)(self._packed.get)

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """Return the base form of a word form, ``default`` where the dictionary lacks it."""
        answer = self._answer(key)
        return default if answer is None else answer

    def __getitem__(self, key: str) -> str:
        answer = self.get(key)
        if answer is None:
            raise KeyError(key)
        return str(answer)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class Lexicon:
    """Hands out dictionaries, each opened the first time it is asked for; a simplemma dictionary factory."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._open: dict[str, Dictionary] = {}

    def get_dictionary(self, lang: str) -> Dictionary:
        """Return the dictionary of a language ("sv")."""
        if lang not in self._open:
            self._open[lang] = Dictionary(lang)
        return self._open[lang]


LEXICON = Lexicon()


def base_form(word: str) -> str | None:
    """Return the base form that the dictionary has for a word form in lower case, None when it lacks the form."""
    found = LEXICON.get_dictionary("sv").get(word)
    return None if found is None else str(found).lower()
