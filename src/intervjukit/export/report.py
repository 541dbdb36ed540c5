"""The report: a study as a Word file that a steering group can be handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from intervjukit.core.report import PARTS
from intervjukit.export import appendices, chapters
from intervjukit.export.material import Picture, ReportData, date_words, number_words
from intervjukit.export.word import WordFile

Charts = Mapping[str, Picture]
WRITERS: Mapping[str, Callable[[WordFile, ReportData, Charts], None]] = {
    "sammanfattning": chapters.summary,
    "metod": lambda word, data, charts: chapters.method(word, data),
    "grupper": lambda word, data, charts: chapters.groups(word, data),
    "perspektiv": chapters.perspectives,
    "rangordning": chapters.ranking,
    "swot": lambda word, data, charts: chapters.swot(word, data),
    "atgarder": lambda word, data, charts: chapters.measures(word, data),
    "guider": lambda word, data, charts: appendices.guides(word, data),
    "kodbok": lambda word, data, charts: appendices.codebook(word, data),
    "fynd": lambda word, data, charts: appendices.tables(word, data),
    "mangdord": lambda word, data, charts: appendices.quantifiers(word, data),
}
"""What writes each part of a report."""
Progress = Callable[[int, int, str], None]

__all__ = ["ReportData", "write_report"]


def write_report(data: ReportData, charts: Charts, path: Path, progress: Progress | None = None) -> Path:
    """Write the report to ``path`` (.docx) and return it; see WordFile.save for errors.

    First title page and contents, then those of its parts that ``data.parts`` names, in the order of
    ``core.report.PARTS``. ``progress`` is told (parts written, in all, the part being written).
    """
    word = WordFile(data.name, subject="Intervjustudie")
    made = f"Sammanställd {date_words(date.today().isoformat())} med Intervjukit"
    held = data.dates()
    groups = number_words(len(data.totals), "grupp", "grupper")
    people = f"{number_words(data.people, 'intervjuad', 'intervjuade')} i {groups}"
    word.title_page(
        data.name,
        "Flaskhalsar, framgångsfaktorer och önskningar enligt dem som är med i processen",
        [people, *([f"Intervjuerna gjordes {held}"] if held else []), made],
    )
    word.contents()
    for done, part in enumerate(data.parts):
        if progress:
            progress(done, len(data.parts), PARTS[part])
        WRITERS[part](word, data, charts)
    return word.save(path)
