"""Archiving: the study in plain forms that anybody can read without the kit, now and later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.transcript import Transcript
from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError, IntervjukitError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.export.deposit import Table

_UNSAFE = re.compile(r"[^A-Za-zÅÄÖåäö0-9-]")
_TRANSCRIPT = ("id", "respondent", "group", "wave", "date", "minutes", "interviewer", "source", "words")
_TURN = ("seq", "role", "label", "question", "start", "end", "begins", "ends")
_QUESTION = ("section", "id", "kind", "text", "aim", "about", "follow_ups")


class Archive:
    """The study as plain files: codings as CSV or Parquet, and everything as a zip for an archive."""

    def __init__(self, store: Store, study: Any) -> None:
        """Read ``store``; ``study`` is a Study, which stands above this and cannot be named here."""
        self._store, self._study = store, study

    def __repr__(self) -> str:
        return "<Arkiv: .table() ger kodningarna med sammanhang, .codings(fil) och .whole(fil.zip) skriver>"

    def table(self) -> pd.DataFrame:
        """One row per coding with its context; columns as in analysis.quotes.codings_in_context."""
        from intervjukit.analysis.quotes import codings_in_context

        return codings_in_context(self._store.codings(), self._store.interviews.all(), self._study.codebook)

    def codings(self, path: Path | str) -> int:
        """Write the codings with their context as CSV (for Swedish Excel) or Parquet; return how many.

        The file is complete or not there. Raises FileError, and IntervjukitError when Parquet needs pyarrow.
        """
        path, frame = Path(path), self.table()
        with whole_file(path) as part:
            if path.suffix.lower() == ".parquet":
                _write_parquet(frame, part)
            elif path.suffix.lower() == ".csv":
                from intervjukit.formats.decisions import write_table

                write_table(part, [str(column) for column in frame], frame.itertuples(index=False, name=None))
            else:
                raise FileError(f"Filen {path} har fel ändelse.", fix="Låt namnet sluta på .csv eller .parquet.")
        return len(frame)

    def whole(self, path: Path | str) -> list[str]:
        """Write the whole study as a zip of CSV, texts, guides and a data dictionary; return its entries.

        The same study gives the same bytes. Open suggestions and the bank of utterances are left out: they are the
        program's. Raises FileError.
        """
        from intervjukit.export.deposit import Deposit, write_deposit

        path = Path(path)
        if path.suffix.lower() != ".zip":
            raise FileError(f"Filen {path} har fel ändelse.", fix="Låt namnet sluta på .zip.")
        transcripts = self._store.interviews.all()
        events = self._store.journal.events()
        facets = {facet.id: facet.name for facet in self._study.codebook.facets}
        files = {_text_name(transcript): transcript.text for transcript in transcripts}
        guides = zip(self._study.protocols, self._store.guides(), strict=True)
        files |= {f"guides/{group}.yaml": yaml for group, yaml in guides}
        files["codebook.yaml"] = self._store.codebook_yaml()
        changed = events[-1].at if events else ""
        tables = list(self._tables(transcripts))
        return write_deposit(Deposit(self._study.name, changed, tables, files, facets), path)

    def _tables(self, transcripts: Sequence[Transcript]) -> Iterable[Table]:
        """Yield every table of the archive."""
        from intervjukit.export.deposit import Table

        groups = {transcript.respondent: transcript.group for transcript in transcripts}
        yield Table("respondents", ("respondent", "group"), list(groups.items()))
        facts = {transcript.respondent: transcript.facts for transcript in transcripts}
        told = [(who, name, value) for who, own in facts.items() for name, value in own.items()]
        yield Table("attributes", ("respondent", "name", "value"), told)
        rows = [(*_values(each, _TRANSCRIPT), _text_name(each)) for each in transcripts]
        yield Table("transcripts", (*_TRANSCRIPT, "file"), rows)
        turns = [(each.respondent, each.wave, *_values(turn, _TURN)) for each in transcripts for turn in each.turns]
        yield Table("turns", ("respondent", "wave", *_TURN), turns)
        yield _of_frame("codings", self.table())
        yield from self._meanings()
        yield _of_frame("coverage", self._study.coverage())
        scales = [(scale.name, scale.low, scale.high) for scale in self._store.surveys.scales()]
        yield Table("scales", ("name", "low", "high"), scales)
        yield _of_frame("findings", self._study.findings().drop(columns=["quotes"]))
        yield _of_frame("swot", self._study.swot.table())
        yield _of_frame("measures", self._study.measures.table())
        yield _of_frame("memos", self._study.memos.table())
        columns = ("id", "at", "who", "action", "summary", "kind", "target")
        events = [_values(event, columns) for event in self._store.journal.events()]
        yield Table("history", columns, events)

    def _meanings(self) -> Iterable[Table]:
        """Yield the code book, its facets and the guides as tables."""
        from intervjukit.export.deposit import Table

        book = self._study.codebook
        codes = [
            (
                c.id,
                c.name,
                c.parent,
                c.definition,
                c.when,
                [f"{limit.condition} (→ {limit.instead})" for limit in c.limits],
            )
            for c in book
        ]
        yield Table("codebook", ("id", "name", "parent", "definition", "when", "when_not"), codes)
        values = [(facet.id, value.id, value.name) for facet in book.facets for value in facet.values]
        yield Table("facets", ("facet", "value", "name"), values)
        protocols: Mapping[str, Any] = self._study.protocols
        asked = [
            (group, section.id, *_values(question, _QUESTION[1:]))
            for group, guide in protocols.items()
            for section in guide.sections
            for question in section.questions
        ]
        yield Table("questions", ("group", *_QUESTION), asked)


def _text_name(transcript: Transcript) -> str:
    """Return where a text is put: no two alike, whatever signs the respondent's code has."""
    plain = _UNSAFE.sub("_", transcript.respondent)
    own = "" if plain == transcript.respondent else f"_{transcript.id}"
    wave = f"_omgang{transcript.wave}" if transcript.wave > 1 else ""
    return f"texts/{plain}{own}{wave}.txt"


def _values(thing: object, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(thing, name) for name in names)


def _of_frame(name: str, frame: Any) -> Table:
    from intervjukit.export.deposit import Table

    plain = frame.astype(object).where(frame.notna(), None)
    return Table(name, [str(column) for column in frame], list(plain.itertuples(index=False, name=None)))


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    if find_spec("pyarrow") is None:
        raise IntervjukitError(
            "Parquet kräver paketet pyarrow, som inte är installerat.",
            fix="Skriv CSV i stället, eller installera det med: pip install intervjukit[parquet]",
        )
    frame.to_parquet(path, engine="pyarrow", index=False)
