"""What a sentence says about its valence and its party: cues, negation, and the question that was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span as Words
from spacy.tokens import Token

from intervjukit.core.codebook import VALENCES
from intervjukit.nlp.pipeline import Hit

_NEGATIONS = frozenset("inte aldrig ingen inget inga ingenting knappt varken utan sällan icke ej".split())
_AFTER = frozenset("inte aldrig ej icke".split())
_NO_NEGATION = frozenset("bara minst enbart förrän".split())
"""After "inte" these words take the negation away, or turn it to something else."""
_CLAUSE = frozenset("men fast eftersom medan".split())
_NEW_CLAUSE = _CLAUSE | frozenset("att som och för när om innan utan så".split())
_WISHING = frozenset("böra borde önska önskan önskemål".split())
_REACH = 4
_NEAR = 2


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
        if tokens[i].is_punct or tokens[i].lower_ in _CLAUSE:
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


def judge_valence(words: Words, hits: Sequence[Hit], asked: str) -> Judgement:
    """Return the valence of a sentence.

    First the balance of the cues ("valence:…"), each turned by its negation, where a wish wins a tie; then a
    bare negation; then what the question asked for (``asked``); then bottleneck, as the commonest.
    """
    said: dict[str, list[str]] = {value: [] for value in VALENCES}
    for hit in hits:
        value, quote = _turned(words, hit)
        if value in said:
            said[value].append(quote)
    wish = next((token.text for token in words if _is(token, _WISHING)), "")
    if wish and not said["onskan"]:
        said["onskan"].append(wish)
    best = max(said, key=lambda value: (len(said[value]), value == "onskan"))
    if said[best]:
        tied = sum(len(quotes) == len(said[best]) for quotes in said.values()) > 1
        return Judgement(best, 0.55 if tied else 0.8, f"”{said[best][0]}” tyder på {_NAMES[best]}")
    for place, token in enumerate(words):
        if _is(token, _NEGATIONS) and not _emptied(list(words), place):
            return Judgement("flaskhals", 0.55, f"”{token.text}” tyder på att något saknas")
    if asked:
        return Judgement(asked, 0.5, f"frågan gällde {_ASKED[asked]}")
    return Judgement("flaskhals", 0.35, "inget i meningen avgör slaget")


def _turned(words: Words, hit: Hit) -> tuple[str, str]:
    """Return the valence a cue stands for where it is said, and its words with their negation.

    "inte nöjd" is a bottleneck and "inget hinder" a success; of a bottleneck only the nearest words turn it,
    for much that hinders is told with "inte" anyway.
    """
    value = hit.owner.partition(":")[2]
    quote = words.doc.text[hit.start : hit.end]
    negation = ""
    if value == "framgang":
        negation = negated(words, hit.start, hit.end)
    elif value == "flaskhals":
        negation = _negation_before(words, hit.start, _NEAR)
    if not negation:
        return value, quote
    return ("flaskhals" if value == "framgang" else "framgang"), f"{negation} … {quote}"


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
