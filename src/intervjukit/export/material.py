"""What a report is made from, and the words it shares: one place for names, numbers and choice of quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol as Shape

from intervjukit.core.account import Account, Background
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.findings import Finding, count_findings
from intervjukit.core.phrases import date_words as date_words
from intervjukit.core.phrases import listed as listed
from intervjukit.core.phrases import lower_first as lower_first
from intervjukit.core.phrases import number_words as number_words
from intervjukit.core.phrases import of as of
from intervjukit.core.phrases import period
from intervjukit.core.phrases import upper_first as upper_first
from intervjukit.core.protocol import Protocol
from intervjukit.core.report import APPENDICES, PARTS
from intervjukit.core.spoken import Spoken, spoken
from intervjukit.core.swot import Measure, SwotItem
from intervjukit.core.thread import Thread, follow
from intervjukit.core.transcript import Transcript
from intervjukit.export.contents import Ref


class Picture(Shape):
    """A chart as the report needs it."""

    @property
    def png(self) -> bytes:
        """The picture."""
        ...

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        ...


@dataclass(frozen=True)
class ReportData:
    """A study as a report reads it: ``totals`` are interviewed respondents per group, ``parts`` what is written.

    ``name`` is the report's title, ``study`` the study's own name.
    """

    name: str
    protocols: Mapping[str, Protocol]
    codebook: Codebook
    transcripts: tuple[Transcript, ...]
    codings: tuple[Coding, ...]
    suggestions: tuple[Suggestion, ...]
    swot: tuple[SwotItem, ...]
    measures: tuple[Measure, ...]
    totals: Mapping[str, int]
    parts: tuple[str, ...] = tuple(PARTS)
    background: Background = field(default_factory=Background)
    study: str = ""

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding, most respondents first within a valence."""
        return count_findings(self.codings, self.totals)

    @cached_property
    def account(self) -> Account:
        """How the study was done, counted."""
        return Account(
            self.transcripts,
            self.codings,
            self.suggestions,
            self.protocols,
            self.codebook,
            self.totals,
            self.background,
        )

    @cached_property
    def thread(self) -> Thread:
        """From bottlenecks to measures, and where the thread breaks."""
        return follow(self.findings, self.swot, self.measures, self.totals, self.own_parties())

    @cached_property
    def spoken(self) -> Mapping[str, Spoken]:
        """How each valence is spoken of, by its name in the code book."""
        return spoken(self.codebook)

    @cached_property
    def parties(self) -> list[str]:
        """The parties in the code book's order; "" (no party) last."""
        return [*(value.id for value in self.codebook.facet("party").values), ""]

    @property
    def people(self) -> int:
        """Interviewed respondents in all."""
        return sum(self.totals.values())

    def own_parties(self) -> dict[str, str]:
        """Each group's own party."""
        return {group: protocol.party for group, protocol in self.protocols.items()}

    def group_name(self, group: str) -> str:
        """The group's shown name."""
        return self.protocols[group].group_name

    def party_name(self, party: str) -> str:
        """The party's shown name."""
        return self.codebook.value_name("party", party) if party else "Ingen part angiven"

    def heading(self, finding: Finding) -> str:
        """How a finding is worded until an analyst words it."""
        return self.codebook.code(finding.code).heading(finding.valence)

    def appendix(self, part: str) -> str:
        """Return an appendix as referred to, "bilaga 3", numbered among those written; "" when it is not."""
        written = [part for part in self.parts if part in APPENDICES]
        return f"bilaga {written.index(part) + 1}" if part in written else ""

    def refer(self, part: str, words: str, otherwise: str = "") -> list[str | Ref]:
        """Return ``words`` with a reference to the appendix in place of "{}", ``otherwise`` when it is not written."""
        if not self.appendix(part):
            return [otherwise]
        before, _, after = words.partition("{}")
        return [before, Ref(part), after]

    def dates(self, group: str | None = None) -> str:
        """When the interviews were held: "5 februari – 21 april 2026", "" when no date is known."""
        return period(t.date for t in self.transcripts if group is None or t.group == group)


def telling(codings: Iterable[Coding], most: int) -> list[Coding]:
    """Return at most ``most`` quotes to show, each by another respondent.

    A quote of about 120 characters is preferred: short enough to read, long enough to say something.
    """
    chosen: list[Coding] = []
    seen: set[str] = set()
    for coding in sorted(codings, key=lambda c: (abs(len(c.quote) - 120), c.respondent, c.start)):
        if coding.respondent not in seen:
            chosen.append(coding)
            seen.add(coding.respondent)
        if len(chosen) == most:
            break
    return chosen
