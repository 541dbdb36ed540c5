"""The chapters of the report, each a function that writes one of them from the study's material."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from intervjukit.core.findings import (
    Contrast,
    Finding,
    Ranked,
    View,
    compare_groups,
    leading,
    look_at_parties,
    rank_factors,
)
from intervjukit.core.numbers import number
from intervjukit.core.swot import FIELD_NAMES, FIELDS
from intervjukit.export.material import (
    Picture,
    ReportData,
    listed,
    lower_first,
    number_words,
    of,
    telling,
    upper_first,
)
from intervjukit.export.word import Cell, Column, WordFile

MOST_TOLD = 6
MOST_SUMMED_UP = 5
MOST_RANKED = 12
MOST_CONTRASTS = 6
_TINTS = {"styrka": "E4F0E8", "svaghet": "F8E8E1", "mojlighet": "E5EDF7", "hot": "FBF1DA"}
_UNSHOWN = "finns i studien men visas inte här"
_KINDS = {
    "samsyn": (
        "Här är parterna eniga",
        "Grupper från minst två parter lägger samma {bottleneck} på samma ställe.",
    ),
    "motsägelse": (
        "Här säger de emot varandra",
        "Några grupper beskriver främst {some} där andra främst beskriver {helpful}. Grupperna räknas "
        "efter det som flest i dem säger; enskilda i gruppen kan tycka tvärtom.",
    ),
    "blind fläck": (
        "Det syns utifrån men inte inifrån",
        "Andra ser {some} hos parten, men ingen av partens egna grupper gör det.",
    ),
    "pekar på varandra": (
        "De pekar på varandra",
        "Två parter lägger samma {bottleneck} hos varandra.",
    ),
}


def summary(word: WordFile, data: ReportData, charts: Mapping[str, Picture]) -> None:
    """Write what stands out, in three paragraphs and a chart; every number is counted respondents."""
    word.heading("Sammanfattning", new_page=True)
    groups = number_words(len(data.totals), "grupp", "grupper")
    word.text(
        f"{number_words(data.people, 'person', 'personer')} i {groups} har intervjuats. Här är vad flest av dem tar "
        "upp. Siffrorna är antal personer, inte hur många gånger något har sagts."
    )
    for valence, said in data.spoken.items():
        ranked = leading(rank_factors(data.codings, data.totals, valence), MOST_SUMMED_UP)
        if ranked:
            word.lead(f"{said.opening}: ", f"{'; '.join(_summed_up(data, valence, row) for row in ranked)}.")
    agreement_line(word, data)
    if "flaskhals" in charts:
        word.figure(charts["flaskhals"].png, _bars(data, "flaskhals"), charts["flaskhals"].alt)


def _bars(data: ReportData, valence: str) -> str:
    return f"Teman som nämns som {data.spoken[valence].one}, antal av {data.people} intervjuade"


def _summed_up(data: ReportData, valence: str, row: Ranked) -> str:
    """Return a factor as worded, with its theme and number: "lång väntan … (väntetider, 24 av 33)"."""
    code = data.codebook.code(row.code)
    theme = "" if code.heading(valence) == code.name else f"{lower_first(code.name)}, "
    return f"{lower_first(code.heading(valence))} ({theme}{of(row.n, row.total)})"


def agreement_line(word: WordFile, data: ReportData) -> None:
    """Write what the parties agree on most, and what they disagree on most."""
    contrasts = compare_groups(data.codings, data.totals, data.own_parties())
    for kind, opening in (("samsyn", "Störst enighet"), ("motsägelse", "Störst oenighet")):
        first = next((c for c in contrasts if c.kind == kind), None)
        if first:
            word.lead(f"{opening}: ", f"{_contrast_topic(data, first)}. {_sides(data, first)}.")


def method(word: WordFile, data: ReportData) -> None:
    """Write how the study was done: groups, dates, lengths, coding; from the study itself."""
    word.heading("Så gjordes studien", new_page=True)
    when = f" {data.dates()}" if data.dates() else ""
    undated = sum(not t.date for t in data.transcripts)
    if when and undated:
        when += f" ({number_words(undated, 'intervju', 'intervjuer')} saknar datum)"
    minutes = [t.minutes for t in data.transcripts if t.minutes]
    words = sum(t.words for t in data.transcripts)
    length = (
        f" Längden var {min(minutes)}–{max(minutes)} minuter, i medeltal {number(sum(minutes) / len(minutes))}."
        if minutes
        else ""
    )
    held = number_words(len(data.transcripts), "intervju", "intervjuer")
    word.text(
        [
            f"{held} gjordes{when}.{length} Varje grupp hade sin egen intervjuguide",
            *data.refer("guider", "; frågorna står i {}"),
            f". Utskrifterna omfattar tillsammans {number_words(words, 'ord', 'ord')}.",
            *data.refer("metodbilaga", " Mer om hur studien gjordes står i {}."),
        ]
    )
    _sample_table(word, data)
    word.heading("Kodning", 2)
    coders = Counter(coding.coder for coding in data.codings)
    told = listed([f"{coder} ({n})" for coder, n in coders.most_common()])
    word.text(
        [
            f"De intervjuades egna ord har kodats efter en kodbok med {len(data.codebook)} teman",
            *data.refer("kodbok", " ({})"),
            f". Varje kodning har {_what_a_coding_has(data)}. "
            f"{number_words(len(data.codings), 'kodning är gjord', 'kodningar är gjorda')}. Kodare: "
            f"{told}. Intervjuarens ord kodas aldrig.",
        ]
    )
    _incomplete_line(word, data)
    _suggestion_line(word, data)
    word.heading("Så ska siffrorna läsas", 2)
    word.text(
        [
            "Allt räknas i personer: den som tar upp samma sak fem gånger räknas en gång. Ord som ”samtliga”, "
            "”majoriteten”, ”flera” och ”några” följer en fast tabell",
            *data.refer("mangdord", " ({})"),
            ". Det som står i rapporten är vad de intervjuade har berättat; ingen uppgift har prövats mot andra "
            "källor. I en grupp med få personer väger var och en tungt"
            f"{', och grupperna är olika stora' if len(set(data.totals.values())) > 1 else ''}.",
        ]
    )
    small = [data.group_name(group) for group, n in data.totals.items() if n < 3]
    if small:
        word.text(
            f"Färre än tre har intervjuats bland {listed([lower_first(name) for name in small])}. Där kan enskilda "
            "kännas igen på sina svar; gå igenom citaten innan rapporten sprids."
        )


def _what_a_coding_has(data: ReportData) -> str:
    facets = {facet.id: facet for facet in data.codebook.facets}
    kinds = [lower_first(value.name) for value in facets["valence"].values] if "valence" in facets else []
    parts = ["ett tema"]
    if kinds:
        parts.append(f"ett slag ({listed(kinds, last='eller')})")
    if "party" in facets:
        parts.append("den part som saken läggs hos")
    told = listed(parts) if "phase" not in facets else ", ".join(parts)
    return f"{told} och, när det går att avgöra, ett skede" if "phase" in facets else told


def _sample_table(word: WordFile, data: ReportData) -> None:
    rows = []
    for group, n in data.totals.items():
        held = [t for t in data.transcripts if t.group == group]
        minutes = [t.minutes for t in held if t.minutes]
        mean = number(sum(minutes) / len(minutes) if minutes else None)
        words = number(sum(t.words for t in held) / len(held))
        rows.append([data.group_name(group), str(n), data.dates(group) or "–", mean, words])
    rows.append(["Alla", str(data.people), data.dates() or "–", "", ""])
    word.table(
        "Intervjuade per grupp",
        [
            Column("Grupp", 4.4),
            Column("Antal", 1.4, number=True),
            Column("Intervjuades", 5.2),
            Column("Minuter i medeltal", 2.2, number=True),
            Column("Ord i medeltal", 1.9, number=True),
        ],
        rows,
    )


def _incomplete_line(word: WordFile, data: ReportData) -> None:
    """Say how many codings lack what a finding needs, so that nobody looks for them in the tables."""
    unplaced = sum(not coding.party for coding in data.codings)
    unsorted = sum(not coding.valence for coding in data.codings)
    if unsorted:
        word.text(f"{number_words(unsorted, 'kodning', 'kodningar')} saknar slag och räknas inte bland fynden.")
    if unplaced:
        word.text(f"{number_words(unplaced, 'kodning', 'kodningar')} saknar part och räknas inte mellan parterna.")


def _suggestion_line(word: WordFile, data: ReportData) -> None:
    decided = Counter(suggestion.status for suggestion in data.suggestions)
    made = len(data.suggestions)
    if not made:
        word.text("Inga förslag från programmet har använts; all kodning är gjord för hand.")
        return
    settled = made - decided["open"]
    word.text(
        f"Programmet har lagt fram {number_words(made, 'förslag', 'förslag')} till kodning. Så har de bedömts: "
        f"godtagna {decided['accepted']}, godtagna med ändring {decided['changed']}, avvisade {decided['rejected']}, "
        f"ännu inte bedömda {made - settled}. Ett förslag räknas först när en person har godtagit det."
    )


# --- a chapter per group --------------------------------------------------------------------------------


def groups(word: WordFile, data: ReportData) -> None:
    """Write a section per group: what helped, bottlenecks per party, wishes, with quotes."""
    word.heading("Vad grupperna berättar", new_page=True)
    word.text(
        "Här står grupperna var för sig, utan att svaren vägs mot varandra. Inom parentes står den part som gruppen "
        "lägger saken hos."
    )
    for group, total in data.totals.items():
        word.heading(data.group_name(group), 2)
        when = data.dates(group)
        told = f", {when}" if when else ""
        word.text(f"{number_words(total, 'intervjuad', 'intervjuade')}{told}.", keep=True)
        mine = [finding for finding in data.findings if finding.group == group]
        _told(word, data, data.spoken["framgang"].head, [f for f in mine if f.valence == "framgang"])
        _bottlenecks(word, data, group, [f for f in mine if f.valence == "flaskhals"])
        _told(word, data, data.spoken["onskan"].head, [f for f in mine if f.valence == "onskan"], quotes=1)


def _told(word: WordFile, data: ReportData, title: str, findings: Sequence[Finding], *, quotes: int = 2) -> None:
    if not findings:
        return
    word.heading(title, 3)
    shown = findings[:MOST_TOLD]
    for f in shown:
        line = f"{data.heading(f)} ({lower_first(data.party_name(f.party))}): {_counted(f)}"
        word.text(line, "List Bullet", keep=f is not shown[-1])
    rest = len(findings) - len(shown)
    if rest:
        more = f"Ytterligare {number_words(rest, 'sak', 'saker')} "
        word.text([more, *data.refer("fynd", "står i {}", _UNSHOWN), "."])
    for finding in shown[:quotes]:
        for coding in telling(finding.codings, 1):
            word.quote(coding.quote, coding.respondent)


def _bottlenecks(word: WordFile, data: ReportData, group: str, findings: Sequence[Finding]) -> None:
    """Write the group's bottleneck table: the most named ones, sorted by the party they are placed at."""
    if not findings:
        return
    said = data.spoken["flaskhals"]
    word.heading(f"{said.head} per part", 3)
    shown = _most_named(findings)
    ordered = sorted(shown, key=lambda f: (data.parties.index(f.party), -f.n, f.code))
    rows: list[list[str | Cell]] = []
    for finding in ordered:
        quote = telling(finding.codings, 1)[0]
        rows.append(
            [
                data.party_name(finding.party),
                data.heading(finding),
                upper_first(_counted(finding)),
                f"”{_short(quote.quote)}” {quote.respondent}",
            ]
        )
    total = data.totals[group]
    word.table(
        f"{said.head} enligt gruppen {lower_first(data.group_name(group))}",
        [Column("Part", 3.0), Column(upper_first(said.one), 4.0), Column("Så många", 2.6), Column("Ett citat", 6.4)],
        rows,
        describe=f"En rad per part och {said.one}: hur många i gruppen ({total}) som nämner saken, och ett citat.",
    )
    rest = len(findings) - len(shown)
    if rest:
        more = f"Ytterligare {number_words(rest, said.one, said.many)}, nämnda av en person var, "
        word.text([more, *data.refer("fynd", "står i {}", _UNSHOWN), "."])


def _most_named(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings of at least two people or, in groups too small for that, the first dozen."""
    shared = [finding for finding in findings if finding.n > 1]
    return shared if len(shared) >= MOST_TOLD else findings[: 2 * MOST_TOLD]


def _counted(finding: Finding) -> str:
    """Return the quantifier with its number: "majoriteten, 6 av 9", "en av 9"."""
    if finding.quantifier == "en":
        return f"en\u00a0av\u00a0{finding.total}"
    spelled = " av " in finding.quantifier or finding.total == 1
    return finding.quantifier if spelled else f"{finding.quantifier}, {of(finding.n, finding.total)}"


def _short(quote: str, most: int = 170) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= most else quote[: most - 1].rsplit(" ", 1)[0] + " …"


# --- perspectives and ranking ---------------------------------------------------------------------------


def perspectives(word: WordFile, data: ReportData, charts: Mapping[str, Picture]) -> None:
    """Write the parties' pictures held against one another."""
    word.heading("Parternas bilder mot varandra", new_page=True)
    bottleneck, helpful = data.spoken["flaskhals"], data.spoken["framgang"]
    word.text(
        f"Vem säger vad om vem? Figuren visar hur många i varje grupp som lägger {bottleneck.some} hos var och en av "
        "parterna. En ram visar gruppens egen part."
    )
    if "perspektiv" in charts:
        chart = charts["perspektiv"]
        word.figure(chart.png, f"Var grupperna ser {bottleneck.many}, antal intervjuade i varje grupp", chart.alt)
    if "parter" in charts:
        chart = charts["parter"]
        caption = f"Så många som lägger {bottleneck.some} hos parten: partens egna grupper, och de andra"
        word.figure(chart.png, caption, chart.alt)
    _view_table(word, look_at_parties(data.codings, data.totals, data.own_parties()), data)
    contrasts = compare_groups(data.codings, data.totals, data.own_parties())
    for kind, (title, explained) in _KINDS.items():
        found = [contrast for contrast in contrasts if contrast.kind == kind]
        if found:
            word.heading(title, 2)
            told = explained.format(bottleneck=bottleneck.one, some=bottleneck.some, helpful=helpful.some)
            word.text(told, keep=True)
            for contrast in found[:MOST_CONTRASTS]:
                topic = upper_first(_contrast_topic(data, contrast))
                word.lead(f"{topic}. ", f"{_sides(data, contrast)}.", "List Bullet")
            if len(found) > MOST_CONTRASTS:
                word.text(f"Ytterligare {len(found) - MOST_CONTRASTS} finns i studien men visas inte här.")


def _view_table(word: WordFile, views: Sequence[View], data: ReportData) -> None:
    bottlenecks, helpful = data.spoken["flaskhals"].many, data.spoken["framgang"].many
    rows: list[list[str | Cell]] = []
    for group in data.totals:
        own = [view for view in views if view.group == group and view.own]
        others = [view for view in views if view.group == group and not view.own]
        rows.append(
            [
                Cell(data.group_name(group), bold=True),
                _themes(own, "flaskhals", data),
                _themes(own, "framgang", data),
                _themes(others, "flaskhals", data),
                _themes(others, "framgang", data),
            ]
        )
    word.table(
        "Vad grupperna säger om sin egen part och om de andra",
        [
            Column("Grupp", 3.2),
            Column(f"Egen part: {bottlenecks}", 3.0),
            Column(f"Egen part: {helpful}", 3.0),
            Column(f"De andra: {bottlenecks}", 3.4),
            Column(f"De andra: {helpful}", 3.4),
        ],
        rows,
        describe="En rad per grupp med de teman som flest nämner om den egna parten och om de andra.",
    )


def _themes(views: Sequence[View], valence: str, data: ReportData) -> str:
    wanted = sorted((view for view in views if view.valence == valence), key=lambda view: (-view.n, view.party))
    lines = []
    for view in wanted[:2]:
        names = ", ".join(lower_first(data.codebook.code(code).name) for code in view.codes[:2])
        lines.append(names if view.own else f"{data.party_name(view.party)}: {names}")
    return "\n".join(upper_first(line) for line in lines) or "–"


def _contrast_topic(data: ReportData, contrast: Contrast) -> str:
    name = lower_first(data.codebook.code(contrast.code).name)
    where = listed([lower_first(data.party_name(party)) for party in contrast.parties])
    return f"{name} ({where})"


def _sides(data: ReportData, contrast: Contrast) -> str:
    parts = []
    for valence, words in (("flaskhals", data.spoken["flaskhals"].one), ("framgang", data.spoken["framgang"].some)):
        told = [_so_many(n, total, data.group_name(group)) for group, v, n, total in contrast.sides if v == valence]
        if told:
            parts.append(f"{words} enligt {listed(told)}")
    return upper_first("; ".join(parts))


def _so_many(n: int, total: int, group: str) -> str:
    """Return "6 av 9 chefer"; of a group with one in it "den enda i gruppen chefer", since its name is a plural."""
    return f"den enda i gruppen {lower_first(group)}" if total == 1 else f"{of(n, total)} {lower_first(group)}"


def ranking(word: WordFile, data: ReportData, charts: Mapping[str, Picture]) -> None:
    """Write the factors that recur, most respondents first, with ties shown as ties."""
    word.heading("Det som återkommer", new_page=True)
    word.text(
        "Teman ordnade efter hur många personer som tar upp dem, oavsett grupp. Delad plats markeras med =. Antalet "
        "säger inget om hur allvarlig saken är."
    )
    if "framgang" in charts:
        word.figure(charts["framgang"].png, _bars(data, "framgang"), charts["framgang"].alt)
    for valence in ("framgang", "flaskhals", "onskan"):
        ranked = rank_factors(data.codings, data.totals, valence)
        shown = leading(ranked, MOST_RANKED)
        if not shown:
            continue
        word.table(
            f"{data.spoken[valence].ranked} i rangordning, antal av {data.people} intervjuade",
            [
                Column("Plats", 1.3),
                Column("Tema", 4.0),
                Column("Antal", 1.4, number=True),
                Column("Grupper som tar upp det", 9.3),
            ],
            [
                [
                    row.place,
                    data.codebook.code(row.code).name,
                    str(row.n),
                    ", ".join(lower_first(data.group_name(group)) for group in row.groups),
                ]
                for row in shown
            ],
        )


# --- SWOT and measures ----------------------------------------------------------------------------------


def swot(word: WordFile, data: ReportData) -> None:
    """Write the SWOT, two by two, each line with the number of respondents behind it."""
    if not data.swot:
        return
    word.heading("SWOT", new_page=True)
    word.text(
        [
            "Styrkor och svagheter är sådant parterna själva kan påverka. Möjligheter och hot är sådant de inte råder "
            "över. Talet efter varje rad är hur många personer som står bakom den. Rutorna är ett urval",
            *data.refer("fynd", "; alla fynd står i {}"),
            ".",
        ]
    )
    fields = []
    for name in FIELDS:
        lines = [f"{item.text} ({item.weight})" for item in data.swot if item.field == name]
        fields.append((FIELD_NAMES[name], _TINTS[name], lines))
    word.quadrants("SWOT för processen som helhet", fields)


def measures(word: WordFile, data: ReportData) -> None:
    """Write the measures per responsible party, each with the SWOT lines it rests on."""
    if not data.measures:
        return
    word.heading("Åtgärder", new_page=True)
    word.text(
        "Förslag till åtgärder för varje part, med den svaghet som var och en svarar mot. Styrgruppen fyller i När och "
        "Uppföljning."
    )
    by_id = {item.id: item for item in data.swot}
    rows: list[list[str | Cell]] = []
    for measure in data.measures:
        rests = "; ".join(f"{by_id[item].text} ({by_id[item].weight})" for item in measure.cites if item in by_id)
        rows.append([data.party_name(measure.party), measure.text, rests, measure.due, measure.follow_up])
    word.table(
        "Åtgärder per ansvarig part",
        [
            Column("Ansvarig", 2.8),
            Column("Åtgärd", 5.0),
            Column("Svarar mot", 4.2),
            Column("När", 1.8),
            Column("Uppföljning", 2.2),
        ],
        rows,
    )
