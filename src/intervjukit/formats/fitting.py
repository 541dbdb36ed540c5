"""Whether guides and a code book can make a study together: the facets the counting needs, the groups' parties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from intervjukit.core.codebook import VALENCES, Codebook
from intervjukit.core.protocol import Protocol
from intervjukit.errors import Fault, FaultyFileError
from intervjukit.formats.yaml_nodes import Node, load_nodes, read_text_file


def check_fit(guides: Mapping[Path, Protocol], book: Path, codebook: Codebook) -> None:
    """Raise FaultyFileError, with file, line, value and remedy, when the findings could not be counted.

    The code book needs the facet valence with its three values and the facet party; every guide's party must
    be one of its parties.
    """
    if faults := _facet_faults(book, codebook):
        raise FaultyFileError(book.name, faults)
    parties = [value.id for value in codebook.facet("party").values]
    fix = f"Skriv någon av kodbokens parter ({', '.join(parties)}), eller lägg till parten i {book.name}."
    faults = [
        Fault(file.name, _line_of(file, "part"), f"Parten ”{guide.party}” finns inte i kodboken {book.name}.", fix)
        for file, guide in guides.items()
        if guide.party not in parties
    ]
    if faults:
        raise FaultyFileError(faults[0].file if len(faults) == 1 else "Guiderna", faults)


def _facet_faults(book: Path, codebook: Codebook) -> list[Fault]:
    """Return the faults of a code book without the facets and values that the counting reads."""
    values = {facet.id: [value.id for value in facet.values] for facet in codebook.facets}
    faults = [
        Fault(
            book.name,
            _line_of(book, "facetter"),
            f"Kodboken saknar facetten ”{facet}”, som fynden räknas efter.",
            "Kopiera facetten från mall.yaml.",
        )
        for facet in ("valence", "party")
        if not values.get(facet)
    ]
    if given := values.get("valence"):
        faults += [
            Fault(
                book.name,
                _line_of(book, "facetter", "valence"),
                f"Facetten ”valence” saknar värdet ”{value}”.",
                f"Den ska ha värdena {', '.join(VALENCES)}; kopiera dem från mall.yaml.",
            )
            for value in VALENCES
            if value not in given
        ]
    return faults


def _line_of(file: Path, key: str, item: str = "") -> int:
    """Return the line of a top field, or of the item with that id in it; the first when it is not there."""
    top = load_nodes(file, read_text_file(file))
    inside = top.value.get(key) if isinstance(top.value, dict) else None
    for node in inside.value if inside and isinstance(inside.value, list) else ():
        if item and _text(node, "id") == item:
            return node.line
    return top.key_lines.get(key, 1)


def _text(node: Node, key: str) -> str:
    found = node.value.get(key) if isinstance(node.value, dict) else None
    return found.value if found and isinstance(found.value, str) else ""
