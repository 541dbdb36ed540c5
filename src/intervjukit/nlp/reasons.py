"""Why something is suggested, in plain Swedish: the words that weighed most, indicators, the question, likenesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from intervjukit.core.codebook import Codebook
from intervjukit.nlp.features import Shares, as_written
from intervjukit.nlp.linear import Decided, Floats
from intervjukit.nlp.model import ALSO, CODABLE, CODE, Reading, chances, heeded, told
from intervjukit.nlp.pipeline import Hit
from intervjukit.nlp.segments import Found
from intervjukit.nlp.showing import Limits

_MOST_WORDS, _FEWEST_WORDS, _FIRST = 18, 3, 6
"""How many words of a sentence are named, at most and at least, and how many of a passage come before the others."""
_SAFE = 0.7
"""The named words are so many that without them the estimate is at most this share of what is shown."""
_LIKE, _LIKE_READ, _QUESTION = 0.13, 0.4, 1 / 3
"""From what likeness a coded passage is told of, by words and closely, and how much of it lies in what was asked.

Then the passage told is oftener of the same theme (``bench/quality.py closely``)."""
_AT_A_TIME = 100
"""How many suggestions are held against all that is coded at a time."""
_BESIDE = 90
_CLEAR = 0.06
_SMALL_COUNT = 0.5
_NOTHING = 1e-9
_SMALL = frozenset(
    """att och det de den en ett i på som är var jag han hon vi du man dom av till för med om så men eller ha har hade
    då när där här ju väl vad hur mig dig sig oss er min mitt mina din sin sitt sina""".split()
)
"""Words that tell a reader little: named only where they weigh much."""
_SLAG = {"flaskhals": "en flaskhals", "framgang": "en framgång", "onskan": "en önskan"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be explained: that segments in a row (their places) are this code with these facet values."""

    places: tuple[int, ...]
    code: str
    facets: Mapping[str, str]


@dataclass(frozen=True)
class Coded:
    """The segments that have been coded: their rows (see ``_said_and_asked``), words and codes, also read closely."""

    rows: sp.csr_matrix
    texts: tuple[str, ...]
    codes: tuple[frozenset[str], ...]
    read: Floats | None = None

    @classmethod
    def of(cls, reading: Reading, decided: Mapping[int, Decided]) -> Coded:
        """Return those of a reading's segments that somebody has coded."""
        places = [place for place, verdict in decided.items() if verdict.yes]
        texts = tuple(reading.segments[place].text for place in places)
        codes = (frozenset(t.partition(":")[2] for t in decided[p].yes if t.startswith(f"{CODE}:")) for p in places)
        read = None if reading.read is None else reading.read[places]
        return cls(_said_and_asked(reading, places), texts, tuple(codes), read)

    def likeness(self, reading: Reading, places: Sequence[int]) -> sp.csr_matrix:
        """Return how like some segments of a reading are to these (from 1 enough to tell): places by coded segments.

        In words and in what was asked, and as much by what has been read closely, where both have been.
        """
        like = _said_and_asked(reading, places) @ self.rows.T
        if self.read is None or reading.read is None:
            return like / _LIKE
        return sp.csr_matrix((like + _directions(reading.read[places]) @ _directions(self.read).T) / (2 * _LIKE_READ))


class Reasons:
    """Explains suggestions from the same weights and finds that made them."""

    def __init__(
        self, codebook: Codebook, found: Sequence[Found], reading: Reading, coded: Coded, limits: Limits
    ) -> None:
        """Explain what ``reading`` made of the segments ``found``; what is within ``limits`` is shown."""
        self._codebook, self._found, self._reading = codebook, found, reading
        self._coded, self._limits = coded, limits
        self._targets = [CODABLE, *reading.content.targets]
        self._codes = np.flatnonzero([target.startswith(f"{CODE}:") for target in self._targets])
        self._weights = np.hstack([reading.spots.weights, reading.content.weights])

    def explain(self, claims: Sequence[Claim]) -> list[str]:
        """Return the reason for each claim, in Swedish."""
        segments = [(row, place) for row, claim in enumerate(claims) for place in claim.places]
        if not segments:
            return []
        shares = Shares(
            self._reading.features, [self._found[place].segment.text for _, place in segments], self._weights
        )
        needed = self._needed(
            shares,
            [place for _, place in segments],
            [claims[row].code for row, _ in segments],
            np.array([self._limits.of_one(len(claims[row].places)) for row, _ in segments]),
        )
        texts: list[list[int]] = [[] for _ in claims]
        for text, (row, _) in enumerate(segments):
            texts[row].append(text)
        near = self._nearest(claims)
        return [
            self._reason(
                claim,
                [word for text in texts[row] for word in needed[text]],
                [shares.of(text) for text in texts[row]],
                near.get(row, {}),
            )
            for row, claim in enumerate(claims)
        ]

    def _needed(self, shares: Shares, places: Sequence[int], codes: Sequence[str], limits: Floats) -> list[list[str]]:
        """Return the words without which each segment would not be suggested as its code, most important first.

        ``limits`` are how likely each must be for that.
        """
        spot, number = self._targets.index(CODABLE), len(places)
        own = np.array([self._targets.index(f"{CODE}:{code}") for code in codes])
        worth = np.array([_SMALL_COUNT if word in _SMALL else 1.0 for word in shares.types])
        order = shares.heaviest([np.full(number, spot), own], worth, _MOST_WORDS)
        now = np.c_[self._reading.codable[places], self._reading.scores[places][:, self._codes - 1]]
        lengths = self._reading.lengths[places][:, None]
        left = np.maximum(lengths - np.arange(1, _MOST_WORDS + 1), 0)
        less = heeded(left) / np.maximum(heeded(lengths), _NOTHING) - 1
        read = self._reading.read_scores(places)[:, [spot, *self._codes]]
        scores = now[:, None] + shares.without(order, [spot, *self._codes]) + less[:, :, None] * read[:, None]
        scores = scores.reshape(number * _MOST_WORDS, -1)
        each = np.repeat(places, _MOST_WORDS)
        among = told(scores[:, 1:])
        codable = self._reading.likely_with(each, scores[:, 0], among, left.ravel())
        enough_of = np.maximum(np.repeat(limits, _MOST_WORDS), _NOTHING)
        shown = np.minimum(codable * among / self._limits.least, codable / enough_of)
        likely = chances(scores[:, 1:], CODE)
        its = likely[np.arange(len(each)), np.searchsorted(self._codes, np.repeat(own, _MOST_WORDS))]
        proposed = its / np.minimum(ALSO, likely.max(1))
        gone = (np.minimum(shown, proposed) < _SAFE).reshape(number, -1)
        enough = np.where(gone.any(1), np.maximum(gone.argmax(1) + 1, _FEWEST_WORDS), _MOST_WORDS)
        return [
            [shares.types[word] for word in words[:most] if word >= 0]
            for words, most in zip(order, enough, strict=True)
        ]

    def _reason(
        self, claim: Claim, needed: Sequence[str], shares: Sequence[tuple[Any, Floats]], near: Mapping[str, int]
    ) -> str:
        hits = [hit for place in claim.places for hit in self._found[place].hits]
        written = as_written(" ".join(self._found[place].segment.text for place in claim.places))
        added = {written.get(word, word): row for words, rows in shares for word, row in zip(words, rows, strict=True)}
        named = list(dict.fromkeys(written.get(word, word) for word in needed))
        name = self._codebook.code(claim.code).name
        first, after = self._named(named, added, claim.code)
        parts = [f"{first or 'sammanhanget'} talar för {name}" + (f", och med mindre tyngd {after}" if after else "")]
        if shown := _indicators(hits, f"{CODE}:{claim.code}"):
            parts.append(f"indikator: {shown}")
        if against := self._against({word: row for word, row in added.items() if word not in named}, claim.code):
            parts.append(f"emot talar {_quoted(against)}")
        parts += filter(None, (self._facet(added, hits, claim, facet) for facet in ("valence", "party")))
        if claim.code in near:
            parts.append(self._likeness(near[claim.code]))
        reason = "; ".join(parts)
        return f"{reason[0].upper()}{reason[1:]}."

    def _named(self, words: Sequence[str], added: Mapping[str, Floats], code: str) -> tuple[str, str]:
        """Return the words that speak for a code: those that tell a reader most, and the others."""
        own = [self._targets.index(CODABLE), self._targets.index(f"{CODE}:{code}")]
        heavy = sorted(words, key=lambda word: (word.lower() in _SMALL, -added[word][own].sum()))
        return _listed(map(_quoted, heavy[:_FIRST])), _listed(map(_quoted, heavy[_FIRST:]))

    def _against(self, added: Mapping[str, Floats], code: str) -> str:
        content = self._targets.index(f"{CODE}:{code}")
        word = min(added, key=lambda one: (float(added[one][content]), one), default="")
        return word if word and added[word][content] < -2 * _CLEAR else ""

    def _facet(self, added: Mapping[str, Floats], hits: Sequence[Hit], claim: Claim, facet: str) -> str:
        value = claim.facets.get(facet, "")
        if not value:
            return ""
        name = self._codebook.value_name(facet, value)
        about = f"parten {name}" if facet == "party" else _SLAG.get(value, name)
        if shown := _indicators(hits, f"{facet}:{value}", f"*:{value}"):
            return f"{shown} tyder på {about}"
        known = self._found[claim.places[0]].segment.circumstances
        if f"about:{value}" in known:
            return f"frågan handlade om {about}"
        if f"asks:{value}" in known:
            return f"frågan gällde {about}"
        place = self._targets.index(f"{facet}:{value}")
        word = max(added, key=lambda one: (float(added[one][place]), one))
        return f"{_quoted(word)} tyder på {about}" if added[word][place] > _CLEAR else ""

    def _nearest(self, claims: Sequence[Claim]) -> dict[int, dict[str, int]]:
        """Return for each claim the likest coded segment per code, where any is like enough."""
        if not self._coded.texts or not claims:
            return {}
        near: dict[int, dict[str, tuple[float, int]]] = {}
        for first in range(0, len(claims), _AT_A_TIME):
            some = [claim.places[0] for claim in claims[first : first + _AT_A_TIME]]
            like = self._coded.likeness(self._reading, some).tocoo()
            enough = like.data >= 1
            for row, place, alike in zip(like.row[enough], like.col[enough], like.data[enough], strict=True):
                best = near.setdefault(first + int(row), {})
                for code in self._coded.codes[place]:
                    best[code] = max(best.get(code, (0.0, 0)), (float(alike), -int(place)))
        return {row: {code: -place for code, (_, place) in best.items()} for row, best in near.items()}

    def _likeness(self, place: int) -> str:
        text = self._coded.texts[place]
        return f"liknar det kodade ”{text if len(text) <= _BESIDE else text[:_BESIDE].rsplit(' ', 1)[0] + ' …'}”"


def _said_and_asked(reading: Reading, places: Sequence[int]) -> sp.csr_matrix:
    """Return segments by features, each row of length 1: all that is known of it, and a third by what was asked."""
    own = reading.own[places]
    asked = own[:, own.shape[1] - len(reading.features.asked.places) :]
    return sp.hstack([(1 - _QUESTION) ** 0.5 * _units(own), _QUESTION**0.5 * _units(asked)]).tocsr()


def _directions(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _NOTHING))


def _units(rows: sp.csr_matrix) -> sp.csr_matrix:
    lengths = np.maximum(np.sqrt(np.asarray(rows.multiply(rows).sum(1)).ravel()), _NOTHING)
    return (sp.diags(1 / lengths) @ rows).tocsr()


def _indicators(hits: Iterable[Hit], *owners: str) -> str:
    """Return the indicators found for any of ``owners``, with the form in the code book where it is another."""
    told = {}
    for hit in hits:
        if hit.owner in owners:
            same = hit.quote.lower() == hit.indicator.lower() or hit.owner.startswith("*:")
            told[hit.indicator] = _quoted(hit.quote) if same else f"”{hit.quote} ← {hit.indicator}”"
    return _listed(told.values())


def _quoted(word: str) -> str:
    return f"”{word}”"


def _listed(words: Iterable[str]) -> str:
    listed = list(words)
    return " och ".join(filter(None, (", ".join(listed[:-1]), *listed[-1:])))
