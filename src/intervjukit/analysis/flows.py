"""The red thread as a picture: bands from where bottlenecks lie, over the SWOT, to who answers for a measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intervjukit.analysis.charts import INK, Chart, canvas, font, png
from intervjukit.core.codebook import Codebook
from intervjukit.core.numbers import number
from intervjukit.core.phrases import lower_first, number_words
from intervjukit.core.spoken import spoken
from intervjukit.core.swot import FIELD_NAMES
from intervjukit.core.thread import Thread

_GAP_NAMES = ("", "Ingen rad", "Ingen åtgärd")
_BAND, _GAP_BAND, _GAP_INK = "#7F9BBD", "#E9C9B6", "#B4532A"
_BLOCK = 0.028
"""Width of a block, as a share of the figure."""
_SPACE = 0.035
"""Space between blocks, as a share of the height."""
_PLACES = (0.0, 0.5, 1.0 - _BLOCK)
_TALLEST, _THICKEST, _LINE = 3.55, 0.3, 0.26
"""Inches: of the columns, of the band of one bottleneck, and of a block with its name."""
_HEAD = 0.35
"""Inches above the columns for what stands over them."""

Way = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Block:
    """One party or field in one of the three columns: from ``low`` to ``high`` on the vertical axis."""

    low: float
    high: float


def thread_chart(thread: Thread, codebook: Codebook) -> Chart:
    """Draw the bottlenecks of at least ``thread.at_least`` respondents as bands; those that break off are hatched.

    Every block has its name and number, so nothing hangs on colour.
    """
    flow = thread.flow()
    blocks = [_column(flow, place, codebook) for place in range(3)]
    tall = _tall(blocks)
    figure, axes = canvas(6.3, tall + _HEAD)
    heads = (f"{spoken(codebook)['flaskhals'].head} läggs hos", "Rad i SWOT", "Åtgärd hos")
    scale = (1 - _SPACE * (_most(blocks) - 1)) / max(sum(flow.values()), 1)
    placed = [_stacked(column, scale) for column in blocks]
    for step in (0, 1):
        _bands(axes, flow, step, placed, scale)
    for place, column in enumerate(placed):
        for key, block in column.items():
            _block(axes, place, block, _name(place, key, codebook), blocks[place][key], gap=not key)
        x, align = _PLACES[place] + (_BLOCK if place == 2 else 0), ("left", "center", "right")[place]
        x = x + _BLOCK / 2 if place == 1 else x
        look = {"fontfamily": font(), "fontsize": 9.5, "fontweight": "bold", "color": INK}
        axes.text(x, 1 + _HEAD / 2 / tall, heads[place], ha=align, va="bottom", **look)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1 + _HEAD / tall)
    axes.set_axis_off()
    return Chart(png(figure), _told(thread, flow, codebook))


def _tall(blocks: Sequence[Mapping[str, int]]) -> float:
    """Return how tall the columns are drawn, in inches: no taller than what is in them needs."""
    bands = sum(blocks[0].values()) * _THICKEST
    return min(_TALLEST, max(bands, *(len(column) * _LINE for column in blocks)) / (1 - _SPACE * (_most(blocks) - 1)))


def _most(blocks: Sequence[Mapping[str, int]]) -> int:
    return max(map(len, blocks))


def _column(flow: Mapping[Way, int], place: int, codebook: Codebook) -> dict[str, int]:
    """Return how many bottlenecks pass each block of a column, in the code book's order and the missing last."""
    counted: Counter[str] = Counter()
    for way, n in flow.items():
        counted[way[place]] += n
    order = [*FIELD_NAMES] if place == 1 else [value.id for value in codebook.facet("party").values]
    return {key: counted[key] for key in (*order, "") if counted[key]}


def _stacked(column: Mapping[str, int], scale: float) -> dict[str, _Block]:
    """Return where the blocks of a column stand, from the top and centred."""
    height = sum(column.values()) * scale + _SPACE * (len(column) - 1)
    top = 0.5 + height / 2
    placed = {}
    for key, n in column.items():
        placed[key] = _Block(top - n * scale, top)
        top -= n * scale + _SPACE
    return placed


def _bands(axes: Any, flow: Mapping[Way, int], step: int, placed: Sequence[Mapping[str, _Block]], scale: float) -> None:
    """Draw the bands from one column to the next, stacked in the order of the columns."""
    pairs: Counter[tuple[str, str]] = Counter()
    for way, n in flow.items():
        pairs[way[step], way[step + 1]] += n
    left, right = placed[step], placed[step + 1]
    starts, ends = ({key: block.high for key, block in column.items()} for column in (left, right))
    for one in left:
        for other in right:
            if n := pairs[one, other]:
                high, end = starts[one], ends[other]
                _band(axes, step, (high, end), n * scale, gap=not other or not one)
                starts[one], ends[other] = high - n * scale, end - n * scale


def _band(axes: Any, step: int, tops: tuple[float, float], height: float, *, gap: bool) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    x0, x1 = _PLACES[step] + _BLOCK, _PLACES[step + 1]
    middle = (x0 + x1) / 2
    (y0, y1), curve = tops, Path.CURVE4
    points = [(x0, y0), (middle, y0), (middle, y1), (x1, y1), (x1, y1 - height)]
    points += [(middle, y1 - height), (middle, y0 - height), (x0, y0 - height), (x0, y0)]
    moves = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
    look = {"facecolor": _GAP_BAND, "edgecolor": "#FFFFFF", "hatch": "////"} if gap else {"facecolor": _BAND}
    axes.add_patch(PathPatch(Path(points, moves), linewidth=0, alpha=0.75, **look))


def _block(axes: Any, place: int, block: _Block, name: str, n: int, *, gap: bool) -> None:
    from matplotlib.patches import Rectangle

    x, colour = _PLACES[place], _GAP_INK if gap else INK
    axes.add_patch(Rectangle((x, block.low), _BLOCK, block.high - block.low, facecolor=colour, edgecolor="none"))
    after, align = (x - 0.012, "right") if place == 2 else (x + _BLOCK + 0.012, "left")
    axes.text(
        after,
        (block.low + block.high) / 2,
        f"{name}  {number(n)}",
        ha=align,
        va="center",
        fontfamily=font(),
        fontsize=8.5,
        color="#1A1A1A",
        fontstyle="italic" if gap else "normal",
        bbox={"facecolor": "#FFFFFF", "alpha": 0.72, "edgecolor": "none", "pad": 1.2},
    )


def _name(place: int, key: str, codebook: Codebook) -> str:
    if not key:
        return _GAP_NAMES[place]
    return FIELD_NAMES[key] if place == 1 else codebook.value_name("party", key)


def _told(thread: Thread, flow: Mapping[Way, int], codebook: Codebook) -> str:
    """Return the numbers of the picture in words."""
    parts, said = [], spoken(codebook)["flaskhals"]
    for place, head in enumerate(("läggs hos", "har i SWOT", "leder till åtgärd hos")):
        column = _column(flow, place, codebook)
        named = ", ".join(f"{lower_first(_name(place, key, codebook))} {number(n)}" for key, n in column.items())
        parts.append(f"{head}: {named}")
    return (
        f"Band från vänster till höger. {number_words(thread.bottlenecks, said.one, said.many)} som minst "
        f"{thread.at_least} av {number(thread.total)} intervjuade nämner {'; '.join(parts)}."
    )
