"""The report: a study as a Word file that a steering group can be handed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from intervjukit.core.phrases import date_words, listed, lower_first, number_words
from intervjukit.core.profile import Entry, Profile, walk
from intervjukit.core.report import KNOWN
from intervjukit.core.swot import Measure, SwotItem
from intervjukit.export import appendices, chapters, extracts, method_appendix, red_thread
from intervjukit.export.material import Picture, ReportData
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
    "roda_traden": red_thread.red_thread,
    "guider": lambda word, data, charts: appendices.guides(word, data),
    "kodbok": lambda word, data, charts: appendices.codebook(word, data),
    "fynd": lambda word, data, charts: appendices.tables(word, data),
    "mangdord": lambda word, data, charts: appendices.quantifiers(word, data),
    "metodbilaga": method_appendix.method_appendix,
    "coreq": lambda word, data, charts: method_appendix.coreq(word, data),
}
"""What writes each part of a report."""
EXTRACTORS: Mapping[str, Callable[[WordFile, ReportData, Entry], None]] = {
    "korthet": extracts.in_short,
    "ram": extracts.frame,
    "citat": extracts.quotes,
}
"""What writes the parts that only some profiles have, as the profile says."""
Progress = Callable[[int, int, str], None]

__all__ = ["Making", "ReportData", "write_report"]


@dataclass(frozen=True)
class Making:
    """How a report is made: by which profile, in whose template, dated which day, with page numbers or not."""

    profile: Profile
    template: Path | None = None
    today: date | None = None
    page_numbers: bool = False


def write_report(
    data: ReportData, charts: Charts, path: Path, making: Making, progress: Progress | None = None
) -> Path:
    """Write the report to ``path`` (.docx) and return it; see WordFile and WordFile.save for errors.

    Title and contents as the profile has them, then its parts in its order. ``progress`` is told (parts written, in
    all, the part being written).
    """
    profile, today = making.profile, making.today or date.today()
    made = datetime.combine(today, time(12), UTC) if making.today else None
    values = _values(data, profile, today)
    word = WordFile(data.name, profile.name, template_file=making.template, values=values, made=made)
    _open(word, data, profile, today)
    writer = _Writer(word, data, charts, profile, progress)
    writer.write(profile.entries)
    return word.save(path, page_numbers=making.page_numbers)


def _open(word: WordFile, data: ReportData, profile: Profile, today: date) -> None:
    """Write the title and the contents; a template with a place for the title has a cover of its own."""
    people = _people(data)
    made = f"Sammanställd {date_words(today.isoformat())} med Intervjukit"
    held = data.dates()
    lines = [people, *([f"Intervjuerna gjordes {held}"] if held else []), made]
    if "titel" not in word.asked:
        if profile.title_page:
            word.title_page(data.name, _subtitle(data, profile), lines)
        else:
            word.masthead(data.name, [f"{profile.name}. {people}. {made}."])
    if profile.contents:
        word.contents()


def _subtitle(data: ReportData, profile: Profile) -> str:
    """Return the profile's subtitle; {slag} in it is what the code book calls the three kinds of finding."""
    first, *others = [said.ranked for said in data.spoken.values()]
    names = listed([first, *map(lower_first, others)])
    return profile.subtitle.replace("{slag}", names)


def _people(data: ReportData) -> str:
    groups = number_words(len(data.totals), "grupp", "grupper")
    return f"{number_words(data.people, 'intervjuad', 'intervjuade')} i {groups}"


def _values(data: ReportData, profile: Profile, today: date) -> dict[str, str]:
    """Return the small values a template may ask for (export.template.TAGS)."""
    coders = Counter(coding.coder for coding in data.codings)
    return {
        "titel": data.name,
        "underrubrik": _subtitle(data, profile),
        "studie": data.study or data.name,
        "datum": date_words(today.isoformat()),
        "antal": str(data.people),
        "grupp": listed([lower_first(data.group_name(group)) for group in data.totals]),
        "intervjuer": str(len(data.transcripts)),
        "period": data.dates(),
        "kodare": listed([coder for coder, _ in coders.most_common()]),
    }


class _Writer:
    """Writes a profile's entries, chapters within chapters."""

    def __init__(
        self, word: WordFile, data: ReportData, charts: Charts, profile: Profile, progress: Progress | None
    ) -> None:
        self.word, self.data, self.charts, self.profile = word, data, charts, profile
        self._progress = progress
        self._done, self._total = 0, sum(1 for entry in walk(profile.entries) if entry.part)

    def write(self, entries: Iterable[Entry], depth: int = 0) -> None:
        """Write entries, ``depth`` levels below the top."""
        flowing = self.profile.flowing or depth > 0
        for entry in entries:
            if entry.part:
                self._part(entry, depth, flowing=flowing)
            else:
                self.word.heading(entry.title, depth + 1, new_page=not flowing)
                if entry.text:
                    self.word.text(entry.text)
                self.write(entry.entries, depth + 1)

    def _part(self, entry: Entry, depth: int, *, flowing: bool) -> None:
        if self._progress:
            self._progress(self._done, self._total, entry.title or KNOWN[entry.part])
        self._done += 1
        with self.word.part(entry.part, title=entry.title, text=entry.text, deeper=depth, flowing=flowing):
            if entry.part in EXTRACTORS:
                EXTRACTORS[entry.part](self.word, self.data, entry)
            else:
                WRITERS[entry.part](self.word, _held_short(self.data, entry), self.charts)


def _held_short(data: ReportData, entry: Entry) -> ReportData:
    """Return the data with only as much as the profile lets the part say."""
    if not entry.most:
        return data
    if entry.part == "swot":
        return replace(data, swot=_heaviest(data.swot, entry.most))
    return replace(data, measures=_first(data.measures, entry.most))


def _heaviest(items: Iterable[SwotItem], most: int) -> tuple[SwotItem, ...]:
    """Return at most so many lines per field: those most respondents stand behind, in the order they stood."""
    items = tuple(items)
    fields: dict[str, list[SwotItem]] = defaultdict(list)
    for item in sorted(items, key=lambda item: -item.weight):
        fields[item.field].append(item)
    kept = {item.id for lines in fields.values() for item in lines[:most]}
    return tuple(item for item in items if item.id in kept)


def _first(measures: Iterable[Measure], most: int) -> tuple[Measure, ...]:
    seen: Counter[str] = Counter()
    kept = []
    for measure in measures:
        seen[measure.party] += 1
        if seen[measure.party] <= most:
            kept.append(measure)
    return tuple(kept)
