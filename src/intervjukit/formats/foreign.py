"""Other programs' databases: opened so that nothing in them can be changed or run, and their places found by quotes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from intervjukit.core.exchange import ProjectNote, Target, new_guid
from intervjukit.core.text import Span
from intervjukit.errors import FileError
from intervjukit.formats.refi_offsets import (
    Convention,
    Places,
    Pointer,
    RawText,
    Rulers,
    by_quote,
    find_convention,
    says,
)

MOST_DATABASE = 2 << 30
_SQLITE = b"SQLite format 3\x00"
_BLANKS = 3
_STEP, _MOST_STEPS = 1_000_000, 5_000
"""Instructions between two looks at the clock, and looks before a query is stopped: minutes, never for ever."""


class Foreign:
    """A database of another program, to read and nothing else."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Read ``connection``, opened on ``path``."""
        self.path, self._connection = path, connection
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.tables = {str(row[0]) for row in found}

    def rows(self, table: str, *columns: str) -> list[dict[str, Any]]:
        """Return these columns of a table in the order of its rows; a column it lacks (an older version) is None."""
        if table not in self.tables:
            return []
        known = {str(row[1]) for row in self._connection.execute(f'PRAGMA table_info("{table}")')}
        wanted = [f'"{column}"' if column in known else "NULL" for column in columns]
        found = self._connection.execute(f'SELECT {", ".join(wanted)} FROM "{table}" ORDER BY rowid')
        return [dict(zip(columns, row, strict=True)) for row in found]


def is_database(path: Path) -> bool:
    """Return whether a file is an SQLite database."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


@contextmanager
def opened(path: Path, program: str) -> Iterator[Foreign]:
    """Give a program's database, opened read-only and immutable. Raises FileError.

    What is not yet written into it (the program is open, or was ended abruptly) would be missed: then it is refused.
    """
    if not is_database(path):
        raise FileError(f"{path.name} är ingen databas från {program}.", fix="Kontrollera att rätt fil valdes.")
    if path.stat().st_size > MOST_DATABASE:
        raise FileError(f"{path.name} är större än {MOST_DATABASE >> 30} GB.", fix="Dela upp projektet.")
    for ending in ("-wal", "-journal"):
        unsaved = path.with_name(path.name + ending)
        if unsaved.exists() and unsaved.stat().st_size:
            raise FileError(
                f"{path.name} har ändringar som {program} inte har sparat färdigt ({unsaved.name}).",
                fix=f"Öppna projektet i {program}, stäng det och försök igen.",
            )
    try:
        place = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(place, uri=True)) as connection:
            steps = iter(range(_MOST_STEPS))
            connection.set_progress_handler(lambda: next(steps, None) is None, _STEP)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            yield Foreign(path, connection)
    except (sqlite3.Error, UnicodeError) as error:
        raise FileError(
            f"{path.name} är skadad eller ingen databas från {program} ({error}).",
            fix=f"Öppna projektet i {program} och spara en ny kopia.",
        ) from error


def placed(
    texts: Mapping[str, RawText], names: Mapping[str, str], pointers: Sequence[Pointer], program: str
) -> tuple[list[Span | None], list[str]]:
    """Return where each selection is in its normalised text, None when it is nowhere, and remarks in Swedish.

    The way the program counts is found by the words it keeps beside the numbers; where they still do not stand
    there, the words tell the place.
    """
    rulers = Rulers(texts)
    verdict = find_convention(rulers, pointers, Convention())
    remarks = [verdict.sentence] if verdict.sentence else []
    found: list[Span | None] = []
    mended = 0
    for pointer in pointers:
        ruler = rulers.of(pointer.source, verdict.convention)
        span = ruler.place(pointer)
        if pointer.name.strip() and not (span and says(ruler.text, span, pointer.name)):
            other = by_quote(rulers, pointer, verdict.convention)
            mended += other is not None
            ruler, span = other or (ruler, None)
        if span is None:
            remarks.append(
                f"Kodningen {pointer.start}–{pointer.end} i ”{names[pointer.source]}” (”{pointer.name[:60]}”) går inte "
                f"att placera i texten och följde inte med."
            )
            found.append(None)
            continue
        span = _to_the_letter(ruler.text, span, pointer.name)
        places = Places(ruler.text, span)
        found.append(Span(places[span.start], places[span.end]))
    if mended:
        noun = "kodning" if mended == 1 else "kodningar"
        remarks.append(f"{mended} {noun} placerades efter citatet, eftersom {program}s tal pekade fel.")
    return found, remarks


def _to_the_letter(text: str, span: Span, name: str) -> Span:
    """Return the place where just these words stand, if it is at most some blanks from ``span``."""
    at = text.find(name, max(0, span.start - _BLANKS), span.end + _BLANKS) if name else -1
    return Span(at, at + len(name)) if at >= 0 else span


def note(text: object, target: Target, about: str, *parts: object, user: str = "", at: str = "") -> list[ProjectNote]:
    """Return a memo in a list, [] when there are no words in it; ``parts`` make its guid."""
    words = str(text or "").strip()
    return [ProjectNote(new_guid("anteckning", *parts), words, target, about, user, at)] if words else []
