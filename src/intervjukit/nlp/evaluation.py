"""How people evaluate in Swedish, whatever the study is about: words of success, hindrance and wish.

Weaker evidence than a code book's own cues, and only used beside them. The lists are general Swedish; nothing
in them comes from any study's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from intervjukit.nlp.pipeline import Hit

GENERAL = "*"
"""The facet that stands before ":" in the owner of a general hit, which no code book can have."""
SUPPORT = "support"
"""The value of words that are a success only when somebody got them ("stöd", "hjälp")."""

_HIDDEN = "hidden"

# matched in every inflection
_LEMMAS = {
    "framgang": """bra, god, fin, hjälpa, hjälpsam, stödja, stötta, fungera, funka, underlätta, lätt, enkel, smidig,
        trygg, lyssna, lyhörd, snabb, snabbt, fort, tydlig, nöjd, lugn, positiv, lyckas, lyckad, orka, skön, glad,
        tacksam, uppskatta, stärka, förbättra, lösning, hoppfull, värdefull, effektiv, engagerad, kunnig,
        tillmötesgående, omtänksam, fördel, framgång, framgångsrik, ställa upp, på allvar, slippa, slapp, utmärkt,
        perfekt, härlig, underbar, duktig, flexibel, uppmuntra, möjliggöra, växa som människa, ta hand om, bli frisk,
        ta sig tid, respektfull, professionell, rolig, välfungerande, främja, gynna, förtroende, tillit""",
    "flaskhals": """svår, svårighet, dålig, brist, bristfällig, sakna, dröja, vänta, väntan, försvåra, försämra,
        otydlig, oklar, problem, tung, kaos, kaotisk, tappa, strula, krångla, krånglig, dra ut, neka, ifrågasätta,
        misstro, misslyckas, hindra, hinder, försena, osäker, ovisshet, orolig, rädd, maktlös, utlämnad, förlora,
        tvinga, tvungen, orättvis, onödig, jobbig, långsam, seg, långdragen, felaktig, konflikt, kränka, kränkt,
        motarbeta, hopplös, frustration, frustrerad, besviken, stressig, stressad, slita, kämpa, tjata, bolla,
        nackdel, negativ, glömma bort, lång tid, mellan stol, mellan stolarna, ta slut, ta tid, helt slut, ge upp,
        stöta på, bli fel, i kläm, avsaknad, fallgrop, missförstånd, okunskap, okunnig, nonchalant, nonchalera,
        omöjlig, stelbent, fyrkantig, splittrad, resursbrist, tidsbrist, underbemannad, överbelastad, ryckig, sträng,
        bryta samman, falla igenom""",
    "onskan": "efterfråga, efterlysa, förhoppning, önskvärd, önskemål, gå att förbättra, förbättringsområde",
    SUPPORT: """hjälp, stöd, stöttning, uppbackning, förståelse, gehör, återkoppling, uppmuntran, bekräftelse,
        vägledning""",
}
# matched as written
_FORMS = {
    "framgang": """förstod, klarade, klarat, klarar, löste, löst, löser, stöttade, stöttat, stöttar, stöttande,
        givande, bättre och bättre, dröjde inte länge, tog inte lång tid, hopp, förstående, glädje, trivs, trivdes,
        mår bättre, mådde bättre, kom i gång, kom igång""",
    "flaskhals": """för lite, för litet, för få, för sent, för sena, för länge, för lång, för långt, för långa, för
        mycket, för många, för snabbt, för fort, för tidigt, för kort, för korta, för stor, för stort, för stora, för
        hög, för högt, för höga, för låg, för lågt, för låga, för svårt, för svår, för svåra, för hårt, för tungt, för
        tung, för dyrt, för dålig, för dåligt, för dåliga, för sällan, för vag, för vaga, lång väntan, hann inte,
        hinner inte, räcker inte, räckte inte, orkar inte, gick inte, går inte, kom inte fram, kommer inte fram,
        försvinner, försvann, tvärtom, värre, mot väggen, i onödan""",
    "onskan": """vore, hade behövt, hade velat, hade varit bra om, hade gärna, skulle gärna, kunde gärna, får gärna,
        vill gärna, gärna se, helst, vill ha, vill se, jag vill att, vi vill att, man vill att, vill att de, måste
        bli, måste få, måste finnas, fick jag bestämma, jag fick bestämma, vi fick bestämma, fick vi bestämma, behövs,
        skulle behövas, vi behöver, behöver bli, behöver få, behöver ha, behöver mer, behöver fler, behöver bättre,
        kunde ha, kunde varit, kunnat vara, kan bli bättre, kunde bli bättre, kunde vara bättre, det hade hjälpt, i
        stället skulle, skulle ha fått, skulle ha varit, skulle kunna, skulle vilja, drömmer om, bra om, ser framför
        mig, ser framför oss""",
    # what only looks like an evaluation, and hides the words in it
    _HIDDEN: """för länge sedan, för länge sen, för många år, för mycket länge, bra fråga, hur bra, klart att, väntade
        mig, väntat mig, väntar barn, hur det fungerar, hur det fungerade, om det fungerar, ska fungera, i god tid,
        god man, vi får se, så fort, så snabbt som möjligt, så gott som, så gott, lätt att säga, en bra bit, god
        morgon, i bästa fall, för många är, för många handlar, för många innebär, lika bra, hålla på, på gott och ont,
        gott om, inte minst, bra länge, bra många""",
}


class EvaluationMatcher:
    """Finds the general words of evaluation in texts that a pipeline has given keys."""

    def __init__(self, nlp: Language) -> None:
        """Build the matchers with the pipeline ``nlp``, so that lists and texts have the same keys."""
        self._vocab = nlp.vocab
        self._matchers = [_matcher(nlp, "LEMMA", _LEMMAS), _matcher(nlp, "LOWER", _FORMS)]

    def hits(self, doc: Doc) -> Iterator[Hit]:
        """Yield what is found in order, the longest only where several overlap; owners are ``*:valence``."""
        found = [
            (span.start_char, -span.end_char, self._vocab.strings[owner], span)
            for matcher in self._matchers
            for owner, first, last in matcher(doc)
            for span in (doc[first:last],)
        ]
        reached = 0
        for start, end, value, span in sorted(found, key=lambda its: its[:3]):
            if start >= reached:
                reached = -end
                if value != _HIDDEN:
                    yield Hit(f"{GENERAL}:{value}", span.text, start, -end, "böjning", span.text)


def _matcher(nlp: Language, attr: str, phrases: Mapping[str, str]) -> PhraseMatcher:
    matcher = PhraseMatcher(nlp.vocab, attr=attr)
    for value, listed in phrases.items():
        matcher.add(value, list(nlp.pipe(" ".join(phrase.split()) for phrase in listed.split(","))))
    return matcher
