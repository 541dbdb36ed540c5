"""Deciding: what a decision is about, found and checked against the study before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from intervjukit.boards import Who
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.placing import place_quote
from intervjukit.core.transcript import Transcript
from intervjukit.errors import Fault, FaultyFileError, IntervjukitError, NotFoundError
from intervjukit.formats.intake import by_source, only_transcript
from intervjukit.storage.store import Store

DECIDED = {"accepted": "godtaget", "changed": "godtaget med ändring", "rejected": "avvisat"}
"""What became of a suggestion, by its status."""


class Deciding:
    """The codings and suggestions that decisions are about; it reads and checks, the study saves."""

    def __init__(self, store: Store, who: Who, codebook: Callable[[], Codebook]) -> None:
        """Read from ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook = store, who, codebook

    def coding(self, number: int) -> Coding:
        """Return a coding of the study. Raises NotFoundError."""
        found = self._store.codings(id=number)
        if not found:
            raise NotFoundError(f"Kodning {number} finns inte.", fix="Se kodningarna med intervjukit codings.")
        return found[0]

    def open_suggestion(self, number: int) -> Suggestion:
        """Return a suggestion nobody has decided on. Raises NotFoundError."""
        found = self._store.suggestions(id=number)
        if not found:
            raise NotFoundError(f"Förslag {number} finns inte.", fix="Se förslagen med intervjukit suggestions.")
        if found[0].status != "open":
            raise NotFoundError(
                f"Förslag {number} är redan {DECIDED[found[0].status]}.",
                fix="Ångra beslutet först, om det var fel.",
            )
        return found[0]

    def new(
        self,
        transcript: Transcript,
        quote: str,
        code: str,
        facets: Mapping[str, str],
        span: tuple[int, int] | None = None,
    ) -> Coding:
        """Return a coding of a quote, checked and not saved. Raises RuleError and NotFoundError."""
        place, book = place_quote(transcript, quote, span), self._codebook()
        return replace(place, code=book.code(code).id, facets=book.check_facets(facets), coder=self._who())

    def moved(self, coding: Coding, span: tuple[int, int]) -> Coding:
        """Return the coding at another place in the same interview. Raises RuleError."""
        transcript = self._store.interviews.all(id=coding.transcript)[0]
        quote = transcript.text[max(0, span[0]) : max(0, span[1])]
        place = self.new(transcript, quote, coding.code, coding.facets, span)
        return replace(coding, start=place.start, end=place.end, quote=place.quote)

    def from_file(self, path: Path, interviews: Sequence[Transcript]) -> list[Coding]:
        """Return the codings of a CSV file, not saved.

        Raises FaultyFileError with every faulty line; what is wrong in the same way on several is told once.
        """
        from intervjukit.formats.decisions import read_decisions

        self._who()
        transcripts = by_source(interviews)
        codings: list[Coding] = []
        faulty: dict[tuple[str, str], list[int]] = {}
        for row in read_decisions(path):
            try:
                transcript = only_transcript(transcripts, row.source)
                codings.append(self.new(transcript, row.quote, row.code, row.facets))
            except IntervjukitError as error:
                faulty.setdefault((error.problem, error.fix), []).append(row.line)
        if faulty:
            raise FaultyFileError(path.name, [_fault(path.name, *told, lines) for told, lines in faulty.items()])
        return codings


def _fault(file: str, problem: str, fix: str, lines: Sequence[int]) -> Fault:
    """Return what is wrong on these lines as one fault, at the first of them."""
    told = f"{problem.removesuffix('.')} ({len(lines)} rader)." if len(lines) > 1 else problem
    return Fault(file, lines[0], told, fix)
