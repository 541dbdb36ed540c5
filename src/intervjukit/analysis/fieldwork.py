"""Charts of how the interviews were done: when, and how much of the guide was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from intervjukit.analysis.charts import INK, RULE, Chart, canvas, font, png
from intervjukit.core.account import ANSWERED
from intervjukit.core.coverage import Covered, Status
from intervjukit.core.numbers import number, percent
from intervjukit.core.phrases import number_words, of, period
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Transcript

MOST_ROWS = 60
"""More interviews than this cannot be told apart on a page; then only the groups are drawn."""
_MONTHS = "jan feb mars apr maj juni juli aug sept okt nov dec".split()


def timeline_chart(transcripts: Iterable[Transcript], protocols: Mapping[str, Protocol]) -> Chart:
    """Draw one mark per interview by date, a row per group; those without a date are counted in words.

    Interviews on the same day stand above one another.
    """
    held = list(transcripts)
    dated = [(transcript.group, date.fromisoformat(transcript.date)) for transcript in held if transcript.date]
    groups = [group for group in protocols if any(group == own for own, _ in dated)]
    figure, axes = canvas(6.3, 0.7 + 0.34 * len(groups))
    for row, group in enumerate(reversed(groups)):
        days = Counter(day for own, day in dated if own == group)
        axes.axhline(row, color=RULE, linewidth=0.8, zorder=0)
        for day, n in days.items():
            heights = [row + 0.22 * (place - (n - 1) / 2) for place in range(n)]
            axes.plot([day.toordinal()] * n, heights, "o", markersize=5, color=INK, markeredgecolor="#FFFFFF", mew=0.6)
    names = [protocols[group].group_name for group in reversed(groups)]
    axes.set_yticks(range(len(groups)), names, fontsize=9, fontfamily=font())
    axes.set_ylim(-0.6, len(groups) - 0.4)
    axes.tick_params(axis="y", length=0)
    _months(axes, [day for _, day in dated])
    told = "; ".join(
        f"{protocols[group].group_name} {sum(own == group for own, _ in dated)}, "
        f"{period(day.isoformat() for own, day in dated if own == group)}"
        for group in groups
    )
    undated = len(held) - len(dated)
    missing = f" {number_words(undated, 'intervju', 'intervjuer')} utan datum visas inte." if undated else ""
    return Chart(png(figure), f"En prick per intervju efter datum, en rad per grupp. {told}.{missing}")


def _months(axes: Any, days: Sequence[date]) -> None:
    """Mark the first of each month, at most about a dozen of them, with the year where it begins."""
    first, last = min(days).replace(day=1), max(days)
    starts = [first]
    while starts[-1] <= last:
        starts.append((starts[-1] + timedelta(days=32)).replace(day=1))
    step = -(-len(starts) // 12)
    shown = starts[::step]
    names = [
        f"{_MONTHS[day.month - 1]}\n{day.year}"
        if place == 0 or day.year != shown[place - 1].year
        else _MONTHS[day.month - 1]
        for place, day in enumerate(shown)
    ]
    axes.set_xticks([day.toordinal() for day in shown], names, fontsize=8.5, fontfamily=font())
    axes.set_xlim(first.toordinal() - 1, max(starts[-1], last).toordinal() + 1)


def coverage_chart(coverage: Iterable[Covered], protocols: Mapping[str, Protocol]) -> Chart:
    """Draw which guide questions each respondent answered: a row per interview, a column per question in its order.

    Filled squares are answered, half filled ones together with another question; a ring was asked but got no answer,
    a dot was not found, and what did not apply is left blank. Of many interviews only the share per group is drawn.
    """
    rows = _rows(coverage, protocols)
    return _shares(rows, protocols) if len(rows) > MOST_ROWS else _squares(rows)


Row = tuple[str, str, list[Status]]
"""Group, respondent (with the wave after the first), and what became of each question."""


def _rows(coverage: Iterable[Covered], protocols: Mapping[str, Protocol]) -> list[Row]:
    states: dict[tuple[int, str, int], list[Status]] = {}
    order = list(protocols)
    for row in coverage:
        states.setdefault((order.index(row.group), row.respondent, row.wave), []).append(row.status)
    return [
        (order[group], who if wave == 1 else f"{who}:{wave}", state)
        for (group, who, wave), state in sorted(states.items())
    ]


_MARKS: Mapping[Status, tuple[str, Mapping[str, object]]] = {
    "answered": ("besvarad", {"marker": "s", "color": INK, "markersize": 6}),
    "merged": ("besvarad i annat svar", {"marker": "s", "color": INK, "markersize": 5.5, "fillstyle": "left"}),
    "asked": ("ställd utan svar", {"marker": "o", "color": INK, "markersize": 4.5, "fillstyle": "none"}),
    "skipped": ("inte funnen", {"marker": ".", "color": "#9AA5B1", "markersize": 2}),
}


def _squares(rows: Sequence[Row]) -> Chart:
    figure, axes = canvas(6.3, 0.8 + 0.155 * len(rows), label="fråga i guidens ordning")
    for state, (label, look) in _MARKS.items():
        numbered = ((row, place, own) for row, (_, _, states) in enumerate(rows) for place, own in enumerate(states, 1))
        at = [(place, row) for row, place, own in numbered if own == state]
        if at:
            axes.plot(*zip(*at, strict=True), linestyle="none", label=label, **look)
    longest = max(len(states) for _, _, states in rows)
    names = [f"{who}  {_answered(states)}/{_asked(states)}" for _, who, states in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=7, fontfamily=font())
    axes.set_xticks(range(1, longest + 1, 2), [number(n) for n in range(1, longest + 1, 2)], fontsize=7.5)
    axes.set_xlim(0.3, longest + 0.7)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)
    for row in range(1, len(rows)):
        if rows[row][0] != rows[row - 1][0]:
            axes.axhline(row - 0.5, color=RULE, linewidth=0.8)
    legend = {"family": font(), "size": 8.5}
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, frameon=False, prop=legend)
    told = ", ".join(f"{who} {of(_answered(states), _asked(states))}" for _, who, states in rows)
    return Chart(png(figure), f"En rad per intervju och en ruta per fråga i guiden. Besvarade frågor: {told}.")


def _shares(rows: Sequence[Row], protocols: Mapping[str, Protocol]) -> Chart:
    answered: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for group, _, states in rows:
        answered[group] += _answered(states)
        asked[group] += _asked(states)
    groups = [group for group in protocols if asked[group]]
    rates = [answered[group] / asked[group] for group in groups]
    names = [protocols[group].group_name for group in groups]
    figure, axes = canvas(6.3, 0.5 + 0.3 * len(groups))
    bars = axes.barh(names[::-1], rates[::-1], color=INK, height=0.62)
    axes.bar_label(bars, labels=[percent(rate) for rate in rates[::-1]], padding=4, fontfamily=font())
    axes.set_xlim(0, 1.08)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(left=False)
    told = ", ".join(f"{name} {percent(rate)}" for name, rate in zip(names, rates, strict=True))
    return Chart(
        png(figure), f"Så stor del av guidens frågor som är besvarade, {number(len(rows))} intervjuer: {told}."
    )


def _answered(states: Sequence[Status]) -> int:
    return sum(state in ANSWERED for state in states)


def _asked(states: Sequence[Status]) -> int:
    return sum(state != "inapplicable" for state in states)
