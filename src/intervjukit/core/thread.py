"""The red thread: from each bottleneck over SWOT and measure to who answers for it, and where the thread breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from intervjukit.core.findings import FEWEST_AGREEING, Finding
from intervjukit.core.swot import FIELDS, Key, Measure, SwotItem

Gap = Literal["flaskhals", "rad", "atgard", "part", "uppfoljning"]
GAPS: Mapping[Gap, str] = {
    "flaskhals": "Ingen åtgärd möter fyndet",
    "rad": "Raden i SWOT har ingen åtgärd",
    "atgard": "Inget fynd stöder åtgärden",
    "part": "Ingen hos den ansvariga parten är intervjuad",
    "uppfoljning": "Det är inte sagt när eller hur åtgärden följs upp",
}
"""Where the thread may break, and how it is said."""
HINDERING = ("svaghet", "hot")
"""The fields whose lines call for a measure; a strength or an opportunity may stand without."""
JOINT = "samverkan"
"""What lies between the parties has nobody of its own to interview: all of them are heard about it."""


@dataclass(frozen=True, slots=True)
class Strand:
    """One row of the thread: a bottleneck, the SWOT line that rests on it, and a measure that meets the line.

    ``code`` and ``party`` name the bottleneck and ``n`` the respondents behind it, over all groups; "" and 0 where
    the thread begins at a line or a measure. ``gaps`` are the ones that show in this row.
    """

    code: str = ""
    party: str = ""
    n: int = 0
    item: SwotItem | None = None
    measure: Measure | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """All strands, the bottlenecks of most respondents first, then lines and measures that rest on no bottleneck.

    A bottleneck fewer than ``at_least`` of the ``total`` respondents name is followed only when a line cites it,
    and is then no gap though nothing meets it. ``bottlenecks`` is how many there are of at least that many.
    """

    strands: tuple[Strand, ...]
    at_least: int
    total: int
    bottlenecks: int

    def missing(self, gap: Gap) -> list[Strand]:
        """Return the strands with that gap, each bottleneck, line, measure or party once."""
        first: dict[object, Strand] = {}
        for strand in self.strands:
            if gap in strand.gaps:
                first.setdefault(_SUBJECTS[gap](strand), strand)
        return list(first.values())

    def flow(self) -> Counter[tuple[str, str, str]]:
        """Count the bottlenecks of at least ``at_least`` by (party, SWOT field, responsible party), "" for none.

        A bottleneck that several measures meet counts once, by the first of them.
        """
        ways: dict[tuple[str, str], tuple[str, str, str]] = {}
        for strand in sorted(self.strands, key=lambda strand: (strand.measure is None, strand.item is None)):
            if strand.code and strand.n >= self.at_least:
                field = strand.item.field if strand.item else ""
                responsible = strand.measure.party if strand.measure else ""
                ways.setdefault((strand.code, strand.party), (strand.party, field, responsible))
        return Counter(ways.values())


_SUBJECTS: Mapping[Gap, Callable[[Strand], object]] = {
    "flaskhals": lambda strand: (strand.code, strand.party),
    "rad": lambda strand: strand.item and strand.item.id,
    "atgard": lambda strand: strand.measure and strand.measure.id,
    "part": lambda strand: strand.measure and strand.measure.party,
    "uppfoljning": lambda strand: strand.measure and strand.measure.id,
}


def follow(
    findings: Iterable[Finding],
    items: Sequence[SwotItem],
    measures: Sequence[Measure],
    totals: Mapping[str, int],
    own_parties: Mapping[str, str],
    *,
    at_least: int = FEWEST_AGREEING,
) -> Thread:
    """Return the thread through a study's findings, SWOT lines and measures.

    ``totals`` are interviewed respondents per group and ``own_parties`` each group's party: they tell whose voice
    was heard.
    """
    people: dict[Key, set[str]] = defaultdict(set)
    for finding in findings:
        people[finding.key].update(finding.respondents)
    heard = {JOINT} | {own_parties[group] for group, n in totals.items() if n}
    weaving = _Weaving({key: len(who) for key, who in people.items()}, items, measures, heard, at_least)
    many = sum(n >= at_least for (valence, _, _), n in weaving.people.items() if valence == "flaskhals")
    return Thread(tuple(weaving.strands()), at_least, sum(totals.values()), many)


class _Weaving:
    """Finds what hangs on what."""

    def __init__(
        self,
        people: Mapping[Key, int],
        items: Sequence[SwotItem],
        measures: Sequence[Measure],
        heard: set[str],
        at_least: int,
    ) -> None:
        self.people, self.items, self.heard, self.at_least = people, items, heard, at_least
        self.measures = measures
        self.of_item: dict[int, list[Measure]] = defaultdict(list)
        for measure in measures:
            for item in measure.cites:
                self.of_item[item].append(measure)
        self.supported = {item.id for item in items if any(people.get(key) for key in item.cites)}

    def strands(self) -> Iterator[Strand]:
        bottlenecks = [(key, n) for key, n in self.people.items() if key[0] == "flaskhals" and key[2]]
        for key, n in sorted(bottlenecks, key=lambda row: (-row[1], row[0])):
            yield from self._of_bottleneck(key, n)
        followed = {key for key, _ in bottlenecks}
        for item in sorted(self.items, key=lambda item: FIELDS.index(item.field)):
            if not followed.intersection(item.cites) and (item.field in HINDERING or self.of_item[item.id]):
                yield from self._of_line(Strand(item=item))
        known = {item.id for item in self.items}
        for measure in self.measures:
            if not known.intersection(measure.cites):
                yield Strand(measure=measure, gaps=self._of_measure(measure))

    def _of_bottleneck(self, key: Key, n: int) -> Iterator[Strand]:
        _, code, party = key
        lines = [item for item in self.items if key in item.cites]
        unmet = n >= self.at_least and not any(self.of_item[item.id] for item in lines)
        start = Strand(code, party, n, gaps=("flaskhals",) if unmet else ())
        if unmet and not lines:
            yield start
        for item in lines:
            yield from self._of_line(Strand(code, party, n, item, gaps=start.gaps))

    def _of_line(self, start: Strand) -> Iterator[Strand]:
        """Yield a line with each of its measures, or with none."""
        item = start.item
        assert item is not None
        for measure in self.of_item[item.id]:
            gaps = (*start.gaps, *self._of_measure(measure))
            yield Strand(start.code, start.party, start.n, item, measure, gaps)
        if not self.of_item[item.id]:
            lone: tuple[Gap, ...] = ("rad",) if item.field in HINDERING else ()
            yield Strand(start.code, start.party, start.n, item, gaps=(*start.gaps, *lone))

    def _of_measure(self, measure: Measure) -> tuple[Gap, ...]:
        breaks: Mapping[Gap, bool] = {
            "atgard": not self.supported.intersection(measure.cites),
            "part": measure.party not in self.heard,
            "uppfoljning": not (measure.due.strip() and measure.follow_up.strip()),
        }
        return tuple(gap for gap, broken in breaks.items() if broken)
