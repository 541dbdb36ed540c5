"""Every table of a study at once, with Swedish heads and names: the noun ``study.tables``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.findings import FEWEST_AGREEING
from intervjukit.core.naming import Namer
from intervjukit.core.whole import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.export.workbook import Sheet

Progress = Callable[[int, int, str], None]
_VALENCES = ("framgang", "flaskhals", "onskan")


@dataclass(frozen=True, slots=True)
class Kind:
    """One table: its Swedish name (at most 31 characters, as Excel wants it), what it tells, and how it is made."""

    name: str
    about: str
    make: Callable[[Any], pd.DataFrame]


def _coverage(study: Any) -> pd.DataFrame:
    """Return the coverage with the words of each question after its id."""
    frame: pd.DataFrame = study.coverage()
    rows = zip(frame["group"], frame["question"], strict=True)
    asked = [study.protocols[group].question(question).text for group, question in rows]
    frame.insert(list(frame).index("question") + 1, "text", asked)
    return frame


def _rankings(study: Any) -> pd.DataFrame:
    """Return the rankings of all valences, one after the other."""
    import pandas as pd

    frames = [study.ranking(valence).assign(valence=valence) for valence in _VALENCES]
    whole: pd.DataFrame = pd.concat(frames, ignore_index=True).drop(columns=["code"])
    whole.insert(0, "valence", whole.pop("valence"))
    return whole


def _codebook(study: Any) -> pd.DataFrame:
    """Return the code book's themes with how much they are used."""
    frame: pd.DataFrame = study.themes.table()
    used: pd.DataFrame = frame.drop(columns=["id"]).rename(columns={"name": "code", "respondents": "n"})
    return used


KINDS: Mapping[str, Kind] = {
    "transcripts": Kind("Intervjuer", "En rad per intervju: person, grupp, datum, längd.", lambda s: s.transcripts()),
    "plan": Kind("Plan", "Planerat och intervjuat antal i varje grupp.", lambda s: s.plan.table()),
    "respondents": Kind("Personer", "En rad per intervjuad med bakgrundsuppgifter.", lambda s: s.respondents()),
    "coverage": Kind("Guidens frågor", "En rad per intervju och fråga i guiden: hur mycket som svarades.", _coverage),
    "scales": Kind("Skalor", "Svar på enkäters skalor: antal, medelvärde och median.", lambda s: s.surveys.scales()),
    "codings": Kind(
        "Kodningar", "En rad per kodning: citat, tema, slag, part och vem som kodade.", lambda s: s.codings()
    ),
    "findings": Kind(
        "Fynd",
        "En rad per slag, tema, part och grupp: hur många i gruppen som säger det, och citaten.",
        lambda s: s.findings(),
    ),
    "perspectives": Kind("Vem säger vad", "Varje grupps bild av varje part.", lambda s: s.perspectives()),
    "contrasts": Kind("Jämförelser", "Där parterna är eniga eller säger emot varandra.", lambda s: s.contrasts()),
    "ranking": Kind("Rangordning", "Teman efter hur många personer som nämner dem; 3= är delad plats.", _rankings),
    "swot": Kind("SWOT", "En rad per rad i SWOT, med fynden den bygger på.", lambda s: s.swot.table()),
    "measures": Kind("Åtgärder", "En rad per åtgärd och raderna i SWOT den svarar mot.", lambda s: s.measures.table()),
    "thread": Kind(
        "Röda tråden",
        f"Från flaskhals (minst {FEWEST_AGREEING} personer) till SWOT, åtgärd, ansvarig och uppföljning, med glappen.",
        lambda s: s.thread.table(),
    ),
    "codebook": Kind("Kodbok", "Kodbokens teman och hur mycket de används.", _codebook),
    "suggestions": Kind(
        "Förslag", "Programmets förslag och vad det blev av dem. De räknas inte.", lambda s: s.suggestions(status=None)
    ),
    "memos": Kind("Anteckningar", "Anteckningar om kodningar, teman, personer och studien.", lambda s: s.memos.table()),
    "doubts": Kind(
        "Tveksamheter", "Det inläsningen inte var säker på och ingen har avgjort.", lambda s: s.doubts.table()
    ),
    "coreq": Kind("COREQ", "Checklistan i 32 punkter, ifylld så långt studien vet.", lambda s: s.method.coreq()),
    "history": Kind("Historik", "Allt som har gjorts i studien, i ordning.", lambda s: s.history.table()),
}
"""The tables by name, in the order of the workbook."""


class Tables:
    """All tables of a study: as DataFrames, as one Excel workbook, or as one CSV file each."""

    def __init__(self, study: Any) -> None:
        """Show the tables of ``study``: a Study, which stands above this and cannot be named here."""
        self._study = study

    def __repr__(self) -> str:
        return f"<Tabeller: {len(KINDS)}; se study.tables.all(), .workbook(fil) och .csv(mapp)>"

    def all(self) -> dict[str, pd.DataFrame]:
        """Return every table by its English name: transcripts, plan, …, history."""
        return {name: kind.make(self._study) for name, kind in KINDS.items()}

    def workbook(self, path: Path | str, progress: Progress | None = None) -> Path:
        """Write every table that is not empty as a sheet of an Excel workbook (.xlsx) and return its path.

        A first sheet explains the others. Cells are typed; text is never a formula. The file is complete or not
        there. Raises FileError.
        """
        from intervjukit.export.workbook import write_workbook

        return write_workbook(self._study.name, self._sheets(progress), Path(path))

    def csv(self, folder: Path | str, progress: Progress | None = None) -> list[Path]:
        """Write every table that is not empty as a CSV file that Swedish Excel opens right; return their paths.

        ``folder`` is made when it is not there. Raises FileError.
        """
        from intervjukit.formats.decisions import write_table

        folder, made = Path(folder), []
        for sheet in self._sheets(progress):
            path = folder / f"{_file_name(sheet.name)}.csv"
            with whole_file(path) as part:
                folder.mkdir(parents=True, exist_ok=True)
                write_table(part, sheet.heads, sheet.rows)
            made.append(path)
        return made

    def _sheets(self, progress: Progress | None) -> Iterator[Sheet]:
        from intervjukit.export.workbook import Sheet

        namer = Namer(self._study)
        for done, kind in enumerate(KINDS.values()):
            if progress:
                progress(done, len(KINDS), kind.name)
            frame = kind.make(self._study)
            if len(frame):
                names = [str(name) for name in frame]
                rows = [
                    [namer.value(name, cell) for name, cell in zip(names, row, strict=True)]
                    for row in frame.itertuples(index=False, name=None)
                ]
                yield Sheet(kind.name, kind.about, [namer.head(name) for name in names], rows)


def _file_name(name: str) -> str:
    """Return a sheet's name as that of a file: "Röda tråden" is roda_traden."""
    return name.lower().translate(str.maketrans("åäö ", "aao_"))
