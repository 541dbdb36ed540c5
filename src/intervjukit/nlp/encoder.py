"""A small transformer in numpy: text to pieces of words, and pieces to vectors that know what stands around them.

The shape is that of BERT (Devlin et al. 2019), the pieces are cut as a unigram language model does (Kudo 2018).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from intervjukit.nlp.cache import REMEMBERED

Vectors = npt.NDArray[np.float32]
BLOCK = 32
"""So many weights in a row are kept as whole numbers with one scale."""
_HEADS, _EPS = 12, 1e-12
_SPACE = "▁"
"""Stands before a word, in the pieces."""
_NEVER = np.float32(-1e9)
START, END, UNKNOWN = 0, 1, 2
"""The pieces that begin and end a text, and the one for what no piece is."""


class Pieces:
    """Cuts words into the pieces that are likeliest together."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """Know ``pieces``, the first three of which stand for no letters, by how likely each is (log)."""
        own = range(UNKNOWN + 1, len(pieces))
        self._known = {pieces[place]: (float(scores[place]), place) for place in own}
        self._longest = max(map(len, self._known), default=0)
        self._unknown = min((score for score, _ in self._known.values()), default=0.0) - 10
        self._word = lru_cache(REMEMBERED)(self._cut)

    def __call__(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text."""
        return list(chain.from_iterable(map(self._word, unicodedata.normalize("NFKC", text).split())))

    def _cut(self, word: str) -> tuple[int, ...]:
        text = _SPACE + word
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # to each place: the score, from where, by which piece
        for end in range(1, len(text) + 1):
            ways = [(best[end - 1][0] + self._unknown, end - 1, UNKNOWN)]
            for start in range(max(0, end - self._longest), end):
                if known := self._known.get(text[start:end]):
                    ways.append((best[start][0] + known[0], start, known[1]))
            best.append(max(ways))
        cut: list[int] = []
        place = len(text)
        while place:
            _, place, piece = best[place]
            cut.append(piece)
        return tuple(reversed(cut))


class Encoder:
    """A transformer: what it gives for a piece depends on all the text."""

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take ``weights`` as ``quantised`` has made them, those of the pieces left small until they are asked for."""
        self._pieces, self._scales = weights["pieces"], weights["pieces.scale"]
        self._small = {name: np.asarray(its, np.float32) for name, its in weights.items() if _is_plain(name, weights)}
        self._large = {
            name: np.ascontiguousarray(restored(its, weights[f"{name}.scale"]).T)
            for name, its in weights.items()
            if f"{name}.scale" in weights and name != "pieces"
        }
        self._layers = sum(name.endswith(".out") for name in self._large)

    def __call__(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Return a vector per piece, for texts no longer than there are places: texts by the longest one's by width."""
        lengths = np.array(list(map(len, texts)))
        pieces = np.zeros((len(texts), lengths.max()), np.intp)
        for row, text in enumerate(texts):
            pieces[row, : len(text)] = text
        shape = (*pieces.shape, -1)
        x = restored(self._pieces[pieces.ravel()], self._scales[pieces.ravel()]).reshape(shape)
        x = self._level(x + self._small["places"][: shape[1]], "begin").reshape(pieces.size, -1)
        outside = np.where(np.arange(shape[1]) < lengths[:, None], np.float32(0), _NEVER)[:, None, None]
        for layer in range(self._layers):
            x = self._level(x + self._heeded(x, layer, shape, outside), f"{layer}.heeded")
            x = self._level(x + self._linear(_gelu(self._linear(x, f"{layer}.in")), f"{layer}.out"), f"{layer}.done")
        return x.reshape(shape)

    def _heeded(self, x: Vectors, layer: int, shape: tuple[int, ...], outside: Vectors) -> Vectors:
        """Return what each piece takes from the others of its text."""
        asked, told, taken = (
            self._linear(x, f"{layer}.{name}").reshape(*shape[:2], _HEADS, -1).transpose(0, 2, 1, 3)
            for name in ("asks", "tells", "gives")
        )
        share = np.matmul(asked, told.transpose(0, 1, 3, 2))
        share *= np.float32(asked.shape[-1] ** -0.5)
        share += outside
        share -= share.max(-1, keepdims=True)
        np.exp(share, out=share)
        share /= share.sum(-1, keepdims=True)
        return self._linear(np.matmul(share, taken).transpose(0, 2, 1, 3).reshape(x.shape), f"{layer}.joins")

    def _linear(self, x: Vectors, name: str) -> Vectors:
        through = x @ self._large[name]
        through += self._small[f"{name}.bias"]
        return through

    def _level(self, x: Vectors, name: str) -> Vectors:
        x -= x.mean(-1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(-1, keepdims=True) + np.float32(_EPS))
        return np.asarray(x * self._small[f"{name}.scaled"] + self._small[f"{name}.bias"])


def _gelu(x: Vectors) -> Vectors:
    """Return each number times how likely a normal one is to be less, within 0.0005 (Hendrycks and Gimpel 2016)."""
    likely = np.square(x)
    likely *= np.float32(0.044715)
    likely += 1
    likely *= x
    likely *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(likely, out=likely)  # the normal distribution's own function takes twenty times as long
    likely += 1
    likely *= x
    likely *= np.float32(0.5)
    return likely


def _is_plain(name: str, weights: Mapping[str, npt.NDArray[Any]]) -> bool:
    return not name.endswith(".scale") and f"{name}.scale" not in weights


def quantised(weights: Vectors, most: int = 127) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Return weights (rows by columns) as whole numbers of at most ``most``, and the scale of each 32 in a row."""
    blocks = weights.reshape(len(weights), -1, BLOCK)
    scale = np.asarray(np.abs(blocks).max(-1) / most, np.float16)
    whole = np.round(blocks / np.maximum(scale, np.float16(6e-8)).astype(np.float32)[..., None])
    return np.clip(whole, -most, most).astype(np.int8).reshape(weights.shape), scale


def restored(whole: npt.NDArray[np.int8], scale: npt.NDArray[np.float16]) -> Vectors:
    """Return the weights that ``quantised`` was given, near enough."""
    blocks = whole.reshape(len(whole), -1, BLOCK) * scale.astype(np.float32)[..., None]
    return np.asarray(blocks.reshape(whole.shape), np.float32)
