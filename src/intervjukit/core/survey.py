"""Survey answers: one row per respondent, and what each column is read as, told or guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from intervjukit.core.interview import read_date
from intervjukit.core.text import squeeze

Cell = str | int | float | bool | date | None
Role = Literal["respondent", "group", "wave", "date", "attribute", "scale", "open", "skip"]
ROLES: tuple[Role, ...] = get_args(Role)

_NAMED: Mapping[Role, frozenset[str]] = {
    "respondent": frozenset(
        "kod respondent respondentkod deltagarkod deltagare deltagarnummer löpnummer löpnr".split()
    ),
    "group": frozenset("grupp respondentgrupp yrkesgrupp roll part".split()),
    "wave": frozenset("omgång våg mätning mättillfälle tillfälle wave".split()),
    "date": frozenset("datum svarsdatum tidsstämpel timestamp sluttid slutförd inskickad besvarad".split()),
    "skip": frozenset(
        "namn förnamn efternamn name e-post epost email mejl mail e-postadress telefon telefonnummer mobil "
        "personnummer starttid ip ip-adress användarnamn".split()
    ),
}
_SKIPPED_WORDS = ("e-post", "epost", "e-mail", "personnummer", "telefonnummer", "ditt namn", "ip-adress")
_PERSONAL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(?:19|20)?\d{6}[-+ ]?\d{4}|(?:\+46|0)7\d[\d \-]{7,}")
_SCALE_TOLD = re.compile(r"\b(\d)\s*(?:-|–|—|till|to)\s*(\d{1,2})\b")
_NUMBER = re.compile(r"[-−]?\d{1,9}(?:[.,]\d{1,6})?")
_CHOSEN = re.compile(r"(\d{1,2})\s*(?:$|[-–—=.:)(,])|.*\((\d{1,2})\)\s*$")
_ABSENT = frozenset("-|–|.|?|vet ej|vet inte|ej svar|inget svar|ej aktuellt|n/a|na".split("|"))
_EXCEL_ZERO = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 20_000, 80_000
"""Days since Excel's zero that are taken for dates: 1954 to 2119."""
_SAMPLE = 500
_MOST_CHOICES, _LONG = 12, 40
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet under its heads; ``rows`` are (number as in the file, cells), empty rows left out."""

    file: str
    sheet: str
    heads: tuple[str, ...]
    head_row: int
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    empty: int = 0


def letter(place: int) -> str:
    """Return the name that spreadsheets give a column: A, B … AA; ``place`` counts from 0."""
    name, left = "", place + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is read as. ``name`` is the attribute's; ``question`` a guide question's id, "" for one's own.

    ``low`` and ``high`` are the ends of a scale, ``why`` says what the guess rests on.
    """

    head: str
    role: Role
    name: str = ""
    question: str = ""
    low: int = 0
    high: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a whole file is read: its columns in order, and what holds for all rows that no column tells."""

    columns: tuple[Column, ...]
    title: str = ""
    sheet: str = ""
    head_row: int = 0
    group: str = ""
    wave: int = 1
    date: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)

    def places(self, role: Role) -> list[int]:
        """Return the places of the columns that are read as ``role``."""
        return [place for place, column in enumerate(self.columns) if column.role == role]


Asks = Callable[[str], str]
"""Tells which guide question a head asks, "" for none of them."""


def guessed(table: Table, groups: Mapping[str, str], asks: Asks) -> Plan:
    """Return what a table's columns most likely are; ``groups`` are the study's: id to shown name."""
    known = {name.casefold() for pair in groups.items() for name in pair}
    taken: set[Role] = set()
    columns = []
    for place, head in enumerate(table.heads):
        values = [cells[place] for _, cells in table.rows[:_SAMPLE] if written(cells[place])]
        column = _guess(head, values, known, asks, taken)
        if column.role in ("respondent", "group", "wave", "date"):
            taken.add(column.role)
        columns.append(column)
    return Plan(tuple(columns), table.file.rpartition(".")[0], table.sheet, table.head_row)


def _guess(head: str, values: Sequence[Cell], groups: set[str], asks: Asks, taken: set[Role]) -> Column:
    plain = head.casefold().strip(" .:?*")
    words = [written(value) for value in values]
    if not values:
        return Column(head, "skip", why="tom kolumn")
    if _personal(plain, words):
        return Column(head, "skip", why="ser ut som en personuppgift")
    named = next((role for role, names in _NAMED.items() if plain in names and role not in taken), None)
    if named == "group" and not all(word.casefold() in groups for word in words):
        named = None
    if plain in ("id", "nr") and "respondent" not in taken and len(set(words)) == len(words):
        named = "respondent"
    if named:
        return Column(head, named, why="rubriken")
    if "date" not in taken and _share(isinstance(value, date) for value in values) > _MOSTLY:
        return Column(head, "date", why="innehåller datum")
    if scale := _scale(plain, values):
        return Column(head, "scale", head, low=scale[0], high=scale[1], why="svaren är tal på en skala")
    return _words_or_choice(head, words, asks)


def _personal(plain: str, words: Sequence[str]) -> bool:
    told = plain in _NAMED["skip"] or any(word in plain for word in _SKIPPED_WORDS)
    return told or _share(bool(_PERSONAL.fullmatch(word)) for word in words) > 0.5


def _scale(plain: str, values: Sequence[Cell]) -> tuple[int, int] | None:
    numbers = [scale_value(value) for value in values if not absent(value)]
    inside = [number for number in numbers if number is not None]
    if len(inside) < _MOSTLY * len(numbers) or not inside or _share(number == int(number) for number in inside) < 0.5:
        return None
    told = _SCALE_TOLD.search(plain)
    if told and int(told[1]) < int(told[2]) <= 10 and min(inside) >= int(told[1]) and max(inside) <= int(told[2]):
        return int(told[1]), int(told[2])
    if any(word in plain for word in ("antal", "hur många", "ålder", "år ")) or min(inside) < 1 or max(inside) > 10:
        return None
    return (1, 6) if max(inside) <= 6 else (1, 10)


def _words_or_choice(head: str, words: Sequence[str], asks: Asks) -> Column:
    question = asks(head)
    distinct = len(set(words)) / len(words)
    long = sum(map(len, words)) / len(words)
    sentences = _share(" " in word for word in words) > 0.5
    if long >= _LONG or (len(set(words)) > _MOST_CHOICES and distinct > 0.8 and long > _LONG / 2):
        return Column(head, "open", question=question, why="långa svar" if long >= _LONG else "många olika svar")
    if sentences and distinct > 0.5 and (question or head.rstrip(" *:").endswith("?")):
        return Column(head, "open", question=question, why="liknar en fråga i guiden" if question else "en öppen fråga")
    return Column(head, "attribute", head, why="korta svar")


def _share(flags: Iterable[bool]) -> float:
    marks = list(flags)
    return sum(marks) / len(marks) if marks else 0.0


# --- what a cell says -----------------------------------------------------------------------------------


def written(cell: Cell) -> str:
    """Return a cell as it reads in Swedish, on its own lines: "4,5", "ja", "2026-02-11"; "" for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else f"{cell:%Y-%m-%d %H:%M}"
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else str(round(cell, 6)).replace(".", ",")
    return str(cell).strip()


def absent(cell: Cell) -> bool:
    """Return whether a cell says that there is no answer: empty, a dash, "vet ej"."""
    text = squeeze(written(cell)).casefold()
    return not text or text in _ABSENT


def scale_value(cell: Cell) -> float | None:
    """Return the number a cell gives on a scale ("4", "4,5", "4 – ganska bra", "Bra (5)"), None when it is none."""
    text = squeeze(written(cell))
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", ".").replace("−", "-"))
    found = _CHOSEN.match(text)
    return float(found[1] or found[2]) if found else None


def day(cell: Cell) -> str:
    """Return the date a cell holds as ISO: a date, Excel's number of days, or written in a Swedish way; "" for none."""
    if isinstance(cell, date):
        return written(cell)[:10]
    number = scale_value(cell)
    if number is not None and _FIRST_DAY <= number <= _LAST_DAY:
        return (_EXCEL_ZERO + timedelta(days=int(number))).isoformat()
    return read_date(written(cell))


def filled_in(plan: Plan, *, group: str = "", wave: int = 0, date: str = "") -> Plan:
    """Return a plan with what is said beside it: a group, wave or date for every row."""
    return replace(plan, group=group or plan.group, wave=wave or plan.wave, date=date or plan.date)
