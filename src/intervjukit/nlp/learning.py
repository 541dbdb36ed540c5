"""The first model, learned when a code book is adopted: from its bank of utterances and its own examples."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.bank import BankAnswer, Statement
from intervjukit.core.codebook import Codebook
from intervjukit.core.text import Span, mostly_same
from intervjukit.nlp.cache import kept_arrays
from intervjukit.nlp.model import CODE, CodingModel, Example
from intervjukit.nlp.segments import Segmenter, bank_answer

if TYPE_CHECKING:
    import numpy.typing as npt

MADE_BY = f"7 {version('scikit-learn')} {version('simplemma')}"
"""Changes when the same bank would give another model."""


def first_model(
    codebook: Codebook, segmenter: Segmenter, bank: Callable[[], Sequence[BankAnswer]], cache: Path | None, of: str
) -> CodingModel:
    """Return the model of a code book and its bank; fitted once and then kept in the folder ``cache``.

    ``of`` is the bank as text: with the code book and the guides all that the model depends on. What is kept is plain
    numbers and words; a file that is missing, damaged or of something else is made anew. ``cache`` None is the user's
    own cache folder, as is any other when the user has said where that is.
    """
    name, swedish = f"modell-{_sign(codebook, segmenter, of)}", segmenter.swedish

    def fitted() -> CodingModel:
        return CodingModel.fit(examples(codebook, segmenter, bank()), swedish)

    def read(arrays: Mapping[str, npt.NDArray[Any]]) -> CodingModel:
        return CodingModel.of_arrays(arrays, swedish)

    return kept_arrays(cache, name, read, fitted, CodingModel.arrays)


def _sign(codebook: Codebook, segmenter: Segmenter, of: str) -> str:
    """Return what tells a model from every other one.

    Of the guides it has to do with what their questions ask for, and with what the respondents are called.
    """
    asked = [
        (group, guide.group_name, question.id, question.about, question.asks_for)
        for group, guide in sorted(segmenter.guides.items())
        for question in guide.questions()
    ]
    by = repr((MADE_BY, segmenter.matcher.model, codebook, asked))
    return hashlib.sha256(f"{by}\n{of}".encode()).hexdigest()[:24]


def examples(codebook: Codebook, segmenter: Segmenter, bank: Iterable[BankAnswer]) -> list[Example]:
    """Return the segments of the bank and of the code book's own examples, with what they are coded as.

    A segment has the coding it shares most with. Codes and values that the code book does not have are left out,
    so that a bank made for another one still teaches what is codable. What the bank does not teach is taught by the
    code book's names and indicators.
    """
    heard = list(bank)
    taught = _taught(codebook, heard)
    known = _ids(codebook)
    answers = [*heard, *_own_examples(codebook), *_own_words(codebook, taught)]
    found = segmenter.segments([bank_answer(answer) for answer in answers])
    made = []
    for segment in (one.segment for one in found):
        span = Span(segment.start, segment.end)
        statements = answers[segment.turn].statements
        same = [number for number, its in enumerate(statements) if mostly_same(its.span, span)]
        if not same:
            made.append(Example(segment))
            continue
        number = max(same, key=lambda number: _shared(statements[number].span, span))
        held = taught if segment.turn < len(heard) else known
        codes = tuple(code for code in statements[number].codes if code in held[CODE])
        facets = {name: value for name, value in statements[number].facets.items() if value in held.get(name, ())}
        made.append(Example(segment, True, number, codes, facets))
    return made


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _own_examples(codebook: Codebook) -> Iterable[BankAnswer]:
    for code in codebook:
        for example in code.examples:
            statement = Statement(Span(0, len(example.text)), (code.id,), example.facets)
            yield BankAnswer("", "", "", example.text, (statement,))


def _own_words(codebook: Codebook, taught: Mapping[str, Collection[str]]) -> Iterator[BankAnswer]:
    """Yield the names and indicators of the codes and values that the bank does not teach, as if somebody said them."""
    for code in codebook:
        for words in () if code.id in taught[CODE] else (code.name, *code.indicators):
            yield BankAnswer("", "", "", words, (Statement(Span(0, len(words)), (code.id,)),))
    for facet in codebook.facets:
        for value in (value for value in facet.values if value.id not in taught[facet.id]):
            for words in (value.name, *value.indicators):
                yield BankAnswer("", "", "", words, (Statement(Span(0, len(words)), (), {facet.id: value.id}),))


def _ids(codebook: Codebook) -> dict[str, set[str]]:
    """Return the ids of the codes (``CODE``) and of each facet's values."""
    return {CODE: {code.id for code in codebook}} | {
        facet.id: {value.id for value in facet.values} for facet in codebook.facets
    }


def _taught(codebook: Codebook, bank: Iterable[BankAnswer]) -> dict[str, set[str]]:
    """Return the codes (``CODE``) and each facet's values that the bank has examples of.

    None, when they are less than half of the code book's and less than half of the bank's: the bank is made for
    another code book, and that an id or two are the same ("vard") does not make them mean the same.
    """
    said: dict[str, set[str]] = defaultdict(set)
    for statement in (statement for answer in bank for statement in answer.statements):
        said[CODE].update(statement.codes)
        for facet, value in statement.facets.items():
            said[facet].add(value)
    both = {name: (own & said[name], min(len(own), len(said[name]))) for name, own in _ids(codebook).items()}
    return {name: same if 2 * len(same) >= fewest else set() for name, (same, fewest) in both.items()}
