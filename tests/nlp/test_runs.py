"""Runs of words: which are kept, that a text's runs are counted right, and that what is kept gives the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.nlp.runs import Runs

WORDS = [f"ord{number}" for number in range(300)]
MANY = [["det", "tog", word, "innan", "jag", "kom"] for word in WORDS[:6]] * 5
texts = st.lists(st.lists(st.sampled_from("jag vill att det ska gå".split()), max_size=7), max_size=40)


def two_words(said: Sequence[Sequence[str]], fewest: int = 5) -> dict[str, int]:
    """Return the runs of two words, edges marked, that stand in so many texts, counted the plain way."""
    runs = [{f"{a} {b}" for a, b in zip(["^", *text], [*text, "^"], strict=True)} for text in said if text]
    runs += [{"^ ^"} for text in said if not text]
    heard = Counter(word for text in said for word in text)
    known = {"^"} | {word for word, times in heard.items() if times >= fewest}
    counts = Counter(run for its in runs for run in its if set(run.split()) <= known)
    return {run: count for run, count in counts.items() if count >= fewest}


@given(texts)
@settings(max_examples=60)
def test_runs_of_two_are_those_that_five_texts_have(said: list[list[str]]) -> None:
    assert len(Runs.fit(said).arrays()["n0"]) == len(two_words(said))


@given(texts, texts)
@settings(max_examples=40)
def test_what_is_kept_gives_the_same_rows(said: list[list[str]], asked: list[list[str]]) -> None:
    runs = Runs.fit(said)
    again = Runs.of_arrays(runs.arrays())
    assert len(again) == len(runs)
    assert (again.rows(asked) != runs.rows(asked)).nnz == 0


@given(texts, texts)
@settings(max_examples=40)
def test_a_text_has_the_same_row_whatever_stands_beside_it(said: list[list[str]], asked: list[list[str]]) -> None:
    runs = Runs.fit(said)
    together = runs.rows(asked)
    for place, text in enumerate(asked):
        assert (together[place] != runs.rows([text])).nnz == 0


def test_a_pattern_is_heard_where_its_other_words_are_new() -> None:
    usual = [[word] * 2 for word in WORDS] * 5  # the commonest words, so that those of the pattern's gaps are not
    runs = Runs.fit([*MANY * 3, *usual])
    known, new = runs.rows([["det", "tog", "ord0", "innan"], ["det", "tog", "aldrighört", "innan"]]).toarray()
    assert np.count_nonzero(new) >= 2 and np.count_nonzero(known) >= np.count_nonzero(new)
    assert np.count_nonzero(new * known) >= 1


def test_the_order_of_words_tells() -> None:
    runs = Runs.fit(MANY)
    there, back = runs.rows([["jag", "kom"], ["kom", "jag"]]).toarray()
    assert there @ back < there @ there
    assert not runs.rows([["zebra", "giraff"]]).nnz


def test_without_texts_or_anything_known_there_are_empty_rows() -> None:
    assert Runs().rows([["a"], []]).shape == (2, 0)
    assert Runs.fit([]).rows([["a"]]).shape == (1, 0)
    assert Runs.fit(MANY).rows([]).shape == (0, len(Runs.fit(MANY)))
