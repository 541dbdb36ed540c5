"""How a study was done, counted from what it holds: sample and plan, lengths, coders, decisions on suggestions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.coverage import AlsoAsked, Covered, coverage, nothing_else
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Transcript

if TYPE_CHECKING:
    from intervjukit.core.comparison import Comparison

ANSWERED = ("answered", "merged")
"""What a guide question with an answer is marked as: one of its own, or one that answers another too."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How many are to be interviewed in a group (None: not said), and how many have been."""

    group: str
    planned: int | None
    interviewed: int

    @property
    def difference(self) -> int | None:
        """Interviewed beyond the plan; less than 0 when some are missing, None without a plan."""
        return None if self.planned is None else self.interviewed - self.planned


def sample(groups: Iterable[str], plan: Mapping[str, int], totals: Mapping[str, int]) -> list[Sample]:
    """Return one Sample per group, in their order."""
    return [Sample(group, plan.get(group), totals.get(group, 0)) for group in groups]


def whole_plan(rows: Iterable[Sample]) -> int | None:
    """Return how many are planned in all; None without a plan, or when a group was interviewed that has none."""
    known = list(rows)
    if any(row.planned is None and row.interviewed for row in known):
        return None
    return sum(row.planned or 0 for row in known) or None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the code book: when (ISO time in UTC), who and what."""

    at: str
    who: str
    summary: str


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the work besides interviews and codings.

    ``plan`` is the planned number per group, ``changes`` the code book's history, ``comparisons`` one per pair of
    coders who share interviews, ``notes`` the number of memos, ``doubts`` those the reading of interviews left
    unsettled, and ``program`` the program with its version. ``also`` gives what finds two questions in one breath;
    it is asked for only when coverage is, since it takes a while to make.
    """

    plan: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    notes: int = 0
    doubts: int = 0
    program: str = "Intervjukit"
    also: Callable[[], AlsoAsked] = lambda: nothing_else


@dataclass(frozen=True, slots=True)
class Coder:
    """What one coder has done: interviews with at least one coding, and codings."""

    name: str
    interviews: int
    codings: int


@dataclass(frozen=True)
class Account:
    """How a study was done: everything the method appendix and the check list tell."""

    transcripts: tuple[Transcript, ...]
    codings: tuple[Coding, ...]
    suggestions: tuple[Suggestion, ...]
    protocols: Mapping[str, Protocol]
    codebook: Codebook
    totals: Mapping[str, int]
    background: Background = field(default_factory=Background)

    @property
    def people(self) -> int:
        """Interviewed respondents in all."""
        return sum(self.totals.values())

    @cached_property
    def sample(self) -> list[Sample]:
        """One per group that was planned or interviewed, in the order of the guides."""
        rows = sample(self.protocols, self.background.plan, self.totals)
        return [row for row in rows if row.interviewed or row.planned is not None]

    @cached_property
    def minutes(self) -> list[int]:
        """The known lengths in minutes, shortest first."""
        return sorted(transcript.minutes for transcript in self.transcripts if transcript.minutes)

    @cached_property
    def interviewers(self) -> Counter[str]:
        """How many interviews each interviewer has held; "" where it is not said."""
        return Counter(transcript.interviewer.strip() for transcript in self.transcripts)

    @cached_property
    def again(self) -> int:
        """How many respondents were interviewed more than once."""
        times = Counter(transcript.respondent for transcript in self.transcripts)
        return sum(n > 1 for n in times.values())

    @cached_property
    def facts(self) -> list[str]:
        """The background facts that at least half of the respondents have, in the order they are met."""
        have: dict[str, set[str]] = defaultdict(set)
        for transcript in self.transcripts:
            for name in transcript.facts:
                have[name].add(transcript.respondent)
        return [name for name, who in have.items() if 2 * len(who) >= self.people]

    @cached_property
    def coverage(self) -> list[Covered]:
        """One row per interview and guide question, as core.coverage tells it."""
        also = self.background.also()
        return [row for each in self.transcripts for row in coverage(each, self.protocols[each.group], also)]

    @property
    def answered(self) -> tuple[int, int]:
        """How many guide questions have an answer, over all interviews, and how many there were to answer."""
        asked = [row for row in self.coverage if row.status != "inapplicable"]
        return sum(row.status in ANSWERED for row in asked), len(asked)

    @cached_property
    def uncoded(self) -> list[Transcript]:
        """The interviews without a coding."""
        coded = {coding.transcript for coding in self.codings}
        return [transcript for transcript in self.transcripts if transcript.id not in coded]

    @cached_property
    def coders(self) -> list[Coder]:
        """The coders, most codings first."""
        made: dict[str, list[Coding]] = defaultdict(list)
        for coding in self.codings:
            made[coding.coder].append(coding)
        rows = [Coder(name, len({coding.transcript for coding in its}), len(its)) for name, its in made.items()]
        return sorted(rows, key=lambda coder: (-coder.codings, coder.name))

    @cached_property
    def decided(self) -> Counter[str]:
        """How many suggestions are open, accepted, changed and rejected."""
        return Counter(suggestion.status for suggestion in self.suggestions)

    @property
    def settled(self) -> int:
        """How many suggestions somebody has decided on."""
        return len(self.suggestions) - self.decided["open"]

    @cached_property
    def by_hand(self) -> int:
        """How many codings come from no suggestion."""
        return sum(coding.suggestion is None for coding in self.codings)

    def latest_new_theme(self) -> tuple[int, int] | None:
        """Return the last interview by date, counted from 1, that brought a theme not coded before, and of how many.

        None when fewer than two dated interviews are coded. It is a sign of saturation, no proof.
        """
        themes: dict[int, set[str]] = defaultdict(set)
        for coding in self.codings:
            themes[coding.transcript].add(coding.code)
        dated = sorted((t for t in self.transcripts if t.date and t.id in themes), key=lambda t: (t.date, t.id))
        seen: set[str] = set()
        latest = 0
        for place, transcript in enumerate(dated, 1):
            latest = place if themes[transcript.id] - seen else latest
            seen |= themes[transcript.id]
        return (latest, len(dated)) if len(dated) > 1 else None
