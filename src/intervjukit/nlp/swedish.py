"""One lexical function for code book and text: spoken forms, lemmas, and the head of a compound.

simplemma has no word classes, so some words come out wrong; both sides go through the same function, so the
same mistake is made twice and still meets. Speech forms are mended first ("mej" would become "meja").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import simplemma
from simplemma.strategies import DefaultStrategy

# spoken forms, and words that simplemma takes for another word (checked against the code book's indicators)
_FORMS = """
dom=de mej=mig dej=dig sej=sig nån=någon nåt=något nåra=några nånting=någonting nånstans=någonstans
nånsin=någonsin sån=sådan sånt=sådant såna=sådana sen=sedan asså=alltså int=inte ente=inte ä=är å=och
sa=säga la=lägga va=vara stan=stad kassan=kassan kassans=kassan men=men en=en ett=ett min=min sin=sin vi=vi
för=för bort=bort ute=ute satt=sitta såg=se sett=se fick=få gick=gå ringt=ringa oro=oro modern=modern
besvär=besvär bemötande=bemötande bemötandet=bemötande stress=stress stressen=stress avslaget=avslag
avslagen=avslag möte=möte mötet=möte möten=möte kön=kö köns=kö köerna=kö bytte=byta bytt=byta
kurs=kurs kursen=kurs kurser=kurs kurserna=kurs
"""
SPOKEN = dict(pair.split("=") for pair in _FORMS.split())

_GREEDY = DefaultStrategy(greedy=True, low_memory=True)
_LEMMATIZER = simplemma.Lemmatizer(lemmatization_strategy=_GREEDY)


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the key under which all forms of a word meet, in lower case; a key is its own key.

    simplemma may take the base form of a noun for a form of something else ("intyg" of "intyga"), so it is
    asked until the answer stays, or goes in a circle ("trygg", "trygga"): then the shortest stands for all.
    """
    first, hyphen, last = word.lower().rpartition("-")
    if hyphen and last.isalpha() and first:
        return f"{first}-{lemma(last)}"
    seen: list[str] = []
    key = word.lower()
    while key not in seen:
        seen.append(key)
        key = _once(key)
    return min(seen[seen.index(key) :], key=lambda form: (len(form), form))


def _once(low: str) -> str:
    if low in SPOKEN:
        return SPOKEN[low]
    return _LEMMATIZER.lemmatize(low, lang="sv").lower() if low.isalpha() else low


class Heads:
    """Finds the head of a compound among words that matter: "rehabiliteringsplan" ends in "plan".

    Only a head of at least ``shortest`` letters that the code book itself uses counts, after a first part of
    at least three letters, so "förplan" is no plan.
    """

    def __init__(self, words: Iterable[str], *, shortest: int = 5) -> None:
        """Take the heads to look for from ``words`` (lemmas)."""
        self._heads = frozenset(word for word in words if word.isalpha() and len(word) >= shortest)
        self._longest = max((len(word) for word in self._heads), default=0)
        self._found: dict[str, str] = {}

    def head(self, key: str) -> str:
        """Return the longest known head of a compound's lemma, "" when there is none.

        A word that matters itself is no compound: "företagsläkare" is then not read as "läkare".
        """
        if key not in self._found:
            self._found[key] = self._look(key)
        return self._found[key]

    def _look(self, key: str) -> str:
        if key in self._heads:
            return ""
        tails = (key[-length:] for length in range(min(self._longest, len(key) - 3), 0, -1))
        return next((tail for tail in tails if tail in self._heads), "")
