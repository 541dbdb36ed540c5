"""From the rows of a survey to transcripts: one per respondent, each open answer a turn under its question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from intervjukit.core.interview import read_wave
from intervjukit.core.protocol import Protocol
from intervjukit.core.survey import Cell, Column, Plan, Table, absent, day, letter, scale_value, written
from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import SEPARATOR, Doubt, Role, Transcript, Turn
from intervjukit.errors import Fault, FaultyFileError, NotFoundError, RuleError

ASKS, ANSWERS = "Enkät", "Svar"
"""The labels of the two who speak in a survey."""
NO_WORDS = "(Inga svar med egna ord.)"
Value = TypeVar("Value")
_LONGEST_CODE = 20
_LEAST_ALIKE = 60
"""Characters in a row's own words beyond which two rows that are alike look like one person answering twice."""


@dataclass(frozen=True, slots=True)
class ScaleQuestion:
    """A question answered on a scale: the attribute its answers are kept as, and the scale's ends."""

    name: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Known:
    """Who is in the study: the group of each respondent, and the waves each has been heard in."""

    groups: Mapping[str, str] = field(default_factory=dict)
    waves: Mapping[str, frozenset[int]] = field(default_factory=dict)


class Rows:
    """Turns a table's rows into transcripts by a plan, and collects every fault on the way."""

    def __init__(self, table: Table, plan: Plan, protocols: Sequence[Protocol], known: Known) -> None:
        """Read ``table`` for the guides ``protocols`` and a study that holds ``known``."""
        self._table, self._plan, self._known = table, plan, known
        self._guides = {protocol.group: protocol for protocol in protocols}
        self._named = {name.casefold(): p for p in protocols for name in (p.group, p.group_name)}
        self._named |= {said.casefold(): self._guides[group] for said, group in plan.groups.items()}
        self._faults: list[Fault] = []
        self._last: dict[str, int] = {}
        self._seen: dict[tuple[str, int], int] = {}
        self._words: dict[tuple[str, ...], int] = {}

    def transcripts(self) -> list[tuple[int, Transcript]]:
        """Return (number of the row, transcript) in the order of the file. Raises FaultyFileError with every fault."""
        made = [(number, self._transcript(number, cells)) for number, cells in self._table.rows]
        if self._faults:
            raise FaultyFileError(self._table.file, self._faults)
        return [(number, transcript) for number, transcript in made if transcript]

    # --- one row --------------------------------------------------------------------------------------------

    def _transcript(self, number: int, cells: tuple[Cell, ...]) -> Transcript | None:
        before = len(self._faults)
        guide = self._guide(number, cells)
        wave = self._read(number, cells, "wave", lambda cell: read_wave(written(cell)), self._plan.wave)
        date = self._read(number, cells, "date", lambda cell: day(cell) or None, self._plan.date)
        facts = dict(self._facts(number, cells, wave))
        said = self._said(number, cells, guide)
        code = self._respondent(number, cells, guide) if guide else ""
        if guide is None or not code or not self._fits(number, code, guide.group, wave) or len(self._faults) > before:
            return None
        text, turns = _joined(said)
        doubts = self._twice(number, said)
        source = f"{self._table.file}, rad {number}"
        return Transcript(
            code, guide.group, text, turns, wave, date, interviewer=ASKS, source=source, facts=facts, doubts=doubts
        )

    def _guide(self, number: int, cells: tuple[Cell, ...]) -> Protocol | None:
        places = self._plan.places("group")
        said = squeeze(written(cells[places[0]])) if places else self._plan.group
        said = said or self._plan.group
        if not said and len(self._guides) == 1:
            return next(iter(self._guides.values()))
        found = self._named.get(said.casefold())
        if found is None:
            listed = ", ".join(self._guides)
            what = f"gruppen ”{said}” finns inte i studien." if said else "gruppen saknas."
            fix = f"Skriv någon av: {listed}; ange --group, eller översätt under ”grupper” i kartan."
            self._fault(number, places[0] if places else None, what, fix)
        return found

    def _respondent(self, number: int, cells: tuple[Cell, ...], guide: Protocol) -> str:
        places = self._plan.places("respondent")
        if not places:
            return self._next_code(guide)
        said = squeeze(written(cells[places[0]]))
        if said.isdecimal():
            said = f"{guide.letter}{int(said):02}"
        if not said or len(said) > _LONGEST_CODE or not re.fullmatch(r"[\w.-]+", said):
            what = f"”{said[:30]}” kan inte vara en persons kod." if said else "personens kod saknas."
            self._fault(number, places[0], what, f"Skriv till exempel {guide.letter}01, eller ett löpnummer.")
            return ""
        return said

    def _next_code(self, guide: Protocol) -> str:
        if guide.letter not in self._last:
            numbers = (re.fullmatch(rf"{re.escape(guide.letter)}(\d+)", code) for code in self._known.groups)
            self._last[guide.letter] = max((int(found[1]) for found in numbers if found), default=0)
        self._last[guide.letter] += 1
        return f"{guide.letter}{self._last[guide.letter]:02}"

    def _fits(self, number: int, code: str, group: str, wave: int) -> bool:
        place = next(iter(self._plan.places("respondent")), None)
        earlier = self._seen.setdefault((code, wave), number)
        if earlier != number:
            what = f"{code} står även på rad {earlier}, i samma omgång."
            self._fault(number, place, what, "Ta bort den ena raden, eller ge dem olika omgång.")
        elif wave in self._known.waves.get(code, ()):
            what = f"{code} har redan en intervju eller ett svar i omgång {wave}."
            self._fault(number, place, what, "Ange en annan omgång med --wave, eller rätta koden.")
        elif self._known.groups.get(code, group) != group:
            what = f"{code} hör till gruppen {self._known.groups[code]} i studien, men här till {group}."
            self._fault(number, place, what, "Rätta koden eller gruppen.")
        else:
            return True
        return False

    def _read(
        self, number: int, cells: tuple[Cell, ...], role: str, read: Callable[[Cell], Value | None], otherwise: Value
    ) -> Value:
        for place, column in enumerate(self._plan.columns):
            if column.role == role and not absent(cells[place]):
                value = read(cells[place])
                if value is not None:
                    return value
                shown = written(cells[place])[:40]
                fix = "Skriv datumet som 2026-02-11." if role == "date" else "Skriv omgångens nummer."
                self._fault(number, place, f"”{shown}” går inte att tolka.", fix)
        return otherwise

    def _facts(self, number: int, cells: tuple[Cell, ...], wave: int) -> Iterator[tuple[str, str]]:
        for place, column in enumerate(self._plan.columns):
            cell = cells[place]
            if column.role == "attribute" and written(cell):
                yield column.name, squeeze(written(cell))
            elif column.role == "scale" and not absent(cell):
                value = scale_value(cell)
                if value is None or not column.low <= value <= column.high:
                    what = f"”{written(cell)[:40]}” ligger inte på skalan {column.low}–{column.high}."
                    self._fault(
                        number, place, what, "Rätta svaret, lämna det tomt, eller ange kolumnens skala i kartan."
                    )
                else:
                    yield in_wave(column.name, wave), written(value)

    def _said(self, number: int, cells: tuple[Cell, ...], guide: Protocol | None) -> list[tuple[Column, str]]:
        said = []
        for place in self._plan.places("open"):
            column = self._plan.columns[place]
            if absent(cells[place]):
                continue
            try:
                text = normalise(written(cells[place])).strip()
                if guide and column.question:
                    guide.question(column.question)
            except (RuleError, NotFoundError) as error:
                self._fault(number, place, error.problem, error.fix)
                continue
            if text:
                said.append((column, text))
        return said

    def _twice(self, number: int, said: list[tuple[Column, str]]) -> tuple[Doubt, ...]:
        """Return a doubt when another row has just the same words, so many that it is hardly chance."""
        words = tuple(text for _, text in said)
        if sum(map(len, words)) < _LEAST_ALIKE:
            return ()
        earlier = self._words.setdefault(words, number)
        if earlier == number:
            return ()
        message = f"Svaren är ordagrant desamma som på rad {earlier} i {self._table.file}."
        return (
            Doubt(
                "dubblett", message, "Har samma person svarat två gånger tar du bort den ena raden; annars godtas det."
            ),
        )

    def _fault(self, row: int, place: int | None, what: str, fix: str) -> None:
        where = f"kolumn {letter(place)} (”{self._table.heads[place][:40]}”): " if place is not None else ""
        self._faults.append(Fault(self._table.file, row, f"{where}{what}", fix))


def in_wave(name: str, wave: int) -> str:
    """Return the attribute that keeps an answer on a scale: each wave has its own."""
    return name if wave == 1 else f"{name} (omgång {wave})"


def scales_of(plan: Plan) -> list[ScaleQuestion]:
    """Return the questions of a plan that are answered on a scale."""
    return [ScaleQuestion(column.name, column.low, column.high) for column in plan.columns if column.role == "scale"]


def _joined(said: Sequence[tuple[Column, str]]) -> tuple[str, tuple[Turn, ...]]:
    """Return a text of questions and answers, and its turns."""
    parts: list[tuple[Role, str, str, str | None]] = []
    for column, answer in said:
        asked = normalise(squeeze(column.head)) or "Fråga"
        question = column.question or None
        parts += [("interviewer", ASKS, asked, question), ("respondent", ANSWERS, answer, question)]
    parts = parts or [("note", "", NO_WORDS, None)]
    turns, place = [], 0
    for seq, (role, label, text, question) in enumerate(parts, 1):
        turns.append(Turn(seq, role, label, place, place + len(text), question))
        place += len(text) + len(SEPARATOR)
    return SEPARATOR.join(text for _, _, text, _ in parts), tuple(turns)
