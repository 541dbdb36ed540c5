"""How questions are put: what has been heard, and what likeness to a guide's questions is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

NO_QUESTION = ""
"""Stands among the questions for what asks none of them: follow-ups and talk."""


class Heard(NamedTuple):
    """How a question has been put to somebody of a group, and the answer; ``question`` may be NO_QUESTION."""

    group: str
    question: str
    asked: str
    answer: str


class Wordings(Protocol):
    """Knows the ways in which the questions of guides are put and answered; ``nlp.wordings`` learns them."""

    def well_known(self, group: str) -> bool:
        """Return whether most questions of the group's guide have been heard; else only its own words tell."""
        ...

    def asked(self, group: str, said: str) -> Mapping[str, float]:
        """Return how like words of the interviewer's are to each question of the group's guide, 0–1.

        NO_QUESTION is among the questions where the guide is well known.
        """
        ...

    def answered(self, group: str, said: str) -> Mapping[str, float]:
        """Return how like an answer is to the answers to each question of the group's guide, 0–1."""
        ...
