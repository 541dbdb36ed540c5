"""The report: a study as a Word file that a steering group can be handed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from intervjukit.export import appendices, chapters
from intervjukit.export.material import Picture, ReportData, date_words, number_words
from intervjukit.export.word import WordFile

__all__ = ["ReportData", "write_report"]


def write_report(data: ReportData, charts: Mapping[str, Picture], path: Path) -> Path:
    """Write the whole report to ``path`` (.docx) and return it; see WordFile.save for errors.

    Order: title page, contents, summary, method, a section per group, perspectives, ranking, SWOT, measures,
    and four appendices (guides, code book, all findings with quotes, quantifiers).
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
    chapters.summary(word, data, charts)
    chapters.method(word, data)
    chapters.groups(word, data)
    chapters.perspectives(word, data, charts)
    chapters.ranking(word, data, charts)
    chapters.swot(word, data)
    chapters.measures(word, data)
    appendices.guides(word, data)
    appendices.codebook(word, data)
    appendices.tables(word, data)
    appendices.quantifiers(word, data)
    return word.save(path)
