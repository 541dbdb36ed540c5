"""The study as a Word file, by a profile and in a template: the noun ``study.reports``, behind ``study.report``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Protocol as Shape

from intervjukit.accounts import Method
from intervjukit.core.naming import Named
from intervjukit.core.profile import Profile, plain_profile
from intervjukit.core.report import PARTS
from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError, RuleError
from intervjukit.planning import Measures, Swot
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    from intervjukit.export.material import ReportData

Progress = Callable[[int, int, str], None]
TEMPLATES = (".docx", ".dotx")
_KEPT = "rapportmall"
OWN = "profiler"
"""The folder within a study's where its own profiles are."""
_OLD = {
    ".doc": "ett gammalt Word-dokument",
    ".dot": "en gammal Word-mall",
    ".docm": "ett dokument med makron",
    ".dotm": "en mall med makron",
    ".odt": "ett LibreOffice-dokument",
    ".ott": "en LibreOffice-mall",
}


class Reported(Named, Shape):
    """A study that can be reported."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def method(self) -> Method:
        """How it was done."""
        ...

    @property
    def swot(self) -> Swot:
        """Its SWOT."""
        ...

    @property
    def measures(self) -> Measures:
        """Its measures."""
        ...


class Reports:
    """Makes reports: chooses the profile, looks at the template, gathers what the study holds."""

    def __init__(self, store: Store, study: Reported, folder: Path) -> None:
        """Report ``study``; its own profiles are in the folder "profiler" of its ``folder``."""
        self._store, self._study = store, study
        self._folder = folder

    def __repr__(self) -> str:
        return f"<Rapporter: {len(self.profiles())} profiler; se study.report(…, profile=…)>"

    def profiles(self) -> list[Profile]:
        """Return the profiles there are, the full report first: those of the kit and the study's own.

        One of the study's own that has faults is left out here; ``profile`` tells them.
        """
        from intervjukit.formats.profiles import every_profile

        return every_profile(self._own)[0]

    def profile(self, name: str | Path) -> Profile:
        """Return a profile by name or file. Raises NotFoundError, and FaultyFileError with every fault and its line."""
        from intervjukit.formats.profiles import profile_file, read_profile

        return read_profile(profile_file(name, self._own))

    @property
    def _own(self) -> Path:
        return self._folder / OWN

    @property
    def last_template(self) -> Path | None:
        """The study's copy of the template that was used last, None before the first."""
        kept = self._folder / _KEPT
        return next(_templates_in(kept), None)

    def make(
        self,
        path: Path,
        *,
        title: str = "",
        parts: Collection[str] | None = None,
        profile: str | Path | None = None,
        template: Path | None = None,
        page_numbers: bool = False,
        today: date | None = None,
        progress: Progress | None = None,
    ) -> Path:
        """Write a report; see Study.report. ``today`` is the day it says it was made."""
        from intervjukit.analysis.charts import report_charts
        from intervjukit.export.report import Making, write_report

        chosen = self._chosen(profile, parts)
        chosen.check(self._study.codebook)
        if template is not None:
            check_template(template, path)
        data = self._data(title or self._study.name, chosen)
        charts = report_charts(data.account, data.thread)
        made = write_report(data, charts, path, Making(chosen, template, today, page_numbers), progress)
        if template is not None:
            self._keep(template)
        return made

    def _chosen(self, profile: str | Path | None, parts: Collection[str] | None) -> Profile:
        whole = self.profile(profile) if profile else plain_profile(PARTS)
        return whole if parts is None else whole.only(parts)

    def _data(self, title: str, profile: Profile) -> ReportData:
        from intervjukit.export.material import ReportData

        codings, study = self._store.codings(), self._study
        if not codings:
            raise RuleError(
                "Det finns inget att rapportera än: ingenting är kodat.",
                fix="Koda först, eller ta in färdiga kodningar med add-codings.",
            )
        return ReportData(
            name=title,
            protocols=study.protocols,
            codebook=study.codebook,
            transcripts=tuple(self._store.interviews.all()),
            codings=tuple(codings),
            suggestions=tuple(self._store.suggestions()),
            swot=tuple(study.swot.items()),
            measures=tuple(study.measures.items()),
            totals=self._store.interviews.people(),
            parts=profile.parts,
            background=study.method.background(),
            study=study.name,
        )

    def _keep(self, template: Path) -> None:
        """Keep a copy of the template as the last used, in place of the one before."""
        kept = self._folder / _KEPT
        if template.resolve().parent == kept.resolve():
            return
        kept.mkdir(exist_ok=True)
        with whole_file(kept / template.name) as part:
            shutil.copyfile(template, part)
        for old in [*_templates_in(kept)]:
            if old.name != template.name:
                old.unlink()


def _templates_in(folder: Path) -> Iterator[Path]:
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return (file for file in inside if file.suffix.lower() in TEMPLATES and file.is_file())


def check_template(template: Path, path: Path) -> None:
    """Raise FileError when ``template`` is no Word file that can be written in, or the file ``path`` itself."""
    from intervjukit.formats.guard import check_word_file

    ending = template.suffix.lower()
    if ending not in TEMPLATES:
        what = _OLD.get(ending, "ingen Word-mall")
        raise FileError(
            f"{template.name} är {what}.", fix="Öppna mallen i Word och spara den som .dotx eller .docx, utan makron."
        )
    if not template.is_file():
        raise FileError(f"Mallen {template} finns inte.", fix="Kontrollera sökvägen.")
    if path.exists() and template.samefile(path):
        raise FileError("Rapporten skulle skrivas över sin egen mall.", fix="Ge rapporten ett annat namn.")
    check_word_file(template)
