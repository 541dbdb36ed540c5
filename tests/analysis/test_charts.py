"""Charts are pictures with the same numbers in words."""

from __future__ import annotations

import struct

from intervjukit.analysis.charts import DPI, perspective_chart, ranking_chart, report_charts
from intervjukit.core.findings import look_at_parties, rank_factors
from intervjukit.study import Study


def parts(study: Study) -> tuple:  # type: ignore[type-arg]
    return study._store.codings(), study._totals(), study.codebook


def test_a_ranking_chart_says_every_bar_in_words(full_study: Study) -> None:
    codings, totals, codebook = parts(full_study)
    chart = ranking_chart(codings, totals, codebook, "flaskhals")
    for row in rank_factors(codings, totals, "flaskhals")[:10]:
        assert f"{codebook.code(row.code).name} {row.n}" in chart.alt
    assert f"av {sum(totals.values())} intervjuade" in chart.alt


def test_a_perspective_chart_says_every_cell_in_words(full_study: Study) -> None:
    codings, totals, codebook = parts(full_study)
    chart = perspective_chart(codings, totals, codebook, full_study.protocols)
    own = {group: protocol.party for group, protocol in full_study.protocols.items()}
    for view in look_at_parties(codings, totals, own):
        if view.valence == "flaskhals":
            assert f"{codebook.value_name('party', view.party)} {view.n} av {view.total}" in chart.alt


def test_pictures_are_png_in_print_quality(full_study: Study) -> None:
    full_study.swot.draft()
    charts = report_charts(full_study.method.account(), full_study.thread.whole())
    assert set(charts) == {"flaskhals", "framgang", "perspektiv", "parter", "tid", "tackning", "trad"}
    for chart in charts.values():
        assert chart.png.startswith(b"\x89PNG\r\n")
        width, _ = struct.unpack(">II", chart.png[16:24])
        assert width >= 6 * DPI
