"""Charts of the red thread and of the interviews: the same numbers in the picture's words as in the tables."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from intervjukit.analysis import fieldwork
from intervjukit.analysis.charts import DPI, Chart, party_chart
from intervjukit.analysis.fieldwork import coverage_chart, timeline_chart
from intervjukit.analysis.flows import thread_chart
from intervjukit.core.coverage import Covered
from intervjukit.study import Study


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_thread_chart_tells_the_numbers_of_every_column(full_study: Study) -> None:
    full_study.swot.draft()
    full_study.measures.draft()
    whole = full_study.thread.whole()
    alt = full_study.thread.chart().alt
    unmet = sum(n for (_, _, responsible), n in whole.flow().items() if not responsible)
    without = sum(n for (_, field, _), n in whole.flow().items() if not field)
    assert f"ingen åtgärd {unmet}" in alt and f"ingen rad {without}" in alt
    assert alt.startswith(f"Band från vänster till höger. {whole.bottlenecks} flaskhalsar som minst 3 av 33")


def height(chart: Chart) -> float:
    """Return how tall a picture is, in inches."""
    _, pixels = struct.unpack(">II", chart.png[16:24])
    return float(pixels / DPI)


def test_the_thread_chart_is_as_tall_as_what_is_in_it_needs(full_study: Study) -> None:
    full_study.swot.draft()
    full_study.measures.draft()
    whole = full_study.thread.whole()
    strand = next(strand for strand in whole.strands if strand.code and strand.item and strand.measure)
    one = thread_chart(replace(whole, strands=(strand,)), full_study.codebook)
    assert one.alt.endswith("1.") and 0.5 < height(one) < 1
    three = [strand for strand in whole.strands if strand.code][:3]
    assert height(one) < height(thread_chart(replace(whole, strands=tuple(three)), full_study.codebook)) < 2
    assert height(thread_chart(whole, full_study.codebook)) == pytest.approx(3.9, abs=0.05)


def test_the_party_chart_keeps_own_groups_and_others_apart(full_study: Study) -> None:
    codings, totals = full_study._store.codings(), full_study._totals()
    alt = plain(party_chart(codings, totals, full_study.codebook, full_study.protocols).alt)
    views = full_study.perspectives().query("valence == 'flaskhals' and party == 'vard'")
    own, others = (int(views[views["own"] == side]["n"].sum()) for side in (True, False))
    assert f"Vården: egna grupper {own} av 14, de andra {others} av 19" in alt
    assert "Kollegorna: egna grupper ingen intervjuad" in alt


def test_the_timeline_counts_every_dated_interview_and_tells_of_the_others(full_study: Study) -> None:
    transcripts = full_study._transcripts()
    undated = [replace(transcripts[0], date=""), *transcripts[1:]]
    alt = timeline_chart(undated, full_study.protocols).alt
    assert "Chefer 7, " in alt and "Läkare 6, 17 februari – 16 april 2026" in alt
    assert alt.endswith("1 intervju utan datum visas inte.")


def test_the_coverage_chart_tells_the_answered_questions_of_everybody(full_study: Study) -> None:
    alt = plain(coverage_chart(full_study.method.account().coverage, full_study.protocols).alt)
    coverage = full_study.coverage()
    for who, rows in coverage.groupby("respondent"):
        answered, asked = rows["status"].isin(["answered", "merged"]).sum(), (rows["status"] != "inapplicable").sum()
        assert f"{who} {answered} av {asked}" in alt


def test_many_interviews_are_drawn_as_a_share_per_group(full_study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fieldwork, "MOST_ROWS", 5)
    rows = [
        Covered("C01", "chefer", "a", str(n), 0, status, 1)
        for n, status in enumerate(("answered", "merged", "asked", "skipped", "inapplicable"))
    ] * 6
    many = [replace(row, respondent=f"C{n}") for n, row in enumerate(rows)]
    assert "Chefer 50\u00a0%" in coverage_chart(many, full_study.protocols).alt


def test_a_second_interview_has_a_row_of_its_own(full_study: Study) -> None:
    rows = [Covered("C01", "chefer", "a", "f", 3, "answered", wave) for wave in (1, 2)]
    assert "C01 1 av 1, C01:2 1 av 1." in plain(coverage_chart(rows, full_study.protocols).alt)
