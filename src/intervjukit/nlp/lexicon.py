"""simplemma's Swedish dictionary, opened once: every word form that it has, with its base form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

_UNASKED = object()


class Dictionary(Mapping[str, str]):
    """The dictionary with every answer remembered: reading its packed form takes 20 µs each time."""

    def __init__(self, lang: str) -> None:
        """Open the dictionary of a language, which takes about a second."""
        self._packed: Mapping[str, str] = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(lang)
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
