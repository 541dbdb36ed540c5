"""Banks of utterances: plain text beside a code book, one invented answer per line, its statements in braces.

    sjukskrivna | drar_ut | Vad tog tid? | {vantetider/flaskhals/vard/behandling Det blev mars.} Jag tog bussen dit.

Fields: the group, the question's id or "-", the interviewer's words (may be empty), the answer. Before the words in
braces stand the codes (joined by +) and one value, or "-", for each facet of the code book, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from intervjukit.core.bank import BankAnswer, Statement
from intervjukit.core.codebook import Codebook
from intervjukit.core.text import Span
from intervjukit.core.wordings import NO_QUESTION, Heard
from intervjukit.errors import Fault, FaultyFileError, NotFoundError, RuleError
from intervjukit.formats.decoding import decode, read_bytes

_MARK = re.compile(r"\{([^\s{}]+) ([^{}]+)\}")
_FIELDS = 4
Label = tuple[tuple[str, ...], dict[str, str]]
"""The codes of a statement, and its facet values."""


def bank_files(codebook_file: Path) -> list[Path]:
    """Return the files of the bank that belongs to a code book, in order of name; [] when it has none.

    ``halsoflodet.yaml`` has its bank in the folder ``halsoflodet.yttranden`` beside it.
    """
    folder = codebook_file.with_suffix(".yttranden")
    return sorted(folder.glob("*.txt")) if folder.is_dir() else []


def read_bank(name: str, text: str, codebook: Codebook) -> list[BankAnswer]:
    """Return the answers of a bank file's text. Raises FaultyFileError with every faulty line."""
    answers, faults = [], []
    labels: dict[str, Label] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            try:
                answers.append(_answer(line, codebook, labels))
            except (RuleError, NotFoundError) as error:
                faults.append(Fault(name, number, error.problem, error.fix))
    if faults:
        raise FaultyFileError(name, faults)
    return answers


def bank_text(file: Path) -> str:
    """Return a bank file's text, normalised. Raises FileError."""
    text, _ = decode(read_bytes(file), file.name)
    return text


def heard_in(texts: Iterable[str]) -> Iterator[Heard]:
    """Yield how questions are put and answered in the texts of a bank's files, whatever code book they are for."""
    for line in (line for text in texts for line in text.split("\n") if not line.startswith("#")):
        fields = [value.strip() for value in line.split("|", _FIELDS - 1)]
        if len(fields) == _FIELDS:
            group, question, asked, answer = fields
            yield Heard(group, NO_QUESTION if question == "-" else question, asked, _MARK.sub(r"\2", answer))


def _answer(line: str, codebook: Codebook, labels: dict[str, Label]) -> BankAnswer:
    """Return a line's answer; ``labels`` are those read before, for the same ones come again and again."""
    fields = [value.strip() for value in line.split("|", _FIELDS - 1)]
    if len(fields) != _FIELDS:
        raise RuleError(
            f"Raden har {len(fields)} fält, men ska ha {_FIELDS}.",
            fix="Skriv grupp | fråga | intervjuarens ord | svaret.",
        )
    group, question, asked, marked = fields
    text, statements, after = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[after : found.start()]
        if (label := labels.get(found[1])) is None:
            label = labels[found[1]] = _label(found[1], codebook)
        statements.append(Statement(Span(len(text), len(text) + len(found[2])), *label))
        text += found[2]
        after = found.end()
    text += marked[after:]
    if "{" in text or "}" in text:
        raise RuleError(
            "En klammer är inte stängd, eller står utan kod.",
            fix="Skriv {kod/slag/part/skede orden som kodas}.",
        )
    return BankAnswer(group, "" if question == "-" else question, asked, text, tuple(statements))


def _label(label: str, codebook: Codebook) -> Label:
    codes, *values = label.split("/")
    if len(values) != len(codebook.facets):
        raise RuleError(
            f"”{label}” har {len(values)} facettvärden, men kodboken har {len(codebook.facets)} facetter.",
            fix="Skriv ett värde, eller -, för var och en i kodbokens ordning.",
        )
    given = {facet.id: value for facet, value in zip(codebook.facets, values, strict=True) if value != "-"}
    return tuple(codebook.code(code).id for code in codes.split("+")), codebook.check_facets(given)


def written(answers: Iterable[BankAnswer], codebook: Codebook) -> str:
    """Return answers as the text of a bank file; ``read_bank`` gives the same answers back."""
    return "".join(f"{_written(answer, codebook)}\n" for answer in answers)


def _written(answer: BankAnswer, codebook: Codebook) -> str:
    said, after = "", 0
    for statement in answer.statements:
        values = [statement.facets.get(facet.id, "-") for facet in codebook.facets]
        label = "/".join(["+".join(statement.codes), *values])
        start, end = statement.span
        said += f"{answer.text[after:start]}{{{label} {answer.text[start:end]}}}"
        after = end
    return " | ".join([answer.group, answer.question or "-", answer.asked, said + answer.text[after:]])
