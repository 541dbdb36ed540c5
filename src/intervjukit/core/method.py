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


_ASKING = r"(?:hur|vad|vilken|vilket|vilka|när|varför|vem|vilkas|på vilket|i vilken)"
_PERSON = r"(?:du|ni|det|den|de|han|hon|hen|någon|något|några|man)"
_JUDGED = (
    r"(?:upplever|tycker (?:du|ni) om|(?:ser|tänker) (?:du|ni) (?:på|om|kring)|fungerar|påverka[rs]"
    r"|tillräckligt med|nöjd(?:a)? med|bedömer|uppfattar|beskriv|berätta om|(?:får|fick) (?:du|ni))"
)
# pairs that name one thing, and pairs of people who do something together
_ONE_THING = re.compile(
    r"\b(?:mellan|både|såväl)\b[^?,]*?\b(?:och|som)\s+\w+|\b(?:hälso|för)- och \w+|\b(\w+) och \1\b"
    r"|\b(?:till och (?:med|från)|fram och tillbaka|dag och natt|gott och ont|vård och omsorg|stort och smått"
    r"|här och nu|steg för steg|mer eller mindre|bra eller dåligt)\b"
    r"|\b(?:du|dig|ni|er) och \w+(?: \w+)?|\w+ och (?:du|dig|ni|er)\b|\bandra och\b|\boch så vidare\b",
    re.I,
)
_TWO_QUESTIONS = (
    re.compile(r"\?.*\w.*\?", re.S),
    re.compile(rf"\b(?:och|samt|eller)\s+(?:i så fall\s+)?{_ASKING}\b", re.I),
    re.compile(
        rf"^(?!när|om|tänk|säg|då)[^?]*,\s*(?!t(?:ror|ycker|änker) du\b)\w+(?:r|de|te)\s+{_PERSON}\b[^?]*\?", re.I
    ),
)
_TWO_THINGS = re.compile(
    rf"\b{_JUDGED}\b(?:(?!\b(?:som|när|att|för|utifrån|grund)\b)[^?,])*?\w-?\s(?:och|eller)\s\w", re.I
)
_SLASH = re.compile(r"\b(?:och/eller|([^\W\d]+)/ ?([^\W\d]+))", re.I)
_BRACKETS = re.compile(r"\([^)]*\)")
_LEADING = re.compile(
    r"^(?:visst|nog|håller du (?:inte )?med|(?:tycker|anser|upplever|känner|tror) du inte|är det inte|borde inte)\b"
    r"|^(?:de flesta|många|alla|forskning\w*)\b[^?.,]*\b(?:tycker|anser|säger|menar|vet|visar)\b"
    r"|^varför\b[^?]*\b(?:inte|så (?:svårt|dåligt|lång\w*|tungt|krångligt))\b"
    r"|^vilka (?:problem|brister|svårigheter|fel|misstag)\b"
    r"|,\s*(?:eller hur|inte sant|va|visst|eller)\s*\?|\bväl\s*\?|\b(?:är|var|går|gick|har|blir|blev) väl\b"
    r"|\b(?:naturligtvis|självklart|givetvis|förstås|ju)\b|\btillräckligt\b"
    r"|\bhur (?:bra|dåligt|dålig|svårt|jobbigt|viktigt|nöjd|missnöjd|mycket (?:bättre|sämre))\b"
    r"|\b(?:problemen|problemet|bristerna|misstaget|misstagen) med\b",
    re.I,
)
_REQUEST = re.compile(
    r"^(?:kan|skulle|vill|får)\s+(?:du|ni|jag)\s+(?:kunna |vilja |be dig )*"
    r"(?:berätta|beskriva|ge|säga|förklara|utveckla|rita|visa)\b",
    re.I,
)
_VERB_FIRST = re.compile(
    rf"^(?!(?:hur|när|var|varför|vart)\b)\w+(?:r|de|te|cks|as|es|os|ns|ds)\s+{_PERSON}\b"
    r"|^(?:har|är|får|kan|finns|vill|ska|skall|skulle|blev|blir|fick|tror|tycker|känner|upplever|träffar|kommer"
    r"|brukar|gör|går|hade|fanns|kände|visste|vet|ser|hinner|stämmer|behöver|deltar|arbetar|använder|märkte"
    r"|pratar|samarbetar|möter|kunde|ville|gjorde|måste|bör|borde|händer|hände|känns|kändes|gick|såg|sa|kom"
    r"|fungerar|fungerade|hjälpte|räcker|räckte)\b"
    r"|^var (?:det|du|din|ditt|dina|den|de|ni|er|någon|något|chefen|läkaren)\b",
    re.I,
)
_OPENING = re.compile(r"^[\s\W]*(?:(?:och|men|så|sedan|om ja)\b[\s,]*)*", re.I)


def slips_in(text: str, *, open_question: bool, foreign_words: tuple[str, ...] = ()) -> Iterator[Slip]:
    """Yield the slips of one wording; ``open_question`` says whether a free answer is wanted."""
    if open_question and _asks_two(text):
        yield Slip(
            "dubbelfråga",
            f"Frågan verkar gälla två saker på en gång: ”{text}”",
            "Dela den i två frågor, eller lägg den ena som följdfråga.",
        )
    if found := next(filter(None, map(_LEADING.search, _sentences(text))), None):
        yield Slip(
            "ledande",
            f"Ordet ”{found[0].strip(' ,?')}” kan leda svaret: ”{text}”",
            "Fråga neutralt, till exempel med ”Hur …” eller ”Berätta …”.",
        )
    if open_question and (opener := _yes_or_no(text)):
        yield Slip(
            "ja/nej",
            f"En öppen fråga som börjar med ”{opener}” får lätt ja eller nej till svar: ”{text}”",
            "Börja med ”Hur …”, ”Vad …”, ”Vilken …” eller ”Berätta …”.",
        )
    lowered = text.lower()
    for word in foreign_words:
        if word.lower() in lowered and re.search(rf"\b{re.escape(word)}\b", text, re.I):
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


def _sentences(text: str) -> list[str]:
    """Return the sentences of a wording, each from its first real word ("Och har du …" from "har")."""
    return [_OPENING.sub("", sentence) for sentence in re.split(r"(?<=[.?!])\s+", text)]


def _asks_two(text: str) -> bool:
    """Return whether a wording asks about two things; examples in brackets are no questions."""
    plain = _BRACKETS.sub("", text)
    for slash in _SLASH.finditer(plain):
        one, other = slash[1] or "", slash[2] or ""
        if not one or (one[:4].lower() != other[:4].lower() and {one.lower(), other.lower()} != {"han", "hon"}):
            return True
    single = _ONE_THING.sub("", plain)
    return any(pattern.search(plain) for pattern in _TWO_QUESTIONS) or bool(_TWO_THINGS.search(single))


def _yes_or_no(text: str) -> str:
    """Return the word that makes a wording one to answer with yes or no, "" when it is open.

    "Kan du berätta …" is a request, and open.
    """
    for sentence in _sentences(text):
        found = _VERB_FIRST.search(sentence)
        if found and not _REQUEST.search(sentence):
            return found[0].split()[0]
    return ""


def review(protocol: Protocol) -> Iterator[tuple[Question, str, Slip]]:
    """Yield (question, the wording, the slip) for every slip of a guide.

    Follow-ups may be short, closed and many ("Kan du ge ett exempel?"), so only what leads, belongs to another
    role or is too long is flagged in them.
    """
    for question in protocol.questions():
        for slip in slips_in(
            question.text, open_question=question.kind == "text", foreign_words=protocol.foreign_words
        ):
            yield question, question.text, slip
        for text in question.follow_ups:
            for slip in slips_in(text, open_question=False, foreign_words=protocol.foreign_words):
                yield question, text, slip
