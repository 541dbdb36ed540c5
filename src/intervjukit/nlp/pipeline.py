"""The spaCy pipeline: Swedish words with their keys, and matchers over the code book's indicators.

``COMPONENTS`` lists what it is made of, in order. An installed Swedish spaCy model comes before it and adds its own
base forms, which know the context; without one everything works on ``spacy.blank("sv")``.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, NamedTuple

import numpy as np
import spacy
from spacy.attrs import LEMMA, LOWER, NORM, ORTH  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.swedish import USUAL, Heads, Words


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator found: whose it is, where (character offsets in the turn), and how it was recognised.

    ``quote`` are the words found; ``how`` is "ord" (as written), "böjning" (another form), "modell" (another form,
    by the base form of an installed language model) or "led" (last part of a compound).
    """

    owner: str
    indicator: str
    start: int
    end: int
    how: str
    quote: str = ""


class Component(NamedTuple):
    """A part of the pipeline: its registered factory, what it sets, and whether it needs an installed model."""

    factory: str
    sets: str
    with_model: bool = False


COMPONENTS = (
    Component("intervjukit_model_lemmas", "doc._.model_lemmas", with_model=True),
    Component("intervjukit_keys", "token.lemma, token.norm"),
    Component("intervjukit_evaluations", "doc._.evaluations"),
    Component("intervjukit_indicators", "doc._.indicators"),
)
"""Every component of ours in the order it runs; an installed model's own components run before them."""

_PHRASE, _WORD = 0.75, 0.62
_STRENGTH = {"ord": 1.0, "böjning": 0.95, "modell": 0.95, "led": 0.75}
_MODELS = "spacy_models"
_SWEDISH = "sv_"
_UNUSED = ("parser", "senter", "ner", "entity_linker", "entity_ruler", "textcat", "textcat_multilabel")
"""Components of a model that nothing here asks: sentences in speech and names have rules of their own."""
_LONGEST = 20_000_000

for _found in ("model_lemmas", "evaluations", "indicators"):
    Doc.set_extension(_found, default=(), force=True)


def strength(hits: Sequence[Hit]) -> float:
    """Return the chance that any of an owner's indicators is right, taken as independent; each counts once.

    A phrase says more than a word, and a word as such more than as the end of a compound.
    """
    strongest: dict[str, float] = {}
    for hit in hits:
        one = _STRENGTH[hit.how] * (_PHRASE if " " in hit.indicator else _WORD)
        strongest[hit.indicator] = max(one, strongest.get(hit.indicator, 0.0))
    return 1 - math.prod(1 - one for one in strongest.values())


def installed_model() -> str:
    """Return the name of an installed Swedish spaCy model, the smallest when there are several, "" when none is.

    The same names as ``spacy.util.get_installed_models``, which would import every model of every language.
    """
    names = [point.name for point in entry_points(group=_MODELS) if point.name.startswith(_SWEDISH)]
    return max(names, default="")  # sm, md, lg


def swedish(model: str | None = None) -> Language:
    """Return a pipeline that knows no indicators: of a model (None: an installed one, "": none), or blank.

    A model that cannot be loaded, or gives no base forms, is as good as none.
    """
    name = installed_model() if model is None else model
    nlp = _loaded(name) if name else None
    if nlp is None:
        nlp = spacy.blank("sv")
        vocab: Any = nlp.vocab  # whose attributes of a word are in no type stub
        vocab.lex_attr_getters = {attr: vocab.lex_attr_getters[attr] for attr in (LOWER, NORM)}  # all that is asked
    nlp.max_length = _LONGEST
    return nlp


def _loaded(name: str) -> Language | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # made for a somewhat older spaCy
        try:
            nlp = spacy.load(name, exclude=list(_UNUSED))
        except (OSError, ImportError, ValueError, KeyError, TypeError):
            return None
    gives = {given for pipe in nlp.pipe_names for given in nlp.get_pipe_meta(pipe).assigns}
    return nlp if "token.lemma" in gives else None


def model_name(nlp: Language) -> str:
    """Return which installed model a pipeline stands on, with its version, "" for none."""
    return f"{_SWEDISH}{nlp.meta['name']} {nlp.meta['version']}" if "intervjukit_model_lemmas" in nlp.pipe_names else ""


@Language.component("intervjukit_model_lemmas")
def _model_lemmas(doc: Doc) -> Doc:
    """Keep the model's base forms before our own take their place."""
    doc._.model_lemmas = tuple(token.lemma_.lower() or token.lower_ for token in doc)
    return doc


class Keys:
    """A pipeline component: lemma in ``lemma_``, compound head (else the lemma) in ``norm_``."""

    def __init__(self, heads: Heads, swedish: Words = USUAL) -> None:
        """Look for compound heads among ``heads``, and for keys in ``swedish``."""
        self.heads, self._swedish = heads, swedish
        self._known: dict[int, tuple[int, int]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the keys of every token, worked out once for each word type."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        types = doc.to_array(ORTH).tolist()
        for word in set(types).difference(self._known):
            self._known[word] = self._keys(doc, word)
        keys: Any = np.array([self._known[word] for word in types], np.uint64).reshape(-1, 2)
        return doc.from_array([LEMMA, NORM], keys)

    def _keys(self, doc: Doc, word: int) -> tuple[int, int]:
        strings = doc.vocab.strings
        said = strings[word]
        key = self._swedish.lemma(said)
        return strings.add(key), strings.add(self.heads.head(key, self._swedish.own(said)) or key)


@Language.factory("intervjukit_keys", default_config={"heads": [], "compounds": []})
def _make_keys(nlp: Language, name: str, heads: Any, compounds: Any) -> Keys:
    """Return the component; spaCy is not told that these are lists of text, or it would check every word."""
    return Keys(Heads(heads), Words(compounds))


@Language.factory("intervjukit_evaluations")
def _make_evaluations(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    from intervjukit.nlp.evaluation import EvaluationMatcher  # which needs this module

    matcher = EvaluationMatcher(nlp)

    def evaluations(doc: Doc) -> Doc:
        doc._.evaluations = tuple(matcher.hits(doc))
        return doc

    return evaluations


class Indicators:
    """A pipeline component: the indicators found in ``doc._.indicators``, in order.

    A phrase matches as written or in any inflection; a single word also as the last part of a compound.
    PhraseMatcher only: patterns by regular expression are a hundred times slower on long texts.
    """

    def __init__(self, nlp: Language, owners: Mapping[str, Sequence[str]]) -> None:
        """Build the matchers with the pipeline ``nlp`` as it is so far; ``owners`` has each indicator's."""
        self._vocab, self._owners = nlp.vocab, owners
        self._built = [(how, PhraseMatcher(nlp.vocab, attr=attr)) for how, attr in _WAYS]
        self._of_model = PhraseMatcher(nlp.vocab, attr="LOWER")
        for phrase, doc in zip(owners, nlp.pipe(owners), strict=True):
            for how, matcher in self._built:
                if how != "led" or len(doc) == 1:
                    matcher.add(phrase, [doc])
            if doc._.model_lemmas:
                self._of_model.add(phrase, [_of_lemmas(doc)])

    def __call__(self, doc: Doc) -> Doc:
        """Find every indicator: each place and owner once, the surest way of finding it.

        A hit inside a longer one of the same owner says nothing more ("chefen" in "stöd av chefen").
        """
        found: dict[tuple[str, int, int], Hit] = {}
        for how, match_id, first, last in self._matches(doc):
            indicator, span = self._vocab.strings[match_id], doc[first:last]
            start, end, text = span.start_char, span.end_char, span.text
            for owner in self._owners[indicator]:
                found.setdefault((owner, start, end), Hit(owner, indicator, start, end, how, text))
        doc._.indicators = tuple(_outermost(found.values()))
        return doc

    def _matches(self, doc: Doc) -> Iterator[tuple[str, int, int, int]]:
        for how, matcher in self._built:
            for found in matcher(doc):
                yield how, *found
        if doc._.model_lemmas:
            for found in self._of_model(_of_lemmas(doc)):
                yield "modell", *found


_WAYS = (("ord", "LOWER"), ("böjning", "LEMMA"), ("led", "NORM"))


def _of_lemmas(doc: Doc) -> Doc:
    """Return a text's base forms by the installed model as a text, word for word."""
    return Doc(doc.vocab, words=list(doc._.model_lemmas))


def _outermost(hits: Iterable[Hit]) -> Iterator[Hit]:
    reached: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.owner)):
        if hit.end > reached.get(hit.owner, -1):
            reached[hit.owner] = hit.end
            yield hit


@Language.factory("intervjukit_indicators", default_config={"owners": {}})
def _make_indicators(nlp: Language, name: str, owners: Any) -> Indicators:
    return Indicators(nlp, owners)


class IndicatorMatcher:
    """Finds every indicator of every owner (a code, or a facet value) in running speech."""

    def __init__(
        self, indicators: Mapping[str, Sequence[str]], words: Words = USUAL, *, model: str | None = None
    ) -> None:
        """Build the pipeline for ``indicators``, given per owner, as ``words`` has it; ``model`` as in ``swedish``."""
        heads = {words.lemma(word) for phrases in indicators.values() for word in phrases if " " not in word}
        phrases = sorted({phrase for given in indicators.values() for phrase in given})
        owners: dict[str, list[str]] = {phrase: [] for phrase in phrases}
        for owner, given in indicators.items():
            for phrase in given:
                owners[phrase].append(owner)
        config: dict[str, dict[str, Any]] = {
            "intervjukit_keys": {"heads": sorted(heads), "compounds": [*map(list, words.compounds)]},
            "intervjukit_indicators": {"owners": owners},
        }
        self.nlp = swedish(model)
        of_model = bool(self.nlp.pipe_names)
        for part in COMPONENTS:
            if of_model or not part.with_model:
                self.nlp.add_pipe(part.factory, config=config.get(part.factory, {}))
        self.model = model_name(self.nlp)
        """The installed model it stands on, with its version, "" for none."""

    def docs(self, texts: Iterable[str]) -> Iterator[Doc]:
        """Yield each text with its words, keys, evaluations and indicators.

        When many words have been met, spaCy forgets the new ones at the end: a text is then not to be used after it,
        nor are two calls to be under way at the same time.
        """
        with self.nlp.memory_zone() if len(self.nlp.vocab) > REMEMBERED else nullcontext():
            yield from self.nlp.pipe(texts)

    def hits(self, doc: Doc) -> list[Hit]:
        """Return every indicator found, in order."""
        return list(doc._.indicators)
