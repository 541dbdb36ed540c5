"""How the kinds of finding are spoken of in a text: by the names that the study's own code book gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intervjukit.core.codebook import Codebook
from intervjukit.core.phrases import lower_first


@dataclass(frozen=True, slots=True)
class Spoken:
    """One kind of finding in running text: ``one`` and ``many`` of it, and ``some`` as what somebody speaks of.

    ``head`` stands over a list of them, ``opening`` begins a line of the most named, ``ranked`` heads a ranking.
    """

    one: str
    many: str
    some: str
    head: str
    opening: str
    ranked: str


_USUAL: Mapping[str, tuple[str, Spoken]] = {
    "flaskhals": (
        "Flaskhals",
        Spoken(
            "flaskhals",
            "flaskhalsar",
            "en flaskhals",
            "Flaskhalsar",
            "Det som flest ser som flaskhals",
            "Flaskhalsar",
        ),
    ),
    "framgang": (
        "Framgång",
        Spoken(
            "framgångsfaktor",
            "det som hjälper",
            "något som hjälper",
            "Det som hjälpte",
            "Det som flest säger hjälper",
            "Framgångsfaktorer",
        ),
    ),
    "onskan": (
        "Önskan",
        Spoken("önskan", "önskningar", "en önskan", "Önskningar", "Det som flest önskar sig", "Önskningar"),
    ),
}
"""The kit's own name of each valence, and how it is inflected."""


def spoken(codebook: Codebook) -> dict[str, Spoken]:
    """Return how each valence is spoken of, in the order bottleneck, success, wish.

    A name of the code book's own is used as it stands in every place, since nothing says how it is inflected.
    """
    return {valence: _spoken(codebook.value_name("valence", valence), *_USUAL[valence]) for valence in _USUAL}


def _spoken(name: str, usual: str, words: Spoken) -> Spoken:
    if name.casefold() == usual.casefold():
        return words
    low = lower_first(name)
    return Spoken(low, low, low, name, f"Det som flest ser som {low}", name)
