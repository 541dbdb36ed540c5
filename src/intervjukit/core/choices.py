"""What a person writes for a group, a code or a facet's value: its id, or its shown name in any case of letters."""

from __future__ import annotations

from collections.abc import Mapping

from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol
from intervjukit.errors import NotFoundError


def facet_value(codebook: Codebook, facet: str, given: str) -> str:
    """Return the id of a facet's value. Raises NotFoundError listing the ones there are."""
    found = codebook.facet(facet)
    return _id_of(given, {value.id: value.name for value in found.values}) or found.value(given).id


def code_id(codebook: Codebook, given: str) -> str:
    """Return the id of a code. Raises NotFoundError naming the nearest ones."""
    return _id_of(given, {code.id: code.name for code in codebook}) or codebook.code(given).id


def group_id(protocols: Mapping[str, Protocol], given: str) -> str:
    """Return the id of a group. Raises NotFoundError listing the groups."""
    if found := _id_of(given, {group: protocol.group_name for group, protocol in protocols.items()}):
        return found
    raise NotFoundError(f"Gruppen ”{given}” finns inte i studien.", fix=f"Välj någon av: {', '.join(protocols)}.")


def _id_of(given: str, names: Mapping[str, str]) -> str:
    """Return the id that is, or whose name is, what was written; "" when there is none. Ids go before names."""
    by_text = {name.casefold(): key for key, name in names.items()} | {key.casefold(): key for key in names}
    return by_text.get(given.strip().casefold(), "")
