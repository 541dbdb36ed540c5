"""COREQ: what a report on interviews should tell, 32 items that the study fills in as far as it knows.

The items are those of Tong, Sainsbury & Craig (2007), "Consolidated criteria for reporting qualitative research",
Int J Qual Health Care 19(6), 349–357, asked in our own Swedish words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from intervjukit.core.account import Account
from intervjukit.core.numbers import number, percent
from intervjukit.core.phrases import listed, lower_first, number_words, period

TO_FILL_IN = "Fylls i av er"
_TEAM, _DESIGN, _ANALYSIS = (
    "Forskargruppen och relationen till de intervjuade",
    "Studiens upplägg",
    "Analys och resultat",
)


def _unknown(account: Account) -> str:
    """Say nothing: the study cannot know."""
    return ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its number, domain and topic, what is asked, where the report tells it, and what the study knows.

    ``parts`` are parts of core.report, the first of them that is written is the place; ``tell`` returns "" when
    people have to answer.
    """

    number: int
    domain: str
    topic: str
    question: str
    parts: tuple[str, ...] = ()
    tell: Callable[[Account], str] = _unknown


@dataclass(frozen=True, slots=True)
class Answer:
    """An item with what the study tells about it ("" when people have to), and the part of the report (or "")."""

    item: Item
    told: str
    part: str


def fill_in(account: Account, written: Collection[str]) -> list[Answer]:
    """Return all 32 items answered as far as the study knows; ``written`` are the parts the report consists of."""
    return [
        Answer(item, item.tell(account), next((part for part in item.parts if part in written), "")) for item in ITEMS
    ]


# --- what the study knows -------------------------------------------------------------------------------


def _interviewers(account: Account) -> str:
    named = [(name, n) for name, n in account.interviewers.most_common() if name]
    if not named:
        return ""
    unsaid = account.interviewers[""]
    told = listed([f"{name} ({number_words(n, 'intervju', 'intervjuer')})" for name, n in named])
    return f"{told}." + (f" I {number_words(unsaid, 'intervju', 'intervjuer')} är det inte sagt." if unsaid else "")


def _size(account: Account) -> str:
    groups = [
        f"{lower_first(account.protocols[row.group].group_name)} {row.interviewed}"
        for row in account.sample
        if row.interviewed
    ]
    return f"{number_words(account.people, 'person', 'personer')}: {listed(groups)}." if groups else ""


def _fewer(account: Account) -> str:
    short = [row for row in account.sample if (row.difference or 0) < 0]
    if not account.background.plan:
        return ""
    if not short:
        return "Alla planerade intervjuer är gjorda. Fyll i om någon tackade nej och ersattes."
    told = listed([f"{lower_first(account.protocols[row.group].group_name)} {-(row.difference or 0)}" for row in short])
    return f"Färre än planerat: {told}. Fyll i skälen."


def _described(account: Account) -> str:
    when = period(transcript.date for transcript in account.transcripts)
    told = [f"Intervjuerna gjordes {when}."] if when else []
    if account.facts:
        told.append(f"Bakgrundsuppgifter i studien: {listed([lower_first(name) for name in account.facts])}.")
    return " ".join(told)


def _guides(account: Account) -> str:
    questions = [sum(1 for _ in account.protocols[row.group].questions()) for row in account.sample if row.interviewed]
    if not questions:
        return ""
    spread = str(questions[0]) if len(set(questions)) == 1 else f"{min(questions)}–{max(questions)}"
    guides = number_words(len(questions), "guide", "guider, en per grupp")
    return f"{guides}, med {spread} frågor. Fyll i om de har provats."


def _again(account: Account) -> str:
    if not account.transcripts:
        return ""
    if not account.again:
        return "Nej, var och en har intervjuats en gång."
    return f"Ja, {number_words(account.again, 'person', 'personer')} mer än en gång."


def _notes(account: Account) -> str:
    n = account.background.notes
    return f"{number_words(n, 'anteckning', 'anteckningar')} i studien, med tid och vem som skrev." if n else ""


def _length(account: Account) -> str:
    known = account.minutes
    if not known:
        return ""
    unknown = len(account.transcripts) - len(known)
    mean = number(sum(known) / len(known))
    told = f"{known[0]}–{known[-1]} minuter, i medeltal {mean}."
    return told + (f" Längden är okänd för {number_words(unknown, 'intervju', 'intervjuer')}." if unknown else "")


def _saturation(account: Account) -> str:
    latest = account.latest_new_theme()
    if latest is None:
        return ""
    return (
        f"Det sista tema som inte var kodat förut kom i intervju {latest[0]} av {latest[1]} i datumordning. "
        "Fyll i er bedömning av om det räcker."
    )


def _coders(account: Account) -> str:
    if not account.coders:
        return ""
    rows = [f"{c.name} ({number_words(c.interviews, 'intervju', 'intervjuer')})" for c in account.coders]
    told = f"{number_words(len(rows), 'kodare', 'kodare')}: {listed(rows)}."
    both = len(account.background.comparisons)
    return told + (" Överensstämmelsen mellan dem är uträknad." if both else "")


def _code_tree(account: Account) -> str:
    book = account.codebook
    facets = listed([lower_first(facet.name) for facet in book.facets])
    limits, examples = sum(bool(code.limits) for code in book), sum(bool(code.examples) for code in book)
    whole = limits == examples == len(book)
    told = ", gränser och exempel" if whole else f"; {limits} med gränser mot andra teman och {examples} med exempel"
    return f"{number_words(len(book), 'tema', 'teman')} med definition{told}; därtill {facets}."


def _derivation(account: Account) -> str:
    changes = account.background.changes
    adopted = "Temana stod i en kodbok som antogs i förväg"
    later = len(changes) - 1
    if later < 1:
        return f"{adopted}."
    return f"{adopted} och ändrades {'en gång' if later == 1 else f'{later} gånger'} under arbetet."


def _software(account: Account) -> str:
    told = f"{account.background.program}, på egen dator."
    if not account.suggestions:
        return f"{told} Inga förslag från programmet användes."
    kept = account.settled - account.decided["rejected"]
    share = percent(kept / account.settled) if account.settled else ""
    decided = f" {share} av dem som bedömts godtogs, med eller utan ändring." if share else ""
    return f"{told} Programmet lade fram förslag som en person godtog eller avvisade.{decided}"


def _quotes(account: Account) -> str:
    return "Ja, med den intervjuades kod efter varje citat." if account.codings else ""


def _consistent(account: Account) -> str:
    if not account.codings:
        return ""
    return "Varje antal är räknat ur kodningarna och går att följa till citaten. Fyll i er egen bedömning."


def _major(account: Account) -> str:
    return "Teman i rangordning efter antal personer, och per grupp." if account.codings else ""


def _minor(account: Account) -> str:
    if not account.codings:
        return ""
    return "Alla fynd redovisas, även en enda persons, liksom var grupperna säger emot varandra."


ITEMS = (
    Item(1, _TEAM, "Intervjuare", "Vem eller vilka höll i intervjuerna?", ("metodbilaga",), _interviewers),
    Item(2, _TEAM, "Utbildning", "Vilken examen eller vetenskaplig utbildning har de?"),
    Item(3, _TEAM, "Yrke", "Vad arbetade de med när studien gjordes?"),
    Item(4, _TEAM, "Kön", "Är de kvinnor, män eller annat?"),
    Item(5, _TEAM, "Erfarenhet", "Vilken erfarenhet och träning har de av att intervjua?"),
    Item(6, _TEAM, "Tidigare kontakt", "Kände intervjuare och intervjuade varandra före studien?"),
    Item(7, _TEAM, "Vad de intervjuade visste", "Vad fick de veta om intervjuaren och om varför studien görs?"),
    Item(8, _TEAM, "Intervjuarens förförståelse", "Vilka antaganden, skäl och intressen hade intervjuaren?"),
    Item(9, _DESIGN, "Metodansats", "Vilken metodologisk ansats bygger studien på?"),
    Item(10, _DESIGN, "Urval", "Hur valdes de intervjuade ut?"),
    Item(11, _DESIGN, "Tillfrågan", "Hur togs kontakt med dem?"),
    Item(12, _DESIGN, "Antal", "Hur många deltog?", ("metodbilaga", "metod"), _size),
    Item(13, _DESIGN, "Bortfall", "Hur många avböjde eller avbröt, och varför?", ("metodbilaga",), _fewer),
    Item(14, _DESIGN, "Plats", "Var hölls intervjuerna?"),
    Item(15, _DESIGN, "Andra närvarande", "Var någon mer med än den intervjuade och intervjuaren?"),
    Item(16, _DESIGN, "De intervjuade", "Vad kännetecknar dem, och när intervjuades de?", ("metodbilaga",), _described),
    Item(17, _DESIGN, "Intervjuguide", "Vilka frågor ställdes, och var de prövade?", ("guider",), _guides),
    Item(18, _DESIGN, "Upprepade intervjuer", "Intervjuades någon flera gånger?", ("metodbilaga",), _again),
    Item(19, _DESIGN, "Inspelning", "Spelades intervjuerna in, med ljud eller bild?"),
    Item(20, _DESIGN, "Fältanteckningar", "Gjordes anteckningar under eller efter intervjun?", (), _notes),
    Item(21, _DESIGN, "Längd", "Hur länge varade intervjuerna?", ("metodbilaga", "metod"), _length),
    Item(22, _DESIGN, "Mättnad", "Diskuterades om fler intervjuer hade gett något nytt?", (), _saturation),
    Item(23, _DESIGN, "Utskriften tillbaka", "Fick de intervjuade läsa och rätta sin utskrift?"),
    Item(24, _ANALYSIS, "Kodare", "Hur många kodade?", ("metodbilaga", "metod"), _coders),
    Item(25, _ANALYSIS, "Kodboken", "Redovisas kodbokens teman och hur de hänger ihop?", ("kodbok",), _code_tree),
    Item(
        26, _ANALYSIS, "Hur teman kom till", "Bestämdes de i förväg eller växte de fram?", ("metodbilaga",), _derivation
    ),
    Item(27, _ANALYSIS, "Program", "Vilket program användes?", ("metodbilaga", "metod"), _software),
    Item(28, _ANALYSIS, "Återkoppling", "Fick de intervjuade lämna synpunkter på resultatet?"),
    Item(29, _ANALYSIS, "Citat", "Finns citat, och framgår vem som sagt vad?", ("fynd", "grupper"), _quotes),
    Item(30, _ANALYSIS, "Stöd i materialet", "Stämmer resultatet med det som sägs i citaten?", ("fynd",), _consistent),
    Item(31, _ANALYSIS, "Huvudteman", "Framgår vilka som är huvudteman?", ("rangordning", "grupper"), _major),
    Item(32, _ANALYSIS, "Avvikande och mindre teman", "Redovisas det som få säger?", ("fynd", "perspektiv"), _minor),
)
"""The 32 items in their order."""
