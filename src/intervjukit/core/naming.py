"""What the study's tables are called and how what stands in them is shown: Swedish heads, names instead of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from numbers import Integral
from typing import Protocol as Shape

from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol

HEADS: Mapping[str, str] = {
    "N": "av",
    "action": "Handling",
    "answer": "Svar",
    "at": "När",
    "author": "Vem",
    "basis": "Grund",
    "cites": "Bygger på",
    "code": "Tema",
    "coder": "Kodare",
    "codes": "Teman",
    "codings": "Kodningar",
    "date": "Datum",
    "definition": "Definition",
    "difference": "Skillnad",
    "domain": "Område",
    "due": "Klart",
    "end": "Slut",
    "ends": "Skala",
    "facts": "Bakgrund",
    "field": "Fält",
    "fix": "Gör så här",
    "follow_up": "Uppföljning",
    "gaps": "Glapp",
    "group": "Grupp",
    "groups": "Grupper",
    "id": "Nr",
    "in_report": "I rapporten",
    "interviewed": "Intervjuade",
    "interviewer": "Intervjuare",
    "kind": "Sort",
    "highest": "Högst",
    "line": "Rad i SWOT",
    "lowest": "Lägst",
    "mean": "Medel",
    "measure": "Åtgärd",
    "median": "Median",
    "message": "Vad",
    "minutes": "Minuter",
    "n": "Antal",
    "name": "Faktor",
    "note": "Anmärkning",
    "number": "Nr",
    "of": "Antal",
    "own": "Egen part",
    "parent": "Hör under",
    "parties": "Parter",
    "party": "Part",
    "phase": "Skede",
    "place": "Plats",
    "planned": "Planerade",
    "quantifier": "Så många",
    "question": "Fråga",
    "quote": "Citat",
    "quotes": "Citat",
    "reason": "Varför",
    "respondent": "Person",
    "respondents": "Personer",
    "responsible": "Ansvarig part",
    "scale": "Fråga",
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
    "topic": "Ämne",
    "transcript": "Intervju",
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
    "status": {
        "open": "öppet",
        "accepted": "godtaget",
        "changed": "ändrat",
        "rejected": "avvisat",
        "answered": "besvarad",
        "merged": "i ett med en annan",
        "asked": "ställd utan svar",
        "skipped": "inte funnen",
        "inapplicable": "gällde inte",
    },
    "kind": {"do": "beslut", "undo": "ångrat", "redo": "gjort om"},
    "target": {
        "study": "studien",
        "coding": "kodning",
        "code": "kod",
        "respondent": "person",
        "transcript": "intervju",
    },
}
_NOTHING = ("<NA>", "nan", "NaT")
"""How a table's empty cells print."""
_SURE = "sure_"
"""Before the name of a part, in the column that tells how sure a suggestion is of it."""
Value = str | int | float | date | None
"""What a cell may hold in a file that knows numbers and dates."""


class Named(Shape):
    """What gives the names: a study, by its code book and guides."""

    @property
    def codebook(self) -> Codebook:
        """The code book in force."""
        ...

    @property
    def protocols(self) -> Mapping[str, Protocol]:
        """The guides by group."""
        ...


class Namer:
    """Turns ids into the names the study's code book and guides give them."""

    def __init__(self, study: Named) -> None:
        """Learn the names of ``study``."""
        self._codebook = study.codebook
        self._groups = {group: protocol.group_name for group, protocol in study.protocols.items()}
        self._facets = {facet.id: facet.name for facet in self._codebook.facets}
        self._special: Mapping[str, Callable[[str], str]] = {
            "code": self._code,
            "codes": self._code,
            "group": self._group,
            "groups": self._group,
            "parent": self._code,
            "parties": self._party,
            "responsible": self._party,
            "sides": self._side,
            "cites": self._cited,
            "at": _local,
        }

    def head(self, column: object) -> str:
        """Return the Swedish head of a column."""
        name = str(column)
        if name.startswith(_SURE):
            return f"{self.head(name.removeprefix(_SURE))}, säkerhet"
        return self._facets.get(name) or HEADS.get(name) or name

    def shown(self, column: object, value: object) -> list[str]:
        """Return what a cell holds, in Swedish: one text, or one for each member of a list."""
        name = str(column)
        if isinstance(value, list | tuple):
            return [self._one(name, member) for member in value]
        return [self._one(name, value)]

    def value(self, column: object, value: object) -> Value:
        """Return what a cell holds as a number or date when it is one, otherwise as the Swedish text that is shown.

        Times are local and without a zone; several texts have " | " between them.
        """
        if isinstance(value, float) and value == value:
            return float(value)
        if isinstance(value, Integral) and not isinstance(value, bool):
            return int(value)
        text = " | ".join(self.shown(column, value))
        if column == "at" and text:
            return datetime.fromisoformat(text)
        return _as_date(text) if column == "date" else text or None

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


def _as_date(text: str) -> Value:
    """Return an ISO date as a date, anything else as it is."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def _local(at: str) -> str:
    """Return a stored time as local date and time to the second."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}" if at else ""
