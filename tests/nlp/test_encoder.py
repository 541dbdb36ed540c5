"""The transformer in numpy: as a plain reckoning of the same, and its pieces as trying every way to cut a word."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from intervjukit.nlp.encoder import BLOCK, END, START, UNKNOWN, Encoder, Pieces, quantised, restored

WIDTH, INNER, LAYERS, HEADS, PLACES = 96, 192, 2, 12, 20
KNOWN = {"▁": -3.0, "▁vä": -2.0, "nt": -2.5, "vänt": -4.0, "▁vän": -3.2} | {"a": -1.0, "t": -1.5, "n": -1.6, "v": -2.0}


def made(seed: int = 1) -> dict[str, Any]:
    """Return the weights of a small transformer, by lot."""
    lot = np.random.default_rng(seed)
    weights: dict[str, Any] = {"places": lot.normal(size=(PLACES, WIDTH)).astype(np.float16)}

    def large(name: str, rows: int, columns: int) -> None:
        weights[name], weights[f"{name}.scale"] = quantised(lot.normal(0, columns**-0.5, (rows, columns)))
        weights[f"{name}.bias"] = lot.normal(size=rows).astype(np.float32)

    def level(name: str) -> None:
        weights[f"{name}.scaled"] = lot.uniform(0.5, 1.5, WIDTH).astype(np.float32)
        weights[f"{name}.bias"] = lot.normal(size=WIDTH).astype(np.float32)

    large("pieces", 30, WIDTH)
    del weights["pieces.bias"]
    level("begin")
    for layer in range(LAYERS):
        for name in ("asks", "tells", "gives", "joins"):
            large(f"{layer}.{name}", WIDTH, WIDTH)
        large(f"{layer}.in", INNER, WIDTH)
        large(f"{layer}.out", WIDTH, INNER)
        level(f"{layer}.heeded")
        level(f"{layer}.done")
    return weights


def reckoned(weights: dict[str, Any], pieces: Sequence[int]) -> Any:
    """Return what the transformer gives for one text, reckoned head by head and piece by piece."""

    def linear(x: Any, name: str) -> Any:
        whole = restored(weights[name], weights[f"{name}.scale"]).astype(np.float64)
        return x @ whole.T + weights[f"{name}.bias"]

    def level(x: Any, name: str) -> Any:
        apart = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
        return apart * weights[f"{name}.scaled"] + weights[f"{name}.bias"]

    table = restored(weights["pieces"], weights["pieces.scale"]).astype(np.float64)
    x = level(table[list(pieces)] + weights["places"][: len(pieces)].astype(np.float64), "begin")
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        asks, tells, gives = (linear(x, f"{layer}.{name}") for name in ("asks", "tells", "gives"))
        heeded = np.zeros_like(x)
        for head in range(HEADS):
            own = slice(head * size, (head + 1) * size)
            for place in range(len(pieces)):
                like = [math.exp(asks[place, own] @ other[own] / math.sqrt(size)) for other in tells]
                heeded[place, own] = sum(part * other[own] for part, other in zip(like, gives, strict=True)) / sum(like)
        x = level(x + linear(heeded, f"{layer}.joins"), f"{layer}.heeded")
        inner = linear(x, f"{layer}.in")
        gelu = np.array([[value * (1 + math.erf(value / math.sqrt(2))) / 2 for value in row] for row in inner])
        x = level(x + linear(gelu, f"{layer}.out"), f"{layer}.done")
    return x


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(made())


def test_the_transformer_gives_what_a_plain_reckoning_gives(encoder: Encoder) -> None:
    pieces = [START, 5, 9, 9, 29, END]
    np.testing.assert_allclose(encoder([pieces])[0], reckoned(made(), pieces), rtol=0, atol=2e-3)


@given(st.lists(st.lists(st.integers(0, 29), min_size=1, max_size=PLACES), min_size=1, max_size=4))
def test_a_text_is_read_alike_whatever_is_read_beside_it(texts: list[list[int]]) -> None:
    encoder = Encoder(made(2))
    together = encoder(texts)
    for text, rows in zip(texts, together, strict=True):
        np.testing.assert_allclose(rows[: len(text)], encoder([text])[0], rtol=1e-3, atol=1e-4)


def test_what_stands_around_a_piece_tells(encoder: Encoder) -> None:
    one, other = encoder([[START, 5, 6, END], [START, 5, 7, END]])
    assert np.abs(one[1] - other[1]).max() > 0.01


@given(arrays(np.float32, (3, 2 * BLOCK), elements=st.floats(-50, 50, width=32)), st.sampled_from([7, 127]))
def test_weights_kept_small_are_near_what_they_were(weights: Any, most: int) -> None:
    whole, scale = quantised(weights, most)
    assert whole.dtype == np.int8 and np.abs(whole).max() <= most
    steps = np.repeat(scale.astype(np.float32), BLOCK, 1)
    assert (np.abs(restored(whole, scale) - weights) <= 0.51 * steps + 0.01 * np.abs(weights) + 1e-6).all()


# --- pieces -----------------------------------------------------------------------------------------


def ways(text: str) -> Iterator[tuple[float, list[str]]]:
    """Yield every way to cut a text into known pieces and single letters nobody knows, with its score."""
    if not text:
        yield 0.0, []
    for end in range(1, len(text) + 1):
        first = text[:end]
        score = KNOWN.get(first, min(KNOWN.values()) - 10 if end == 1 else None)
        if score is not None:
            yield from ((score + rest, [first, *others]) for rest, others in ways(text[end:]))


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(["", "", "", *KNOWN], [0, 0, 0, *KNOWN.values()])


@given(st.text("väntax", min_size=1, max_size=7))
def test_a_word_is_cut_the_likeliest_way(word: str) -> None:
    cut = Pieces(["", "", "", *KNOWN], [0, 0, 0, *KNOWN.values()])(word)
    names = ["", "", None, *KNOWN]
    best = max(score for score, _ in ways(f"▁{word}"))
    unknown = min(KNOWN.values()) - 10
    assert sum(KNOWN[name] if (name := names[piece]) else unknown for piece in cut) == pytest.approx(best)


def test_letters_nobody_knows_are_one_piece_each_and_words_fall_apart_at_spaces(pieces: Pieces) -> None:
    places = {name: place for place, name in enumerate(KNOWN, 3)}
    assert pieces("  vänta\n x ") == [places["▁vä"], places["nt"], places["a"], places["▁"], UNKNOWN]
    assert pieces("") == []


def test_a_letter_and_its_accent_are_read_as_one(pieces: Pieces) -> None:
    assert pieces("va\u0308nt") == pieces("vänt")
