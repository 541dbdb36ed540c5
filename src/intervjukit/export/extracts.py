"""Parts that say again, shorter or in another order, what the chapters say: for profiles to choose."""

from __future__ import annotations

from collections.abc import Iterable

from intervjukit.core.coding import Coding
from intervjukit.core.findings import Ranked, leading, rank_factors
from intervjukit.core.phrases import listed, lower_first, number_words, of, upper_first
from intervjukit.core.profile import Entry
from intervjukit.export.chapters import agreement_line
from intervjukit.export.material import ReportData, telling
from intervjukit.export.word import WordFile

MOST_IN_SHORT = 3
MOST_IN_FRAME = 4
MOST_QUOTES = 99
_TO_FILL_IN = {
    "Analys": "[Fyll i: Varför ser det ut så här? Vad är lika och olika mellan grupperna, och vad beror det på?]",
    "Reflektion": "[Fyll i: Vad betyder det för verksamheten? Vad bör ändras, och vad vet vi ännu för lite om?]",
}


def in_short(word: WordFile, data: ReportData, entry: Entry) -> None:
    """Write what stands out as a few lines of each kind, counted in people of all interviewed."""
    word.heading("Det viktigaste i korthet")
    groups = number_words(len(data.totals), "grupp", "grupper")
    word.text(
        f"{number_words(data.people, 'person', 'personer')} i {groups} har intervjuats. Talen är antal personer; "
        "samma person kan ha tagit upp flera saker."
    )
    for valence, said in data.spoken.items():
        ranked = _most_named(data, data.codings, valence, entry.most or MOST_IN_SHORT)
        if ranked:
            word.heading(said.opening, 2)
            word.bullets(f"{data.codebook.code(row.code).heading(valence)} ({of(row.n, row.total)})" for row in ranked)
    agreement_line(word, data)


def frame(word: WordFile, data: ReportData, entry: Entry) -> None:
    """Write one field of an evaluation's frame: what is described, and room for analysis and reflection.

    The description is what the interviewed say of the parties and in the phases that ``entry`` names. The frame is
    the Avesta team's: participants, staff and organisation, each with conditions, process and results.
    """
    word.heading("Beskrivning, analys och reflektion", new_page=True)
    chosen = [coding for coding in data.codings if _within(coding, entry)]
    word.heading("Beskrivning", 2)
    who = {coding.respondent for coding in chosen}
    if chosen:
        word.text(f"{number_words(len(who), 'person', 'personer')} av {data.people} har berättat om det här.")
    else:
        word.text("Ingen av de intervjuade har berättat om det här.")
    for valence, said in data.spoken.items():
        _described(word, data, [coding for coding in chosen if coding.valence == valence], valence, said.head, entry)
    for title, prompt in _TO_FILL_IN.items():
        word.heading(title, 2)
        word.text(prompt, "Follow Up")


def _within(coding: Coding, entry: Entry) -> bool:
    phase = coding.facets.get("phase", "")
    return (not entry.parties or coding.party in entry.parties) and (not entry.phases or phase in entry.phases)


def _described(word: WordFile, data: ReportData, chosen: list[Coding], valence: str, title: str, entry: Entry) -> None:
    ranked = _most_named(data, chosen, valence, entry.most or MOST_IN_FRAME)
    if not ranked:
        return
    word.lead(title, "", keep=True)
    word.bullets(
        f"{data.codebook.code(row.code).heading(valence)} ({of(row.n, row.total)}: "
        f"{listed([lower_first(data.group_name(group)) for group in row.groups])})"
        for row in ranked
    )
    for coding in telling([coding for coding in chosen if coding.code == ranked[0].code], 1):
        word.quote(coding.quote, coding.respondent)


def _most_named(data: ReportData, codings: Iterable[Coding], valence: str, most: int) -> list[Ranked]:
    """Return the most named factors, at most so many: who share a place that does not fit are all left out."""
    ranked = rank_factors(codings, data.totals, valence)
    return list(leading(ranked, most)) or list(ranked[:most])


def quotes(word: WordFile, data: ReportData, entry: Entry) -> None:
    """Write every coded quote, theme by theme in the order of the code book and valence by valence."""
    word.heading(f"{upper_first(data.appendix('citat'))}. Citat per tema", new_page=True)
    word.text("Temana står i kodbokens ordning. Efter varje citat står den intervjuades kod och vem saken läggs hos.")
    for code in data.codebook:
        mine = [coding for coding in data.codings if coding.code == code.id]
        if mine:
            word.heading(code.name, 2)
        for valence, said in data.spoken.items():
            told = sorted(
                (coding for coding in mine if coding.valence == valence), key=lambda c: (c.respondent, c.start)
            )
            if told:
                people = number_words(len({coding.respondent for coding in told}), "person", "personer")
                word.lead(said.head, f" ({people})", keep=True)
            for coding in told[: entry.most or MOST_QUOTES]:
                word.quote(coding.quote, f"{coding.respondent}, {lower_first(data.party_name(coding.party))}")
