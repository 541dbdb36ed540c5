"""Transcripts: one interview's text, its turns, and the doubts its reading left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from intervjukit.core.text import Span

Role = Literal["interviewer", "respondent", "note"]
SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch said by one speaker. ``seq`` counts from 1; ``question`` is the guide question it belongs to."""

    seq: int
    role: Role
    label: str
    start: int
    end: int
    question: str | None = None

    @property
    def span(self) -> Span:
        """The turn's place in the transcript's text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the reader was not sure of, for a person to settle: what, why it matters, what to do."""

    kind: str
    message: str
    fix: str
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch as it stands in a file, before it is known who speaks."""

    label: str
    text: str
    role: Role | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class RawInterview:
    """What a file reader gives: the facts at the top, the utterances in order, and the doubts so far."""

    facts: Mapping[str, str]
    utterances: tuple[Utterance, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """One interview's text with its turns; immutable once codings exist.

    ``minutes`` is the length in minutes, ``date`` an ISO date, "" when unknown; ``facts`` the background
    facts about the respondent as read.
    """

    respondent: str
    group: str
    text: str
    turns: tuple[Turn, ...]
    wave: int = 1
    date: str = ""
    minutes: int | None = None
    interviewer: str = ""
    source: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    id: int = 0

    def turn_text(self, turn: Turn) -> str:
        """Return the words of a turn."""
        return self.text[turn.start : turn.end]

    def answers(self) -> Iterator[Turn]:
        """Yield the respondent's turns in order."""
        return (turn for turn in self.turns if turn.role == "respondent")

    def turn_at(self, offset: int) -> Turn | None:
        """Return the turn that holds the character at ``offset``, None between turns."""
        return next((turn for turn in self.turns if turn.start <= offset < turn.end), None)

    @property
    def words(self) -> int:
        """Number of words in everything said."""
        return len(self.text.split())
