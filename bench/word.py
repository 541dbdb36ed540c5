"""How quick Word files are written and looked through: a long appendix, the whole report, the accessibility audit.

    python bench/word.py [--rows 2000]

Everything is invented text. CPU seconds of this process, and the most memory it has held so far.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from intervjukit.export.accessibility import review
from intervjukit.export.word import Column, WordFile
from intervjukit.formats.library import example
from intervjukit.study import Study

QUOTE = "”Jag ringde tre gånger och fick olika svar varje gång, så till slut slutade jag fråga.” S01"


def timed(name: str, work: Callable[[], object]) -> None:
    """Do it once and print what it took."""
    before = time.process_time()
    work()
    took = time.process_time() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    print(f"{name:44s} {took:6.2f} CPU s {most:7.0f} MB")


def appendix(path: Path, rows: int) -> None:
    """Write a table of six columns over a landscape section."""
    word = WordFile("Bilaga", "Prov")
    word.heading("Bilaga 1. Alla fynd")
    word.section(landscape=True)
    columns = [Column(f"Kolumn {n}", 3 + n, number=n == 3) for n in range(6)]
    word.table("Fynd", columns, ([f"rad {n}", "Vården", "Chefer", "6 av 9", "Majoriteten", QUOTE] for n in range(rows)))
    word.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed(f"appendix of {rows} rows, written", lambda: appendix(folder / "bilaga.docx", rows))
        timed(f"appendix of {rows} rows, audited", lambda: review(folder / "bilaga.docx"))
        place = example("halsoflodet")
        with Study.create(folder / "s", protocols="halsoflodet", codebook="halsoflodet", coder="MK") as study:
            study.add_transcripts(place / "intervjuer")
            study.add_codings(place / "kodningar.csv")
            study.swot.draft()
            study.measures.draft()
            for profile in ("full", "bilagor", "styrgrupp", "bar"):
                path = folder / f"{profile}.docx"
                timed(f"example study, profile {profile}", lambda p=path, f=profile: study.report(p, profile=f))  # type: ignore[misc]
        timed("full report, audited", lambda: review(folder / "full.docx"))


if __name__ == "__main__":
    main()
