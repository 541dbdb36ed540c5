"""Two codings of a study held against each other, figure by figure (in words: comparison_words).

"One" is held to be right: a coder. "Other" is a second coder, or the suggester.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intervjukit.core.agreement import (
    FEWEST,
    Counts,
    Matching,
    Passage,
    actions_saved,
    alpha,
    among_likeliest,
    kappa,
    label_counts,
    macro_f1,
    marks,
    micro_f1,
    share,
    within_reach,
)
from intervjukit.core.text import Span

Pairs = Sequence[tuple[Passage, Passage]]
MACHINE = "programmet"
"""What the suggester is called."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the two are in all, in one group or in one interview.

    ``one``, ``other`` and ``both`` count places; ``micro`` and ``macro`` are F1 of the codes on places both have and
    ``facets`` macro-F1 of each facet there. ``true`` and ``shown`` count codings, place and code; ``accepted`` are the
    true ones that one key gives: what is shown as it stands, or one of the codes told beside it.
    """

    group: str
    interviews: int
    one: int
    other: int
    both: int
    precision: float | None
    recall: float | None
    f1: float | None
    per_true: float | None
    micro: float | None
    macro: float | None
    facets: Mapping[str, float | None]
    among_three: float | None
    true: int
    shown: int
    accepted: int
    saved: float | None


@dataclass(frozen=True, slots=True)
class CodeLikeness:
    """How alike the two are about one code: places where each has it, F1 and kappa where both found the place.

    ``alpha`` is over all sentences, so it also minds places that only one has found. ``work_saved`` is None for
    coders. ``enough`` tells whether the one has it often enough for the figures to say anything.
    """

    code: str
    one: int
    other: int
    both: int
    f1: float | None
    kappa: float | None
    alpha: float | None
    among_three: float | None
    work_saved: float | None
    enough: bool


@dataclass(frozen=True, slots=True)
class FacetLikeness:
    """How alike the two are about a facet (``value`` "") or one of its values, on places both have."""

    facet: str
    value: str
    one: int
    other: int
    both: int
    f1: float | None
    macro: float | None
    kappa: float | None
    alpha: float | None
    enough: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One interview in the order they were coded: what had been ``learned`` (codings) before, and how it went."""

    place: int
    respondent: str
    group: str
    learned: int
    true: int
    shown: int
    accepted: int
    acceptance: float | None
    saved: float | None
    saved_so_far: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place the two do not agree on: ``about`` "place" when only one has it, else "code" and facets that differ."""

    one: Passage | None
    other: Passage | None
    about: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two codings held against each other. ``by`` is "" for two coders, else how the suggester was kept honest.

    ``alpha`` is about whether there is anything to code, over all sentences; ``second_half`` is the share of key
    presses saved from the middle of the study on (only when ``by`` is "order").
    """

    one: str
    other: str
    by: str
    whole: Likeness
    alpha: float | None
    groups: tuple[Likeness, ...]
    codes: tuple[CodeLikeness, ...]
    facets: tuple[FacetLikeness, ...]
    disagreements: tuple[Disagreement, ...] = ()
    course: tuple[Step, ...] = ()
    second_half: float | None = None

    @property
    def machine(self) -> bool:
        """Whether the other is the suggester."""
        return bool(self.by)

    def ordered_codes(self) -> list[CodeLikeness]:
        """Return the codes with enough to go by, least alike first."""
        known = [code for code in self.codes if code.enough and self.measure(code) is not None]
        return sorted(known, key=lambda code: (self.measure(code) or 0.0, code.code))

    def measure(self, code: CodeLikeness) -> float | None:
        """Return the figure codes are ordered by: alpha for coders, F1 where the place was found for the suggester."""
        return code.f1 if self.machine else code.alpha


def compare(
    names: tuple[str, str],
    matching: Matching,
    units: Sequence[tuple[int, Span]],
    *,
    codes: Sequence[str],
    facets: Sequence[str],
    groups: Sequence[str],
    by: str = "",
    order: Sequence[int] = (),
    work_saved: Mapping[str, float | None] | None = None,
) -> Comparison:
    """Return the comparison of two matched codings.

    ``units`` are the sentences of the interviews that are compared; ``codes``, ``facets`` and ``groups`` tell what
    there is, in order. ``order`` is the transcripts' in which they were coded, for the course over time.
    """
    ones, others = (_side(matching, side) for side in (0, 1))
    mine, its = marks(units, ones), marks(units, others)
    here = {passage.group for passage in (*ones, *others)}
    course = _course(matching, order)
    return Comparison(
        *names,
        by,
        likeness("", matching, facets),
        alpha((bool(a), bool(b)) for a, b in zip(mine, its, strict=True)),
        tuple(likeness(g, matching.of(lambda p, g=g: p.group == g), facets) for g in groups if g in here),  # type: ignore[misc]
        tuple(_code(c, matching, mine, its, work_saved or {}) for c in codes if _used(c, (*ones, *others))),
        tuple(row for facet in facets for row in _facet(facet, matching.pairs)),
        tuple(disagreements(matching, facets)),
        course,
        _saved(course[len(course) // 2 :]),
    )


def _side(matching: Matching, side: int) -> list[Passage]:
    """Return all of one coder's passages in reading order."""
    alone = (matching.only_one, matching.only_other)[side]
    return sorted((*(pair[side] for pair in matching.pairs), *alone), key=lambda p: (p.transcript, p.span))


def _used(code: str, found: Iterable[Passage]) -> bool:
    return any(code in passage.codes for passage in found)


def likeness(group: str, matching: Matching, facets: Sequence[str]) -> Likeness:
    """Return how alike the two are in a matching of one group, or of all ("")."""
    spans, pairs = matching.counts, matching.pairs
    by_code = label_counts(pairs, lambda passage: passage.codes)
    ones, others = _side(matching, 0), _side(matching, 1)
    true, shown = (sum(len(passage.codes) for passage in side) for side in (ones, others))
    accepted = within_reach(pairs)
    return Likeness(
        group,
        len({passage.transcript for passage in (*ones, *others)}),
        len(ones),
        len(others),
        spans.both,
        spans.precision,
        spans.recall,
        spans.f1,
        spans.per_true,
        micro_f1(by_code),
        macro_f1(by_code),
        {facet: macro_f1(_values(facet, pairs)) for facet in facets},
        among_likeliest(pairs),
        true,
        shown,
        accepted,
        actions_saved(shown, accepted, true),
    )


def _values(facet: str, pairs: Pairs) -> dict[str, Counts]:
    return label_counts(pairs, lambda passage: passage.values(facet))


def _code(
    code: str,
    matching: Matching,
    mine: Sequence[frozenset[str]],
    its: Sequence[frozenset[str]],
    work_saved: Mapping[str, float | None],
) -> CodeLikeness:
    counts = label_counts(matching.pairs, lambda passage: passage.codes & {code}).get(code, Counts())
    one, other = (sum(code in passage.codes for passage in _side(matching, side)) for side in (0, 1))
    with_it = [(one, other) for one, other in matching.pairs if code in one.codes]
    return CodeLikeness(
        code,
        one,
        other,
        counts.both,
        counts.f1,
        kappa((code in one.codes, code in other.codes) for one, other in matching.pairs),
        alpha((code in a, code in b) for a, b in zip(mine, its, strict=True)),
        share(sum(code in other.likely for _, other in with_it), len(with_it)),
        work_saved.get(code),
        one >= FEWEST,
    )


def _facet(facet: str, pairs: Pairs) -> list[FacetLikeness]:
    """Return the facet's own row and one per value that is used."""
    counted = _values(facet, pairs)
    said = [(_together(one, facet), _together(other, facet)) for one, other in pairs]
    rated = [(one, other) for one, other in said if one or other]
    whole = sum(counted.values(), Counts())
    rows = [
        FacetLikeness(
            facet,
            "",
            whole.both + whole.only_one,
            whole.both + whole.only_other,
            whole.both,
            whole.f1,
            macro_f1(counted),
            kappa(rated),
            alpha(rated),
            whole.both + whole.only_one >= FEWEST,
        )
    ]
    for value, counts in counted.items():
        yes = [(value in one.values(facet), value in other.values(facet)) for one, other in pairs]
        ones, others = counts.both + counts.only_one, counts.both + counts.only_other
        enough = ones >= FEWEST
        rows.append(
            FacetLikeness(facet, value, ones, others, counts.both, counts.f1, None, kappa(yes), alpha(yes), enough)
        )
    return rows


def _together(passage: Passage, facet: str) -> str:
    return "+".join(sorted(passage.values(facet)))


def disagreements(matching: Matching, facets: Sequence[str]) -> list[Disagreement]:
    """Return the places the two do not agree on, in reading order."""
    found = [Disagreement(one, None, ("place",)) for one in matching.only_one]
    found += [Disagreement(None, other, ("place",)) for other in matching.only_other]
    for one, other in matching.pairs:
        about = ["code"] if one.codes != other.codes else []
        about += [facet for facet in facets if one.values(facet) != other.values(facet)]
        if about:
            found.append(Disagreement(one, other, tuple(about)))
    return sorted(found, key=lambda found: _place(found.one or found.other))


def _place(passage: Passage | None) -> tuple[str, int, int, int]:
    assert passage is not None
    return passage.respondent, passage.transcript, passage.span.start, passage.span.end


def _course(matching: Matching, order: Sequence[int]) -> tuple[Step, ...]:
    """Return one step per interview in the order they were coded."""
    steps: list[Step] = []
    shown = accepted = true = 0
    for place, transcript in enumerate(order, 1):
        here = matching.of(lambda passage, transcript=transcript: passage.transcript == transcript)  # type: ignore[misc]
        row, passage = likeness("", here, ()), _side(here, 0)[0]
        learned, shown, accepted, true = true, shown + row.shown, accepted + row.accepted, true + row.true
        steps.append(
            Step(
                place,
                passage.respondent,
                passage.group,
                learned,
                row.true,
                row.shown,
                row.accepted,
                share(row.accepted, row.shown),
                row.saved,
                actions_saved(shown, accepted, true),
            )
        )
    return tuple(steps)


def _saved(steps: Sequence[Step]) -> float | None:
    return actions_saved(
        sum(step.shown for step in steps), sum(step.accepted for step in steps), sum(step.true for step in steps)
    )
