"""The spaCy pipeline: Swedish words with their keys, and matchers over the code book's indicators."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from intervjukit.nlp.swedish import Heads, lemma


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator found: whose it is, where (character offsets in the turn), and how it was recognised.

    ``quote`` are the words found; ``how`` is "ord" (as written), "böjning" (another form) or "led" (last part of a
    compound).
    """

    owner: str
    indicator: str
    start: int
    end: int
    how: str
    quote: str = ""


_PHRASE, _WORD = 0.75, 0.62
_STRENGTH = {"ord": 1.0, "böjning": 0.95, "led": 0.75}


def strength(hits: Sequence[Hit]) -> float:
    """Return the chance that any of an owner's indicators is right, taken as independent; each counts once.

    A phrase says more than a word, and a word as such more than as the end of a compound.
    """
    strongest: dict[str, float] = {}
    for hit in hits:
        one = _STRENGTH[hit.how] * (_PHRASE if " " in hit.indicator else _WORD)
        strongest[hit.indicator] = max(one, strongest.get(hit.indicator, 0.0))
    return 1 - math.prod(1 - one for one in strongest.values())


class Keys:
    """A pipeline component: lemma in ``lemma_``, compound head (else the lemma) in ``norm_``."""

    def __init__(self, heads: Heads) -> None:
        """Look for compound heads among ``heads``."""
        self.heads = heads

    def __call__(self, doc: Doc) -> Doc:
        """Set the keys of every token."""
        for token in doc:
            key = lemma(token.text)
            token.lemma_ = key
            token.norm_ = self.heads.head(key) or key
        return doc


@Language.factory("intervjukit_keys", default_config={"heads": []})
def _make_keys(nlp: Language, name: str, heads: list[str]) -> Keys:
    return Keys(Heads(heads))


class IndicatorMatcher:
    """Finds every indicator of every owner (a code, or a facet value) in running speech.

    A phrase matches as written or in any inflection; a single word also as the last part of a compound.
    PhraseMatcher only: patterns by regular expression are a hundred times slower on long texts.
    """

    def __init__(self, indicators: Mapping[str, Sequence[str]]) -> None:
        """Build the pipeline for ``indicators``, given per owner."""
        words = {lemma(word) for phrases in indicators.values() for word in phrases if " " not in word}
        self.nlp = spacy.blank("sv")
        self.nlp.max_length = 20_000_000
        self.nlp.add_pipe("intervjukit_keys", config={"heads": sorted(words)})
        self._owners: dict[str, list[str]] = {}
        self._matchers = [("ord", "LOWER"), ("böjning", "LEMMA"), ("led", "NORM")]
        self._built = [(how, PhraseMatcher(self.nlp.vocab, attr=attr)) for how, attr in self._matchers]
        phrases = sorted({phrase for given in indicators.values() for phrase in given})
        docs = dict(zip(phrases, self.nlp.pipe(phrases), strict=True))
        for owner, given in indicators.items():
            for phrase in given:
                self._owners.setdefault(phrase, []).append(owner)
        for phrase, doc in docs.items():
            for how, matcher in self._built:
                if how != "led" or len(doc) == 1:
                    matcher.add(phrase, [doc])

    def docs(self, texts: Iterable[str]) -> Iterator[Doc]:
        """Yield each text with its words and keys."""
        return iter(self.nlp.pipe(texts))

    def hits(self, doc: Doc) -> list[Hit]:
        """Return every indicator found, in order: each place and owner once, the surest way of finding it.

        A hit inside a longer one of the same owner says nothing more ("chefen" in "stöd av chefen").
        """
        text = doc.text
        found: dict[tuple[str, int, int], Hit] = {}
        for how, matcher in self._built:
            for match_id, first, last in matcher(doc):
                indicator = self.nlp.vocab.strings[match_id]
                start = doc[first].idx
                end = doc[last - 1].idx + len(doc[last - 1])
                for owner in self._owners[indicator]:
                    found.setdefault((owner, start, end), Hit(owner, indicator, start, end, how, text[start:end]))
        reached: dict[str, int] = {}
        kept = []
        for hit in sorted(found.values(), key=lambda hit: (hit.start, -hit.end, hit.owner)):
            if hit.end > reached.get(hit.owner, -1):
                reached[hit.owner] = hit.end
                kept.append(hit)
        return kept
