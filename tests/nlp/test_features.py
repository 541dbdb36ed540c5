"""What each word of a text adds to its scores, and what is left without some of them."""

from __future__ import annotations

import numpy as np
import pytest

from intervjukit.nlp.features import Features, Segment, Shares

TALK = (
    "kaffe ute regn",
    "regn över bussen",
    "kaffe och bussen",
    "ute i regn",
    "bussen kom ute",
    "regn kaffe bussen",
) * 5


@pytest.fixture(scope="module")
def features() -> Features:
    found = Features()
    found.fit([Segment(number, 0, len(text), text) for number, text in enumerate(TALK)])
    return found


def rows(features: Features, text: str) -> np.ndarray:
    known = len(features.words.places) + len(features.letters.places)
    return np.asarray(features.rows([Segment(0, 0, len(text), text)]).todense())[0, :known]


def test_what_the_words_add_is_all_that_the_words_say(features: Features) -> None:
    known = len(features.words.places) + len(features.letters.places)
    weights = np.random.default_rng(1).normal(size=(known, 3)).astype(np.float32)
    shares = Shares(features, ["Kaffe ute i regn", "bussen, bussen"], weights)
    for number, text in enumerate(("kaffe ute i regn", "bussen bussen")):
        _, added = shares.of(number)
        assert added.sum(0) == pytest.approx(rows(features, text) @ weights, abs=1e-5)


def test_without_words_is_about_as_if_they_had_not_been_said(features: Features) -> None:
    known = len(features.words.places) + len(features.letters.places)
    weights = np.random.default_rng(2).normal(size=(known, 2)).astype(np.float32)
    shares = Shares(features, ["ute", "kaffe regn bussen regn"], weights)
    order = [shares.types.tolist().index(word) for word in ("regn", "bussen", "kaffe")]
    changes = shares.without(np.array([[-1, -1, -1, -1], [*order, -1]]), [0, 1])
    assert changes[0] == pytest.approx(0, abs=1e-5)
    whole = rows(features, "kaffe regn bussen regn") @ weights
    for change, left in zip(changes[1], ("kaffe bussen", "kaffe", "", ""), strict=True):
        assert change == pytest.approx(rows(features, left) @ weights - whole, abs=0.01)
