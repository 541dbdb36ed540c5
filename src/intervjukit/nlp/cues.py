"""What a sentence says about its valence: cues with the signs that turn them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Span as Words

from intervjukit.core.codebook import VALENCES
from intervjukit.core.text import Span
from intervjukit.nlp.evaluation import GENERAL, SUPPORT
from intervjukit.nlp.pipeline import Hit
from intervjukit.nlp.signs import (
    SPARED,
    STOPS,
    Word,
    negating,
    negating_after,
    negating_before,
    read,
)
from intervjukit.nlp.swedish import lemma

_WISHING = frozenset("böra borde önska önskan önskemål".split())
_GOT = frozenset("fick fått får gav gett givit ger finns fanns funnits hade haft har".split())
_NOT_GOT = frozenset(
    "be söka leta ringa kämpa vänta tjata begära ansöka jaga om efter utan till för att av dålig lite brista".split()
)
_SUPINES = frozenset("varit gått blivit känts mått gjort sett kunnat fått".split())
_MOODS = frozenset("vore hade skulle".split())
_REACH = 4
_NEAR = 2
_GENERAL_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """A valence for a sentence, and how sure (0–1)."""

    value: str
    confidence: float


class _Sentence:
    """A sentence with its words in standard spelling, and what can be asked about places in it."""

    def __init__(self, words: Words, text: str) -> None:
        self.text = text or words.doc.text  # which spaCy puts together anew each time it is asked for
        self.words = read(self.text, Span(words.start_char, words.end_char))

    def clause_before(self, start: int) -> list[Word]:
        """Return the words before a place, back to the nearest stop, comma or "men"."""
        before = [word for word in self.words if word.start < start]
        stops = [place for place, word in enumerate(before) if word.is_mark or word.form in _NEW_CLAUSE]
        return before[stops[-1] + 1 :] if stops else before

    def unreal(self, start: int) -> str:
        """Return what makes a good thing at ``start`` one that was not so: "hade" of "det hade hjälpt", "skulle"."""
        before = [word.form for word in self.clause_before(start)[-_REACH:]]
        for place, form in enumerate(before):
            if form in ("vore", "skulle"):
                return form
            supine = form == "hade" and (place + 1 == len(before) or not _SUPINES.isdisjoint(before[place + 1 :]))
            if supine and (not {"det", "då"}.isdisjoint(before[max(0, place - 1) : place + 2]) or self._conditional()):
                return form
        return ""

    def _conditional(self) -> bool:
        return any(word.form == "om" for word in self.words)

    def unthinkable(self) -> Word | None:
        """Return the "utan" of "utan henne hade jag inte klarat det", which tells of a help."""
        said = [word.form for word in self.words]
        if "utan" not in said:
            return None
        place = said.index("utan")
        unreal = not {"hade", "skulle"}.isdisjoint(said[place:]) and not _NOT.isdisjoint(said[place:])
        return self.words[place] if unreal and _NOT.isdisjoint(said[:place]) else None


_NEW_CLAUSE = STOPS - {"innan", "tills", "förrän"}
_NOT = frozenset("inte aldrig ej icke".split())


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue as it is to be understood where it is said, with its weight and place."""

    value: str
    weight: float
    start: int


def said_valence(words: Words, hits: Sequence[Hit], text: str = "") -> Judgement | None:
    """Return the valence that the balance of a sentence's cues stands for, None when there are none.

    The code book's cues ("valence:…") count twice the general ones ("*:…"). Each is turned by its negation.
    In a tie a wish wins, else what is said last ("dyrt, men bra"). ``text`` is the whole text of the sentence's
    document, where the caller has it: asking spaCy for it once a sentence is slow in long ones.
    """
    cues = _cues(_Sentence(words, text), hits)
    if not cues:
        return None
    weights = {value: sum(cue.weight for cue in cues if cue.value == value) for value in VALENCES}
    most = max(weights.values())
    leading = [cue for cue in cues if weights[cue.value] == most]
    value = max(leading, key=lambda cue: (cue.value == "onskan", cue.start)).value
    named = max((cue for cue in leading if cue.value == value), key=lambda cue: cue.weight)
    tied = len({cue.value for cue in leading}) > 1
    confidence = 0.55 if tied else 0.8 if named.weight == 1 else 0.65
    return Judgement(value, confidence)


def _cues(sentence: _Sentence, hits: Sequence[Hit]) -> list[_Cue]:
    """Return the cues of a sentence; what is good after the words of a wish is wished for, and no success."""
    own = [hit for hit in hits if hit.owner.startswith("valence:") and _in_its_mood(sentence, hit)]
    general = [hit for hit in hits if hit.owner.startswith(GENERAL) and not any(_overlap(hit, cue) for cue in own)]
    cues = [_cue(sentence, hit, hit.owner.partition(":")[2], 1) for hit in own]
    cues = [cue for cue in cues if cue.value in VALENCES]
    if not any(cue.value == "onskan" for cue in cues):
        wishing = [word for word in sentence.words if word.form in _WISHING or lemma(word.form) in _WISHING]
        cues += [_Cue("onskan", 1, word.start) for word in wishing[:1]]
    cues += filter(None, (_general_cue(sentence, hit) for hit in general))
    cues += _turns_of_phrase(sentence)
    wished = min((cue.start for cue in cues if cue.value == "onskan"), default=len(sentence.text))
    return [cue for cue in cues if cue.value != "framgang" or cue.weight == 1 or cue.start < wished]


def _turns_of_phrase(sentence: _Sentence) -> Iterator[_Cue]:
    """Yield what no single word says: "utan henne hade jag inte …" is a success, "Hade jag vetat …" a wish."""
    if without := sentence.unthinkable():
        yield _Cue("framgang", _GENERAL_WEIGHT, without.start)
    if sentence.words and sentence.words[0].form == "hade":
        yield _Cue("onskan", _GENERAL_WEIGHT, sentence.words[0].start)


def _in_its_mood(sentence: _Sentence, hit: Hit) -> bool:
    """Return whether a cue's mood is said too: "det vore bra" has the lemmas of "det var bra", but not its sense."""
    moods = _MOODS.intersection(hit.indicator.lower().split())
    return not moods or moods <= {word.form for word in sentence.words if hit.start <= word.start < hit.end}


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _cue(sentence: _Sentence, hit: Hit, value: str, weight: float) -> _Cue:
    """Return a cue for ``value`` as it is to be understood where it is said.

    "inte nöjd" is a bottleneck, "inget hinder" a success and "skulle underlätta" a wish; of a bottleneck only
    the nearest words turn it, for much that hinders is told with "inte" anyway.
    """
    turned = value
    if value == "framgang":
        if sentence.unreal(hit.start):
            turned = "onskan"
        elif not sentence.unthinkable() and negating(sentence.words, hit.start, hit.end) is not None:
            turned = "flaskhals"
    elif value == "flaskhals" and negating_before(sentence.words, hit.start, _NEAR) is not None:
        turned = "framgang"
    return _Cue(turned, weight, hit.start)


def _general_cue(sentence: _Sentence, hit: Hit) -> _Cue | None:
    """Return what a general word of evaluation stands for, None where it says nothing.

    Support is a success only when somebody got it, and "slapp vänta" no bottleneck.
    """
    value = hit.owner.partition(":")[2]
    if value == SUPPORT:
        value = "framgang" if _received(sentence, hit) else ""
    before = [word.form for word in sentence.clause_before(hit.start)]
    if value == "flaskhals" and not SPARED.isdisjoint(before[-3:]):
        return None
    if value == "onskan" and negating_after(sentence.words, hit.end) is not None:
        return None
    return _cue(sentence, hit, value, _GENERAL_WEIGHT) if value else None


def _received(sentence: _Sentence, hit: Hit) -> bool:
    """Return whether support was got: "fick bra hjälp", "stöd fick jag", but not "fick be om hjälp"."""
    for word in reversed(sentence.clause_before(hit.start)[-_REACH:]):
        if word.form in _GOT:
            return True
        if word.form in _NOT_GOT or lemma(word.form) in _NOT_GOT:
            return False
    return any(word.form in _GOT for word in [word for word in sentence.words if word.start >= hit.end][:2])
