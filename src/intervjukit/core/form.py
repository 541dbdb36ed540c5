"""A guide as a form: what its places are called, and from what was filled in to what was asked and answered.

Writer and reader share the names here. A name is the tag of a field and a bookmark too, since some word processors
drop the tags; the form's own words are sealed, so that words typed among them are seen without knowing the guide.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.sheet import VALUES, fact_name, in_words, value_of
from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Doubt, RawInterview, Utterance
from intervjukit.errors import RuleError

FORM = "formulär"
"""The fact that says which guide a form was made from: its id and version."""
CONSENT = "Samtycke"
HEAD_FACTS = ("kod", "grupp", "datum", "intervjuare", "längd", "omgång")
"""The facts about the interview itself, as they are called everywhere in the kit."""
BOX, TICKED = "\u2610", "\u2612"
_PREFIX = "ikf"
_SIMPLE = re.compile(r"[A-Za-z0-9_]{1,30}")
_NAME = re.compile(rf"{_PREFIX}_([a-z])_(\w+)")

Place = Literal["question", "value", "fact", "attribute", "consent", "note", "end", "guide", "own"]
_LETTERS: Mapping[Place, str] = {
    "question": "q",
    "value": "v",
    "fact": "f",
    "attribute": "a",
    "consent": "c",
    "note": "n",
    "end": "e",
    "guide": "g",
    "own": "s",
}
_PLACES = {letter: place for place, letter in _LETTERS.items()}

ANSWER_HERE = "Klicka här och skriv svaret."
SAID_HERE = "Klicka här och skriv vad personen sade om det."
WRITE_HERE = "Klicka här och skriv."
CHOOSE_HERE = "Välj i listan."
DATE_HERE = "Välj eller skriv en dag."
NOTE_HERE = "Klicka här och skriv dina egna anteckningar."
PROMPTS = (
    *(ANSWER_HERE, SAID_HERE, WRITE_HERE, CHOOSE_HERE, DATE_HERE, NOTE_HERE),
    # what Word itself puts in a field that was emptied
    "Klicka eller tryck här för att ange text.",
    "Klicka eller tryck här för att ange ett datum.",
    "Klicka här för att ange text.",
    "Klicka här för att ange datum.",
    "Välj ett objekt.",
    "Click or tap here to enter text.",
    "Click or tap to enter a date.",
    "Click here to enter text.",
    "Click here to enter a date.",
    "Choose an item.",
)
"""What stands in an empty field and is no answer."""


def key(name: str) -> str:
    """Return a name as it may stand in a bookmark: letters, digits and _, at most 30; others get a check sum."""
    if _SIMPLE.fullmatch(name):
        return name
    return f"{re.sub('[^A-Za-z0-9]', '', name)[:20]}_{zlib.crc32(name.encode()):08x}"


def mark(place: Place, name: str) -> str:
    """Return the tag and bookmark of a place in a form, at most 40 characters: "ikf_q_lage"."""
    return f"{_PREFIX}_{_LETTERS[place]}_{key(name)}"


def place_of(name: str) -> tuple[Place, str] | None:
    """Return the place and the key a tag or bookmark stands for, None when it is none of a form's."""
    found = _NAME.fullmatch(name)
    return (_PLACES[found[1]], found[2]) if found and found[1] in _PLACES else None


def control_id(tag: str) -> int:
    """Return the number of a field, from its tag: the same in every form of a guide."""
    return zlib.crc32(tag.encode()) & 0x7FFFFFFF


def seal(text: str) -> str:
    """Return the check sum of words that are the form's own."""
    return f"{zlib.crc32(squeeze(text).encode()):08x}"


def version(protocol: Protocol) -> str:
    """Return a sum of all that a guide asks: another when a question is added, taken away or worded differently."""
    asked = [(q.id, q.kind, q.text, q.unit, q.choices, q.scale, q.waves, q.condition) for q in protocol.questions()]
    return hashlib.sha256(repr((asked, protocol.consent)).encode()).hexdigest()[:8]


# --- from a filled-in form to an interview -----------------------------------------------------------


def filled(raw: RawInterview, protocol: Protocol) -> RawInterview:
    """Return a form's interview by its guide: questions by id, values as facts and in words.

    What the guide does not know (another guide, an older version) is told by doubts, its text kept. An interview
    that is no form, or is filled in by its guide already, is returned as it is.
    """
    if FORM not in raw.facts:
        return raw
    reading = _Reading(protocol, dict(raw.facts))
    moved = {}
    for seq, utterance in enumerate(raw.utterances, 1):
        reading.take(utterance)
        moved[seq] = len(reading.spoken)
    reading.finish()
    doubts = [replace(doubt, turn=moved.get(doubt.turn or 0) or None) for doubt in raw.doubts]
    told = [*_guide_doubts(raw.facts, protocol), *doubts, *reading.doubts]
    return replace(raw, facts=reading.facts, utterances=tuple(reading.spoken), doubts=tuple(told))


@dataclass
class _Reading:
    """A form being understood by its guide."""

    protocol: Protocol
    facts: dict[str, str]
    spoken: list[Utterance] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = {key(question.id): question for question in self.protocol.questions()}
        self.by_words = {squeeze(question.text).casefold(): question for question in self.protocol.questions()}

    def take(self, utterance: Utterance) -> None:
        """Take in one utterance."""
        asked = utterance.question or ""
        if utterance.role == "interviewer" and asked not in self.known:
            same = self.by_words.get(squeeze(utterance.text).casefold())
            if same:  # the guide calls it something else now
                self.known[asked] = same
        question = self.known.get(asked)
        if question is None:
            if utterance.role == "interviewer":
                self._doubt(*_unknown(utterance))
            self.spoken += [replace(utterance, question="")] if utterance.text else []
        elif utterance.role == "interviewer":
            self._ask(utterance, question)
        else:
            self._answer(utterance, question)

    def finish(self) -> None:
        """Give the values of questions the guide does not have a name of their own; it is no form any longer."""
        del self.facts[FORM]
        for name in [name for name in self.facts if (place_of(name) or ("",))[0] == "value"]:
            value = self.facts.pop(name)
            self.facts.setdefault((place_of(name) or ("", name))[1].replace("_", " ").capitalize(), squeeze(value))

    def _doubt(self, kind: str, message: str, fix: str) -> None:
        self.doubts.append(Doubt(kind, message, fix, len(self.spoken) + 1))

    def _ask(self, utterance: Utterance, question: Question) -> None:
        """Take in a question; what was typed after its words is an answer."""
        text, said = squeeze(utterance.text), squeeze(question.text)
        rest = text.removeprefix(said).strip() if text.startswith(said) else ""
        if text and not text.startswith(said):
            self._doubt(
                "fråga",
                f"Frågan ”{_short(said)}” lyder annorlunda i formuläret: ”{_short(text)}”",
                "Stämmer svaret med frågan i guiden godtar du det; annars väljer du en annan fråga.",
            )
            said = utterance.text
        self.spoken.append(replace(utterance, text=said, question=question.id))
        if rest:
            answer = Utterance(self._label(), rest, "respondent", question=question.id)
            self._doubt("utanför fälten", f"Efter frågans ord står: ”{_short(rest)}”", "Det räknas som svar.")
            self.spoken.append(answer)

    def _label(self) -> str:
        return next((one.label for one in self.spoken if one.role == "respondent"), "R")

    def _answer(self, utterance: Utterance, question: Question) -> None:
        """Take in an answer; a value becomes a fact as well."""
        text, name = utterance.text, mark("value", utterance.question or "")
        if question.kind in VALUES and self.facts.get(name) == text:
            del self.facts[name]
            value = self._value(text, question)
            text = in_words(question, value) if value else text
            self.facts.setdefault(fact_name(question), value if value and question.kind == "date" else squeeze(text))
        last = self.spoken[-1] if self.spoken else None
        if last and last.role == "respondent" and last.question == question.id:
            self.spoken[-1] = replace(last, text=f"{last.text}\n{text}", remarks=last.remarks + utterance.remarks)
        else:
            self.spoken.append(replace(utterance, text=text, question=question.id))

    def _value(self, text: str, question: Question) -> str:
        """Return a value as the guide's question has it, "" when it is none: then it is told."""
        try:
            return value_of(question, _bare(text, question))
        except RuleError as error:
            if question.kind != "number":  # "Sju år" says what it says
                message = f"Svaret på ”{_short(question.text)}” passar inte frågan. {error.problem}"
                self._doubt("värde", message, "Rätta svaret i formuläret, eller godta det som det står.")
            return ""


def _bare(text: str, question: Question) -> str:
    """Return a value without its unit; a choice as the guide writes it."""
    text = squeeze(text)
    if question.kind == "choice":
        return next((choice for choice in question.choices if choice.casefold() == text.casefold()), text)
    for unit in (question.unit, "procent", "%"):
        if unit and text.casefold().endswith(unit.casefold()):
            return text[: -len(unit)].strip()
    return text


def _unknown(utterance: Utterance) -> tuple[str, str, str]:
    return (
        "fråga",
        f"Guiden har ingen fråga ”{_short(utterance.text) or utterance.question}”; svaret står utan fråga.",
        "Säg vilken av guidens frågor det var, eller godta att det inte är någon av dem.",
    )


def _guide_doubts(facts: Mapping[str, str], protocol: Protocol) -> Iterator[Doubt]:
    """Yield a doubt when the form was not made from this guide as it is now, or does not say which wave it is."""
    stated = facts[FORM]
    guide, _, made = stated.rpartition(" ")
    again = "Läs igenom frågorna, och gör nya formulär ur studien inför nästa intervju (intervjukit form)."
    if not stated:
        yield Doubt("formulär", "Det går inte att se vilken guide formuläret är gjort efter.", again)
    elif guide != protocol.id:
        what = f"Formuläret är gjort efter guiden ”{guide}”, inte efter ”{protocol.id}” som studien har."
        yield Doubt("formulär", what, again)
    elif made != version(protocol):
        yield Doubt("formulär", f"Guiden ”{guide}” har ändrats sedan formuläret gjordes.", again)
    if protocol.waves and not facts.get("omgång"):
        yield Doubt("omgång", "Omgången är inte vald i formuläret; 1 antas.", "Välj omgång och läs in det på nytt.")


def _short(text: str) -> str:
    said = squeeze(text)
    return said if len(said) <= 80 else said[:77] + "…"
