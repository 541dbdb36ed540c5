"""Findings: who says what about whom, counted by respondent and never by hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from intervjukit.core.coding import Coding

SMALL_GROUP = 4
FEWEST_AGREEING = 3
"""Respondents needed to call something shared; one person in each of two groups is a coincidence."""
FEWEST_A_SIDE = 2
"""Respondents needed on each side to call something a contradiction."""


@dataclass(frozen=True, slots=True)
class QuantifierRule:
    """One row of the quantifier table: the word, and the rule in plain Swedish for the method appendix."""

    word: str
    rule: str


QUANTIFIERS = (
    QuantifierRule("samtliga", "alla i gruppen; ”båda” om de är två, ”den enda intervjuade” om det är en"),
    QuantifierRule("majoriteten", "fler än hälften men inte alla"),
    QuantifierRule("hälften", "exakt hälften; sägs bara om grupper med ett jämnt antal"),
    QuantifierRule("flera", "minst tre och minst en fjärdedel, men färre än hälften"),
    QuantifierRule("några", "minst två, men färre än för ”flera”"),
    QuantifierRule("en", "en person"),
    QuantifierRule("ingen", "ingen person"),
    QuantifierRule("en av två, en av tre, två av tre", "i grupper om två eller tre skrivs antalet ut"),
)

_NUMERALS = ("ingen", "en", "två", "tre")


def quantifier(n: int, total: int) -> str:
    """Return the word for ``n`` of ``total`` respondents, by the table QUANTIFIERS.

    "hälften" is never said of an odd number. Raises ValueError unless 0 <= n <= total and total > 0.
    Source of the rule: the drift of such words in Swedish reports ("ungefär hälften" of nine people).
    """
    if not (0 <= n <= total and total > 0):
        raise ValueError(f"{n} av {total} är inget antal")
    if n == 0:
        return "ingen"
    if n == total:
        return {1: "den enda intervjuade", 2: "båda"}.get(total, "samtliga")
    if total < SMALL_GROUP:
        return f"{_NUMERALS[n]} av {_NUMERALS[total]}"
    if n == 1:
        return "en"
    if 2 * n == total:
        return "hälften"
    if 2 * n > total:
        return "majoriteten"
    return "flera" if n >= 3 and 4 * n >= total else "några"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a bottleneck table: in ``group``, ``n`` of ``total`` respondents say it.

    ``codings`` are the decisions behind it, in order of respondent and place. ``basis`` says whether
    respondents reported it or the analyst inferred it.
    """

    valence: str
    code: str
    party: str
    group: str
    n: int
    total: int
    codings: tuple[Coding, ...]
    basis: str = "berättat"

    @property
    def quantifier(self) -> str:
        """The word for n of total."""
        return quantifier(self.n, self.total)

    @property
    def respondents(self) -> tuple[str, ...]:
        """The respondents behind the finding, in order."""
        return tuple(sorted({coding.respondent for coding in self.codings}))

    @property
    def key(self) -> tuple[str, str, str]:
        """What a SWOT line cites: (valence, code, party), over all groups."""
        return (self.valence, self.code, self.party)


def _order(coding: Coding) -> tuple[str, int, int, int]:
    return (coding.respondent, coding.transcript, coding.start, coding.end)


def count_findings(codings: Iterable[Coding], totals: Mapping[str, int]) -> list[Finding]:
    """Return one Finding per (valence, code, party, group), most respondents first.

    ``totals`` gives the interviewed respondents per group. Codings without a valence make no finding;
    those without a party count under the party "".
    """
    gathered: dict[tuple[str, str, str, str], list[Coding]] = defaultdict(list)
    for coding in codings:
        if coding.valence:
            gathered[coding.valence, coding.code, coding.party, coding.group].append(coding)
    found = [
        Finding(
            *key,
            n=len({coding.respondent for coding in rows}),
            total=totals[key[3]],
            codings=tuple(sorted(rows, key=_order)),
        )
        for key, rows in gathered.items()
    ]
    return sorted(found, key=lambda f: (f.valence, -f.n, -f.n / f.total, f.group, f.party, f.code))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One recurring factor: ``rank`` is shared by all with the same number, ``tied`` says whether it is."""

    rank: int
    tied: bool
    code: str
    n: int
    total: int
    groups: tuple[str, ...]

    @property
    def place(self) -> str:
        """The rank as printed: "3" or, when shared, "3=" (standard competition ranking)."""
        return f"{self.rank}{'=' if self.tied else ''}"


def rank_factors(codings: Iterable[Coding], totals: Mapping[str, int], valence: str) -> list[Ranked]:
    """Return the codes with ``valence`` by number of respondents over all groups, most frequent first."""
    people: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, set[str]] = defaultdict(set)
    for coding in codings:
        if coding.valence == valence:
            people[coding.code].add(coding.respondent)
            groups[coding.code].add(coding.group)
    total = sum(totals.values())
    ordered = sorted(people, key=lambda code: (-len(people[code]), code))
    ranked: list[Ranked] = []
    for n, tied in groupby(ordered, key=lambda code: len(people[code])):
        rank, codes = len(ranked) + 1, list(tied)
        in_order = {group: place for place, group in enumerate(totals)}
        ranked += [
            Ranked(rank, len(codes) > 1, code, n, total, tuple(sorted(groups[code], key=in_order.__getitem__)))
            for code in codes
        ]
    return ranked


def leading(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """Return the first rows, at most ``most`` but never a part of a tie; the first place always."""
    shown: list[Ranked] = []
    for _, tied in groupby(ranked, key=lambda row: row.rank):
        rows = list(tied)
        if shown and len(shown) + len(rows) > most:
            break
        shown += rows
    return shown


@dataclass(frozen=True, slots=True)
class View:
    """How one group sees one party: respondents with at least one statement of ``valence`` about it."""

    group: str
    party: str
    own: bool
    valence: str
    n: int
    total: int
    codes: tuple[str, ...]


def look_at_parties(codings: Iterable[Coding], totals: Mapping[str, int], own_parties: Mapping[str, str]) -> list[View]:
    """Return who says what about whom: one View per group, party and valence that occurs.

    ``codes`` are the themes named, most respondents first.
    """
    gathered: dict[tuple[str, str, str], list[Coding]] = defaultdict(list)
    for coding in codings:
        if coding.valence and coding.party:
            gathered[coding.group, coding.party, coding.valence].append(coding)
    views = []
    for (group, party, valence), rows in gathered.items():
        people: dict[str, set[str]] = defaultdict(set)
        for coding in rows:
            people[coding.code].add(coding.respondent)
        codes = sorted(people, key=lambda code: (-len(people[code]), code))
        n = len({coding.respondent for coding in rows})
        own = own_parties.get(group) == party
        views.append(View(group, party, own, valence, n, totals[group], tuple(codes)))
    return sorted(views, key=lambda view: (list(totals).index(view.group), view.party, view.valence))


@dataclass(frozen=True, slots=True)
class Contrast:
    """Where the parties' pictures meet or part, on one theme.

    ``kind`` is "samsyn" (groups of at least two parties locate the same bottleneck at the same party),
    "motsägelse" (some groups mostly call it a bottleneck at the party, others mostly a success factor),
    "blind fläck" (others see a bottleneck at the party, nobody of its own does) or "pekar på varandra" (two
    parties each locate the bottleneck at the other). ``sides`` gives per group (group, valence, n, total).
    """

    kind: str
    code: str
    parties: tuple[str, ...]
    sides: tuple[tuple[str, str, int, int], ...]

    @property
    def people(self) -> int:
        """Number of respondents on all sides."""
        return sum(n for _, _, n, _ in self.sides)

    @property
    def weight(self) -> int:
        """How much the contrast weighs: its respondents, but for a contradiction those on its smaller side."""
        if self.kind != "motsägelse":
            return self.people
        hinder = sum(n for _, valence, n, _ in self.sides if valence == "flaskhals")
        return min(hinder, self.people - hinder)


def compare_groups(
    codings: Iterable[Coding], totals: Mapping[str, int], own_parties: Mapping[str, str]
) -> list[Contrast]:
    """Return agreements and contradictions between the interviewed groups, per kind most respondents first."""
    findings = [finding for finding in count_findings(codings, totals) if finding.party]
    # a party whose groups were not interviewed has no picture of itself, so it cannot be blind either
    own_parties = {group: party for group, party in own_parties.items() if totals.get(group)}
    topics: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        topics[finding.code, finding.party].append(finding)
    contrasts: list[Contrast] = []
    for (code, party), rows in topics.items():
        contrasts += _contrasts_on(code, party, rows, own_parties)
    contrasts += _pointing(topics, own_parties)
    return sorted(contrasts, key=lambda c: (c.kind, -c.weight, -c.people, c.code, c.parties))


def _people(findings: Iterable[Finding]) -> int:
    return sum(finding.n for finding in findings)


def _side(finding: Finding) -> tuple[str, str, int, int]:
    return (finding.group, finding.valence, finding.n, finding.total)


def _contrasts_on(code: str, party: str, rows: Sequence[Finding], own_parties: Mapping[str, str]) -> list[Contrast]:
    stance = _stances(rows)
    hinder = [f for f in stance if f.valence == "flaskhals"]
    help_ = [f for f in stance if f.valence == "framgang"]
    found = []
    if len({own_parties[f.group] for f in hinder}) > 1 and _people(hinder) >= FEWEST_AGREEING:
        found.append(Contrast("samsyn", code, (party,), tuple(map(_side, hinder))))
    if min(_people(hinder), _people(help_)) >= FEWEST_A_SIDE:
        found.append(Contrast("motsägelse", code, (party,), tuple(map(_side, [*hinder, *help_]))))
    insiders = {group for group, own in own_parties.items() if own == party}
    seen_by = [f for f in rows if f.valence == "flaskhals"]
    if insiders and _people(seen_by) >= FEWEST_AGREEING and not insiders & {f.group for f in seen_by}:
        found.append(Contrast("blind fläck", code, (party,), tuple(map(_side, seen_by))))
    return found


def _stances(rows: Sequence[Finding]) -> list[Finding]:
    """Keep, per group, the stronger of bottleneck and success factor; a group that is split has no stance."""
    best: dict[str, Finding] = {}
    split: set[str] = set()
    for finding in rows:
        if finding.valence == "onskan":
            continue
        other = best.get(finding.group)
        if other is not None and other.n == finding.n:
            split.add(finding.group)
        if other is None or finding.n > other.n:
            best[finding.group] = finding
    return [finding for group, finding in best.items() if group not in split]


def _pointing(topics: Mapping[tuple[str, str], Sequence[Finding]], own_parties: Mapping[str, str]) -> list[Contrast]:
    aimed: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for (code, party), rows in topics.items():
        for finding in rows:
            if finding.valence == "flaskhals":
                aimed[code, own_parties[finding.group], party].append(finding)
    return [
        Contrast("pekar på varandra", code, (one, other), tuple(map(_side, [*rows, *back])))
        for (code, one, other), rows in aimed.items()
        if one < other and (back := aimed.get((code, other, one))) and _people(rows) + _people(back) >= FEWEST_AGREEING
    ]
