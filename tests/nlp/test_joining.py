"""Tests of whether a sentence makes the same point as the one before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.nlp.features import Segment
from intervjukit.nlp.joining import Links, known_pairs
from intervjukit.nlp.model import CodingModel, Example


def segments(*said: tuple[int, str]) -> list[Segment]:
    return [Segment(turn, 0, len(text), text) for turn, text in said]


def joined(model: CodingModel, first: str, second: str) -> float:
    return float(model.joins.scores(model.links.rows(segments((1, first), (1, second))))[0, 0])


def taught(*passages: tuple[str, ...]) -> CodingModel:
    """Return a model of one turn, said six times over, each passage coded as a whole."""
    examples = [
        Example(Segment(turn, 0, len(text), text), True, number, ("vantetider",))
        for turn in range(6)
        for number, passage in enumerate(passages)
        for text in passage
    ]
    return CodingModel.fit(examples)


def test_how_a_sentence_begins_tells_whether_it_goes_on() -> None:
    model = taught(
        ("Jag fick vänta på läkaren.", "Det tog tre månader."), ("Men chefen ringde på fredagar.", "Det var bra gjort.")
    )
    goes_on = joined(model, "Jag ringde Försäkringskassan.", "Det var kö i två timmar.")
    begins_anew = joined(model, "Jag ringde Försäkringskassan.", "Men kuratorn svarade på en gång.")
    assert goes_on > 0 > begins_anew


@pytest.mark.parametrize("passages", [[("Det var kö.",), ("Det var dyrt.",)], [("Det var kö.",)], []])
def test_nothing_is_joined_when_no_example_shows_it(passages: list[tuple[str, ...]]) -> None:
    model = taught(*passages, ("Bilen var röd.",))
    assert joined(model, "Det var kö.", "Det var dyrt.") < 0


def test_the_last_segment_of_a_turn_is_followed_by_nothing() -> None:
    said = segments((1, "Jag ringde."), (1, "Det var kö."), (2, "Det var dyrt."))
    links = Links(["", "1 det", "after"])
    assert links.rows(said).toarray().astype(bool).tolist() == [[True, True, True], [False] * 3, [False] * 3]


@given(st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 2)), max_size=12))
def test_a_pair_is_two_coded_segments_in_a_row_of_one_turn(said: list[tuple[int, int | None]]) -> None:
    turns = [turn for turn, _ in said]
    passages = [None if number is None else (turn, number) for turn, number in said]
    pairs = known_pairs(passages, turns)
    for place in range(len(said) - 1):
        of_one_turn = turns[place] == turns[place + 1]
        both = passages[place] is not None and passages[place + 1] is not None
        assert pairs.get(place) == ((passages[place] == passages[place + 1]) if of_one_turn and both else None)
    assert all(0 <= place < len(said) - 1 for place in pairs)
