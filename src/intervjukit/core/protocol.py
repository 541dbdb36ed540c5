"""Interview guides: Protocol > Section > Question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from intervjukit.errors import NotFoundError

Kind = Literal["text", "number", "percent", "choice", "scale", "date", "drawing"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from ``low`` to ``high`` with the words at its ends."""

    low: int
    high: int
    low_label: str = ""
    high_label: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only if the choice question ``question`` was answered ``answer``."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Wave:
    """One round of interviews in a follow-up study, numbered from 1."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question: one thing, asked of one group, with the follow-ups that belong to it.

    ``about`` is the party the question asks about, when it asks about one; ``asks_for`` the valence it asks
    for (what drags on asks for bottlenecks); ``variants`` are other ways to ask it, for the interviewer to
    borrow from and for recognising it in a transcript.
    """

    id: str
    kind: Kind
    text: str
    aim: str = ""
    about: str | None = None
    asks_for: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    scale: Scale | None = None
    follow_ups: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()
    condition: Condition | None = None
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a guide with its questions in order."""

    id: str
    title: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Protocol:
    """The interview guide of one respondent group.

    ``party`` is the group's own party, ``letter`` begins its respondent codes (S01), ``words`` holds the
    group's word for the person the study is about ("person": "medarbetare") and ``foreign_words`` those of
    the other groups.
    """

    id: str
    title: str
    group: str
    group_name: str
    letter: str
    party: str
    about: str = ""
    introduction: str = ""
    consent: tuple[str, ...] = ()
    closing: str = ""
    sections: tuple[Section, ...] = ()
    waves: tuple[Wave, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    foreign_words: tuple[str, ...] = ()

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order of the guide."""
        for section in self.sections:
            yield from section.questions

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions()}

    def question(self, question_id: str) -> Question:
        """Return the question with that id; NotFoundError if the guide has none."""
        if question_id in self._by_id:
            return self._by_id[question_id]
        raise NotFoundError(
            f"Guiden {self.title} har ingen fråga ”{question_id}”.",
            fix="Se guiden för frågornas id.",
        )
