"""Methodological slips in interview questions, by the usual rules for open interviewing.

Sources: Kvale & Brinkmann, Den kvalitativa forskningsintervjun (open, short, non-leading questions); SCB,
Frågor och svar (one thing at a time). The rules flag wording, they do not judge the aim of a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intervjukit.core.protocol import Protocol, Question

LONGEST = 32


@dataclass(frozen=True, slots=True)
class Slip:
    """A methodological slip in one wording, and its remedy, both in Swedish."""

    kind: str
    message: str
    fix: str


_QUESTION_WORD = r"(?:hur|vad|vilken|vilket|vilka|när|varför|vem|vilkas|på vilket|i vilken)"
_DOUBLE = (
    re.compile(r"\?.*\w.*\?", re.S),
    re.compile(rf"\b(?:och|samt|eller)\s+{_QUESTION_WORD}\b", re.I),
    re.compile(r"\boch/eller\b|(?<=[a-zåäö])/(?=[a-zåäö])", re.I),
    re.compile(
        r"\b(?:upplever|tycker om|ser på|fungerar|påverkas|tillräckligt med|nöjd med)\b[^?,]*?"
        r"(?<!mellan )\b(?!du\b)(\w+) och (?!du\b|din\b|ditt\b|dina\b|andra\b|så\b)\w+",
        re.I,
    ),
)
_BETWEEN = re.compile(r"\b(?:mellan|både|såväl)\b[^?]*\boch\b", re.I)
_LEADING = re.compile(
    r"^(?:visst|nog|håller du (?:inte )?med|tycker du inte|är det inte|borde inte|anser du inte)\b"
    r"|,\s*(?:eller hur|inte sant|va|visst)\s*\?|\bväl\s*\?|\b(?:naturligtvis|självklart|givetvis|ju)\b"
    r"|\btillräckligt\b|\bhur (?:bra|dåligt|dålig|svårt|jobbigt|viktigt|nöjd|missnöjd)\b"
    r"|\b(?:problemet|bristerna|misstaget) med\b",
    re.I,
)
_VERB_FIRST = re.compile(
    r"^(?:har|är|får|kan|finns|vill|ska|skall|skulle|blev|blir|fick|tror|tycker|känner|upplever|träffar|kommer"
    r"|brukar|gör|går|hade|fanns|kände|visste|vet|ser|hinner|stämmer|behöver|deltar|arbetar|använder|märkte"
    r"|pratar|samarbetar|möter|kunde|ville|gjorde|måste|bör|borde|händer|hände|känns|kändes)\b"
    r"|^var (?:det|du|din|ditt|dina|den|de|ni|er|någon|något)\b",
    re.I,
)


def slips_in(text: str, *, open_question: bool, foreign_words: tuple[str, ...] = ()) -> Iterator[Slip]:
    """Yield the slips of one wording; ``open_question`` says whether a free answer is wanted."""
    if open_question and any(pattern.search(text) for pattern in _DOUBLE) and not _BETWEEN.search(text):
        yield Slip(
            "dubbelfråga",
            f"Frågan verkar fråga om två saker på en gång: ”{text}”",
            "Dela den i två frågor, eller lägg den ena som följdfråga.",
        )
    if found := _LEADING.search(text):
        yield Slip(
            "ledande",
            f"Ordet ”{found[0].strip(' ,?')}” kan leda svaret: ”{text}”",
            "Fråga neutralt, till exempel med ”Hur …” eller ”Berätta …”.",
        )
    if open_question and (found := _VERB_FIRST.search(text.strip())):
        yield Slip(
            "ja/nej",
            f"En öppen fråga som börjar med ”{found[0]}” får lätt ja eller nej till svar: ”{text}”",
            "Börja med ”Hur …”, ”Vad …”, ”Vilken …” eller ”Berätta …”.",
        )
    for word in foreign_words:
        if re.search(rf"\b{re.escape(word)}\b", text, re.I):
            yield Slip(
                "fel roll",
                f"Ordet ”{word}” hör till en annan grupps guide: ”{text}”",
                "Byt till den här gruppens ord för personen.",
            )
    if len(text.split()) > LONGEST:
        yield Slip(
            "lång",
            f"Frågan är {len(text.split())} ord lång: ”{text[:60]}…”",
            f"Korta den till högst {LONGEST} ord; lägg resten som följdfrågor.",
        )


def review(protocol: Protocol) -> Iterator[tuple[Question, str, Slip]]:
    """Yield (question, the wording, the slip) for every slip of a guide.

    Follow-ups may be short and closed ("Kan du ge ett exempel?"), so only what leads, or belongs to another
    role, is flagged in them.
    """
    for question in protocol.questions():
        for slip in slips_in(
            question.text, open_question=question.kind == "text", foreign_words=protocol.foreign_words
        ):
            yield question, question.text, slip
        for text in question.follow_ups:
            for slip in slips_in(text, open_question=False, foreign_words=protocol.foreign_words):
                yield question, text, slip
