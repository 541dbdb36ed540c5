"""Suggestions: what in the respondents' words there is to code, as what, how sure, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, mostly_same
from intervjukit.core.transcript import Transcript
from intervjukit.nlp.features import words
from intervjukit.nlp.learning import first_model
from intervjukit.nlp.model import CODABLE, CODE, CodingModel, Decided, Floats, Reading, certainty, chances, score_of
from intervjukit.nlp.reasons import Claim, Coded, Reasons
from intervjukit.nlp.segments import Found, Segmenter, answers_of

NAME = "yttranden"
VERSION = "2"
MOST_SENTENCES = 3
MOST_CODES = 2
_PORTION = 250_000
"""Characters read at a time, about 45,000 words."""
ALSO = 0.35
"""A second code is proposed when it is at least this likely."""
TOLD_CODES = 3
"""How many codes are told of a place, the proposed ones first: each of them is one key away."""
Mode = Literal["economical", "complete"]
LEAST: Mapping[Mode, float] = {"economical": 1 / 3, "complete": 0.08}
"""How likely one of the codes told must be right, per mode. Deciding costs one key; to code what was missed, three."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people have decided in the study: codings, and suggestions turned down."""

    codings: Sequence[Coding] = ()
    rejected: Sequence[Suggestion] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A segment with the transcript it stands in."""

    transcript: Transcript
    found: Found


@dataclass(frozen=True, slots=True)
class Proposal:
    """Segments in a row that say the same: their places, the codes with how likely each is, facet values likewise.

    ``others`` are the codes that come after those proposed.
    """

    places: tuple[int, ...]
    codable: float
    codes: tuple[tuple[str, float], ...]
    others: tuple[tuple[str, float], ...] = ()
    facets: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def says_the_same(self, other: Proposal) -> bool:
        """Return whether two proposals have the same codes and the same facet values."""
        mine, its = ([code for code, _ in one.codes] for one in (self, other))
        return mine == its and self.values() == other.values()

    def values(self) -> dict[str, str]:
        """Return the value of each facet."""
        return {facet: value for facet, (value, _) in self.facets.items()}


class Suggester:
    """Proposes codings in interviews, having learned from the bank of utterances and the study's decisions."""

    def __init__(self, codebook: Codebook, segmenter: Segmenter, model: CodingModel) -> None:
        """Use ``model``, fitted on the code book's bank."""
        self.codebook, self.segmenter, self.model = codebook, segmenter, model
        self.name = " ".join(filter(None, (NAME, VERSION, segmenter.matcher.model)))

    @classmethod
    def learned(
        cls,
        codebook: Codebook,
        protocols: Iterable[Protocol],
        bank: Callable[[], Sequence[BankAnswer]],
        *,
        cache: Path | None,
        of: str,
    ) -> Suggester:
        """Return a suggester that has learned ``bank``; see ``first_model`` for ``cache`` and ``of``."""
        segmenter = Segmenter(codebook, protocols)
        return cls(codebook, segmenter, first_model(codebook, segmenter, bank, cache, of))

    def suggest(
        self,
        transcripts: Sequence[Transcript],
        decisions: Decisions = Decisions(),
        *,
        mode: Mode = "economical",
        least: float | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Suggestion]:
        """Return suggestions for the respondents' words, in reading order, where nothing has been coded yet.

        ``least`` is how likely one of the codes told must be right, instead of the mode's own. ``progress`` is called
        with (transcripts done, transcripts in all).
        """
        least = LEAST[mode] if least is None else least
        model, coded = self._learned(transcripts, decisions)
        made: list[Suggestion] = []
        done = 0
        for some in _in_portions(transcripts):
            told = (lambda now, _, before=done: progress(before + now, len(transcripts))) if progress else None
            made += self._suggest(self.places(some, told), decisions, model, coded, least)
            done += len(some)
        return made

    def _learned(self, transcripts: Sequence[Transcript], decisions: Decisions) -> tuple[CodingModel, Coded]:
        """Return the model corrected by what has been decided, and the passages coded."""
        touched = {coding.transcript for coding in decisions.codings} | {down.transcript for down in decisions.rejected}
        places = self.places([transcript for transcript in transcripts if transcript.id in touched])
        reading = Reading([place.found.segment for place in places], self.model)
        decided = verdicts(places, decisions, self.codebook)
        reading.learn(decided)
        return CodingModel(self.model.features, reading.spots, reading.content), Coded.of(reading, decided)

    def _suggest(
        self, places: Sequence[Place], decisions: Decisions, model: CodingModel, coded: Coded, least: float
    ) -> Iterator[Suggestion]:
        reading = Reading([place.found.segment for place in places], model)
        decided = verdicts(places, decisions, self.codebook)
        proposals = self.proposals(places, reading, least, decided.keys())
        claims = [Claim(one.places, code, one.values()) for one in proposals for code, _ in one.codes]
        needed = score_of(np.clip(least / np.maximum(right_among(reading), 1e-6), 1e-6, 1 - 1e-6))
        reasons = Reasons(self.codebook, [place.found for place in places], reading, coded, needed)
        why = iter(reasons.explain(claims))
        for proposal in proposals:
            yield from self._made(places, proposal, why)

    def places(
        self, transcripts: Sequence[Transcript], progress: Callable[[int, int], None] | None = None
    ) -> list[Place]:
        """Return the segments of the respondents' words, in reading order."""
        places: list[Place] = []
        turns = 0
        for done, transcript in enumerate(transcripts, 1):
            answers = list(answers_of(transcript))
            places += (Place(transcript, found) for found in self.segmenter.segments(answers, turns))
            turns += len(answers)
            if progress:
                progress(done, len(transcripts))
        return places

    def proposals(
        self, places: Sequence[Place], reading: Reading, least: float, taken: Collection[int]
    ) -> list[Proposal]:
        """Return what is likely enough to be shown, segments in a row that say the same as one."""
        codable = certainty(reading.codable)
        worth = codable * right_among(reading)
        names, scores = reading.facet(CODE)
        codes = chances(scores, CODE)
        facets = {facet.id: reading.facet(facet.id) for facet in self.codebook.facets}
        likely = {facet: (values, chances(given)) for facet, (values, given) in facets.items() if values}
        made: list[Proposal] = []
        for place in np.flatnonzero(worth >= least).tolist():
            if place in taken or not names or not words(places[place].found.segment.text):
                continue
            proposal = Proposal(
                (place,),
                float(codable[place]),
                *_likeliest(names, codes[place]),
                {
                    facet: (values[given[place].argmax()], float(given[place].max()))
                    for facet, (values, given) in likely.items()
                },
            )
            if made and self._joins(places, made[-1], proposal):
                made[-1] = _joined(made[-1], proposal)
            else:
                made.append(proposal)
        return made

    def _joins(self, places: Sequence[Place], earlier: Proposal, later: Proposal) -> bool:
        last, next_ = earlier.places[-1], later.places[0]
        same_turn = places[last].found.segment.turn == places[next_].found.segment.turn
        return next_ == last + 1 and same_turn and len(earlier.places) < MOST_SENTENCES and earlier.says_the_same(later)

    def _made(self, places: Sequence[Place], proposal: Proposal, why: Iterator[str]) -> Iterator[Suggestion]:
        first, last = places[proposal.places[0]], places[proposal.places[-1]]
        start, end = first.found.segment.start, last.found.segment.end
        for code, likely in proposal.codes:
            yield Suggestion(
                start=start,
                end=end,
                quote=first.transcript.text[start:end],
                code=code,
                facets=self.codebook.check_facets(proposal.values()),
                score=round(proposal.codable * likely, 3),
                reason=next(why),
                suggester=NAME,
                version=VERSION,
                transcript=first.transcript.id,
                respondent=first.transcript.respondent,
                confidence={"code": round(likely, 3)}
                | {facet: round(sure, 3) for facet, (_, sure) in proposal.facets.items()},
                others=tuple((other, round(sure, 3)) for other, sure in proposal.others),
            )


def _in_portions(transcripts: Sequence[Transcript]) -> Iterator[list[Transcript]]:
    """Yield the transcripts some at a time, so that memory does not grow with the study."""
    some: list[Transcript] = []
    size = 0
    for transcript in transcripts:
        some.append(transcript)
        size += len(transcript.text)
        if size >= _PORTION:
            yield some
            some, size = [], 0
    if some:
        yield some


def right_among(reading: Reading) -> Floats:
    """Return for each segment how likely it is that one of the codes told is right, if there is something to code."""
    _, scores = reading.facet(CODE)
    return np.asarray(np.sort(chances(scores, CODE), 1)[:, -TOLD_CODES:].sum(1))


Likely = tuple[tuple[str, float], ...]


def _likeliest(names: Sequence[str], chance: Floats) -> tuple[Likely, Likely]:
    """Return the codes to propose, the likeliest and a second one that is likely enough by itself, and the others."""
    ordered = sorted(range(len(names)), key=lambda place: (-chance[place], names[place]))[:TOLD_CODES]
    told = tuple((names[place], float(chance[place])) for place in ordered)
    proposed = 1 + sum(likely >= ALSO for _, likely in told[1:MOST_CODES])
    return told[:proposed], told[proposed:]


def _joined(earlier: Proposal, later: Proposal) -> Proposal:
    """Return one proposal over both, as sure as the surer of them."""
    surer = max(earlier, later, key=lambda proposal: proposal.codable)
    return replace(surer, places=(*earlier.places, *later.places))


def verdicts(places: Sequence[Place], decisions: Decisions, codebook: Codebook) -> dict[int, Decided]:
    """Return what the decisions say of each segment they touch.

    A coding is a yes to its code and values and a no to the others; a suggestion turned down is a no to its code,
    and to there being anything to code unless the segment has been coded. The rest stays unknown.
    """
    per_transcript: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        per_transcript[place.transcript.id].append(number)

    def touched(span: Coding | Suggestion) -> Iterator[int]:
        for number in per_transcript[span.transcript]:
            segment = places[number].found.segment
            if mostly_same(Span(span.start, span.end), Span(segment.start, segment.end)):
                yield number

    closed = {facet.id: {f"{facet.id}:{value.id}" for value in facet.values} for facet in codebook.facets}
    closed[CODE] = {f"{CODE}:{code.id}" for code in codebook}
    yes: dict[int, set[str]] = defaultdict(set)
    no: dict[int, set[str]] = defaultdict(set)
    for coding in decisions.codings:
        for number in touched(coding):
            yes[number] |= {CODABLE, f"{CODE}:{coding.code}"}
            yes[number] |= {f"{facet}:{value}" for facet, value in coding.facets.items()}
    for number, targets in yes.items():
        given = {target.partition(":")[0] for target in targets}
        no[number] = {target for facet in given - {CODABLE} for target in closed[facet]} - targets
    for turned_down in decisions.rejected:
        for number in touched(turned_down):
            no[number] |= {f"{CODE}:{turned_down.code}", CODABLE} - yes[number]
    return {number: Decided(frozenset(yes[number]), frozenset(no[number])) for number in sorted({*yes, *no})}
