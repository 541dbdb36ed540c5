"""The shipped code book and guides, read once, and a hand-made interview to suggest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import SEPARATOR, Role, Transcript, Turn
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.library import codebook_file, protocol_files
from intervjukit.formats.protocols import read_protocol
from intervjukit.nlp.suggester import IndicatorSuggester

Said = tuple[Role, str, str | None]
Interview = Callable[[Sequence[Said]], Transcript]


@pytest.fixture(scope="session")
def book() -> Codebook:
    return read_codebook(codebook_file("halsoflodet"))


@pytest.fixture(scope="session")
def guides() -> list[Protocol]:
    return [read_protocol(path) for path in protocol_files("halsoflodet")]


@pytest.fixture(scope="session")
def suggester(book: Codebook, guides: list[Protocol]) -> IndicatorSuggester:
    return IndicatorSuggester(book, guides)


@pytest.fixture(scope="session")
def interview() -> Interview:
    """Return a maker of transcripts out of (role, text, question)."""

    def make(said: Sequence[Said]) -> Transcript:
        turns, place = [], 0
        for seq, (role, text, question) in enumerate(said, 1):
            turns.append(Turn(seq, role, role[0].upper(), place, place + len(text), question))
            place += len(text) + len(SEPARATOR)
        return Transcript("S01", "sjukskrivna", SEPARATOR.join(text for _, text, _ in said), tuple(turns), id=7)

    return make
