"""A coder's decisions as CSV: file or respondent, quote, code and facets, one row per coding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from intervjukit.errors import Fault, FaultyFileError, FileError
from intervjukit.formats.decoding import decode, read_bytes

_NEEDED = ("quote", "code")
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


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
    text, _ = decode(read_bytes(path), path.name)
    lines = text.lstrip("\n").split("\n")
    skipped = text[: len(text) - len(text.lstrip("\n"))].count("\n")
    if lines[0].strip().lower().startswith("sep="):  # Excel's own note on the separator
        skipped, lines = skipped + 1, lines[1:] or [""]
    separator = ";" if lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    rows, faults = [], []
    try:
        names = [name.strip().lower() for name in next(reader)]
        if told := _faulty_header(names):
            raise FaultyFileError(path.name, [Fault(path.name, skipped + 1, *told)])
        after = reader.line_num
        for values in reader:
            line, after = skipped + after + 1, reader.line_num
            if not any(value.strip() for value in values):
                continue
            row = dict(zip(names, (_unsafe(value) for value in values), strict=False))
            if told := _faulty_row(names, values, row):
                faults.append(Fault(path.name, line, *told))
            else:
                rows.append(_decision(line, row))
    except csv.Error as error:
        told = ("Raden går inte att läsa; ett citattecken är troligen inte stängt.", "Rätta citattecknen.")
        raise FaultyFileError(path.name, [*faults, Fault(path.name, skipped + reader.line_num, *told)]) from error
    if faults:
        raise FaultyFileError(path.name, faults)
    return rows


def _faulty_header(names: Sequence[str]) -> tuple[str, str] | None:
    missing = [name for name in _NEEDED if name not in names]
    if missing or not {"file", "respondent"} & set(names):
        need = ", ".join(missing or ["file eller respondent"])
        return f"Kolumnen {need} saknas.", "Jämför med första raden i exempelstudiens kodningar.csv."
    if doubled := next((name for name in names if names.count(name) > 1), None):
        return f"Kolumnen ”{doubled}” finns två gånger.", "Ta bort den ena."
    return None


def _faulty_row(names: Sequence[str], values: Sequence[str], row: Mapping[str, str]) -> tuple[str, str] | None:
    if len(values) != len(names):
        return f"Raden har {len(values)} fält, inte {len(names)}.", "Sätt citattecken om texten."
    if not row.get("file") and not row.get("respondent"):
        return "Raden säger inte vilken intervju den gäller.", "Fyll i file eller respondent."
    if empty := next((name for name in _NEEDED if not row[name]), None):
        return f"Raden saknar {empty}.", "Fyll i fältet."
    return None


def _decision(line: int, row: Mapping[str, str]) -> DecisionRow:
    kept = ("file", "respondent", *_NEEDED)
    facets = {name: value for name, value in row.items() if value and name not in kept}
    return DecisionRow(line, row.get("file") or row.get("respondent", ""), row["quote"], row["code"], facets)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table that Swedish Excel opens right: semicolons, decimal commas, UTF-8 with a mark, no formulas.

    Text that Excel would take for a formula gets an apostrophe before it. Raises FileError.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            for row in chain((header,), rows):
                writer.writerow([_safe(value) for value in row])
    except OSError as error:
        raise FileError(
            f"Filen {path} går inte att skriva.", fix="Stäng den i Excel, eller välj en annan mapp."
        ) from error


def _safe(value: object) -> str:
    """Return a cell's text: numbers as Swedish Excel reads them, anything like a formula as plain text."""
    if value is None or value != value:  # nothing, or not a number
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    return text if isinstance(value, int) or not text.startswith(_FORMULA) else f"'{text}"


def _unsafe(value: str) -> str:
    """Return a cell as it was before `write_table` made it safe."""
    value = value.strip()
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA) else value
