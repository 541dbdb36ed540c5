"""The first model, learned when a code book is adopted: from its bank of utterances and its own examples."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from intervjukit.core.bank import BankAnswer, Statement
from intervjukit.core.codebook import Codebook
from intervjukit.core.text import Span, mostly_same
from intervjukit.nlp.cache import kept_arrays
from intervjukit.nlp.model import CodingModel, Example
from intervjukit.nlp.segments import Segmenter, bank_answer

MADE_BY = f"4 {version('scikit-learn')} {version('simplemma')}"
"""Changes when the same bank would give another model."""


def first_model(
    codebook: Codebook, segmenter: Segmenter, bank: Callable[[], Sequence[BankAnswer]], cache: Path | None, of: str
) -> CodingModel:
    """Return the model of a code book and its bank; fitted once and then kept in the folder ``cache``.

    ``of`` is all that the model depends on, as text. What is kept is plain numbers and words; a file that is
    missing, damaged or of something else is made anew. ``cache`` None is the user's own cache folder, as is any other
    when the user has said where that is.
    """
    name = f"modell-{_sign(of, segmenter.matcher.model)}"

    def fitted() -> CodingModel:
        return CodingModel.fit(examples(codebook, segmenter, bank()))

    return kept_arrays(cache, name, CodingModel.of_arrays, fitted, CodingModel.arrays)


def _sign(of: str, language_model: str) -> str:
    by = f"{MADE_BY} {language_model}".rstrip()
    return hashlib.sha256(f"{by}\n{of}".encode()).hexdigest()[:24]


def examples(codebook: Codebook, segmenter: Segmenter, bank: Iterable[BankAnswer]) -> list[Example]:
    """Return the segments of the bank and of the code book's own examples, with what they are coded as.

    A segment has the coding it shares most with. Codes and values that the code book does not have are left out,
    so that a bank made for another one still teaches what is codable.
    """
    answers = [*bank, *_own_examples(codebook)]
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
        codes = tuple(code for code in statements[number].codes if code in codebook)
        made.append(Example(segment, True, number, codes, _known(codebook, statements[number])))
    return made


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _own_examples(codebook: Codebook) -> Iterable[BankAnswer]:
    for code in codebook:
        for example in code.examples:
            statement = Statement(Span(0, len(example.text)), (code.id,), example.facets)
            yield BankAnswer("", "", "", example.text, (statement,))


def _known(codebook: Codebook, statement: Statement) -> dict[str, str]:
    values = {facet.id: {value.id for value in facet.values} for facet in codebook.facets}
    return {facet: value for facet, value in statement.facets.items() if value in values.get(facet, ())}
