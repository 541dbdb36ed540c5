"""A coder's decisions as CSV: file or respondent, quote, code and facets, one row per coding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intervjukit.errors import Fault, FaultyFileError, FileError
from intervjukit.formats.decoding import decode

_NEEDED = ("quote", "code")
_FORMULA = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One row: ``source`` is the transcript's file name, or the respondent's code; ``line`` as in the file."""

    line: int
    source: str
    quote: str
    code: str
    facets: Mapping[str, str]


def read_decisions(path: Path) -> list[DecisionRow]:
    """Return the rows of a decisions file; comma or semicolon, UTF-8 or what Excel writes.

    Columns: ``file`` or ``respondent``, ``quote``, ``code``, and one per facet (valence, party, phase).
    Raises FaultyFileError with every faulty line.
    """
    if not path.is_file():
        raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
    text, _ = decode(path.read_bytes(), path.name)
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    names = [name.strip().lower() for name in next(reader)]
    missing = [name for name in _NEEDED if name not in names]
    if missing or not {"file", "respondent"} & set(names):
        need = ", ".join(missing or ["file eller respondent"])
        raise FaultyFileError(
            path.name,
            [Fault(path.name, 1, f"Kolumnen {need} saknas.", "Se första raden i exempelstudiens fil.")],
        )
    rows, faults = [], []
    for values in reader:
        line = reader.line_num
        if not any(values):
            continue
        if len(values) != len(names):
            faults.append(
                Fault(
                    path.name,
                    line,
                    f"Raden har {len(values)} fält, inte {len(names)}.",
                    "Sätt citat om texten.",
                )
            )
            continue
        row = dict(zip(names, (value.strip() for value in values), strict=True))
        source = row.pop("file", "") or row.get("respondent", "")
        row.pop("respondent", None)
        quote, code = row.pop("quote"), row.pop("code")
        rows.append(DecisionRow(line, source, quote, code, {key: value for key, value in row.items() if value}))
    if faults:
        raise FaultyFileError(path.name, faults)
    return rows


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table that Swedish Excel opens right: semicolons, UTF-8 with a mark, no cell a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_safe(value) for value in row])


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
