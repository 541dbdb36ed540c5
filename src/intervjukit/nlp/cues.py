"""What a sentence says about its valence and its party: cues, negation, and the question that was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span as Words

from intervjukit.nlp.pipeline import Hit

_NEGATIONS = frozenset("inte aldrig ingen inget inga ingenting knappt varken utan sällan icke".split())
_WISHING = frozenset("borde önska önskan önskemål".split())
_REACH = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """A facet value for a sentence, how sure (0–1), and the reason in Swedish."""

    value: str
    confidence: float
    reason: str


def negated(words: Words, start: int) -> str:
    """Return the negation that governs the word at character ``start``, "" when there is none.

    A negation up to four words before it in the same clause, or right after it ("stöd fick jag inte").
    "inte bara" and "inte minst" negate nothing.
    """
    place = next((i for i, token in enumerate(words) if token.idx >= start), len(words))
    before = list(words[max(0, place - _REACH) : place])
    for index, token in reversed(list(enumerate(before))):
        if token.text in ",;:" and index < len(before) - 1:
            break
        if token.lemma_ in _NEGATIONS:
            after = words[token.i - words.start + 1].lower_ if token.i + 1 < words.end else ""
            return "" if after in ("bara", "minst", "förrän") else token.text
    after_tokens = list(words[place + 1 : place + 1 + _REACH])
    for token in after_tokens:
        if token.is_punct:
            break
        if token.lower_ in ("inte", "aldrig", "int"):
            return token.text
    return ""


def judge_valence(words: Words, hits: Sequence[Hit], asked: str) -> Judgement:
    """Return the valence of a sentence.

    Wish first ("borde", "hade velat"), then the balance of bottleneck and success cues with negation turning
    them, then a bare negation, then what the question asked for, then bottleneck as the commonest.
    """
    balance = {"flaskhals": 0.0, "framgang": 0.0, "onskan": 0.0}
    seen: dict[str, str] = {}
    for hit in hits:
        value = hit.owner.partition(":")[2]
        turned = value == "framgang" and negated(words, hit.start)
        value = "flaskhals" if turned else value
        balance[value] += 1.0
        quote = words.doc.text[hit.start : hit.end]
        seen.setdefault(value, f"{turned} … {quote}" if turned else quote)
    if any(token.lemma_ in _WISHING or token.lower_ == "borde" for token in words):
        balance["onskan"] += 1.0
        seen.setdefault("onskan", "borde")
    best = max(balance, key=lambda value: (balance[value], value == "onskan"))
    if balance[best] > 0:
        rival = sorted(balance.values())[-2]
        sure = 0.8 if balance[best] > rival else 0.55
        return Judgement(best, sure, f"”{seen[best]}” tyder på {_NAMES[best]}")
    for token in words:
        if token.lemma_ in _NEGATIONS:
            return Judgement("flaskhals", 0.55, f"”{token.text}” tyder på att något saknas")
    if asked:
        return Judgement(asked, 0.5, f"frågan gällde {_ASKED[asked]}")
    return Judgement("flaskhals", 0.35, "inget i meningen avgör slaget")


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
