"""The appendices: guides, code book, every finding with its quotes, and how quantifiers are counted."""

from __future__ import annotations

from intervjukit.core.findings import QUANTIFIERS, Finding
from intervjukit.core.protocol import Protocol, Question
from intervjukit.export.material import ReportData, listed, lower_first, of, upper_first
from intervjukit.export.word import Cell, Column, WordFile

_KIND_NOTES = {
    "number": "tal",
    "percent": "procent",
    "date": "datum",
    "drawing": "ritas på papper",
}


def guides(word: WordFile, data: ReportData) -> None:
    """Write every guide: what is said first, sections with questions and follow-ups, what is said last."""
    word.heading(f"{upper_first(data.appendix('guider'))}. Intervjuguider", new_page=True)
    for protocol in data.protocols.values():
        word.heading(protocol.title, 2)
        _opening(word, protocol)
        for section in protocol.sections:
            word.heading(section.title, 3)
            for question in section.questions:
                _question(word, question)
        if protocol.closing:
            word.lead("Avslutning. ", protocol.closing)


def _opening(word: WordFile, protocol: Protocol) -> None:
    for paragraph in filter(None, protocol.introduction.split("\n")):
        word.text(paragraph)
    if protocol.consent:
        word.lead("Samtycke", "", keep=True)
        word.bullets(protocol.consent)


def _question(word: WordFile, question: Question) -> None:
    note = _KIND_NOTES.get(question.kind, "")
    if question.unit:
        note = question.unit if question.kind == "number" else f"{note}, {question.unit}"
    if question.scale:
        low, high = question.scale, question.scale
        note = f"skala {low.low}–{high.high}, {low.low} = {lower_first(low.low_label)}, "
        note += f"{high.high} = {lower_first(high.high_label)}"
    if question.choices:
        note = " / ".join(question.choices)
    word.lead(question.text, f" ({note})" if note else "", "Question", keep=bool(question.follow_ups))
    if question.follow_ups:
        word.text(" ".join(question.follow_ups), "Follow Up")


def codebook(word: WordFile, data: ReportData) -> None:
    """Write the code book: each theme with definition, when to use it, when not, and examples."""
    word.heading(f"{upper_first(data.appendix('kodbok'))}. Kodbok", new_page=True)
    word.text(data.codebook.about)
    for facet in data.codebook.facets:
        if facet.about:
            word.lead(f"{facet.name}. ", facet.about, keep=True)
        word.table(
            f"{facet.name}: vad värdena betyder",
            [Column("Värde", 4), Column("Betyder", 12)],
            [[Cell(value.name, bold=True), value.definition] for value in facet.values],
        )
    rows: list[list[str | Cell]] = []
    for code in data.codebook:
        limits = [
            f"– {limit.condition}: {lower_first(data.codebook.code(limit.instead).name)}" for limit in code.limits
        ]
        examples = [f"– ”{example.text}”" for example in code.examples[:3]]
        rows.append(
            [
                Cell(code.name, bold=True),
                f"{code.definition}\n{code.when}".strip(),
                "\n".join(limits),
                "\n".join(examples),
            ]
        )
    word.table(
        "Teman",
        [
            Column("Tema", 3.2),
            Column("Betyder, och används när", 4.9),
            Column("När inte, och koden i stället", 3.8),
            Column("Så kan det låta", 4.1),
        ],
        rows,
        describe="En rad per tema med definition, gränser och tre exempel.",
    )


def tables(word: WordFile, data: ReportData) -> None:
    """Write every finding, valence by valence: party, theme, group, n of N, quantifier and the quotes."""
    word.section(landscape=True)
    word.heading(f"{upper_first(data.appendix('fynd'))}. Alla fynd med citat")
    word.text(
        "En rad per part, tema och grupp. Antalet är hur många i gruppen som har berättat det. Efter varje citat står "
        "den intervjuades kod."
    )
    for valence, said in data.spoken.items():
        findings = [finding for finding in data.findings if finding.valence == valence]
        if findings:
            word.heading(said.head, 2)
            _finding_table(word, data, said.head, findings)


def _finding_table(word: WordFile, data: ReportData, title: str, findings: list[Finding]) -> None:
    order = {code.id: place for place, code in enumerate(data.codebook)}
    ordered = sorted(findings, key=lambda f: (data.parties.index(f.party), order[f.code], -f.n, f.group))
    rows: list[list[str | Cell]] = []
    for finding in ordered:
        party, theme = data.party_name(finding.party), data.codebook.code(finding.code).name
        quotes = "\n".join(f"”{' '.join(c.quote.split())}” {c.respondent}" for c in finding.codings)
        rows.append(
            [
                party,
                theme,
                data.group_name(finding.group),
                of(finding.n, finding.total),
                upper_first(finding.quantifier),
                quotes,
            ]
        )
    word.table(
        f"{title}: part, tema och grupp",
        [
            Column("Part", 2.8),
            Column("Tema", 3.0),
            Column("Grupp", 3.0),
            Column("Antal", 1.5, number=True),
            Column("Så många", 2.4),
            Column("Citat", 12.0),
        ],
        rows,
        describe="En rad per part, tema och grupp: antal av gruppens personer, mängdord och alla citat.",
    )


def quantifiers(word: WordFile, data: ReportData) -> None:
    """Write the one table by which words for quantity are chosen."""
    word.section(landscape=False)
    word.heading(f"{upper_first(data.appendix('mangdord'))}. Så räknas mängdorden")
    word.text(
        "Orden väljs efter antalet personer, aldrig på känn. Samma tabell gäller i hela rapporten, och antalet framgår "
        "alltid."
    )
    word.table(
        "Mängdord",
        [Column("Ord", 4), Column("Sägs när", 12)],
        [[Cell(rule.word, bold=True), upper_first(rule.rule)] for rule in QUANTIFIERS],
    )
    sizes = [str(size) for size in sorted(set(data.totals.values()))]
    people = "person" if sizes == ["1"] else "personer"
    which = "Varje grupp" if len(sizes) == 1 else "Grupperna"
    word.text(f"{which} i den här studien har {listed(sizes, last='eller')} {people}.")
