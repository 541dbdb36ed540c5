"""What is left in a guide or code book of the starter it was copied from: texts that nobody has replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from intervjukit.errors import Fault, FileError
from intervjukit.formats.library import library
from intervjukit.formats.yaml_nodes import Node, load_nodes, read_text_file

STARTER = "mall.yaml"
_NOT_TEXT = frozenset("id sort part slag i_stället påverkbar från till valence party phase".split())
_MEANT_TO_BE_KEPT = frozenset(("samtycke", "följdfrågor"))
_KEEP = "Behåll gärna"


def left_from_starter(path: Path, top: Node, kind: str) -> list[Fault]:
    """Return a remark on every text of a file that still is the starter's; ``kind`` is protocols or codebooks.

    What the starter says itself is to be kept is no slip: the facet valence, the consent, the closing
    questions, usual follow-ups. The starter has none.
    """
    starter = library(kind) / STARTER
    try:
        theirs = load_nodes(starter, read_text_file(starter))
    except FileError:  # an installation without it
        return []
    if path.name == STARTER and path.resolve().parent.name == kind and _same(top, theirs):
        return []
    placeholders = {(key, text) for key, text, _ in _texts("", theirs)}
    return [
        Fault(
            path.name,
            line,
            f"Texten ”{_short(text)}” står kvar från mallen.",
            "Byt ut den, eller ta bort den.",
            "metod",
        )
        for key, text, line in _texts("", top)
        if (key, text) in placeholders
    ]


def _texts(key: str, node: Node) -> Iterator[tuple[str, str, int]]:
    """Yield (field, text, line) for the texts of two words or more that somebody is to write."""
    if isinstance(node.value, str):
        text = " ".join(node.value.split())
        if key not in _NOT_TEXT and " " in text:
            yield key, text, node.line
        return
    inside = node.value.items() if isinstance(node.value, dict) else ((key, item) for item in node.value)
    if not _is_kept(node):
        for name, item in inside:
            if name not in _MEANT_TO_BE_KEPT:
                yield from _texts(name, item)


def _is_kept(node: Node) -> bool:
    """Return whether a mapping is the facet valence, or a question that the starter says to keep."""
    fields = node.value if isinstance(node.value, dict) else {}
    texts = {key: item.value for key, item in fields.items() if isinstance(item.value, str)}
    return ("värden" in fields and texts.get("id") == "valence") or texts.get("syfte", "").startswith(_KEEP)


def _same(one: Node, other: Node) -> bool:
    return [*_texts("", one)] == [*_texts("", other)]


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
