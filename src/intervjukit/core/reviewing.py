"""In which order suggestions are best decided on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from intervjukit.core.coding import Suggestion

BATCH = 20
"""Decisions between two times the suggester learns; the order is made for so many at a time."""
_LOOKED_AT = 5 * BATCH
_AGAIN = {"transcript": 0.7, "code": 0.85, "group": 0.93}
"""How much less a suggestion is worth for each of the same kind already in the batch: an interview repeats itself."""
_LEAST = 0.3
"""Spread never brings forward what is less than this share as likely: nobody should turn down rarities in a row."""


def review_order(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions in the order they are most useful to decide on.

    Likely ones first: each is then a coding won by one key, and they teach the suggester what a yes looks like,
    which it has fewest examples of. But spread: within each batch a suggestion counts for less the more have been
    taken of its interview, its code and its group. Ten in a row from one person teach how that person speaks; ten
    from as many people teach the code, so the next batch is better for all. Small groups come in early for the same
    reason. Suggestions on one place follow each other, as they are decided on together.

    The order depends on nothing but the suggestions, so it is the same in every tab and after a restart.
    """
    left: dict[tuple[int, int, int], list[Suggestion]] = {}
    for suggestion in sorted(suggestions, key=lambda s: (-s.score, s.transcript, s.start, s.end, s.code)):
        left.setdefault((suggestion.transcript, suggestion.start, suggestion.end), []).append(suggestion)
    places = list(left.values())
    ordered: list[Suggestion] = []
    while places:
        batch = list(_batch(places[:_LOOKED_AT]))
        taken = {id(place) for place in batch}
        places = [place for place in places if id(place) not in taken]
        ordered += [suggestion for place in batch for suggestion in place]
    return ordered


def _batch(places: list[list[Suggestion]]) -> Iterator[list[Suggestion]]:
    """Yield the places of one batch, the most useful first; ``places`` are by falling score."""
    seen: Counter[tuple[str, object]] = Counter()

    def worth(place: list[Suggestion]) -> float:
        less = 1.0
        for name, again in _AGAIN.items():
            less *= again ** seen[name, getattr(place[0], name)]
        return place[0].score * max(_LEAST, less)

    rest = list(places)
    for _ in range(min(BATCH, len(rest))):
        best = max(rest, key=worth)  # of equals the first, which is the likelier
        rest.remove(best)
        seen.update((name, getattr(best[0], name)) for name in _AGAIN)
        yield best
