"""The code book: themes in a tree, and the facets beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from intervjukit.core.protocol import Protocol
from intervjukit.errors import NotFoundError, RuleError

VALENCES = ("flaskhals", "framgang", "onskan")


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a code as people speak, with the facet values a coder would give it."""

    text: str
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """When a code is not used (``condition``), and the id of the code to use instead."""

    condition: str
    instead: str


@dataclass(frozen=True, slots=True)
class Code:
    """A theme: what it means, when to use it, when not, how people say it.

    ``headings`` words a finding per valence; ``measure`` is an idea for a measure; ``influenceable`` says
    whether the co-operating parties can do anything about it (the SWOT rule reads it).
    """

    id: str
    name: str
    definition: str
    when: str = ""
    limits: tuple[Limit, ...] = ()
    examples: tuple[Example, ...] = ()
    indicators: tuple[str, ...] = ()
    influenceable: bool = True
    headings: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    parent: str | None = None

    def heading(self, valence: str) -> str:
        """Return how a finding of ``valence`` on this code is worded before an analyst words it."""
        return self.headings.get(valence) or self.name


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, for instance the party ``vard``.

    ``responsible`` is the party that answers for measures on this one, when it is another ("" otherwise): the
    person on sick leave is not the one to offer talks.
    """

    id: str
    name: str
    definition: str = ""
    indicators: tuple[str, ...] = ()
    influenceable: bool = True
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension beside the theme with a closed list of values."""

    id: str
    name: str
    about: str = ""
    values: tuple[FacetValue, ...] = ()

    def value(self, value_id: str) -> FacetValue:
        """Return the value with that id; NotFoundError lists the ones there are."""
        for value in self.values:
            if value.id == value_id:
                return value
        raise NotFoundError(
            f"{self.name} har inget värde ”{value_id}”.",
            fix=f"Välj något av: {', '.join(value.id for value in self.values)}.",
        )


def compound(written: str) -> tuple[str, ...]:
    """Return the parts of a word written with + where it is joined; one part for a word written without.

    Raises RuleError when a part is missing or is more than letters.
    """
    parts = tuple(part.strip() for part in written.split("+"))
    if not all(part.isalpha() for part in parts):
        raise RuleError(
            f"”{written}” går inte att läsa som ett ord och dess delar.",
            fix="Skriv bara bokstäver, och + mellan delarna: ”vård + kö”. Ett ord utan + hålls helt.",
        )
    return parts


@dataclass(frozen=True)
class Codebook:
    """The themes and facets a study codes with.

    ``compounds`` are words that the machine reads in another way than it should: the parts of each, one part for a
    word that is to stay whole.
    """

    id: str
    title: str
    about: str = ""
    facets: tuple[Facet, ...] = ()
    codes: tuple[Code, ...] = ()
    compounds: tuple[tuple[str, ...], ...] = ()

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return {code.id: code for code in self.codes}

    @cached_property
    def _facets(self) -> dict[str, Facet]:
        return {facet.id: facet for facet in self.facets}

    def __contains__(self, code_id: object) -> bool:
        return code_id in self._codes

    def code(self, code_id: str) -> Code:
        """Return the code with that id; NotFoundError names the nearest ones."""
        if code_id in self._codes:
            return self._codes[code_id]
        import difflib

        near = difflib.get_close_matches(code_id, self._codes, n=3, cutoff=0.5)
        hint = f"Menade du {' eller '.join(near)}?" if near else "Se kodboken för koderna som finns."
        raise NotFoundError(f"Kodboken har ingen kod ”{code_id}”.", fix=hint)

    def facet(self, facet_id: str) -> Facet:
        """Return the facet with that id; NotFoundError lists the ones there are."""
        if facet_id in self._facets:
            return self._facets[facet_id]
        raise NotFoundError(
            f"Kodboken har ingen facett ”{facet_id}”.", fix=f"Facetterna är: {', '.join(self._facets)}."
        )

    def party_order(self, protocol: Protocol) -> int:
        """Return where a group's own party stands among the parties, last for one the code book lacks."""
        parties = [value.id for value in self._facets["party"].values] if "party" in self._facets else []
        return parties.index(protocol.party) if protocol.party in parties else len(parties)

    def check_facets(self, facets: Mapping[str, str]) -> dict[str, str]:
        """Return ``facets`` without empty values, in the code book's order; RuleError on unknown ones."""
        given = {facet: value for facet, value in facets.items() if value}
        for facet_id, value_id in given.items():
            try:
                self.facet(facet_id).value(value_id)
            except NotFoundError as error:
                raise RuleError(error.problem, fix=error.fix) from error
        return {facet.id: given[facet.id] for facet in self.facets if facet.id in given}

    def value_name(self, facet_id: str, value_id: str) -> str:
        """Return the shown name of a facet value, or the id itself when there is none."""
        facet = self._facets.get(facet_id)
        values = facet.values if facet else ()
        return next((value.name for value in values if value.id == value_id), value_id)
