"""Swedish compounds: which words one is made of.

What begins and what ends compounds, and how many, was counted in simplemma's dictionary (``compound_parts.tsv``,
written by tools/compound_parts.py). A split is likely when many other compounds begin and end like it, so
"koordinator" stays whole although "ko" is a word. What a study says of its own words is in ``swedish.Words``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.lexicon import base_form

SHORTEST = 6
"""Shorter words are never split."""
_LIKELY = -0.15
_JOINT = 2.0
_SHORT_PART = 0.55
_FORM = 0.25
_HEAVIEST = 2.3
_VOWELS = "aeiouyåäö"
_COMMON = 1.3
_LONG_REST = 5
_ABSTRACT = 1.0
_DERIVING = ("aktig", "lös", "sam", "het", "bar", "mässig", "full")
_ABSTRACTS = ("ings", "hets", "skaps", "tions", "sions", "itets", "elses", "ments")

# words of this field that a dictionary has in few compounds or none; each counts as if it began, or ended, twenty
_FIRST = """
    rehab rehabiliterings sjukskrivnings utmattnings avstämnings koordinator handläggar handläggnings
    bemannings stafett coping covid pandemi teams zoom mejl mail sms app webb digital video distans hemma
    schema stress kris samverkans besluts besluts läkemedels smärt sömn ångest depressions trauma kbt
    lönebidrags karens sjukpenning sjukintygs intygs remiss journal patient medarbetar chefs kollega personal
    enhets verksamhets områdes förvaltnings arbetsmiljö arbetsgivar arbetsförmedlings försäkringskasse
    vårdcentral primärvårds psykiatri terapi terapeut psykolog kurator sjukgymnast fysioterapi samtals mötes
    telefon brev uppföljnings anpassnings återgångs återfalls arbetstränings tränings bedömnings utrednings
    väntelist vänte anhörig närstående barn vab semester natt dag kväll helg timme tim hel halv del bidrags
    ersättnings överklagande ansöknings ansökan besvärs bemötande förståelse trygghets friskvårds ergonomi
    skrivbords belastnings resurs budget kultur lednings grupp team lag mentor handlednings introduktions
    lunch fika komp flex äldre gymnasie förskol hyres uppehålls visstids bistånds etablerings skilsmässo över
    under mellan efter
"""
_LAST = """
    koordinator handläggare samordnare sekreterare assistent terapeut psykolog kurator gymnast läkare
    sköterska chef kollega ledare specialist rådgivare ombud konsulent förmedlare kassa central mottagning
    avdelning klinik team grupp plan planering möte samtal besök intyg utlåtande remiss journal ansökan
    anmälan blankett beslut avslag besked utredning bedömning prövning träning anpassning uppföljning
    rehabilitering behandling terapi medicin sjukskrivning skrivning försäkring penning ersättning bidrag kö
    tid lista väntan miljö belastning börda stress press brist problem fråga krav mål stöd hjälp insats åtgärd
    kontakt person personal ansvar roll uppgift rutin regel lag process kedja system program kurs utbildning
    information syndrom depression ångest smärta värk ont besvär sjukdom sjuk skriven sjukskriven arbete jobb
    tjänst plats anställning anställd pass schema vecka dag mejl mail telefon nummer linje portal sida tjänst
    strategi kvalitet oro ork givare tagare vård omsorg boende skola lärare elev rulle drulle morska hälsa
    skift tryck rast rum program byte kompis kamrat vän vikarie kund patient lösning läge nivå års bok timme
    helg natt spår stimme prioritera planera skriva anmäla belasta bemanna arbeta jobba läkar
"""
_NOT = frozenset(_LAST.split()) | frozenset(
    """semester schema resurs samhälle intervju verksamhet ensamhet trötthet människa egentligen naturligtvis
    fortfarande någonting ingenting organisation kommun region struktur kultur tillsammans allting varandra
    överhuvudtaget dessutom därför därefter varför hursomhelst likadan handledare handledning handläggning
    riksdag självklar måndag tisdag onsdag torsdag fredag lördag söndag ordentlig antagligen förmodligen
    möjligtvis vanligtvis paragraf likgiltig innehåll kompetens kontroll rapport fortsättning""".split()
)
_PARTICLES = frozenset(["över", "under", "efter"])
_AFTER_PARTICLE = frozenset("sköterska läkare chef tid vård skola bemanna bemannad belasta belastad".split())
_ENDINGS = frozenset(
    [
        "",
        *"""
        s n ns t ts en ens et ets a as an ans ar ars arna arnas e es er ers erna ernas or ors orna ornas na nas
        r re de des d da dde tt te aste st ste
        """.split(),
    ]
)
_LONGEST_ENDING = 5


class Compound(NamedTuple):
    """A word and what it is made of: ``parts`` as written, with any hyphens the word; ``head`` the last as a base form.

    ``base`` is the whole word's base form: "vårdkö" of "vårdköerna", made of "vård" and "köerna" with head "kö".
    """

    word: str
    parts: tuple[str, ...]
    head: str

    @property
    def base(self) -> str:
        """The base form of the whole word."""
        return "".join((*self.parts[:-1], self.head))


class _Way(NamedTuple):
    score: float
    parts: tuple[str, ...]
    head: str


@dataclass(frozen=True)
class _Parts:
    """What compounds begin with, and the stems they end in, with logarithms of how many do."""

    firsts: Mapping[str, float]
    stems: Mapping[str, Sequence[tuple[float, str]]]


@cache
def _parts() -> _Parts:
    table = files("intervjukit.nlp").joinpath("compound_parts.tsv").read_text(encoding="utf-8")
    firsts = {word: math.log10(20) for word in _FIRST.split()}
    lasts = {word: math.log10(20) for word in _LAST.split()}
    for line in table.splitlines()[1:]:
        word, first, last = line.split("\t")
        for counts, count in ((firsts, first), (lasts, last)):
            if count != "0":
                counts[word] = max(counts.get(word, 0.0), min(math.log10(int(count)) + 0.1, _HEAVIEST))
    stems: dict[str, list[tuple[float, str]]] = {}
    for word, weight in lasts.items():
        for stem in _stems(word):
            stems.setdefault(stem, []).append((weight, word))
    return _Parts(firsts, stems)


def _stems(word: str) -> Iterator[str]:
    """Yield what stays of a word before its endings: "läkare" and "läkar", "nyckel" and "nyckl", "rum" and "rumm"."""
    yield word
    if len(word) > 3 and word[-1] in "aeo":
        yield word[:-1]
    if len(word) > 3 and word[-2:] in ("el", "er", "en"):
        yield word[:-2] + word[-1]
    if word[-1] in "mn" and word[-2:-1] in _VOWELS:
        yield word + word[-1]


def split(word: str) -> Compound | None:
    """Return what a word is made of, None for a word that is no compound or not surely one."""
    return _split(word.lower())


@lru_cache(REMEMBERED)
def _split(word: str) -> Compound | None:
    if "-" in word:
        return _at_hyphens(word)
    if len(word) < SHORTEST or word in _NOT or not word.isalpha():
        return None
    whole = _head(word)
    if whole is not None and whole.head in _NOT:
        return None
    way = _best_split(word, {})
    if way is None or way.score < _LIKELY:
        way = _with_any_word(word)
    if way is None or f"{way.parts[0]}{way.head}" in _NOT:
        return None
    return Compound(word, way.parts, way.head)


def _at_hyphens(word: str) -> Compound | None:
    """Return a word that is written with hyphens ("kbt-behandlingen") as a compound, None for "A-" and "9-17"."""
    written = word.split("-")
    if not all(map(str.isalpha, written)):
        return None
    made = [_split(part) or Compound(part, (part,), base_form(part) or part) for part in written]
    return Compound(word, tuple(part for one in made for part in one.parts), made[-1].head)


def _best(word: str, known: dict[str, _Way | None]) -> _Way | None:
    """Return the likeliest way to read a part of a word: as a head, or as first parts and a head."""
    if word not in known:
        whole = _head(word)
        settled = whole is not None and whole.head in _NOT
        ways = (whole, None if settled else _best_split(word, known))
        known[word] = max(filter(None, ways), key=lambda way: way.score, default=None)
    return known[word]


def _best_split(word: str, known: dict[str, _Way | None]) -> _Way | None:
    """Return the likeliest way to read a word as first parts and a head, None when there is none."""
    best: _Way | None = None
    firsts = _parts().firsts
    for place in range(3, len(word) - 1):
        first = word[:place]
        weight = firsts.get(first) or _derived(first)
        rest = _best(word[place:], known) if weight else None
        if weight and rest and (first not in _PARTICLES or rest.head in _AFTER_PARTICLE):
            score = weight + rest.score - _cost(first, rest)
            if best is None or score > best.score:
                best = _Way(score, (first, *rest.parts), rest.head)
    return best


def _with_any_word(word: str) -> _Way | None:
    """Return a word as a first part that very many compounds have and any word of the dictionary, None for neither."""
    firsts = _parts().firsts
    for place in range(len(word) - _LONG_REST, 2, -1):
        weight = firsts.get(word[:place], 0.0)
        rest = word[place:]
        if (
            weight >= _COMMON
            and not rest.startswith(_DERIVING)
            and word[:place] not in _PARTICLES
            and (base := base_form(rest))
        ):
            return _Way(weight + 1, (word[:place], rest), base)
    return None


def _derived(first: str) -> float | None:
    """Return the weight of a first part that no list has, but that is made as very many are ("omplacerings")."""
    return _ABSTRACT if len(first) > 6 and first.endswith(_ABSTRACTS) else None


def _cost(first: str, rest: _Way) -> float:
    """Return what a joint costs: each may be chance, those beside short parts more often."""
    shorts = (len(first) == 3) + (len(rest.parts) == 1 and len(rest.head) <= 3)
    return _JOINT + shorts * _SHORT_PART


@lru_cache(REMEMBERED)
def _head(word: str) -> _Way | None:
    """Return a word as the last part of compounds, in any form, None when no compound is known to end so."""
    stems = _parts().stems
    best: _Way | None = None
    for length in range(min(_LONGEST_ENDING, len(word) - 2) + 1):
        stem = word[: len(word) - length]
        if word[len(stem) :] in _ENDINGS:
            for weight, base in stems.get(stem, ()):
                score = weight - (0 if base == word else _FORM)
                if best is None or score > best.score:
                    best = _Way(score, (word,), base)
    return best
