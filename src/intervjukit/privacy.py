"""Privacy: a respondent who withdraws disappears from every table, the history and the study's own files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intervjukit.boards import Who
from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Transcript, nearest_respondent
from intervjukit.errors import NotFoundError
from intervjukit.formats.intake import parsed_codebook
from intervjukit.storage.store import Store

_COPIES = ("*.bak", "*.part", "*.npz")
"""Files the program itself puts beside a study: copies from before an update, and what it can learn anew."""
_RUN = 7
"""How many words in a row are the respondent's own, wherever they stand."""
_EXAMPLE = 4
"""How many words an example in the code book must have to be somebody's, when the same words are in the interview."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What goes, or has gone, with a respondent.

    ``sources`` are the names of the files the interviews were read from and ``removed`` the copies in the study's
    folder that go too. ``left`` says in Swedish where people have written the respondent's words themselves, and
    ``others`` names what else lies in the folder: both stay, for a person to look at. ``complete`` is False while
    somebody else has the study open.
    """

    respondent: str
    interviews: int
    codings: int
    memos: int
    sources: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]
    others: tuple[str, ...]
    complete: bool = True


class Privacy:
    """What a study owes those who were interviewed."""

    def __init__(self, store: Store, who: Who, folder: Path) -> None:
        """Work on ``store`` for the coder ``who()``; the study lies in ``folder``."""
        self._store, self._who, self._folder = store, who, folder

    def __repr__(self) -> str:
        return "<Integritet: study.privacy.withdraw(…) tar bort en person helt>"

    def of(self, respondent: str) -> Withdrawn:
        """Return what would go with a respondent; nothing is changed. Raises NotFoundError."""
        interviews = self._store.interviews.all(respondent=respondent)
        known = self._store.interviews.facts(respondent)
        drafts = self._store.drafts.all(respondent=respondent)
        if not (interviews or known or drafts):
            near = nearest_respondent(respondent, (row.respondent for row in self._store.interviews.tallies()))
            raise NotFoundError(
                f"{respondent} finns inte i studien.",
                fix=f"Menade du {near}?" if near else "Se personerna med intervjukit respondents.",
            )
        numbers = {each.id for each in interviews}
        codings = [coding for coding in self._store.codings() if coding.transcript in numbers]
        about = {("respondent", respondent), *(("transcript", str(number)) for number in numbers)}
        about |= {("coding", str(coding.id)) for coding in codings}
        memos = [memo for memo in self._store.boards.memos() if (memo.target, memo.target_id) in about]
        return Withdrawn(
            respondent,
            len(interviews),
            len(codings),
            len(memos),
            tuple(dict.fromkeys(each.source for each in interviews if each.source)),
            tuple(file.name for file in self._copies()),
            tuple(self._left(interviews, {memo.id for memo in memos})),
            tuple(self._others()),
        )

    def withdraw(self, respondent: str) -> Withdrawn:
        """Remove a respondent for ever: interviews, codings, memos, drafts, and all traces of them in the history.

        What others said stays, and what was decided on it can still be undone. It cannot be undone itself. Raises
        NotFoundError.
        """
        from intervjukit.storage.withdrawing import traces_of, withdraw

        what = "Tog bort en person ur studien, med alla spår"
        with self._store.database.writing(), self._store.journal.log(self._who(), "withdraw", what) as decision:
            told = self.of(respondent)
            traces = traces_of(decision.connection, respondent)
            withdraw(decision, traces, _without_words([squeeze(text) for text in traces.texts]))
        for file in self._copies():
            file.unlink(missing_ok=True)
        return replace(told, complete=self._store.database.write_over())

    def _copies(self) -> Iterator[Path]:
        return (file for pattern in _COPIES for file in sorted(self._folder.glob(pattern)) if file.is_file())

    def _others(self) -> Iterator[str]:
        """Yield the names of files in the study's folder that are neither the study nor its copies."""
        own = {*self._copies(), *self._folder.glob(f"{self._store.database.path.name}*")}
        return (str(file.relative_to(self._folder)) for file in sorted(self._folder.rglob("*")) if _other(file, own))

    def _left(self, interviews: list[Transcript], memos: set[int]) -> Iterator[str]:
        """Yield where people have written words of the interviews, besides the memos that go."""
        said = {run for each in interviews for turn in each.answers() for run in _runs(each.turn_text(turn))}
        boards = self._store.boards
        written: Mapping[str, str] = {
            **{f"anteckning {memo.id}": memo.text for memo in boards.memos() if memo.id not in memos},
            **{f"rad {item.id} i SWOT": item.text for item in boards.swot_items()},
            **{f"åtgärd {each.id}": f"{each.text} {each.follow_up}" for each in boards.measures()},
            "kodboken": _without_words([squeeze(each.text) for each in interviews])(self._store.codebook_yaml()),
        }
        return (place for place, text in written.items() if said.intersection(_runs(text)))


def _other(file: Path, own: set[Path]) -> bool:
    return file.is_file() and file not in own


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of words that is long enough to be somebody's own."""
    words = text.casefold().split()
    return (tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _without_words(texts: list[str]) -> Callable[[str], str]:
    """Return what takes examples that stand in these texts out of a code book's YAML."""

    def clean(yaml: str) -> str:
        from intervjukit.formats.codebooks import codebook_yaml

        book = parsed_codebook(yaml)
        codes = tuple(
            replace(code, examples=tuple(one for one in code.examples if not _said(one.text, texts))) for code in book
        )
        return yaml if codes == book.codes else codebook_yaml(replace(book, codes=codes))

    return clean


def _said(example: str, texts: list[str]) -> bool:
    words = squeeze(example)
    return len(words.split()) >= _EXAMPLE and any(words in text for text in texts)
