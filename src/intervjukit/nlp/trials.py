"""What the suggester would have proposed, had it learned only from some of the study's interviews.

For measuring it honestly: what is asked about has taken no part in what was learned. The interviews are read once;
each trial only learns and scores anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from intervjukit.core.agreement import Passage
from intervjukit.core.coding import Suggestion
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript
from intervjukit.nlp.linear import Decided, Floats
from intervjukit.nlp.model import CODE, Reading, chances
from intervjukit.nlp.showing import LIMITS, Mode
from intervjukit.nlp.suggester import (
    NAME,
    VERSION,
    Decisions,
    Proposal,
    Suggester,
    verdicts,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A segment of a respondent's words: how likely one of the codes told of it is right, and each code (0–1).

    ``codes`` stand in the code book's order.
    """

    transcript: int
    span: Span
    sure: float
    codes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one trial, in reading order: what would have been shown, and every segment with its scores."""

    proposed: tuple[Passage, ...] = ()
    segments: tuple[Scored, ...] = ()

    def __add__(self, more: Trial) -> Trial:
        return Trial(self.proposed + more.proposed, self.segments + more.segments)


class Trials:
    """The interviews of a study, read once and ready to be tried on."""

    def __init__(
        self,
        suggester: Suggester,
        transcripts: Sequence[Transcript],
        decisions: Decisions,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read ``transcripts``; ``progress`` is called with (transcripts done, transcripts in all)."""
        self._suggester = suggester
        self._places = suggester.places(transcripts, progress)
        self._reading = Reading([place.found.segment for place in self._places], suggester.model)
        self._verdicts = verdicts(self._places, decisions, suggester.codebook)

    def run(self, learned: Collection[int], asked: Collection[int], mode: Mode = "economical") -> Trial:
        """Return what is proposed in the interviews ``asked`` after the decisions on the interviews ``learned``.

        Both are ids of transcripts. What is asked about is never learned from, also when it stands in ``learned``.
        """
        from_these = set(learned) - set(asked)
        reading = copy(self._reading)
        known = {at: its for at, its in self._verdicts.items() if self._of(at) in from_these}
        reading.read_closely(LIMITS[mode].least)
        reading.learn(known)
        reading.read_closely(LIMITS[mode].least)
        elsewhere = {at for at in range(len(self._places)) if self._of(at) not in asked}
        likely, sure = self._likely(reading), reading.worth()
        proposals = self._suggester.proposals(self._places, reading, LIMITS[mode], elsewhere)
        segments = [
            Scored(self._of(at), Span(its.start, its.end), float(sure[at]), tuple(likely[at].tolist()))
            for at, its in enumerate(reading.segments)
            if at not in elsewhere
        ]
        return Trial(tuple(map(self._passage, proposals)), tuple(segments))

    def turn_down(self, proposed: Iterable[Passage]) -> None:
        """Learn from now on that these proposals were turned down, as a coder would have done who saw them."""
        rejected = [
            Suggestion(*its.span, its.quote, code, {}, 0.0, "", NAME, VERSION, its.transcript)
            for its in proposed
            for code in its.codes
        ]
        for at, told in verdicts(self._places, Decisions(rejected=rejected), self._suggester.codebook).items():
            known = self._verdicts.get(at, Decided())
            self._verdicts[at] = Decided(known.yes, known.no | (told.no - known.yes))

    def _of(self, at: int) -> int:
        return self._places[at].transcript.id

    def _likely(self, reading: Reading) -> Floats:
        """Return how likely each code of the code book is on each segment; one nobody has met is never likely."""
        names, scores = reading.facet(CODE)
        own = {name: column for column, name in enumerate(names)}
        known = chances(scores, CODE)
        likely = np.zeros((len(self._places), len(self._suggester.codebook)))
        for column, code in enumerate(self._suggester.codebook):
            if code.id in own:
                likely[:, column] = known[:, own[code.id]]
        return likely

    def _passage(self, proposal: Proposal) -> Passage:
        transcript = self._places[proposal.places[0]].transcript
        segments = [self._places[at].found.segment for at in proposal.places]
        span = Span(segments[0].start, segments[-1].end)
        return Passage(
            transcript.id,
            span,
            frozenset(code for code, _ in proposal.codes),
            {facet: frozenset({value}) for facet, value in proposal.values().items() if value},
            transcript.respondent,
            transcript.group,
            transcript.text[span.start : span.end],
            likely=tuple(code for code, _ in (*proposal.codes, *proposal.others)),
        )
