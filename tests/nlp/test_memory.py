"""What is remembered is bounded: many words, and many decisions, are worked through without holding them all."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp

from intervjukit.nlp import linear
from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.linear import Decided, Linear, corrected
from intervjukit.nlp.pipeline import IndicatorMatcher

SOUNDS = [f"{first}{vowel}" for first, vowel in product("bdfgklmnprstv", "aeiouyåäö")]


def test_new_words_beyond_the_many_that_are_remembered_are_found_and_forgotten() -> None:
    matcher = IndicatorMatcher({"code:ko": ["kö"]}, model="")
    strings = matcher.nlp.vocab.strings
    words = [f"{one}{other}x{number}" for number in range(3) for one, other in product(SOUNDS, SOUNDS)]
    assert len(words) > 2 * REMEMBERED
    for doc in matcher.docs(" ".join(words[at : at + 500]) for at in range(0, REMEMBERED + 500, 500)):
        assert not matcher.hits(doc)
    held = len(strings)
    for doc in matcher.docs([" ".join([*words[-500:], "köerna"])]):
        assert [hit.quote for hit in matcher.hits(doc)] == ["köerna"]
    del doc
    assert len(strings) == held


def test_many_decisions_teach_what_they_would_if_their_likeness_were_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    rows = sp.random(300, 80, 0.1, "csr", np.float32, rng=rng)
    before = Linear(["code:a", "code:b"], np.zeros((80, 2), np.float32), np.zeros(2, np.float32))
    sides = ({"code:a"}, {"code:b"})
    decided = {n: Decided(frozenset(sides[n % 2]), frozenset(sides[1 - n % 2])) for n in range(300)}
    exact = corrected(before, rows, decided, 5.0)
    monkeypatch.setattr(linear, "_WRITTEN_DOWN", 10)
    near = corrected(before, rows, decided, 5.0)
    assert np.abs(exact.weights).max() > 0.1
    np.testing.assert_allclose(near.weights, exact.weights, atol=1e-3)
