"""Decisions and proposals: Coding, Suggestion, Memo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["open", "accepted", "changed", "rejected"]


@dataclass(frozen=True, slots=True)
class Coding:
    """A person's decision: a span, one code, facet values, who, when, and from which suggestion."""

    id: int
    transcript: int
    respondent: str
    group: str
    start: int
    end: int
    quote: str
    code: str
    facets: Mapping[str, str] = field(default_factory=dict)
    coder: str = ""
    at: str = ""
    suggestion: int | None = None

    @property
    def valence(self) -> str:
        """flaskhals, framgang, onskan, or "" when not set."""
        return self.facets.get("valence", "")

    @property
    def party(self) -> str:
        """The party the statement is about, "" when not set."""
        return self.facets.get("party", "")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A machine's proposal of the same shape as a coding; never counted as one.

    ``score`` is between 0 and 1; ``reason`` says why in plain Swedish; ``confidence`` tells how sure "code" and
    each facet value is by itself (0–1). ``others`` are the codes that are likeliest beside it, with how likely each is,
    the likeliest first. ``source`` is the interview's file name.
    """

    start: int
    end: int
    quote: str
    code: str
    facets: Mapping[str, str]
    score: float
    reason: str
    suggester: str
    version: str
    transcript: int = 0
    respondent: str = ""
    id: int = 0
    status: Status = "open"
    confidence: Mapping[str, float] = field(default_factory=dict)
    others: tuple[tuple[str, float], ...] = ()
    group: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Memo:
    """A remark on a "coding", "code", "respondent", "transcript" or the "study".

    One on a transcript may be about a place in it: ``start`` and ``end`` (code points), which reads ``quote``.
    """

    id: int
    target: str
    target_id: str
    text: str
    author: str
    at: str
    start: int | None = None
    end: int | None = None
    quote: str = ""
