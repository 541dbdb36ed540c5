"""A quote has one place in the respondent's own words, and a doubtful question takes its answers with it."""

from __future__ import annotations

import pytest

from intervjukit.core.placing import FOLLOW_UP, place_quote, requestioned
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.core.transcript import Doubt, Role, Transcript, Turn, nearest_respondent
from intervjukit.errors import RuleError

SAID: tuple[tuple[Role, str], ...] = (
    ("interviewer", "Hur – menar du?"),
    ("respondent", "Hon sa: ”det går inte” – och\ngick. Det\u00a0blev 10 000 kronor, va’."),
    ("interviewer", "Oj."),
    ("respondent", 'Ja. Det var «så» och det var "så".'),
)
GUIDE = Protocol(
    "g", "G", "g", "G", "S", "individ", sections=(Section("s", "S", tuple(Question(i, "text", i) for i in "abc")),)
)


def transcript(said: tuple[tuple[Role, str], ...], questions: str = "") -> Transcript:
    turns, place = [], 0
    for seq, (role, text) in enumerate(said, 1):
        question = questions[seq - 1 : seq].strip() or None
        turns.append(Turn(seq, role, "", place, place + len(text), question))
        place += len(text) + 2
    return Transcript("S01", "g", "\n\n".join(text for _, text in said), tuple(turns))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('Hon sa: "det går inte" - och gick.', "Hon sa: ”det går inte” – och\ngick."),
        ("  Hon sa: “det går\tinte„ —  och gick.\n", "Hon sa: ”det går inte” – och\ngick."),
        ("Det blev 10\u00a0000 kronor, va'.", "Det\u00a0blev 10 000 kronor, va’."),
        ('Det var "så" och', "Det var «så» och"),
        ('var "så"', 'var "så"'),
    ],
)
def test_a_quote_is_found_though_typed_in_another_way_and_kept_as_it_stands(typed: str, stored: str) -> None:
    interview = transcript(SAID)
    coding = place_quote(interview, typed)
    assert coding.quote == stored == interview.text[coding.start : coding.end]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Hur - menar du?", "inte den intervjuades egna ord"),
        ("Oj. Ja.", "inte den intervjuades egna ord"),
        ("var 'så'", "finns inte i intervjun"),
        ("var “så„", "på 2 ställen"),
        ("hon sa", "finns inte i intervjun"),
        ("-", "på 2 ställen"),
        (" ", "finns inte i intervjun"),
    ],
)
def test_a_quote_without_one_place_of_its_own_is_refused(typed: str, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        place_quote(transcript(SAID), typed)


def test_with_a_span_the_quote_must_read_exactly_as_the_place() -> None:
    interview = transcript(SAID)
    start = interview.text.index("”det")
    assert place_quote(interview, "”det", (start, start + 4)).quote == "”det"
    with pytest.raises(RuleError, match="stämmer inte med texten"):
        place_quote(interview, '"det', (start, start + 4))


OPENING: tuple[tuple[Role, str], ...] = (
    ("interviewer", "Vem är du?"), ("respondent", "Kurt."), ("interviewer", "Jaså."), ("respondent", "Ja."),
    ("interviewer", "Berätta om katten."), ("respondent", "Grå."), ("interviewer", "a?"), ("respondent", "A."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("turn", "question", "changed"),
    [(1, "b", [1, 2, 3, 4]), (5, "c", [5, 6]), (1, FOLLOW_UP, []), (7, "b", [7, 8]), (7, FOLLOW_UP, [7, 8])],
)
def test_a_turn_without_a_question_takes_its_own_answers_and_not_the_next_questions(
    turn: int, question: str, changed: list[int]
) -> None:
    found = requestioned(transcript(OPENING, "      aa"), Doubt("fråga", "", "", turn), question, GUIDE)
    assert [moved.seq for moved, _ in found] == changed
    assert {target for _, target in found} <= {None if question == FOLLOW_UP else question}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("m01", "M01"), ("S3", "S03"), ("s003", "S03"), ("S04", "S03"), (" M1 ", "M01"), ("Kurt", None), ("", None)],
)
def test_the_respondent_who_is_likely_meant_is_named(written: str, meant: str | None) -> None:
    assert nearest_respondent(written, ["S03", "M01", "C12", "S33", "S13"]) == meant
