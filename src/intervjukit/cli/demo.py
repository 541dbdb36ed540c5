"""The demo: the whole example study from files to a Word report, told step by step."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import PATH
from intervjukit.cli.tables import write_csv
from intervjukit.cli.terminal import called, counted, progress, say, shown
from intervjukit.errors import FileError

if TYPE_CHECKING:
    from intervjukit.study import Study

CODER = "exempel"
EXAMPLE = "halsoflodet"
NAME = "Hälsoflödet, påhittad exempelstudie"


@click.command(
    help="Kör exempelstudien från intervjuer till färdig rapport.\n\n"
    "Hälsoflödets 33 påhittade intervjuer med sju grupper läses in, kodas, räknas och blir en rapport i Word. "
    "Allt läggs i MAPP (annars intervjukit-demo här). Finns mappen redan lämnas den "
    "orörd, och en ny med nästa nummer görs."
)
@click.argument("folder", metavar="[MAPP]", required=False, default=Path("intervjukit-demo"), type=PATH)
def demo(folder: Path) -> None:
    """Make the example study and its report, saying what is done."""
    from intervjukit.formats.library import library
    from intervjukit.study import Study

    source = library("examples") / EXAMPLE
    if not source.is_dir():
        raise FileError("Exempelstudien följer inte med den här installationen.", fix="Installera om Intervjukit.")
    begun = time.perf_counter()
    folder = _free(folder)
    say(f"Exempelstudien Hälsoflödet i {folder}. Personer, platser och händelser är påhittade.\n")
    with _step("Kopierar intervjuerna"):
        shutil.copytree(source / "intervjuer", folder / "intervjuer")
        shutil.copy2(source / "kodningar.csv", folder / "kodningar.csv")
    with _step("Skapar studien med guider och kodbok"):
        study = Study.create(folder, protocols=EXAMPLE, codebook=EXAMPLE, name=NAME, coder=CODER)
    with study:
        _run(study, folder)
    say(f"\nKlart på {_seconds(time.perf_counter() - begun)}.")
    _tell_next(folder)


def _free(folder: Path) -> Path:
    """Return ``folder`` if nothing is there, otherwise the first free one with a number, and say so."""
    free, number = folder, 1
    while free.exists() and (not free.is_dir() or any(free.iterdir())):
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    if free != folder:
        say(f"{folder} finns redan och lämnas orörd; den nya studien läggs i {free}.")
    return free


@contextmanager
def _step(what: str) -> Iterator[list[str]]:
    """Say what is done, and when it is done how it went (what the block puts in the list) and its time."""
    begun = time.perf_counter()
    click.echo(f"{what} … ", nl=False)
    told: list[str] = []
    try:
        yield told
    except BaseException:
        click.echo()
        raise
    say(f"{', '.join([*told, ''])}{_seconds(time.perf_counter() - begun)}")


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s".replace(".", ",")


def _run(study: Study, folder: Path) -> None:
    with _step("Läser in intervjuerna") as told, progress() as line:
        added = study.add_transcripts(folder / "intervjuer", progress=line)
        told.append(counted(len(added.added), "intervju", "intervjuer"))
        told.append(f"{counted(added.doubts, 'tveksamhet', 'tveksamheter')} att titta på")
    with _step("Tar in en kodares beslut") as told:
        told.append(counted(study.add_codings(folder / "kodningar.csv"), "kodning", "kodningar"))
    with _step("Låter programmet föreslå kodningar") as told, progress() as line:
        told.append(counted(study.suggest(progress=line), "förslag", "förslag"))
    with _step("Räknar fynden och skriver dem för Excel") as told:
        frame = study.findings()
        write_csv(study, frame, folder / "fynd.csv")
        told.append(counted(len(frame), "fynd", "fynd"))
    with _step("Gör utkast till SWOT och åtgärder") as told:
        told.append(counted(study.swot.draft(), "rad", "rader"))
        told.append(counted(study.measures.draft(), "åtgärd", "åtgärder"))
    with _step("Skriver rapporten i Word"):
        study.report(folder / "rapport.docx")


def _tell_next(folder: Path) -> None:
    for name, what in (
        ("rapport.docx", "rapporten"),
        ("fynd.csv", "fynden, för Excel"),
        ("intervjuer", "intervjuerna som lästes in"),
        ("study.db", "studien själv"),
    ):
        say(f"  {folder / name}: {what}")
    start, place = called(), shown(folder)
    say(
        "\nProva sedan:\n"
        f"  {start} findings {place} --valence flaskhals --group chefer\n"
        f"  {start} contrasts {place}\n"
        f"  {start} suggestions {place} --least 0,6\n"
        f"  {start} doubts {place}\n"
        f"  {start} --help"
    )
