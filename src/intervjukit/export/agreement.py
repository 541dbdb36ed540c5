"""The appendix on agreement: how alike two coders are, or how good the suggestions, as Word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intervjukit.core.agreement import FEWEST, MISSED_COSTS, SHOWN_COSTS
from intervjukit.core.comparison import CodeLikeness, Comparison, Disagreement, Likeness
from intervjukit.core.comparison_words import RELIABLE, TENTATIVE, Name, decimal, percent, told
from intervjukit.export.material import Picture, upper_first
from intervjukit.export.word import Cell, Column, WordFile

_MOST_SHOWN = 60
"""Disagreements in the appendix; all are in the table of the program."""
Rows = list[list[str | Cell]]


def write_agreement(study: str, made: Comparison, name: Name, chart: Picture, path: Path) -> Path:
    """Write the comparison to ``path`` (.docx) and return it; see WordFile.save for errors."""
    title = f"Överensstämmelse: {made.one} och {made.other}"
    word = WordFile(title, subject=study)
    agreement(word, made, name, chart, title)
    return word.save(path)


def agreement(
    word: WordFile, made: Comparison, name: Name, chart: Picture, title: str, *, new_page: bool = False
) -> None:
    """Add the appendix to a document: what it says, per group, per theme, what differs, and how it is counted."""
    word.heading(title, new_page=new_page)
    for line in told(made, name):
        word.text(line)
    word.heading("Per grupp", 2)
    _groups(word, made, name)
    word.figure(chart.png, _figure_title(made), chart.alt)
    word.heading("Per tema", 2)
    _codes(word, made, name)
    _facets(word, made, name)
    if not made.machine and made.disagreements:
        _disagreements(word, made, name)
    word.heading("Så är det räknat", 2)
    word.bullets(_method(made))


def _sides(made: Comparison) -> tuple[str, str]:
    return upper_first(made.one), upper_first(made.other)


def _width(head: str) -> float:
    """Return a column's width in cm: enough for its longest word."""
    return max(1.6, 0.24 * max(map(len, head.split())))


def _figure_title(made: Comparison) -> str:
    if made.course:
        return "Förslagen över tid"
    return "Hur ofta temat är rätt, per tema" if made.machine else "Överensstämmelse per tema"


def _groups(word: WordFile, made: Comparison, name: Name) -> None:
    heads = [*_sides(made), "F1", "Tema"]
    heads += [name("facet", facet) for facet in made.whole.facets]
    heads += ["Bland tre", "Sparat"] if made.machine else []
    columns = [Column("Grupp", 3.4), *(Column(head, _width(head), True) for head in heads)]
    rows: Rows = [[name("group", row.group), *_figures(row, made)] for row in made.groups]
    rows.append([Cell("Alla", bold=True), *(Cell(text, bold=True) for text in _figures(made.whole, made))])
    word.table("Antal ställen, och hur lika de är", columns, rows, describe="En rad per grupp, sist en för alla.")


def _figures(row: Likeness, made: Comparison) -> list[str]:
    figures = [str(row.one), str(row.other), percent(row.f1), percent(row.micro)]
    figures += [percent(row.facets.get(facet)) for facet in made.whole.facets]
    return figures + ([percent(row.among_three), percent(row.saved)] if made.machine else [])


def _codes(word: WordFile, made: Comparison, name: Name) -> None:
    heads = [*_sides(made), "Samma", "F1", "Kappa", "Alfa"]
    heads += ["Bland tre", "Sparad läsning"] if made.machine else []
    columns = [Column("Tema", 4.2), *(Column(head, _width(head), True) for head in heads)]
    enough = made.ordered_codes()
    rows: Rows = [[name("code", code.code), *_code(code, made)] for code in enough]
    known = {code.code for code in enough}
    few = [code for code in made.codes if code.code not in known]
    blank = ["–"] * (len(heads) - 3)
    rows += [[name("code", code.code), str(code.one), str(code.other), str(code.both), *blank] for code in few]
    caption = f"Överensstämmelse per tema, minst lika först; – betyder för lite underlag (färre än {FEWEST} ställen)"
    word.table(caption, columns, rows, describe="En rad per tema.")


def _code(code: CodeLikeness, made: Comparison) -> list[str]:
    figures = [str(code.one), str(code.other), str(code.both)]
    figures += [decimal(code.f1), decimal(code.kappa), decimal(code.alpha)]
    return figures + ([percent(code.among_three), percent(code.work_saved)] if made.machine else [])


def _facets(word: WordFile, made: Comparison, name: Name) -> None:
    rows: Rows = []
    for row in made.facets:
        what = f"– {name(row.facet, row.value)}" if row.value else Cell(name("facet", row.facet), bold=True)
        figures = [decimal(row.f1), decimal(row.kappa), decimal(row.alpha)] if row.enough else ["–"] * 3
        rows.append([what, str(row.one), str(row.other), str(row.both), *figures])
    heads = (*_sides(made), "Samma", "F1", "Kappa", "Alfa")
    columns = [Column("Vad", 4.6), *(Column(head, _width(head), True) for head in heads)]
    if rows:
        listed = ", ".join(name("facet", facet).lower() for facet in made.whole.facets)
        word.table(f"{upper_first(listed)}: där båda har kodat samma ställe", columns, rows)


def _disagreements(word: WordFile, made: Comparison, name: Name) -> None:
    word.section(landscape=True)
    word.heading("Där kodarna skiljer sig", 2)
    shown = made.disagreements[:_MOST_SHOWN]
    if len(shown) < len(made.disagreements):
        word.text(f"De {len(shown)} första av {len(made.disagreements)} ställen; alla finns i programmets tabell.")
    rows: Rows = [
        [
            (found.one or found.other).respondent,  # type: ignore[union-attr]
            _quote(found),
            _said(found, name, one=True),
            _said(found, name, one=False),
        ]
        for found in shown
    ]
    columns = [Column("Person", 1.6), Column("Ställe", 10), Column(made.one, 6.5), Column(made.other, 6.5)]
    word.table("Ställen att enas om", columns, rows, describe="En rad per ställe med vad var och en har kodat.")
    word.section(landscape=False)


def _quote(found: Disagreement) -> str:
    quotes = dict.fromkeys(" ".join(side.quote.split()) for side in (found.one, found.other) if side)
    return "\n".join(f"”{quote}”" for quote in quotes)


def _said(found: Disagreement, name: Name, *, one: bool) -> str:
    passage = found.one if one else found.other
    if passage is None:
        return "inte kodat"
    themes = ", ".join(name("code", code) for code in sorted(passage.codes))
    values = [name(facet, value).lower() for facet, its in passage.facets.items() for value in sorted(its)]
    return "\n".join(filter(None, [themes, ", ".join(values)]))


def _method(made: Comparison) -> Sequence[str]:
    lines = [
        f"Under {upper_first(made.one)} och {upper_first(made.other)} står antalet ställen. F1 i tabellen per grupp "
        "gäller om ställena är desamma; de följande kolumnerna vad som sägs om dem.",
        "Två ställen är samma när de delar minst hälften av det kortare. Ett ställe paras med högst ett annat, det "
        "det delar mest med.",
        f"F1 väger samman hur mycket av det {made.one} har kodat som {made.other} också har, och tvärtom; 100 % är "
        "helt lika. Tema, slag, part och skede jämförs bara på ställen båda har.",
        "Kappa (Cohen) och alfa (Krippendorff, nominal) räknar bort det som blir lika av en slump. Alfa per tema "
        f"gäller alla meningar i det de intervjuade säger. Från {decimal(RELIABLE)} går det att lita på, från "
        f"{decimal(TENTATIVE)} räcker det för försiktiga slutsatser.",
    ]
    if made.machine:
        lines += [
            "Inget förslag är prövat på något som programmet har lärt sig av.",
            f"Sparat är 1 − (visade + {MISSED_COSTS} · missade) / ({MISSED_COSTS} · rätta): {SHOWN_COSTS} knapptryck "
            f"för att ta ställning till ett förslag, {MISSED_COSTS} för att koda för hand. Minus betyder merarbete.",
            "Bland tre är andelen rätta teman bland programmets tre troligaste. Sparad läsning är hur stor del som "
            "inte behöver läsas för att hitta 95 % av temats ställen, minus de 5 % som missas (WSS@95).",
        ]
    return lines
