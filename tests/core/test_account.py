"""How a study was done is counted from what it holds, and COREQ filled in from that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intervjukit.core.account import Account, Background, Change, Sample, sample
from intervjukit.core.codebook import Code, Codebook, Facet
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.coreq import ITEMS, fill_in
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.core.report import PARTS
from intervjukit.core.transcript import Transcript, Turn

GUIDE = Protocol(
    "g",
    "Guide",
    "chefer",
    "Chefer",
    "C",
    "arbetsgivare",
    sections=(Section("a", "A", (Question("q1", "text", "Hur?"), Question("q2", "text", "När?"))),),
)
BOOK = Codebook(
    "k", "Kodbok", codes=(Code("ett", "Ett", "d"), Code("tva", "Två", "d")), facets=(Facet("valence", "Slag"),)
)


def transcript(number: int, who: str, date: str = "", *, minutes: int | None = None, wave: int = 1) -> Transcript:
    turns = (Turn(1, "interviewer", "I", 0, 4, "q1"), Turn(2, "respondent", "R", 6, 8, "q1"))
    return Transcript(who, "chefer", "Hur?\n\nJa", turns, wave, date, minutes, "AL", facts={"År": "3"}, id=number)


def coding(number: int, code: str, coder: str = "MK", suggestion: int | None = None) -> Coding:
    return Coding(number, number, "C01", "chefer", 6, 8, "Ja", code, coder=coder, suggestion=suggestion)


HELD = (
    transcript(1, "C01", "2026-02-01", minutes=40),
    transcript(2, "C02", "2026-03-01", minutes=45),
    transcript(3, "C01", "2026-04-01", wave=2),
)


def account(**more: object) -> Account:
    whole = Account(HELD, (coding(1, "ett"), coding(2, "tva", "BL", 9)), (), {"chefer": GUIDE}, BOOK, {"chefer": 2})
    return replace(whole, **more)  # type: ignore[arg-type]


def told(made: Account, number: int) -> str:
    return fill_in(made, PARTS)[number - 1].told


def test_a_sample_is_held_against_the_plan_and_nothing_is_said_without_one() -> None:
    rows = sample(["chefer", "lakare"], {"chefer": 3}, {"chefer": 2})
    assert rows == [Sample("chefer", 3, 2), Sample("lakare", None, 0)]
    assert [row.difference for row in rows] == [-1, None]


def test_lengths_interviewers_waves_and_coders_are_counted() -> None:
    made = account()
    assert (made.minutes, dict(made.interviewers), made.again) == ([40, 45], {"AL": 3}, 1)
    assert [(coder.name, coder.interviews, coder.codings) for coder in made.coders] == [("BL", 1, 1), ("MK", 1, 1)]
    assert [left.id for left in made.uncoded] == [3]
    assert (made.by_hand, made.facts, made.answered) == (1, ["År"], (3, 6))


def test_decisions_on_suggestions_are_counted_and_open_ones_are_not_settled() -> None:
    states = ("accepted", "changed", "rejected", "rejected", "open")
    made = account(
        suggestions=tuple(
            Suggestion(0, 2, "ja", "ett", {}, 0.5, "r", "s", "1", status=state)  # type: ignore[arg-type]
            for state in states
        )
    )
    assert (made.settled, made.decided["rejected"]) == (4, 2)
    assert "50\u00a0% av dem som bedömts godtogs" in told(made, 27)


@pytest.mark.parametrize(("codes", "latest"), [(("ett", "tva"), (2, 2)), (("ett", "ett"), (1, 2))])
def test_the_last_interview_with_a_new_theme_is_found_by_date(codes: tuple[str, str], latest: tuple[int, int]) -> None:
    made = account(codings=tuple(coding(number, code) for number, code in enumerate(codes, 1)))
    assert made.latest_new_theme() == latest
    assert f"intervju {latest[0]} av {latest[1]} i datumordning" in told(made, 22)


def test_one_coded_interview_says_nothing_of_saturation() -> None:
    assert account(codings=(coding(1, "ett"),)).latest_new_theme() is None


def test_coreq_has_its_32_items_in_order_and_points_only_at_parts_of_the_report() -> None:
    assert [item.number for item in ITEMS] == list(range(1, 33))
    assert {part for item in ITEMS for part in item.parts} <= set(PARTS)
    assert len({item.domain for item in ITEMS}) == 3


def test_coreq_tells_what_the_study_knows_and_leaves_the_rest_to_people() -> None:
    made = account(background=Background(plan={"chefer": 3}, changes=(Change("", "MK", "a"), Change("", "MK", "b"))))
    assert told(made, 1) == "AL (3 intervjuer)."
    assert told(made, 12) == "2 personer: chefer 2."
    assert told(made, 13) == "Färre än planerat: chefer 1. Fyll i skälen."
    assert told(made, 18) == "Ja, 1 person mer än en gång."
    assert told(made, 21) == "40–45 minuter, i medeltal 43. Längden är okänd för 1 intervju."
    assert "ändrades en gång under arbetet" in told(made, 26)
    assert {answer.item.number for answer in fill_in(made, PARTS) if not answer.told} == {
        *range(2, 12),
        14,
        15,
        19,
        20,
        23,
        28,
    }


def test_an_empty_study_claims_nothing_about_its_interviews() -> None:
    empty = account(transcripts=(), codings=(), totals={})
    assert {answer.item.number for answer in fill_in(empty, PARTS) if answer.told} == {25, 26, 27}


def test_coreq_points_at_the_first_part_that_is_written() -> None:
    places = {answer.item.number: answer.part for answer in fill_in(account(), ("metod", "grupper"))}
    assert (places[12], places[29], places[17], places[2]) == ("metod", "grupper", "", "")
