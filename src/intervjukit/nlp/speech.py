"""How words sound in speech and in dialect, and the standard spelling that each stands for.

Only spellings that are safe in running text. "de" may be "det" or "de", "ja" may be "jag" and "nått" is also a form
of "nå": such words stay as they are.
"""

from __future__ import annotations

from functools import lru_cache

from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.lexicon import base_form

# written: spoken spellings
_SPELLINGS = """
de: dom domm di dåm; mig: mej; dig: dej; sig: sej; honom: honnom hånom; henne: hänne; hennes: hännes
vår: våran; vårt: vårat; deras: domsas domas doms deses; varandra: varann
någon: nån nåan nåken nånannan nåns; något: nåt nåe någe; några: nåra nåka; någonting: nånting nåting
någonstans: nånstans nåstans nånstanns; någonsin: nånsin nåsin; ingenstans: ingenstanns ingestans
sådan: sån sånn såndär; sådant: sånt såntdär; sådana: såna sånna såntna; sedan: sen senn seda
alltså: asså alså allså altså assåatt; inte: int ente änte itte inteh hinte; ingen: ingan
är: ä e äre ärre; var: va; och: å; också: oxå åsså osså åckså ocså; hade: hadde hadd; haft: havt; skulle: sku
säger: säjer sajer säjjer; säga: säja säjja; säg: säj; tycker: tyker; tror: trorr
lite: litte litegrann liite; mycket: mycke möcke mycki myket; bara: ba; upp: opp; uppe: oppe
hemma: hemme; ner: ne; nästan: nästann; egentligen: egentlien igentligen egentlign
precis: presis precist; iallafall: iaf iallefall allafall; liksom: lissom liksåm lixom; nej: nä nää näe näej nepp
ja: jao jaa japp jepp aa; tillbaka: tebaks tebax tillbaks tillbax tebaka
imorgon: imorron imorrn; morgon: morron morrn; staden: stan; dagen: dan; dagar: dar
måndagen: måndan; tisdagen: tisdan; onsdagen: onsdan; torsdagen: torsdan; fredagen: fredan; lördagen: lördan
söndagen: söndan; måndag: månda; tisdag: tisda; onsdag: onsda; torsdag: torsda; lördag: lörda
söndag: sönda; måndags: måndas
doktorn: dokton; läkaren: läkarn; handläggaren: handläggarn; ledaren: ledarn; läraren: lärarn
arbetsgivaren: arbetsgivarn; arbetsförmedlaren: arbetsförmedlarn
försäkringskassan: försäkringskassn fösäkringskassan försäkringkassan försekringskassan
vårdcentralen: vårdcentraln vårdcentrallen; sjukskriven: sjukskrivn sjukskrivin; arbetsförmedlingen: arbetsförmedlinen
gjorde: gjode jorde; gjort: jort; göra: jöra göa; gör: jör; blev: blidde; blivit: vurti blitt blivi
kommit: kommi; tagit: tagi; suttit: sutti; skrivit: skrivi; kunde: kunne konde; måste: måsste
tillsammans: tesammans tillsamans tesamman; mellan: mella; emellan: emella
annars: annasch annarsch; kanske: kanskje kansche kansk; förresten: förrsten; ibland: iblann iblan
alldeles: alldes alldels; verkligen: verklien; tyvärr: tyvär; ungefär: ungefä unjefär; alltid: alti allti
aldrig: aldri allri; varför: vaffö vaffor vafför; därför: däför; faktiskt: faktist; praktiskt: praktist
psykiskt: psykist; fysiskt: fysist; jättebra: jättebr; jobba: jåbba; jobbet: jåbbet
"""
SPOKEN = {
    spelling: written
    for written, spellings in (row.split(":") for row in _SPELLINGS.replace("\n", ";").split(";") if row.strip())
    for spelling in spellings.split()
    for written in [written.strip()]
}
"""Spoken spellings in lower case, each with the written form."""
_MUTE = (("it", "igt"), ("i", "ig"), ("ia", "iga"), ("ie", "ige"))


@lru_cache(REMEMBERED)
def mended(low: str) -> str:
    """Return the written form of a word in lower case; a word that is none of the spoken spellings comes back.

    Beside the table, the g that few pronounce: "nödvändi", "jobbit" and "viktia", where no other word is spelt so.
    """
    if low in SPOKEN:
        return SPOKEN[low]
    for spoken, written in _MUTE:
        if len(low) > 4 and low.endswith(spoken):
            whole = low.removesuffix(spoken) + written
            if base_form(low) is None and base_form(whole) is not None:
                return whole
    return low
