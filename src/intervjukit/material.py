"""Material: what a study holds as plain objects, for those who show it row by row and not as tables."""

from __future__ import annotations

from dataclasses import dataclass

from intervjukit.core.coding import Coding, Memo, Suggestion
from intervjukit.core.text import Span, find_words
from intervjukit.core.transcript import Doubt, Transcript
from intervjukit.errors import NotFoundError
from intervjukit.storage.store import Store


@dataclass(frozen=True, slots=True)
class Overview:
    """One interview without its text: its facts, how long it is, and how much is done and left on it.

    ``at`` is when it was read in,
    ``suggestions`` and ``doubts`` are the open ones, ``decided`` the suggestions somebody has decided on.
    """

    id: int
    respondent: str
    group: str
    wave: int
    date: str
    minutes: int | None
    interviewer: str
    source: str
    at: str
    words: int
    codings: int
    suggestions: int
    decided: int
    doubts: int


class Material:
    """The interviews, codings, suggestions and doubts of one study, read anew at every call."""

    def __init__(self, store: Store) -> None:
        """Read from ``store``."""
        self._store = store
        self._words: dict[tuple[int, str], int] = {}

    def interviews(self) -> list[Overview]:
        """Return one Overview per interview, by respondent and wave; quick, also for hundreds of long ones."""
        rows = self._store.interviews.tallies()
        unknown = {row.id: row.at for row in rows if (row.id, row.at) not in self._words}
        if unknown:  # a text read in never changes
            texts = self._store.interviews.texts(unknown)
            self._words.update(((number, unknown[number]), len(text.split())) for number, text in texts.items())
        return [Overview(**row._mapping, words=self._words.get((row.id, row.at), 0)) for row in rows]

    def transcript(self, number: int) -> Transcript:
        """Return the interview with this id. Raises NotFoundError."""
        if found := self._store.interviews.all(id=number):
            return found[0]
        raise NotFoundError(f"Intervju {number} finns inte i studien.", fix="Välj en intervju i listan.")

    def find(self, words: str) -> list[tuple[int, list[Span]]]:
        """Return where these words stand: (id of the interview, places in its text), by respondent and wave.

        Case does not matter, nor how many blanks are between the words; [] when nothing was written.
        """
        order = [row.id for row in self._store.interviews.tallies()]
        texts = self._store.interviews.texts(order)
        found = ((number, find_words(texts[number], words)) for number in order)
        return [(number, places) for number, places in found if places]

    def clauses(self, suggestion: Suggestion) -> list[Span]:
        """Return the clauses of the words that a suggestion is about, in order, as spans of the interview's text."""
        from intervjukit.nlp.sentences import clauses, sentences

        quote, start = suggestion.quote, suggestion.start
        its = (clause for sentence in sentences(quote) for clause in clauses(quote, sentence))
        return [Span(start + clause.start, start + clause.end) for clause in its]

    def memos(self, transcript: int) -> list[Memo]:
        """Return the remarks on one interview and on its codings, oldest first."""
        memos = [memo for memo in self._store.boards.memos() if memo.target in ("transcript", "coding")]
        about = {"transcript": {str(transcript)}}
        if any(memo.target == "coding" for memo in memos):
            about["coding"] = {str(coding.id) for coding in self.codings(transcript)}
        return [memo for memo in memos if memo.target_id in about.get(memo.target, ())]

    def recent_codes(self, coder: str, most: int = 6) -> list[str]:
        """Return the codes this coder has used, the latest first, at most ``most``."""
        return self._store.recent_codes(coder, most)

    def codings(self, transcript: int | None = None) -> list[Coding]:
        """Return the codings, of one interview when its id is given, by place."""
        return self._store.codings(**_narrowed(transcript=transcript))

    def coding(self, number: int) -> Coding:
        """Return one coding. Raises NotFoundError."""
        if found := self._store.codings(id=number):
            return found[0]
        raise NotFoundError(f"Kodning {number} finns inte.", fix="Någon kan ha tagit bort den; se historiken.")

    def suggestions(self, transcript: int | None = None, *, status: str | None = "open") -> list[Suggestion]:
        """Return the suggestions of that status (None for any), of one interview when its id is given."""
        return self._store.suggestions(**_narrowed(transcript=transcript, status=status))

    def suggestion(self, number: int) -> Suggestion:
        """Return one suggestion, decided or not. Raises NotFoundError."""
        if found := self._store.suggestions(id=number):
            return found[0]
        raise NotFoundError(f"Förslag {number} finns inte.", fix="Förslagen kan ha gjorts om; hämta dem på nytt.")

    def people(self) -> dict[str, int]:
        """Return the number of interviewed respondents per group, in the order of the guides."""
        return self._store.interviews.people()

    def doubts(self, transcript: int | None = None) -> list[tuple[int, Doubt]]:
        """Return the unsettled doubts with their numbers, of one interview when its id is given."""
        found = self._store.interviews.doubts(**_narrowed(transcript=transcript))
        return [(number, doubt) for number, _, doubt in found]


def _narrowed(**wanted: object) -> dict[str, object]:
    return {name: value for name, value in wanted.items() if value is not None}
