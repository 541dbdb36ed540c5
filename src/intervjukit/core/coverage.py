"""Which of a guide's questions an interview covers: answered, asked only, put together with another, or passed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.transcript import Transcript

Status = Literal["answered", "merged", "asked", "skipped", "inapplicable"]
AlsoAsked = Callable[[str, str, str, set[str]], str]
"""Tells, from a group, the interviewer's words and their question, which of other questions they ask too ("": none)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A guide question in one interview, and the number of words in the answer.

    ``status``: answered; merged (put in the same breath as another question, whose answer holds both); asked, with
    no answer; skipped; inapplicable (for other waves, or asked only after a certain answer and not found).
    """

    respondent: str
    group: str
    section: str
    question: str
    words: int
    status: Status
    wave: int


def nothing_else(group: str, said: str, question: str, among: set[str]) -> str:
    """Return "": nobody looks for questions put in the same breath."""
    return ""


def coverage(transcript: Transcript, protocol: Protocol, also: AlsoAsked = nothing_else) -> Iterator[Covered]:
    """Yield one Covered for each question of the guide, in its order."""
    words: defaultdict[str, int] = defaultdict(int)
    asked: dict[str, str] = {}
    for turn in transcript.turns:
        if turn.question and turn.role == "respondent":
            words[turn.question] += len(transcript.turn_text(turn).split())
        elif turn.question and turn.role == "interviewer":
            asked.setdefault(turn.question, transcript.turn_text(turn))
    left = {question.id for question in protocol.questions()} - asked.keys() - words.keys()
    merged: set[str] = set()
    for question_id, said in asked.items():
        if other := also(protocol.group, said, question_id, left - merged):
            merged.add(other)
    for section in protocol.sections:
        for question in section.questions:
            number = words[question.id]
            status = _status(question, number, question.id in asked, question.id in merged, transcript.wave)
            yield Covered(
                transcript.respondent, protocol.group, section.id, question.id, number, status, transcript.wave
            )


def _status(question: Question, words: int, asked: bool, merged: bool, wave: int) -> Status:
    if words:
        return "answered"
    if asked:
        return "asked"
    if merged:
        return "merged"
    other_wave = bool(question.waves) and wave not in question.waves
    return "inapplicable" if other_wave or question.condition else "skipped"
