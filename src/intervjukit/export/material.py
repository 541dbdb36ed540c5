"""What a report is made from, and the words it shares: one place for names, numbers and choice of quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol as Shape

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.findings import Finding, count_findings
from intervjukit.core.protocol import Protocol
from intervjukit.core.report import APPENDICES, PARTS
from intervjukit.core.swot import Measure, SwotItem
from intervjukit.core.transcript import Transcript

VALENCES = {"flaskhals": "Flaskhalsar", "framgang": "Det som hjälpte", "onskan": "Önskningar"}
_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()


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
    """A study as a report reads it: ``totals`` are interviewed respondents per group, ``parts`` what is written."""

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

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding, most respondents first within a valence."""
        return count_findings(self.codings, self.totals)

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
        written = [appendix for appendix in APPENDICES if appendix in self.parts]
        return f"bilaga {written.index(part) + 1}" if part in written else ""

    def refer(self, part: str, words: str) -> str:
        """Return ``words`` with the appendix in place of "{}", "" when it is not written."""
        return words.format(self.appendix(part)) if self.appendix(part) else ""

    def dates(self, group: str | None = None) -> str:
        """When the interviews were held: "5 februari – 21 april 2026", "" when no date is known."""
        known = sorted(t.date for t in self.transcripts if t.date and (group is None or t.group == group))
        if not known:
            return ""
        first, last = known[0], known[-1]
        if first == last:
            return date_words(first)
        start = date_words(first) if first[:4] != last[:4] else date_words(first).rsplit(" ", 1)[0]
        return f"{start} – {date_words(last)}"


def date_words(iso: str) -> str:
    """Return an ISO date as "5 februari 2026"."""
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def number_words(n: int, one: str, many: str) -> str:
    """Return "1 intervju", "33 intervjuer", with a no-break space in thousands."""
    return f"{n:,} {one if n == 1 else many}".replace(",", "\u00a0")


def of(n: int, total: int) -> str:
    """Return "6 av 9", which a line break never splits."""
    return f"{n}\u00a0av\u00a0{total}"


def listed(words: Sequence[str], *, last: str = "och") -> str:
    """Return "a, b och c"."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def lower_first(text: str) -> str:
    """Return ``text`` beginning with a small letter, unless its first word is a name or an abbreviation."""
    head = text.split(" ", 1)[0]
    name = head in ("Försäkringskassan", "Arbetsförmedlingen") or head.isupper()
    return text if name else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return ``text`` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


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
