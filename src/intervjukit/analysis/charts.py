"""Charts for the report: PNG at 200 dpi with an alternative text that says the same numbers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.findings import leading, look_at_parties, rank_factors
from intervjukit.core.protocol import Protocol

matplotlib.use("Agg")

DPI = 200
INK = "#1F3A5F"
PAPER = "#FFFFFF"
MOST_BARS = 14
_NAMED = {"flaskhals": "nämns som flaskhals", "framgang": "nämns som hjälp", "onskan": "nämns som önskan"}
_COLOURS = {"flaskhals": "#B4532A", "framgang": "#2F6B4F", "onskan": "#1F3A5F"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its alternative text."""

    png: bytes
    alt: str


def report_charts(
    codings: Sequence[Coding],
    totals: Mapping[str, int],
    codebook: Codebook,
    protocols: Mapping[str, Protocol],
) -> dict[str, Chart]:
    """Return the report's charts by name: "flaskhals" and "framgang" (ranking bars), "perspektiv" (heat map)."""
    charts = {
        valence: ranking_chart(codings, totals, codebook, valence)
        for valence in ("flaskhals", "framgang")
        if any(coding.valence == valence for coding in codings)
    }
    if any(coding.valence == "flaskhals" and coding.party for coding in codings):
        charts["perspektiv"] = perspective_chart(codings, totals, codebook, protocols)
    return charts


def ranking_chart(codings: Iterable[Coding], totals: Mapping[str, int], codebook: Codebook, valence: str) -> Chart:
    """Draw the most named themes of a valence as bars: respondents of all interviewed.

    At most fourteen bars, and themes that share a place are shown together or not at all.
    """
    ranked = rank_factors(codings, totals, valence)
    shown = leading(ranked, MOST_BARS)
    names = [codebook.code(row.code).name for row in shown]
    numbers = [row.n for row in shown]
    total = sum(totals.values())
    figure, axes = canvas(6.3, 0.4 + 0.27 * len(shown))
    bars = axes.barh(names[::-1], numbers[::-1], color=_COLOURS[valence], height=0.68)
    axes.bar_label(bars, labels=[str(n) for n in numbers[::-1]], padding=4, fontfamily=font())
    axes.set_xlim(0, total)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(left=False)
    listed = ", ".join(f"{name} {n}" for name, n in zip(names, numbers, strict=True))
    return Chart(
        png(figure), f"Liggande staplar över teman som {_NAMED[valence]}, antal av {total} intervjuade: {listed}."
    )


def perspective_chart(
    codings: Iterable[Coding],
    totals: Mapping[str, int],
    codebook: Codebook,
    protocols: Mapping[str, Protocol],
) -> Chart:
    """Draw who sees bottlenecks where: one row per group, one column per party, n of N in each cell.

    The frame marks where a group speaks of its own party; the depth of colour is the share of the group.
    """
    own = {group: protocol.party for group, protocol in protocols.items()}
    views = {
        (view.group, view.party): view for view in look_at_parties(codings, totals, own) if view.valence == "flaskhals"
    }
    parties = [v for v in codebook.facet("party").values if any(party == v.id for _, party in views)]
    groups = list(totals)
    shares = [[_share(views.get((group, party.id))) for party in parties] for group in groups]
    figure, axes = canvas(6.3, 0.9 + 0.36 * len(groups))
    tint = _tint()
    axes.imshow(shares, cmap=tint, vmin=0, vmax=1, aspect="auto")
    for row, group in enumerate(groups):
        for column, party in enumerate(parties):
            view = views.get((group, party.id))
            said = f"{view.n}/{view.total}" if view else "–"
            axes.text(
                column,
                row,
                said,
                ha="center",
                va="center",
                color=_readable_on(tint(shares[row][column])),
                fontsize=9,
                fontweight="bold" if own[group] == party.id else "normal",
            )
            if own[group] == party.id:
                axes.add_patch(_frame(column, row))
    axes.set_xticks(range(len(parties)), [_broken(party.name) for party in parties], fontsize=8)
    axes.set_yticks(range(len(groups)), [_row_name(protocols[group].group_name) for group in groups], fontsize=9)
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    listed = "; ".join(
        f"{protocols[group].group_name}: "
        + ", ".join(
            f"{party.name} {views[group, party.id].n} av {views[group, party.id].total}"
            for party in parties
            if (group, party.id) in views
        )
        for group in groups
    )
    return Chart(png(figure), f"Var grupperna ser flaskhalsar, antal intervjuade i varje grupp. {listed}.")


def _share(view: Any) -> float:
    return view.n / view.total if view else 0.0


def _broken(name: str) -> str:
    """Return a column head on lines short enough for a narrow column."""
    return {"Arbetsförmedlingen": "Arbets-\nförmedlingen", "Försäkringskassan": "Försäkrings-\nkassan"}.get(
        name, name.replace(" ", "\n")
    )


def _row_name(name: str) -> str:
    return name if len(name) < 24 else name.replace(" på ", "\npå ")


def _tint() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("intervjukit", ["#F6F7F9", "#E3B79E", "#B4532A", "#7A3013"])


def _readable_on(colour: Sequence[float]) -> str:
    """Return white or near black, whichever stands out more (relative luminance, WCAG 2)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return PAPER if luminance < 0.18 else "#1A1A1A"


def _frame(column: int, row: int) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, fill=False, edgecolor=INK, linewidth=1.6)


@cache
def font() -> str:
    """Return the report's own font when the machine has it, else the one that comes with matplotlib."""
    from matplotlib.font_manager import get_font_names

    names = set(get_font_names())
    return next((name for name in ("Calibri", "Carlito") if name in names), "DejaVu Sans")


def canvas(width: float, height: float) -> tuple[Any, Any]:
    """Return an empty figure of that size in inches, in the report's style, and its axes."""
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"font.family": font(), "font.size": 10}):
        figure = Figure(figsize=(width, height), dpi=DPI)
        axes = figure.add_subplot()
    axes.spines[["top", "right", "left"]].set_visible(False)
    return figure, axes


def png(figure: Any) -> bytes:
    """Return a figure as PNG at 200 dpi, the same for the same figure."""
    out = io.BytesIO()
    figure.tight_layout()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()
