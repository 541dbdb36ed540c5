"""Commands that write the study in plain forms: export-codings and export-archive."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import PATH, folder_argument, force_option, new_file, opened
from intervjukit.cli.terminal import counted, say


@click.command(
    help="Skriv alla kodningar till CSV (för Excel) eller Parquet (för R och Python).\n\n"
    "En rad per kodning: person, grupp, fråga, kod, facetter, kodare, citatet och orden före och efter."
)
@folder_argument
@click.argument("file", metavar="FIL.csv", type=PATH, callback=new_file(".csv", ".parquet"))
@force_option
def export_codings(folder: Path, file: Path) -> None:
    """Write the codings with their context."""
    with opened(folder) as study:
        number = study.archive.codings(file)
    say(f"Skrev {counted(number, 'kodning', 'kodningar')} till {file}.")


@click.command(
    help="Skriv hela studien till en zip för arkivering, till exempel hos Svensk nationell datatjänst (SND).\n\n"
    "Tabeller som CSV, intervjuerna som ren text, guider, kodbok, en lista som förklarar varje kolumn på svenska "
    "och engelska, och kontrollsummor. Samma studie ger samma fil. Intervjuer kan innehålla personuppgifter: "
    "bestäm villkoren för åtkomst innan filen lämnas ut."
)
@folder_argument
@click.argument("file", metavar="FIL.zip", type=PATH, callback=new_file(".zip"))
@force_option
def export_archive(folder: Path, file: Path) -> None:
    """Write the whole study for an archive."""
    with opened(folder) as study:
        entries = study.archive.whole(file)
    say(f"Skrev {counted(len(entries), 'fil', 'filer')} till {file}. Börja med README.txt i den.")
    say("Intervjuerna kan innehålla personuppgifter: bestäm villkoren för åtkomst innan du lämnar ut filen.")
