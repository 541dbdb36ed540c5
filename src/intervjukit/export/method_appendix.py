"""The appendix on method, written from the study itself, and the COREQ check list filled in as far as it knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby

from intervjukit.core.account import Account, whole_plan
from intervjukit.core.comparison_words import namer, told
from intervjukit.core.coreq import TO_FILL_IN, fill_in
from intervjukit.core.findings import FEWEST_A_SIDE, FEWEST_AGREEING, SMALL_GROUP
from intervjukit.core.numbers import decimal, number, percent
from intervjukit.core.report import PARTS
from intervjukit.core.transcript import Transcript
from intervjukit.export.material import (
    Picture,
    ReportData,
    date_words,
    listed,
    lower_first,
    number_words,
    upper_first,
)
from intervjukit.export.word import Cell, Column, WordFile

MOST_LISTED = 120
"""More interviews than this are not listed one by one; they are in the workbook."""
_MOST_PAIRS = 3
_FILL = "FBF1DA"
_STATES = {
    "accepted": "Godtagna som de var",
    "changed": "Godtagna med ändring",
    "rejected": "Avvisade",
    "open": "Inte bedömda",
}


def method_appendix(word: WordFile, data: ReportData, charts: Mapping[str, Picture]) -> None:
    """Write how the study was done: sample, interviews, coding, agreement, suggestions, code book, deviations."""
    account = data.account
    word.heading(f"{upper_first(data.appendix('metodbilaga'))}. Metod i detalj", new_page=True)
    word.text("Allt i bilagan är hämtat ur studien som den såg ut när rapporten skrevs.")
    _sample(word, data, account)
    _interviews(word, data, account, charts)
    _questions(word, account, charts)
    _coding(word, data, account)
    _suggestions(word, account)
    _agreement(word, data, account)
    _codebook(word, account)
    _counting(word, data)
    _deviations(word, data, account)


# --- sample and interviews ------------------------------------------------------------------------------


def _sample(word: WordFile, data: ReportData, account: Account) -> None:
    word.heading("Urval", 2)
    if not account.background.plan:
        word.text("Hur många som skulle intervjuas i varje grupp är inte angivet i studien.", keep=True)
    rows: list[list[str | Cell]] = [
        [data.group_name(row.group), number(row.planned), number(row.interviewed), _signed(row.difference)]
        for row in account.sample
    ]
    planned = whole_plan(account.sample)
    difference = None if planned is None else account.people - planned
    whole = [number(planned), number(account.people), _signed(difference)]
    rows.append([Cell("Alla", bold=True), *(Cell(text, bold=True) for text in whole)])
    word.table(
        "Planerade och intervjuade per grupp",
        [Column("Grupp", 7), *(Column(head, 3, number=True) for head in ("Planerade", "Intervjuade", "Skillnad"))],
        rows,
        describe="En rad per grupp med planerat och intervjuat antal personer, sist en för alla.",
        name="tabell_urval",
    )
    if account.facts:
        known = listed([lower_first(name) for name in account.facts])
        word.text(f"Bakgrundsuppgifter som finns om minst hälften av de intervjuade: {known}.")


def _signed(difference: int | None) -> str:
    return f"+{number(difference)}" if difference and difference > 0 else number(difference)


def _interviews(word: WordFile, data: ReportData, account: Account, charts: Mapping[str, Picture]) -> None:
    word.heading("Intervjuerna", 2)
    held = account.transcripts
    when = f" {data.dates()}" if data.dates() else ""
    known = account.minutes
    length = (
        f" De varade {known[0]}–{known[-1]} minuter, i medeltal {number(sum(known) / len(known))}." if known else ""
    )
    named = [f"{name} ({n})" for name, n in account.interviewers.most_common() if name]
    who = f" Intervjuare: {listed(named)}." if named else ""
    word.text(f"{number_words(len(held), 'intervju', 'intervjuer')} gjordes{when}.{length}{who}")
    if "tid" in charts:
        chart = charts["tid"]
        word.figure(chart.png, "När intervjuerna gjordes, en prick per intervju", chart.alt, name="figur_tid")
    if len(held) <= MOST_LISTED:
        _interview_table(word, data, account)
    else:
        word.text("Intervjuerna är för många att räkna upp här; de står i arbetsboken med studiens tabeller.")


def _interview_table(word: WordFile, data: ReportData, account: Account) -> None:
    order = list(data.protocols)
    codings = Counter(coding.transcript for coding in account.codings)
    several = any(transcript.wave > 1 for transcript in account.transcripts)
    rows = [
        [
            f"{t.respondent}, omgång {t.wave}" if several else t.respondent,
            data.group_name(t.group),
            date_words(t.date) if t.date else "–",
            number(t.minutes),
            number(t.words),
            number(codings[t.id]),
        ]
        for t in sorted(account.transcripts, key=lambda t: (order.index(t.group), t.respondent, t.wave))
    ]
    word.table(
        "Intervjuerna en för en",
        [
            Column("Person", 2.6 if several else 1.8),
            Column("Grupp", 5),
            Column("Datum", 3.6),
            Column("Minuter", 1.8, number=True),
            Column("Ord", 1.8, number=True),
            Column("Kodningar", 2.0, number=True),
        ],
        rows,
        describe="En rad per intervju med grupp, datum, längd i minuter och ord, och antalet kodningar.",
        name="tabell_intervjuer",
    )


def _questions(word: WordFile, account: Account, charts: Mapping[str, Picture]) -> None:
    answered, possible = account.answered
    if not possible:
        return
    word.heading("Guidens frågor", 2)
    word.text(
        f"I medeltal är {number(answered / len(account.transcripts))} av guidens "
        f"{number(possible / len(account.transcripts))} frågor besvarade med svar som gick att knyta till frågan. "
        "Ett samtal följer sällan guiden ord för ord, så fler frågor kan ha berörts än som syns här."
    )
    if account.background.doubts:
        left = number_words(account.background.doubts, "tveksamhet", "tveksamheter")
        word.text(f"{left} från inläsningen av utskrifterna är inte avgjorda.")
    if "tackning" in charts:
        chart = charts["tackning"]
        word.figure(chart.png, "Guidens frågor i varje intervju", chart.alt, name="figur_tackning")


# --- coding ---------------------------------------------------------------------------------------------


def _coding(word: WordFile, data: ReportData, account: Account) -> None:
    word.heading("Kodning", 2)
    facets = listed([lower_first(facet.name) for facet in data.codebook.facets])
    word.text(
        "Ett stycke av svaret markerades och fick en kod ur kodboken och, när det gick att avgöra, "
        f"{facets}. Kodningen gjordes i {account.background.program}; varje beslut är sparat med tid och namn. "
        f"{_origin(account)}"
    )
    word.table(
        "Vem som har kodat",
        [Column("Kodare", 8), Column("Intervjuer", 4, number=True), Column("Kodningar", 4, number=True)],
        [[coder.name, number(coder.interviews), number(coder.codings)] for coder in account.coders],
        name="tabell_kodare",
    )
    if account.uncoded:
        names = _people(account.uncoded)
        word.text(f"Utan kodningar är {number_words(len(account.uncoded), 'intervju', 'intervjuer')}: {names}.")
    else:
        word.text("Alla intervjuer har minst en kodning.")


def _origin(account: Account) -> str:
    """Return how many codings are made by hand and how many from suggestions."""
    made = len(account.codings)
    if account.by_hand == made:
        return f"Alla {number_words(made, 'kodning', 'kodningar')} är gjorda för hand."
    rest = f"{number(made - account.by_hand)} ur programmets förslag"
    return f"{number(account.by_hand)} av {number_words(made, 'kodning', 'kodningar')} är gjorda för hand, {rest}."


def _people(transcripts: list[Transcript]) -> str:
    return listed([t.respondent if t.wave == 1 else f"{t.respondent} (omgång {t.wave})" for t in transcripts])


def _suggestions(word: WordFile, account: Account) -> None:
    word.heading("Programmets förslag", 2)
    made = len(account.suggestions)
    if not made:
        word.text("Inga förslag från programmet har använts; all kodning är gjord för hand.")
        return
    word.text("Ett förslag räknas aldrig förrän en person har godtagit det.", keep=True)
    rows: list[list[str | Cell]] = [
        [
            name,
            number(account.decided[state]),
            percent(account.decided[state] / account.settled) if account.settled and state != "open" else "–",
        ]
        for state, name in _STATES.items()
    ]
    rows.append([Cell("Alla", bold=True), Cell(number(made), bold=True), Cell("–", bold=True)])
    word.table(
        "Vad det blev av förslagen",
        [Column("Beslut", 8), Column("Antal", 4, number=True), Column("Andel av de bedömda", 4, number=True)],
        rows,
        name="tabell_forslag",
    )


def _agreement(word: WordFile, data: ReportData, account: Account) -> None:
    word.heading("Överensstämmelse mellan kodare", 2)
    made = account.background.comparisons
    if not made:
        one = len(account.coders) < 2
        word.text(
            "En person har kodat, så någon överensstämmelse mellan kodare går inte att räkna ut."
            if one
            else "Kodarna har inte kodat någon intervju gemensamt, så deras överensstämmelse går inte att räkna ut."
        )
        return
    for comparison in made[:_MOST_PAIRS]:
        word.bullets(told(comparison, namer(data.codebook, data.protocols)))
    word.table(
        "Överensstämmelse, en rad per par av kodare",
        [
            Column("Kodare", 5.2),
            Column("Intervjuer", 2.1, number=True),
            Column("Samma ställen", 2.1, number=True),
            Column("Ställen (F1)", 2.0, number=True),
            Column("Tema (F1)", 2.0, number=True),
            Column("Alfa", 1.6, number=True),
        ],
        [
            [
                f"{row.one} och {row.other}",
                number(row.whole.interviews),
                number(row.whole.both),
                percent(row.whole.f1),
                percent(row.whole.micro),
                decimal(row.alpha),
            ]
            for row in made
        ],
        describe="F1 för ställen och teman, och Krippendorffs alfa mening för mening.",
        name="tabell_overensstammelse",
    )


def _codebook(word: WordFile, account: Account) -> None:
    word.heading("Kodboken under arbetet", 2)
    changes = account.background.changes
    if len(changes) < 2:
        when = f" {date_words(changes[0].at[:10])}" if changes else ""
        word.text(f"Kodboken antogs{when} och har inte ändrats sedan dess.")
        return
    word.table(
        "Kodbokens ändringar",
        [Column("Datum", 3.4), Column("Vem", 3), Column("Vad", 9.6)],
        [[date_words(change.at[:10]), change.who, change.summary] for change in changes],
        name="tabell_kodbok",
    )


# --- counting and deviations ----------------------------------------------------------------------------


def _counting(word: WordFile, data: ReportData) -> None:
    word.heading("Så räknas det", 2)
    word.bullets(
        [
            "Allt räknas i personer: den som tar upp en sak flera gånger räknas en gång.",
            [
                "Ord som ”majoriteten” och ”flera” väljs efter antalet, ur en fast tabell",
                *data.refer("mangdord", " ({})"),
                ". Antalet står alltid intill.",
            ],
            f"I grupper med färre än {SMALL_GROUP} personer skrivs antalet ut, ”två av tre”, i stället för ett ord.",
            f"Samsyn, blinda fläckar och att parter pekar på varandra kräver minst {FEWEST_AGREEING} personer; en "
            f"motsägelse minst {FEWEST_A_SIDE} på varje sida.",
            f"Den röda tråden tar med {data.spoken['flaskhals'].many} som minst "
            f"{number_words(data.thread.at_least, 'person', 'personer')} nämner.",
            "Delad plats i en rangordning visas som delad. Decimaler avrundas uppåt från en halv.",
        ]
    )


def _deviations(word: WordFile, data: ReportData, account: Account) -> None:
    word.heading("Avvikelser från planen", 2)
    lines = []
    for row in account.sample:
        if row.difference:
            word_for = "färre" if row.difference < 0 else "fler"
            name = lower_first(data.group_name(row.group))
            lines.append(f"{abs(row.difference)} {word_for} än planerat är intervjuade bland {name}.")
    undated = sum(not t.date for t in account.transcripts)
    untimed = sum(not t.minutes for t in account.transcripts)
    lines += [
        f"{number_words(n, 'intervju', 'intervjuer')} saknar {what}."
        for n, what in ((undated, "datum"), (untimed, "uppgift om längd"), (len(account.uncoded), "kodningar"))
        if n
    ]
    word.bullets(lines or ["Studien visar inga avvikelser."])
    word.lead("Fylls i av er: ", "skälen till avvikelserna, och annat som inte blev som det var tänkt.")


# --- COREQ ----------------------------------------------------------------------------------------------


def coreq(word: WordFile, data: ReportData) -> None:
    """Write the check list: three tables, one per domain, with what is told, where, and what people have to fill in."""
    answers = fill_in(data.account, data.parts)
    known = sum(bool(answer.told) for answer in answers)
    word.heading(f"{upper_first(data.appendix('coreq'))}. Checklista för redovisning (COREQ)", new_page=True)
    word.text(
        "COREQ är en checklista i 32 punkter för vad en rapport om intervjuer bör redovisa (Tong, Sainsbury & Craig "
        f"2007, Int J Qual Health Care 19:349–357), här med egna ord. {known} punkter är ifyllda ur studien, några "
        f"av dem till en del; resten är märkta ”{TO_FILL_IN}”."
    )
    for domain, group in groupby(answers, key=lambda answer: answer.item.domain):
        word.heading(domain, 2)
        rows: list[list[str | Cell]] = [
            [
                str(answer.item.number),
                Cell(answer.item.topic, bold=True),
                answer.item.question,
                answer.told if answer.told else Cell(TO_FILL_IN, fill=_FILL),
                _place(data, answer.part),
            ]
            for answer in group
        ]
        word.table(
            f"COREQ: {lower_first(domain)}",
            [
                Column("Nr", 0.9, number=True),
                Column("Punkt", 2.9),
                Column("Fråga", 4.2),
                Column("Svar", 5.8),
                Column("Var", 2.2),
            ],
            rows,
            describe="En rad per punkt: frågan, vad studien vet om den och var i rapporten det står.",
        )


def _place(data: ReportData, part: str) -> str:
    return upper_first(data.appendix(part)) or PARTS.get(part, "–")
