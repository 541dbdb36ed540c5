"""Surveys: answers from Excel or CSV, one row per respondent; each open answer becomes a text to code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.asking import wordings_of
from intervjukit.boards import Board
from intervjukit.core.alignment import Aligner
from intervjukit.core.choices import group_id
from intervjukit.core.interview import read_date
from intervjukit.core.protocol import Protocol
from intervjukit.core.survey import Asks, Plan, Table, filled_in, guessed, written
from intervjukit.core.survey_answers import Rows, scales_of
from intervjukit.core.transcript import Transcript
from intervjukit.errors import RuleError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey file as it would be read: its table, the plan, and (number of the row, transcript) of each answer."""

    table: Table
    plan: Plan
    answers: tuple[tuple[int, Transcript], ...]
    source_hash: str

    def examples(self, place: int, most: int = 3) -> list[str]:
        """Return some different answers in a column."""
        values = (written(cells[place]) for _, cells in self.table.rows)
        return list(dict.fromkeys(value for value in values if value))[:most]


class Surveys(Board):
    """The surveys of one study: look at a file, take it in, and the table of answers on scales."""

    _title, _one, _many, _name = "Enkäter", "enkät", "enkäter", "surveys"

    def __init__(self, store: Store, who: Callable[[], str], protocols: Callable[[], Mapping[str, Protocol]]) -> None:
        """Work on ``store`` for whoever ``who()`` is; the guides tell groups and questions."""
        self._store, self._who, self._protocols = store, who, protocols

    def look(
        self,
        file: Path | str,
        *,
        plan: Path | str | None = None,
        group: str = "",
        wave: int = 0,
        date: str = "",
        sheet: str = "",
    ) -> tuple[Table, Plan]:
        """Return the table of a file (.xlsx, .csv) and how it would be read; nothing is saved.

        ``plan`` is a map (YAML) of the columns, which are guessed without one; ``group``, ``wave`` and ``date`` hold
        for every row that no column says them for. Raises FileError, FaultyFileError, NotFoundError, RuleError.
        """
        from intervjukit.formats.survey_maps import place_of_heads, read_map
        from intervjukit.formats.survey_tables import read_table

        guides = self._protocols()
        told_sheet, head_row = place_of_heads(Path(plan)) if plan else ("", 0)
        table = read_table(Path(file), sheet=sheet or told_sheet, head_row=head_row)
        names = {guide.group: guide.group_name for guide in guides.values()}
        group = group_id(guides, group) if group else ""
        found = read_map(Path(plan), table, guides) if plan else guessed(table, names, self._asks(group))
        return table, filled_in(found, group=group, wave=wave, date=_checked(date))

    def read(self, file: Path | str, table: Table, plan: Plan) -> Survey:
        """Return what a file's rows become by a plan; nothing is saved. Raises FaultyFileError with every fault."""
        from intervjukit.formats.intake import file_hash

        rows = Rows(table, plan, list(self._protocols().values()), self._store.surveys.known())
        return Survey(table, plan, tuple(rows.transcripts()), file_hash(Path(file)))

    def add(
        self,
        file: Path | str,
        *,
        plan: Path | str | None = None,
        group: str = "",
        wave: int = 0,
        date: str = "",
        sheet: str = "",
    ) -> Survey:
        """Take in a file, whole or not at all, and return what it became; arguments as for ``look``.

        Open answers become texts to code, under their questions; scales and choices become background facts. Raises
        RuleError when the file has been taken in before.
        """
        survey = self.read(file, *self.look(file, plan=plan, group=group, wave=wave, date=date, sheet=sheet))
        self.save(survey)
        return survey

    def save(self, survey: Survey) -> None:
        """Save a survey that has been read. Raises RuleError when it was taken in before."""
        with self._store.database.writing():
            if any(survey.source_hash == taken["hash"] for taken in self._store.surveys.taken()):
                raise RuleError(f"{survey.table.file} är redan inläst.", fix="Inget behöver göras; se historiken.")
            about = {
                "title": survey.plan.title,
                "file": survey.table.file,
                "hash": survey.source_hash,
                "scales": [asdict(scale) for scale in scales_of(survey.plan)],
            }
            answers = [(_row_hash(survey.source_hash, row), transcript) for row, transcript in survey.answers]
            self._store.surveys.add(self._who(), answers, about)

    def table(self) -> pd.DataFrame:
        """One row per survey taken in: title, file, answers, scales (how many questions have one)."""
        import pandas as pd

        rows = [{**taken, "scales": len(taken["scales"])} for taken in self._store.surveys.taken()]
        return pd.DataFrame(rows, columns=["title", "file", "answers", "scales"])

    def scales(self) -> pd.DataFrame:
        """One row per scale, wave and group: scale, wave, group, n, mean, median, lowest, highest, ends, note.

        Of few answers only their number is told, and ``note`` says so.
        """
        from intervjukit.analysis.scales import scales_table

        return scales_table(self._store.surveys.scales(), self._store.interviews.all())

    def _asks(self, group: str) -> Asks:
        """Return the function that finds the guide question a head asks: one beyond doubt, in one guide or in all."""
        wordings = wordings_of(self._store)
        guides = [guide for guide in self._protocols().values() if not group or guide.group == group]
        aligners = [Aligner(guide, wordings) for guide in guides]

        def asks(head: str) -> str:
            found = [match for aligner in aligners if (match := aligner.align([head])[0]) and match.clear]
            best = max(found, key=lambda match: match.score, default=None)
            return best.question if best and all(best.question in each.questions for each in aligners) else ""

        return asks


def _checked(written_date: str) -> str:
    found = read_date(written_date)
    if written_date and not found:
        raise RuleError(f"Datumet ”{written_date}” går inte att tolka.", fix="Skriv det som 2026-02-11.")
    return found


def _row_hash(source_hash: str, row: int) -> str:
    """Return a hash of a row's own, as every transcript has one of its source."""
    from hashlib import sha256

    return sha256(f"{source_hash} {row}".encode()).hexdigest()
