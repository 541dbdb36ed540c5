"""A paragraph as every reader of running text gives it: the words and what marks them out."""

from __future__ import annotations

from dataclasses import dataclass

from intervjukit.core.transcript import Remark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: ``heading`` from its style, ``bold`` when every word is, ``row`` and ``cell`` in a table.

    ``table``, ``row`` and ``cell`` count from 1 and are 0 outside tables; ``remarks`` are the comments on it.
    """

    text: str
    bold: bool = False
    heading: bool = False
    table: int = 0
    row: int = 0
    cell: int = 0
    remarks: tuple[Remark, ...] = ()
