"""Transcripts: one interview's text, its turns, and the doubts its reading left."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from intervjukit.core.text import Span

Role = Literal["interviewer", "respondent", "note"]
SEPARATOR = "\n\n"
_ASKING = re.compile(r"\?|\b(?:berätta|beskriv)\b", re.I)
CODE = re.compile(r"\b([A-ZÅÄÖ]{1,3}\d{1,3})\b")
"""What a respondent's code looks like in any study."""
_CODE = re.compile(r"([^\W\d_]+)0*(\d+)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch said by one speaker. ``seq`` counts from 1; ``question`` is the guide question it belongs to.

    ``begins`` and ``ends`` are seconds into the recording, None where the file does not say.
    """

    seq: int
    role: Role
    label: str
    start: int
    end: int
    question: str | None = None
    begins: float | None = None
    ends: float | None = None

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
class Remark:
    """A comment in the margin of a file: whose, what it says, and the words it stands at."""

    author: str
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch as it stands in a file, before it is known who speaks. Times are seconds into the recording.

    ``question`` is the id of the guide question it belongs to, where the file itself says so; "" for none of them.
    """

    label: str
    text: str
    role: Role | None = None
    begins: float | None = None
    ends: float | None = None
    remarks: tuple[Remark, ...] = ()
    question: str | None = None


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


def clock(seconds: float) -> str:
    """Return a time in a recording as people read it: "3:07", "1:02:45"."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def asking(said: str) -> bool:
    """Return whether words ask something: a question mark, "berätta" or "beskriv"."""
    return bool(_ASKING.search(said))


def asks(transcript: Transcript, turn: Turn) -> bool:
    """Return whether a turn is the interviewer's and asks something."""
    return turn.role == "interviewer" and asking(transcript.turn_text(turn))


def nearest_respondent(written: str, known: Iterable[str]) -> str | None:
    """Return the code among ``known`` that ``written`` most likely means ("m01", "S3" for S03), None if none."""
    codes = {_plain_code(code): code for code in known}
    near = difflib.get_close_matches(_plain_code(written), codes, n=1, cutoff=0.5)
    return codes[near[0]] if near else None


def _plain_code(code: str) -> str:
    """Return a respondent's code in capitals and without leading zeros."""
    code = code.strip().upper()
    found = _CODE.fullmatch(code)
    return found[1] + found[2] if found else code
