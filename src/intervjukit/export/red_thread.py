"""The chapter that follows each bottleneck to a measure and its follow-up, and names where the thread breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intervjukit.core.swot import FIELD_NAMES
from intervjukit.core.thread import GAPS, Gap, Strand, Thread
from intervjukit.export.material import Picture, ReportData, listed, lower_first, number_words, of, upper_first
from intervjukit.export.word import Cell, Column, WordFile

_NONE = "–"
_SHORT: Mapping[Gap, str] = {
    "flaskhals": "åtgärd saknas",
    "rad": "åtgärd saknas",
    "atgard": "fynd saknas",
    "part": "parten är inte intervjuad",
    "uppfoljning": "uppföljning saknas",
}
"""How a gap is said in the row where it shows."""


def red_thread(word: WordFile, data: ReportData, charts: Mapping[str, Picture]) -> None:
    """Write the thread: a picture of it, a row per bottleneck that is met, and every gap by its name."""
    thread = data.thread
    if not data.swot and not data.measures:
        return
    said = data.spoken["flaskhals"]
    counted = number_words(thread.bottlenecks, said.one, said.many)
    word.heading("Den röda tråden", new_page=True)
    word.text(
        f"Här följs varje {said.one} till raden i SWOT, åtgärden, vem som ansvarar och hur det följs upp. Med är "
        f"{counted} som minst {thread.at_least} av de {thread.total} intervjuade nämner, och det som en rad i SWOT "
        "bygger på. Ett glapp är "
        "ingen anmärkning: det visar var någon behöver ta ställning."
    )
    if "trad" in charts:
        chart = charts["trad"]
        word.figure(chart.png, f"Från {said.one} till åtgärd, antal av {counted}", chart.alt, name="figur_trad")
    _gaps(word, data, thread)
    met = [strand for strand in thread.strands if strand.measure]
    if met:
        word.section(landscape=True)
        word.heading(f"Från {said.one} till uppföljning", 2)
        _met(word, data, met)


def _met(word: WordFile, data: ReportData, strands: list[Strand]) -> None:
    rows, one = [_row(data, strand) for strand in strands], data.spoken["flaskhals"].one
    word.table(
        f"Den röda tråden, en rad per {one} och åtgärd",
        [
            Column(f"{upper_first(one)} och part", 5.2),
            Column("Antal", 1.6, number=True),
            Column("Rad i SWOT", 3.2),
            Column("Åtgärd", 6.0),
            Column("Ansvarig", 3.0),
            Column("När och uppföljning", 2.6),
            Column("Glapp", 2.4),
        ],
        rows,
        describe=f"En rad per {one} och åtgärd: SWOT, ansvarig part, uppföljning och vad som saknas.",
        name="tabell_trad",
    )


def _row(data: ReportData, strand: Strand) -> list[str | Cell]:
    measure = strand.measure
    assert measure is not None
    return [
        f"{_bottleneck(data, strand)}\n{data.party_name(strand.party)}" if strand.code else _NONE,
        of(strand.n, data.people) if strand.code else _NONE,
        _line_cell(data, strand),
        measure.text,
        data.party_name(measure.party),
        "\n".join(filter(None, [measure.due, measure.follow_up])) or _NONE,
        Cell(upper_first(", ".join(_SHORT[gap] for gap in strand.gaps)) or _NONE, bold=bool(strand.gaps)),
    ]


def _line_cell(data: ReportData, strand: Strand) -> str:
    """Return the field of a line and, unless it is worded as the bottleneck beside it, what it says."""
    if strand.item is None:
        return _NONE
    field, said = FIELD_NAMES[strand.item.field], strand.item.text
    same = strand.code and said.startswith(_bottleneck(data, strand))
    return field if same else f"{field}: {lower_first(said)}"


def _bottleneck(data: ReportData, strand: Strand) -> str:
    return data.codebook.code(strand.code).heading("flaskhals")


# --- gaps -----------------------------------------------------------------------------------------------


def _gaps(word: WordFile, data: ReportData, thread: Thread) -> None:
    word.heading("Där tråden brister", 2)
    found = [(gap, thread.missing(gap)) for gap in GAPS]
    if not any(strands for _, strands in found):
        one = data.spoken["flaskhals"].one
        word.text(f"Tråden håller hela vägen: varje {one} möts av en åtgärd med stöd, ansvarig och uppföljning.")
        return
    for gap, strands in found:
        if strands:
            word.lead(f"{GAPS[gap]}: ", f"{_told(data, gap, strands)}.", "List Bullet")
    unmet = thread.missing("flaskhals")
    if unmet:
        _unmet(word, data, unmet)


def _told(data: ReportData, gap: Gap, strands: list[Strand]) -> str:
    """Return what a gap is about, in words: how many, and which when they are not in a table below."""
    if gap == "flaskhals":
        return f"{len(strands)} av {data.thread.bottlenecks}, se tabellen"
    if gap == "uppfoljning":
        return f"{len(strands)} av {number_words(len(data.measures), 'åtgärd', 'åtgärder')}"
    if gap == "part":
        return listed(list(_unheard(data, strands)))
    subjects = [strand.measure.text if gap == "atgard" and strand.measure else _line(strand) for strand in strands]
    return "; ".join(f"”{text}”" for text in subjects)


def _unheard(data: ReportData, strands: list[Strand]) -> Iterator[str]:
    for strand in strands:
        if strand.measure:
            n = sum(measure.party == strand.measure.party for measure in data.measures)
            yield f"{lower_first(data.party_name(strand.measure.party))} ({number_words(n, 'åtgärd', 'åtgärder')})"


def _line(strand: Strand) -> str:
    return strand.item.text if strand.item else ""


def _unmet(word: WordFile, data: ReportData, strands: list[Strand]) -> None:
    said = data.spoken["flaskhals"]
    word.table(
        f"{said.head} som ingen åtgärd möter, flest intervjuade först",
        [
            Column(upper_first(said.one), 6.6),
            Column("Part", 3.2),
            Column("Antal", 1.8, number=True),
            Column("Finns i SWOT", 4.4),
        ],
        [
            [
                _bottleneck(data, strand),
                data.party_name(strand.party),
                of(strand.n, data.people),
                FIELD_NAMES[strand.item.field] if strand.item else "Nej",
            ]
            for strand in strands
        ],
        describe=f"En rad per {said.one} utan åtgärd: part, antal som nämner saken, och om den finns i SWOT.",
        name="tabell_glapp",
    )
