"""The study's tables with Swedish heads and names: fitted to the screen, or whole in a file for Excel."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from intervjukit.cli.options import write_whole
from intervjukit.cli.terminal import Column, counted, say, screen_width, table
from intervjukit.core.naming import HEADS
from intervjukit.core.naming import Namer as Namer

if TYPE_CHECKING:
    from intervjukit.study import Study

_WRAPPED = frozenset("answer facts message summary text".split())
_TEXTS = _WRAPPED | frozenset(
    "cites code codes gaps groups line measure name party quote quotes reason respondents scale sides source".split()
)
_NUMBERS = frozenset(
    "id number planned interviewed difference highest lowest mean median turn turns words minutes wave n of score "
    "weight suggestion place".split()
)
_WIDE = 140
"""Places a screen must have for long texts to stand in columns of their own."""


class Frame(Protocol):
    """What is used of the tables a study gives: their column names, rows and length."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the names of the columns."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def to_dict(self, orient: Literal["records"]) -> list[dict[Hashable, Any]]:
        """Return the rows."""


@dataclass(frozen=True, slots=True)
class View:
    """How a table is shown: its columns on the screen (None: all), what a row is called, and what none means.

    ``below`` are the columns of long text that stand under their row on a narrow screen.
    """

    columns: tuple[str, ...] | None
    one: str
    many: str
    empty: str
    below: tuple[str, ...] = ()


VIEWS: Mapping[str, View] = {
    "transcripts": View(
        ("respondent", "group", "wave", "date", "minutes", "words", "turns", "source"),
        "intervju",
        "intervjuer",
        "Studien har inga intervjuer än. Läs in dem med add-transcripts.",
    ),
    "respondents": View(
        ("respondent", "group", "facts"),
        "person",
        "personer",
        "Studien har inga intervjuer än. Läs in dem med add-transcripts.",
    ),
    "coverage": View(None, "rad", "rader", "Studien har inga intervjuer än. Läs in dem med add-transcripts."),
    "scales": View(
        ("scale", "ends", "wave", "group", "n", "mean", "median", "lowest", "highest", "note"),
        "rad",
        "rader",
        "Studien har inga svar på skalor. Läs in en enkät med add-survey.",
    ),
    "doubts": View(
        ("id", "respondent", "turn", "kind", "message"),
        "tveksamhet",
        "tveksamheter",
        "Inga tveksamheter är kvar.",
    ),
    "suggestions": View(
        ("id", "respondent", "score", "valence", "code", "party", "quote", "reason"),
        "förslag",
        "förslag",
        "Inga sådana förslag. Gör nya med suggest, eller välj bredare.",
        below=("quote", "reason"),
    ),
    "codings": View(
        ("id", "respondent", "valence", "code", "party", "quote", "coder"),
        "kodning",
        "kodningar",
        "Ingenting är kodat än. Koda med code, eller godta förslag med accept.",
        below=("quote",),
    ),
    "findings": View(
        ("valence", "code", "party", "group", "of", "quantifier", "quotes"),
        "fynd",
        "fynd",
        "Inga sådana fynd. Fynden räknas ur kodningarna, så koda först eller välj bredare.",
        below=("quotes",),
    ),
    "perspectives": View(("group", "party", "own", "valence", "of", "codes"), "rad", "rader", "Ingenting är kodat än."),
    "contrasts": View(
        ("kind", "code", "sides", "weight"),
        "jämförelse",
        "jämförelser",
        "Inget att jämföra än. Det krävs kodningar med slag och part från flera grupper: minst tre personer för "
        "samsyn, en blind fläck eller att parter pekar på varandra, minst två på varje sida för en motsägelse.",
    ),
    "ranking": View(("place", "name", "of", "groups"), "faktor", "faktorer", "Ingen faktor av det slaget är kodad än."),
    "swot": View(
        ("id", "field", "text", "n", "cites"), "rad", "rader", "SWOT är tom. Gör ett utkast med swot --draft."
    ),
    "measures": View(
        ("id", "party", "text", "due", "cites"),
        "åtgärd",
        "åtgärder",
        "Inga åtgärder än. Gör först SWOT med swot --draft och sedan åtgärder med measures --draft.",
    ),
    "plan": View(None, "grupp", "grupper", "Studien har inga grupper."),
    "thread": View(
        ("code", "party", "of", "line", "measure", "responsible", "gaps"),
        "rad",
        "rader",
        "Inget att följa än: det finns inga flaskhalsar som så många nämner, och ingen SWOT.",
        below=("line", "measure", "gaps"),
    ),
    "coreq": View(("number", "topic", "answer"), "punkt", "punkter", ""),
    "memos": View(None, "anteckning", "anteckningar", "Inga anteckningar än. Skriv en med memo."),
    "history": View(("id", "at", "who", "kind", "summary"), "händelse", "händelser", "Historiken är tom."),
}


def show(study: Study, kind: str, frame: Frame, csv_file: Path | None = None) -> None:
    """Show a table of the study on the screen, or write all of it to ``csv_file`` and say so."""
    view = VIEWS[kind]
    if csv_file:
        write_csv(study, frame, csv_file)
        say(f"Skrev {counted(len(frame), view.one, view.many)} till {csv_file}.")
    elif not len(frame):
        say(view.empty)
    else:
        below = view.below if screen_width() < _WIDE else ()
        columns = _columns(study, view, frame)
        rows = [column for name, column in columns.items() if name not in below]
        say(table(rows, below=[columns[name] for name in below]))
        say(counted(len(frame), view.one, view.many))


def write_csv(study: Study, frame: Frame, path: Path) -> None:
    """Write the whole table: semicolons, lists with " | " between, complete or not at all."""
    from intervjukit.formats.decisions import write_table

    names = [str(name) for name in frame]
    namer = Namer(study)
    rows = [
        [" | ".join(namer.shown(name, value)) for name, value in zip(names, row, strict=True)] for row in _rows(frame)
    ]
    heads = [namer.head(name) for name in names]
    write_whole(path, lambda part: write_table(part, heads, rows))


def _rows(frame: Frame) -> Sequence[tuple[object, ...]]:
    return [tuple(row.values()) for row in frame.to_dict("records")]


def _columns(study: Study, view: View, frame: Frame) -> dict[str, Column]:
    namer, names = Namer(study), [str(name) for name in frame]
    cells: dict[str, list[str]] = {name: [] for name in names}
    for row in _rows(frame):
        for name, value in zip(names, row, strict=True):
            cells[name].append(_cell(name, namer.shown(name, value)))
    facts = [name for name in names if name not in HEADS]
    cells["facts"] = ["; ".join(told) for told in _facts(cells, facts, len(frame))]
    if {"n", "N"} <= cells.keys():
        cells["of"] = [f"{n} av {total}" for n, total in zip(cells["n"], cells["N"], strict=True)]
    wanted = [name for name in view.columns or names if name in cells]
    return {
        name: Column(namer.head(name), cells[name], name in _TEXTS, name in _WRAPPED, name in _NUMBERS)
        for name in wanted
    }


def _facts(cells: Mapping[str, Sequence[str]], facts: Sequence[str], rows: int) -> list[list[str]]:
    """Return for each row the background facts it has, as "Yrke: undersköterska"."""
    return [[f"{name}: {cells[name][row]}" for name in facts if cells[name][row]] for row in range(rows)]


def _cell(name: str, values: Sequence[str]) -> str:
    """Return what stands in a cell on the screen: of several quotes only the first, and how many more."""
    if name == "quotes" and len(values) > 1:
        return f"(+{len(values) - 1}) {values[0]}"
    return ", ".join(values)
