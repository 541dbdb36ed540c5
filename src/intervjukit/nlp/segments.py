"""From interviews and bank answers to segments: the respondent's sentences, with what was asked and what rules find."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript
from intervjukit.nlp.cues import said_valence
from intervjukit.nlp.features import Segment
from intervjukit.nlp.pipeline import Hit, IndicatorMatcher, strength
from intervjukit.nlp.retold import names_of, tellers
from intervjukit.nlp.sentences import sentences
from intervjukit.nlp.signs import signs
from intervjukit.nlp.swedish import Words

SHORT = 8
"""A segment of fewer words than this tells its length: answers like "Ja, precis." are seldom coded."""
_WHOLE, _EARLY = 2_500, 0.2
"""A text of so many characters is a whole interview, and in this share of it background is asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a respondent said in one go: ``start`` is its place in the transcript's text, ``of`` that text's length."""

    text: str
    group: str
    question: str = ""
    asked: str = ""
    start: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A segment with the indicators and cues found in it, their places counted in the answer's text."""

    segment: Segment
    hits: tuple[Hit, ...]


def answers_of(transcript: Transcript) -> Iterator[Answer]:
    """Yield the respondent's turns with the interviewer's words before each."""
    asked = ""
    for turn in transcript.turns:
        if turn.role == "respondent":
            yield Answer(
                transcript.turn_text(turn),
                transcript.group,
                turn.question or "",
                asked,
                turn.start,
                len(transcript.text),
            )
        elif turn.role == "interviewer":
            asked = transcript.turn_text(turn)


def bank_answer(answer: BankAnswer) -> Answer:
    """Return an answer of the bank as something said."""
    return Answer(answer.text, answer.group, answer.question, answer.asked)


class Segmenter:
    """Cuts answers into segments and finds in them what the code book's indicators and general Swedish tell."""

    def __init__(self, codebook: Codebook, protocols: Iterable[Protocol]) -> None:
        """Prepare the matchers; the guides tell what each question is about and asks for."""
        self.guides = {protocol.group: protocol for protocol in protocols}
        owners = {f"code:{code.id}": code.indicators for code in codebook}
        for facet in codebook.facets:
            owners |= {f"{facet.id}:{value.id}": value.indicators for value in facet.values}
        self._names = {group: names_of(guide.group_name) for group, guide in self.guides.items()}
        self.swedish = Words(codebook.compounds)
        self.matcher = IndicatorMatcher(owners, self.swedish)

    def segments(self, answers: Sequence[Answer], first_turn: int = 0) -> Iterator[Found]:
        """Yield the segments of ``answers`` in order, their turns numbered from ``first_turn``."""
        texts = [answer.text for answer in answers]
        for turn, (answer, doc) in enumerate(zip(answers, self.matcher.docs(texts), strict=True), first_turn):
            yield from self._cut(answer, turn, doc)

    def question(self, answer: Answer) -> Question | None:
        """Return the guide's question behind an answer, None when it is not known."""
        guide = self.guides.get(answer.group)
        return next((q for q in guide.questions() if q.id == answer.question), None) if guide else None

    def _cut(self, answer: Answer, turn: int, doc: Doc) -> Iterator[Found]:
        spans = list(sentences(answer.text))
        known = self._known(answer)
        inside_of = _inside(spans, (*doc._.indicators, *doc._.evaluations))
        for place, (span, inside) in enumerate(zip(spans, inside_of, strict=True)):
            text = answer.text[span.start : span.end]
            for who in reversed(tellers(text, self._names.get(answer.group, ()))):
                start, end = span.start + who.start, span.start + who.end
                inside = tuple(hit for hit in inside if hit.end <= start or end <= hit.start)
                text = text[: who.start] + text[who.end :]
            circumstances = (*known, *_position(text, place, len(spans)))
            start, end = answer.start + span.start, answer.start + span.end
            rules = _rules(answer.text, doc, span, inside)
            early = max(0.0, 1 - start / (_EARLY * answer.of)) if answer.of >= _WHOLE else 0.0
            yield Found(Segment(turn, start, end, text, answer.asked, circumstances, rules, early), inside)

    def _known(self, answer: Answer) -> tuple[str, ...]:
        known = [f"group:{answer.group}"]
        if answer.question:
            known.append(f"question:{answer.question}")
        if question := self.question(answer):
            known += [f"about:{question.about}"] if question.about else []
            known += [f"asks:{question.asks_for}"] if question.asks_for else []
        return tuple(known)


def _inside(spans: Sequence[Span], hits: Iterable[Hit]) -> list[tuple[Hit, ...]]:
    """Return the hits that each of some spans in order holds whole."""
    starts = [span.start for span in spans]
    inside: list[list[Hit]] = [[] for _ in spans]
    for hit in hits:
        place = bisect_right(starts, hit.start) - 1
        if place >= 0 and hit.end <= spans[place].end:
            inside[place].append(hit)
    return list(map(tuple, inside))


def _position(text: str, place: int, of: int) -> Iterator[str]:
    if place == 0:
        yield "first"
    if place == of - 1:
        yield "last"
    length = len(text.split())
    if length < SHORT:
        yield f"length:{length // 2}"


def _rules(text: str, doc: Doc, span: Span, hits: Sequence[Hit]) -> Mapping[str, float]:
    """Return how strongly each indicator's owner speaks, which signs there are, and what cues say of valence."""
    per_owner: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        per_owner[hit.owner].append(hit)
    found = {owner: strength(its) for owner, its in per_owner.items()}
    cues = [hit for hit in hits if hit.owner.startswith(("valence:", "*:"))]
    if cues:
        words = doc.char_span(span.start, span.end, alignment_mode="expand")
        if words is not None and (said := said_valence(words, cues, text)):
            found[f"said:{said.value}"] = said.confidence
    return found | {f"sign:{sign.kind}": 1.0 for sign in signs(text, span)}
