"""One lexical function for code book and text: the keys under which the forms of a word meet.

simplemma has no word classes, so some words come out wrong; both sides go through the same function, so the
same mistake is made twice and still meets. Speech forms are mended first ("mej" would become "meja").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import simplemma
from simplemma.strategies import DefaultStrategy

from intervjukit.nlp.compounds import Compound, Splitter
from intervjukit.nlp.lexicon import LEXICON, base_form
from intervjukit.nlp.speech import mended

# words that simplemma takes for another word, or for none (checked against the code book's indicators)
_BASES = """
sa=säga sade=säga la=lägga va=vara kassan=kassan kassans=kassan men=men en=en ett=ett min=min sin=sin vi=vi
för=för bort=bort ute=ute satt=sitta såg=se sett=se fick=få gick=gå ringt=ringa oro=oro modern=modern
besvär=besvär bemötande=bemötande bemötandet=bemötande stress=stress stressen=stress avslaget=avslag
avslagen=avslag möte=möte mötet=möte möten=möte kön=kö köns=kö köerna=kö bytte=byta bytt=byta
kurs=kurs kursen=kurs kurser=kurs kurserna=kurs staden=stad sådana=sådan sådant=sådan
"""
_KNOWN = dict(pair.split("=") for pair in _BASES.split())
_LEMMATIZER = simplemma.Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=LEXICON))
_GREEDY = simplemma.Lemmatizer(
    lemmatization_strategy=DefaultStrategy(greedy=True, dictionary_factory=LEXICON), cache_max_size=1
)
_COMPOUNDS = Splitter()
_SHORTEST_HEAD = 5


class Keys(NamedTuple):
    """What a word may be found by, in lower case, from the surest to the least sure.

    ``form`` is the word itself, speech spellings mended; ``lemma`` simplemma's base form; ``greedy`` the base form
    where all forms meet; ``compound`` what it is made of, None for a simple word.
    """

    form: str
    lemma: str
    greedy: str
    compound: Compound | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a compound as written, () for a simple word."""
        return self.compound.parts if self.compound else ()


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


def _once(word: str) -> str:
    """Return a base form of a word, not yet one where all its forms meet.

    A compound that the dictionary lacks gets its base form from its head: simplemma would invent one.
    """
    low = mended(word)
    if low in _KNOWN:
        return _KNOWN[low]
    if not low.isalpha():
        return low
    if base := base_form(low):
        return base
    compound = _COMPOUNDS.split(low)
    return compound.base if compound else _GREEDY.lemmatize(low, lang="sv").lower()


class Words:
    """Gives words their keys, each word type once, with a study's own compounds."""

    def __init__(self, compounds: Splitter | None = None) -> None:
        """Split compounds as ``compounds`` does, else as is usual."""
        self._compounds = compounds or _COMPOUNDS
        self._known: dict[str, Keys] = {}

    def keys(self, word: str) -> Keys:
        """Return what a word may be found by."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._keys(mended(word.lower()))
        return found

    def _keys(self, form: str) -> Keys:
        base = _KNOWN.get(form) or base_form(form)
        if base is None:
            base = _LEMMATIZER.lemmatize(form, lang="sv").lower() if form.isalpha() else form
        return Keys(form, base, lemma(form), self._compounds.split(form))


keys = Words().keys
"""``keys(word) -> Keys``, with no study's own compounds."""


class Heads:
    """Finds the head of a compound among words that matter: "rehabiliteringsplan" ends in "plan".

    Only a head of at least five letters that the code book itself uses counts, after a first part of
    at least three letters, so "förplan" is no plan.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take the heads to look for from ``words`` (lemmas)."""
        self._heads = frozenset(word for word in words if word.isalpha() and len(word) >= _SHORTEST_HEAD)
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
