"""The command that makes suggestions on a whole table of answers, without a study."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click

from intervjukit.cli.options import PATH, force_option, new_file, write_whole
from intervjukit.cli.terminal import counted, progress, say
from intervjukit.errors import FileError


@click.command(
    help="Föreslå kodningar i en tabell med svar, till exempel öppna enkätsvar.\n\n"
    "FIL.csv har ett svar per rad i kolumnen text. Kolumnerna group, question (frågans id i guiden), asked (frågans "
    "ord) och id är frivilliga. UT.csv får en rad per förslag. Tabellen läses lite i taget och får vara hur lång som "
    "helst; ingen studie behövs och inget sparas i någon."
)
@click.argument("source", metavar="FIL.csv", type=PATH)
@click.argument("target", metavar="UT.csv", type=PATH, callback=new_file(".csv"))
@click.option("--codebook", metavar="KODBOK", default="halsoflodet", show_default=True, help="Kodbok: fil eller namn.")
@click.option(
    "--protocols", metavar="GUIDER", default="halsoflodet", show_default=True, help="Guider: mapp, fil eller namn."
)
@click.option("--group", metavar="GRUPP", default="", help="Gruppen som har svarat, när tabellen inte säger det.")
@click.option("--complete", is_flag=True, help="Visa nästan allt som kan kodas, inte bara det troligaste.")
@click.option(
    "--workers",
    metavar="ANTAL",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Hur många processer som delar på arbetet.",
)
@force_option
def suggest_table(
    source: Path, target: Path, codebook: str, protocols: str, group: str, complete: bool, workers: int
) -> None:
    """Make suggestions on a table and say how many."""
    from intervjukit.bulk import suggest_stream
    from intervjukit.formats.decisions import write_table

    number = 0

    def rows(first: Any, rest: Iterator[Any]) -> Iterator[tuple[object, ...]]:
        nonlocal number
        for frame in chain([first], rest):
            number += len(frame)
            yield from frame.itertuples(index=False, name=None)

    with progress() as line:
        made = suggest_stream(
            source,
            codebook=codebook,
            protocols=protocols,
            mode="complete" if complete else "economical",
            group=group,
            workers=workers,
            progress=line,
        )
        first = next(made, None)
        if first is None:
            raise FileError(f"{source} har inga rader.", fix="Ange en tabell med ett svar per rad.")
        write_whole(target, lambda part: write_table(part, list(first.columns), rows(first, made)))
    say(f"Skrev {counted(number, 'förslag', 'förslag')} till {target}.")
