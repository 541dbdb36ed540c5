"""Suggestions: what in the respondents' words there is to code, as what, how sure, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, mostly_same
from intervjukit.core.transcript import Transcript
from intervjukit.nlp.learning import first_model
from intervjukit.nlp.linear import Decided, Floats
from intervjukit.nlp.model import ALSO, CODABLE, CODE, TOLD_CODES, CodingModel, Reading
from intervjukit.nlp.reasons import Claim, Coded, Reasons
from intervjukit.nlp.segments import Found, Segmenter, answers_of
from intervjukit.nlp.showing import LIMITS, Limits, Mode, passages

if TYPE_CHECKING:
    from intervjukit.nlp.reader import Read

NAME = "yttranden"
VERSION = "8"
MOST_CODES = 2
_PORTION = 250_000
"""Characters read at a time, about 45,000 words."""


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
    """Segments in a row that make one point: their places, the codes with how likely each is, facet values likewise.

    ``others`` are the codes that come after those proposed.
    """

    places: tuple[int, ...]
    codable: float
    codes: tuple[tuple[str, float], ...]
    others: tuple[tuple[str, float], ...] = ()
    facets: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """Return the value of each facet."""
        return {facet: value for facet, (value, _) in self.facets.items()}


class Suggester:
    """Proposes codings in interviews, having learned from the bank of utterances and the study's decisions."""

    def __init__(self, codebook: Codebook, segmenter: Segmenter, model: CodingModel, read: Read | None = None) -> None:
        """Use ``model``, fitted on the code book's bank, and what reads closely beside the words, if anything does.

        The name tells which, and so does the version of a suggestion.
        """
        self.codebook, self.segmenter = codebook, segmenter
        self.model = model.closely(read) if read else model
        self.version = f"{VERSION} {read.name}" if read else VERSION
        by = (NAME, VERSION, segmenter.matcher.model, read.name if read else "")
        self.name = " ".join(filter(None, by))

    @classmethod
    def learned(
        cls,
        codebook: Codebook,
        protocols: Iterable[Protocol],
        bank: Callable[[], Sequence[BankAnswer]],
        *,
        cache: Path | None,
        of: str,
        read: Read | None = None,
    ) -> Suggester:
        """Return a suggester that has learned ``bank``; see ``first_model`` for ``cache`` and ``of``."""
        segmenter = Segmenter(codebook, protocols)
        return cls(codebook, segmenter, first_model(codebook, segmenter, bank, cache, of), read)

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

        ``least`` shows every sentence that is at least so likely to be worth it (see showing.Limits). ``progress`` is
        called with (transcripts done, transcripts in all).
        """
        limits = LIMITS[mode] if least is None else LIMITS[mode]._replace(least=least, anywhere=0.0)
        model, coded = self._learned(transcripts, decisions, limits)
        made: list[Suggestion] = []
        done = 0
        for some in _in_portions(transcripts):
            told = (lambda now, _, before=done: progress(before + now, len(transcripts))) if progress else None
            made += self._suggest(self.places(some, told), decisions, model, coded, limits)
            done += len(some)
        return made

    def _learned(
        self, transcripts: Sequence[Transcript], decisions: Decisions, limits: Limits
    ) -> tuple[CodingModel, Coded]:
        """Return the model corrected by what has been decided, and the passages coded."""
        touched = {coding.transcript for coding in decisions.codings} | {down.transcript for down in decisions.rejected}
        places = self.places([transcript for transcript in transcripts if transcript.id in touched])
        reading = Reading([place.found.segment for place in places], self.model)
        decided = verdicts(places, decisions, self.codebook)
        reading.read_closely(limits.least)
        reading.learn(decided)
        return reading.learned(), Coded.of(reading, decided)

    def _suggest(
        self,
        places: Sequence[Place],
        decisions: Decisions,
        model: CodingModel,
        coded: Coded,
        limits: Limits,
    ) -> Iterator[Suggestion]:
        reading = Reading([place.found.segment for place in places], model)
        reading.read_closely(limits.least)
        decided = verdicts(places, decisions, self.codebook)
        proposals = self.proposals(places, reading, limits, decided.keys())
        claims = [Claim(one.places, code, one.values()) for one in proposals for code, _ in one.codes]
        reasons = Reasons(self.codebook, [place.found for place in places], reading, coded, limits)
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
        self, places: Sequence[Place], reading: Reading, limits: Limits, taken: Collection[int]
    ) -> list[Proposal]:
        """Return what is worth showing, segments in a row that make the same point as one.

        ``taken`` are the segments that are decided on already.
        """
        shown = passages(reading, limits, taken)
        told = reading.passages(shown, [facet.id for facet in self.codebook.facets])
        names, codes = told.pop(CODE)
        codable = reading.likely()
        return [
            Proposal(
                passage,
                float(codable[list(passage)].max()),
                *_likeliest(names, codes[row]),
                {
                    facet: (values[likely[row].argmax()], float(likely[row].max()))
                    for facet, (values, likely) in told.items()
                    if values
                },
            )
            for row, passage in enumerate(shown)
            if names
        ]

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
                version=self.version,
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


Likely = tuple[tuple[str, float], ...]


def _likeliest(names: Sequence[str], chance: Floats) -> tuple[Likely, Likely]:
    """Return the codes to propose, the likeliest and a second one that is likely enough by itself, and the others."""
    ordered = sorted(range(len(names)), key=lambda place: (-chance[place], names[place]))[:TOLD_CODES]
    told = tuple((names[place], float(chance[place])) for place in ordered)
    proposed = 1 + sum(likely >= ALSO for _, likely in told[1:MOST_CODES])
    return told[:proposed], told[proposed:]


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
