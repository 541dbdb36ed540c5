"""How alike the coders are, and how good the suggestions: the noun ``study.agreement``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from intervjukit.core.agreement import FEWEST, Matching, Passage, match, passages, turned_down, work_saved
from intervjukit.core.blind import (
    PER_GROUP,
    Anchoring,
    BlindPlace,
    BlindStatus,
    draw,
    fewest_coded,
    group_threshold,
)
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.comparison import MACHINE, Comparison, compare
from intervjukit.core.comparison_words import namer
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, mostly_same
from intervjukit.core.transcript import Transcript
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.analysis.agreement import AgreementTables, BlindTables
    from intervjukit.nlp.showing import Mode
    from intervjukit.nlp.suggester import Suggester
    from intervjukit.nlp.trials import Scored, Trial, Trials

By = Literal["group", "respondent", "order"]
Who = Callable[[], str]
Progress = Callable[[int, int, str], None]


class Agreement:
    """Coders against each other and against the suggestions, and the blind sample that keeps both honest."""

    def __init__(
        self,
        store: Store,
        who: Who,
        codebook: Callable[[], Codebook],
        protocols: Callable[[], Mapping[str, Protocol]],
        suggester: Callable[[Progress | None], Suggester],
    ) -> None:
        """Work on ``store`` for the coder ``who()``; the rest is asked for when it is needed."""
        self._store, self._who = store, who
        self._codebook, self._protocols, self._suggester = codebook, protocols, suggester

    def __repr__(self) -> str:
        told = ", ".join(f"{coder} {n}" for coder, n in self.coders().items()) or "ingen har kodat än"
        return f"<Överensstämmelse: {told}; se study.agreement.between(…) och with_suggester()>"

    def coders(self) -> dict[str, int]:
        """Return how many codings each coder has made, most first."""
        counted: dict[str, int] = defaultdict(int)
        for coding in self._store.codings():
            counted[coding.coder] += 1
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    # --- comparisons --------------------------------------------------------------------------------

    def between(self, coder: str, other: str) -> AgreementTables:
        """Compare two coders in the interviews that both have coded; ``coder`` is held to be right in F1.

        Raises NotFoundError for somebody who has coded nothing, RuleError when no interview is coded by both.
        """
        if coder == other:
            raise RuleError("En kodare kan inte jämföras med sig själv.", fix="Ange två olika kodare.")
        ones, others = (self._whole_interviews(self._codings_of(each)) for each in (coder, other))
        both = {coding.transcript for coding in ones} & {coding.transcript for coding in others}
        if not both:
            raise RuleError(
                f"{coder} och {other} har inte kodat någon intervju gemensamt.",
                fix="Låt båda koda samma intervjuer, gärna en ur varje grupp.",
            )
        matching = match(*(passages(c for c in its if c.transcript in both) for its in (ones, others)))
        return self._tables(self._compared((coder, other), matching, self._sentences(both)))

    def with_suggester(
        self,
        coder: str | None = None,
        by: By = "group",
        *,
        mode: Mode = "economical",
        progress: Progress | None = None,
    ) -> AgreementTables:
        """Compare the suggestions with a coder, each interview as if nothing like it had been decided on before.

        ``by`` "group": nothing decided on the respondent's whole group is learned from; "respondent": nothing on the
        respondent; "order": interview by interview as they were coded, learned from the earlier ones only (what was
        proposed there and not coded counts as turned down), with the ``course`` over time. Without ``coder``,
        everybody's codings count; of several on an interview, the one with most there. Interviews nobody has coded,
        or only blind, are left out. Raises NotFoundError and RuleError.
        """
        codings = self._truth(coder)
        order = _in_order(codings)
        trials = self._trials(progress)
        transcripts = {t.id: t for t in self._store.interviews.all() if t.id in order}
        truth = passages(codings)
        trial = self._tried(trials, _folds(transcripts, order, by), mode, progress, truth if by == "order" else ())
        matching = match(truth, trial.proposed)
        made = self._compared(
            (coder or " och ".join(sorted({coding.coder for coding in codings})), MACHINE),
            matching,
            [(segment.transcript, segment.span) for segment in trial.segments],
            by=by,
            order=order if by == "order" else (),
            saved=self._work_saved(codings, trial.segments),
        )
        return self._tables(made)

    def _codings_of(self, coder: str) -> list[Coding]:
        found = self._store.codings(coder=coder)
        if not found:
            known = ", ".join(self.coders()) or "ingen än"
            raise NotFoundError(f"{coder} har inte kodat något i studien.", fix=f"Kodare i studien: {known}.")
        return found

    def _truth(self, coder: str | None) -> list[Coding]:
        """Return the codings the suggestions are held against: one coder's in each interview."""
        codings = self._codings_of(coder) if coder else self._store.codings()
        per_interview: dict[int, dict[str, list[Coding]]] = defaultdict(lambda: defaultdict(list))
        for coding in self._whole_interviews(codings):
            per_interview[coding.transcript][coding.coder].append(coding)
        kept: list[Coding] = []
        for by_coder in per_interview.values():
            kept += max(by_coder.items(), key=lambda item: (len(item[1]), item[0]))[1]
        if len({coding.transcript for coding in kept}) < 2:
            raise RuleError(
                "Det finns för lite att pröva förslagen mot: färre än två intervjuer är kodade.",
                fix="Koda några intervjuer först.",
            )
        return kept

    def _whole_interviews(self, codings: Sequence[Coding]) -> list[Coding]:
        """Return the codings but those of a coder who has coded only blind places in the interview."""
        blind: dict[tuple[int, str], list[BlindPlace]] = defaultdict(list)
        for place in self._store.blind.places():
            blind[place.transcript, place.coder].append(place)
        work = {
            (coding.transcript, coding.coder)
            for coding in codings
            if not any(_coded(place, [coding]) for place in blind[coding.transcript, coding.coder])
        }
        return [coding for coding in codings if (coding.transcript, coding.coder) in work]

    def _trials(self, progress: Progress | None) -> Trials:
        from intervjukit.nlp.suggester import Decisions
        from intervjukit.nlp.trials import Trials

        told = (lambda done, total: progress(done, total, "läser intervjuerna")) if progress else None
        decisions = Decisions(self._store.codings(), self._store.suggestions(status="rejected"))
        return Trials(self._suggester(progress), self._store.interviews.all(), decisions, told)

    def _tried(
        self,
        trials: Trials,
        folds: Sequence[tuple[Collection[int], Collection[int]]],
        mode: Mode,
        progress: Progress | None,
        truth: Sequence[Passage] = (),
    ) -> Trial:
        """Return all the trials together; with ``truth``, what it does not hold is turned down after each of them."""
        from intervjukit.nlp.trials import Trial

        whole = Trial()
        for done, (learned, asked) in enumerate(folds):
            if progress:
                progress(done, len(folds), "prövar förslagen")
            made = trials.run(learned, asked, mode)
            if truth:
                here = [passage for passage in truth if passage.transcript in asked]
                trials.turn_down(turned_down(match(here, made.proposed)))
            whole += made
        return whole

    def _work_saved(self, codings: Sequence[Coding], segments: Sequence[Scored]) -> dict[str, float | None]:
        """Return the work saved at 95 % recall per code that has enough codings."""
        per_code: dict[str, list[Coding]] = defaultdict(list)
        for coding in codings:
            per_code[coding.code].append(coding)
        saved: dict[str, float | None] = {}
        for column, code in enumerate(self._suggester(None).codebook):
            if len(its := per_code[code.id]) >= FEWEST:
                true = _touched(segments, its)
                saved[code.id] = work_saved([segment.sure * segment.codes[column] for segment in segments], true)
        return saved

    def _compared(
        self,
        names: tuple[str, str],
        matching: Matching,
        units: Sequence[tuple[int, Span]],
        *,
        by: str = "",
        order: Sequence[int] = (),
        saved: Mapping[str, float | None] | None = None,
    ) -> Comparison:
        book = self._codebook()
        return compare(
            names,
            matching,
            units,
            codes=[code.id for code in book],
            facets=[facet.id for facet in book.facets],
            groups=list(self._protocols()),
            by=by,
            order=order,
            work_saved=saved,
        )

    def _tables(self, made: Comparison) -> AgreementTables:
        from intervjukit.analysis.agreement import AgreementTables

        return AgreementTables(made, namer(self._codebook(), self._protocols()))

    def _sentences(self, transcripts: Collection[int]) -> list[tuple[int, Span]]:
        """Return the sentences of the respondents' words."""
        here = [transcript for transcript in self._store.interviews.all() if transcript.id in transcripts]
        return [(transcript.id, span) for transcript in here for span in _sentences_of(transcript)]

    # --- the blind sample ---------------------------------------------------------------------------

    def draw_blind(self, per_group: int = PER_GROUP, *, seed: int = 1) -> int:
        """Draw sentences that the coder decides on without suggestions, and return how many.

        They are drawn at random in every group, from interviews in which the coder has neither coded anything nor
        decided on a suggestion. Suggestions on them are not shown to anybody while they are open. Raises RuleError
        when there are open ones already, or no such interview is left.
        """
        who = self._who()
        if left := [place for place in self._store.blind.places(who) if place.status == "open"]:
            raise RuleError(
                f"{len(left)} ställen i ditt blinda urval är inte avgjorda än.", fix="Avgör dem innan du drar nya."
            )
        candidates = self._untouched(who)
        with self._store.decide(who, "draw_blind", "Drog ett blint urval") as decision:
            drawn = draw(candidates, per_group, seed)
            decision.summary += f" på {len(drawn)} ställen"
            self._store.blind.insert(decision, drawn)
        return len(drawn)

    def _untouched(self, who: str) -> dict[str, list[BlindPlace]]:
        """Return by group the sentences of interviews that ``who`` has not worked on."""
        seen = {coding.transcript for coding in self._store.codings(coder=who)}
        seen |= {suggestion.transcript for suggestion in self._store.suggestions(decided_by=who)}
        seen |= {place.transcript for place in self._store.blind.places(who)}
        found: dict[str, list[BlindPlace]] = {group: [] for group in self._protocols()}
        for transcript in self._store.interviews.all():
            if transcript.id not in seen:
                found[transcript.group] += (
                    BlindPlace(transcript.id, *span, transcript.text[span.start : span.end], who)
                    for span in _sentences_of(transcript)
                )
        if not any(found.values()):
            raise RuleError(
                f"Det finns ingen intervju kvar där {who} inte har kodat eller tagit ställning till förslag.",
                fix="Dra det blinda urvalet innan du börjar koda, eller läs in fler intervjuer.",
            )
        return found

    def blind_places(self, *, status: BlindStatus | None = None) -> pd.DataFrame:
        """One row per place in the blind sample: id, respondent, group, start, end, quote, coder, status."""
        from intervjukit.analysis.agreement import blind_places_table

        places = self._store.blind.places()
        return blind_places_table(place for place in places if status in (None, place.status))

    def settle_blind(self, *numbers: int) -> dict[str, int]:
        """Say that these places are done; return how many were coded and how many had nothing to code.

        A place counts as coded when the coder has coded something that is mostly the same place. Raises
        NotFoundError when one of them is not an open place of the coder's; then none is settled.
        """
        who = self._who()
        counted = {"coded": 0, "nothing": 0}
        with self._store.decide(who, "settle_blind", "Avgjorde blinda ställen") as decision:
            open_ones = {place.id: place for place in self._store.blind.places(who) if place.status == "open"}
            for number in dict.fromkeys(map(int, numbers)):
                if number not in open_ones:
                    raise NotFoundError(
                        f"{number} är inget öppet ställe i det blinda urvalet för {who}.",
                        fix="Se ställena med intervjukit blind.",
                    )
                place = open_ones[number]
                made = self._store.codings(transcript=place.transcript, coder=who)
                status: BlindStatus = "coded" if _coded(place, made) else "nothing"
                self._store.blind.settle(decision, place, status)
                counted[status] += 1
            decision.summary += f": {counted['coded']} kodade, {counted['nothing']} utan något att koda"
        return counted

    def blind(self, *, progress: Progress | None = None) -> BlindTables:
        """Say how much the suggestions find of what was coded blind, by group, with its 95 % interval.

        Each group is tried with nothing decided on it learned from. With it come the threshold that finds 95 %
        (``threshold``; 0 when fewer than 19 places are coded) and whether suggestions seem to steer the coder
        (``anchoring``). Raises RuleError when nothing in the sample is settled.
        """
        from intervjukit.analysis.agreement import BlindTables
        from intervjukit.nlp.showing import LIMITS

        places = [place for place in self._store.blind.places() if place.status != "open"]
        if not places:
            raise RuleError(
                "Inget i det blinda urvalet är avgjort än.", fix="Dra ett med intervjukit blind --draw och avgör det."
            )
        transcripts = {transcript.id: transcript for transcript in self._store.interviews.all()}
        groups = {place.group for place in places}
        folds = [
            fold for fold in _folds(transcripts, list(transcripts), "group") if _group(transcripts, fold) in groups
        ]
        trial = self._tried(self._trials(progress), folds, "economical", progress)
        scores = [_score(place, trial.segments) for place in places]
        coded = [place.status == "coded" for place in places]
        limit = group_threshold(scores, coded, [place.group for place in places])
        return BlindTables(
            self._store.blind.places(),
            dict(zip((place.id for place in places), scores, strict=True)),
            {place.id for place in places if _proposed(place, trial)},
            LIMITS["complete"].least,
            limit if sum(coded) >= fewest_coded() else None,
            self._anchoring(places, trial),
            namer(self._codebook(), self._protocols()),
        )

    def _anchoring(self, places: Sequence[BlindPlace], trial: Trial) -> Anchoring:
        seen = [s for status in ("accepted", "changed", "rejected") for s in self._store.suggestions(status=status)]
        same = blind = 0
        for place in places:
            if near := _proposed(place, trial):
                made = self._store.codings(transcript=place.transcript, coder=place.coder)
                codes = {c.code for c in made if mostly_same(Span(c.start, c.end), place.span)}
                blind += len(near[0].codes)
                same += len(near[0].codes & codes)
        kept = {(c.suggestion, c.code) for c in self._store.codings() if c.suggestion is not None}
        return Anchoring(sum((s.id, s.code) in kept for s in seen), len(seen), same, blind)

    def calibrate(self, *, progress: Progress | None = None) -> float:
        """Let the blind sample decide from what score the complete mode shows suggestions, and return it (0–1).

        Raises RuleError when fewer than 19 places were coded: then 95 % cannot be promised.
        """
        who, result = self._who(), self.blind(progress=progress)
        if result.threshold is None:
            raise RuleError(
                f"För lite underlag: att lova 95 % kräver minst {fewest_coded()} kodade ställen i det blinda urvalet.",
                fix="Avgör fler ställen, eller dra fler.",
            )
        with self._store.decide(who, "calibrate", "Ställde in hur mycket det fullständiga läget visar") as decision:
            self._store.blind.set_least(decision, result.threshold)
        return result.threshold

    def least(self, mode: Mode) -> float | None:
        """Return the calibrated threshold of the complete mode; None otherwise: the suggester's own is used."""
        return self._store.blind.least() if mode == "complete" else None

    # --- files --------------------------------------------------------------------------------------

    def appendix(self, compared: AgreementTables, path: Path | str) -> Path:
        """Write a comparison as a Word appendix and return its path. Raises FileError."""
        from intervjukit.export.agreement import write_agreement

        chart = compared.chart()
        return write_agreement(self._store.name, compared.comparison, compared.name, chart, Path(path))


def _in_order(codings: Sequence[Coding]) -> list[int]:
    """Return the ids of the coded interviews in the order they were begun."""
    first: dict[int, tuple[str, int]] = {}
    for coding in codings:
        key = (coding.at, coding.id)
        first[coding.transcript] = min(first.get(coding.transcript, key), key)
    return sorted(first, key=lambda transcript: first[transcript])


def _folds(
    transcripts: Mapping[int, Transcript], order: Sequence[int], by: By
) -> list[tuple[Collection[int], Collection[int]]]:
    """Return for each trial the interviews that may be learned from, and those asked about."""
    if by == "order":
        return [(order[:place], [transcript]) for place, transcript in enumerate(order)]
    if by not in ("group", "respondent"):
        raise RuleError(f"”{by}” är inget sätt att pröva förslagen.", fix="Välj group, respondent eller order.")
    together: dict[str, list[int]] = defaultdict(list)
    for transcript in transcripts.values():
        together[getattr(transcript, by)].append(transcript.id)
    return [([t for t in transcripts if t not in asked], asked) for asked in together.values()]


def _group(transcripts: Mapping[int, Transcript], fold: tuple[Collection[int], Collection[int]]) -> str:
    return transcripts[next(iter(fold[1]))].group


def _sentences_of(transcript: Transcript) -> Iterator[Span]:
    from intervjukit.nlp.sentences import sentences

    for turn in transcript.answers():
        for span in sentences(transcript.turn_text(turn)):
            yield Span(turn.start + span.start, turn.start + span.end)


def _touched(segments: Sequence[Scored], codings: Sequence[Coding]) -> list[bool]:
    per_transcript: dict[int, list[Span]] = defaultdict(list)
    for coding in codings:
        per_transcript[coding.transcript].append(Span(coding.start, coding.end))
    return [any(mostly_same(segment.span, span) for span in per_transcript[segment.transcript]) for segment in segments]


def _coded(place: BlindPlace, codings: Sequence[Coding]) -> bool:
    return any(mostly_same(place.span, Span(coding.start, coding.end)) for coding in codings)


def _proposed(place: BlindPlace, trial: Trial) -> list[Passage]:
    return [p for p in trial.proposed if p.transcript == place.transcript and mostly_same(p.span, place.span)]


def _score(place: BlindPlace, segments: Sequence[Scored]) -> float:
    """Return how likely the suggester held it that there is something to code, 0 where it saw no sentence."""
    here = [s.sure for s in segments if s.transcript == place.transcript and mostly_same(s.span, place.span)]
    return max(here, default=0.0)
