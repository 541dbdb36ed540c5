"""Close reading: a small language model of our own reads whole answers, for what the words by themselves do not tell.

It is multilingual E5 small (Wang et al. 2024, MIT licence), whose upper half has been fitted on the bank of utterances;
tools/fit_reader.py makes it. It runs on the machine it is on, in numpy, and only for a study coded with the kit's own
code book. What it has read is kept in the study's folder by the hash of the words, never the words.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError
from intervjukit.nlp.encoder import END, START, Encoder, Pieces, Vectors
from intervjukit.nlp.features import Segment
from intervjukit.nlp.model import CODE

WEIGHTS = Path(__file__).with_name("reader.npz")
FILE = "läst.npz"
_GROUP = "group:"
_ASKED, _SENTENCE, _AT_ONCE = 24, 180, 250
"""How many pieces are read of what was asked (its last), of a sentence, and of an answer at a time."""
_BATCH, _THREADS = 16, 4
"""How many texts are reckoned together, and how many such batches side by side at most."""
_AT_A_TIME, _SAVED = 64, 512
"""How many answers are read before what they gave is safe from an interruption, and how many (a multiple of it) before
all is saved."""


class Text(NamedTuple):
    """What is read in one go: the pieces, and where each sentence in it begins and ends."""

    pieces: list[int]
    places: list[tuple[int, int]]


class Answer(NamedTuple):
    """The sentences of an answer, the group of the one who gave it, and what was asked."""

    group: str
    asked: str
    sentences: tuple[str, ...]


def answers(segments: Sequence[Segment]) -> list[Answer]:
    """Return the answers that segments are the sentences of, each answer's in a row."""
    return [_answer(list(its)) for _, its in groupby(segments, lambda segment: segment.turn)]


def _answer(its: Sequence[Segment]) -> Answer:
    group = next((one.removeprefix(_GROUP) for one in its[0].circumstances if one.startswith(_GROUP)), "")
    return Answer(group, its[0].asked, tuple(segment.text for segment in its))


def texts_of(answer: Answer, pieces: Pieces) -> Iterator[Text]:
    """Yield an answer as it is read: who is asked what, then its sentences; a long one some sentences at a time."""
    begin = [START, *pieces(f"{answer.group}:"), *pieces(answer.asked)[-_ASKED:], END]
    text = Text([*begin], [])
    for sentence in answer.sentences:
        its = pieces(sentence)[:_SENTENCE] or [END]
        if text.places and len(text.pieces) + len(its) >= _AT_ONCE:
            yield Text([*text.pieces, END], text.places)
            text = Text([*begin], [])
        text.places.append((len(text.pieces), len(text.pieces) + len(its)))
        text.pieces.extend(its)
    yield Text([*text.pieces, END], text.places)


class Reader(Protocol):
    """What reads answers: a row of numbers per sentence, in which sentences with alike meaning are near each other."""

    name: str
    """The reader with its version: rows of different ones do not compare."""
    heads: Mapping[str, Vectors]
    """What of a row tells of each target ("codable", "code:…", "party:…"): the product of the two is its score."""

    def rows(self, read: Sequence[Answer], progress: Callable[[int], None] = ...) -> list[Vectors]:
        """Return for each answer a row per sentence; ``progress`` is told how many answers (about) are done."""


class LanguageModel:
    """The reader that comes with the kit."""

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take ``weights`` as tools/fit_reader.py has written them."""
        self.name = str(weights["name"])
        self.heads: Mapping[str, Vectors] = _levelled(weights["targets"].tolist(), weights["heads"])
        self._pieces = Pieces(weights["vocabulary"].tolist(), weights["scores"].tolist())
        self._centre, self._size = weights["centre"], float(weights["size"])
        begins = "encoder."
        its = {name.removeprefix(begins): value for name, value in weights.items() if name.startswith(begins)}
        self._encoder = Encoder(its)

    def rows(self, read: Sequence[Answer], progress: Callable[[int], None] = lambda done: None) -> list[Vectors]:
        """Return for each answer a row per sentence; ``progress`` is told how many answers (about) are done."""
        texts = [(place, text) for place, answer in enumerate(read) for text in texts_of(answer, self._pieces)]
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at][1].pieces))  # the longest take longest: first
        batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
        found: list[Vectors] = [np.zeros((0, len(self._centre)), np.float32)] * len(texts)
        done = 0
        # a batch a thread: several threads of BLAS's own take twice the work and are no sooner done
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
            through = pool.map(lambda some: self._encoder([texts[at][1].pieces for at in some]), batches)
            for some, read_now in zip(batches, through, strict=True):
                for at, vectors in zip(some, read_now, strict=True):
                    means = np.stack([vectors[start:end].mean(0) for start, end in texts[at][1].places])
                    found[at] = (means - self._centre) / np.float32(self._size)
                done += len(some)
                progress(done * len(read) // len(order))
        per: list[list[Vectors]] = [[] for _ in read]
        for (place, _), rows in zip(texts, found, strict=True):
            per[place].append(rows)
        return [np.concatenate(its) for its in per]


def _levelled(targets: Sequence[str], heads: Vectors) -> dict[str, Vectors]:
    """Return heads by target, those of a facet's values (or the codes) without what they have in common."""
    facets = [target.partition(":")[0] for target in targets]
    common = {facet: heads[[one == facet for one in facets]].mean(0) for facet in facets if facets.count(facet) > 1}
    return {
        target: head - common.get(facet, np.float32(0))
        for target, facet, head in zip(targets, facets, heads, strict=True)
    }


def _as_now(heads: Mapping[str, Vectors], former: Mapping[str, str | None]) -> dict[str, Vectors]:
    """Return heads by the targets of today: codes that have become one tell of it together."""
    now: dict[str, Vectors] = {}
    for target, head in heads.items():
        facet, _, value = target.partition(":")
        its = former.get(value, value) if facet == CODE else value
        if its is not None:
            name = f"{facet}:{its}" if value else target
            now[name] = now[name] + head if name in now else head
    return now


@cache
def shipped() -> LanguageModel:
    """Return the reader that comes with the kit; it takes some tenths of a second to load."""
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        return LanguageModel(dict(weights))


class Read:
    """What has been read, in a folder when one is given.

    What is in the folder is read anew each time, so that two programs may work on a study, and what has been removed
    there is gone.
    """

    def __init__(
        self,
        reader: Reader,
        folder: Path | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        former: Mapping[str, str | None] = MappingProxyType({}),
    ) -> None:
        """Remember in ``folder``; a file that is damaged, or of another reader, is made anew.

        ``progress`` is called with (new answers read, new answers in all). ``former`` codes are others now, or none.
        """
        self.name, self._reader, self._progress = reader.name, reader, progress
        self.heads = _as_now(reader.heads, former)
        self._file = folder / FILE if folder else None
        self._known: dict[str, npt.NDArray[np.float16]] = {}

    def rows(self, segments: Sequence[Segment]) -> Vectors:
        """Return a row per segment, of answers whose segments are all there, each answer's in a row.

        Each answer is read once, and kept also when it is interrupted.
        """
        wanted = answers(segments)
        signs = [hashlib.sha256(repr(answer).encode()).hexdigest()[:32] for answer in wanted]
        known = self._read()
        new = [(sign, answer) for sign, answer in dict(zip(signs, wanted, strict=True)).items() if sign not in known]
        try:
            for done in range(0, len(new), _AT_A_TIME):
                if done and done % _SAVED == 0:
                    self._keep(known)
                some = new[done : done + _AT_A_TIME]
                rows = self._reader.rows([answer for _, answer in some], partial(self._tell, len(new), done))
                known |= {sign: its.astype(np.float16) for (sign, _), its in zip(some, rows, strict=True)}
        finally:
            if new and known:
                self._keep(known)
        width = len(next(iter(self.heads.values())))
        return np.concatenate([np.zeros((0, width)), *(known[sign] for sign in signs)]).astype(np.float32)

    def _tell(self, total: int, before: int, now: int) -> None:
        self._progress(before + now, total)

    def _read(self) -> dict[str, npt.NDArray[np.float16]]:
        """Return the rows that are kept, by sign."""
        if not self._file:
            return self._known
        unreadable = contextlib.suppress(OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
        with unreadable, self._file.open("rb") as data, np.load(data, allow_pickle=False) as kept:
            if str(kept["name"]) == self.name:
                return dict(zip(kept["signs"].tolist(), np.split(kept["rows"], kept["ends"]), strict=True))
        return {}

    def _keep(self, known: Mapping[str, npt.NDArray[np.float16]]) -> None:
        if not self._file:
            return
        signs, ends = np.array(list(known)), np.cumsum([len(its) for its in known.values()])[:-1]
        kept = contextlib.suppress(FileError)  # else they are read again the next time
        with kept, whole_file(self._file) as part, part.open("wb") as out:
            np.savez(out, name=self.name, signs=signs, ends=ends, rows=np.concatenate([*known.values()]))
