"""The blind sample: places coded without suggestions, to know honestly how much the suggestions find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from random import Random
from typing import Literal

from intervjukit.core.agreement import FEWEST, WANTED_RECALL, interval, share
from intervjukit.core.numbers import percent
from intervjukit.core.text import Span

BlindStatus = Literal["open", "coded", "nothing"]
PER_GROUP = 30


@dataclass(frozen=True, slots=True)
class BlindPlace:
    """A place that ``coder`` decides on without suggestions: "open", then "coded" or "nothing" (here to code)."""

    transcript: int
    start: int
    end: int
    quote: str
    coder: str = ""
    status: BlindStatus = "open"
    id: int = 0
    respondent: str = ""
    group: str = ""

    @property
    def span(self) -> Span:
        """Its place in the interview's text."""
        return Span(self.start, self.end)


def draw(candidates: Mapping[str, Sequence[BlindPlace]], per_group: int, seed: int) -> list[BlindPlace]:
    """Return ``per_group`` places of every group, or all it has, each as likely as any other; in reading order.

    The same candidates and seed give the same sample, and a group's sample does not depend on the others.
    """
    drawn: list[BlindPlace] = []
    for group, places in candidates.items():
        chosen = Random(f"{seed} {group}").sample(range(len(places)), min(per_group, len(places)))
        drawn += (places[place] for place in sorted(chosen))
    return drawn


def fewest_coded(recall: float = WANTED_RECALL) -> int:
    """Return how many coded places it takes to promise ``recall`` at all: 19 for 95 %."""
    needed = 1
    while not _allowed(needed, recall):
        needed += 1
    return needed


def _allowed(coded: int, recall: float) -> int:
    """Return which of the lowest scores is the limit, counted from 1; 0 when there are too few."""
    return floor((coded + 1) * (1 - recall) + 1e-9)


def threshold(scores: Sequence[float], coded: Sequence[bool], recall: float = WANTED_RECALL) -> float:
    """Return the score from which to show places, so that a new coded one is shown with chance ``recall`` or more.

    Split conformal prediction (Vovk; Angelopoulos & Bates 2023) with the correction for a finite sample: of n coded
    places the k-th lowest score, k = ⌊(n + 1)(1 - recall)⌋. The promise is about places drawn as these were. 0
    (show everything) when the sample is too small to promise it; see ``fewest_coded``.
    """
    found = sorted(score for score, yes in zip(scores, coded, strict=True) if yes)
    limit = _allowed(len(found), recall)
    return found[limit - 1] if limit else 0.0


def group_threshold(
    scores: Sequence[float], coded: Sequence[bool], groups: Sequence[str], recall: float = WANTED_RECALL
) -> float:
    """Return the lowest of the threshold of all groups together and of each that has enough coded places itself."""
    limits = [threshold(scores, coded, recall)]
    for group in sorted(set(groups)):
        own = [place for place, its in enumerate(groups) if its == group]
        if sum(coded[place] for place in own) >= fewest_coded(recall):
            limits.append(threshold([scores[place] for place in own], [coded[place] for place in own], recall))
    return min(limits)


@dataclass(frozen=True, slots=True)
class Anchoring:
    """How often the coder gave the proposed code: where the suggestion was seen, and where it was not."""

    seen_same: int
    seen: int
    blind_same: int
    blind: int

    @property
    def enough(self) -> bool:
        """Whether there is enough to compare."""
        return min(self.seen, self.blind) >= FEWEST

    @property
    def difference(self) -> float | None:
        """Share the same where suggestions were seen, less the share where they were not."""
        seen, blind = share(self.seen_same, self.seen), share(self.blind_same, self.blind)
        return None if seen is None or blind is None else seen - blind

    @property
    def likely_range(self) -> tuple[float, float] | None:
        """The 95 % interval of the difference (Newcombe 1998, method 10)."""
        seen, blind = interval(self.seen_same, self.seen), interval(self.blind_same, self.blind)
        if seen is None or blind is None or self.difference is None:
            return None
        one, other = self.seen_same / self.seen, self.blind_same / self.blind
        low = self.difference - ((one - seen[0]) ** 2 + (blind[1] - other) ** 2) ** 0.5
        high = self.difference + ((seen[1] - one) ** 2 + (other - blind[0]) ** 2) ** 0.5
        return low, high

    def told(self) -> str:
        """Return in a sentence whether suggestions seem to steer the coder."""
        if not self.enough or self.likely_range is None or self.difference is None:
            return (
                "Om förslagen styr kodaren går inte att säga: för lite underlag "
                f"({self.seen} avgjorda förslag, {self.blind} blinda ställen med förslag; minst {FEWEST} av varje)."
            )
        low, high = self.likely_range
        told = (
            f"Med förslaget framme blev koden densamma som programmets i {self.seen_same} fall av {self.seen} "
            f"({percent(self.seen_same / self.seen)}), utan att se det i {self.blind_same} av {self.blind} "
            f"({percent(self.blind_same / self.blind)})"
        )
        if low > 0:
            return f"{told}: förslagen verkar styra kodaren."
        if high < 0:
            return f"{told}: inget tyder på att förslagen styr, snarare tvärtom."
        return f"{told}: skillnaden kan vara en slump."
