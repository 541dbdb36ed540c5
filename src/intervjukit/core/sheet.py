"""A guide filled in during an interview: which questions are asked, what the answers say, the transcript they make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import SEPARATOR, Role, Transcript, Turn
from intervjukit.errors import NotFoundError, RuleError

NOTE = "anteckning"
"""The field for what the interviewer notes for herself."""
FACT, FOLLOW_UP, SAID = "fakta:", "följd:", "sagt:"
"""What begins the names of the other fields: a background fact, the answer to a follow-up, what was said to a value."""
CONSENT = "samtycke"
INTERVIEWER = "I"
LONGEST_ANSWER = 100_000
LONGEST_FACT = 200
MOST_POINTS = 60
HIGHEST = 10
VALUES = ("number", "percent", "choice", "scale", "date")
"""The kinds of question whose answer is a value and a background fact, and not words."""
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,4})?")
_BREAKS = re.compile(r"\n\s*\n")
_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a drawn curve: ``x`` from 0 (the beginning) to 100 (the end), ``y`` from 0 to 10, and a remark."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True)
class Sheet:
    """A guide being filled in: whose interview it is, and what has been written in each field.

    ``seconds`` is how long the interview has gone on, ``transcript`` the id of the interview it has become,
    0 as long as it is a draft. A field is a question's id, or one of the names above.
    """

    id: int
    group: str
    respondent: str
    wave: int = 1
    date: str = ""
    interviewer: str = ""
    seconds: int = 0
    transcript: int = 0
    at: str = ""
    who: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def asked(protocol: Protocol, wave: int, answers: Mapping[str, str]) -> Iterator[Question]:
    """Yield the questions of a wave whose conditions hold, by the answers so far."""
    shown: set[str] = set()
    here = {question.id for question in protocol.questions() if in_wave(question, wave)}
    for question in protocol.questions():
        condition = question.condition
        if question.id in here and (
            condition is None
            or condition.question not in here
            or (condition.question in shown and answers.get(condition.question) == condition.answer)
        ):
            shown.add(question.id)
            yield question


def in_wave(question: Question, wave: int) -> bool:
    """Return whether a question belongs to a wave."""
    return not question.waves or wave in question.waves


def check_wave(protocol: Protocol, wave: int) -> None:
    """Raise RuleError when a guide has no such wave."""
    if wave < 1 or (protocol.waves and wave not in [each.number for each in protocol.waves]):
        known = ", ".join(str(each.number) for each in protocol.waves) or "1, 2, 3 …"
        raise RuleError(f"Guiden har ingen omgång {wave}.", fix=f"Välj någon av: {known}.")


# --- what may be written in a field -----------------------------------------------------------------


def written(protocol: Protocol, wave: int, name: str, value: str) -> str:
    """Return what is saved for a field. Raises RuleError for what the question cannot have, NotFoundError."""
    text = normalise(value).strip()
    if len(text) > LONGEST_ANSWER:
        raise RuleError("Svaret är för långt.", fix=f"Högst {LONGEST_ANSWER} tecken får plats i ett fält.")
    if name in (NOTE, CONSENT):
        return text
    if name.startswith(FACT):
        if not 0 < len(squeeze(name.removeprefix(FACT))) <= 60 or len(text) > LONGEST_FACT:
            raise RuleError(
                "Bakgrundsfaktan är för lång eller saknar namn.", fix="Skriv kort, till exempel Yrke: kock."
            )
        return squeeze(text)
    question = _question_of(protocol, wave, name)
    if question.id != name:
        return text
    return value_of(question, text) if text else ""


def _question_of(protocol: Protocol, wave: int, name: str) -> Question:
    """Return the question a field belongs to. Raises NotFoundError."""
    kind = next((start for start in (FOLLOW_UP, SAID) if name.startswith(start)), "")
    own, _, number = name.removeprefix(kind).partition("#")
    question = protocol.question(own)
    follow_up = kind == FOLLOW_UP and number.isdecimal() and int(number) < len(question.follow_ups)
    known = follow_up if kind == FOLLOW_UP else not number
    if known and in_wave(question, wave) and (kind != SAID or question.kind != "text"):
        return question
    raise NotFoundError(f"Guiden har inget fält ”{name}” i omgång {wave}.", fix="Läs in sidan på nytt.")


def value_of(question: Question, text: str) -> str:
    """Return a question's value as it is saved: "7,5", a choice, an ISO date. Raises RuleError for what is none."""
    if question.kind in ("number", "percent", "scale"):
        return _number(question, squeeze(text))
    if question.kind == "choice" and text not in question.choices:
        raise RuleError(f"”{text}” är inget av svaren.", fix=f"Välj något av: {', '.join(question.choices)}.")
    if question.kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise RuleError(f"”{text}” är inget datum.", fix="Skriv det som ÅÅÅÅ-MM-DD.") from error
    if question.kind == "drawing":
        return _drawn(points(text))
    return text


def _number(question: Question, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise RuleError(f"”{text}” är inget tal.", fix="Skriv ett tal med siffror.")
    value = float(text.replace(",", "."))
    low, high = 0.0, 100.0
    if question.scale:
        low, high = question.scale.low, question.scale.high
    if question.kind == "scale" and value != int(value):
        raise RuleError(f"”{text}” är inget steg på skalan.", fix="Välj ett helt tal.")
    if question.kind != "number" and not low <= value <= high:
        raise RuleError(f"{text} ligger utanför {low:g}–{high:g}.", fix="Välj ett tal däremellan.")
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def points(written: str) -> list[Point]:
    """Return the points of a curve as it is stored, a line each: "x y remark". Raises RuleError."""
    found = []
    for line in written.split("\n"):
        if not line.strip():
            continue
        try:
            x, y, *rest = line.split(maxsplit=2)
            point = Point(round(float(x), 1), round(float(y), 1), squeeze(rest[0])[:80] if rest else "")
        except ValueError as error:
            raise RuleError("Kurvan går inte att tolka.", fix="Rita den på nytt.") from error
        if not (0 <= point.x <= 100 and 0 <= point.y <= HIGHEST):
            raise RuleError("En punkt ligger utanför bilden.", fix=f"Höjden ska vara mellan 0 och {HIGHEST}.")
        found.append(point)
    if len(found) > MOST_POINTS:
        raise RuleError(f"Kurvan har {len(found)} punkter.", fix=f"Högst {MOST_POINTS} får plats.")
    return sorted(found, key=lambda point: point.x)


def _drawn(curve: Sequence[Point]) -> str:
    return "\n".join(f"{point.x:g} {point.y:g} {point.text}".rstrip() for point in curve)


# --- from sheet to transcript -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    role: Role
    text: str
    question: str | None


def transcript_of(sheet: Sheet, protocol: Protocol) -> Transcript:
    """Return the interview a sheet makes: each question asked, and its answer tied to it.

    Values are background facts too. Raises RuleError when nothing has been answered.
    """
    parts = [part for question in asked(protocol, sheet.wave, sheet.answers) for part in _parts(sheet, question)]
    if not any(part.role == "respondent" for part in parts):
        raise RuleError("Inget är besvarat än.", fix="Skriv minst ett svar, eller ta bort utkastet.")
    if note := _said(sheet.answers.get(NOTE, "")):
        parts.append(_Part("note", note, None))
    turns, place = [], 0
    labels = {"interviewer": INTERVIEWER, "respondent": sheet.respondent, "note": ""}
    for seq, part in enumerate(parts, 1):
        turns.append(Turn(seq, part.role, labels[part.role], place, place + len(part.text), part.question))
        place += len(part.text) + len(SEPARATOR)
    return Transcript(
        respondent=sheet.respondent,
        group=sheet.group,
        text=SEPARATOR.join(part.text for part in parts),
        turns=tuple(turns),
        wave=sheet.wave,
        date=sheet.date,
        minutes=round(sheet.seconds / 60) or None,
        interviewer=sheet.interviewer,
        source=f"Ifylld guide {sheet.respondent}" + (f", omgång {sheet.wave}" if sheet.wave > 1 else ""),
        facts=_facts(sheet, protocol),
    )


def _facts(sheet: Sheet, protocol: Protocol) -> dict[str, str]:
    """Return the background facts: those written as such, and the values answered."""
    facts = {
        squeeze(name.removeprefix(FACT)): value
        for name, value in sheet.answers.items()
        if name.startswith(FACT) and value
    }
    for question in asked(protocol, sheet.wave, sheet.answers):
        value = sheet.answers.get(question.id, "")
        if question.kind in VALUES and value:
            facts.setdefault(fact_name(question), value if question.kind == "date" else in_words(question, value))
    return facts


def fact_name(question: Question) -> str:
    """Return what a value's background fact is called: the question's id as words ("Sjukskriven lange")."""
    return question.id.replace("_", " ").capitalize()


def _parts(sheet: Sheet, question: Question) -> Iterator[_Part]:
    """Yield a question with its answer, and the follow-ups that were answered; nothing for one without answer."""
    answers = sheet.answers
    value, said = answers.get(question.id, ""), _said(answers.get(SAID + question.id, ""))
    told = in_words(question, value) if value else ""
    whole = "\n".join(part for part in (told, said) if part)
    more = [
        (text, _said(answers.get(f"{FOLLOW_UP}{question.id}#{n}", ""))) for n, text in enumerate(question.follow_ups)
    ]
    if whole or any(answer for _, answer in more):
        yield _Part("interviewer", squeeze(question.text), question.id)
    if whole:
        yield _Part("respondent", whole, question.id)
    for text, answer in more:
        if answer:
            yield _Part("interviewer", squeeze(text), question.id)
            yield _Part("respondent", answer, question.id)


def _said(text: str) -> str:
    """Return what was said without empty lines: those stand between speakers."""
    return _BREAKS.sub("\n", text.strip())


def in_words(question: Question, value: str) -> str:
    """Return how an answer reads in the transcript: "12 år", "7 på en skala från 1 (nära) till 10 (långt bort)"."""
    if question.kind == "number":
        return f"{value} {question.unit}".strip()
    if question.kind == "percent":
        return f"{value} procent"
    if question.kind == "scale" and question.scale:
        low, high = question.scale.low, question.scale.high
        ends = [(low, question.scale.low_label), (high, question.scale.high_label)]
        lowest, highest = (f"{end} ({label.lower()})" if label else str(end) for end, label in ends)
        return f"{value} på en skala från {lowest} till {highest}"
    if question.kind == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if question.kind == "drawing":
        return curve_in_words(points(value))
    return _said(value)


def curve_in_words(curve: Sequence[Point]) -> str:
    """Return a drawn curve as a sentence with every point: how high (0–10), and how far along in percent."""
    told = "; ".join(_point_in_words(point) for point in curve)
    highest, lowest = max(curve, key=lambda point: point.y), min(curve, key=lambda point: point.y)
    turn = (
        ""
        if highest.y == lowest.y
        else f" Högst {_decimal(highest.y)} {_when(highest)}, lägst {_decimal(lowest.y)} {_when(lowest)}."
    )
    return f"Ritad kurva, från vänster till höger, höjd 0–{HIGHEST}: {told}.{turn}"


def _point_in_words(point: Point) -> str:
    remark = f" ({point.text})" if point.text else ""
    return f"{_when(point)} {_decimal(point.y)}{remark}"


def _when(point: Point) -> str:
    if point.x <= 1:
        return "i början"
    return "i slutet" if point.x >= 99 else f"efter {point.x:.0f} %"


def _decimal(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def next_respondent(protocol: Protocol, known: Sequence[str]) -> str:
    """Return the first free respondent code of a group ("S10")."""
    own = re.compile(rf"{re.escape(protocol.letter)}0*(\d+)")
    taken = [int(found[1]) for code in known if (found := own.fullmatch(code))]
    return f"{protocol.letter}{max(taken, default=0) + 1:02}"


def respondent_code(protocol: Protocol, given: str) -> str:
    """Return a respondent's code as it is written in this group. Raises RuleError."""
    code = squeeze(normalise(given)).upper()
    if re.fullmatch(rf"{re.escape(protocol.letter)}\d{{1,6}}", code):
        return code
    raise RuleError(
        f"”{given}” kan inte vara koden för någon i gruppen {protocol.group_name}.",
        fix=f"Skriv {protocol.letter} och ett nummer, till exempel {protocol.letter}01.",
    )
