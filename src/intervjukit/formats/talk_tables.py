"""Tables of talk in Word files: a column of speakers beside what they say, often under rows of facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from intervjukit.formats.speakers import is_speaker, states_fact
from intervjukit.formats.word_text import Paragraph

TABLE_HEADS = frozenset({"fråga", "frågor", "svar", "talare", "tid", "text", "nr"})
_SPEAKING_COLUMNS = (1, 2)


@dataclass(slots=True)
class _Row:
    """A table's row: the paragraphs of each cell that is not empty."""

    cells: dict[int, list[Paragraph]] = field(default_factory=lambda: defaultdict(list))

    def text(self, cell: int) -> str:
        return " ".join(p.text for p in self.cells.get(cell, ())).strip()

    def is_head(self) -> bool:
        named = any(self.text(cell).lower() in TABLE_HEADS for cell in self.cells)
        return named or all(p.bold for inside in self.cells.values() for p in inside)

    def is_fact(self, names: Counter[str]) -> bool:
        return states_fact(self.text(1), self.text(2), recurs=names[_name(self.text(1))] > 1)


def talk_in_tables(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Turn tables with a column of speakers into labelled paragraphs, row by row.

    The rows of facts above the talk stay as a table; heads and columns before the speakers are left out.
    """
    talks = {table: _talk(rows) for table, rows in _tables(paragraphs).items()}
    done: set[int] = set()
    found: list[Paragraph] = []
    for p in paragraphs:
        talk = talks.get(p.table)
        if talk is None:
            found.append(p)
        elif p.table not in done:
            done.add(p.table)
            found += talk
    return found


def fact_rows(paragraphs: Sequence[Paragraph]) -> set[tuple[int, int]]:
    """Return the (table, row) of the facts above the first question of each table of questions and answers."""
    found: set[tuple[int, int]] = set()
    for table, rows in _tables(paragraphs).items():
        above = list(takewhile(lambda item: not item[1].text(1).endswith("?"), rows.items()))
        last = max((row for row, cells in above if cells.is_fact(Counter())), default=0)
        found |= {(table, row) for row, _ in above if row <= last}
    return found


def _tables(paragraphs: Sequence[Paragraph]) -> dict[int, dict[int, _Row]]:
    tables: dict[int, dict[int, _Row]] = defaultdict(lambda: defaultdict(_Row))
    for p in paragraphs:
        if p.table:
            tables[p.table][p.row].cells[p.cell].append(p)
    return tables


def _talk(rows: Mapping[int, _Row]) -> list[Paragraph] | None:
    """Return a table's facts and talk, None when no column of it holds speakers."""
    ordered = list(rows.values())
    names = Counter(_name(row.text(1)) for row in ordered)
    for cell in _SPEAKING_COLUMNS:
        above = _above(ordered, cell, names)
        below = ordered[len(above) :]
        if _speaks(below, cell):
            facts = [p for row in above if not row.is_head() for inside in row.cells.values() for p in inside]
            return [*facts, *(p for row in below for p in _said(row, cell))]
    return None


def _above(rows: Sequence[_Row], cell: int, names: Counter[str]) -> list[_Row]:
    """Return the rows before the first that names a speaker in the column: heads and facts."""
    return list(takewhile(lambda row: not is_speaker(row.text(cell)) or row.is_fact(names), rows))


def _speaks(rows: Sequence[_Row], cell: int) -> bool:
    """Return whether the column names speakers: two or more who say something, and hardly anything else."""
    named = [row for row in rows if row.text(cell)]
    speakers = sum(is_speaker(row.text(cell)) and max(row.cells) > cell for row in named)
    return speakers >= 2 and len(named) - speakers <= max(1, speakers // 4)


def _said(row: _Row, cell: int) -> Iterator[Paragraph]:
    """Yield what a row says, its first paragraph labelled; a row without a speaker goes on with the one before."""
    label = row.text(cell).rstrip(": ")
    said = [p for place, inside in row.cells.items() if place > cell for p in inside]
    for p in said:
        yield Paragraph(f"{label}: {p.text}" if label else p.text, p.bold)
        label = ""


def _name(text: str) -> str:
    return text.rstrip(": ").lower()
