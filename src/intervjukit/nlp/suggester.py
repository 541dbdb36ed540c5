"""Suggestions from the code book: indicators in respondents' sentences, each with a reason in plain Swedish."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc
from spacy.tokens import Span as Words

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Suggestion
from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.nlp.cues import Judgement, judge_party, judge_valence, said_valence
from intervjukit.nlp.evaluation import GENERAL, EvaluationMatcher
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher
from intervjukit.nlp.sentences import sentences

NAME = "indikatorer"
VERSION = "1"
LEAST = 0.45
MOST_CODES = 2
MOST_SENTENCES = 3
_PHRASE, _WORD = 0.75, 0.62
_STRENGTH = {"ord": 1.0, "böjning": 0.95, "led": 0.75}


@dataclass(frozen=True)
class _Sentence:
    """A respondent's sentence with what was found in it; hits are in the turn's own offsets."""

    transcript: Transcript
    turn: Turn
    span: Span
    doc: Doc
    hits: tuple[Hit, ...]

    def hits_on(self, facet: str) -> list[Hit]:
        """Return the hits on the values of a facet."""
        return [hit for hit in self.hits if hit.owner.startswith(f"{facet}:")]

    def cues(self) -> list[Hit]:
        """Return the hits that tell valence: the code book's cues and the general words of evaluation."""
        return self.hits_on("valence") + self.hits_on(GENERAL)

    def words(self) -> Words:
        """Return the sentence as spaCy tokens."""
        words = self.doc.char_span(self.span.start, self.span.end, alignment_mode="expand")
        return words if words is not None else self.doc[:]


class IndicatorSuggester:
    """Proposes codings where a code's indicators are said, with valence and party from cues and question."""

    def __init__(self, codebook: Codebook, protocols: Iterable[Protocol]) -> None:
        """Prepare the matchers of a code book; the guides tell which party a question asks about."""
        self.codebook = codebook
        self.protocols = {protocol.group: protocol for protocol in protocols}
        owners = {code.id: code.indicators for code in codebook}
        for facet in codebook.facets:
            owners |= {f"{facet.id}:{value.id}": value.indicators for value in facet.values}
        self.matcher = IndicatorMatcher(owners)
        self._evaluations = EvaluationMatcher(self.matcher.nlp)
        self._names = {facet.id: {value.id: value.name for value in facet.values} for facet in codebook.facets}
        self._usual = {
            code.id: _commonest(example.facets.get("party", "") for example in code.examples) for code in codebook
        }

    def suggest(
        self, transcripts: Sequence[Transcript], progress: Callable[[int, int], None] | None = None
    ) -> list[Suggestion]:
        """Return suggestions for the respondents' words, in reading order.

        Sentences in a row that say the same make one suggestion, up to three of them and never across turns.
        ``progress`` is called with (transcripts done, transcripts in all).
        """
        made: list[Suggestion] = []
        for done, transcript in enumerate(transcripts, 1):
            for turn in self._read(transcript):
                made += self._suggest(turn)
            if progress:
                progress(done, len(transcripts))
        return made

    def _read(self, transcript: Transcript) -> Iterator[list[_Sentence]]:
        """Yield the sentences of each of the respondent's turns."""
        turns = list(transcript.answers())
        texts = [transcript.turn_text(turn) for turn in turns]
        for turn, text, doc in zip(turns, texts, self.matcher.docs(texts), strict=True):
            hits = self.matcher.hits(doc)
            if any(hit.owner in self.codebook for hit in hits):
                hits += self._evaluations.hits(doc)
            yield [
                _Sentence(
                    transcript, turn, span, doc, tuple(h for h in hits if span.start <= h.start and h.end <= span.end)
                )
                for span in sentences(text)
            ]

    def _suggest(self, turn: Sequence[_Sentence]) -> list[Suggestion]:
        """Return the suggestions of one turn, those on sentences in a row that say the same joined."""
        made: list[Suggestion] = []
        latest: dict[tuple[str, str | None, str | None], tuple[int, int, int]] = {}
        for place, sentence in enumerate(turn):
            for suggestion in self._propose(turn, place):
                key = (suggestion.code, suggestion.facets.get("valence"), suggestion.facets.get("party"))
                at, last, joined = latest.get(key, (-1, -2, 0))
                if last == place - 1 and joined < MOST_SENTENCES:
                    made[at] = _join(made[at], suggestion, sentence.transcript.text)
                else:
                    at, joined = len(made), 0
                    made.append(suggestion)
                latest[key] = (at, place, joined + 1)
        return made

    def _propose(self, turn: Sequence[_Sentence], place: int) -> Iterator[Suggestion]:
        """Yield the likeliest codes of a turn's sentence as suggestions, most likely first."""
        sentence = turn[place]
        per_code: dict[str, list[Hit]] = defaultdict(list)
        for hit in sentence.hits:
            if hit.owner in self.codebook:
                per_code[hit.owner].append(hit)
        scored = sorted((-_score(hits), code) for code, hits in per_code.items())
        likely = [(-score, code) for score, code in scored[:MOST_CODES] if -score >= LEAST]
        if likely:
            question = self._question(sentence)
            valence = judge_valence(
                sentence.words(), sentence.cues(), question.asks_for if question else "", _others(turn, place)
            )
            for score, code in likely:
                yield self._make(sentence, code, per_code[code], score, valence)

    def _question(self, sentence: _Sentence) -> Question | None:
        asked = sentence.turn.question
        return self.protocols[sentence.transcript.group].question(asked) if asked else None

    def _make(
        self, sentence: _Sentence, code: str, hits: Sequence[Hit], score: float, valence: Judgement
    ) -> Suggestion:
        protocol = self.protocols[sentence.transcript.group]
        question = self._question(sentence)
        party = judge_party(
            sentence.hits_on("party"),
            hits[0].start,
            question.about if question else None,
            self._usual[code],
            protocol.party,
            self._names.get("party", {}),
        )
        start = sentence.turn.start + sentence.span.start
        end = sentence.turn.start + sentence.span.end
        return Suggestion(
            start=start,
            end=end,
            quote=sentence.transcript.text[start:end],
            code=code,
            facets=self._facets(sentence, {"valence": valence.value, "party": party.value}),
            score=round(score * (0.6 + 0.25 * valence.confidence + 0.15 * party.confidence), 3),
            reason=self._reason(sentence, code, hits, valence, party),
            suggester=NAME,
            version=VERSION,
            transcript=sentence.transcript.id,
            respondent=sentence.transcript.respondent,
        )

    def _facets(self, sentence: _Sentence, judged: Mapping[str, str]) -> dict[str, str]:
        """Return the code book's own facets with values it has; those not judged take what is said first."""
        facets = {}
        for facet, names in self._names.items():
            said = [hit.owner.partition(":")[2] for hit in sentence.hits_on(facet)[:1]]
            value = judged.get(facet) or "".join(said)
            if value in names:
                facets[facet] = value
        return facets

    def _reason(self, sentence: _Sentence, code: str, hits: Sequence[Hit], valence: Judgement, party: Judgement) -> str:
        said = []
        for hit in {hit.indicator: hit for hit in hits}.values():
            quote = sentence.doc.text[hit.start : hit.end]
            same = quote.lower() == hit.indicator.lower()
            said.append(f"”{quote}”" if same else f"”{quote}” ({hit.indicator})")
        return f"{_listed(said)} pekar på {self.codebook.code(code).name}; {valence.reason}; {party.reason}."


def _others(turn: Sequence[_Sentence], place: int) -> Iterator[Judgement]:
    """Yield what the other sentences of a turn say of valence, nearest first and the earlier before the later."""
    for at in sorted(range(len(turn)), key=lambda at: abs(at - place)):
        if at != place and (cues := turn[at].cues()):
            said = said_valence(turn[at].words(), cues)
            if said:
                yield said


def _score(hits: Sequence[Hit]) -> float:
    """Return the chance that any indicator is right, taken as independent; each counts once.

    A phrase says more than a word, and a word as such more than as the end of a compound.
    """
    strongest: dict[str, float] = {}
    for hit in hits:
        strength = _STRENGTH[hit.how] * (_PHRASE if " " in hit.indicator else _WORD)
        strongest[hit.indicator] = max(strength, strongest.get(hit.indicator, 0.0))
    return 1 - math.prod(1 - strength for strength in strongest.values())


def _join(earlier: Suggestion, later: Suggestion, text: str) -> Suggestion:
    """Return one suggestion over both in ``text``, with the surer one's score and reason."""
    surer = max(earlier, later, key=lambda suggestion: suggestion.score)
    return replace(
        surer,
        start=earlier.start,
        end=later.end,
        quote=text[earlier.start : later.end],
        facets={**later.facets, **earlier.facets},
    )


def _listed(words: Sequence[str]) -> str:
    return " och ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _commonest(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""
