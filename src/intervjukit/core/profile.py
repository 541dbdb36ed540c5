"""Report profiles: which parts a report has, in which order, under which headings, and how short."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from intervjukit.core.codebook import Codebook
from intervjukit.core.report import APPENDICES
from intervjukit.errors import NotFoundError, RuleError

SUBTITLE = "{slag} enligt dem som är med i processen"
"""What stands under the title; {slag} is what the code book calls the three kinds of finding."""
DEEPEST = 3
"""Chapters within chapters; below them come the parts' own headings."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a report, or a chapter that holds others.

    ``part`` is the id of a part (core.report.KNOWN), "" for a chapter with ``entries``. ``title`` is its heading
    when it is not the part's own, ``text`` stands below it. ``most`` holds it short (core.report.LIMITED), 0 for the
    part's own measure; ``parties`` and ``phases`` narrow the part "ram" to codings with one of these values.
    """

    part: str = ""
    title: str = ""
    text: str = ""
    most: int = 0
    parties: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of report: its id, its name, what stands under the title, for whom it is, and what it consists of.

    Without ``title_page`` the title stands at the top of the first page, without ``contents`` there is no table of
    contents, and when it is ``flowing`` no chapter begins on a new page.
    """

    id: str
    name: str
    subtitle: str = ""
    about: str = ""
    title_page: bool = True
    contents: bool = True
    flowing: bool = False
    entries: tuple[Entry, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts it has, in order, each once."""
        return tuple(dict.fromkeys(entry.part for entry in walk(self.entries) if entry.part))

    def only(self, wanted: Collection[str]) -> Profile:
        """Return the profile with only the wanted parts. Raises NotFoundError, and RuleError when none is left."""
        if unknown := sorted(set(wanted) - set(self.parts)):
            raise NotFoundError(
                f"Rapporten ”{self.name}” har ingen del ”{unknown[0]}”.", fix=f"Välj bland: {', '.join(self.parts)}."
            )
        if not wanted:
            raise RuleError("Ingen del av rapporten är vald.", fix="Välj minst en del.")
        return replace(self, entries=tuple(_kept(self.entries, wanted)))

    def check(self, codebook: Codebook) -> None:
        """Raise NotFoundError when it asks for a party or phase that the code book does not have."""
        for entry in walk(self.entries):
            for facet, values in (("party", entry.parties), ("phase", entry.phases)):
                for value in values:
                    codebook.facet(facet).value(value)


def walk(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield every entry, each chapter before what it holds."""
    for entry in entries:
        yield entry
        yield from walk(entry.entries)


def _kept(entries: Iterable[Entry], wanted: Collection[str]) -> Iterator[Entry]:
    for entry in entries:
        inner = tuple(_kept(entry.entries, wanted))
        if entry.part in wanted or inner:
            yield replace(entry, entries=inner)


def plain_profile(parts: Iterable[str]) -> Profile:
    """Return a profile of these parts, each as it is, in this order."""
    return Profile("", "Intervjustudie", SUBTITLE, entries=tuple(Entry(part) for part in parts))


def appendices_last(entries: Iterable[Entry]) -> bool:
    """Return whether no chapter comes after an appendix: a reader takes the appendices for the end."""
    kinds = [any(inner.part in APPENDICES for inner in walk([entry])) for entry in entries]
    return kinds == sorted(kinds)
