"""Tries what might find better what is codable, beside what the kit does; decision 0008 draws on these figures.

Run: python bench/limits.py [curve] [interviews] [around] [clauses] [themes]
Everything is measured on interviews that the trial in question has learned nothing from; see bench/quality.py for what
each set has chosen before. AUC is for whether a sentence is coded.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from quality import GOLD, coded_as, compared, read, study_of
from sklearn.metrics import roc_auc_score

from intervjukit.core.bank import BankAnswer, Statement
from intervjukit.core.text import Span
from intervjukit.formats.intake import parsed_bank, shipped_bank
from intervjukit.nlp import segments
from intervjukit.nlp.learning import examples
from intervjukit.nlp.model import CODE, CodingModel, Example, chances
from intervjukit.nlp.segments import answers_of
from intervjukit.nlp.sentences import clauses, sentences
from intervjukit.nlp.suggester import Suggester

TRIED = ("example", "fresh3", "fresh4")
_FAR = 10**6
"""Turns of sets that are learned together are numbered so far apart."""


@contextmanager
def studies(*names: str) -> Iterator[dict[str, Any]]:
    """Give each set as a study."""
    with ExitStack() as stack:
        folders = {name: Path(stack.enter_context(tempfile.TemporaryDirectory())) for name in names}
        yield {name: stack.enter_context(study_of(folders[name], *GOLD[name])) for name in names}


def figures(study: Any, suggester: Any) -> str:
    """Return how well what a suggester proposes agrees with a study's codings."""
    matching, tables, themes, likeliest = compared(study, suggester)
    places, reading, decided = read(study, suggester)
    auc = roc_auc_score([place in decided for place in range(len(places))], reading.likely())
    own = tables.facets.dropna(subset="macro").set_index("facet")
    return (
        f"AUC {auc:.3f}, spans F1 {matching.counts.f1:.3f} at "
        f"{matching.counts.per_true:.2f}, themes {themes:.3f}, R@3 {likeliest:.3f}, valence "
        f"{own.loc['valence', 'macro']:.3f}, party {own.loc['party', 'f1']:.3f}"
    )


def curve() -> None:
    """Print what more of the bank gives: a quarter of its parts, half, and so on, in an order by lot."""
    codebook, bank = shipped_bank()
    parts = random.Random(1).sample(sorted(bank), len(bank))
    with studies(*TRIED) as tried:
        segmenter = tried[TRIED[0]]._suggester.segmenter
        for some in (len(parts) * step // 4 for step in range(1, 5)):
            answers = parsed_bank({part: bank[part] for part in parts[:some]}, codebook)
            suggester = Suggester(codebook, segmenter, CodingModel.fit(examples(codebook, segmenter, answers)))
            for name, study in tried.items():
                print(f"{some:>3} parts, {len(answers):>6} answers, {name:<8} {figures(study, suggester)}", flush=True)


def interviews() -> None:
    """Print what real coded interviews give beside the bank: all the other sets, once and counted thrice."""
    codebook, bank = shipped_bank()
    with studies(*GOLD) as sets:
        segmenter = sets[TRIED[0]]._suggester.segmenter
        answers = {name: list(_as_bank(study)) for name, study in sets.items()}
        known = examples(codebook, segmenter, parsed_bank(bank, codebook))
        own = {name: examples(codebook, segmenter, its) for name, its in answers.items()}
        for name in TRIED:
            others = [other for other in GOLD if other != name]
            for times in (0, 1, 3):
                more = (
                    _apart(own[other], 1 + place + time * len(GOLD))
                    for time in range(times)
                    for place, other in enumerate(others)
                )
                model = CodingModel.fit([*known, *(example for its in more for example in its)])
                print(
                    f"{name:<8} others {times} times: {figures(sets[name], Suggester(codebook, segmenter, model))}",
                    flush=True,
                )


def _as_bank(study: Any) -> Iterator[BankAnswer]:
    """Yield a study's answers with its codings as a bank has them."""
    per: dict[int, list[Any]] = defaultdict(list)
    for coding in study._store.codings():
        per[coding.transcript].append(coding)
    for transcript in study._store.interviews.all():
        for answer in answers_of(transcript):
            inside: dict[Span, list[Any]] = defaultdict(list)
            for coding in per[transcript.id]:
                if answer.start <= coding.start and coding.end <= answer.start + len(answer.text):
                    inside[Span(coding.start - answer.start, coding.end - answer.start)].append(coding)
            statements = (
                Statement(span, tuple(one.code for one in its), its[0].facets) for span, its in sorted(inside.items())
            )
            yield BankAnswer(answer.group, answer.question, answer.asked, answer.text, tuple(statements))


def _apart(its: Sequence[Example], number: int) -> list[Example]:
    return [replace(one, segment=replace(one.segment, turn=one.segment.turn + _FAR * number)) for one in its]


def around() -> None:
    """Print whether what stands around a sentence tells more: boosted trees fitted on the other three sets.

    Beside what the kit weighs (score, length, clear codes, place in the interview) they see the scores of two
    sentences on either side, of the turn and of the interview, the place in the turn, how sure code and valence are,
    and in how many of the set's other interviews the words are said.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    with studies(*GOLD) as sets:
        seen = {name: _around(study) for name, study in sets.items()}
    for name, (rows, coded, likely) in seen.items():
        others = [its for other, its in seen.items() if other != name]
        told = f"{name:<8} as the kit does {roc_auc_score(coded, likely):.3f}"
        for kind, columns in (("the same four by trees", slice(4)), ("with all around", slice(None))):
            trees = HistGradientBoostingClassifier(
                max_iter=120, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=40, random_state=0
            )
            trees.fit(np.vstack([its[0][:, columns] for its in others]), np.concatenate([its[1] for its in others]))
            told += f", {kind} {roc_auc_score(coded, trees.predict_proba(rows[:, columns])[:, 1]):.3f}"
        print(told, flush=True)


def _around(study: Any) -> tuple[Any, Any, Any]:
    """Return a study's sentences by what is known of each, whether they are coded, and how likely the kit thinks so."""
    from intervjukit.nlp.features import words

    places, reading, decided = read(study, study._suggester)
    of = [place.transcript.id for place in places]
    said = [set(words(segment.text)) for segment in reading.segments]
    heard: dict[str, set[int]] = defaultdict(set)
    for its, number in zip(said, of, strict=True):
        for word in its:
            heard[word].add(number)
    shared = [[len(heard[word]) - 1 for word in its] or [0] for its in said]
    score, turns = reading.codable, np.array([segment.turn for segment in reading.segments])
    columns = [score, np.log1p(reading.lengths), np.log(reading.among), [s.early for s in reading.segments]]
    for step in (-2, -1, 1, 2):
        beside = np.roll(turns, -step) == turns
        columns += [np.where(beside, np.roll(score, -step), score.min())]
    for group in (turns, np.array(of)):
        _, places, sizes = np.unique(group, return_inverse=True, return_counts=True)
        first = np.r_[0, np.flatnonzero(np.diff(group)) + 1]
        place = np.arange(len(group)) - np.maximum.accumulate(
            np.isin(np.arange(len(group)), first) * np.arange(len(group))
        )
        columns += [(np.bincount(places, score) / sizes)[places], place, sizes[places]]
    for facet in (CODE, "valence"):
        columns += [chances(reading.facet(facet)[1], facet).max(1)]
    columns += [[np.mean(its) for its in shared], [min(its) for its in shared], [its.count(0) for its in shared]]
    return np.column_stack(columns), np.isin(np.arange(len(places)), list(decided)), reading.likely()


def cut_clauses() -> None:
    """Print what becomes of the spans when every clause is a segment of its own instead of every sentence."""

    def pieces(text: str) -> Iterator[Span]:
        return (clause for sentence in sentences(text) for clause in clauses(text, sentence))

    for kind, cut in (("sentences", sentences), ("clauses", pieces)):
        segments.sentences = cut  # type: ignore[attr-defined]
        with studies(*GOLD) as sets:
            for name, study in sets.items():
                print(f"{kind:<9} {name:<8} {figures(study, study._suggester)}", flush=True)


def themes() -> None:
    """Print how often the likeliest code is right in the coder's own passages, and what could tell more.

    By words, by close reading and by both as the kit weighs them; how often one of the two is right; with how common
    each code is in the set (known in hindsight) counted in; and with what the decisions on all other respondents teach:
    ridge regression in its dual form on what the likeness in words, in what was read, or in both leaves unexplained.
    """
    with studies(*GOLD) as sets:
        for name, study in sets.items():
            its = _passages(study)
            both = its.words + its.closely
            right = {
                "words": its.hits(its.words),
                "reading": its.hits(its.closely),
                "both": its.hits(both),
            }
            usual = np.log(its.given.sum(0) + 0.5)
            right |= {f"usual codes {weight}": its.hits(both + weight * usual) for weight in (0.1, 0.3)}
            for kind, likeness in (("words", its.alike), ("reading", its.near), ("both", its.alike + its.near)):
                right[f"others' decisions by {kind}"] = its.hits(its.learned(both, likeness))
            told = ", ".join(f"{kind} {hits.mean():.3f}" for kind, hits in right.items())
            either = (right["words"] | right["reading"]).mean()
            print(f"{name:<8} {len(both)} passages: {told}, words or reading {either:.3f}", flush=True)


@dataclass(frozen=True)
class _Passages:
    """A coder's passages: scores of their codes, the codes ``given``, likeness to one another, and who said each."""

    words: Any
    closely: Any
    given: Any
    alike: Any
    near: Any
    who: Any

    def hits(self, scores: Any) -> Any:
        """Return for each passage whether the code with the highest score was given."""
        return self.given[np.arange(len(scores)), scores.argmax(1)] > 0

    def learned(self, scores: Any, likeness: Any, caution: float = 2.0) -> Any:
        """Return the scores corrected by the decisions on every other respondent's passages."""
        goal = np.where(self.given > 0, 1.0, -1.0)
        miss = np.where(goal * scores < 1, goal - scores, 0.0)  # as nlp/linear.py corrects
        after = scores.copy()
        for one in np.unique(self.who):
            own, others = self.who == one, self.who != one
            known = likeness[np.ix_(others, others)] + caution * np.eye(others.sum())
            after[own] += likeness[np.ix_(own, others)] @ np.linalg.solve(known, miss[others])
        return after


def _passages(study: Any) -> _Passages:
    """Return a study's coded passages, each read as the mean of its sentences by their lengths."""
    places, reading, _ = read(study, study._suggester)
    reading.read_closely(0)
    coded, numbers = coded_as(study, places)
    of: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(numbers):
        for number in own:
            of[number].append(place)
    shares = np.zeros((len(of), len(places)))
    for row, its in enumerate(of.values()):
        shares[row, its] = reading.lengths[its] / reading.lengths[its].sum()
    codes, _ = reading.facet(CODE)
    columns = [reading.content.targets.index(f"{CODE}:{code}") for code in codes]
    closely = shares @ reading.read_scores(range(len(places)))[:, 1:][:, columns]
    given = np.array([[code in coded[at].codes for code in codes] for at in of], float)
    said, seen = shares @ reading.around, shares @ reading.read
    alike, near = (its / np.maximum(np.linalg.norm(its, axis=1, keepdims=True), 1e-9) for its in (said, seen))
    who = np.array([places[its[0]].transcript.respondent for its in of.values()])
    scores = shares @ reading.scores[:, columns]
    return _Passages(scores - closely, closely, given, alike @ alike.T, near @ near.T, who)


PARTS = {"curve": curve, "interviews": interviews, "around": around, "clauses": cut_clauses, "themes": themes}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(f"--- {part}")
        PARTS[part]()
