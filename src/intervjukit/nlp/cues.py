"""What a sentence says about its valence and its party: cues, negation, and the question that was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span as Words
from spacy.tokens import Token

from intervjukit.core.codebook import VALENCES
from intervjukit.nlp.evaluation import GENERAL, SUPPORT
from intervjukit.nlp.pipeline import Hit

_NEGATIONS = frozenset("inte aldrig ingen inget inga ingenting knappt varken utan sällan icke ej".split())
_AFTER = frozenset("inte aldrig ej icke".split())
_NO_NEGATION = frozenset("bara minst enbart förrän".split())
"""After "inte" these words take the negation away, or turn it to something else."""
_CLAUSE = frozenset("men fast eftersom medan".split())
_CLAUSE_BEFORE = _CLAUSE | frozenset("innan tills förrän".split())
_NEW_CLAUSE = _CLAUSE | frozenset("att som och för när om innan utan så".split())
_WISHING = frozenset("böra borde önska önskan önskemål".split())
_GOT = frozenset("fick fått får gav gett givit ger finns fanns funnits hade haft har".split())
_NOT_GOT = frozenset(
    "be söka leta ringa kämpa vänta tjata begära ansöka jaga om efter utan till för att av dålig lite brista".split()
)
_SUPINES = frozenset("varit gått blivit känts mått gjort sett kunnat fått".split())
_SPARED = frozenset("slippa slapp sluppit slipper".split())
_MOODS = frozenset("vore hade skulle".split())
_REACH = 4
_NEAR = 2
_GENERAL_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """A facet value for a sentence, how sure (0–1), and the reason in Swedish."""

    value: str
    confidence: float
    reason: str


def negated(words: Words, start: int, end: int) -> str:
    """Return the negation that governs the cue at characters ``start`` to ``end``, "" when there is none.

    A negation up to four words before it in the same clause, or soon after it ("stöd fick jag inte").
    "inte bara" and "inte minst" negate nothing, and "utan" after "inte" begins another clause.
    """
    return _negation_before(words, start, _REACH) or _negation_after(words, end)


def _negation_before(words: Words, start: int, reach: int) -> str:
    tokens = list(words)
    first = next((i for i, token in enumerate(tokens) if token.idx + len(token) > start), len(tokens))
    for i in range(first - 1, max(-1, first - 1 - reach), -1):
        if tokens[i].is_punct or tokens[i].lower_ in _CLAUSE_BEFORE:
            return ""
        if _is(tokens[i], _NEGATIONS):
            contrast = tokens[i].lower_ == "utan" and any(_is(token, _AFTER) for token in tokens[:i])
            return "" if contrast or _emptied(tokens, i) else tokens[i].text
    return ""


def _negation_after(words: Words, end: int) -> str:
    tokens = list(words)
    after = next((i for i, token in enumerate(tokens) if token.idx >= end), len(tokens))
    if after and tokens[after - 1].lower_ in _NEW_CLAUSE:
        return ""  # "skönt att" has its own clause after it
    for i in range(after, min(len(tokens), after + _REACH)):
        if tokens[i].is_punct or tokens[i].lower_ in _NEW_CLAUSE:
            return ""
        if _is(tokens[i], _AFTER):
            return "" if _emptied(tokens, i) else tokens[i].text
    return ""


def _is(token: Token, among: frozenset[str]) -> bool:
    return token.lower_ in among or token.lemma_ in among


def _emptied(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].lower_ in _NO_NEGATION


def judge_valence(words: Words, hits: Sequence[Hit], asked: str, others: Iterable[Judgement] = ()) -> Judgement:
    """Return the valence of a sentence.

    First what the sentence says (see ``said_valence``); then a bare negation; then the first of ``others``,
    what the other sentences of the answer say, nearest first; then what the question asked for (``asked``);
    then bottleneck, least sure of all.
    """
    said = said_valence(words, hits)
    if said:
        return said
    for place, token in enumerate(words):
        if _is(token, _NEGATIONS) and not _emptied(list(words), place):
            return Judgement("flaskhals", 0.55, f"”{token.text}” tyder på att något saknas")
    other = next(iter(others), None)
    if other:
        return Judgement(other.value, 0.5, f"andra meningar i svaret tyder på {_NAMES[other.value]}")
    if asked:
        return Judgement(asked, 0.45, f"frågan gällde {_ASKED[asked]}")
    return Judgement("flaskhals", 0.3, "inget i meningen avgör slaget")


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue as it is to be understood where it is said, with its weight, place and words."""

    value: str
    weight: float
    start: int
    quote: str


def said_valence(words: Words, hits: Sequence[Hit]) -> Judgement | None:
    """Return the valence that the balance of a sentence's cues stands for, None when there are none.

    The code book's cues ("valence:…") count twice the general ones ("*:…"). Each is turned by its negation.
    In a tie a wish wins, else what is said last ("dyrt, men bra").
    """
    cues = _cues(words, hits)
    if not cues:
        return None
    weights = {value: sum(cue.weight for cue in cues if cue.value == value) for value in VALENCES}
    most = max(weights.values())
    leading = [cue for cue in cues if weights[cue.value] == most]
    value = max(leading, key=lambda cue: (cue.value == "onskan", cue.start)).value
    named = max((cue for cue in leading if cue.value == value), key=lambda cue: cue.weight)
    tied = len({cue.value for cue in leading}) > 1
    confidence = 0.55 if tied else 0.8 if named.weight == 1 else 0.65
    return Judgement(value, confidence, f"”{named.quote}” tyder på {_NAMES[value]}")


def _cues(words: Words, hits: Sequence[Hit]) -> list[_Cue]:
    """Return the cues of a sentence; what is good after the words of a wish is wished for, and no success."""
    own = [hit for hit in hits if hit.owner.startswith("valence:") and _in_its_mood(words, hit)]
    general = [h for h in hits if h.owner.startswith(GENERAL) and not any(_overlap(h, hit) for hit in own)]
    cues = [_cue(words, hit, hit.owner.partition(":")[2], 1) for hit in own]
    cues = [cue for cue in cues if cue.value in VALENCES]
    if not any(cue.value == "onskan" for cue in cues):
        cues += [_Cue("onskan", 1, token.idx, token.text) for token in words if _is(token, _WISHING)][:1]
    cues += filter(None, (_general_cue(words, hit) for hit in general))
    if without := _unthinkable(words):
        cues.append(_Cue("framgang", _GENERAL_WEIGHT, without.idx, f"{without.text} … inte"))
    if words[0].lower_ == "hade":  # "Hade jag vetat …"
        cues.append(_Cue("onskan", _GENERAL_WEIGHT, words[0].idx, words[0].text))
    wished = min((cue.start for cue in cues if cue.value == "onskan"), default=len(words.doc.text))
    return [cue for cue in cues if cue.value != "framgang" or cue.weight == 1 or cue.start < wished]


def _in_its_mood(words: Words, hit: Hit) -> bool:
    """Return whether a cue's mood is said too: "det vore bra" has the lemmas of "det var bra", but not its sense."""
    moods = _MOODS.intersection(hit.indicator.lower().split())
    return not moods or moods <= set(words.doc.text[hit.start : hit.end].lower().split())


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _cue(words: Words, hit: Hit, value: str, weight: float) -> _Cue:
    """Return a cue for ``value`` as it is to be understood where it is said.

    "inte nöjd" is a bottleneck, "inget hinder" a success and "skulle underlätta" a wish; of a bottleneck only
    the nearest words turn it, for much that hinders is told with "inte" anyway.
    """
    turned, by = value, ""
    if value == "framgang":
        if by := _unreal(words, hit.start):
            turned = "onskan"
        elif not _unthinkable(words) and (by := negated(words, hit.start, hit.end)):
            turned = "flaskhals"
    elif value == "flaskhals" and (by := _negation_before(words, hit.start, _NEAR)):
        turned = "framgang"
    quote = words.doc.text[hit.start : hit.end]
    return _Cue(turned, weight, hit.start, f"{by} … {quote}" if by else quote)


def _general_cue(words: Words, hit: Hit) -> _Cue | None:
    """Return what a general word of evaluation stands for, None where it says nothing.

    Support is a success only when somebody got it, and "slapp vänta" no bottleneck.
    """
    value = hit.owner.partition(":")[2]
    if value == SUPPORT:
        value = "framgang" if _received(words, hit) else ""
    spared = value == "flaskhals" and any(token.lower_ in _SPARED for token in _clause_before(words, hit.start)[-3:])
    if spared or (value == "onskan" and _negation_after(words, hit.end)):
        return None
    return _cue(words, hit, value, _GENERAL_WEIGHT) if value else None


def _clause_before(words: Words, start: int) -> list[Token]:
    """Return the words before a place, back to the nearest stop, comma or "men"."""
    tokens = [token for token in words if token.idx < start]
    stops = [i for i, token in enumerate(tokens) if token.is_punct or token.lower_ in _CLAUSE]
    return tokens[stops[-1] + 1 :] if stops else tokens


def _received(words: Words, hit: Hit) -> bool:
    """Return whether support was got: "fick bra hjälp", "stöd fick jag", but not "fick be om hjälp"."""
    for token in reversed(_clause_before(words, hit.start)[-_REACH:]):
        if token.lower_ in _GOT:
            return True
        if _is(token, _NOT_GOT):
            return False
    return any(token.lower_ in _GOT for token in [token for token in words if token.idx >= hit.end][:2])


def _unreal(words: Words, start: int) -> str:
    """Return what makes a good thing at ``start`` one that was not so: "hade" of "det hade hjälpt", "skulle"."""
    before = [token.lower_ for token in _clause_before(words, start)[-_REACH:]]
    for i, word in enumerate(before):
        if word in ("vore", "skulle"):
            return word
        supine = word == "hade" and (i + 1 == len(before) or not _SUPINES.isdisjoint(before[i + 1 :]))
        if supine and (not {"det", "då"}.isdisjoint(before[max(0, i - 1) : i + 2]) or _conditional(words)):
            return word
    return ""


def _unthinkable(words: Words) -> Token | None:
    """Return the "utan" of "utan henne hade jag inte klarat det", which tells of a help."""
    said = [token.lower_ for token in words]
    if "utan" not in said:
        return None
    place = said.index("utan")
    unreal = not {"hade", "skulle"}.isdisjoint(said[place:]) and not _AFTER.isdisjoint(said[place:])
    return words[place] if unreal and _AFTER.isdisjoint(said[:place]) else None


def _conditional(words: Words) -> bool:
    return any(token.lower_ == "om" for token in words)


_NAMES = {"flaskhals": "flaskhals", "framgang": "framgång", "onskan": "önskan"}
_ASKED = {"flaskhals": "vad som drar ut på tiden", "framgang": "vad som har hjälpt", "onskan": "önskningar"}


def judge_party(
    hits: Sequence[Hit], near: int, about: str | None, usual: str, own: str, names: Mapping[str, str]
) -> Judgement:
    """Return at whom a sentence locates its theme.

    The party named nearest the indicator at ``near``; else the party the question asked about; else the one
    the theme's examples usually lie at; else the speaker's own.
    """
    if hits:
        hit = min(hits, key=lambda hit: abs(hit.start - near))
        party = hit.owner.partition(":")[2]
        return Judgement(party, 0.8, f"”{hit.indicator}” pekar på parten {names.get(party, party)}")
    if about:
        return Judgement(about, 0.65, f"frågan handlade om parten {names.get(about, about)}")
    if usual:
        return Judgement(usual, 0.45, f"temat gäller oftast parten {names.get(usual, usual)}")
    return Judgement(own, 0.3, f"den som talar hör till parten {names.get(own, own)}")
