"""The red thread: what hangs on what, and every kind of gap by its name."""

from __future__ import annotations

from collections.abc import Sequence

from intervjukit.core.coding import Coding
from intervjukit.core.findings import count_findings
from intervjukit.core.swot import Field, Key, Measure, SwotItem
from intervjukit.core.thread import Strand, Thread, follow

TOTALS = {"chefer": 3, "lakare": 2}
OWN = {"chefer": "arbetsgivare", "lakare": "vard"}
WAITING: Key = ("flaskhals", "vantetider", "vard")
SILENCE: Key = ("flaskhals", "arbetsplatskontakt", "arbetsgivare")


def said(key: Key, *people: str) -> list[Coding]:
    valence, code, party = key
    return [
        Coding(
            id=0,
            transcript=number,
            respondent=who,
            group="chefer" if who.startswith("C") else "lakare",
            start=0,
            end=2,
            quote="ja",
            code=code,
            facets={"valence": valence, "party": party},
            coder="MK",
            at="2026-01-01",
        )
        for number, who in enumerate(people, 1)
    ]


FOUR = said(WAITING, "C01", "C02", "C03", "L01") + said(SILENCE, "C01", "L02")


def line(number: int, field: Field, *cites: Key) -> SwotItem:
    return SwotItem(field, f"rad {number}", cites, 0, number)


def measure(number: int, party: str, *items: int, due: str = "maj", follow_up: str = "styrgruppen") -> Measure:
    return Measure(f"åtgärd {number}", party, items, due, follow_up, number)


def thread(
    items: Sequence[SwotItem] = (), measures: Sequence[Measure] = (), codings: Sequence[Coding] = FOUR, k: int = 3
) -> Thread:
    return follow(count_findings(codings, TOTALS), items, measures, TOTALS, OWN, at_least=k)


def gaps(strands: Sequence[Strand]) -> list[tuple[str, ...]]:
    return [strand.gaps for strand in strands]


def test_a_bottleneck_that_is_met_supported_heard_and_followed_up_has_no_gap() -> None:
    whole = thread([line(1, "svaghet", WAITING)], [measure(7, "vard", 1)])
    (strand,) = whole.strands
    assert (strand.code, strand.party, strand.n, strand.gaps) == ("vantetider", "vard", 4, ())
    assert strand.measure is not None and strand.measure.id == 7


def test_a_bottleneck_of_enough_people_that_no_measure_meets_is_a_gap() -> None:
    bare = thread()
    assert gaps(bare.strands) == [("flaskhals",)]
    assert bare.bottlenecks == 1
    with_line = thread([line(1, "svaghet", WAITING)])
    assert gaps(with_line.strands) == [("flaskhals", "rad")]


def test_a_bottleneck_of_too_few_people_is_followed_only_when_a_line_cites_it_and_is_then_no_gap_of_its_own() -> None:
    whole = thread([line(1, "svaghet", SILENCE), line(2, "svaghet", WAITING)], [measure(7, "vard", 2)])
    assert [(strand.code, strand.gaps) for strand in whole.strands] == [
        ("vantetider", ()),
        ("arbetsplatskontakt", ("rad",)),
    ]
    assert thread(k=2).bottlenecks == 2


def test_one_measure_is_enough_for_a_bottleneck_with_two_lines() -> None:
    items = [line(1, "svaghet", WAITING), line(2, "hot", WAITING)]
    assert gaps(thread(items, [measure(7, "vard", 1)]).strands) == [(), ("rad",)]


def test_a_strength_needs_no_measure_but_is_shown_when_it_has_one() -> None:
    strength = line(1, "styrka", ("framgang", "bemotande", "vard"))
    codings = FOUR + said(("framgang", "bemotande", "vard"), "C01")
    assert not any(strand.item for strand in thread([strength], codings=codings).strands)
    shown = thread([strength], [measure(7, "vard", 1)], codings).strands[-1]
    assert (shown.code, shown.item, shown.gaps) == ("", strength, ())


def test_a_measure_whose_findings_are_gone_or_that_cites_nothing_is_without_support() -> None:
    gone = line(1, "svaghet", ("flaskhals", "avslag", "vard"))
    whole = thread([gone], [measure(7, "vard", 1), measure(8, "vard")])
    assert [strand.measure and strand.measure.id for strand in whole.missing("atgard")] == [7, 8]


def test_a_party_where_nobody_is_interviewed_is_named_once_and_the_joint_party_never() -> None:
    items = [line(1, "svaghet", WAITING)]
    measures = [measure(7, "arbetsformedling", 1), measure(8, "arbetsformedling", 1), measure(9, "samverkan", 1)]
    unheard = thread(items, measures).missing("part")
    assert [strand.measure and strand.measure.party for strand in unheard] == ["arbetsformedling"]


def test_a_group_with_a_guide_but_no_interview_is_not_heard() -> None:
    findings = count_findings(said(WAITING, "C01", "C02", "C03"), {"chefer": 3, "lakare": 0})
    whole = follow(findings, [line(1, "svaghet", WAITING)], [measure(7, "vard", 1)], {"chefer": 3, "lakare": 0}, OWN)
    assert gaps(whole.strands) == [("part",)]


def test_a_measure_needs_both_a_time_and_a_way_to_follow_it_up() -> None:
    items = [line(1, "svaghet", WAITING)]
    for given in ({"due": ""}, {"follow_up": "  "}):
        assert gaps(thread(items, [measure(7, "vard", 1, **given)]).strands) == [("uppfoljning",)]


def test_the_flow_counts_every_bottleneck_once_by_its_first_measure() -> None:
    items = [line(1, "svaghet", WAITING), line(2, "hot", WAITING)]
    measures = [measure(7, "vard", 1), measure(8, "arbetsgivare", 1)]
    assert thread(items, measures, k=2).flow() == {
        ("vard", "svaghet", "vard"): 1,
        ("arbetsgivare", "", ""): 1,
    }
    assert sum(thread(items, measures).flow().values()) == thread(items, measures).bottlenecks
