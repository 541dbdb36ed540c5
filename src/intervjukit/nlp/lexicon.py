"""simplemma's Swedish dictionary, opened once: every word form that it has, with its base form.

simplemma unpacks a million forms each time it is started, which takes a second. So they are kept unpacked in the user's
cache folder, sorted, in a file that is mapped into memory and shared by every process on the machine.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY, DefaultDictionaryFactory

from intervjukit.nlp.cache import cache_folder

_UNASKED = object()
_MARK = b"intervjukit 1 " + sys.byteorder.encode()


class Unpacked(Mapping[str, str]):
    """A dictionary in a file: the forms in order, each ended by a tab, its base form and a line break.

    Before them stand a mark, how many there are and where each begins, counted from the first (uint32).
    """

    def __init__(self, file: Path) -> None:
        """Map ``file`` into memory. Raises OSError or ValueError when it is missing or not whole."""
        with file.open("rb") as opened:
            self._data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        before = len(_MARK) + 4
        if self._data[: len(_MARK)] != _MARK or len(self._data) < before:
            raise ValueError(f"{file} is no dictionary")
        count = int.from_bytes(self._data[len(_MARK) : before], sys.byteorder)
        self._begins = memoryview(self._data)[before : before + 4 * (count + 1)].cast("I")
        self._first = before + 4 * (count + 1)
        if len(self._data) != self._first + self._begins[count]:
            raise ValueError(f"{file} is not whole")

    @staticmethod
    def write(forms: Mapping[str, str], file: Path) -> None:
        """Write forms with their base forms to ``file``, whole or not at all. Raises OSError."""
        lines = sorted(f"{form}\t{base}\n".encode() for form, base in forms.items())
        begins = np.cumsum([0, *map(len, lines)], dtype=np.uint32)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as out:
                out.write(_MARK + len(lines).to_bytes(4, sys.byteorder) + begins.tobytes())
                out.writelines(lines)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def _line(self, place: int) -> bytes:
        return self._data[self._first + self._begins[place] : self._first + self._begins[place + 1]]

    def __getitem__(self, form: str) -> str:
        wanted = f"{form}\t".encode()
        place = bisect_left(range(len(self)), wanted, key=self._line)
        line = self._line(place) if place < len(self) else b""
        if not line.startswith(wanted):
            raise KeyError(form)
        return line[len(wanted) : -1].decode()

    def __iter__(self) -> Iterator[str]:
        return (self._line(place).partition(b"\t")[0].decode() for place in range(len(self)))

    def __len__(self) -> int:
        return len(self._begins) - 1


def _opened(lang: str) -> Mapping[str, str]:
    """Return simplemma's dictionary, unpacked in the cache folder if that can be; else as simplemma reads it."""
    file = cache_folder() / f"ordbok-{lang}-{version('simplemma')}.bin"
    with contextlib.suppress(OSError, ValueError):
        return Unpacked(file)
    with contextlib.suppress(OSError, ValueError):
        Unpacked.write(DefaultDictionaryFactory(cache_max_size=1).get_dictionary(lang), file)
        return Unpacked(file)
    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(lang)


class Dictionary(Mapping[str, str]):
    """The dictionary with every answer remembered."""

    def __init__(self, lang: str) -> None:
        """Open the dictionary of a language."""
        self._packed = _opened(lang)
        self._answers: dict[str, str | None] = {}

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        """Return the base form of a word form, ``default`` where the dictionary lacks it."""
        answer = self._answers.get(key, _UNASKED)
        if answer is _UNASKED:
            answer = self._answers[key] = self._packed.get(key)
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
