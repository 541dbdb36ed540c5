"""The study's tables with Swedish heads and names: fitted to the screen, or whole in a file for Excel."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from intervjukit.cli.options import write_whole
from intervjukit.cli.terminal import Column, counted, say, screen_width, table

if TYPE_CHECKING:
    from intervjukit.study import Study

HEADS: Mapping[str, str] = {
    "N": "av",
    "action": "Handling",
    "at": "När",
    "author": "Vem",
    "basis": "Grund",
    "cites": "Bygger på",
    "code": "Tema",
    "coder": "Kodare",
    "codes": "Teman",
    "date": "Datum",
    "due": "Klart",
    "end": "Slut",
    "facts": "Bakgrund",
    "field": "Fält",
    "fix": "Gör så här",
    "follow_up": "Uppföljning",
    "group": "Grupp",
    "groups": "Grupper",
    "id": "Nr",
    "interviewer": "Intervjuare",
    "kind": "Sort",
    "message": "Vad",
    "minutes": "Minuter",
    "n": "Antal",
    "name": "Faktor",
    "of": "Antal",
    "own": "Egen part",
    "parties": "Parter",
    "party": "Part",
    "phase": "Skede",
    "place": "Plats",
    "quantifier": "Så många",
    "question": "Fråga",
    "quote": "Citat",
    "quotes": "Citat",
    "reason": "Varför",
    "respondent": "Person",
    "respondents": "Personer",
    "score": "Poäng",
    "section": "Avsnitt",
    "sides": "Så säger grupperna",
    "source": "Fil",
    "start": "Början",
    "status": "Läge",
    "suggester": "Förslagsställare",
    "suggestion": "Ur förslag",
    "summary": "Vad",
    "target": "Gäller",
    "target_id": "Vilken",
    "text": "Text",
    "turn": "Replik",
    "turns": "Repliker",
    "undoable": "Kan ångras",
    "valence": "Slag",
    "wave": "Omgång",
    "weight": "Tyngd",
    "who": "Vem",
    "words": "Ord",
}
"""Shown head of each column of the study's tables; any other column is a background fact and its own head."""

_WORDS = {
    "status": {"open": "öppet", "accepted": "godtaget", "changed": "ändrat", "rejected": "avvisat"},
    "kind": {"do": "beslut", "undo": "ångrat", "redo": "gjort om"},
    "target": {
        "study": "studien",
        "coding": "kodning",
        "code": "kod",
        "respondent": "person",
        "transcript": "intervju",
    },
}
_WRAPPED = frozenset("facts message summary text".split())
_TEXTS = _WRAPPED | frozenset("cites code codes groups name party quote quotes reason respondents sides source".split())
_NUMBERS = frozenset("id turn turns words minutes wave n of score weight suggestion place".split())


_WIDE = 140
"""Places a screen must have for long texts to stand in columns of their own."""
_NOTHING = ("<NA>", "nan", "NaT")
"""How a table's empty cells print."""


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


class Namer:
    """Turns ids into the names the study's code book and guides give them."""

    def __init__(self, study: Study) -> None:
        """Learn the names of ``study``."""
        self._codebook = study.codebook
        self._groups = {group: protocol.group_name for group, protocol in study.protocols.items()}
        self._facets = {facet.id: facet.name for facet in self._codebook.facets}
        self._special: Mapping[str, Callable[[str], str]] = {
            "code": self._code,
            "codes": self._code,
            "group": self._group,
            "groups": self._group,
            "parties": self._party,
            "sides": self._side,
            "cites": self._cited,
            "at": _local,
        }

    def head(self, column: object) -> str:
        """Return the Swedish head of a column."""
        return self._facets.get(str(column)) or HEADS.get(str(column)) or str(column)

    def shown(self, column: object, value: object) -> list[str]:
        """Return what a cell holds, in Swedish: one text, or one for each member of a list."""
        name = str(column)
        if isinstance(value, list | tuple):
            return [self._one(name, member) for member in value]
        return [self._one(name, value)]

    def _one(self, name: str, value: object) -> str:
        if value is None or (not isinstance(value, str) and str(value) in _NOTHING):
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if isinstance(value, float):
            return f"{value:.2f}".replace(".", ",")
        text = str(value)
        if name in self._facets:
            return self._codebook.value_name(name, text)
        if name in self._special:
            return self._special[name](text)
        return _WORDS.get(name, {}).get(text, text)

    def _code(self, code: str) -> str:
        return self._codebook.code(code).name if code in self._codebook else code

    def _group(self, group: str) -> str:
        return self._groups.get(group, group)

    def _party(self, party: str) -> str:
        return self._codebook.value_name("party", party)

    def _side(self, side: str) -> str:
        """Name the parts of "chefer: flaskhals 3/8"."""
        group, colon, rest = side.partition(": ")
        valence, blank, number = rest.partition(" ")
        shown = self._codebook.value_name("valence", valence).lower()
        return f"{self._group(group)}{colon}{shown}{blank}{number}"

    def _cited(self, cited: str) -> str:
        """Name the parts of "flaskhals · vantetider · vard"; a bare number is the number of a SWOT line."""
        parts = cited.split(" · ")
        if len(parts) != 3:
            return cited
        valence = self._codebook.value_name("valence", parts[0])
        return " · ".join((valence, self._code(parts[1]), self._party(parts[2])))


def _local(at: str) -> str:
    """Return a stored time as local date and time to the second."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else ""
