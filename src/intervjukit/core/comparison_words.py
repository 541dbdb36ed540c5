"""What a comparison of two codings says, in plain Swedish for somebody who does not know the measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from intervjukit.core.agreement import FEWEST, MISSED_COSTS, SHOWN_COSTS
from intervjukit.core.codebook import Codebook
from intervjukit.core.comparison import Comparison
from intervjukit.core.numbers import decimal as decimal
from intervjukit.core.numbers import percent as percent
from intervjukit.core.protocol import Protocol

RELIABLE, TENTATIVE = 0.800, 0.667
"""Krippendorff's limits for alpha: to rely on, and for tentative conclusions only."""
WAYS = {
    "group": "Inför varje grupp har programmet bara lärt sig av de andra gruppernas intervjuer.",
    "respondent": "Inför varje person har programmet bara lärt sig av de andras intervjuer.",
    "order": (
        "Inför varje intervju har programmet bara lärt sig av dem som kodades före den; förslag som inte svarar mot "
        "en kodning räknas som avvisade."
    ),
}
"""How it is made sure that nothing is measured on what was learned from, by ``by``."""


def verdict(figure: float | None) -> str:
    """Return what an alpha allows: Krippendorff's limits in plain words."""
    if figure is None:
        return "går inte att räkna ut"
    if figure >= RELIABLE:
        return "tillräckligt lika att lita på"
    if figure >= TENTATIVE:
        return "räcker för försiktiga slutsatser"
    return "för olika för att dra slutsatser"


Name = Callable[[str, str], str]
"""Gives the shown name of ("code", id), ("facet", id), ("group", id), or (a facet, its value)."""


def namer(codebook: Codebook, protocols: Mapping[str, Protocol]) -> Name:
    """Return what gives things their shown names; an id nobody knows is its own name."""
    names = {("code", code.id): code.name for code in codebook}
    names |= {("facet", facet.id): facet.name for facet in codebook.facets}
    names |= {(facet.id, value.id): value.name for facet in codebook.facets for value in facet.values}
    names |= {("group", group): protocol.group_name for group, protocol in protocols.items()}
    return lambda kind, key: names.get((kind, key), key)


def told(made: Comparison, name: Name) -> list[str]:
    """Return what the comparison says, sentence by sentence, for somebody who does not know the measures."""
    lines = _told_machine(made) if made.machine else _told_coders(made)
    lines.append(_told_facets(made, name))
    lines += _told_codes(made, name)
    if made.machine:
        lines += _told_groups(made, name)
    return [line for line in lines if line]


def _told_coders(made: Comparison) -> list[str]:
    w = made.whole
    return [
        f"{made.one} och {made.other} har båda kodat {_interviews(w.interviews)}: {made.one} {w.one} ställen, "
        f"{made.other} {w.other}. {w.both} är samma ställe (minst hälften av det kortare är gemensamt): "
        f"{percent(w.f1)} överens om var det finns något att koda (F1).",
        f"Mening för mening, om den alls ska kodas, är Krippendorffs alfa {decimal(made.alpha)}: "
        f"{verdict(made.alpha)}.",
        f"Där båda har kodat samma ställe är temat detsamma i {percent(w.micro)} (mikro-F1; {percent(w.macro)} när "
        "alla teman väger lika).",
    ]


def _told_machine(made: Comparison) -> list[str]:
    w = made.whole
    lines = [
        f"Programmets förslag prövade mot {made.one} i {_interviews(w.interviews)}. {WAYS[made.by]}",
        f"Av {w.one} kodade ställen hittade programmet {w.both} ({percent(w.recall)}); av {w.other} föreslagna ställen "
        f"var {percent(w.precision)} kodade. Det är {decimal(w.per_true, 1)} förslag per kodat ställe.",
        f"På ställen det hittade är temat rätt i {percent(w.micro)} (mikro-F1; {percent(w.macro)} när alla teman väger "
        f"lika), och {percent(w.among_three)} av rätta teman finns bland de tre troligaste.",
        f"Sparade knapptryck: {percent(w.saved)}. Då räknas {SHOWN_COSTS} tryck för varje visat förslag, som godtas "
        f"med något av de tre teman som visas eller avvisas, och {MISSED_COSTS} för varje kodning som görs för hand.",
    ]
    if made.course:
        lines.append(
            f"I studiens andra halva, när programmet hade mer att lära av, sparades {percent(made.second_half)}."
        )
    return lines


def _interviews(number: int) -> str:
    return "1 intervju" if number == 1 else f"{number} intervjuer"


def _told_facets(made: Comparison, name: Name) -> str:
    rows = [row for row in made.facets if not row.value and row.enough]
    figures = [f"{name('facet', row.facet).lower()} {percent(row.macro)} (kappa {decimal(row.kappa)})" for row in rows]
    return f"På samma ställen stämmer {_listed(figures)} (makro-F1)." if figures else ""


def _told_codes(made: Comparison, name: Name) -> list[str]:
    ordered = made.ordered_codes()
    lines = []
    if len(ordered) > 1:
        shown = min(3, len(ordered) // 2)
        what, shown_as = ("rätt tema, F1", percent) if made.machine else ("alfa", decimal)
        worst, best = (
            _listed([f"{name('code', code.code)} ({shown_as(made.measure(code))})" for code in some])
            for some in (ordered[:shown], ordered[::-1][:shown])
        )
        lines.append(f"Lättast att enas om: {best}. Svårast: {worst} ({what}).")
    few = sum(not code.enough for code in made.codes)
    if few:
        themes = "1 tema" if few == 1 else f"{few} teman"
        lines.append(f"För lite underlag (färre än {FEWEST} ställen hos {made.one}): {themes}.")
    return lines


def _told_groups(made: Comparison, name: Name) -> list[str]:
    rows = [row for row in made.groups if row.one >= FEWEST and row.f1 is not None]
    if len(rows) < 2:
        return []
    best, worst = max(rows, key=lambda row: row.f1 or 0), min(rows, key=lambda row: row.f1 or 0)
    return [
        f"Ställena hittas bäst hos {name('group', best.group).lower()} (F1 {percent(best.f1)}), sämst hos "
        f"{name('group', worst.group).lower()} ({percent(worst.f1)})."
    ]


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} och {words[-1]}" if len(words) > 1 else "".join(words)
