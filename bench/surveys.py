"""Times a survey of 5,000 rows and 20 columns taken in: CPU seconds and peak memory, imports included.

Run: python bench/surveys.py [rows]
The respondents are invented; a third of the columns are scales, two are open questions.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

ROWS = 5_000
OPEN = ("Vad har dragit ut på tiden under din sjukskrivning?", "Vad hade kunnat göra din väg lättare?")
WORDS = "kön till vården var lång och ingen ringde men kuratorn gav mig tid när chefen hörde av sig till slut".split()


def written(rows: int, path: Path) -> None:
    """Write a workbook or, by its ending, what Swedish Excel saves as CSV."""
    rng = random.Random(20260101)
    heads = [
        "Löpnummer",
        "Datum",
        *OPEN,
        *(f"Påstående {n} (1-6)" for n in range(1, 9)),
        *(f"Val {n}" for n in range(8)),
    ]
    table = [heads]
    for number in range(1, rows + 1):
        said = [" ".join(rng.choices(WORDS, k=rng.randint(0, 40))) or None for _ in OPEN]
        marks = [rng.choice((1, 2, 3, 4, 5, 6, None)) for _ in range(8)]
        chosen = [rng.choice(("Ja", "Nej", "Vet inte")) for _ in range(8)]
        table.append([number, f"2026-03-{number % 28 + 1:02}", *said, *marks, *chosen])
    if path.suffix == ".csv":
        lines = (";".join("" if cell is None else str(cell) for cell in row) for row in table)
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Svar")
    for row in table:
        sheet.append(row)
    book.save(path)


def take_in(file: Path, work: Path) -> str:
    """Take a file into a new study and return what became of it."""
    from intervjukit import Study

    Study.create(work, protocols="halsoflodet", codebook="halsoflodet").close()
    begun = time.process_time()
    with Study.open(work, coder="bench") as study:
        survey = study.surveys.add(file, group="sjukskrivna")
        added = time.process_time()
        scales = len(study.surveys.scales())
    took = f"taken in {added - begun:.1f}, table of {scales} scales {time.process_time() - added:.1f} CPU s"
    return f"{len(survey.answers)} answers: {took}"


def main() -> None:
    """Print what each kind of file costs, each in a process of its own."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".xlsx", ".csv"):
            file, before = Path(folder) / f"svar{ending}", resource.getrusage(resource.RUSAGE_CHILDREN)
            written(rows, file)
            own = [sys.executable, __file__, "--take-in", str(file), str(Path(folder) / ending[1:])]
            done = subprocess.run(own, capture_output=True, encoding="utf-8", check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{ending:6}{rows:>7} rows {cpu:>6.1f} CPU s {after.ru_maxrss // 1024:>5} MB  {done.stdout.strip()}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--take-in"]:
        print(take_in(Path(sys.argv[2]), Path(sys.argv[3])))
    else:
        main()
