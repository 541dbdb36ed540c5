"""The bank of utterances: invented answers, coded, from which the first suggestions are learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intervjukit.core.text import Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of an answer that says something to code: its place, its codes, and its facet values."""

    span: Span
    codes: tuple[str, ...]
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """An invented answer: the group that speaks, the question's id ("" for none), how it was asked, what was said.

    What stands outside the ``statements`` is talk that a coder leaves uncoded.
    """

    group: str
    question: str
    asked: str
    text: str
    statements: tuple[Statement, ...] = ()
