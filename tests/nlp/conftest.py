"""The shipped code book and guides, read once, a hand-made interview, and a suggester that has learned little."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import SEPARATOR, Role, Transcript, Turn
from intervjukit.formats.banks import read_bank
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.library import codebook_file, protocol_files
from intervjukit.formats.protocols import read_protocol
from intervjukit.nlp.learning import examples
from intervjukit.nlp.model import CodingModel
from intervjukit.nlp.segments import Segmenter
from intervjukit.nlp.suggester import Suggester

Said = tuple[Role, str, str | None]
Interview = Callable[[Sequence[Said]], Transcript]

BANK = """\
sjukskrivna | drar_ut | Vad tog tid? | {vantetider/flaskhals/vard/behandling Jag fick stå i kö i tre månader.} Kaffet var gott.
sjukskrivna | drar_ut | Vad tog tid? | Jag bor vid ån. {vantetider/flaskhals/vard/behandling Kön till läkaren var lång.}
sjukskrivna | drar_ut | Vad tog tid? | Hm. {vantetider/flaskhals/vard/behandling Det dröjde månader innan läkaren hade en tid.}
sjukskrivna | chefens_stod | Och chefen? | {chefsstod/framgang/arbetsgivare/atergang Chefen ringde varje fredag.} Jo.
sjukskrivna | chefens_stod | Och chefen? | Bilen stod ute. {chefsstod/flaskhals/arbetsgivare/fore Chefen ringde aldrig.}
sjukskrivna | chefens_stod | Och chefen? | {chefsstod/framgang/arbetsgivare/atergang Chefen backade mig hela vägen.} Det regnade.
chefer | - | | {kollegor/flaskhals/kollegor/atergang Kollegorna gav henne sneda blickar.}
chefer | - | | {vantetider/flaskhals/vard/behandling Kön var lång. Det tog tid. Hon fick vänta i kö.} {kollegor/flaskhals/kollegor/atergang Men kollegorna gav henne sneda blickar.}
chefer | - | | {vantetider/flaskhals/vard/behandling Det var kö. Det var lång kö.} {chefsstod/flaskhals/arbetsgivare/fore Men chefen ringde aldrig.}
chefer | - | | {kollegor/framgang/kollegor/atergang Kollegorna ställde upp för henne.} Vi har tolv anställda.
lakare | - | | {vantetider/onskan/vard/behandling Kön borde vara kortare.} Jag är läkare sedan länge.
lakare | - | | Jo, så var det nog.
lakare | - | | Kaffet är gott här. Jag har två barn. Vi bor på landet.
"""  # noqa: E501 – one answer per line


@pytest.fixture(scope="session")
def book() -> Codebook:
    return read_codebook(codebook_file("halsoflodet"))


@pytest.fixture(scope="session")
def guides() -> list[Protocol]:
    return [read_protocol(path) for path in protocol_files("halsoflodet")]


@pytest.fixture(scope="session")
def segmenter(book: Codebook, guides: list[Protocol]) -> Segmenter:
    return Segmenter(book, guides)


@pytest.fixture(scope="session")
def model(book: Codebook, segmenter: Segmenter) -> CodingModel:
    """A model of thirteen answers and the code book's examples: fitted in a second."""
    return CodingModel.fit(examples(book, segmenter, read_bank("prov", BANK, book) * 3))


@pytest.fixture(scope="session")
def suggester(book: Codebook, segmenter: Segmenter, model: CodingModel) -> Suggester:
    return Suggester(book, segmenter, model)


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
