"""Suggestions from the code book: indicators in respondents' sentences, each with a reason in plain Swedish."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc
from spacy.tokens import Span as Words

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.nlp.cues import Judgement, judge_party, judge_valence
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher
from intervjukit.nlp.sentences import sentences

NAME = "indikatorer"
VERSION = "1"
LEAST = 0.45
MOST_CODES = 2
MOST_SENTENCES = 3
_STRENGTH = {"ord": 1.0, "böjning": 0.95, "led": 0.7}
_ASKED_FOR = {"drar_ut": "flaskhals", "hjalpt": "framgang", "underlattat": "onskan", "mer_av": "onskan"}


@dataclass(frozen=True)
class _Sentence:
    """A respondent's sentence with what was found in it; hits are in the turn's own offsets."""

    transcript: Transcript
    turn: Turn
    span: Span
    doc: Doc
    hits: tuple[Hit, ...]

    def words(self) -> Words:
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
        self._usual = {
            code.id: _commonest(example.facets.get("party", "") for example in code.examples) for code in codebook
        }
        facets = {facet.id: facet for facet in codebook.facets}
        values = facets["party"].values if "party" in facets else ()
        self._parties = {value.id: value.name for value in values}

    def suggest(
        self, transcripts: Sequence[Transcript], progress: Callable[[int, int], None] | None = None
    ) -> list[Suggestion]:
        """Return suggestions for the respondents' words, in reading order.

        ``progress`` is called with (transcripts done, transcripts in all).
        """
        read: list[_Sentence] = []
        for done, transcript in enumerate(transcripts, 1):
            read += self._read(transcript)
            if progress:
                progress(done, len(transcripts))
        weights = self._weigh(read)
        found = [suggestion for sentence in read for suggestion in self._suggest(sentence, weights)]
        return list(_joined(found, {transcript.id: transcript for transcript in transcripts}))

    def _read(self, transcript: Transcript) -> Iterator[_Sentence]:
        turns = list(transcript.answers())
        texts = [transcript.turn_text(turn) for turn in turns]
        for turn, text, doc in zip(turns, texts, self.matcher.docs(texts), strict=True):
            hits = self.matcher.hits(doc)
            for span in sentences(text):
                inside = tuple(hit for hit in hits if span.start <= hit.start < span.end)
                yield _Sentence(transcript, turn, span, doc, inside)

    def _weigh(self, read: Sequence[_Sentence]) -> dict[str, float]:
        """Return each indicator's weight: phrases say more than words, rare words more than common ones."""
        counted = Counter(indicator for s in read for indicator in {hit.indicator for hit in s.hits})
        total = max(len(read), 200)
        weights = {}
        for indicator, n in counted.items():
            base = 0.75 if " " in indicator else 0.62
            weights[indicator] = base * min(1.0, (0.012 / (n / total)) ** 0.5)
        return weights

    def _suggest(self, sentence: _Sentence, weights: Mapping[str, float]) -> Iterator[Suggestion]:
        per_code: dict[str, list[Hit]] = defaultdict(list)
        for hit in sentence.hits:
            if hit.owner in self.codebook:
                per_code[hit.owner].append(hit)
        scored = sorted(
            ((self._score(hits, weights), code) for code, hits in per_code.items()),
            key=lambda x: (-x[0], x[1]),
        )
        for score, code in scored[:MOST_CODES]:
            if score >= LEAST:
                yield self._make(sentence, code, per_code[code], score)

    @staticmethod
    def _score(hits: Sequence[Hit], weights: Mapping[str, float]) -> float:
        """Return the chance that any indicator is right, taken as independent; each counts once."""
        miss = 1.0
        for indicator in {hit.indicator for hit in hits}:
            how = max(_STRENGTH[hit.how] for hit in hits if hit.indicator == indicator)
            miss *= 1 - how * weights[indicator]
        return 1 - miss

    def _make(self, sentence: _Sentence, code: str, hits: Sequence[Hit], score: float) -> Suggestion:
        words = sentence.words()
        protocol = self.protocols[sentence.transcript.group]
        question = sentence.turn.question
        valence = judge_valence(
            words,
            [hit for hit in sentence.hits if hit.owner.startswith("valence:")],
            _ASKED_FOR.get(question or "", ""),
        )
        party = judge_party(
            [hit for hit in sentence.hits if hit.owner.startswith("party:")],
            hits[0].start,
            protocol.question(question).about if question else None,
            self._usual[code],
            protocol.party,
            self._parties,
        )
        facets = {"valence": valence.value, "party": party.value}
        phases = [hit.owner for hit in sentence.hits if hit.owner.startswith("phase:")]
        if phases:
            facets["phase"] = phases[0].partition(":")[2]
        start = sentence.turn.start + sentence.span.start
        end = sentence.turn.start + sentence.span.end
        return Suggestion(
            start=start,
            end=end,
            quote=sentence.transcript.text[start:end],
            code=code,
            facets=facets,
            score=round(score * (0.6 + 0.25 * valence.confidence + 0.15 * party.confidence), 3),
            reason=self._reason(sentence, code, hits, valence, party),
            suggester=NAME,
            version=VERSION,
            transcript=sentence.transcript.id,
            respondent=sentence.transcript.respondent,
        )

    def _reason(
        self, sentence: _Sentence, code: str, hits: Sequence[Hit], valence: Judgement, party: Judgement
    ) -> str:
        said = []
        for hit in {hit.indicator: hit for hit in hits}.values():
            quote = sentence.doc.text[hit.start : hit.end]
            same = quote.lower() == hit.indicator.lower()
            said.append(f"”{quote}”" if same else f"”{quote}” ({hit.indicator})")
        name = self.codebook.code(code).name
        return f"{' och '.join(said)} pekar på {name}; {valence.reason}; {party.reason}."


def _commonest(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else ""


def _joined(found: Sequence[Suggestion], transcripts: Mapping[int, Transcript]) -> Iterator[Suggestion]:
    """Join suggestions on sentences in a row that say the same: up to three sentences make one."""
    open_: dict[tuple[int, str, str, str], tuple[Suggestion, int]] = {}
    result: list[Suggestion] = []
    for suggestion in found:
        key = (
            suggestion.transcript,
            suggestion.code,
            suggestion.facets["valence"],
            suggestion.facets["party"],
        )
        earlier = open_.get(key)
        text = transcripts[suggestion.transcript].text
        if earlier and earlier[1] < MOST_SENTENCES and not text[earlier[0].end : suggestion.start].strip(" \n"):
            turn = transcripts[suggestion.transcript].turn_at(suggestion.start)
            if turn and turn.start <= earlier[0].start:
                result.remove(earlier[0])
                best = max(earlier[0], suggestion, key=lambda s: s.score)
                merged = replace(
                    best,
                    start=earlier[0].start,
                    end=suggestion.end,
                    quote=text[earlier[0].start : suggestion.end],
                )
                open_[key] = (merged, earlier[1] + 1)
                result.append(merged)
                continue
        open_[key] = (suggestion, 1)
        result.append(suggestion)
    return iter(sorted(result, key=lambda s: (s.respondent, s.transcript, s.start, s.end, s.code)))
