"""A bank of utterances is read whole or refused whole, and is the same again when it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.bank import BankAnswer, Statement
from intervjukit.core.text import Span
from intervjukit.errors import FaultyFileError
from intervjukit.formats.banks import bank_files, bank_text, read_bank, written
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.library import codebook_file, protocol_files
from intervjukit.formats.protocols import read_protocol

BOOK = read_codebook(codebook_file("halsoflodet"))
LINE = "lakare | kontakt_fk | Och Kassan? | Jo. {vantetider+tillganglighet/flaskhals/vard/- Ingen svarar.} Så."


def test_a_line_gives_the_answer_with_its_statements_in_place() -> None:
    (answer,) = read_bank("b.txt", f"# anmärkning\n\n{LINE}\n", BOOK)
    assert answer.text == "Jo. Ingen svarar. Så."
    (statement,) = answer.statements
    assert answer.text[slice(*statement.span)] == "Ingen svarar."
    assert statement.codes == ("vantetider", "tillganglighet")
    assert statement.facets == {"valence": "flaskhals", "party": "vard"}


def test_an_answer_without_question_and_asked_may_be_left_empty() -> None:
    assert read_bank("b.txt", "chefer | - | | Vi är tolv.", BOOK) == [BankAnswer("chefer", "", "", "Vi är tolv.")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("chefer | - | Bara tre fält.", "3 fält"),
        (LINE.replace("vantetider", "vantetid"), "vantetid"),
        (LINE.replace("/vard", "/varden"), "varden"),
        (LINE.replace("/-", ""), "facetter"),
        (LINE.replace("}", ""), "klammer"),
    ],
)
def test_every_faulty_line_is_named_with_what_to_do(line: str, told: str) -> None:
    with pytest.raises(FaultyFileError, match=told) as caught:
        read_bank("b.txt", f"{LINE}\n{line}\n{line}", BOOK)
    assert [fault.line for fault in caught.value.faults] == [2, 3]
    assert all(fault.fix for fault in caught.value.faults)


WORDS = st.text(st.sampled_from("aåo .?😀é,"), min_size=1, max_size=9).map(str.strip).filter(bool)


@st.composite
def answers(draw: st.DrawFn) -> BankAnswer:
    text, statements = draw(WORDS), []
    for _ in range(draw(st.integers(0, 3))):
        said = draw(WORDS)
        facets = BOOK.check_facets({"valence": "onskan", "party": draw(st.sampled_from(["", "individ", "kollegor"]))})
        statements.append(Statement(Span(len(text) + 1, len(text) + 1 + len(said)), ("ansvar",), facets))
        text = f"{text} {said} {draw(WORDS)}"
    return BankAnswer(
        "chefer", draw(st.sampled_from(["", "drar_ut"])), draw(WORDS | st.just("")), text, tuple(statements)
    )


@given(st.lists(answers()))
def test_what_is_written_is_read_again_the_same(given_answers: list[BankAnswer]) -> None:
    assert read_bank("b.txt", written(given_answers, BOOK), BOOK) == given_answers


def test_the_bank_that_comes_with_the_kit_is_whole_and_covers_the_code_book() -> None:
    files = bank_files(codebook_file("halsoflodet"))
    answers = [answer for file in files for answer in read_bank(file.name, bank_text(file), BOOK)]
    groups = {read_protocol(path).group for path in protocol_files("halsoflodet")}
    said = [statement for answer in answers for statement in answer.statements]
    assert {answer.group for answer in answers} == groups
    for code in BOOK:
        values = {s.facets["valence"] for s in said if code.id in s.codes}
        assert values == {"flaskhals", "framgang", "onskan"}, code.id
    assert sum(not answer.statements for answer in answers) > 1_000


def test_no_sentence_of_the_bank_stands_in_the_example_or_in_what_is_held_back() -> None:
    """What is learned from must not be what is measured on: no run of eleven words is shared."""
    repo = Path(__file__).parents[2]
    measured = [bank_text(file) for file in sorted((repo / "bench").glob("fresh*/[TU]*.txt"))]
    measured += [bank_text(repo / "examples" / "halsoflodet" / "kodningar.csv")]
    measured += [bank_text(repo / "bench" / "heldback" / "yttranden.txt")]
    known = {run for file in bank_files(codebook_file("halsoflodet")) for run in _runs(bank_text(file))}
    assert known
    assert [run for text in measured for run in _runs(text) if run in known] == []


def _runs(text: str) -> set[str]:
    found = set()
    for line in text.split("\n"):
        words = line.rpartition("|")[2].split()
        found |= {" ".join(words[i : i + 11]) for i in range(len(words) - 10)}
    return found


def test_a_code_book_without_a_bank_has_no_files(tmp_path: Path) -> None:
    assert bank_files(tmp_path / "min.yaml") == []
