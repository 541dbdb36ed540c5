"""How a study's questions are put: its guides' own words, and what the bank of utterances has heard."""

from __future__ import annotations

from functools import lru_cache

from intervjukit.core.alignment import Aligner
from intervjukit.core.coverage import AlsoAsked
from intervjukit.core.wordings import Wordings
from intervjukit.storage.store import Store


def wordings_of(store: Store) -> Wordings:
    """Return what the study's questions sound like; the bank that comes with the kit helps where ids are the same."""
    from intervjukit.formats.intake import shipped_bank

    return _learned(tuple(store.guides()), tuple((store.banks() or shipped_bank()[1]).values()))


@lru_cache(maxsize=4)
def _learned(guides: tuple[str, ...], bank: tuple[str, ...]) -> Wordings:
    from intervjukit.formats.banks import heard_in
    from intervjukit.formats.intake import parsed_guide

    return Wordings([parsed_guide(guide) for guide in guides], heard_in(bank))


def also_asked(store: Store) -> AlsoAsked:
    """Return the function that finds a second question in what an interviewer says."""
    from intervjukit.formats.intake import parsed_guide

    wordings = wordings_of(store)
    aligners = {guide.group: Aligner(guide, wordings) for guide in map(parsed_guide, store.guides())}

    def also(group: str, said: str, question: str, among: set[str]) -> str:
        return aligners[group].asked_too(said, question, among)

    return also
