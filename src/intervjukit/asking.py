"""How a study's questions are put: its guides' own words, and what the bank of utterances has heard."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from intervjukit.core.alignment import Aligner
from intervjukit.core.coverage import AlsoAsked
from intervjukit.core.wordings import Wordings
from intervjukit.storage.store import Store


def wordings_of(store: Store) -> Wordings:
    """Return what the study's questions sound like; the bank that comes with the kit helps where ids are the same.

    What a bank has heard is kept: of the kit's bank in the user's own cache folder, of any other beside the study.
    """
    from intervjukit.formats.intake import is_shipped, shipped_bank

    bank = tuple((store.banks() or shipped_bank()[1]).values())
    return _learned(tuple(store.guides()), bank, None if is_shipped(bank) else store.database.path.parent)


@lru_cache(maxsize=4)
def _learned(guides: tuple[str, ...], bank: tuple[str, ...], cache: Path | None) -> Wordings:
    from intervjukit.formats.banks import heard_in
    from intervjukit.formats.intake import parsed_guide
    from intervjukit.nlp.wordings import LearnedWordings, Listened

    return LearnedWordings([parsed_guide(guide) for guide in guides], Listened.kept(bank, heard_in, cache))


def also_asked(store: Store) -> AlsoAsked:
    """Return the function that finds a second question in what an interviewer says."""
    from intervjukit.formats.intake import parsed_guide

    wordings = wordings_of(store)
    aligners = {guide.group: Aligner(guide, wordings) for guide in map(parsed_guide, store.guides())}

    def also(group: str, said: str, question: str, among: set[str]) -> str:
        return aligners[group].asked_too(said, question, among)

    return also
