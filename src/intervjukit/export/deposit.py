"""A whole study as a zip that anybody can read in fifty years: CSV, plain text, YAML and a data dictionary.

The same study gives the same bytes: entries in order, no time of writing, one compression.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intervjukit.core.dictionary import TABLES, meaning
from intervjukit.core.whole import whole_file

_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: what does not change cannot differ."""
_FORMULA = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the archive: its columns and rows; cells are text, numbers or nothing."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is archived: the study's name, when it was last changed, its tables, and files by their path."""

    name: str
    changed: str
    tables: Sequence[Table]
    files: Mapping[str, str]
    facets: Mapping[str, str]


def write_deposit(deposit: Deposit, path: Path) -> list[str]:
    """Write the archive and return the names of its entries; complete or not there. Raises FileError."""
    entries = {f"data/{table.name}.csv": _csv(table.columns, table.rows) for table in deposit.tables}
    entries |= {f"{name}": text for name, text in deposit.files.items()}
    entries["data/dictionary.csv"] = _dictionary(deposit)
    entries["README.txt"] = _readme(deposit)
    written = {name: entries[name].encode() for name in sorted(entries)}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in written.items())
    with whole_file(path) as part, zipfile.ZipFile(part, "w") as archive:
        for name, data in {**written, "checksums.sha256": sums.encode()}.items():
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)
    return [*written, "checksums.sha256"]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    """Return a cell's text: a point in numbers, lists with | between, nothing that a spreadsheet would reckon out."""
    if value is None or value != value:
        return ""
    if isinstance(value, list | tuple):
        return _cell(" | ".join(map(str, value)))
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _dictionary(deposit: Deposit) -> str:
    rows: list[tuple[object, ...]] = []
    for table in deposit.tables:
        about = TABLES[table.name]
        rows.append((f"{table.name}.csv", "", len(table.rows), about.swedish, about.english))
        for column in table.columns:
            told = meaning(column, deposit.facets)
            rows.append((f"{table.name}.csv", column, "", told.swedish, told.english))
    return _csv(("file", "column", "rows", "beskrivning", "description"), rows)


def _readme(deposit: Deposit) -> str:
    number = {table.name: len(table.rows) for table in deposit.tables}
    counts = f"{number['respondents']} personer, {number['transcripts']} texter, {number['codings']} kodningar"
    english = f"{number['respondents']} respondents, {number['transcripts']} texts, {number['codings']} codings"
    return f"""{deposit.name}
{"=" * len(deposit.name)}

Studien som den var {deposit.changed[:10]}: {counts}.
Skriven av Intervjukit.

Innehåll
  data/              tabeller som CSV: UTF-8, kommatecken mellan fälten, decimalpunkt, datum enligt ISO 8601
  data/dictionary.csv  vad varje tabell och kolumn betyder, på svenska och engelska
  texts/             intervjuerna som ren text (UTF-8), en fil per person och omgång
  guides/            intervjuguiderna, i YAML
  codebook.yaml      kodboken med definitioner, gränser och exempel
  checksums.sha256   kontrollsummor; pröva med: sha256sum -c checksums.sha256

Så läser du kodningarna: kolumnerna start och end räknar Unicode-tecken från textens början, och slutet ingår inte.
I Python är text[start:end] citatet; i R substr(text, start + 1, end).
En apostrof står först i text som ett kalkylprogram annars skulle ta för en formel (=, +, -, @).

Innan du lämnar ut materialet: texterna är intervjuer och kan innehålla personuppgifter, även om personerna har
koder i stället för namn. Nyckeln mellan kod och namn finns inte här. Ange villkoren för åtkomst hos arkivet.

Så citerar du: [upphov] ([år]). {deposit.name} [datamängd]. [arkiv]. [DOI]

--- In English ---

The study as of {deposit.changed[:10]}: {english}. Written by Intervjukit.
Tables are CSV (UTF-8, commas, decimal points, ISO 8601); data/dictionary.csv explains every table and column.
texts/ holds the interviews as plain text, guides/ the interview guides and codebook.yaml the code book.
Codings: start and end count Unicode code points from the start of the text, end exclusive (Python: text[start:end]).
An apostrophe precedes text that a spreadsheet would take for a formula. Check the files with: sha256sum -c
checksums.sha256. The texts may hold personal data although respondents have codes instead of names; the key is not
here. Cite as: [creator] ([year]). {deposit.name} [data set]. [archive]. [DOI]
"""
