"""What is shown: passages of at most three sentences in a row, likely enough to hold something to code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.transcript import Role, Transcript
from intervjukit.nlp.model import Reading
from intervjukit.nlp.showing import LIMITS, MOST_SENTENCES, Limits, passages
from intervjukit.nlp.suggester import Suggester

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]
WAIT, LONGER, BOSS, TALK = (
    "Jag fick stå i kö i tre månader.",
    "Det dröjde.",
    "Men chefen ringde aldrig.",
    "Kaffet var gott.",
)


def read(suggester: Suggester, interview: Interview, *answers: str) -> Reading:
    said = interview([("respondent", answer, "drar_ut") for answer in answers])
    return Reading([place.found.segment for place in suggester.places([said])], suggester.model)


@pytest.fixture(scope="module")
def reading(suggester: Suggester, interview: Interview) -> Reading:
    two = (f"{TALK} {WAIT} {WAIT} {WAIT} {WAIT} {BOSS}", f"{WAIT} {LONGER} {TALK} {BOSS} {LONGER}")
    return read(suggester, interview, *two)


@given(
    limits=st.builds(Limits, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    taken=st.sets(st.integers(0, 10)),
)
def test_passages_are_sentences_in_a_row_of_one_answer_each_within_the_limits(
    reading: Reading, limits: Limits, taken: set[int]
) -> None:
    shown = passages(reading, limits, taken)
    places = [place for passage in shown for place in passage]
    assert len(places) == len(set(places)) and not taken & set(places)
    assert places == sorted(places)
    for passage in shown:
        assert 1 <= len(passage) <= MOST_SENTENCES
        assert list(passage) == list(range(passage[0], passage[-1] + 1))
        assert len({reading.segments[place].turn for place in passage}) == 1
        assert reading.worth()[list(passage)].min() >= limits.least
        assert 1 - np.prod(1 - reading.likely()[list(passage)]) >= limits.anywhere
        assert all(reading.goes_on()[place] > limits.the_same_point for place in passage[:-1])


@given(limits=st.builds(Limits, st.floats(0, 1), st.just(0.0), st.floats(0, 1)))
def test_all_that_counts_is_shown_when_no_passage_need_be_likely(reading: Reading, limits: Limits) -> None:
    shown = {place for passage in passages(reading, limits, ()) for place in passage}
    assert shown == set(np.flatnonzero(reading.worth() >= limits.least).tolist())


def test_two_sentences_may_be_shown_together_that_would_not_be_alone(reading: Reading) -> None:
    one, other = reading.likely()[[1, 2]]
    both = 1 - (1 - one) * (1 - other)
    assert max(one, other) < both < 1
    limits = Limits(0.01, float(both), 0.0)
    assert (1, 2) in passages(reading, limits, {0, 3})
    assert not any({1, 2} & set(passage) for passage in passages(reading, limits._replace(the_same_point=1.0), ()))


@given(
    limits=st.builds(Limits, st.just(0.0), st.floats(0, 0.99), st.just(0.5)), sentences=st.integers(1, MOST_SENTENCES)
)
def test_sentences_that_are_each_just_likely_enough_are_so_together(limits: Limits, sentences: int) -> None:
    assert 1 - (1 - limits.of_one(sentences)) ** sentences == pytest.approx(limits.anywhere)
    assert limits.of_one(sentences) <= limits.of_one(1) == pytest.approx(limits.anywhere)


def test_the_complete_mode_lets_more_count_and_keeps_it_apart_more(reading: Reading) -> None:
    few, many = (passages(reading, LIMITS[mode], ()) for mode in ("economical", "complete"))
    assert {place for passage in few for place in passage} <= {place for passage in many for place in passage}
    assert LIMITS["complete"].the_same_point > LIMITS["economical"].the_same_point


def test_how_it_begins_and_what_it_is_about_tell_whether_the_next_sentence_goes_on(
    suggester: Suggester, interview: Interview
) -> None:
    again, other = (read(suggester, interview, f"{WAIT} {text}").goes_on()[0] for text in (WAIT, BOSS))
    assert again > LIMITS["economical"].the_same_point > other
    (_, _, code, slag, _), (_, _, other_code, other_slag, _) = (
        [known[0] for known in read(suggester, interview, f"{WAIT} {text}").pairs()] for text in (WAIT, BOSS)
    )
    assert code > other_code and 0 <= min(slag, other_slag) <= max(slag, other_slag) <= 1
