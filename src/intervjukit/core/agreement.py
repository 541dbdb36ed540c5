"""How alike two codings of the same interviews are: which places are the same, and the measures of the field.

Kappa: Cohen (1960), Educational and Psychological Measurement 20. Alpha: Krippendorff (2019), Content Analysis, 4th
ed., chapter 12. Work saved: Cohen et al. (2006), JAMIA 13. Interval: Wilson (1927), JASA 22. A measure that cannot be
worked out (nothing to compare, or no variation) is None, never 0 or 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, sqrt

from intervjukit.core.coding import Coding
from intervjukit.core.text import Span, mostly_same

FEWEST = 5
"""With fewer than this to go by a figure says nothing: "för lite underlag"."""
SHOWN_COSTS, MISSED_COSTS = 1, 3
"""Key presses: to decide on a suggestion that is shown, and to code by hand what was not suggested."""
WANTED_RECALL = 0.95
_Z = 1.959964
"""Normal deviate of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place with all that one coder, or the program, says of exactly that place.

    ``likely`` are the codes in order of likelihood, when it is the program's. ``codings`` are the ids of the codings
    it was made of.
    """

    transcript: int
    span: Span
    codes: frozenset[str]
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    respondent: str = ""
    group: str = ""
    quote: str = ""
    likely: tuple[str, ...] = ()
    codings: tuple[int, ...] = ()

    def values(self, facet: str) -> frozenset[str]:
        """Return the values the place has of a facet, none when it has none."""
        return self.facets.get(facet, frozenset())


def passages(codings: Iterable[Coding]) -> list[Passage]:
    """Return the places that are coded, in reading order: codings of exactly the same place are one passage."""
    together: dict[tuple[int, int, int], list[Coding]] = defaultdict(list)
    for coding in codings:
        together[coding.transcript, coding.start, coding.end].append(coding)
    return [_passage(its) for _, its in sorted(together.items())]


def _passage(codings: Sequence[Coding]) -> Passage:
    first = codings[0]
    facets: dict[str, set[str]] = defaultdict(set)
    for coding in codings:
        for facet, value in coding.facets.items():
            facets[facet].add(value)
    return Passage(
        first.transcript,
        Span(first.start, first.end),
        frozenset(coding.code for coding in codings),
        {facet: frozenset(values) for facet, values in facets.items()},
        first.respondent,
        first.group,
        first.quote,
        codings=tuple(coding.id for coding in codings),
    )


@dataclass(frozen=True, slots=True)
class Matching:
    """Two codings held against each other: the pairs that are the same place, and what only one of them has."""

    pairs: tuple[tuple[Passage, Passage], ...] = ()
    only_one: tuple[Passage, ...] = ()
    only_other: tuple[Passage, ...] = ()

    @property
    def counts(self) -> Counts:
        """Places both have, only the other, only the one: the one is held to be right."""
        return Counts(len(self.pairs), len(self.only_other), len(self.only_one))

    def of(self, wanted: Callable[[Passage], bool]) -> Matching:
        """Return the part of it whose passages are ``wanted``."""
        return Matching(
            tuple(pair for pair in self.pairs if wanted(pair[0])),
            tuple(filter(wanted, self.only_one)),
            tuple(filter(wanted, self.only_other)),
        )


def match(ones: Sequence[Passage], others: Sequence[Passage]) -> Matching:
    """Return which passages are the same: those that share at least half of the shorter, one to one.

    Those that share most are paired first; of equals, those that differ least in length, then the first.
    """
    candidates = sorted(_overlapping(ones, others))
    taken_ones: set[int] = set()
    taken_others: set[int] = set()
    pairs = []
    for _, _, one, other in candidates:
        if one not in taken_ones and other not in taken_others:
            taken_ones.add(one)
            taken_others.add(other)
            pairs.append((one, other))
    return Matching(
        tuple((ones[one], others[other]) for one, other in sorted(pairs)),
        tuple(passage for place, passage in enumerate(ones) if place not in taken_ones),
        tuple(passage for place, passage in enumerate(others) if place not in taken_others),
    )


def turned_down(matching: Matching) -> list[Passage]:
    """Return what the other proposed and the one did not code, each place with the codes that were wrong there."""
    wrong = [replace(other, codes=other.codes - one.codes) for one, other in matching.pairs]
    return [*(passage for passage in wrong if passage.codes), *matching.only_other]


def _overlapping(ones: Sequence[Passage], others: Sequence[Passage]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (less shared, difference in length, place of one, place of other) for every two that are the same."""
    per_transcript: dict[int, list[tuple[Span, int]]] = defaultdict(list)
    for place, other in enumerate(others):
        per_transcript[other.transcript].append((other.span, place))
    for place, passage in enumerate(ones):
        one = passage.span
        for span, at in per_transcript[passage.transcript]:
            if span.start < one.end and one.start < span.end and mostly_same(one, span):
                shared = min(one.end, span.end) - max(one.start, span.start)
                yield -shared, abs((one.end - one.start) - (span.end - span.start)), place, at


# --- right and wrong ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How often both have something, only the other has it, and only the one (held to be right) has it."""

    both: int = 0
    only_other: int = 0
    only_one: int = 0

    def __add__(self, more: Counts) -> Counts:
        return Counts(self.both + more.both, self.only_other + more.only_other, self.only_one + more.only_one)

    @property
    def precision(self) -> float | None:
        """Share of the other's that the one has too."""
        return share(self.both, self.both + self.only_other)

    @property
    def recall(self) -> float | None:
        """Share of the one's that the other has too."""
        return share(self.both, self.both + self.only_one)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: both's twice, of all that the two have."""
        return share(2 * self.both, 2 * self.both + self.only_other + self.only_one)

    @property
    def per_true(self) -> float | None:
        """How many the other has for each of the one's."""
        return share(self.both + self.only_other, self.both + self.only_one)


def share(part: float, whole: float) -> float | None:
    """Return part of whole, None of nothing."""
    return part / whole if whole else None


def label_counts(
    pairs: Iterable[tuple[Passage, Passage]], labels: Callable[[Passage], frozenset[str]]
) -> dict[str, Counts]:
    """Return for every label how often the two of a pair both have it, or only one of them."""
    counted: dict[str, Counts] = defaultdict(Counts)
    for one, other in pairs:
        mine, its = labels(one), labels(other)
        for label in mine | its:
            counted[label] += Counts(label in mine and label in its, label not in mine, label not in its)
    return dict(sorted(counted.items()))


def micro_f1(counted: Mapping[str, Counts]) -> float | None:
    """Return F1 over all labels together: common labels weigh most."""
    return sum(counted.values(), Counts()).f1


def macro_f1(counted: Mapping[str, Counts]) -> float | None:
    """Return the mean of every label's F1: rare labels weigh as much as common ones."""
    return mean(counts.f1 for counts in counted.values())


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values there are, None when there is none."""
    known = [value for value in values if value is not None]
    return share(sum(known), len(known))


def among_likeliest(pairs: Iterable[tuple[Passage, Passage]], most: int = 3) -> float | None:
    """Return the share of the one's codes that are among the other's ``most`` likeliest on the place (R@3)."""
    hits = total = 0
    for one, other in pairs:
        hits += len(one.codes & set(other.likely[:most]))
        total += len(one.codes)
    return share(hits, total)


def within_reach(pairs: Iterable[tuple[Passage, Passage]]) -> int:
    """Return how many of the one's codes a single key each would give, where the other has proposed something.

    A proposal is worth as many codes as it proposes: as it stands, or exchanged for one that is told beside it.
    """
    return sum(min(len(other.codes), len(one.codes & {*other.codes, *other.likely})) for one, other in pairs)


# --- beyond chance --------------------------------------------------------------------------------------


def kappa(ratings: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa of two coders' values on the same units; None without variation."""
    table = Counter(ratings)
    total = table.total()
    if not total:
        return None
    agreed = sum(n for (one, other), n in table.items() if one == other) / total
    ones, others = _margins(table)
    by_chance = sum(n * others[value] for value, n in ones.items()) / total**2
    return share(agreed - by_chance, 1 - by_chance) if by_chance < 1 else None


def _margins(table: Counter[tuple[Hashable, Hashable]]) -> tuple[Counter[Hashable], Counter[Hashable]]:
    ones: Counter[Hashable] = Counter()
    others: Counter[Hashable] = Counter()
    for (one, other), n in table.items():
        ones[one] += n
        others[other] += n
    return ones, others


def alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Return Krippendorff's alpha for nominal values; a unit holds the values of those who rated it, any number.

    Units with one value say nothing and are left out. None without variation.
    """
    weights: Counter[Hashable] = Counter()
    differing = 0.0
    for pattern, times in Counter(tuple(unit) for unit in units).items():
        if len(pattern) > 1:
            counted = Counter(pattern)
            same = sum(n * (n - 1) for n in counted.values())
            differing += times * (len(pattern) * (len(pattern) - 1) - same) / (len(pattern) - 1)
            for value, n in counted.items():
                weights[value] += times * n
    total = weights.total()
    expected = total**2 - sum(n * n for n in weights.values())
    return 1 - (total - 1) * differing / expected if expected else None


def marks(units: Sequence[tuple[int, Span]], found: Iterable[Passage]) -> list[frozenset[str]]:
    """Return for each unit (transcript, span) the codes of the passages that are mostly the same place."""
    codes: list[set[str]] = [set() for _ in units]
    per_transcript: dict[int, list[int]] = defaultdict(list)
    for place, (transcript, _) in enumerate(units):
        per_transcript[transcript].append(place)
    for passage in found:
        for place in per_transcript[passage.transcript]:
            if mostly_same(units[place][1], passage.span):
                codes[place] |= passage.codes
    return [frozenset(its) for its in codes]


# --- work -----------------------------------------------------------------------------------------------


def actions_saved(shown: int, accepted: int, true: int) -> float | None:
    """Return the share of key presses that suggestions saved: 1 - (shown + 3 · missed) / (3 · true).

    Negative when deciding on suggestions took more than coding by hand; None when there was nothing to code.
    """
    saved = share(SHOWN_COSTS * shown + MISSED_COSTS * (true - accepted), MISSED_COSTS * true)
    return None if saved is None else 1 - saved


def work_saved(scores: Sequence[float], true: Sequence[bool], recall: float = WANTED_RECALL) -> float | None:
    """Return the share that need not be read, best score first, to find ``recall`` of the true, less 1 - recall.

    0 is what reading in any order saves (WSS@95). None when nothing is true. Of equal scores the true come last.
    """
    order = sorted(range(len(scores)), key=lambda place: (-scores[place], true[place]))
    wanted = ceil(recall * sum(true) - 1e-9)
    if not wanted:
        return None
    found = 0
    for read, place in enumerate(order, 1):
        found += true[place]
        if found == wanted:
            return (len(order) - read) / len(order) - (1 - recall)
    return None


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson), None of nothing."""
    if not whole:
        return None
    rate, z2 = part / whole, _Z**2
    middle = (rate + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z * sqrt(rate * (1 - rate) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)
