"""One lexical function for code book and text: the keys under which the forms of a word meet.

simplemma has no word classes, so some words come out wrong; both sides go through the same function, so the
same mistake is made twice and still meets. Speech forms are mended first ("mej" would become "meja").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import simplemma
from simplemma.strategies import DefaultStrategy

from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.compounds import Compound, split
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
_LEMMATIZER = simplemma.Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=LEXICON), cache_max_size=1)
_GREEDY = simplemma.Lemmatizer(
    lemmatization_strategy=DefaultStrategy(greedy=True, dictionary_factory=LEXICON), cache_max_size=1
)
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


@lru_cache(REMEMBERED)
def lemma(word: str) -> str:
    """Return the key under which all forms of a word meet, in lower case; a key is its own key.

    A hyphen makes no other word of it ("rehab-koordinatorn", "rehabkoordinator"), where the word is known without.
    simplemma may take the base form of a noun for a form of something else ("intyg" of "intyga"), so it is
    asked until the answer stays, or goes in a circle ("trygg", "trygga"): then the shortest stands for all.
    """
    first, hyphen, last = word.lower().rpartition("-")
    if hyphen and last.isalpha() and first:
        joined = f"{first}{last}".replace("-", "")
        return lemma(joined) if base_form(joined) or split(joined) else f"{first}-{lemma(last)}"
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
    compound = split(low)
    return compound.base if compound else _GREEDY.lemmatize(low, lang="sv").lower()


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word that a study says the parts of, in lower case: one part when it is to stay whole.

    ``key`` is the lemma of all its forms, ``tails`` those of what stands after each joint, the longest first.
    """

    parts: tuple[str, ...]
    key: str
    tails: tuple[str, ...]

    @classmethod
    def of(cls, written: Sequence[str]) -> OwnWord:
        """Return the word that ``written``, its parts, makes."""
        parts = tuple(part.lower() for part in written)
        tails = tuple(lemma("".join(parts[joint:])) for joint in range(1, len(parts)))
        return cls(parts, lemma("".join(parts)), tails)

    @property
    def first(self) -> str:
        """What stands before the last part, the same in all forms of the word; "" of a whole one."""
        return "".join(self.parts[:-1])

    def compound(self, form: str) -> Compound | None:
        """Return what a form of the word is made of, None when it is to stay whole."""
        return Compound(form, (*self.parts[:-1], form[len(self.first) :]), self.tails[-1]) if self.tails else None


class Words:
    """Gives words their keys, each word type once, with a study's own compounds.

    What the study says of a word holds for all its forms: those with the same lemma, and those that begin as it
    does and end in a form of its last part. Without such words all is as ``lemma`` and the usual splitting have it.
    """

    def __init__(self, compounds: Iterable[Sequence[str]] = ()) -> None:
        """Read the words in ``compounds`` as they say: the parts of each, one part for a word that stays whole."""
        self.compounds = tuple(map(tuple, compounds))
        self._own: dict[tuple[str, str], OwnWord] = {}
        for own in map(OwnWord.of, self.compounds):
            self._own.setdefault(("", own.key), own)
            self._own.setdefault((own.first, own.tails[-1] if own.tails else own.key), own)
        self._firsts = {first for first, _ in self._own}
        self._known = lru_cache(REMEMBERED)(self._keys)
        self.lemma: Callable[[str], str] = lru_cache(REMEMBERED)(self._lemma) if self._own else lemma
        """``lemma(word) -> key``, as the function of that name but for forms of the study's own words."""

    def own(self, word: str) -> OwnWord | None:
        """Return what the study says of a word in whatever form, None when it says nothing."""
        form = mended(word.lower()) if self._own else ""
        for place in range(len(form)):
            if form[:place] in self._firsts:
                found = self._own.get((form[:place], lemma(form[place:])))
                if found and form.startswith(found.first):
                    return found
        return None

    def _lemma(self, word: str) -> str:
        own = self.own(word)
        return own.key if own else lemma(word)

    def keys(self, word: str) -> Keys:
        """Return what a word may be found by."""
        return self._known(mended(word.lower()))

    def _keys(self, form: str) -> Keys:
        base = _KNOWN.get(form) or base_form(form)
        if base is None:
            base = _LEMMATIZER.lemmatize(form, lang="sv").lower() if form.isalpha() else form
        own = self.own(form)
        return Keys(form, base, self.lemma(form), own.compound(form) if own else split(form))


USUAL = Words()
"""Words with no study's own compounds."""
keys = USUAL.keys


class Heads:
    """Finds the head of a compound among words that matter: "rehabiliteringsplan" ends in "plan".

    Only a head of at least five letters that the code book itself uses counts, after a first part of
    at least three letters, so "förplan" is no plan.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take the heads to look for from ``words`` (lemmas)."""
        self._words = frozenset(words)
        self._heads = frozenset(word for word in self._words if word.isalpha() and len(word) >= _SHORTEST_HEAD)
        self._longest = max((len(word) for word in self._heads), default=0)
        self._found = lru_cache(REMEMBERED)(self._look)

    def head(self, key: str, own: OwnWord | None = None) -> str:
        """Return the longest known head of a compound's lemma, "" when there is none.

        A word that matters itself is no compound: "företagsläkare" is then not read as "läkare". Of a study's ``own``
        word only the study's parts count, and those of any length.
        """
        if own:
            return "" if key in self._words else next((tail for tail in own.tails if tail in self._words), "")
        return self._found(key)

    def _look(self, key: str) -> str:
        if key in self._heads:
            return ""
        tails = (key[-length:] for length in range(min(self._longest, len(key) - 3), 0, -1))
        return next((tail for tail in tails if tail in self._heads), "")
