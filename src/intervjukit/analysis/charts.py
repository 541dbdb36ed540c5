"""Charts for the report: PNG at 200 dpi with an alternative text that says the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import matplotlib

from intervjukit.core.account import Account
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.findings import leading, look_at_parties, rank_factors
from intervjukit.core.numbers import number
from intervjukit.core.phrases import of
from intervjukit.core.protocol import Protocol
from intervjukit.core.spoken import spoken
from intervjukit.core.thread import Thread

matplotlib.use("Agg")

DPI = 200
INK = "#1F3A5F"
PAPER = "#FFFFFF"
RULE = "#C7D0DA"
MOST_BARS = 14
_COLOURS = {"flaskhals": "#B4532A", "framgang": "#2F6B4F", "onskan": "#1F3A5F"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its alternative text."""

    png: bytes
    alt: str


class Charts(Mapping[str, Chart]):
    """The report's charts by name, each drawn when it is asked for and then kept."""

    def __init__(self, makers: Mapping[str, Callable[[], Chart]]) -> None:
        """Know how each is drawn."""
        self._makers = makers
        self._drawn: dict[str, Chart] = {}

    def __getitem__(self, name: str) -> Chart:
        if name not in self._drawn:
            self._drawn[name] = self._makers[name]()
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def report_charts(account: Account, thread: Thread) -> Charts:
    """Return the report's charts by name, without those there is nothing to draw.

    "flaskhals" and "framgang" (ranking bars), "perspektiv" (heat map), "parter" (own groups and others), "tid" (when
    the interviews were held), "tackning" (guide questions answered) and "trad" (the red thread).
    """
    from intervjukit.analysis.fieldwork import coverage_chart, timeline_chart
    from intervjukit.analysis.flows import thread_chart

    codings, said = account.codings, (account.codings, account.totals, account.codebook)
    makers: dict[str, Callable[[], Chart]] = {
        valence: partial(ranking_chart, *said, valence)
        for valence in ("flaskhals", "framgang")
        if any(coding.valence == valence for coding in codings)
    }
    if any(coding.valence == "flaskhals" and coding.party for coding in codings):
        makers["perspektiv"] = partial(perspective_chart, *said, account.protocols)
        makers["parter"] = partial(party_chart, *said, account.protocols)
    if len({transcript.date for transcript in account.transcripts if transcript.date}) > 1:
        makers["tid"] = partial(timeline_chart, account.transcripts, account.protocols)
    if account.transcripts:
        makers["tackning"] = lambda: coverage_chart(account.coverage, account.protocols)
    if thread.flow():
        makers["trad"] = partial(thread_chart, thread, account.codebook)
    return Charts(makers)


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
    axes.bar_label(bars, labels=[number(n) for n in numbers[::-1]], padding=4, fontfamily=font())
    axes.set_xlim(0, total)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(left=False)
    listed = ", ".join(f"{name} {number(n)}" for name, n in zip(names, numbers, strict=True))
    one = spoken(codebook)[valence].one
    return Chart(
        png(figure),
        f"Liggande staplar över teman som nämns som {one}, antal av {number(total)} intervjuade: {listed}.",
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
    many = spoken(codebook)["flaskhals"].many
    return Chart(png(figure), f"Var grupperna ser {many}, antal intervjuade i varje grupp. {listed}.")


def party_chart(
    codings: Iterable[Coding],
    totals: Mapping[str, int],
    codebook: Codebook,
    protocols: Mapping[str, Protocol],
) -> Chart:
    """Draw how large a share place a bottleneck at each party: its own groups filled, the others hatched below."""
    own = {group: protocol.party for group, protocol in protocols.items()}
    views = [view for view in look_at_parties(codings, totals, own) if view.valence == "flaskhals"]
    parties = [v for v in codebook.facet("party").values if any(view.party == v.id for view in views)]
    inside, outside = (
        [sum(view.n for view in views if view.party == party.id and view.own is mine) for party in parties]
        for mine in (True, False)
    )
    insiders = [sum(n for group, n in totals.items() if own[group] == party.id) for party in parties]
    outsiders = [sum(totals.values()) - n for n in insiders]
    said = [_shares_of(inside, insiders), _shares_of(outside, outsiders)]
    figure, axes = canvas(6.3, 0.8 + 0.46 * len(parties))
    looks = (
        {"color": INK, "label": "partens egna grupper"},
        {"color": "#DCE5F0", "hatch": "////", "label": "de andra"},
    )
    for side, (numbers, wholes, look) in enumerate(zip((inside, outside), (insiders, outsiders), looks, strict=True)):
        heights = [len(parties) - row + (0.19, -0.19)[side] for row in range(len(parties))]
        rates = [n / whole if whole else 0 for n, whole in zip(numbers, wholes, strict=True)]
        bars = axes.barh(heights, rates, height=0.36, edgecolor=INK, linewidth=0.7, **look)
        axes.bar_label(bars, said[side], padding=4, fontfamily=font(), fontsize=8.5)
    axes.set_yticks([len(parties) - row for row in range(len(parties))], [party.name for party in parties], fontsize=9)
    axes.set_xlim(0, 1.12)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(left=False)
    legend = {"family": font(), "size": 9}
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, frameon=False, prop=legend)
    told = "; ".join(
        f"{party.name}: egna grupper {ours}, de andra {theirs}"
        for party, ours, theirs in zip(parties, *said, strict=True)
    )
    total, some = number(sum(totals.values())), spoken(codebook)["flaskhals"].some
    return Chart(png(figure), f"Antal av {total} intervjuade som lägger {some} hos parten. {told}.")


def _shares_of(numbers: Sequence[int], totals: Sequence[int]) -> list[str]:
    """Return "9 av 33" for each number, "ingen intervjuad" of none."""
    return [of(n, total) if total else "ingen intervjuad" for n, total in zip(numbers, totals, strict=True)]


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


def canvas(width: float, height: float, *, label: str = "") -> tuple[Any, Any]:
    """Return an empty figure of that size in inches, in the report's style, and its axes.

    ``label`` stands below the horizontal axis.
    """
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"font.family": font(), "font.size": 10}):
        figure = Figure(figsize=(width, height), dpi=DPI)
        axes = figure.add_subplot()
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.yaxis.set_label_coords(0, 0)  # else matplotlib measures every tick to find a place for a label, empty or not
    if label:
        axes.set_xlabel(label, fontfamily=font(), fontsize=8.5)
    else:
        axes.xaxis.set_label_coords(0, 0)
    return figure, axes


def png(figure: Any) -> bytes:
    """Return a figure as PNG at 200 dpi, the same for the same figure.

    Drawn once, where ``savefig`` draws twice.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out = io.BytesIO()
    figure.tight_layout()
    painted: Any = FigureCanvasAgg(figure)
    painted.print_png(out, metadata={"Software": None})
    return out.getvalue()
